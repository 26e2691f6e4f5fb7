/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The shadow is changed by nothing but items-changed; where it differs from the list, the list said
 * something wrong. */

#include "process-watch.h"

static void
changed_cb (AtlasProcess *process, ProcessWatch *watch)
{
  watch->n_changed++;
}

static void
assert_same_as_list (ProcessWatch *watch)
{
  GListModel *model = G_LIST_MODEL (watch->list);
  gint last_pid = 0;

  g_assert_cmpuint (g_list_model_get_n_items (model), ==, watch->shadow->len);
  for (guint i = 0; i < watch->shadow->len; i++)
    {
      g_autoptr (AtlasProcess) process = g_list_model_get_item (model, i);
      g_assert_true (process == g_ptr_array_index (watch->shadow, i));
      g_assert_cmpint (atlas_process_get_pid (process), >, last_pid);
      last_pid = atlas_process_get_pid (process);
      g_assert_true (atlas_process_list_find (watch->list, last_pid) == process);
    }
  g_assert_null (g_list_model_get_item (model, watch->shadow->len));
}

static void
add_to_shadow (ProcessWatch *watch, guint position)
{
  AtlasProcess *process = g_list_model_get_item (G_LIST_MODEL (watch->list), position);

  g_assert_nonnull (process);
  g_assert_false (g_ptr_array_find (watch->shadow, process, NULL));
  g_signal_connect (process, "changed", G_CALLBACK (changed_cb), watch);
  g_ptr_array_insert (watch->shadow, (gint) position, process);
}

static void
remove_from_shadow (ProcessWatch *watch, guint position)
{
  AtlasProcess *process = g_ptr_array_index (watch->shadow, position);

  g_signal_handlers_disconnect_by_data (process, watch);
  g_ptr_array_remove_index (watch->shadow, position);
}

/* Ranges ascend and never touch: two that do are one. */
static void
assert_apart (ProcessWatch *watch, guint position)
{
  if (watch->ranges->len == 0)
    return;
  const WatchRange *last = &g_array_index (watch->ranges, WatchRange, watch->ranges->len - 1);
  g_assert_cmpuint (position, >, last->position + last->n_added);
}

static void
items_changed_cb (GListModel *model,
                  guint position,
                  guint n_removed,
                  guint n_added,
                  ProcessWatch *watch)
{
  WatchRange range = { position, n_removed, n_added };

  g_assert_cmpuint (n_removed + n_added, >, 0);
  g_assert_cmpuint (position + n_removed, <=, watch->shadow->len);
  assert_apart (watch, position);
  g_array_append_val (watch->ranges, range);
  for (guint i = 0; i < n_removed; i++)
    remove_from_shadow (watch, position);
  for (guint i = 0; i < n_added; i++)
    add_to_shadow (watch, position + i);
  assert_same_as_list (watch);
}

static void
refreshed_cb (AtlasProcessList *list, gboolean any_changed, ProcessWatch *watch)
{
  g_assert_cmpint (any_changed, ==, watch->ranges->len > 0 || watch->n_changed > 0);
  watch->n_refreshed++;
  watch->any_changed = any_changed;
}

ProcessWatch *
process_watch_new (AtlasProcfs *procfs)
{
  ProcessWatch *watch = g_new0 (ProcessWatch, 1);

  watch->list = atlas_process_list_new (procfs);
  watch->shadow = g_ptr_array_new_with_free_func (g_object_unref);
  watch->ranges = g_array_new (FALSE, FALSE, sizeof (WatchRange));
  g_signal_connect (watch->list, "items-changed", G_CALLBACK (items_changed_cb), watch);
  g_signal_connect (watch->list, "refreshed", G_CALLBACK (refreshed_cb), watch);
  return watch;
}

void
process_watch_free (ProcessWatch *watch)
{
  while (watch->shadow->len > 0)
    remove_from_shadow (watch, watch->shadow->len - 1);
  g_ptr_array_unref (watch->shadow);
  g_array_unref (watch->ranges);
  g_assert_finalize_object (watch->list);
  g_free (watch);
}

void
process_watch_wait (ProcessWatch *watch)
{
  guint n_before = watch->n_refreshed;

  while (watch->n_refreshed == n_before)
    g_main_context_iteration (NULL, TRUE);
  assert_same_as_list (watch);
}

void
process_watch_refresh (ProcessWatch *watch)
{
  g_array_set_size (watch->ranges, 0);
  watch->n_changed = 0;
  atlas_process_list_refresh (watch->list);
  process_watch_wait (watch);
}

void
process_watch_assert_range (ProcessWatch *watch,
                            guint index,
                            guint position,
                            guint n_removed,
                            guint n_added)
{
  g_assert_cmpuint (watch->ranges->len, >, index);
  const WatchRange *range = &g_array_index (watch->ranges, WatchRange, index);
  g_assert_cmpuint (range->position, ==, position);
  g_assert_cmpuint (range->n_removed, ==, n_removed);
  g_assert_cmpuint (range->n_added, ==, n_added);
}
