/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Beginning and end: what cannot be run or traced, tracers and parents that are killed, readers
 * that are slow or gone, and the promise that lines come before answers. */

#include "trace-runner.h"

#include <gio/gunixinputstream.h>

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- wrong usage --- */

typedef struct
{
  const char *name;
  const char *arguments[6];
  int status;
  const char *mentioned;
} Wrong;

static const Wrong wrongs[] = {
  { "nothing", { NULL }, 125, "no program" },
  { "only-dashes", { "--" }, 125, "no program" },
  { "unknown-option", { "--frobnicate", "true" }, 125, "frobnicate" },
  { "closed-descriptor", { "--output", "987", "true" }, 125, "987" },
  { "no-such-folder", { "--output", "/nonexistent/file", "true" }, 125, "/nonexistent/file" },
  { "no-descriptor", { "--output", "99999999999999999999", "true" }, 125, "99999" },
  { "bad-parent", { "--die-with-parent=x", "true" }, 125, "x" },
  { "no-parent", { "--die-with-parent=0", "true" }, 125, "0" },
  { "no-program", { "no-such-program" }, 127, "no-such-program" },
  { "no-file", { "/nonexistent/program" }, 127, "/nonexistent/program" },
  { "no-executable", { "/etc/passwd" }, 126, "/etc/passwd" },
  { "folder", { "/" }, 126, "/" },
};

static void
test_wrong (gconstpointer data)
{
  const Wrong *wrong = data;
  g_auto (Trace) trace = trace_run_tracer (wrong->arguments);

  if (wrong->status != 125)
    TRACE_OR_SKIP ();
  g_assert_cmpint (trace.status, ==, wrong->status);
  g_assert_nonnull (strstr (trace.err, "memory-atlas-trace: "));
  g_assert_nonnull (strstr (trace.err, wrong->mentioned));
  g_assert_cmpstr (trace.out, ==, "");
}

static void
test_help (void)
{
  const char *help[] = { "--help", NULL };
  const char *version[] = { "--version", NULL };
  g_auto (Trace) helped = trace_run_tracer (help);
  g_auto (Trace) told = trace_run_tracer (version);

  g_assert_cmpint (helped.status, ==, 0);
  g_assert_nonnull (strstr (helped.out, "--output"));
  g_assert_nonnull (strstr (helped.out, "--die-with-parent"));
  g_assert_cmpint (told.status, ==, 0);
  g_assert_true (g_str_has_prefix (told.out, "memory-atlas-trace "));
}

/* Options behind the program are the program's. */
static void
test_options_end (void)
{
  TRACE_OR_SKIP ();
  const char *arguments[] = { "-o", "/dev/null", "sh", "-c", "echo \"$1\"", "sh", "--help", NULL };
  const char *dashed[] = { "-o", "/dev/null", "--", "sh", "-c", "exit 4", NULL };
  g_auto (Trace) trace = trace_run_tracer (arguments);
  g_auto (Trace) other = trace_run_tracer (dashed);

  g_assert_cmpstr (trace.out, ==, "--help\n");
  g_assert_cmpint (other.status, ==, 4);
}

/* Without --output, lines are where complaints are. */
static void
test_standard_error (void)
{
  TRACE_OR_SKIP ();
  const char *arguments[] = { "true", NULL };
  g_auto (Trace) trace = trace_run_tracer (arguments);
  g_autoptr (GPtrArray) lines = trace_parse_lines (trace.err);

  g_assert_cmpint (trace.status, ==, 0);
  g_assert_cmpuint (lines->len, >, 5);
}

/* The reader waits for the end of the pipe: the program must not hold it open. */
static void
test_not_handed_on (void)
{
  TRACE_OR_SKIP ();
  g_autofree char *command = g_strdup_printf (
      "exec 3>/dev/null; exec %s --output 3 sh -c '[ ! -e /proc/self/fd/3 ] && exit 7'", TRACER);
  const char *argv[] = { "sh", "-c", command, NULL };
  g_autoptr (GSubprocess) process = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_NONE, NULL);

  g_subprocess_wait (process, NULL, NULL);
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 7);
}

/* As with any other tracer: who is traced cannot trace. */
static void
test_nested (void)
{
  TRACE_OR_SKIP ();
  const char *argv[] = { TRACER, "-o", "/dev/null", "true", NULL };
  g_auto (Trace) trace = trace_run ("trace", NULL);
  g_auto (Trace) tracer = trace_run_program (argv);

  g_assert_cmpint (trace.status, ==, 0);
  g_assert_cmpstr (trace.out, ==, "EPERM\n");
  g_assert_cmpint (tracer.status, ==, 126);
  g_assert_nonnull (strstr (tracer.err, "refuses"));
}

