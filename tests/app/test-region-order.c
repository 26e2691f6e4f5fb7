/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the table shows and in what order, held against a plain look at each region; and that it is
 * arranged in a thread without anybody being told of what is out of date. */

#include <string.h>

#include "atlas-region-arranger.h"
#include "recording.h"

#define BASE 0x10000000u
#define PAGE 0x1000u
#define N_MANY 3000 /* more than are sorted at once */

static const char *const names[] = { "", "/usr/lib/libz.so.1", "/tmp/Apfel", "/var/apfel",
                                     "[heap]" };
static const char *const permissions[] = { "rw-p", "r--p", "r-xp", "rw-s" };

/* @n regions of all sorts; @round changes what is resident, and how long some are. */
static AtlasSnapshot *
take_motley (guint n, guint round)
{
  g_autoptr (Recording) recording = recording_new (TRUE);

  for (guint i = 0; i < n; i++)
    {
      guint name = (i * 7) % G_N_ELEMENTS (names);
      guint n_pages = 1 + (i * 13 + round * 5) % 16;

      recording_add (recording, BASE + (guint64) i * 16 * PAGE, n_pages,
                     permissions[i % G_N_ELEMENTS (permissions)],
                     names[name][0] == '/' ? 10 + name : 0, names[name],
                     (i * 31 + round) % (n_pages + 1));
    }
  return recording_take (recording);
}

static AtlasRegionOrder *
arrange (AtlasSnapshot *snapshot, AtlasRegionColumn column, gboolean descending, const char *search)
{
  const AtlasRegionWish wish = { column, descending, search, NULL };

  return atlas_region_order_new (snapshot, &wish);
}

static guint64
count (const AtlasRegion *region, gboolean swapped)
{
  AtlasPageCounts counts;

  atlas_pages_count_all (region->pages, &counts);
  return swapped ? counts.swapped : counts.resident;
}

static int
compare_numbers (guint64 a, guint64 b)
{
  return (a > b) - (a < b);
}

static int
compare_titles (const AtlasRegion *a, const AtlasRegion *b)
{
  g_autofree char *one = atlas_region_dup_title (a);
  g_autofree char *other = atlas_region_dup_title (b);

  return g_utf8_collate (one, other);
}

static int
compare (const AtlasRegion *a, const AtlasRegion *b, AtlasRegionColumn column)
{
  switch (column)
    {
    case ATLAS_REGION_COLUMN_NAME:
      return compare_titles (a, b);
    case ATLAS_REGION_COLUMN_RESIDENT:
      return compare_numbers (count (a, FALSE), count (b, FALSE));
    case ATLAS_REGION_COLUMN_SWAPPED:
      return compare_numbers (count (a, TRUE), count (b, TRUE));
    case ATLAS_REGION_COLUMN_SIZE:
      return compare_numbers (a->end - a->start, b->end - b->start);
    case ATLAS_REGION_COLUMN_KIND:
      return compare_numbers (a->kind, b->kind);
    case ATLAS_REGION_COLUMN_PERMISSIONS:
      return compare_numbers (a->permissions, b->permissions);
    case ATLAS_REGION_COLUMN_LOCKED:
      return 0; /* nothing is */
    case ATLAS_REGION_COLUMN_ADDRESS:
    case ATLAS_REGION_COLUMN_PAGES:
    case ATLAS_N_REGION_COLUMNS:
    default:
      return compare_numbers (a->start, b->start);
    }
}

static void
assert_ascending (AtlasRegionOrder *order, AtlasRegionColumn column, gboolean descending)
{
  for (guint i = 1; i < atlas_region_order_get_n_rows (order); i++)
    {
      AtlasRegion *before = atlas_region_order_get_region (order, i - 1);
      AtlasRegion *region = atlas_region_order_get_region (order, i);
      int step = compare (before, region, column);

      if (step == 0 && column != ATLAS_REGION_COLUMN_ADDRESS)
        g_assert_cmphex (before->start, <, region->start);
      else if (descending)
        g_assert_cmpint (step, >, 0);
      else
        g_assert_cmpint (step, <, 0);
    }
}

/* Each region once, and found where it is. */
static void
assert_whole (AtlasRegionOrder *order, AtlasSnapshot *snapshot)
{
  guint n_regions = atlas_snapshot_get_n_regions (snapshot);

  g_assert_cmpuint (atlas_region_order_get_n_rows (order), ==, n_regions);
  for (guint i = 0; i < n_regions; i++)
    {
      AtlasRegion *region = atlas_snapshot_get_region (snapshot, i);
      guint row;

      g_assert_true (atlas_region_order_find (order, region->end - 1, &row));
      g_assert_true (atlas_region_order_get_region (order, row) == region);
    }
}

