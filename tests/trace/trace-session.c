/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A terminal with a shell, of which a test is the person. The shell does what matters here: its job
 * is a process group of its own in the foreground, and it is told when that stops. */

#include "trace-session.h"

#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "trace-runner.h"

/* No echo, and lines end as they were written. */
static void
set_terminal (void)
{
  struct termios settings;

  tcgetattr (STDIN_FILENO, &settings);
  settings.c_lflag &= ~(tcflag_t) ECHO;
  settings.c_oflag &= ~(tcflag_t) OPOST;
  tcsetattr (STDIN_FILENO, TCSANOW, &settings);
}

/* A process group of its own, in the foreground. */
static _Noreturn void
be_job (const char *const *argv)
{
  setpgid (0, 0);
  signal (SIGTTOU, SIG_IGN);
  tcsetpgrp (STDIN_FILENO, getpid ());
  signal (SIGTTOU, SIG_DFL);
  execv (argv[0], (char **) argv);
  _exit (99);
}

static _Noreturn void
be_shell (const char *const *argv, int reports)
{
  pid_t job;
  int status;

  set_terminal ();
  job = fork ();
  if (job == 0)
    be_job (argv);
  dprintf (reports, "job %d\n", (int) job);
  while (waitpid (job, &status, WUNTRACED) == job && WIFSTOPPED (status))
    dprintf (reports, "stopped\n");
  dprintf (reports, "ended %d\n", WIFEXITED (status) ? WEXITSTATUS (status) : -WTERMSIG (status));
  _exit (0);
}

static int
read_number (int fd, const char *prefix)
{
  g_autofree char *line = talk_read_line (fd);

  g_assert_nonnull (line);
  g_assert_true (g_str_has_prefix (line, prefix));
  return atoi (line + strlen (prefix));
}

Session
session_start (const char *const *argv)
{
  Session session;
  int ends[2];

  g_assert_cmpint (pipe2 (ends, O_CLOEXEC), ==, 0);
  session.shell = forkpty (&session.terminal, NULL, NULL, NULL);
  g_assert_cmpint (session.shell, >=, 0);
  if (session.shell == 0)
    be_shell (argv, ends[1]);
  close (ends[1]);
  session.reports = ends[0];
  session.job = read_number (session.reports, "job ");
  session.pid = read_number (session.terminal, "ready ");
  return session;
}

int
session_end (Session *session)
{
  int status = read_number (session->reports, "ended ");

  waitpid (session->shell, NULL, 0);
  close (session->terminal);
  close (session->reports);
  return status;
}
