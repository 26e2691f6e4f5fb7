/* SPDX-License-Identifier: GPL-3.0-or-later */

/* memory-atlas-cli trace: the same as the tracer says, for people, for scripts, and in sum; and
 * that to a shell it is the program. */

#include "runner.h"
#include "trace-runner.h"
#include "trace-session.h"

#include <gio/gunixinputstream.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- what is printed --- */

static GPtrArray *
run_json (const char *summary, const char *act)
{
  g_auto (Outcome) outcome = run_cli ("trace", "--json", summary, "--", SUBJECT, act, NULL);

  g_assert_cmpint (outcome.status, ==, 0);
  return trace_parse_lines (outcome.err);
}

/* As the subject says that it called. */
static void
test_json (void)
{
  TRACE_OR_SKIP ();
  g_auto (Outcome) outcome = run_cli ("trace", "--json", SUBJECT, "calls", NULL);
  Trace trace = { .lines = trace_parse_lines (outcome.err) };
  g_autoptr (GPtrArray) lines = trace_between_marks (&trace);
  g_auto (GStrv) said = g_strsplit (g_strchomp (outcome.out), "\n", -1);

  g_assert_cmpint (outcome.status, ==, 0);
  g_assert_cmpuint (lines->len, ==, g_strv_length (said));
  for (guint i = 0; i < lines->len; i++)
    {
      g_auto (GStrv) words = g_strsplit (said[i], "\t", 3);

      g_assert_cmpstr (trace_string (g_ptr_array_index (lines, i), "text"), ==, words[0]);
    }
  g_ptr_array_unref (trace.lines);
}

/* "TEXT\tRESULT\tERROR", as the subject says it, for people. */
static char *
expect (const char *said)
{
  g_auto (GStrv) words = g_strsplit (said, "\t", 3);
  int error = atoi (words[2]);

  if (error == 0)
    return g_strdup_printf ("%s = %s", words[0], words[1]);
  return g_strdup_printf ("%s = -1 %s (%s)", words[0], strerrorname_np (error),
                          strerrordesc_np (error));
}

static void
test_text (void)
{
  TRACE_OR_SKIP ();
  g_auto (Outcome) outcome = run_cli ("trace", "--", SUBJECT, "calls", NULL);
  g_autoptr (GRegex) head = g_regex_new ("^ *\\d+\\.\\d ms +\\d+ trace-subject   ", 0, 0, NULL);
  g_auto (GStrv) said = g_strsplit (g_strchomp (outcome.out), "\n", -1);
  g_auto (GStrv) lines = g_strsplit (g_strchomp (outcome.err), "\n", -1);
  const char *at = outcome.err;

  g_assert_cmpint (outcome.status, ==, 0);
  assert_is_safe (outcome.err, strlen (outcome.err));
  for (guint i = 0; lines[i] != NULL; i++)
    g_assert_true (g_regex_match (head, lines[i], 0, NULL));
  for (guint i = 0; said[i] != NULL; i++)
    {
      g_autofree char *expected = expect (said[i]);

      at = strstr (at, expected);
      if (at == NULL)
        g_error ("not there, or not in order: %s", expected);
    }
  g_assert_nonnull (strstr (lines[0], "* started: "));
  g_assert_true (g_str_has_suffix (outcome.err, "* ended with status 0"));
}

