/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What can go wrong when a process is read. A process that is gone, one that may not be read, and
 * a file that makes no sense are three different things to the person who looks. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ATLAS_PROC_ERROR (atlas_proc_error_quark ())

typedef enum
{
  ATLAS_PROC_ERROR_GONE,   /* it ended (ENOENT, ESRCH), or the PID now belongs to another process */
  ATLAS_PROC_ERROR_DENIED, /* the kernel refuses (EACCES, EPERM) */
  ATLAS_PROC_ERROR_MALFORMED, /* the bytes are not what the kernel documents */
  ATLAS_PROC_ERROR_FAILED,    /* any other errno; the message says which */
} AtlasProcError;

GQuark atlas_proc_error_quark (void);

/**
 * atlas_proc_error_set:
 * @error: (out) (optional): where to put it
 * @error_number: an errno
 * @what: what was being done, in a person's words ("Could not read maps of process 12")
 *
 * Maps an errno to a code of %ATLAS_PROC_ERROR; the message is "@what: strerror".
 */
void atlas_proc_error_set (GError **error, int error_number, const char *what);

G_END_DECLS