/* --- refused --- */

/* In the child: the call @number fails, as in a sandbox. */
static void
deny_cb (gpointer number)
{
  struct sock_filter statements[] = {
    BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, nr)),
    BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, (guint) GPOINTER_TO_INT (number), 0, 1),
    BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
    BPF_STMT (BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = { G_N_ELEMENTS (statements), statements };

  if (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0
      || prctl (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
    _exit (99);
}

static void
assert_refused (int number, const char *mentioned)
{
  const char *argv[] = { TRACER, "sh", "-c", "echo ran", NULL };
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GSubprocess) tracer = NULL;
  g_autofree char *out = NULL, *err = NULL;

  g_subprocess_launcher_set_child_setup (launcher, deny_cb, GINT_TO_POINTER (number), NULL);
  tracer = g_subprocess_launcher_spawnv (launcher, argv, NULL);
  g_subprocess_communicate_utf8 (tracer, NULL, NULL, &out, &err, NULL);
  if (g_subprocess_get_exit_status (tracer) == 99)
    {
      g_test_skip ("this machine has no filters of system calls");
      return;
    }
  g_assert_cmpint (g_subprocess_get_exit_status (tracer), ==, 126);
  g_assert_cmpstr (out, ==, "");
  g_assert_true (g_str_has_prefix (err, "memory-atlas-trace: the kernel refuses"));
  g_assert_nonnull (strstr (err, mentioned));
}

static void
test_refused (void)
{
  TRACE_OR_SKIP ();
  assert_refused (SYS_ptrace, "Operation not permitted");
  assert_refused (SYS_seccomp, "filter of system calls");
}

/* What the program is told of new privileges: "0" as for root, "1" where they had to be renounced.
 */
static char *
ask_for_privileges (GSpawnChildSetupFunc setup)
{
  const char *argv[] = { "/proc/self/fd/97",  "-o", "/dev/null", "sed", "-n", "s/^NoNewPrivs:\t//p",
                         "/proc/self/status", NULL };
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr (GSubprocess) tracer = NULL;
  char *out = NULL;

  /* opened here: who has no privilege may not be able to reach it */
  g_subprocess_launcher_take_fd (launcher, open (TRACER, O_RDONLY | O_CLOEXEC), 97);
  g_subprocess_launcher_set_child_setup (launcher, setup, NULL, NULL);
  tracer = g_subprocess_launcher_spawnv (launcher, argv, NULL);
  g_subprocess_communicate_utf8 (tracer, NULL, NULL, &out, NULL, NULL);
  g_assert_cmpint (g_subprocess_get_exit_status (tracer), ==, 0);
  return g_strchomp (out);
}

static void
become_nobody_cb (gpointer user_data)
{
  if (setgroups (0, NULL) != 0 || setresgid (65534, 65534, 65534) != 0
      || setresuid (65534, 65534, 65534) != 0)
    _exit (99);
}

static void
stay_cb (gpointer user_data)
{
}

static void
test_privileges (void)
{
  TRACE_OR_SKIP ();
  g_autofree char *kept = NULL, *renounced = NULL;

  if (geteuid () != 0)
    {
      g_test_skip ("only root can become another user");
      return;
    }
  kept = ask_for_privileges (stay_cb);
  renounced = ask_for_privileges (become_nobody_cb);
  g_assert_cmpstr (kept, ==, "0");
  g_assert_cmpstr (renounced, ==, "1");
}

/* --- killed --- */

static const char *const busy_acts[] = { "loop", "busy", "answer" };

static void
test_tracer_killed (void)
{
  TRACE_OR_SKIP ();
  for (int i = 0; i < 20; i++)
    {
      g_auto (Talk) talk = talk_start (FALSE, busy_acts[i % G_N_ELEMENTS (busy_acts)], NULL);

      kill (talk.tracer_pid, SIGKILL);
      g_assert_cmpint (talk_wait (&talk), ==, -SIGKILL);
      talk_wait_until_gone (talk.pid);
    }
}

/* At any time, from before the program runs. */
static void
test_tracer_killed_early (void)
{
  TRACE_OR_SKIP ();
  for (guint i = 0; i < 100; i++)
    {
      const char *argv[] = { TRACER, "-o", "/dev/null", SUBJECT, "loop", NULL };
      g_autoptr (GSubprocess) tracer =
          g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL);
      int output =
          g_unix_input_stream_get_fd (G_UNIX_INPUT_STREAM (g_subprocess_get_stdout_pipe (tracer)));
      g_autofree char *ready = NULL, *after = NULL;

      g_usleep (i * 50);
      g_subprocess_force_exit (tracer);
      /* the end of its output is the end of the program: nobody else holds it */
      ready = talk_read_line (output);
      after = ready != NULL ? talk_read_line (output) : NULL;
      g_assert_null (after);
    }
}