static void
test_events (void)
{
  TRACE_OR_SKIP ();
  g_auto (Outcome) forks = run_cli ("trace", SUBJECT, "forks", NULL);
  g_auto (Outcome) vfork = run_cli ("trace", SUBJECT, "vfork", "/bin/true", NULL);
  g_auto (Outcome) threads = run_cli ("trace", SUBJECT, "threads", "2", "3", NULL);
  g_auto (Outcome) crash = run_cli ("trace", SUBJECT, "crash", "write", NULL);
  g_autofree char *child = g_strdup_printf (
      "* new process: %d", atoi (strstr (forks.out, "\nchild ") + strlen ("\nchild ")));

  g_assert_cmpint (forks.status, ==, 3);
  g_assert_nonnull (strstr (forks.err, child));
  g_assert_nonnull (strstr (forks.err, "* ended with status 4\n"));
  g_assert_nonnull (strstr (vfork.err, "* is now /"));
  g_assert_nonnull (strstr (threads.err, "* new thread: "));
  g_assert_nonnull (strstr (threads.err, " worker 1        mmap (NULL, 8192"));
  g_assert_nonnull (strstr (crash.err, "* SIGSEGV (SEGV_ACCERR) at 0x"));
  g_assert_nonnull (strstr (crash.err, "* killed by SIGSEGV\n"));
  g_assert_cmpint (crash.status, ==, -SIGSEGV);
}

static void
test_hostile (void)
{
  TRACE_OR_SKIP ();
  g_auto (Outcome) outcome =
      run_cli ("trace", SUBJECT, "names", "\x1b[31mred", "\xff\xfe", "a\nb\xe2\x80\xae", NULL);

  g_assert_cmpint (outcome.status, ==, 0);
  assert_is_safe (outcome.err, strlen (outcome.err));
  g_assert_nonnull (strstr (outcome.err, " \\x1b[31mred     munlock (NULL, 0)"));
  g_assert_nonnull (strstr (outcome.err, " \\xff\\xfe        munlock (NULL, 0)"));
  g_assert_nonnull (strstr (outcome.err, " a\\nb\\u202e      munlock (NULL, 0)"));
}

static void
test_file (void)
{
  TRACE_OR_SKIP ();
  auto_folder folder = make_folder ();
  g_autofree char *path = g_build_filename (folder, "trace", NULL);
  g_auto (Outcome) outcome =
      run_cli ("trace", "-o", path, "sh", "-c", "echo out; echo err >&2", NULL);
  g_autofree char *text = read_file (folder, "trace", NULL);

  g_assert_cmpint (outcome.status, ==, 0);
  g_assert_cmpstr (outcome.out, ==, "out\n");
  g_assert_cmpstr (outcome.err, ==, "err\n");
  g_assert_nonnull (strstr (text, "* ended with status 0\n"));
}

/* --- in sum --- */

typedef struct
{
  guint64 calls, errors, mapped, unmapped;
} Sum;

static guint64
round_up (guint64 bytes)
{
  guint64 page = (guint64) sysconf (_SC_PAGESIZE);

  return (bytes + page - 1) / page * page;
}

/* Counted here from the same lines; the subject moves its break by a page. */
static Sum
count (GPtrArray *lines, const char *call)
{
  Sum sum = { 0 };

  for (guint i = 0; i < lines->len; i++)
    {
      JsonObject *line = g_ptr_array_index (lines, i);
      JsonObject *arguments;
      gboolean failed = json_object_has_member (line, "error");

      if (!trace_is_call (line, call))
        continue;
      arguments = json_object_get_object_member (line, "args");
      sum.calls++;
      sum.errors += failed;
      if (!failed && g_str_equal (call, "mmap"))
        sum.mapped += round_up ((guint64) trace_number (arguments, "length"));
      if (!failed && g_str_equal (call, "munmap"))
        sum.unmapped += round_up ((guint64) trace_number (arguments, "length"));
    }
  return sum;
}

static void
assert_sum (JsonObject *told, Sum sum)
{
  g_assert_cmpint (trace_number (told, "calls"), ==, sum.calls);
  g_assert_cmpint (trace_number (told, "errors"), ==, sum.errors);
  g_assert_cmpint (trace_number (told, "mapped"), ==, sum.mapped);
  g_assert_cmpint (trace_number (told, "unmapped"), ==, sum.unmapped);
}

static JsonObject *
find_sum (GPtrArray *lines, const char *call)
{
  JsonObject *last = g_ptr_array_index (lines, lines->len - 1);
  JsonArray *sums;

  g_assert_true (trace_is_event (last, "summary"));
  sums = json_object_get_array_member (last, "calls");
  for (guint i = 0; i < json_array_get_length (sums); i++)
    if (g_str_equal (trace_string (json_array_get_object_element (sums, i), "call"), call))
      return json_array_get_object_element (sums, i);
  g_error ("no sum of %s", call);
}

