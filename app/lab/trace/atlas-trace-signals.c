/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Signals of the tracer itself. The terminal sends its own to the whole process group, and a
 * program may signal its group: those have reached the program by themselves and must not arrive
 * twice. */

#include "atlas-trace-signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static const int forwarded[] = { SIGHUP,  SIGINT,   SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2,
                                 SIGALRM, SIGWINCH, SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT };

/* A number would be another process's once the child was waited for. */
static int child_fd = -1;
static pid_t tracer;
static volatile sig_atomic_t is_stopping;

static pid_t
parse_tracer (const char *status)
{
  const char *line = strstr (status, "\nTracerPid:");

  return line != NULL ? (pid_t) atoi (line + strlen ("\nTracerPid:")) : 0;
}

/* "/proc/PID/status", by means that are allowed within a handler. */
static void
write_path (char *path, pid_t pid)
{
  char digits[12];
  size_t first = sizeof digits;

  do
    digits[--first] = (char) ('0' + pid % 10);
  while ((pid /= 10) > 0);
  path = stpcpy (path, "/proc/");
  path = mempcpy (path, digits + first, sizeof digits - first);
  strcpy (path, "/status");
}

/* Whether @pid is one of those that are traced by @tracer. */
static bool
is_traced (pid_t pid)
{
  char path[32], status[1024];
  int file;
  ssize_t length;

  write_path (path, pid);
  file = open (path, O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return false;
  length = read (file, status, sizeof status - 1);
  close (file);
  status[length > 0 ? length : 0] = '\0';
  return parse_tracer (status) == tracer;
}

static void
forward_cb (int number, siginfo_t *info, void *context)
{
  int saved = errno;
  bool is_from_process = info->si_code <= 0 && info->si_pid > 0;

  (void) context;
  if (is_from_process && !is_traced (info->si_pid) && !(number == SIGCONT && is_stopping))
    syscall (SYS_pidfd_send_signal, child_fd, number, NULL, 0);
  errno = saved;
}

int
atlas_trace_signals_forward (pid_t child, pid_t traced_by)
{
  struct sigaction forward = { .sa_sigaction = forward_cb, .sa_flags = SA_SIGINFO };
  struct sigaction no_stops = { .sa_handler = SIG_DFL, .sa_flags = SA_NOCLDSTOP };

  child_fd = (int) syscall (SYS_pidfd_open, child, 0);
  if (child_fd < 0)
    return errno;
  tracer = traced_by;
  sigfillset (&forward.sa_mask);
  for (size_t i = 0; i < sizeof forwarded / sizeof forwarded[0]; i++)
    sigaction (forwarded[i], &forward, NULL);
  /* ignored, it would take the exit statuses away; and a signal for each stop takes time */
  sigaction (SIGCHLD, &no_stops, NULL);
  signal (SIGPIPE, SIG_IGN);
  signal (SIGXFSZ, SIG_IGN);
  return 0;
}

/* Whether what woke this process woke the child, too: there is something to report of it. */
static bool
has_woken (pid_t child)
{
  siginfo_t info = { 0 };

  return waitid (P_PID, (id_t) child, &info,
                 WSTOPPED | WCONTINUED | WEXITED | WNOHANG | WNOWAIT | __WALL)
             != 0
         || info.si_pid != 0;
}

void
atlas_trace_signals_stop_with (pid_t child)
{
  is_stopping = true;
  raise (SIGSTOP);
  if (!has_woken (child))
    syscall (SYS_pidfd_send_signal, child_fd, SIGCONT, NULL, 0);
  is_stopping = false;
}

bool
atlas_trace_signals_is_of_terminal (int number)
{
  return number == SIGTSTP || number == SIGTTIN || number == SIGTTOU;
}

/* Its own core dump is of interest, the tracer's is not. */
static void
die_of (int number)
{
  static const struct rlimit none;
  sigset_t all;

  setrlimit (RLIMIT_CORE, &none);
  prctl (PR_SET_DUMPABLE, 0);
  signal (number, SIG_DFL);
  sigfillset (&all);
  sigprocmask (SIG_UNBLOCK, &all, NULL);
  raise (number);
}

_Noreturn void
atlas_trace_signals_end_alike (int status)
{
  if (!WIFSIGNALED (status))
    exit (WEXITSTATUS (status));
  die_of (WTERMSIG (status));
  exit (128 + WTERMSIG (status));
}
