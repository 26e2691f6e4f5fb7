/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The threads that are traced. */

#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "atlas-trace-values.h"

#define ATLAS_TRACE_NAME_ROOM 64

typedef struct AtlasTraceTask AtlasTraceTask;

struct AtlasTraceTask
{
  AtlasTraceTask *next; /* in its bucket */
  pid_t tid;
  pid_t pid;              /* of its process; 0 while it is not known: see held */
  int name_fd;            /* /proc/PID/task/TID/comm, or -1 */
  bool held;              /* it reported before its creator did: it waits in its first stop */
  int status;             /* of that stop */
  bool is_orphan;         /* it was let go on without its creator having been heard of */
  bool in_call;           /* a call was begun and its end is awaited */
  AtlasTraceValue result; /* how to write what it gives */
  AtlasTraceText line;    /* its line, as far as it is known */
  char name[ATLAS_TRACE_NAME_ROOM];
  size_t name_length;
};

/* NULL if it is not known. */
AtlasTraceTask *atlas_trace_task_find (pid_t tid);
/* Adds thread @tid of process @pid, anew if a thread of that number was known. */
AtlasTraceTask *atlas_trace_task_add (pid_t tid, pid_t pid);
void atlas_trace_task_remove (AtlasTraceTask *task);
unsigned atlas_trace_task_count (void);
/* Calls @act for each that is held; it may let it go, and must add and remove none. */
void atlas_trace_task_each_held (void (*act) (AtlasTraceTask *task));

/* Says which process the thread belongs to, once that is known. */
void atlas_trace_task_set_pid (AtlasTraceTask *task, pid_t pid);
/* A new thread is called what its creator is. */
void atlas_trace_task_copy_name (AtlasTraceTask *task, const AtlasTraceTask *creator);
/* Reads its name as it is now; where it cannot be read any more, the last one stays. */
void atlas_trace_task_refresh_name (AtlasTraceTask *task);
