/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Children are killed by PID and waited for, and have the kernel kill them should the benchmark be
 * killed itself, so none is ever left behind. */

#include "bench-children.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static _Noreturn void
live (pid_t parent, int ready, BenchChildFunc work, gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  if (getppid () != parent)
    _exit (EXIT_FAILURE);
  if (work != NULL)
    work (data);
  close (ready);
  for (;;)
    pause ();
}

static gboolean
fork_one (BenchChildren *children, int ready, BenchChildFunc work, gpointer data)
{
  pid_t parent = getpid ();
  pid_t pid = fork ();

  if (pid == 0)
    live (parent, ready, work, data);
  if (pid > 0)
    g_array_append_val (children->pids, pid);
  return pid > 0;
}

static void
kill_one (pid_t pid)
{
  kill (pid, SIGKILL);
  while (waitpid (pid, NULL, 0) < 0 && errno == EINTR)
    ;
}

/* Each child closes its end of the pipe when it is ready: end of file is all of them. */
static void
wait_for_all (int ready)
{
  char byte;

  while (read (ready, &byte, 1) < 0 && errno == EINTR)
    ;
}

guint
bench_children_fork (BenchChildren *children, guint wanted, BenchChildFunc work, gpointer data)
{
  int ready[2];

  if (children->pids == NULL)
    children->pids = g_array_new (FALSE, FALSE, sizeof (pid_t));
  if (pipe (ready) != 0)
    return children->pids->len;
  for (guint i = 0; i < wanted && fork_one (children, ready[1], work, data); i++)
    ;
  close (ready[1]);
  wait_for_all (ready[0]);
  close (ready[0]);
  return children->pids->len;
}

guint
bench_children_spawn (BenchChildren *children, BenchChildFunc work, gpointer data)
{
  if (children->pids == NULL)
    children->pids = g_array_new (FALSE, FALSE, sizeof (pid_t));
  return fork_one (children, -1, work, data) ? 1 : 0;
}

void
bench_children_replace (BenchChildren *children, guint n)
{
  n = MIN (n, children->pids->len);
  for (guint i = 0; i < n; i++)
    kill_one (g_array_index (children->pids, pid_t, i));
  g_array_remove_range (children->pids, 0, n);
  bench_children_fork (children, n, NULL, NULL);
}

void
bench_children_clear (BenchChildren *children)
{
  for (guint i = 0; children->pids != NULL && i < children->pids->len; i++)
    kill (g_array_index (children->pids, pid_t, i), SIGKILL);
  for (guint i = 0; children->pids != NULL && i < children->pids->len; i++)
    kill_one (g_array_index (children->pids, pid_t, i));
  g_clear_pointer (&children->pids, g_array_unref);
}