static void
test_summary (void)
{
  TRACE_OR_SKIP ();
  g_autoptr (GPtrArray) lines = run_json ("--summary", "calls");
  static const char *const counted[] = { "mmap", "munmap", "mlock", "prlimit64", "memfd_create" };
  /* one page more, then one less */
  const Sum remapped = { 3, 1, 4096, 0 };

  for (guint i = 0; i < G_N_ELEMENTS (counted); i++)
    assert_sum (find_sum (lines, counted[i]), count (lines, counted[i]));
  assert_sum (find_sum (lines, "mremap"), remapped);
  g_assert_cmpint (trace_number (find_sum (lines, "mlock"), "errors"), >=, 1);
}

/* What the C library did before is known to the kernel: the heap of a process that only ends. */
static void
test_summary_of_heap (void)
{
  TRACE_OR_SKIP ();
  const char *script = "import sys; a = [bytes (1000) for i in range (3000)]; "
                       "print ([l.split () [0] for l in open ('/proc/self/maps') "
                       "if '[heap]' in l] [0])";
  g_autofree char *python = g_find_program_in_path ("python3");
  g_autofree char *start = NULL;

  if (python == NULL)
    {
      g_test_skip ("there is no python3");
      return;
    }
  g_auto (Outcome) outcome =
      run_cli ("trace", "--json", "--summary", python, "-S", "-c", script, NULL);
  g_autoptr (GPtrArray) lines = trace_parse_lines (outcome.err);
  g_auto (GStrv) ends = g_strsplit (g_strchomp (outcome.out), "-", 2);
  JsonObject *told = find_sum (lines, "brk");
  guint64 heap = g_ascii_strtoull (ends[1], NULL, 16) - g_ascii_strtoull (ends[0], NULL, 16);

  /* more came and went after it looked */
  g_assert_cmpuint ((guint64) trace_number (told, "mapped"), >=, heap);
  g_assert_cmpuint ((guint64) (trace_number (told, "mapped") - trace_number (told, "unmapped")), <=,
                    heap + (8 << 20));
}

static void
test_summary_for_people (void)
{
  TRACE_OR_SKIP ();
  g_auto (Outcome) outcome = run_cli ("trace", "--summary", SUBJECT, "threads", "4", "250", NULL);
  g_autoptr (GRegex) heading =
      g_regex_new ("(?m)^ *CALLS  ERRORS +MAPPED +UNMAPPED  NAME$", 0, 0, NULL);
  g_autoptr (GRegex) row = g_regex_new ("(?m)^1,0\\d\\d +0 .* MiB .* mmap$", 0, 0, NULL);

  g_assert_true (g_regex_match (heading, outcome.err, 0, NULL));
  g_assert_true (g_regex_match (row, outcome.err, 0, NULL));
}

/* --- to a shell it is the program --- */

static void
test_status (void)
{
  TRACE_OR_SKIP ();
  g_auto (Outcome) status = run_cli ("trace", "-o", "/dev/null", "sh", "-c", "exit 9", NULL);
  g_auto (Outcome) killed = run_cli ("trace", "-o", "/dev/null", SUBJECT, "raise", "9", NULL);
  /* what the command line ignores for itself the program gets as it was */
  g_auto (Outcome) piped =
      run_cli ("trace", "-o", "/dev/null", "sh", "-c", "kill -PIPE $$; exit 3", NULL);
  g_auto (Outcome) too_big =
      run_cli ("trace", "-o", "/dev/null", "sh", "-c", "kill -XFSZ $$; exit 3", NULL);
  g_auto (Outcome) missing = run_cli ("trace", "no-such-program", NULL);
  g_auto (Outcome) folder = run_cli ("trace", "/", NULL);

  g_assert_cmpint (status.status, ==, 9);
  g_assert_cmpstr (status.err, ==, "");
  g_assert_cmpint (killed.status, ==, -SIGKILL);
  g_assert_cmpint (piped.status, ==, -SIGPIPE);
  g_assert_cmpint (too_big.status, ==, -SIGXFSZ);
  g_assert_cmpint (missing.status, ==, 127);
  g_assert_nonnull (strstr (missing.err, "no-such-program"));
  g_assert_cmpint (folder.status, ==, 126);
}

