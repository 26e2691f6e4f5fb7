/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the kernel reports of the traced threads, one thing after the other, and letting each go on.
 * A thread may be killed at any time, so that any request may find it gone: its end is reported
 * nevertheless, and that is where it is dealt with. */

#include "atlas-trace-loop.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "atlas-trace-complain.h"
#include "atlas-trace-lines.h"
#include "atlas-trace-output.h"
#include "atlas-trace-signals.h"

#define SYSCALL_STOP (SIGTRAP | 0x80)
/* How long a thread waits for its creator to be heard of, and how often that is looked at. */
#define MOST_HELD_ROUNDS 100
#define HELD_ROUND_NS 1000000

typedef struct __ptrace_syscall_info CallInfo;

static pid_t program;
static int program_status;
static bool is_running; /* it has become the program; before, it was the tracer's own code */
static unsigned n_held;

/* --- letting go on --- */

static void
go_on (const AtlasTraceTask *task, int signal)
{
  ptrace (task->in_call ? PTRACE_SYSCALL : PTRACE_CONT, task->tid, NULL,
          (void *) (intptr_t) signal);
}

static bool
is_stop_signal (int number)
{
  return number == SIGSTOP || number == SIGTSTP || number == SIGTTIN || number == SIGTTOU;
}

/* Its first stop, a stop of its whole process, or the end of such a stop. */
static void
handle_group_stop (const AtlasTraceTask *task, int number)
{
  if (!is_stop_signal (number))
    {
      go_on (task, 0);
      return;
    }
  ptrace (PTRACE_LISTEN, task->tid, NULL, NULL);
  if (task->tid == program && atlas_trace_signals_is_of_terminal (number)
      && getpgid (program) == getpgrp ())
    atlas_trace_signals_stop_with (program);
}

/* --- calls --- */

static bool
read_info (const AtlasTraceTask *task, CallInfo *info)
{
  return ptrace (PTRACE_GET_SYSCALL_INFO, task->tid, (void *) sizeof *info, info) > 0;
}

static void
handle_call (AtlasTraceTask *task)
{
  const AtlasTraceCall *call = NULL;
  CallInfo info;

  if (is_running && atlas_trace_output_is_open () && read_info (task, &info)
      && info.op == PTRACE_SYSCALL_INFO_SECCOMP && info.arch == ATLAS_TRACE_ARCHITECTURE)
    call = atlas_trace_call_find (info.seccomp.nr);
  if (call != NULL)
    {
      atlas_trace_lines_begin_call (task, call, (const uint64_t *) info.seccomp.args);
      task->in_call = true;
    }
  go_on (task, 0);
}

static void
handle_return (AtlasTraceTask *task)
{
  CallInfo info;

  if (task->in_call)
    {
      if (read_info (task, &info) && info.op == PTRACE_SYSCALL_INFO_EXIT)
        atlas_trace_lines_end_call (task, info.exit.rval, info.exit.is_error);
      else
        atlas_trace_lines_lose_call (task);
    }
  task->in_call = false;
  go_on (task, 0);
}

/* --- processes and threads --- */

static unsigned long
read_message (const AtlasTraceTask *task)
{
  unsigned long message = 0;

  ptrace (PTRACE_GETEVENTMSG, task->tid, NULL, &message);
  return message;
}

/* What the kernel calls a clone may be a thread or a process. */
static bool
is_thread_of (pid_t pid, pid_t tid)
{
  char path[64];

  snprintf (path, sizeof path, "/proc/%d/task/%d", (int) pid, (int) tid);
  return access (path, F_OK) == 0;
}

static void
let_in (AtlasTraceTask *task, pid_t pid)
{
  atlas_trace_task_set_pid (task, pid);
  if (!task->held)
    return;
  task->held = false;
  n_held--;
  handle_group_stop (task, WSTOPSIG (task->status));
}

/* The line of the child is out before the child runs, whichever of the two was heard of first. */
static void
handle_child (AtlasTraceTask *task)
{
  pid_t tid = (pid_t) read_message (task);
  bool is_thread = is_thread_of (task->pid, tid);
  AtlasTraceTask *child = atlas_trace_task_find (tid);

  if (tid > 0)
    {
      atlas_trace_lines_child (task, is_thread ? "thread" : "fork", tid);
      if (child == NULL || !(child->held || child->is_orphan))
        child = atlas_trace_task_add (tid, 0);
      child->is_orphan = false;
      atlas_trace_task_copy_name (child, task);
      let_in (child, is_thread ? task->pid : tid);
    }
  go_on (task, 0);
}

