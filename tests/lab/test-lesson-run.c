/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Running lessons with the real subject and tracer: forth, back, and when things go wrong. What the
 * kernel has of it, the lessons themselves ask. */

#include "lab-driver.h"

#include "atlas-lesson-needs.h"
#include "atlas-lesson-run.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define HEAD "# Title\n\nSummary.\n\n"
/* Three steps: memory, pages, a fork. */
#define LESSON                                                                                     \
  HEAD "## One\n\n```lab\nmmap a 64p\n```\n```expect\nVmSize +64 pages\npages a absent 64\n"       \
       "syscall mmap\n```\n"                                                                       \
       "## Two\n\n```lab\ntouch a write\n```\n```expect\nRssAnon +64 pages\nfaults 64\n"           \
       "pages a resident 64\nVmSize +1 page\n```\n"                                                \
       "## Three\n\n```lab\nfork b\nchild b touch a write from 0 to 8\n```\n"                      \
       "```expect\npages a shared 56\nchild b: pages a exclusive 8\nchild b: faults 8\n```\n"

typedef struct
{
  AtlasLab *lab;
  AtlasLessonRun *run;
  GString *log; /* signals: "+0 -0 +1" */
} Fixture;

static AtlasLesson *
read_lesson (const char *text)
{
  g_autoptr (GError) error = NULL;
  AtlasLesson *lesson = atlas_lesson_new_from_data ("a.md", text, strlen (text), &error);

  g_assert_no_error (error);
  return lesson;
}

static void
started_cb (AtlasLessonRun *run, guint step, Fixture *self)
{
  g_assert_true (atlas_lesson_run_is_busy (run));
  g_string_append_printf (self->log, "+%u ", step);
}

static void
done_cb (AtlasLessonRun *run, guint step, AtlasLessonOutcome *outcome, Fixture *self)
{
  g_assert_true (ATLAS_IS_LESSON_OUTCOME (outcome));
  g_assert_cmpuint (atlas_lesson_run_get_position (run), ==, step + 1);
  g_string_append_printf (self->log, "-%u ", step);
}

static void
use_lesson (Fixture *self, const char *text)
{
  g_autoptr (AtlasLesson) lesson = read_lesson (text);

  self->run = atlas_lesson_run_new (lesson, self->lab);
  g_signal_connect (self->run, "step-started", G_CALLBACK (started_cb), self);
  g_signal_connect (self->run, "step-done", G_CALLBACK (done_cb), self);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->log = g_string_new (NULL);
  self->lab = driver_new ();
  use_lesson (self, data);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_assert_finalize_object (self->run);
  driver_free (self->lab);
  g_string_free (self->log, TRUE);
}

static void
ready_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **place = user_data;

  *place = g_object_ref (result);
}

static gboolean
is_there (gpointer user_data)
{
  return *(GAsyncResult **) user_data != NULL;
}

static AtlasLessonOutcome *
step (Fixture *self, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  atlas_lesson_run_step_async (self->run, NULL, ready_cb, &result);
  driver_wait (is_there, &result);
  return atlas_lesson_run_step_finish (self->run, result, error);
}

static void
do_step (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AtlasLessonOutcome) outcome = step (self, &error);

  g_assert_no_error (error);
  g_assert_nonnull (outcome);
}

static void
go_back (Fixture *self, guint position)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  atlas_lesson_run_back_async (self->run, position, NULL, ready_cb, &result);
  driver_wait (is_there, &result);
  g_assert_true (atlas_lesson_run_back_finish (self->run, result, &error));
  g_assert_no_error (error);
}

static const AtlasLessonResult *
get_result (Fixture *self, guint position, guint index)
{
  AtlasLessonOutcome *outcome = atlas_lesson_run_get_outcome (self->run, position);
  GPtrArray *results = atlas_lesson_outcome_get_results (outcome);

  g_assert_cmpuint (index, <, results->len);
  return g_ptr_array_index (results, index);
}

static void
assert_verdict (Fixture *self, guint position, guint index, AtlasVerdict verdict)
{
  const AtlasLessonResult *result = get_result (self, position, index);

  if (result->verdict != verdict)
    g_error ("step %u, %s: %s (%s)", position, result->expectation->text, result->seen,
             result->reason);
}

/* A command of somebody else is over before the readings of a step are taken. */
static void
test_behind_others (Fixture *self, gconstpointer data)
{
  do_step (self);
  atlas_lab_run (self->lab, "mmap big 64M", NULL, NULL);
  atlas_lab_run (self->lab, "touch big write", NULL, NULL);
  do_step (self);
  for (guint i = 0; i < 3; i++)
    assert_verdict (self, 1, i, ATLAS_VERDICT_PASSED);
  g_assert_cmpuint (
      atlas_lesson_outcome_get_events (atlas_lesson_run_get_outcome (self->run, 1))->len, ==, 1);
}

