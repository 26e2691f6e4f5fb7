/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The lines that are written: one for each call, and one for each thing that happens to a process.
 * Each is out before the function returns. */

#pragma once

#include <signal.h>

#include "atlas-trace-calls.h"
#include "atlas-trace-task.h"

/* A call is begun: what is pointed to is read now. The line is kept with the thread, and is written
 * when the call is over. */
void atlas_trace_lines_begin_call (AtlasTraceTask *task,
                                   const AtlasTraceCall *call,
                                   const uint64_t *arguments);
/* @result: what the kernel gives, an errno negated if @failed. */
void atlas_trace_lines_end_call (AtlasTraceTask *task, int64_t result, bool failed);
/* Its end will not be seen. */
void atlas_trace_lines_lose_call (AtlasTraceTask *task);

/* "start" or "exec": the process is a program now. */
void atlas_trace_lines_program (AtlasTraceTask *task, const char *event);
/* "fork" or "thread". */
void atlas_trace_lines_child (AtlasTraceTask *task, const char *event, pid_t child);
void atlas_trace_lines_signal (AtlasTraceTask *task, const siginfo_t *info);
/* The process has ended; @status is what wait gave. */
void atlas_trace_lines_end (AtlasTraceTask *task, int status);