static pid_t
read_pid (pid_t tid)
{
  char path[64], status[1024] = "";
  const char *line;
  int file;

  snprintf (path, sizeof path, "/proc/%d/status", (int) tid);
  file = open (path, O_RDONLY | O_CLOEXEC);
  if (file < 0 || read (file, status, sizeof status - 1) < 0)
    status[0] = '\0';
  if (file >= 0)
    close (file);
  line = strstr (status, "\nTgid:");
  return line != NULL ? (pid_t) atoi (line + strlen ("\nTgid:")) : tid;
}

/* Its creator was killed before it could tell of it, or is very slow to. */
static void
let_in_orphan (AtlasTraceTask *task)
{
  pid_t pid = read_pid (task->tid);

  task->is_orphan = true;
  atlas_trace_task_set_pid (task, pid);
  if (pid == task->tid && atlas_trace_output_is_open ())
    atlas_trace_lines_program (task, "start");
  let_in (task, pid);
}

static void
hold (pid_t tid, int status)
{
  AtlasTraceTask *task = atlas_trace_task_add (tid, 0);

  task->held = true;
  task->status = status;
  n_held++;
}

/* All other threads are gone, and this one has the number of the first, whose end is not reported.
 */
static void
take_over (AtlasTraceTask *task)
{
  pid_t former = (pid_t) read_message (task);
  AtlasTraceTask *other = former != task->tid ? atlas_trace_task_find (former) : NULL;

  if (task->in_call)
    atlas_trace_lines_lose_call (task);
  task->in_call = false;
  if (other != NULL)
    atlas_trace_task_remove (other);
}

static void
handle_exec (AtlasTraceTask *task)
{
  take_over (task);
  atlas_trace_lines_program (task, is_running ? "exec" : "start");
  is_running = true;
  go_on (task, 0);
}

/* --- signals and the end --- */

static void
handle_signal (AtlasTraceTask *task, int number)
{
  siginfo_t info;

  if (is_running && atlas_trace_output_is_open ()
      && ptrace (PTRACE_GETSIGINFO, task->tid, NULL, &info) == 0)
    atlas_trace_lines_signal (task, &info);
  go_on (task, number);
}

static void
handle_end (AtlasTraceTask *task, int status)
{
  if (task->in_call)
    atlas_trace_lines_lose_call (task);
  if (task->tid == task->pid && is_running)
    atlas_trace_lines_end (task, status);
  if (task->held)
    n_held--;
  if (task->tid == program)
    program_status = status;
  atlas_trace_task_remove (task);
}

/* --- the loop --- */

static void
handle_stop (AtlasTraceTask *task, int status)
{
  switch (status >> 16)
    {
    case PTRACE_EVENT_SECCOMP:
      handle_call (task);
      break;
    case PTRACE_EVENT_FORK:
    case PTRACE_EVENT_VFORK:
    case PTRACE_EVENT_CLONE:
      handle_child (task);
      break;
    case PTRACE_EVENT_EXEC:
      handle_exec (task);
      break;
    case PTRACE_EVENT_STOP:
      handle_group_stop (task, WSTOPSIG (status));
      break;
    default:
      if (WSTOPSIG (status) == SYSCALL_STOP)
        handle_return (task);
      else
        handle_signal (task, WSTOPSIG (status));
    }
}

static void
handle (pid_t tid, int status)
{
  AtlasTraceTask *task = atlas_trace_task_find (tid);

  if (!WIFSTOPPED (status))
    {
      if (task != NULL)
        handle_end (task, status);
    }
  else if (task != NULL)
    handle_stop (task, status);
  else if (status >> 16 == PTRACE_EVENT_STOP)
    hold (tid, status);
  else
    handle_stop (atlas_trace_task_add (tid, read_pid (tid)), status);
}

/* While a thread waits for its creator, not for ever: the creator may have been killed. Gives 0
 * when it was too long. */
static pid_t
wait_briefly (int *status)
{
  const struct timespec pause = { 0, HELD_ROUND_NS };

  for (int i = 0; i < MOST_HELD_ROUNDS; i++)
    {
      pid_t tid = waitpid (-1, status, __WALL | WNOHANG);

      if (tid != 0)
        return tid;
      nanosleep (&pause, NULL);
    }
  return 0;
}

int
atlas_trace_loop (pid_t pid)
{
  program = pid;
  atlas_trace_task_add (pid, pid);
  while (atlas_trace_task_count () > 0)
    {
      int status;
      pid_t tid = n_held > 0 ? wait_briefly (&status) : waitpid (-1, &status, __WALL);

      if (tid > 0)
        handle (tid, status);
      else if (tid == 0)
        atlas_trace_task_each_held (let_in_orphan);
      else if (errno != EINTR)
        break;
    }
  return program_status;
}