static void
test_forth (Fixture *self, gconstpointer data)
{
  guint passed, failed, unknown, skipped;
  AtlasLessonOutcome *outcome;

  g_assert_null (atlas_lesson_run_get_outcome (self->run, 0));
  for (guint i = 0; i < 3; i++)
    do_step (self);
  g_assert_true (atlas_lesson_run_is_finished (self->run));
  g_assert_false (atlas_lesson_run_is_busy (self->run));
  g_assert_cmpstr (self->log->str, ==, "+0 -0 +1 -1 +2 -2 ");
  for (guint i = 0; i < 3; i++)
    for (guint j = 0; j < 3; j++)
      assert_verdict (self, i, j, ATLAS_VERDICT_PASSED);
  assert_verdict (self, 1, 3, ATLAS_VERDICT_FAILED);
  g_assert_cmpstr (get_result (self, 1, 3)->seen, ==, "VmSize did not change.");
  outcome = atlas_lesson_run_get_outcome (self->run, 1);
  g_assert_false (atlas_lesson_outcome_is_expected (outcome));
  g_assert_true (atlas_lesson_outcome_is_expected (atlas_lesson_run_get_outcome (self->run, 0)));
  g_assert_cmpuint (atlas_lesson_outcome_get_events (outcome)->len, ==, 1);
  g_assert_cmpint (atlas_snapshot_get_pid (atlas_lesson_outcome_get_snapshot (outcome)), ==,
                   atlas_lab_get_pid (self->lab));
  atlas_lesson_run_count (self->run, &passed, &failed, &unknown, &skipped);
  g_assert_cmpuint (passed, ==, 9);
  g_assert_cmpuint (failed, ==, 1);
  g_assert_cmpuint (unknown + skipped, ==, 0);
}

/* A fresh process each time, with what the steps before made of it. */
static void
test_back (Fixture *self, gconstpointer data)
{
  gint pid;

  for (guint i = 0; i < 3; i++)
    do_step (self);
  pid = atlas_lab_get_pid (self->lab);
  g_string_truncate (self->log, 0);
  go_back (self, 2);
  g_assert_cmpstr (self->log->str, ==, "+0 -0 +1 -1 ");
  g_assert_cmpint (atlas_lab_get_pid (self->lab), !=, pid);
  driver_wait_for_end (pid);
  g_assert_cmpuint (atlas_lesson_run_get_position (self->run), ==, 2);
  g_assert_null (atlas_lesson_run_get_outcome (self->run, 2));
  g_assert_cmpuint (g_list_model_get_n_items (atlas_lab_get_processes (self->lab)), ==, 1);
  do_step (self);
  assert_verdict (self, 2, 1, ATLAS_VERDICT_PASSED);
  go_back (self, 0);
  g_assert_cmpuint (atlas_lesson_run_get_position (self->run), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (atlas_lab_get_allocations (self->lab)), ==, 0);
  do_step (self);
  assert_verdict (self, 0, 0, ATLAS_VERDICT_PASSED);
}

static void
test_predictions (Fixture *self, gconstpointer data)
{
  atlas_lesson_run_predict (self->run, 0, 0, "256 KiB");
  atlas_lesson_run_predict (self->run, 0, 1, "63");
  atlas_lesson_run_predict (self->run, 0, 2, "no");
  atlas_lesson_run_predict (self->run, 0, 2, NULL);
  do_step (self);
  g_assert_cmpint (get_result (self, 0, 0)->prediction, ==,
                   sysconf (_SC_PAGESIZE) == 4096 ? ATLAS_PREDICTION_RIGHT
                                                  : ATLAS_PREDICTION_WRONG);
  g_assert_cmpstr (get_result (self, 0, 0)->predicted, ==, "256 KiB");
  g_assert_cmpint (get_result (self, 0, 1)->prediction, ==, ATLAS_PREDICTION_WRONG);
  g_assert_cmpint (get_result (self, 0, 2)->prediction, ==, ATLAS_PREDICTION_NONE);
  /* after the fact it counts only when the step is done once more */
  atlas_lesson_run_predict (self->run, 0, 1, "64");
  g_assert_cmpint (get_result (self, 0, 1)->prediction, ==, ATLAS_PREDICTION_WRONG);
  go_back (self, 0);
  do_step (self);
  g_assert_cmpint (get_result (self, 0, 1)->prediction, ==, ATLAS_PREDICTION_RIGHT);
}

