/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The child waits until it is attached, sets up its filter and becomes the program. The end of the
 * pipe it waits at is the end of it, so that it never outlives a tracer that was killed before. */

#include "atlas-trace-launch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "atlas-trace-complain.h"
#include "atlas-trace-filter.h"

#define OPTIONS                                                                                    \
  (0L | PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACESECCOMP | PTRACE_O_TRACEFORK     \
   | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC)

static void
wait_until_attached (int pipe_end)
{
  char byte;
  ssize_t got;

  do
    got = read (pipe_end, &byte, 1);
  while (got < 0 && errno == EINTR);
  if (got != 1)
    _exit (ATLAS_TRACE_EXIT_FAILED);
}

static _Noreturn void
become_program (char **argv, int pipe_end)
{
  int problem;

  wait_until_attached (pipe_end);
  problem = atlas_trace_filter_install ();
  if (problem != 0)
    atlas_trace_die (ATLAS_TRACE_EXIT_REFUSED, "the kernel refuses the filter of system calls: %s",
                     strerror (problem));
  execvp (argv[0], argv);
  problem = errno;
  atlas_trace_die (problem == ENOENT ? ATLAS_TRACE_EXIT_NOT_FOUND : ATLAS_TRACE_EXIT_REFUSED,
                   "%s: %s", argv[0], strerror (problem));
}

static _Noreturn void
give_up (pid_t child, int problem)
{
  kill (child, SIGKILL);
  waitpid (child, NULL, 0);
  atlas_trace_die (ATLAS_TRACE_EXIT_REFUSED, "the kernel refuses to let a program be traced: %s%s",
                   strerror (problem),
                   problem == EPERM ? " (see /proc/sys/kernel/yama/ptrace_scope, and whether "
                                      "this runs in a sandbox or is traced itself)"
                                    : "");
}

pid_t
atlas_trace_launch (char **argv)
{
  int ends[2];
  pid_t child;

  if (pipe2 (ends, O_CLOEXEC) != 0)
    atlas_trace_die (ATLAS_TRACE_EXIT_FAILED, "pipe: %s", strerror (errno));
  child = fork ();
  if (child < 0)
    atlas_trace_die (ATLAS_TRACE_EXIT_FAILED, "fork: %s", strerror (errno));
  if (child == 0)
    {
      close (ends[1]);
      become_program (argv, ends[0]);
    }
  close (ends[0]);
  if (ptrace (PTRACE_SEIZE, child, NULL, (void *) OPTIONS) != 0)
    give_up (child, errno);
  if (write (ends[1], "", 1) != 1)
    give_up (child, errno);
  close (ends[1]);
  return child;
}
