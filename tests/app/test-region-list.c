/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The list behind the table: regions that live on from one snapshot to the next keep their items,
 * changes are told as small as they are, and an order stays whole while numbers move under it. */

#include <gtk/gtk.h>

#include "atlas-region-list.h"
#include "recording.h"

#define BASE 0x10000000u
#define PAGE 0x1000u
#define N_MANY 1000

/* What the list said of itself, added up. */
typedef struct
{
  guint n_signals, position, removed, added;
} Changes;

static void
items_changed_cb (GListModel *model, guint position, guint removed, guint added, gpointer data)
{
  Changes *changes = data;

  changes->n_signals++;
  changes->position = position;
  changes->removed = removed;
  changes->added = added;
}

static guint64
start_at (guint i)
{
  return BASE + (guint64) i * 16 * PAGE;
}

/* Regions at the places of @which, a bit each, @n_pages[i] long, their first @resident[i] pages in
 * memory. */
static AtlasSnapshot *
take (guint n, guint64 which, const guint *n_pages, const guint *resident)
{
  g_autoptr (Recording) recording = recording_new (TRUE);

  for (guint i = 0; i < n; i++)
    if ((which >> (i % 64)) & 1)
      recording_add (recording, start_at (i), n_pages ? n_pages[i] : 4, "rw-p", 0, "",
                     resident ? resident[i] : 0);
  return recording_take (recording);
}

static AtlasRegionItem *
get_item (gpointer list, guint position)
{
  AtlasRegionItem *item = g_list_model_get_item (G_LIST_MODEL (list), position);

  g_assert_nonnull (item);
  g_object_unref (item); /* the list keeps it */
  return item;
}

static guint64
get_start (gpointer list, guint position)
{
  return atlas_region_item_get_region (get_item (list, position))->start;
}

static void
test_identity (void)
{
  static const guint grown[] = { 4, 4, 9, 4, 4, 4 };
  g_autoptr (AtlasRegionList) list = atlas_region_list_new ();
  g_autoptr (AtlasSnapshot) before = take (6, 0x1f, NULL, NULL); /* places 0 to 4 */
  g_autoptr (AtlasSnapshot) after = take (6, 0x37, grown, NULL); /* 3 went, 5 came, 2 grew */
  Changes changes = { 0 };
  AtlasRegionItem *items[5];

  g_signal_connect (list, "items-changed", G_CALLBACK (items_changed_cb), &changes);
  atlas_region_list_update (list, before);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 5);
  g_assert_cmpuint (changes.added, ==, 5);
  for (guint i = 0; i < 5; i++)
    items[i] = get_item (list, i);

  changes = (Changes){ 0 };
  g_assert_true (atlas_region_list_update (list, after));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 5);
  g_assert_true (get_item (list, 0) == items[0]);
  g_assert_true (get_item (list, 1) == items[1]);
  g_assert_true (get_item (list, 2) == items[2]);
  g_assert_true (get_item (list, 3) == items[4]);
  g_assert_cmphex (get_start (list, 4), ==, start_at (5));
  g_assert_cmphex (atlas_region_item_get_region (items[2])->end, ==, start_at (2) + 9 * PAGE);

  /* From the first difference (place 3) to the last. */
  g_assert_cmpuint (changes.n_signals, ==, 1);
  g_assert_cmpuint (changes.position, ==, 3);
  g_assert_cmpuint (changes.removed, ==, 2);
  g_assert_cmpuint (changes.added, ==, 2);
}

static void
test_nothing_new (void)
{
  g_autoptr (AtlasRegionList) list = atlas_region_list_new ();
  g_autoptr (AtlasSnapshot) snapshot = take (6, 0x3f, NULL, NULL);
  Changes changes = { 0 };

  atlas_region_list_update (list, snapshot);
  g_signal_connect (list, "items-changed", G_CALLBACK (items_changed_cb), &changes);
  g_assert_false (atlas_region_list_update (list, snapshot));
  g_assert_cmpuint (changes.n_signals, ==, 0);

  atlas_region_list_update (list, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 0);
}

static void
test_find (void)
{
  g_autoptr (AtlasRegionList) list = atlas_region_list_new ();
  g_autoptr (AtlasSnapshot) snapshot = take (6, 0x2b, NULL, NULL);

  atlas_region_list_update (list, snapshot);
  g_assert_true (atlas_region_list_find (list, start_at (3)) == get_item (list, 2));
  g_assert_null (atlas_region_list_find (list, start_at (2)));
  g_assert_null (atlas_region_list_find (list, start_at (3) + PAGE));
  g_assert_null (atlas_region_list_find (list, G_MAXUINT64));
}

static void
assert_name (AtlasRegionItem *item, const char *expected)
{
  g_autofree char *name = atlas_region_item_format (item, ATLAS_REGION_KEY_NAME);

  g_assert_cmpstr (name, ==, expected);
}

