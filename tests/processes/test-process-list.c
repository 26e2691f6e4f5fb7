/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The model over a recorded tree that is rewritten between refreshes: what it tells must be exactly
 * what was rewritten, and no more. */

#include "atlas-config.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "atlas-error.h"
#include "process-tree.h"
#include "process-watch.h"

static void
put (ProcessTree *tree, gint pid, guint64 start_time, const char *name, guint64 vm_rss)
{
  process_tree_put (
      tree,
      &(TreeProcess){
          .pid = pid, .start_time = start_time, .name = name, .command = name, .vm_rss = vm_rss });
}

/* PIDs 10 to 19. */
static ProcessTree *
make_ten (void)
{
  ProcessTree *tree = process_tree_new ();

  for (gint pid = 10; pid < 20; pid++)
    put (tree, pid, 1, "one", 100);
  return tree;
}

static void
test_first (void)
{
  g_autoptr (ProcessTree) tree = make_ten ();
  g_autoptr (ProcessWatch) watch = process_watch_new (tree->procfs);

  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (watch->list)) == ATLAS_TYPE_PROCESS);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (watch->list)), ==, 0);
  g_assert_null (atlas_process_list_find (watch->list, 10));
  process_watch_refresh (watch);
  g_assert_cmpuint (watch->ranges->len, ==, 1);
  process_watch_assert_range (watch, 0, 0, 0, 10);
  g_assert_true (watch->any_changed);
  g_assert_null (atlas_process_list_find (watch->list, 9));
  g_assert_null (atlas_process_list_find (watch->list, 20));
}

static void
test_nothing_new (void)
{
  g_autoptr (ProcessTree) tree = make_ten ();
  g_autoptr (ProcessWatch) watch = process_watch_new (tree->procfs);

  process_watch_refresh (watch);
  process_watch_refresh (watch);
  g_assert_cmpuint (watch->ranges->len, ==, 0);
  g_assert_cmpuint (watch->n_changed, ==, 0);
  g_assert_false (watch->any_changed);
}

static void
test_come_and_gone (void)
{
  g_autoptr (ProcessTree) tree = make_ten ();
  g_autoptr (ProcessWatch) watch = process_watch_new (tree->procfs);

  process_watch_refresh (watch);
  for (gint pid = 12; pid <= 14; pid++)
    process_tree_remove (tree, pid);
  put (tree, 30, 1, "one", 1);
  put (tree, 31, 1, "one", 1);
  put (tree, 5, 1, "one", 1);
  process_watch_refresh (watch);
  g_assert_cmpuint (watch->ranges->len, ==, 3);
  process_watch_assert_range (watch, 0, 0, 0, 1);
  process_watch_assert_range (watch, 1, 3, 3, 0);
  process_watch_assert_range (watch, 2, 8, 0, 2);
  g_assert_cmpuint (watch->n_changed, ==, 0);
}

static void
test_all_gone (void)
{
  g_autoptr (ProcessTree) tree = make_ten ();
  g_autoptr (ProcessWatch) watch = process_watch_new (tree->procfs);

  process_watch_refresh (watch);
  for (gint pid = 10; pid < 20; pid++)
    process_tree_remove (tree, pid);
  process_watch_refresh (watch);
  g_assert_cmpuint (watch->ranges->len, ==, 1);
  process_watch_assert_range (watch, 0, 0, 10, 0);
  g_assert_cmpuint (atlas_process_list_get_max_rss (watch->list), ==, 0);
}

/* The same PID and another start time is another process, even under the same name. */
static void
test_identity (void)
{
  g_autoptr (ProcessTree) tree = make_ten ();
  g_autoptr (ProcessWatch) watch = process_watch_new (tree->procfs);

  process_watch_refresh (watch);
  g_autoptr (AtlasProcess) before = g_object_ref (atlas_process_list_find (watch->list, 12));
  put (tree, 12, 2, "one", 100);
  process_watch_refresh (watch);
  g_assert_cmpuint (watch->ranges->len, ==, 1);
  process_watch_assert_range (watch, 0, 2, 1, 1);
  g_assert_true (atlas_process_list_find (watch->list, 12) != before);
  g_assert_cmpuint (atlas_process_get_info (before)->start_time, ==, 1);
}

/* Neighbours that change in different ways are one range. */
static void
test_mixed_range (void)
{
  g_autoptr (ProcessTree) tree = make_ten ();
  g_autoptr (ProcessWatch) watch = process_watch_new (tree->procfs);

  process_tree_remove (tree, 15);
  process_watch_refresh (watch);
  put (tree, 12, 2, "other", 1);
  process_tree_remove (tree, 13);
  put (tree, 14, 2, "other", 1);
  put (tree, 15, 2, "other", 1);
  put (tree, 19, 1, "one", 101);
  process_watch_refresh (watch);
  g_assert_cmpuint (watch->ranges->len, ==, 1);
  process_watch_assert_range (watch, 0, 2, 3, 3);
  g_assert_cmpuint (watch->n_changed, ==, 1);
}

