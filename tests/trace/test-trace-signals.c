/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Signals to the tracer, of the program and from a terminal; stopping and going on; how it ends. */

#include "trace-runner.h"
#include "trace-session.h"

#include <gio/gunixinputstream.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- passing on --- */

static const int passed_on[] = { SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGWINCH };

static void
assert_says (int output, const char *expected)
{
  g_autofree char *line = talk_read_line (output);

  g_assert_cmpstr (line, ==, expected);
}

static void
assert_says_signal (int output, int number)
{
  g_autofree char *name = g_strdup_printf ("SIG%s", sigabbrev_np (number));

  assert_says (output, name);
}

/* Each once, and nothing else between. */
static void
test_passed_on (void)
{
  TRACE_OR_SKIP ();
  g_auto (Talk) talk = talk_start (FALSE, "signals", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (passed_on); i++)
    {
      g_assert_cmpint (kill (talk.tracer_pid, passed_on[i]), ==, 0);
      assert_says_signal (talk.output, passed_on[i]);
    }
  g_assert_cmpint (kill (talk.tracer_pid, SIGTERM), ==, 0);
  assert_says (talk.output, "SIGTERM");
  assert_says (talk.output, NULL);
  g_assert_cmpint (talk_wait (&talk), ==, 42);
}

/* As by nohup: what is ignored at the start is ignored by the program. */
static void
test_ignored (void)
{
  TRACE_OR_SKIP ();
  const char *argv[] = {
    "sh", "-c", "trap '' HUP; exec \"$@\"", "sh", TRACER, "-o", "/dev/null", SUBJECT, "answer", NULL
  };
  g_autoptr (GSubprocess) tracer = g_subprocess_newv (
      argv, G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL);
  GOutputStream *input = g_subprocess_get_stdin_pipe (tracer);
  int output =
      g_unix_input_stream_get_fd (G_UNIX_INPUT_STREAM (g_subprocess_get_stdout_pipe (tracer)));
  g_autofree char *ready = talk_read_line (output);

  kill (atoi (g_subprocess_get_identifier (tracer)), SIGHUP);
  kill (atoi (ready + strlen ("ready ")), SIGHUP);
  g_assert_true (g_output_stream_write_all (input, "4\n", 2, NULL, NULL, NULL));
  assert_says (output, "done 4");
  g_output_stream_close (input, NULL, NULL);
  g_subprocess_wait (tracer, NULL, NULL);
  g_assert_cmpint (g_subprocess_get_exit_status (tracer), ==, 0);
}

/* Without a handler it ends the program, and the tracer ends alike. */
static void
test_deadly (void)
{
  TRACE_OR_SKIP ();
  g_auto (Talk) talk = talk_start (TRUE, "answer", NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GPtrArray) lines = NULL;
  JsonObject *end;
  char *line;

  kill (talk.tracer_pid, SIGTERM);
  g_assert_cmpint (talk_wait (&talk), ==, -SIGTERM);
  while ((line = talk_read_line (talk.lines)) != NULL)
    {
      g_string_append_printf (text, "%s\n", line);
      g_free (line);
    }
  lines = trace_parse_lines (text->str);
  end = g_ptr_array_index (lines, lines->len - 1);
  g_assert_true (trace_is_event (end, "killed"));
  g_assert_cmpstr (trace_string (end, "signal"), ==, "SIGTERM");
}

/* --- of the program --- */

static void
test_exit_status (void)
{
  TRACE_OR_SKIP ();
  for (int status = 0; status < 256; status += 51)
    {
      g_autofree char *command = g_strdup_printf ("exit %d", status);
      const char *argv[] = { "sh", "-c", command, NULL };
      g_auto (Trace) trace = trace_run_program (argv);
      JsonObject *end = trace_find_event (&trace, "exit", 0);

      g_assert_cmpint (trace.status, ==, status);
      g_assert_cmpint (trace_number (end, "status"), ==, status);
    }
}

static void
test_killed (void)
{
  static const int numbers[] = { SIGKILL, SIGSEGV, SIGABRT, SIGTERM, SIGHUP, SIGINT };

  TRACE_OR_SKIP ();
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autofree char *number = g_strdup_printf ("%d", numbers[i]);
      g_autofree char *name = g_strdup_printf ("SIG%s", sigabbrev_np (numbers[i]));
      g_auto (Trace) trace = trace_run ("raise", number, NULL);
      JsonObject *sent = trace_find_event (&trace, "signal", 0);
      JsonObject *end = trace_find_event (&trace, "killed", 0);

      g_assert_cmpint (trace.status, ==, -numbers[i]);
      g_assert_cmpstr (trace_string (end, "signal"), ==, name);
      if (numbers[i] == SIGKILL)
        {
          g_assert_null (sent);
          continue;
        }
      g_assert_cmpstr (trace_string (sent, "signal"), ==, name);
      g_assert_cmpstr (trace_string (sent, "code"), ==, "SI_TKILL");
      g_assert_cmpint (trace_number (sent, "sender"), ==, trace_number (sent, "pid"));
      g_assert_false (json_object_has_member (sent, "address"));
    }
}

