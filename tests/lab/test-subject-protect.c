/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What protects the machine from experiments: the limits, and that nothing is left behind, however
 * the parent ends. */

#include "memory-oracle.h"
#include "subject-client.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Far more than it takes; a test that waits so long has failed. */
#define PATIENCE_MS 30000
#define MIB (G_GUINT64_CONSTANT (1) << 20)

static void
test_limits (void)
{
  g_autoptr (Subject) subject = subject_new ();
  gint pid = subject_get_pid (subject);
  g_autofree char *meminfo = NULL;
  g_autofree char *adjustment = oracle_read (pid, "oom_score_adj");
  guint64 expected = 1024 * MIB;
  struct rlimit as;
  struct rlimit core;

  prlimit (pid, RLIMIT_AS, NULL, &as);
  prlimit (pid, RLIMIT_CORE, NULL, &core);
  g_assert_cmpuint (core.rlim_cur, ==, 0);
  g_assert_cmpuint (core.rlim_max, ==, 0);
  g_assert_cmpstr (adjustment, ==, "1000\n");
  g_assert_cmpuint (oracle_get_status (pid, "NoNewPrivs"), ==, 1);
  g_assert_cmpuint (as.rlim_cur, ==,
                    subject_answer_get_number (subject_get_greeting (subject), "limit_as"));
  g_assert_cmpuint (as.rlim_cur, <=, expected);
  g_assert_true (g_file_get_contents ("/proc/meminfo", &meminfo, NULL, NULL));
  expected =
      g_ascii_strtoull (strstr (meminfo, "MemAvailable:") + strlen ("MemAvailable:"), NULL, 10);
  /* what is available changes while we look */
  if (expected / 4 > 1100 * 1024)
    g_assert_cmpuint (as.rlim_cur, ==, 1024 * MIB);
  else
    g_assert_cmpuint (as.rlim_cur, <=, expected * 1024 / 2);
}

static void
assert_address_space (const char *const *options, const char *expected)
{
  g_autoptr (Subject) subject = subject_new_with (SUBJECT, options, FALSE);
  g_autofree char *soft = subject_get_text (subject, "soft", "getrlimit as");

  g_assert_cmpstr (soft, ==, expected);
}

static void
test_options (void)
{
  static const char *const size[] = { "--address-space", "300M", NULL };
  static const char *const equals[] = { "--address-space=200M", NULL };
  static const char *const unlimited[] = { "--address-space", "unlimited", NULL };

  assert_address_space (size, "314572800");
  assert_address_space (equals, "209715200");
  assert_address_space (unlimited, "unlimited");
}

static void
run_program (const char *options, int status, const char *output, const char *errors)
{
  g_autofree char *command = g_strdup_printf ("%s %s", SUBJECT, options);
  g_autofree char *found_output = NULL;
  g_autofree char *found_errors = NULL;
  int found_status;

  g_assert_true (
      g_spawn_command_line_sync (command, &found_output, &found_errors, &found_status, NULL));
  g_assert_cmpint (WEXITSTATUS (found_status), ==, status);
  g_assert_true (g_str_has_prefix (found_output, output));
  g_assert_true (g_str_has_prefix (found_errors, errors));
}

static void
test_command_line (void)
{
  run_program ("--help", 0, "Usage: memory-atlas-lab", "");
  run_program ("--version", 0, "memory-atlas-lab 0", "");
  run_program ("--nonsense", 2, "", "Usage: ");
  run_program ("--address-space", 2, "", "Usage: ");
  run_program ("--address-space=x", 2, "", "Usage: ");
  run_program ("--address-spaces 1G", 2, "", "Usage: ");
  run_program ("more", 2, "", "Usage: ");
}

/* A lower limit that is there already stays. */
static void
set_low_limit_cb (gpointer data)
{
  const struct rlimit low = { 100 * MIB, RLIM_INFINITY };

  setrlimit (RLIMIT_AS, &low);
}

static void
test_inherited_limit (void)
{
  char *arguments[] = { (char *) SUBJECT, NULL };
  g_autofree char *output = NULL;

  g_assert_true (
      g_spawn_sync (NULL, arguments, NULL, 0, set_low_limit_cb, NULL, &output, NULL, NULL, NULL));
  g_assert_nonnull (strstr (output, " limit_as=104857600 "));
}

static int
hold (pid_t pid)
{
  int pidfd = (int) syscall (SYS_pidfd_open, pid, 0);

  g_assert_cmpint (pidfd, >=, 0);
  return pidfd;
}

/* Waits for its end; @pidfd is closed. */
static void
await_end (int pidfd, const char *who)
{
  struct pollfd wait = { pidfd, POLLIN, 0 };

  if (poll (&wait, 1, PATIENCE_MS) != 1)
    g_error ("%s is left behind", who);
  close (pidfd);
}