static void
count_cb (gpointer object, GParamSpec *pspec, guint *count)
{
  (*count)++;
}

static void
test_in_place (void)
{
  g_autoptr (ProcessTree) tree = make_ten ();
  g_autoptr (ProcessWatch) watch = process_watch_new (tree->procfs);
  guint n_named = 0;

  process_watch_refresh (watch);
  AtlasProcess *process = atlas_process_list_find (watch->list, 15);
  g_signal_connect (process, "notify::name", G_CALLBACK (count_cb), &n_named);

  put (tree, 15, 1, "one", 5000);
  process_watch_refresh (watch);
  g_assert_cmpuint (watch->ranges->len, ==, 0);
  g_assert_cmpuint (watch->n_changed, ==, 1);
  g_assert_cmpuint (n_named, ==, 0);
  g_assert_true (watch->any_changed);
  g_assert_true (atlas_process_list_find (watch->list, 15) == process);
  g_assert_cmpuint (atlas_process_get_info (process)->vm_rss, ==, 5000);

  put (tree, 15, 1, "renamed", 5000);
  process_watch_refresh (watch);
  g_assert_cmpuint (n_named, ==, 1);
  g_assert_cmpuint (watch->n_changed, ==, 1);
  g_assert_cmpstr (atlas_process_get_name (process), ==, "renamed");
}

static void
test_max_rss (void)
{
  g_autoptr (ProcessTree) tree = make_ten ();
  g_autoptr (ProcessWatch) watch = process_watch_new (tree->procfs);

  g_assert_cmpuint (atlas_process_list_get_max_rss (watch->list), ==, 0);
  process_watch_refresh (watch);
  g_assert_cmpuint (atlas_process_list_get_max_rss (watch->list), ==, 100);
  put (tree, 13, 1, "one", 7000);
  process_watch_refresh (watch);
  g_assert_cmpuint (atlas_process_list_get_max_rss (watch->list), ==, 7000);
  process_tree_remove (tree, 13);
  process_watch_refresh (watch);
  g_assert_cmpuint (atlas_process_list_get_max_rss (watch->list), ==, 100);
}

/* What the test did to each PID, so that it can say beforehand which objects must stay. */
#define N_PIDS 40

typedef struct
{
  gboolean there;
  guint64 start_time, vm_rss;
} Life;

static void
live_on (ProcessTree *tree, gint pid, Life *life)
{
  switch (g_test_rand_int_range (0, 5))
    {
    case 0: /* ends */
      if (life->there)
        process_tree_remove (tree, pid);
      life->there = FALSE;
      return;
    case 1: /* begins, or the PID goes over */
      life->there = TRUE;
      life->start_time++;
      break;
    case 2:
      life->vm_rss++;
      break;
    default:
      return;
    }
  if (life->there)
    put (tree, pid, life->start_time, "one", life->vm_rss);
}

/* The same object if and only if it is the same process. */
static void
assert_life (AtlasProcess *process, AtlasProcess *held, const Life *life, const Life *before)
{
  g_assert_cmpint (process != NULL, ==, life->there);
  if (process == NULL)
    return;
  gboolean same = before->there && before->start_time == life->start_time;
  g_assert_cmpint (process == held, ==, same);
  g_assert_cmpuint (atlas_process_get_info (process)->vm_rss, ==, life->vm_rss);
  g_assert_cmpuint (atlas_process_get_info (process)->start_time, ==, life->start_time);
}

static void
test_random_lives (void)
{
  g_autoptr (ProcessTree) tree = process_tree_new ();
  g_autoptr (ProcessWatch) watch = process_watch_new (tree->procfs);
  Life lives[N_PIDS + 1] = { 0 }, before[N_PIDS + 1] = { 0 };
  AtlasProcess *held[N_PIDS + 1] = { NULL };

  for (guint round = 0; round < 200; round++)
    {
      for (gint pid = 1; pid <= N_PIDS; pid++)
        if (g_test_rand_bit ())
          live_on (tree, pid, &lives[pid]);
      process_watch_refresh (watch);
      for (gint pid = 1; pid <= N_PIDS; pid++)
        {
          AtlasProcess *process = atlas_process_list_find (watch->list, pid);
          assert_life (process, held[pid], &lives[pid], &before[pid]);
          g_set_object (&held[pid], process);
          before[pid] = lives[pid];
        }
    }
  for (gint pid = 1; pid <= N_PIDS; pid++)
    g_clear_object (&held[pid]);
}