static void
assert_crash (const char *how, const char *name, const char *code)
{
  g_auto (Trace) trace = trace_run ("crash", how, NULL);
  JsonObject *sent = trace_find_event (&trace, "signal", 0);
  guint64 page = g_ascii_strtoull (trace.out, NULL, 16);

  g_assert_nonnull (sent);
  g_assert_cmpstr (trace_string (sent, "signal"), ==, name);
  g_assert_cmpstr (trace_string (sent, "code"), ==, code);
  g_assert_false (json_object_has_member (sent, "sender"));
  g_assert_cmpuint (g_ascii_strtoull (trace_string (sent, "address"), NULL, 16), ==, page + 16);
  g_assert_cmpstr (trace_string (trace_find_event (&trace, "killed", 0), "signal"), ==, name);
}

static void
test_crash (void)
{
  TRACE_OR_SKIP ();
  assert_crash ("write", "SIGSEGV", "SEGV_ACCERR");
  assert_crash ("bus", "SIGBUS", "BUS_ADRERR");
}

/* --- stopping --- */

/* Its parent sees it stop and go on, as without a tracer. */
static void
test_stop (void)
{
  TRACE_OR_SKIP ();
  g_auto (Trace) trace = trace_run ("stop", NULL);

  g_assert_cmpstr (trace.out, ==, "stopped\ncontinued\n");
  g_assert_cmpint (trace.status, ==, 5);
  g_assert_cmpuint (trace_count_calls (&trace, "munlock", 0), ==, 1);
}

/* It stays stopped until it is told to go on; the tracer does not stop with it. A traced thread
 * that is stopped is in state t. */
static void
test_stop_from_outside (void)
{
  TRACE_OR_SKIP ();
  g_auto (Talk) talk = talk_start (FALSE, "answer", NULL);

  for (int i = 0; i < 20; i++)
    {
      kill (talk.pid, SIGSTOP);
      talk_wait_for_state (talk.pid, 't');
      talk_write (talk.input, "2\n");
      g_assert_cmpint (talk_get_state (talk.tracer_pid), !=, 'T');
      kill (talk.pid, SIGCONT);
      assert_says (talk.output, "done 2");
    }
}

/* To the tracer, to go on: the program is meant. */
static void
test_continue_by_tracer (void)
{
  TRACE_OR_SKIP ();
  g_auto (Talk) talk = talk_start (FALSE, "answer", NULL);

  kill (talk.pid, SIGSTOP);
  talk_wait_for_state (talk.pid, 't');
  talk_write (talk.input, "2\n");
  kill (talk.tracer_pid, SIGCONT);
  assert_says (talk.output, "done 2");
}

/* --- a terminal --- */

static Session
start (const char *act)
{
  const char *argv[] = { TRACER, "-o", "/dev/null", SUBJECT, act, NULL };

  return session_start (argv);
}

/* The terminal sends it to both. SIGUSR1 comes behind: had the tracer passed SIGINT on as well, it
 * would be between. */
static void
test_interrupt (void)
{
  TRACE_OR_SKIP ();
  Session session = start ("signals");

  for (int i = 0; i < 20; i++)
    {
      talk_write (session.terminal, "\x03");
      assert_says (session.terminal, "SIGINT");
      kill (session.job, SIGUSR1);
      assert_says (session.terminal, "SIGUSR1");
    }
  talk_write (session.terminal, "\x1c");
  assert_says (session.terminal, "SIGQUIT");
  kill (session.job, SIGTERM);
  assert_says (session.terminal, "SIGTERM");
  g_assert_cmpint (session_end (&session), ==, 42);
}

/* What the program sends to its own group has reached it, too. */
static void
test_own_group (void)
{
  TRACE_OR_SKIP ();
  const char *argv[] = { "setsid",    "-w",
                         TRACER,      "-o",
                         "/dev/null", "sh",
                         "-c",        "trap 'echo usr1' USR1; kill -USR1 0; sleep 0.2; exit 6",
                         NULL };
  g_autoptr (GSubprocess) process = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL);
  g_autofree char *out = NULL;

  g_subprocess_communicate_utf8 (process, NULL, NULL, &out, NULL, NULL);
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 6);
  g_assert_cmpstr (out, ==, "usr1\n");
}

/* The shell sees it stop, and both go on, also where only the tracer is told to. */
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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trace/signals/passed-on", test_passed_on);
  g_test_add_func ("/trace/signals/ignored", test_ignored);
  g_test_add_func ("/trace/signals/deadly", test_deadly);
  g_test_add_func ("/trace/signals/exit-status", test_exit_status);
  g_test_add_func ("/trace/signals/killed", test_killed);
  g_test_add_func ("/trace/signals/crash", test_crash);
  g_test_add_func ("/trace/signals/stop", test_stop);
  g_test_add_func ("/trace/signals/stop-from-outside", test_stop_from_outside);
  g_test_add_func ("/trace/signals/continue-by-tracer", test_continue_by_tracer);
  g_test_add_func ("/trace/signals/interrupt", test_interrupt);
  g_test_add_func ("/trace/signals/own-group", test_own_group);
  g_test_add_func ("/trace/signals/suspend", test_suspend);
  return g_test_run ();
}