static void
test_options_end (void)
{
  TRACE_OR_SKIP ();
  g_auto (Outcome) without =
      run_cli ("trace", "-o", "/dev/null", "sh", "-c", "echo $*", "sh", "--json", "-o", "x", NULL);
  g_auto (Outcome) dashed =
      run_cli ("trace", "-o", "/dev/null", "--", "echo", "--help", "--", NULL);

  g_assert_cmpstr (without.out, ==, "--json -o x\n");
  g_assert_cmpstr (dashed.out, ==, "--help --\n");
}

/* The same descriptors as without: none is added, none is taken away. */
static void
test_descriptors (void)
{
  TRACE_OR_SKIP ();
  const char *command = "ls -l /proc/self/fd | awk '{print $9}' | sort | xargs";
  g_autofree char *plain_script = g_strdup_printf ("exec 3>/dev/null 9>/dev/null; sh -c \"$0\"");
  g_autofree char *traced_script = g_strdup_printf (
      "exec 3>/dev/null 9>/dev/null; %s trace -o /dev/null sh -c \"$0\"", ATLAS_CLI);
  const char *plain[] = { "sh", "-c", plain_script, command, NULL };
  const char *traced[] = { "sh", "-c", traced_script, command, NULL };
  g_auto (Outcome) expected = run_program (plain);
  g_auto (Outcome) outcome = run_program (traced);

  g_assert_nonnull (strstr (expected.out, "3"));
  g_assert_cmpstr (outcome.out, ==, expected.out);
}

/* Nothing is left when it is killed. */
static void
test_killed (void)
{
  TRACE_OR_SKIP ();
  for (int i = 0; i < 10; i++)
    {
      const char *argv[] = { ATLAS_CLI, "trace", "-o", "/dev/null", SUBJECT, "loop", NULL };
      g_autoptr (GSubprocess) cli = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL);
      int output =
          g_unix_input_stream_get_fd (G_UNIX_INPUT_STREAM (g_subprocess_get_stdout_pipe (cli)));
      g_autofree char *ready = talk_read_line (output);

      g_subprocess_force_exit (cli);
      talk_wait_until_gone (atoi (ready + strlen ("ready ")));
    }
}

static Session
start (const char *act)
{
  const char *argv[] = { ATLAS_CLI, "trace", "-o", "/dev/null", SUBJECT, act, NULL };

  return session_start (argv);
}

static void
assert_says (int fd, const char *expected)
{
  g_autofree char *line = talk_read_line (fd);

  g_assert_cmpstr (line, ==, expected);
}

/* From the terminal, from outside, and from the program to all of its group. */
static void
test_signals (void)
{
  TRACE_OR_SKIP ();
  Session session = start ("signals");

  for (int i = 0; i < 10; i++)
    {
      talk_write (session.terminal, "\x03");
      assert_says (session.terminal, "SIGINT");
      kill (session.job, SIGUSR1);
      assert_says (session.terminal, "SIGUSR1");
    }
  kill (session.job, SIGTERM);
  assert_says (session.terminal, "SIGTERM");
  g_assert_cmpint (session_end (&session), ==, 42);
}

static void
test_suspend (void)
{
  TRACE_OR_SKIP ();
  Session session = start ("answer");

  for (int i = 0; i < 10; i++)
    {
      talk_write (session.terminal, "\x1a");
      assert_says (session.reports, "stopped");
      g_assert_cmpint (talk_get_state (session.pid), ==, 't');
      kill (i % 2 == 0 ? -session.job : session.job, SIGCONT);
      talk_write (session.terminal, "3\n");
      assert_says (session.terminal, "done 3");
    }
  talk_write (session.terminal, "\x04");
  g_assert_cmpint (session_end (&session), ==, 0);
}

