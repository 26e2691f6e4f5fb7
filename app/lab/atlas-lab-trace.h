/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A line of memory-atlas-trace, parsed. */

#pragma once

#include "atlas-lab-call.h"

G_BEGIN_DECLS

typedef enum
{
  ATLAS_LAB_TRACE_CALL,   /* @call is set: a call, a signal, a fork or a new thread */
  ATLAS_LAB_TRACE_START,  /* a program began, or took the place of another */
  ATLAS_LAB_TRACE_EXIT,   /* a process ended with @status */
  ATLAS_LAB_TRACE_KILLED, /* a process ended by @signal */
} AtlasLabTraceKind;

typedef struct
{
  AtlasLabTraceKind kind;
  gint pid, tid;
  gint child; /* of a fork or a thread, or 0 */
  AtlasLabCall *call;
  gint status;
  char *signal; /* "SIGKILL", or NULL */
  gint sender;  /* the process that sent the signal of a call, or 0 */
} AtlasLabTrace;

/* NULL when the @length bytes of @line are no such line. They need not be terminated. Kinds of
 * events that are not known are none. */
AtlasLabTrace *atlas_lab_trace_parse (const char *line, gsize length);
void atlas_lab_trace_free (AtlasLabTrace *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasLabTrace, atlas_lab_trace_free)

G_END_DECLS