/* Subject, child and grandchild. */
typedef struct
{
  int subject, child, grandchild;
} Family;

static Family
hold_family (Subject *subject)
{
  Family family = { .subject = hold (subject_get_pid (subject)) };

  family.child = hold ((pid_t) subject_get (subject, "pid", "fork k"));
  family.grandchild = hold ((pid_t) subject_get (subject, "pid", "child k fork g"));
  subject_do (subject, "fork another");
  return family;
}

static void
await_end_of_family (const Family *family)
{
  await_end (family->subject, "the subject");
  await_end (family->child, "its child");
  await_end (family->grandchild, "its grandchild");
}

static void
test_killed (void)
{
  static const int signals[] = { SIGKILL, SIGTERM, SIGSEGV, SIGHUP };

  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
    {
      g_autoptr (Subject) subject = subject_new ();
      Family family = hold_family (subject);

      kill (subject_get_pid (subject), signals[i]);
      await_end_of_family (&family);
      g_assert_cmpint (WTERMSIG (subject_wait (subject)), ==, signals[i]);
    }
}

static void
test_hung_up (void)
{
  g_autoptr (Subject) subject = subject_new ();
  Family family = hold_family (subject);

  subject_hang_up (subject);
  await_end_of_family (&family);
}

static void
test_exit (void)
{
  g_autoptr (Subject) subject = subject_new ();
  Family family = hold_family (subject);

  subject_do (subject, "exit 5");
  await_end_of_family (&family);
  g_assert_cmpint (WEXITSTATUS (subject_wait (subject)), ==, 5);
}

/* One that is stopped reads no end of file. */
static void
test_stopped (void)
{
  g_autoptr (Subject) subject = subject_new ();
  g_autoptr (SubjectAnswer) child = subject_ask (subject, "fork k");
  g_autoptr (SubjectAnswer) grandchild = subject_ask (subject, "child k fork g");
  pid_t pid = (pid_t) subject_answer_get_number (child, "pid");
  pid_t below = (pid_t) subject_answer_get_number (grandchild, "pid");
  Family family = { hold (subject_get_pid (subject)), hold (pid), hold (below) };

  kill (below, SIGSTOP);
  kill (pid, SIGSTOP);
  subject_hang_up (subject);
  await_end_of_family (&family);
}

static char *
read_line (int fd)
{
  GString *line = g_string_new (NULL);
  char c;

  while (read (fd, &c, 1) == 1 && c != '\n')
    g_string_append_c (line, c);
  return g_string_free (line, FALSE);
}

/* In a process of its own: starts the subject and tells its PID, then lives until it is killed. */
static _Noreturn void
be_parent (const int input[2], const int output[2])
{
  pid_t pid = fork ();

  if (pid == 0)
    {
      dup2 (input[0], STDIN_FILENO);
      dup2 (output[1], STDOUT_FILENO);
      execl (SUBJECT, SUBJECT, NULL);
      _exit (127);
    }
  for (;;)
    pause ();
}

/* The pipes stay open, held by this process: only its parent's death ends the subject. */
static void
test_orphaned (void)
{
  g_autofree char *greeting = NULL;
  g_autofree char *answer = NULL;
  int input[2];
  int output[2];
  pid_t parent;
  int subject = 0;
  int child = 0;

  g_assert_cmpint (pipe (input), ==, 0);
  g_assert_cmpint (pipe (output), ==, 0);
  parent = fork ();
  if (parent == 0)
    be_parent (input, output);
  greeting = read_line (output[0]);
  g_assert_cmpint (sscanf (greeting, "ok pid=%d", &subject), ==, 1);
  g_assert_cmpint (write (input[1], "fork k\n", 7), ==, 7);
  answer = read_line (output[0]);
  g_assert_cmpint (sscanf (answer, "ok pid=%d", &child), ==, 1);
  subject = hold (subject);
  child = hold (child);
  kill (parent, SIGKILL);
  await_end (subject, "the subject");
  await_end (child, "its child");
  waitpid (parent, NULL, 0);
  for (int i = 0; i < 2; i++)
    {
      close (input[i]);
      close (output[i]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lab/protect/limits", test_limits);
  g_test_add_func ("/lab/protect/options", test_options);
  g_test_add_func ("/lab/protect/command-line", test_command_line);
  g_test_add_func ("/lab/protect/inherited-limit", test_inherited_limit);
  g_test_add_func ("/lab/protect/killed", test_killed);
  g_test_add_func ("/lab/protect/hung-up", test_hung_up);
  g_test_add_func ("/lab/protect/exit", test_exit);
  g_test_add_func ("/lab/protect/stopped", test_stopped);
  g_test_add_func ("/lab/protect/orphaned", test_orphaned);
  return g_test_run ();
}