static void
test_sort (void)
{
  g_autoptr (AtlasSnapshot) snapshot = take_motley (400, 0);

  g_test_summary ("By every column, up and down: each region once, ties by address");

  for (AtlasRegionColumn column = 0; column < ATLAS_N_REGION_COLUMNS; column++)
    for (gboolean descending = FALSE; descending <= TRUE; descending++)
      {
        g_autoptr (AtlasRegionOrder) order = arrange (snapshot, column, descending, NULL);

        if (!atlas_region_column_can_sort (column))
          continue;
        assert_whole (order, snapshot);
        assert_ascending (order, column, descending);
      }
}

static void
test_find (void)
{
  g_autoptr (AtlasSnapshot) snapshot = take_motley (20, 0);
  g_autoptr (AtlasRegionOrder) all = arrange (snapshot, ATLAS_REGION_COLUMN_ADDRESS, TRUE, "");
  g_autoptr (AtlasRegionOrder) some = arrange (snapshot, ATLAS_REGION_COLUMN_SIZE, FALSE, "heap");
  g_autoptr (AtlasRegionOrder) none = arrange (NULL, ATLAS_REGION_COLUMN_NAME, FALSE, "heap");
  AtlasRegion *first = atlas_snapshot_get_region (snapshot, 0);
  guint row;

  g_test_summary ("What is not mapped, or not shown, is not found");

  g_assert_true (atlas_region_order_find (all, first->start, &row));
  g_assert_cmpuint (row, ==, 19);
  g_assert_false (atlas_region_order_find (all, first->end, &row));
  g_assert_false (atlas_region_order_find (all, G_MAXUINT64, &row));
  g_assert_cmpstr (first->name, !=, "[heap]");
  g_assert_false (atlas_region_order_find (some, first->start, &row));
  g_assert_cmpuint (atlas_region_order_get_n_rows (some), ==, 4);
  g_assert_cmpuint (atlas_region_order_get_n_rows (none), ==, 0);
  g_assert_false (atlas_region_order_find (none, first->start, &row));
}

static gboolean
matches (AtlasSnapshot *snapshot, const char *search)
{
  g_autoptr (AtlasRegionOrder) order =
      arrange (snapshot, ATLAS_REGION_COLUMN_ADDRESS, FALSE, search);

  return atlas_region_order_get_n_rows (order) == 1;
}

static void
test_search (void)
{
  g_autoptr (Recording) recording = recording_new (TRUE);
  g_autoptr (AtlasSnapshot) snapshot = NULL;

  g_test_summary ("Every word has to be in name, kind, permissions or address");

  recording_add (recording, 0x7f0000000000, 4, "r-xp", 77, "/usr/lib/libX\033.so.6", 4);
  snapshot = recording_take (recording);
  g_assert_true (matches (snapshot, "libx"));
  g_assert_true (matches (snapshot, "/usr/lib"));
  g_assert_true (matches (snapshot, "r-xp"));
  g_assert_true (matches (snapshot, "library"));
  g_assert_true (matches (snapshot, "0x7f0000000000"));
  g_assert_true (matches (snapshot, "7f0000004000"));
  g_assert_true (matches (snapshot, "7f0000000000–7f0000004000"));
  g_assert_true (matches (snapshot, "so.6  r-xp"));
  g_assert_true (matches (snapshot, "so.6 004000 0x7f r-x"));
  g_assert_true (matches (snapshot, " \t "));
  g_assert_false (matches (snapshot, "so.6 rw-p"));
  g_assert_false (matches (snapshot, "heap"));
  g_assert_false (matches (snapshot, "7f0000005000"));
  g_assert_false (matches (snapshot, "7f0000004000 g"));
}

/* Fewer and fewer, and those that a look at each of them finds. */
static void
test_search_many (void)
{
  g_autoptr (AtlasSnapshot) snapshot = take_motley (400, 0);
  g_autoptr (AtlasRegionOrder) order =
      arrange (snapshot, ATLAS_REGION_COLUMN_RESIDENT, TRUE, "apfel r-xp");
  guint n = 0;

  for (guint i = 0; i < 400; i++)
    {
      AtlasRegion *region = atlas_snapshot_get_region (snapshot, i);
      gboolean wanted = (strstr (region->name, "pfel") != NULL)
                        && region->permissions == (ATLAS_PERM_READ | ATLAS_PERM_EXEC);
      guint row;

      g_assert_cmpint (atlas_region_order_find (order, region->start, &row), ==, wanted);
      n += wanted;
    }
  g_assert_cmpuint (n, >, 10);
  g_assert_cmpuint (n, ==, atlas_region_order_get_n_rows (order));
  assert_ascending (order, ATLAS_REGION_COLUMN_RESIDENT, TRUE);
}

