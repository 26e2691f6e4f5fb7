/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The order of the list of processes: by what was noted, not by what moved since. */

#include "atlas-process-key.h"

static AtlasProcessInfo *
new_info (gint pid, const char *name, guint64 rss, guint64 swap, gboolean kernel_thread)
{
  AtlasProcessInfo *info = g_new0 (AtlasProcessInfo, 1);

  info->pid = pid;
  info->name = g_ref_string_new (name);
  info->command = g_ref_string_new ("");
  info->vm_rss = rss;
  info->vm_size = 1000 - rss;
  info->vm_swap = swap;
  info->vm_lck = swap * 2;
  info->kernel_thread = kernel_thread;
  return info;
}

static AtlasProcess *
new_process (gint pid, const char *name, guint64 rss, guint64 swap)
{
  return atlas_process_new (new_info (pid, name, rss, swap, FALSE));
}

static void
assert_before (AtlasProcessKey key, AtlasProcess *first, AtlasProcess *second)
{
  atlas_process_key_note (key, first);
  atlas_process_key_note (key, second);
  g_assert_cmpint (atlas_process_key_compare (key, first, second), <, 0);
  g_assert_cmpint (atlas_process_key_compare (key, second, first), >, 0);
  g_assert_cmpint (atlas_process_key_compare (key, first, first), ==, 0);
}

static void
test_keys (void)
{
  g_autoptr (AtlasProcess) small = new_process (3, "a", 10, 9);
  g_autoptr (AtlasProcess) large = new_process (4, "b", 500, 1);

  assert_before (ATLAS_PROCESS_KEY_RESIDENT, large, small);
  assert_before (ATLAS_PROCESS_KEY_SIZE, small, large);
  assert_before (ATLAS_PROCESS_KEY_SWAP, small, large);
  assert_before (ATLAS_PROCESS_KEY_LOCKED, small, large);
  assert_before (ATLAS_PROCESS_KEY_NAME, small, large);
}

static void
test_ties (void)
{
  g_autoptr (AtlasProcess) first = new_process (5, "same", 0, 0);
  g_autoptr (AtlasProcess) second = new_process (70, "same", 0, 0);
  g_autoptr (AtlasProcess) thread = atlas_process_new (new_info (2, "kthreadd", 0, 0, TRUE));

  for (guint key = 0; key < ATLAS_N_PROCESS_KEYS; key++)
    assert_before ((AtlasProcessKey) key, first, second);
  assert_before (ATLAS_PROCESS_KEY_RESIDENT, second, thread);
}

static void
test_order_stands_still (void)
{
  g_autoptr (AtlasProcess) a = new_process (8, "a", 300, 0);
  g_autoptr (AtlasProcess) b = new_process (9, "b", 200, 0);

  assert_before (ATLAS_PROCESS_KEY_RESIDENT, a, b);
  atlas_process_update (b, new_info (9, "b", 400, 0, FALSE));
  g_assert_cmpint (atlas_process_get_info (b)->vm_rss, ==, 400);
  g_assert_cmpint (atlas_process_key_compare (ATLAS_PROCESS_KEY_RESIDENT, a, b), <, 0);
  assert_before (ATLAS_PROCESS_KEY_RESIDENT, b, a);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/process-key/keys", test_keys);
  g_test_add_func ("/app/process-key/ties", test_ties);
  g_test_add_func ("/app/process-key/order-stands-still", test_order_stands_still);
  return g_test_run ();
}
