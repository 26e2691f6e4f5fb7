/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The sampler: answers on the main context, the newest only, and none once it is stopped. */

#include <unistd.h>

#include "atlas-error.h"
#include "live-common.h"

typedef struct
{
  guint n_answers;
  AtlasSnapshot *last;
  GError *error;
  GThread *thread; /* of the last answer */
} Answers;

static void
answers_clear (Answers *answers)
{
  g_clear_pointer (&answers->last, atlas_snapshot_unref);
  g_clear_error (&answers->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answers, answers_clear)

static void
sampled_cb (AtlasSampler *sampler, AtlasSnapshot *snapshot, GError *error, Answers *answers)
{
  g_assert_true ((snapshot != NULL) != (error != NULL));
  answers_clear (answers);
  answers->n_answers++;
  answers->last = snapshot != NULL ? atlas_snapshot_ref (snapshot) : NULL;
  answers->error = error != NULL ? g_error_copy (error) : NULL;
  answers->thread = g_thread_self ();
}

static AtlasSampler *
make_sampler (Helper *helper, Answers *answers)
{
  g_autoptr (AtlasTarget) target = live_open (helper_get_pid (helper));
  AtlasSampler *sampler = atlas_sampler_new (target);

  g_signal_connect (sampler, "sampled", G_CALLBACK (sampled_cb), answers);
  return sampler;
}

static gboolean
has_answer (gpointer user_data)
{
  return ((Answers *) user_data)->n_answers > 0;
}

/* The name of a thread of this process; NULL when it has ended. */
static char *
get_thread_name (const char *tid)
{
  g_autofree char *path = g_build_filename ("/proc/self/task", tid, "comm", NULL);
  char *name = NULL;

  if (!g_file_get_contents (path, &name, NULL, NULL))
    return NULL;
  return g_strchomp (name);
}

/* Threads of this process by their name. */
static guint
count_named (const char *wanted)
{
  g_autoptr (GDir) directory = g_dir_open ("/proc/self/task", 0, NULL);
  guint n_threads = 0;
  const char *tid;

  g_assert_nonnull (directory);
  while ((tid = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *name = get_thread_name (tid);

      n_threads += g_strcmp0 (name, wanted) == 0;
    }
  return n_threads;
}

/* Samplers that run, and threads that may become one: a thread names itself when it first runs, and
 * has the name of the one that made it until then. These come first, so that none is missed that
 * names itself between. */
static guint
count_threads (void)
{
  g_autofree char *main_tid = g_strdup_printf ("%d", (int) getpid ());
  g_autofree char *main_name = get_thread_name (main_tid);
  guint n_new = count_named (main_name) - 1;

  return n_new + count_named ("atlas-sampler");
}

static gboolean
wake_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static gboolean
has_no_threads (gpointer user_data)
{
  return count_threads () == 0;
}

/* Until the threads of stopped samplers have ended. */
static void
wait_for_threads (void)
{
  guint wake = g_timeout_add (5, wake_cb, NULL);

  live_wait (has_no_threads, NULL);
  g_source_remove (wake);
}

static void
test_answer (void)
{
  g_autoptr (Helper) helper = helper_new ();
  g_auto (Answers) answers = { 0 };
  AtlasSampler *sampler = make_sampler (helper, &answers);
  AtlasSnapshotOptions options = { 0 };

  atlas_sampler_request (sampler, &options);
  g_assert_cmpuint (answers.n_answers, ==, 0);
  live_wait (has_answer, &answers);
  g_assert_true (answers.thread == g_thread_self ());
  g_assert_no_error (answers.error);
  g_assert_cmpint (atlas_snapshot_get_pid (answers.last), ==, helper_get_pid (helper));
  g_assert_finalize_object (sampler);
  wait_for_threads ();
}

static gboolean
has_smaps (gpointer user_data)
{
  Answers *answers = user_data;

  return answers->last != NULL && atlas_snapshot_get_smaps (answers->last) != NULL;
}

static void
test_burst (void)
{
  g_autoptr (Helper) helper = helper_new ();
  g_auto (Answers) answers = { 0 };
  AtlasSampler *sampler = make_sampler (helper, &answers);
  guint64 a = helper_map (helper, "a", 3, "");
  AtlasSnapshotOptions options = { 0 };

  g_test_summary ("However many requests: one answer waits, one is under way, one is remembered");

  for (guint i = 0; i < 500; i++)
    {
      atlas_sampler_request (sampler, &options);
      if (i % 25 == 0)
        g_usleep (1000); /* room for answers that nobody fetches yet */
    }
  options.selected_address = a;
  atlas_sampler_request (sampler, &options);
  live_wait (has_smaps, &answers);
  g_assert_cmpuint (answers.n_answers, <=, 3);
  g_assert_cmpuint (atlas_snapshot_get_smaps (answers.last)->start, ==, a);
  g_assert_finalize_object (sampler);
  wait_for_threads ();
}

static void
test_late (void)
{
  g_autoptr (Helper) helper = helper_new ();
  g_auto (Answers) answers = { 0 };
  AtlasSnapshotOptions options = { 0 };

  g_test_summary ("What is answered after the stop is dropped");

  for (guint i = 0; i < 50; i++)
    {
      AtlasSampler *sampler = make_sampler (helper, &answers);

      atlas_sampler_request (sampler, &options);
      if (i % 3 == 0)
        g_usleep (i * 20); /* the answer may be under way, or wait to be delivered */
      if (i % 2 == 0)
        atlas_sampler_stop (sampler);
      g_assert_finalize_object (sampler);
    }
  wait_for_threads ();
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (answers.n_answers, ==, 0);
}

static void
test_after_stop (void)
{
  g_autoptr (Helper) helper = helper_new ();
  g_auto (Answers) answers = { 0 };
  AtlasSampler *sampler = make_sampler (helper, &answers);
  AtlasSnapshotOptions options = { 0 };

  atlas_sampler_stop (sampler);
  atlas_sampler_request (sampler, &options);
  g_assert_cmpuint (count_threads (), ==, 0);
  g_assert_finalize_object (sampler);
}

static void
drop_cb (AtlasSampler *sampler, AtlasSnapshot *snapshot, GError *error, AtlasSampler **owner)
{
  g_clear_object (owner);
}

static gboolean
is_dropped (gpointer user_data)
{
  return *(AtlasSampler **) user_data == NULL;
}

static void
test_drop_in_answer (void)
{
  g_autoptr (Helper) helper = helper_new ();
  g_auto (Answers) answers = { 0 };
  AtlasSampler *sampler = make_sampler (helper, &answers);
  AtlasSnapshotOptions options = { 0 };

  g_test_summary ("The owner may drop it while it answers");

  g_signal_connect_after (sampler, "sampled", G_CALLBACK (drop_cb), &sampler);
  atlas_sampler_request (sampler, &options);
  live_wait (is_dropped, &sampler);
  g_assert_cmpuint (answers.n_answers, ==, 1);
  wait_for_threads ();
}

static void
test_working (void)
{
  const guint n_pages = 60000;
  g_autoptr (Helper) helper = helper_new ();
  g_auto (Answers) answers = { 0 };
  AtlasSampler *sampler = make_sampler (helper, &answers);
  AtlasSnapshotOptions options = { .want_sharing = TRUE, .pace = { .pause_us = 1000 } };

  g_test_summary ("Dropping it in the midst of a long reading ends the reading");

  helper_map (helper, "a", n_pages, "");
  helper_do (helper, "write a 0 %u 2", n_pages);
  atlas_sampler_request (sampler, &options);
  while (count_named ("atlas-sampler") == 0)
    g_thread_yield ();
  g_usleep (5000); /* then the reading has most likely begun, and is far from its end */
  g_assert_finalize_object (sampler);
  wait_for_threads ();
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (answers.n_answers, ==, 0);
}

static void
test_gone (void)
{
  g_autoptr (Helper) helper = helper_new ();
  g_auto (Answers) answers = { 0 };
  AtlasSampler *sampler = make_sampler (helper, &answers);
  AtlasSnapshotOptions options = { 0 };

  helper_kill (helper, TRUE);
  atlas_sampler_request (sampler, &options);
  live_wait (has_answer, &answers);
  g_assert_error (answers.error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_GONE);
  g_assert_finalize_object (sampler);
  wait_for_threads ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/live/sampler/answer", test_answer);
  g_test_add_func ("/live/sampler/burst", test_burst);
  g_test_add_func ("/live/sampler/late", test_late);
  g_test_add_func ("/live/sampler/after-stop", test_after_stop);
  g_test_add_func ("/live/sampler/drop-in-answer", test_drop_in_answer);
  g_test_add_func ("/live/sampler/working", test_working);
  g_test_add_func ("/live/sampler/gone", test_gone);

  return g_test_run ();
}