static void
test_words (void)
{
  g_autoptr (Recording) recording = recording_new (TRUE);
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  AtlasRegion *region;
  AtlasPageCounts counts;
  static const char *const expected[ATLAS_N_REGION_COLUMNS] = {
    "7f0000000000–7f0000004000", "libz.so.1", NULL, "8 KiB", "16 KiB", "Library", "r-xp", "0", "no",
  };

  g_test_summary ("What each column says of a region");

  recording_add (recording, 0x7f0000000000, 4, "r-xp", 77, "/usr/lib/libz.so.1", 2);
  snapshot = recording_take (recording);
  region = atlas_snapshot_get_region (snapshot, 0);
  atlas_pages_count_all (region->pages, &counts);
  for (AtlasRegionColumn column = 0; column < ATLAS_N_REGION_COLUMNS; column++)
    {
      g_autofree char *text = atlas_region_column_format (column, region, &counts, PAGE);

      g_assert_cmpstr (text, ==, expected[column]);
    }
}

/* --- the arranger ---------------------------------------------------------------------------- */

static void
count_cb (guint *n)
{
  *n += 1;
}

static gboolean
watchdog_cb (gpointer data)
{
  g_error ("Waited in vain for an order");
  return G_SOURCE_REMOVE;
}

static void
wait_until_idle (AtlasRegionArranger *arranger)
{
  guint watchdog = g_timeout_add_seconds (60, watchdog_cb, NULL);

  while (atlas_region_arranger_is_busy (arranger))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (watchdog);
}

static void
test_arranger (void)
{
  AtlasRegionArranger *arranger = atlas_region_arranger_new ();
  g_autoptr (AtlasSnapshot) snapshot = take_motley (N_MANY, 0);
  const AtlasRegionWish by_name = { ATLAS_REGION_COLUMN_NAME, FALSE, NULL };
  const AtlasRegionWish by_size = { ATLAS_REGION_COLUMN_SIZE, TRUE, "rw-p" };
  AtlasRegionOrder *order;
  guint n_arranged = 0;

  g_test_summary ("By address at once; else soon, and then as was wished last");

  g_signal_connect_swapped (arranger, "arranged", G_CALLBACK (count_cb), &n_arranged);
  g_assert_cmpuint (atlas_region_order_get_n_rows (atlas_region_arranger_get_order (arranger)), ==,
                    0);
  atlas_region_arranger_set_snapshot (arranger, snapshot);
  g_assert_cmpuint (n_arranged, ==, 1);
  assert_whole (atlas_region_arranger_get_order (arranger), snapshot);

  atlas_region_arranger_set_wish (arranger, &by_name);
  g_assert_true (atlas_region_arranger_is_busy (arranger));
  atlas_region_arranger_set_wish (arranger, &by_size);
  wait_until_idle (arranger);
  order = atlas_region_arranger_get_order (arranger);
  g_assert_cmpuint (n_arranged, ==, 2); /* never by name */
  g_assert_true (atlas_region_wish_equal (atlas_region_order_get_wish (order), &by_size));
  g_assert_cmpuint (atlas_region_order_get_n_rows (order), ==, N_MANY / 4);
  assert_ascending (order, ATLAS_REGION_COLUMN_SIZE, TRUE);
  g_assert_finalize_object (arranger);
}

static void
test_arranger_follows (void)
{
  AtlasRegionArranger *arranger = atlas_region_arranger_new ();
  const AtlasRegionWish wish = { ATLAS_REGION_COLUMN_RESIDENT, TRUE, NULL };
  g_autoptr (AtlasSnapshot) last = NULL;

  g_test_summary ("Snapshots faster than they can be sorted: in the end the last one is shown");

  atlas_region_arranger_set_wish (arranger, &wish);
  for (guint round = 0; round < 5; round++)
    {
      g_clear_pointer (&last, atlas_snapshot_unref);
      last = take_motley (N_MANY, round);
      atlas_region_arranger_set_snapshot (arranger, last);
    }
  wait_until_idle (arranger);
  assert_whole (atlas_region_arranger_get_order (arranger), last);
  assert_ascending (atlas_region_arranger_get_order (arranger), wish.column, TRUE);

  /* Nothing of it is left when there is nothing to show, and it may go in the middle of it. */
  atlas_region_arranger_set_snapshot (arranger, NULL);
  g_assert_cmpuint (atlas_region_order_get_n_rows (atlas_region_arranger_get_order (arranger)), ==,
                    0);
  atlas_region_arranger_set_snapshot (arranger, last);
  atlas_region_arranger_set_snapshot (arranger, NULL);
  wait_until_idle (arranger);
  g_assert_cmpuint (atlas_region_order_get_n_rows (atlas_region_arranger_get_order (arranger)), ==,
                    0);
  atlas_region_arranger_set_snapshot (arranger, last);
  g_assert_true (atlas_region_arranger_is_busy (arranger));
  g_assert_finalize_object (arranger);
}