/* Somebody starts another process between two steps. */
static void
test_taken_away (Fixture *self, gconstpointer data)
{
  do_step (self);
  atlas_lab_start (self->lab);
  driver_wait_for_state (self->lab, ATLAS_LAB_READY);
  g_string_truncate (self->log, 0);
  do_step (self);
  g_assert_cmpstr (self->log->str, ==, "+0 -0 +1 -1 ");
  assert_verdict (self, 1, 0, ATLAS_VERDICT_PASSED);
}

static void
assert_step_fails (Fixture *self, GQuark domain, gint code)
{
  g_autoptr (GError) error = NULL;
  AtlasLessonOutcome *outcome = step (self, &error);

  g_assert_null (outcome);
  g_assert_error (error, domain, code);
}

/* A second one while the first is run, and one past the end. */
static void
test_out_of_turn (Fixture *self, gconstpointer data)
{
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (AtlasLessonOutcome) outcome = NULL;
  g_autoptr (GError) error = NULL;

  atlas_lesson_run_step_async (self->run, NULL, ready_cb, &first);
  assert_step_fails (self, G_IO_ERROR, G_IO_ERROR_PENDING);
  driver_wait (is_there, &first);
  outcome = atlas_lesson_run_step_finish (self->run, first, &error);
  g_assert_no_error (error);
  do_step (self);
  do_step (self);
  assert_step_fails (self, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

/* The window goes while a step is run. */
static void
test_stopped (Fixture *self, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  do_step (self);
  atlas_lesson_run_step_async (self->run, NULL, ready_cb, &result);
  atlas_lab_stop (self->lab);
  driver_wait (is_there, &result);
  g_assert_null (atlas_lesson_run_step_finish (self->run, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (atlas_lesson_run_is_busy (self->run));
}

static void
test_cancelled (Fixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  do_step (self);
  atlas_lesson_run_step_async (self->run, cancellable, ready_cb, &result);
  g_cancellable_cancel (cancellable);
  driver_wait (is_there, &result);
  g_assert_null (atlas_lesson_run_step_finish (self->run, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  /* and then once more, from a fresh process */
  do_step (self);
  assert_verdict (self, 1, 0, ATLAS_VERDICT_PASSED);
}

/* What fails without being expected is told, as the last of the results. */
static void
test_unexpected_failure (Fixture *self, gconstpointer data)
{
  do_step (self);
  g_assert_cmpuint (
      atlas_lesson_outcome_get_results (atlas_lesson_run_get_outcome (self->run, 0))->len, ==, 2);
  assert_verdict (self, 0, 0, ATLAS_VERDICT_PASSED);
  assert_verdict (self, 0, 1, ATLAS_VERDICT_FAILED);
  g_assert_cmpstr (get_result (self, 0, 1)->expectation->text, ==, "ok");
  g_assert_cmpuint (get_result (self, 0, 1)->expectation->line, ==, 0);
}

/* The process ends in the first step; the others have nothing to look at. */
static void
test_death (Fixture *self, gconstpointer data)
{
  AtlasLessonOutcome *outcome;

  do_step (self);
  outcome = atlas_lesson_run_get_outcome (self->run, 0);
  g_assert_null (atlas_lesson_outcome_get_snapshot (outcome));
  g_assert_cmpuint (atlas_lesson_outcome_get_events (outcome)->len, ==, 1);
  assert_verdict (self, 0, 0, ATLAS_VERDICT_FAILED);
  g_assert_cmpstr (get_result (self, 0, 0)->seen, ==,
                   "The process had ended, and has no counters any more.");
  do_step (self);
  assert_verdict (self, 1, 0, ATLAS_VERDICT_FAILED);
}

#define DEATH                                                                                      \
  HEAD "## One\n\n```lab\nexit 3\nmmap a 4K\n```\n```expect\nVmSize +0\n```\n"                     \
       "## Two\n\n```lab\nmmap a 4K\n```\n```expect\nVmSize +4 KiB\n```\n"

#define FAILURE                                                                                    \
  HEAD "## One\n\n```lab\nmunmap a\nmmap a 4K\n```\n```expect\nregion [stack] exists\n```\n"

/* Without a tracer, calls are unknown; all else is judged. */
static void
test_untraced (void)
{
  g_autoptr (AtlasLesson) lesson = read_lesson (LESSON);
  Fixture self = { .lab = driver_new_with (LAB_SUBJECT, "") };

  self.run = atlas_lesson_run_new (lesson, self.lab);
  do_step (&self);
  assert_verdict (&self, 0, 0, ATLAS_VERDICT_PASSED);
  assert_verdict (&self, 0, 2, ATLAS_VERDICT_UNKNOWN);
  g_assert_cmpstr (get_result (&self, 0, 2)->reason, !=, "");
  g_assert_finalize_object (self.run);
  driver_free (self.lab);
}

static void
test_no_subject (void)
{
  g_autoptr (AtlasLesson) lesson = read_lesson (LESSON);
  Fixture self = { .lab = driver_new_with ("/no/such/program", NULL) };

  self.run = atlas_lesson_run_new (lesson, self.lab);
  assert_step_fails (&self, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_false (atlas_lesson_run_is_busy (self.run));
  g_assert_finalize_object (self.run);
  driver_free (self.lab);
}

/* Machines that have, and have not. */
static void
test_needs (void)
{
  static const struct
  {
    const char *meminfo, *missing;
  } cases[] = {
    { "SwapFree:        0 kB\nHugePages_Free:        2\n", "swap" },
    { "SwapFree:     1000 kB\nHugePages_Free:        0\n", "hugetlb" },
    { "MemTotal:     1000 kB\n", "swap" },
  };
  g_autofree char *folder = g_dir_make_tmp ("atlas-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "meminfo", NULL);
  g_autoptr (AtlasProcfs) procfs = atlas_procfs_new (folder, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *missing = NULL;

      g_file_set_contents (path, cases[i].meminfo, -1, NULL);
      missing = atlas_lesson_need_dup_missing (cases[i].missing, procfs);
      g_assert_nonnull (missing);
      g_assert_true (g_str_has_suffix (missing, "."));
    }
  g_file_set_contents (path, "SwapFree: 5 kB\nHugePages_Free: 1\n", -1, NULL);
  g_assert_null (atlas_lesson_need_dup_missing ("swap", procfs));
  g_assert_null (atlas_lesson_need_dup_missing ("hugetlb", procfs));
  g_remove (path);
  g_rmdir (folder);
}

/* A requirement that this machine does not meet: nothing is done. */
static void
test_skipped (void)
{
  static const char *const names[] = { "hugetlb", "swap", "zero-page", "thp" };
  const char *name = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *missing = atlas_lesson_need_dup_missing (names[i], driver_get_procfs ());

      name = missing != NULL ? names[i] : name;
    }
  if (name == NULL)
    {
      g_test_skip ("this machine has all that a step can require");
      return;
    }
  g_autofree char *text = g_strdup_printf (
      HEAD "## One\n\n```lab\nexit\n```\n```expect\nrequires %s\nVmSize +1 TiB\n```\n"
           "## Two\n\n```lab\nmmap a 4K\n```\n```expect\nVmSize +4 KiB\n```\n",
      name);
  g_autoptr (AtlasLesson) lesson = read_lesson (text);
  Fixture self = { .lab = driver_new () };
  AtlasLessonOutcome *outcome;

  self.run = atlas_lesson_run_new (lesson, self.lab);
  do_step (&self);
  outcome = atlas_lesson_run_get_outcome (self.run, 0);
  g_assert_nonnull (atlas_lesson_outcome_get_skipped (outcome));
  g_assert_cmpuint (atlas_lesson_outcome_get_results (outcome)->len, ==, 0);
  g_assert_true (atlas_lesson_outcome_is_expected (outcome));
  do_step (&self);
  assert_verdict (&self, 1, 0, ATLAS_VERDICT_PASSED);
  g_assert_finalize_object (self.run);
  driver_free (self.lab);
}

static void
add (const char *path, const char *lesson, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, lesson, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/lesson/run/forth", LESSON, test_forth);
  add ("/lesson/run/behind-others", LESSON, test_behind_others);
  add ("/lesson/run/back", LESSON, test_back);
  add ("/lesson/run/predictions", LESSON, test_predictions);
  add ("/lesson/run/taken-away", LESSON, test_taken_away);
  add ("/lesson/run/out-of-turn", LESSON, test_out_of_turn);
  add ("/lesson/run/stopped", LESSON, test_stopped);
  add ("/lesson/run/cancelled", LESSON, test_cancelled);
  add ("/lesson/run/unexpected-failure", FAILURE, test_unexpected_failure);
  add ("/lesson/run/death", DEATH, test_death);
  g_test_add_func ("/lesson/run/untraced", test_untraced);
  g_test_add_func ("/lesson/run/no-subject", test_no_subject);
  g_test_add_func ("/lesson/run/needs", test_needs);
  g_test_add_func ("/lesson/run/skipped", test_skipped);
  return g_test_run ();
}
