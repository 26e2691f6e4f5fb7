/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One command that was done in the lab, and all that is known of it: what it is in C, which system
 * calls it became, what it changed. Does not change once it is there. */

#pragma once

#include "atlas-lab-call.h"
#include "atlas-limits.h"
#include "atlas-status.h"

#include <glib-object.h>

G_BEGIN_DECLS

/* How memory came about, concluded from the traced calls of its command alone. */
typedef enum
{
  ATLAS_LAB_HOW_UNKNOWN, /* calls were not traced, or nothing was allocated */
  ATLAS_LAB_HOW_NONE,    /* no call: from free memory that malloc had */
  ATLAS_LAB_HOW_BRK,     /* the heap grew */
  ATLAS_LAB_HOW_MMAP,    /* a mapping of its own */
  ATLAS_LAB_HOW_ARENA,   /* mprotect: a thread's arena grew */
} AtlasLabHow;

GType atlas_lab_how_get_type (void);
#define ATLAS_TYPE_LAB_HOW (atlas_lab_how_get_type ())

#define ATLAS_TYPE_LAB_EVENT (atlas_lab_event_get_type ())
G_DECLARE_FINAL_TYPE (AtlasLabEvent, atlas_lab_event, ATLAS, LAB_EVENT, GObject)

/* The line as it was sent: "child kid touch a write". */
const char *atlas_lab_event_get_command (AtlasLabEvent *self);
/* The C that this is, without a newline at the end, several lines for a loop; "" for questions to
 * the lab. page() and pages() are functions of the program of atlas_lab_dup_program(). */
const char *atlas_lab_event_get_code (AtlasLabEvent *self);
/* The process that did it: "" or the fork's name ("kid", and "kid/x" for a fork of that), its PID,
 * and the lab's name for the thread, or NULL for the first one. */
const char *atlas_lab_event_get_process (AtlasLabEvent *self);
gint atlas_lab_event_get_pid (AtlasLabEvent *self);
const char *atlas_lab_event_get_thread (AtlasLabEvent *self);

gboolean atlas_lab_event_get_ok (AtlasLabEvent *self);
/* "ENOMEM", "SIGSEGV"; NULL when ok. When the process ended in it: the signal, or "EXIT". */
const char *atlas_lab_event_get_error_name (AtlasLabEvent *self);
/* "mlock: Cannot allocate memory"; NULL when ok. */
const char *atlas_lab_event_get_error_text (AtlasLabEvent *self);
/* Whether the lab itself refused it, so that nothing was called and nothing changed. */
gboolean atlas_lab_event_is_refused (AtlasLabEvent *self);

/* A field of the answer ("address", "usable", "arena", "pages"), or NULL. */
const char *atlas_lab_event_get_field (AtlasLabEvent *self, const char *name);
/* The same as a number; FALSE, and nothing set, when it is none. */
gboolean atlas_lab_event_get_number (AtlasLabEvent *self, const char *name, guint64 *number);
/* All fields of the answer, "usable=266224 arena=mmap"; NULL when there are none. (transfer full)
 */
char *atlas_lab_event_dup_fields (AtlasLabEvent *self);
/* Text for people (malloc_stats, malloc_info, mallinfo, help, list), lines; or NULL. */
const char *atlas_lab_event_get_text (AtlasLabEvent *self);

/* What the tracer saw, in its order; empty when nothing is traced. Of AtlasLabCall. */
GPtrArray *atlas_lab_event_get_calls (AtlasLabEvent *self);
/* How many more there were than are kept. */
guint atlas_lab_event_get_n_dropped_calls (AtlasLabEvent *self);
AtlasLabHow atlas_lab_event_get_how (AtlasLabEvent *self);

/* Page faults of the process during the command itself; 0 when it ended in it. */
guint64 atlas_lab_event_get_minor_faults (AtlasLabEvent *self);
guint64 atlas_lab_event_get_major_faults (AtlasLabEvent *self);

/* Counters of the process, read just before the command was sent and just after it was answered;
 * NULL when they could not be read (afterwards: it had ended). */
const AtlasStatus *atlas_lab_event_get_before (AtlasLabEvent *self);
const AtlasStatus *atlas_lab_event_get_after (AtlasLabEvent *self);
/* kB; 0 when one of them is not known. */
gint64 atlas_lab_event_get_change (AtlasLabEvent *self, AtlasCounter counter);
/* Resource limits before and after setrlimit, and after a call that failed with ENOMEM, which may
 * have run into one; else NULL. */
const AtlasLimits *atlas_lab_event_get_limits_before (AtlasLabEvent *self);
const AtlasLimits *atlas_lab_event_get_limits_after (AtlasLabEvent *self);

/* g_get_monotonic_time() when it was sent, and when it was done. */
gint64 atlas_lab_event_get_started (AtlasLabEvent *self);
gint64 atlas_lab_event_get_monotonic (AtlasLabEvent *self);
/* How the process ended, a sentence, when it did so in this command; else NULL. */
const char *atlas_lab_event_get_ending (AtlasLabEvent *self);

G_END_DECLS
