/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the tracer tells of the subject: one system call on memory, or one thing that happened to a
 * process. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  ATLAS_LAB_CALL_SYSTEM, /* a system call */
  ATLAS_LAB_CALL_SIGNAL, /* a signal reached it; name "SIGSEGV" */
  ATLAS_LAB_CALL_FORK,   /* it forked; name "fork" */
  ATLAS_LAB_CALL_THREAD, /* it began a thread; name "thread" */
} AtlasLabCallKind;

/* All texts are valid UTF-8, safe to show. */
typedef struct
{
  AtlasLabCallKind kind;
  char *name;   /* "mmap" */
  char *text;   /* "mmap (NULL, 1052672, PROT_READ|PROT_WRITE, …, -1, 0)" */
  char *result; /* "0x7f2c1b0ff000", "0", "−1 ENOMEM"; "?" when it never came back; "" of what is
                   no call */
  char *thread; /* the kernel's name for the thread */
  gint pid, tid;
  gboolean failed;
  char *error;      /* "ENOMEM", or NULL */
  char *message;    /* "Cannot allocate memory", or NULL */
  double time;      /* seconds since 1970 */
  char **arguments; /* name, value, name, value … NULL; values as in @text */
  char *file;       /* the path of a file that was mapped, or NULL */
} AtlasLabCall;

AtlasLabCall *atlas_lab_call_copy (const AtlasLabCall *self);
void atlas_lab_call_free (AtlasLabCall *self);

/* Its argument called @name ("length"), or NULL. (transfer none) */
const char *atlas_lab_call_get_argument (const AtlasLabCall *self, const char *name);
/* The same as a number, decimal or hexadecimal ("NULL" is 0); FALSE when it is none. */
gboolean atlas_lab_call_get_number (const AtlasLabCall *self, const char *name, guint64 *number);
/* What it returned, as a number; FALSE when it failed or that is none. */
gboolean atlas_lab_call_get_result (const AtlasLabCall *self, guint64 *number);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasLabCall, atlas_lab_call_free)

G_END_DECLS