/* --- what cannot be --- */

static void
test_full_disk (void)
{
  TRACE_OR_SKIP ();
  g_auto (Outcome) good = run_cli ("trace", "-o", "/dev/full", "sh", "-c", "echo ran", NULL);
  g_auto (Outcome) bad = run_cli ("trace", "-o", "/dev/full", "sh", "-c", "exit 6", NULL);

  assert_fails (&good, 1, "No space left on device");
  g_assert_cmpstr (good.out, ==, "ran\n");
  assert_fails (&bad, 6, "No space left on device");
}

static void
test_no_folder (void)
{
  g_auto (Outcome) outcome =
      run_cli ("trace", "-o", "/nonexistent/x", "sh", "-c", "echo ran", NULL);

  assert_fails (&outcome, 1, "/nonexistent/x");
  g_assert_cmpstr (outcome.out, ==, "");
}

/* As in "… 2>&1 | head -1". */
static void
test_reader_gone (void)
{
  TRACE_OR_SKIP ();
  g_autofree char *script =
      g_strdup_printf ("exec 3>&1; { %s trace %s threads 8 500 2>&1 > /dev/null; "
                       "echo status $? >&3; } | head -1",
                       ATLAS_CLI, SUBJECT);
  const char *argv[] = { "sh", "-c", script, NULL };
  g_auto (Outcome) outcome = run_program (argv);

  g_assert_nonnull (strstr (outcome.out, "* started: "));
  g_assert_nonnull (strstr (outcome.out, "status 0\n"));
  g_assert_cmpstr (outcome.err, ==, "");
}

/* The tracer is looked for where one says, and only there. */
static void
test_place (void)
{
  TRACE_OR_SKIP ();
  auto_folder folder = make_folder ();
  g_autofree char *right = g_path_get_dirname (TRACER);
  g_autofree char *there = g_strconcat ("ATLAS_LIBEXECDIR=", right, NULL);
  g_autofree char *elsewhere = g_strconcat ("ATLAS_LIBEXECDIR=", folder, NULL);
  const char *good[] = { "env", there, ATLAS_CLI, "trace", "-o", "/dev/null", "true", NULL };
  const char *bad[] = { "env", elsewhere, ATLAS_CLI, "trace", "-o", "/dev/null", "true", NULL };
  g_auto (Outcome) found = run_program (good);
  g_auto (Outcome) missed = run_program (bad);

  assert_succeeds (&found);
  assert_fails (&missed, 1, folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trace/cli/json", test_json);
  g_test_add_func ("/trace/cli/text", test_text);
  g_test_add_func ("/trace/cli/events", test_events);
  g_test_add_func ("/trace/cli/hostile", test_hostile);
  g_test_add_func ("/trace/cli/file", test_file);
  g_test_add_func ("/trace/cli/summary", test_summary);
  g_test_add_func ("/trace/cli/summary-of-heap", test_summary_of_heap);
  g_test_add_func ("/trace/cli/summary-for-people", test_summary_for_people);
  g_test_add_func ("/trace/cli/status", test_status);
  g_test_add_func ("/trace/cli/options-end", test_options_end);
  g_test_add_func ("/trace/cli/descriptors", test_descriptors);
  g_test_add_func ("/trace/cli/killed", test_killed);
  g_test_add_func ("/trace/cli/signals", test_signals);
  g_test_add_func ("/trace/cli/suspend", test_suspend);
  g_test_add_func ("/trace/cli/full-disk", test_full_disk);
  g_test_add_func ("/trace/cli/no-folder", test_no_folder);
  g_test_add_func ("/trace/cli/reader-gone", test_reader_gone);
  g_test_add_func ("/trace/cli/place", test_place);
  return g_test_run ();
}