static void
test_program_killed (void)
{
  TRACE_OR_SKIP ();
  for (int i = 0; i < 50; i++)
    {
      g_auto (Talk) talk = talk_start (FALSE, busy_acts[i % G_N_ELEMENTS (busy_acts)], NULL);

      g_usleep ((gulong) (i % 10) * 300);
      kill (talk.pid, SIGKILL);
      g_assert_cmpint (talk_wait (&talk), ==, -SIGKILL);
    }
}

/* A process between the test and the tracer, which is killed. */
static void
test_parent_killed (void)
{
  TRACE_OR_SKIP ();
  const char *argv[] = {
    "sh", "-c", "\"$0\" --die-with-parent=$$ -o /dev/null \"$1\" loop & wait", TRACER, SUBJECT, NULL
  };
  g_autoptr (GSubprocess) parent = g_subprocess_newv (
      argv, G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL);
  int output =
      g_unix_input_stream_get_fd (G_UNIX_INPUT_STREAM (g_subprocess_get_stdout_pipe (parent)));
  g_autofree char *ready = talk_read_line (output);
  gint pid = atoi (ready + strlen ("ready "));

  g_subprocess_force_exit (parent);
  talk_wait_until_gone (pid);
}

/* One that is not its parent, or not any more. */
static void
test_parent_gone (void)
{
  const char *arguments[] = { "--die-with-parent=1", "sh", "-c", "echo ran", NULL };
  g_auto (Trace) trace = trace_run_tracer (arguments);

  if (getpid () == 1)
    {
      g_test_skip ("the test itself is process 1");
      return;
    }
  g_assert_cmpint (trace.status, ==, 125);
  g_assert_cmpstr (trace.out, ==, "");
}

/* --- readers --- */

static void
test_reader_gone (void)
{
  TRACE_OR_SKIP ();
  g_auto (Talk) talk = talk_start (TRUE, "answer", NULL);
  g_autofree char *many = NULL, *few = NULL;

  talk_write (talk.input, "10\n");
  few = talk_read_line (talk.output);
  g_assert_cmpstr (few, ==, "done 10");
  close (talk.lines);
  talk.lines = -1;
  talk_write (talk.input, "2000\n");
  many = talk_read_line (talk.output);
  g_assert_cmpstr (many, ==, "done 2000");
  close (talk.input);
  talk.input = -1;
  g_assert_cmpint (talk_wait (&talk), ==, 0);
}

/* As with a disk that is full: said once, and the program goes on. */
static void
test_full_disk (void)
{
  TRACE_OR_SKIP ();
  const char *arguments[] = { "-o", "/dev/full", "sh", "-c", "exit 3", NULL };
  g_auto (Trace) trace = trace_run_tracer (arguments);

  g_assert_cmpint (trace.status, ==, 3);
  g_assert_nonnull (strstr (trace.err, "No space left on device"));
  g_assert_cmpuint (strlen (strchr (trace.err, '\n')), ==, 1);
}

static guint
count_locks (const char *line)
{
  return strstr (line, "\"call\":\"munlock\"") != NULL && strstr (line, "\"result\"") != NULL;
}

static int
count_ready_bytes (int fd)
{
  int n = 0;

  g_assert_cmpint (ioctl (fd, FIONREAD, &n), ==, 0);
  return n;
}

