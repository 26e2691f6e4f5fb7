/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The table of threads. Names are read for each line, as threads can rename one another: a file
 * that stays open makes that cheap, and where there are too many threads for that, it is opened
 * each time. */

#include "atlas-trace-task.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "atlas-trace-complain.h"

#define N_BUCKETS 1024u
/* Leaves room within the usual limit of 1,024 open files. */
#define MOST_NAME_FDS 400

static AtlasTraceTask *buckets[N_BUCKETS];
static unsigned n_tasks, n_name_fds;

static AtlasTraceTask **
get_bucket (pid_t tid)
{
  return &buckets[(unsigned) tid % N_BUCKETS];
}

AtlasTraceTask *
atlas_trace_task_find (pid_t tid)
{
  AtlasTraceTask *task = *get_bucket (tid);

  while (task != NULL && task->tid != tid)
    task = task->next;
  return task;
}

static void
close_name (AtlasTraceTask *task)
{
  if (task->name_fd < 0)
    return;
  close (task->name_fd);
  task->name_fd = -1;
  n_name_fds--;
}

AtlasTraceTask *
atlas_trace_task_add (pid_t tid, pid_t pid)
{
  AtlasTraceTask *task = atlas_trace_task_find (tid);
  AtlasTraceTask **bucket = get_bucket (tid);

  if (task != NULL)
    atlas_trace_task_remove (task);
  task = calloc (1, sizeof *task);
  if (task == NULL)
    atlas_trace_die (ATLAS_TRACE_EXIT_FAILED, "there is no memory left");
  task->next = *bucket;
  task->tid = tid;
  task->name_fd = -1;
  task->pid = pid;
  *bucket = task;
  n_tasks++;
  return task;
}

void
atlas_trace_task_remove (AtlasTraceTask *task)
{
  AtlasTraceTask **link = get_bucket (task->tid);

  while (*link != task)
    link = &(*link)->next;
  *link = task->next;
  close_name (task);
  atlas_trace_text_free (&task->line);
  free (task);
  n_tasks--;
}

unsigned
atlas_trace_task_count (void)
{
  return n_tasks;
}

void
atlas_trace_task_each_held (void (*act) (AtlasTraceTask *task))
{
  for (unsigned i = 0; i < N_BUCKETS; i++)
    for (AtlasTraceTask *task = buckets[i]; task != NULL; task = task->next)
      if (task->held)
        act (task);
}

void
atlas_trace_task_set_pid (AtlasTraceTask *task, pid_t pid)
{
  close_name (task);
  task->pid = pid;
}

void
atlas_trace_task_copy_name (AtlasTraceTask *task, const AtlasTraceTask *creator)
{
  memcpy (task->name, creator->name, creator->name_length);
  task->name_length = creator->name_length;
}

static int
open_name (const AtlasTraceTask *task)
{
  char path[64];

  snprintf (path, sizeof path, "/proc/%d/task/%d/comm", (int) task->pid, (int) task->tid);
  return open (path, O_RDONLY | O_CLOEXEC);
}

/* The kernel ends it with a newline; others are part of the name. */
static void
read_name (AtlasTraceTask *task, int file)
{
  char name[ATLAS_TRACE_NAME_ROOM];
  ssize_t length = pread (file, name, sizeof name, 0);

  if (length <= 0)
    return;
  if (name[length - 1] == '\n')
    length--;
  memcpy (task->name, name, (size_t) length);
  task->name_length = (size_t) length;
}

void
atlas_trace_task_refresh_name (AtlasTraceTask *task)
{
  int file = task->name_fd >= 0 ? task->name_fd : open_name (task);

  if (file < 0)
    return;
  read_name (task, file);
  if (task->name_fd >= 0)
    return;
  if (n_name_fds < MOST_NAME_FDS)
    {
      task->name_fd = file;
      n_name_fds++;
    }
  else
    close (file);
}
