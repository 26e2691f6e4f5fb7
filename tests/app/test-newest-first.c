/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A list from its end, held against the source after each of many changes; and a copy that follows
 * by what the signals say alone. */

#include "atlas-newest-first.h"

#define N_CHANGES 2000

static GObject *
make_item (void)
{
  return g_object_new (G_TYPE_OBJECT, NULL);
}

static void
assert_reversed (GListModel *source, GListModel *list)
{
  guint n = g_list_model_get_n_items (source);

  g_assert_cmpuint (g_list_model_get_n_items (list), ==, n);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GObject) wanted = g_list_model_get_item (source, n - 1 - i);
      g_autoptr (GObject) item = g_list_model_get_item (list, i);

      g_assert_true (item == wanted);
    }
  g_assert_null (g_list_model_get_item (list, n));
}

static void
follow_cb (GListModel *list, guint position, guint removed, guint added, gpointer data)
{
  GListStore *copy = data;
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < added; i++)
    g_ptr_array_add (items, g_list_model_get_item (list, position + i));
  g_list_store_splice (copy, position, removed, items->pdata, items->len);
}

static void
change (GListStore *store)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (store));
  guint position = (guint) g_test_rand_int_range (0, (gint32) n + 1);
  guint removed = (guint) g_test_rand_int_range (0, (gint32) MIN (n - position, 3) + 1);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (gint i = g_test_rand_int_range (0, n > 50 ? 1 : 4); i > 0; i--)
    g_ptr_array_add (items, make_item ());
  g_list_store_splice (store, position, removed, items->pdata, items->len);
}

static void
test_changes (void)
{
  g_autoptr (GListStore) store = g_list_store_new (G_TYPE_OBJECT);
  g_autoptr (GListStore) copy = g_list_store_new (G_TYPE_OBJECT);
  g_autoptr (AtlasNewestFirst) list = atlas_newest_first_new (G_LIST_MODEL (store));

  g_signal_connect (list, "items-changed", G_CALLBACK (follow_cb), copy);
  for (guint i = 0; i < N_CHANGES; i++)
    {
      change (store);
      assert_reversed (G_LIST_MODEL (store), G_LIST_MODEL (list));
      assert_reversed (G_LIST_MODEL (store), G_LIST_MODEL (copy));
    }
}

static void
test_source_outlives (void)
{
  g_autoptr (GListStore) store = g_list_store_new (G_TYPE_OBJECT);
  g_autoptr (GObject) item = make_item ();

  g_object_unref (atlas_newest_first_new (G_LIST_MODEL (store)));
  g_list_store_append (store, item);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/newest-first/changes", test_changes);
  g_test_add_func ("/newest-first/source-outlives", test_source_outlives);
  return g_test_run ();
}
