/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Threads and processes: that each line names the one that made the call, that none is lost, and
 * that nothing hangs, whatever ends when. */

#include "trace-runner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N_THREADS 64
#define N_ROUNDS 50

static guint
count_events (const Trace *trace, const char *event)
{
  guint n = 0;

  for (guint i = 0; i < trace->lines->len; i++)
    n += trace_is_event (g_ptr_array_index (trace->lines, i), event);
  return n;
}

/* Calls of @call with so many bytes by thread @tid. */
static guint
count_lengths (const Trace *trace, const char *call, gint64 tid, gint64 length)
{
  guint n = 0;

  for (guint i = 0; i < trace->lines->len; i++)
    {
      JsonObject *line = g_ptr_array_index (trace->lines, i);

      if (trace_is_call (line, call) && (tid == 0 || trace_number (line, "tid") == tid))
        n += trace_number (json_object_get_object_member (line, "args"), "length") == length;
    }
  return n;
}

static gint64
get_root (const Trace *trace)
{
  return trace_number (g_ptr_array_index (trace->lines, 0), "pid");
}

/* "WORD NUMBER" in what the subject said. */
static gint64
find_number (const Trace *trace, const char *word)
{
  g_autofree char *pattern = g_strdup_printf ("(?m)^%s (\\d+)$", word);
  g_autoptr (GRegex) regex = g_regex_new (pattern, 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *number = NULL;

  if (!g_regex_match (regex, trace->out, 0, &match))
    g_error ("no “%s” in: %s", word, trace->out);
  number = g_match_info_fetch (match, 1);
  return g_ascii_strtoll (number, NULL, 10);
}

/* --- threads --- */

static JsonObject *
find_child (const Trace *trace, const char *event, gint64 child)
{
  for (guint i = 0; i < trace->lines->len; i++)
    {
      JsonObject *line = g_ptr_array_index (trace->lines, i);

      if (trace_is_event (line, event) && trace_number (line, "child") == child)
        return line;
    }
  return NULL;
}

/* Its calls by number and length, under its name, after the line that says that it is there. */
static void
assert_worker (const Trace *trace, guint index, gint64 tid)
{
  g_autofree char *name = g_strdup_printf ("worker %u", index);
  gint64 length = (index + 1) * 4096;
  guint n_named = 0;
  gboolean is_known = FALSE;

  g_assert_nonnull (find_child (trace, "thread", tid));
  g_assert_cmpuint (count_lengths (trace, "mmap", tid, length), ==, N_ROUNDS);
  g_assert_cmpuint (count_lengths (trace, "munmap", tid, length), ==, N_ROUNDS);
  for (guint i = 0; i < trace->lines->len; i++)
    {
      JsonObject *line = g_ptr_array_index (trace->lines, i);

      is_known = is_known || trace_number (line, "child") == tid;
      if (trace_number (line, "tid") != tid)
        continue;
      g_assert_true (is_known);
      g_assert_cmpint (trace_number (line, "pid"), ==, get_root (trace));
      n_named += g_str_equal (trace_string (line, "thread"), name);
    }
  g_assert_cmpuint (n_named, >=, 2 * N_ROUNDS);
}

static void
test_threads (void)
{
  TRACE_OR_SKIP ();
  g_auto (Trace) trace =
      trace_run ("threads", G_STRINGIFY (N_THREADS), G_STRINGIFY (N_ROUNDS), NULL);
  g_auto (GStrv) said = g_strsplit (g_strchomp (trace.out), "\n", -1);

  g_assert_cmpint (trace.status, ==, 0);
  g_assert_cmpuint (g_strv_length (said), ==, N_THREADS);
  for (guint i = 0; i < N_THREADS; i++)
    {
      guint index;
      int tid;

      g_assert_cmpint (sscanf (said[i], "%u %d", &index, &tid), ==, 2);
      assert_worker (&trace, index, tid);
    }
  g_assert_cmpuint (count_events (&trace, "thread"), ==, N_THREADS);
  g_assert_cmpuint (count_events (&trace, "lost"), ==, 0);
  g_assert_cmpuint (count_events (&trace, "exit"), ==, 1);
}

static void
test_thread_storm (void)
{
  TRACE_OR_SKIP ();
  g_auto (Trace) trace = trace_run ("thread-storm", "8", "25", NULL);

  /* breeders, what each of them started, and what each of those mapped */
  g_assert_cmpint (trace.status, ==, 0);
  g_assert_cmpuint (count_events (&trace, "thread"), ==, 8 + 8 * 25);
  g_assert_cmpuint (count_lengths (&trace, "mmap", 0, 4096), ==, 8 * 25 * 25);
  g_assert_cmpuint (count_events (&trace, "lost"), ==, 0);
}

static void
test_dead_leader (void)
{
  TRACE_OR_SKIP ();
  g_auto (Trace) trace = trace_run ("dead-leader", NULL);
  JsonObject *last = g_ptr_array_index (trace.lines, trace.lines->len - 1);

  g_assert_cmpint (trace.status, ==, 11);
  g_assert_cmpuint (count_lengths (&trace, "mmap", 0, 10 * 4096), ==, 1);
  g_assert_true (trace_is_event (last, "exit"));
  g_assert_cmpint (trace_number (last, "status"), ==, 11);
}

/* --- processes --- */

/* One mapping of its own, after the line of its fork, and its exit. */
static void
assert_child (const Trace *trace, gint64 child, gint64 parent, gint64 length, gint64 status)
{
  JsonObject *fork = find_child (trace, "fork", child);
  JsonObject *end = trace_find_event (trace, "exit", child);
  gboolean is_known = FALSE;

  g_assert_nonnull (fork);
  g_assert_nonnull (end);
  g_assert_cmpint (trace_number (fork, "pid"), ==, parent);
  g_assert_cmpint (trace_number (end, "status"), ==, status);
  g_assert_cmpuint (count_lengths (trace, "mmap", child, length), ==, 1);
  for (guint i = 0; i < trace->lines->len; i++)
    {
      JsonObject *line = g_ptr_array_index (trace->lines, i);

      is_known = is_known || line == fork;
      if (trace_number (line, "pid") == child)
        g_assert_true (is_known);
    }
}

static void
test_forks (void)
{
  TRACE_OR_SKIP ();
  g_auto (Trace) trace = trace_run ("forks", NULL);
  gint64 child = find_number (&trace, "child");
  JsonObject *ended;

  g_assert_cmpint (trace.status, ==, 3);
  assert_child (&trace, child, get_root (&trace), 2 * 4096, 4);
  assert_child (&trace, find_number (&trace, "grandchild"), child, 3 * 4096, 5);
  ended = trace_find_event (&trace, "signal", get_root (&trace));
  g_assert_nonnull (ended);
  g_assert_cmpstr (trace_string (ended, "signal"), ==, "SIGCHLD");
  g_assert_cmpstr (trace_string (ended, "code"), ==, "CLD_EXITED");
}

static void
test_clone (void)
{
  TRACE_OR_SKIP ();
  g_auto (Trace) trace = trace_run ("clone", NULL);

  g_assert_cmpint (trace.status, ==, 0);
  assert_child (&trace, find_number (&trace, "child"), get_root (&trace), 4096, 6);
}

static void
test_vfork (void)
{
  TRACE_OR_SKIP ();
  g_autofree char *program = g_find_program_in_path ("true");
  g_autofree char *real = realpath (program, NULL);
  g_auto (Trace) trace = trace_run ("vfork", program, NULL);
  gint64 child = find_number (&trace, "child");
  JsonObject *exec = trace_find_event (&trace, "exec", child);

  g_assert_cmpint (trace.status, ==, 0);
  g_assert_nonnull (find_child (&trace, "fork", child));
  g_assert_nonnull (exec);
  g_assert_cmpstr (trace_string (exec, "program"), ==, real);
  g_assert_cmpstr (trace_string (exec, "thread"), ==, "true");
  g_assert_nonnull (trace_find_event (&trace, "exit", child));
}

/* What the program leaves behind is traced to its end; the status is the program's. */
static void
test_daemon (void)
{
  TRACE_OR_SKIP ();
  g_auto (Trace) trace = trace_run ("daemon", NULL);

  g_assert_cmpint (trace.status, ==, 8);
  g_assert_cmpuint (count_lengths (&trace, "mmap", 0, 7 * 4096), ==, 1);
  g_assert_cmpuint (count_events (&trace, "exit"), ==, 2);
}

/* Some are killed before they can tell of their children. */
static void
test_fork_storm (void)
{
  TRACE_OR_SKIP ();
  g_auto (Trace) trace = trace_run ("fork-storm", "100", NULL);

  g_assert_cmpint (trace.status, ==, 0);
  /* every second one is not killed, and has four children */
  g_assert_cmpuint (count_events (&trace, "fork"), >=, 100 + 4 * 50);
  g_assert_cmpuint (count_lengths (&trace, "mmap", 0, 2 * 4096), >=, 50);
  g_assert_cmpuint (count_lengths (&trace, "mmap", 0, 4096), >=, 4 * 50);
}

/* --- exec by a thread --- */

/* It takes the number of the first thread, and goes on as that. */
static void
test_thread_exec (void)
{
  TRACE_OR_SKIP ();
  g_autofree char *program = g_find_program_in_path ("true");
  g_auto (Trace) trace = trace_run ("thread-exec", program, NULL);
  gint64 root = get_root (&trace);
  gboolean is_new = FALSE;
  guint n_calls = 0;

  g_assert_cmpint (trace.status, ==, 0);
  for (guint i = 0; i < trace.lines->len; i++)
    {
      JsonObject *line = g_ptr_array_index (trace.lines, i);

      g_assert_cmpint (trace_number (line, "pid"), ==, root);
      if (is_new)
        {
          g_assert_cmpint (trace_number (line, "tid"), ==, root);
          g_assert_cmpstr (trace_string (line, "thread"), ==, "true");
          n_calls += json_object_has_member (line, "call");
        }
      is_new = is_new || trace_is_event (line, "exec");
    }
  g_assert_cmpuint (n_calls, >, 5);
  g_assert_nonnull (trace_find_event (&trace, "exit", root));
}

static void
test_exec_storm (void)
{
  TRACE_OR_SKIP ();
  g_auto (Trace) trace = trace_run ("exec-storm", "60", NULL);

  g_assert_cmpint (trace.status, ==, 7);
  g_assert_cmpuint (count_events (&trace, "exec"), ==, 60);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trace/processes/threads", test_threads);
  g_test_add_func ("/trace/processes/thread-storm", test_thread_storm);
  g_test_add_func ("/trace/processes/dead-leader", test_dead_leader);
  g_test_add_func ("/trace/processes/forks", test_forks);
  g_test_add_func ("/trace/processes/clone", test_clone);
  g_test_add_func ("/trace/processes/vfork", test_vfork);
  g_test_add_func ("/trace/processes/daemon", test_daemon);
  g_test_add_func ("/trace/processes/fork-storm", test_fork_storm);
  g_test_add_func ("/trace/processes/thread-exec", test_thread_exec);
  g_test_add_func ("/trace/processes/exec-storm", test_exec_storm);
  return g_test_run ();
}