/* However often it is asked: one reading, one answer. */
static void
test_one_at_a_time (void)
{
  g_autoptr (ProcessTree) tree = make_ten ();
  g_autoptr (ProcessWatch) watch = process_watch_new (tree->procfs);

  for (guint i = 0; i < 10; i++)
    atlas_process_list_refresh (watch->list);
  process_watch_wait (watch);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (watch->n_refreshed, ==, 1);
  process_watch_refresh (watch);
  g_assert_cmpuint (watch->n_refreshed, ==, 2);
}

static void
ask_again_cb (AtlasProcessList *list, gboolean any_changed, guint *left)
{
  if (*left == 0)
    return;
  (*left)--;
  atlas_process_list_refresh (list);
}

/* Asking from within the answer is asking anew. */
static void
test_ask_again (void)
{
  g_autoptr (ProcessTree) tree = make_ten ();
  g_autoptr (ProcessWatch) watch = process_watch_new (tree->procfs);
  guint left = 2;

  g_signal_connect (watch->list, "refreshed", G_CALLBACK (ask_again_cb), &left);
  process_watch_refresh (watch);
  g_array_set_size (watch->ranges, 0);
  process_watch_wait (watch);
  process_watch_wait (watch);
  g_assert_cmpuint (watch->n_refreshed, ==, 3);
}

static void
never_cb (void)
{
  g_assert_not_reached ();
}

static void
wait_for_answer (void)
{
  while (!g_main_context_iteration (NULL, TRUE))
    ;
}

/* The only source there is is the answer, so one dispatch is it. */
static void
test_late_answer (void)
{
  g_autoptr (ProcessTree) tree = make_ten ();
  AtlasProcessList *list = atlas_process_list_new (tree->procfs);

  g_signal_connect (list, "items-changed", G_CALLBACK (never_cb), NULL);
  g_signal_connect (list, "refreshed", G_CALLBACK (never_cb), NULL);
  atlas_process_list_refresh (list);
  g_assert_finalize_object (list);
  wait_for_answer ();
}

/* Disposed of, but held by someone: still no signal, and nothing is read any more. */
static void
test_late_answer_held (void)
{
  g_autoptr (ProcessTree) tree = make_ten ();
  g_autoptr (AtlasProcessList) list = atlas_process_list_new (tree->procfs);

  atlas_process_list_refresh (list);
  g_object_run_dispose (G_OBJECT (list));
  g_signal_connect (list, "items-changed", G_CALLBACK (never_cb), NULL);
  g_signal_connect (list, "refreshed", G_CALLBACK (never_cb), NULL);
  wait_for_answer ();
  atlas_process_list_refresh (list);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 0);
}

static rlim_t
forbid_descriptors (void)
{
  struct rlimit limit;
  int next = open ("/dev/null", O_RDONLY | O_CLOEXEC);

  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  rlim_t usual = limit.rlim_cur;
  limit.rlim_cur = (rlim_t) next;
  close (next);
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  return usual;
}

static void
allow_descriptors (rlim_t usual)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  limit.rlim_cur = usual;
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &limit), ==, 0);
}

/* When nothing can be read, what was read before stays, and why is told. */
static void
test_error (void)
{
  g_autoptr (ProcessTree) tree = make_ten ();
  g_autoptr (ProcessWatch) watch = process_watch_new (tree->procfs);

  process_watch_refresh (watch);
  g_assert_no_error (atlas_process_list_get_error (watch->list));
  rlim_t usual = forbid_descriptors ();
  process_watch_refresh (watch);
  allow_descriptors (usual);
  g_assert_error (atlas_process_list_get_error (watch->list), ATLAS_PROC_ERROR,
                  ATLAS_PROC_ERROR_FAILED);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (watch->list)), ==, 10);
  g_assert_false (watch->any_changed);
  process_watch_refresh (watch);
  g_assert_no_error (atlas_process_list_get_error (watch->list));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/processes/list/first", test_first);
  g_test_add_func ("/processes/list/nothing-new", test_nothing_new);
  g_test_add_func ("/processes/list/come-and-gone", test_come_and_gone);
  g_test_add_func ("/processes/list/all-gone", test_all_gone);
  g_test_add_func ("/processes/list/identity", test_identity);
  g_test_add_func ("/processes/list/mixed-range", test_mixed_range);
  g_test_add_func ("/processes/list/in-place", test_in_place);
  g_test_add_func ("/processes/list/max-rss", test_max_rss);
  g_test_add_func ("/processes/list/random-lives", test_random_lives);
  g_test_add_func ("/processes/list/one-at-a-time", test_one_at_a_time);
  g_test_add_func ("/processes/list/ask-again", test_ask_again);
  g_test_add_func ("/processes/list/late-answer", test_late_answer);
  g_test_add_func ("/processes/list/late-answer-held", test_late_answer_held);
  g_test_add_func ("/processes/list/error", test_error);
  return g_test_run ();
}