static void
test_names (void)
{
  g_autoptr (AtlasRegionList) list = atlas_region_list_new ();
  g_autoptr (AtlasSnapshot) before = take (3, 0x3, NULL, NULL);
  g_autoptr (AtlasSnapshot) after = take (3, 0x7, NULL, NULL);
  AtlasLabelsBuilder *builder = atlas_labels_builder_new ();
  g_autoptr (AtlasLabels) labels = NULL;

  for (guint i = 0; i < 3; i += 2)
    {
      const char short_name[] = { (char) ('a' + i), '\0' };

      atlas_labels_builder_add (builder, start_at (i) + 16, start_at (i) + 4 * PAGE, "a malloc",
                                short_name);
    }
  labels = atlas_labels_builder_end (builder);
  atlas_region_list_update (list, before);
  assert_name (get_item (list, 0), "anonymous mmap");
  g_assert_true (atlas_region_list_set_labels (list, labels));
  g_assert_false (atlas_region_list_set_labels (list, labels));
  assert_name (get_item (list, 0), "a malloc · anonymous mmap");
  assert_name (get_item (list, 1), "anonymous mmap");
  g_assert_true (atlas_region_item_matches (get_item (list, 0), "malloc"));
  g_assert_false (atlas_region_item_matches (get_item (list, 1), "malloc"));

  /* What comes has its name from the first. */
  atlas_region_list_update (list, after);
  assert_name (get_item (list, 2), "a malloc · anonymous mmap");
  g_assert_true (atlas_region_list_set_labels (list, NULL));
  assert_name (get_item (list, 0), "anonymous mmap");
  assert_name (get_item (list, 2), "anonymous mmap");
}

static int
compare_resident (gconstpointer a, gconstpointer b, gpointer data)
{
  return atlas_region_item_compare (ATLAS_REGION_ITEM ((gpointer) a),
                                    ATLAS_REGION_ITEM ((gpointer) b), ATLAS_REGION_KEY_RESIDENT);
}

static void
assert_sorted_by (GListModel *sorted, const guint *resident)
{
  guint last = 0;

  for (guint i = 0; i < g_list_model_get_n_items (sorted); i++)
    {
      guint place = (guint) ((get_start (sorted, i) - BASE) / (16 * PAGE));

      g_assert_cmpuint (resident[place], >=, last);
      last = resident[place];
    }
}

/* GTK's sort complains, and stops sorting, when items that it has sorted compare otherwise the next
 * time. Here all numbers change, and regions come and go, before it is told to sort again. */
static void
test_order (void)
{
  g_autoptr (AtlasRegionList) list = atlas_region_list_new ();
  g_autoptr (GtkSorter) sorter = GTK_SORTER (gtk_custom_sorter_new (compare_resident, NULL, NULL));
  g_autoptr (GtkSortListModel) sorted =
      gtk_sort_list_model_new (G_LIST_MODEL (g_object_ref (list)), g_object_ref (sorter));
  guint resident[N_MANY], n_pages[N_MANY];

  for (guint round = 0; round < 24; round++)
    {
      g_autoptr (AtlasSnapshot) snapshot = NULL;

      for (guint i = 0; i < N_MANY; i++)
        {
          n_pages[i] = 15;
          resident[i] = (guint) g_test_rand_int_range (0, 16);
        }
      /* All but two of 64. */
      snapshot =
          take (N_MANY, ~(G_GUINT64_CONSTANT (0x10000001) << (round % 12 * 3)), n_pages, resident);
      atlas_region_list_update (list, snapshot);
      for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (list)); i++)
        atlas_region_item_note (get_item (list, i));
      gtk_sorter_changed (sorter, GTK_SORTER_CHANGE_DIFFERENT);
      assert_sorted_by (G_LIST_MODEL (sorted), resident);
    }
}

static void
test_matches (void)
{
  g_autoptr (Recording) recording = recording_new (TRUE);
  g_autoptr (AtlasRegionList) list = atlas_region_list_new ();
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  AtlasRegionItem *item;

  recording_add (recording, 0x7f0000000000, 4, "r-xp", 77, "/usr/lib/libX\033.so.6", 4);
  snapshot = recording_take (recording);
  atlas_region_list_update (list, snapshot);
  item = get_item (list, 0);

  g_assert_true (atlas_region_item_matches (item, "libx"));
  g_assert_true (atlas_region_item_matches (item, "/usr/lib"));
  g_assert_true (atlas_region_item_matches (item, "r-xp"));
  g_assert_true (atlas_region_item_matches (item, "library"));
  g_assert_true (atlas_region_item_matches (item, "0x7f0000000000"));
  g_assert_true (atlas_region_item_matches (item, "7f0000004000"));
  g_assert_true (atlas_region_item_matches (item, "so.6  r-xp"));
  g_assert_false (atlas_region_item_matches (item, "so.6 rw-p"));
  g_assert_false (atlas_region_item_matches (item, "heap"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/region-list/identity", test_identity);
  g_test_add_func ("/app/region-list/nothing-new", test_nothing_new);
  g_test_add_func ("/app/region-list/find", test_find);
  g_test_add_func ("/app/region-list/names", test_names);
  g_test_add_func ("/app/region-list/order", test_order);
  g_test_add_func ("/app/region-list/matches", test_matches);
  return g_test_run ();
}
