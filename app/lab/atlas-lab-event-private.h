/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Making an event: for the client alone. */

#pragma once

#include "atlas-lab-answer.h"
#include "atlas-lab-event.h"

G_BEGIN_DECLS

/* What an event is made of. All of it is taken over. */
typedef struct
{
  char *command, *code, *process, *thread, *text, *ending;
  AtlasLabAnswer *answer; /* NULL when the process ended in it */
  char *signal;           /* then, its name, or NULL for an exit */
  gint pid;
  GPtrArray *calls;
  guint n_dropped_calls;
  AtlasLabHow how;
  gboolean has_before, has_after, has_limits_before, has_limits_after;
  AtlasStatus before, after;
  AtlasLimits limits_before, limits_after;
  gint64 started, monotonic;
} AtlasLabEventParts;

/* @parts: (transfer full): its contents; it is all zero afterwards. */
AtlasLabEvent *atlas_lab_event_new (AtlasLabEventParts *parts);

/**
 * atlas_lab_how_conclude:
 * @calls: of AtlasLabCall: those of one command
 * @address: what malloc, calloc, realloc or aligned_alloc gave
 * @size: bytes, at least 1
 *
 * Which of @calls the memory came by: ATLAS_LAB_HOW_NONE when none did.
 */
AtlasLabHow atlas_lab_how_conclude (const GPtrArray *calls, guint64 address, guint64 size);

G_END_DECLS