/* Every third region is an allocation, and called the later the lower it is. */
static AtlasLabels *
new_labels (AtlasSnapshot *snapshot)
{
  AtlasLabelsBuilder *builder = atlas_labels_builder_new ();
  guint n = atlas_snapshot_get_n_regions (snapshot);

  for (guint i = 0; i < n; i += 3)
    {
      AtlasRegion *region = atlas_snapshot_get_region (snapshot, i);
      g_autofree char *name = g_strdup_printf ("buffer %05u", n - i);

      atlas_labels_builder_add (builder, region->start, region->end, name, name);
    }
  return atlas_labels_builder_end (builder);
}

static void
test_names (void)
{
  g_autoptr (AtlasSnapshot) snapshot = take_motley (300, 0);
  g_autoptr (AtlasLabels) labels = new_labels (snapshot);
  AtlasRegionWish wish = { ATLAS_REGION_COLUMN_ADDRESS, FALSE, "buffer", labels };
  g_autoptr (AtlasRegionOrder) found = atlas_region_order_new (snapshot, &wish);
  g_autoptr (AtlasRegionOrder) one = NULL, sorted = NULL, none = NULL;
  guint64 above = G_MAXUINT64;
  guint n_named = 0;

  g_test_summary ("Regions are found and sorted by the allocations in them");

  g_assert_cmpuint (atlas_region_order_get_n_rows (found), ==, 100);
  wish.search = "buffer 00297";
  one = atlas_region_order_new (snapshot, &wish);
  g_assert_cmpuint (atlas_region_order_get_n_rows (one), ==, 1);
  g_assert_true (atlas_region_order_get_region (one, 0) == atlas_snapshot_get_region (snapshot, 3));
  wish.labels = NULL;
  none = atlas_region_order_new (snapshot, &wish);
  g_assert_cmpuint (atlas_region_order_get_n_rows (none), ==, 0);

  wish = (AtlasRegionWish){ ATLAS_REGION_COLUMN_NAME, FALSE, NULL, labels };
  sorted = atlas_region_order_new (snapshot, &wish);
  g_assert_cmpuint (atlas_region_order_get_n_rows (sorted), ==, 300);
  for (guint i = 0; i < 300; i++)
    {
      AtlasRegion *region = atlas_region_order_get_region (sorted, i);

      if (atlas_labels_find_at (labels, region->start) == NULL)
        continue;
      g_assert_cmphex (region->start, <, above);
      above = region->start;
      n_named++;
    }
  g_assert_cmpuint (n_named, ==, 100);
}

static void
test_arranger_names (void)
{
  g_autoptr (AtlasRegionArranger) arranger = atlas_region_arranger_new ();
  g_autoptr (AtlasSnapshot) snapshot = take_motley (30, 0);
  AtlasRegionWish wish = *atlas_region_arranger_get_wish (arranger);
  g_autoptr (AtlasLabels) labels = new_labels (snapshot), same = new_labels (snapshot);
  AtlasRegionOrder *order;

  g_test_summary ("Other names are another order, the same names are not");

  atlas_region_arranger_set_snapshot (arranger, snapshot);
  wish.labels = labels;
  atlas_region_arranger_set_wish (arranger, &wish);
  order = atlas_region_arranger_get_order (arranger);
  g_assert_true (atlas_region_order_get_wish (order)->labels == labels);
  wish.labels = same;
  atlas_region_arranger_set_wish (arranger, &wish);
  g_assert_true (atlas_region_arranger_get_order (arranger) == order);
  wish.labels = NULL;
  atlas_region_arranger_set_wish (arranger, &wish);
  g_assert_null (atlas_region_order_get_wish (atlas_region_arranger_get_order (arranger))->labels);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/region-order/sort", test_sort);
  g_test_add_func ("/app/region-order/find", test_find);
  g_test_add_func ("/app/region-order/search", test_search);
  g_test_add_func ("/app/region-order/search-many", test_search_many);
  g_test_add_func ("/app/region-order/words", test_words);
  g_test_add_func ("/app/region-order/names", test_names);
  g_test_add_func ("/app/region-order/arranger", test_arranger);
  g_test_add_func ("/app/region-order/arranger-names", test_arranger_names);
  g_test_add_func ("/app/region-order/arranger-follows", test_arranger_follows);
  return g_test_run ();
}
