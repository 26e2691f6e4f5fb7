/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The running subject, under its tracer or not: a process with pipes, and nothing of what passes
 * through them. Must be used on the main thread: the kernel ends a child whose creating thread
 * ends.
 */

#pragma once

#include "atlas-lab-lines.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _AtlasLabRunner AtlasLabRunner;

/* How it ended. */
typedef struct
{
  gboolean by_signal;
  gint number;        /* of the signal, or the exit status */
  const char *errors; /* the last of what it wrote to standard error; clean, "" for nothing */
} AtlasLabRunnerEnd;

/* What a runner tells, one thing after the other. It may be stopped in any of them. */
typedef struct
{
  /* A line of the subject's. All that was traced before it was written has been told by then. */
  void (*answer) (const AtlasLabLine *line, gpointer user_data);
  void (*trace) (const AtlasLabLine *line, gpointer user_data);
  /* The last that is told. */
  void (*ended) (const AtlasLabRunnerEnd *end, gpointer user_data);
} AtlasLabRunnerFuncs;

/**
 * atlas_lab_runner_start:
 * @arguments: program and arguments; the program is a path
 * @traced: whether it writes traced calls to descriptor 3
 *
 * Errors: what the operating system says when the program can't be run.
 */
AtlasLabRunner *atlas_lab_runner_start (const char *const *arguments,
                                        gboolean traced,
                                        const AtlasLabRunnerFuncs *functions,
                                        gpointer user_data,
                                        GError **error);
/* Writes a line, to which a newline is added. Never blocks. */
void atlas_lab_runner_send (AtlasLabRunner *self, const char *line);
/* Kills it, and frees @self; nothing is told any more. What was started ends with it. */
void atlas_lab_runner_stop (AtlasLabRunner *self);
/* Kills it; its end is told as usual. */
void atlas_lab_runner_kill (AtlasLabRunner *self);

G_END_DECLS