/* The pipe is full long before: tracer and program wait, and nothing is lost. */
static void
test_slow_reader (void)
{
  TRACE_OR_SKIP ();
  g_auto (Talk) talk = talk_start (TRUE, "answer", NULL);
  g_autofree char *answer = NULL;
  struct pollfd wait = { .fd = talk.output, .events = POLLIN };
  int before = -1;
  guint n = 0;

  talk_write (talk.input, "1000\n");
  while (count_ready_bytes (talk.lines) != before || before == 0)
    {
      before = count_ready_bytes (talk.lines);
      g_usleep (200000);
    }
  g_assert_cmpint (poll (&wait, 1, 0), ==, 0);
  while (n < 1000)
    {
      g_autofree char *line = talk_read_line (talk.lines);

      g_assert_nonnull (line);
      n += count_locks (line);
    }
  answer = talk_read_line (talk.output);
  g_assert_cmpstr (answer, ==, "done 1000");
}

/* A pipe that its reader made non-blocking on this side as well. */
static void
test_non_blocking (void)
{
  TRACE_OR_SKIP ();
  g_auto (Talk) talk = talk_start (TRUE, "answer", NULL);
  g_autofree char *path = g_strdup_printf ("/proc/%d/fd/3", talk.tracer_pid);
  g_autofree char *answer = NULL;
  int pid_fd = (int) syscall (SYS_pidfd_open, talk.tracer_pid, 0);
  int theirs = (int) syscall (438 /* pidfd_getfd */, pid_fd, 3, 0);
  guint n = 0;

  g_assert_cmpint (theirs, >=, 0);
  fcntl (theirs, F_SETFL, O_NONBLOCK);
  close (theirs);
  close (pid_fd);
  talk_write (talk.input, "1000\n");
  while (n < 1000)
    {
      g_autofree char *line = talk_read_line (talk.lines);

      n += count_locks (line);
    }
  answer = talk_read_line (talk.output);
  g_assert_cmpstr (answer, ==, "done 1000");
}

/* --- the promise --- */

/* All that can be read without waiting, once there is an answer. */
static guint
count_ready_locks (int lines)
{
  int n_bytes = count_ready_bytes (lines);
  g_autofree char *text = g_malloc0 ((gsize) n_bytes + 1);
  g_auto (GStrv) each = NULL;
  guint n = 0;

  g_assert_cmpint (read (lines, text, (gsize) n_bytes), ==, n_bytes);
  each = g_strsplit (text, "\n", -1);
  for (guint i = 0; each[i] != NULL; i++)
    n += count_locks (each[i]);
  return n;
}

static void
test_order (void)
{
  TRACE_OR_SKIP ();
  g_auto (Talk) talk = talk_start (TRUE, "answer", NULL);

  for (guint i = 1; i <= 300; i++)
    {
      g_autofree char *command = g_strdup_printf ("%u\n", i % 20);
      g_autofree char *expected = g_strdup_printf ("done %u", i % 20);
      g_autofree char *answer = NULL;

      talk_write (talk.input, command);
      answer = talk_read_line (talk.output);
      g_assert_cmpuint (count_ready_locks (talk.lines), ==, i % 20);
      g_assert_cmpstr (answer, ==, expected);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (wrongs); i++)
    {
      g_autofree char *path = g_strconcat ("/trace/lifetime/wrong/", wrongs[i].name, NULL);

      g_test_add_data_func (path, &wrongs[i], test_wrong);
    }
  g_test_add_func ("/trace/lifetime/help", test_help);
  g_test_add_func ("/trace/lifetime/options-end", test_options_end);
  g_test_add_func ("/trace/lifetime/standard-error", test_standard_error);
  g_test_add_func ("/trace/lifetime/not-handed-on", test_not_handed_on);
  g_test_add_func ("/trace/lifetime/nested", test_nested);
  g_test_add_func ("/trace/lifetime/refused", test_refused);
  g_test_add_func ("/trace/lifetime/privileges", test_privileges);
  g_test_add_func ("/trace/lifetime/tracer-killed", test_tracer_killed);
  g_test_add_func ("/trace/lifetime/tracer-killed-early", test_tracer_killed_early);
  g_test_add_func ("/trace/lifetime/program-killed", test_program_killed);
  g_test_add_func ("/trace/lifetime/parent-killed", test_parent_killed);
  g_test_add_func ("/trace/lifetime/parent-gone", test_parent_gone);
  g_test_add_func ("/trace/lifetime/reader-gone", test_reader_gone);
  g_test_add_func ("/trace/lifetime/full-disk", test_full_disk);
  g_test_add_func ("/trace/lifetime/slow-reader", test_slow_reader);
  g_test_add_func ("/trace/lifetime/non-blocking", test_non_blocking);
  g_test_add_func ("/trace/lifetime/order", test_order);
  return g_test_run ();
}
