/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A directory handle on a /proc, the real one or a recorded tree. Nothing else in the program
 * spells "/proc"; everything takes one of these. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define ATLAS_TYPE_PROCFS (atlas_procfs_get_type ())
#include <glib-object.h>

typedef struct _AtlasProcfs AtlasProcfs;

GType atlas_procfs_get_type (void);

/* @root: the directory, "/proc" for the real one. Errors: GONE if it is not there. */
AtlasProcfs *atlas_procfs_new (const char *root, GError **error);
AtlasProcfs *atlas_procfs_ref (AtlasProcfs *self);
void atlas_procfs_unref (AtlasProcfs *self);

/* Whether @self is a mounted proc file system (statfs says so), not a recorded tree. */
gboolean atlas_procfs_is_live (AtlasProcfs *self);

/* The directory's file descriptor, owned by @self. */
int atlas_procfs_get_fd (AtlasProcfs *self);

/* Opens the directory of @pid (O_PATH is not enough: it is used with openat). -1 on error. On a
 * live /proc the descriptor stays tied to this very process: once that is reaped every access
 * fails with ESRCH, whoever has the PID by then. */
int atlas_procfs_open_process (AtlasProcfs *self, gint pid, GError **error);

/**
 * atlas_read_at:
 * @directory: a directory descriptor
 * @file: the name in it
 * @limit: read at most this many bytes
 * @into: its contents are replaced; it stays NUL-terminated
 *
 * Reads a whole file in few, large, EINTR-safe reads (maps gives 4 KiB at most per read whatever is
 * asked; files without size). A file longer than @limit is cut there, which is no error.
 * Errors: GONE, DENIED, FAILED; @into is then empty.
 */
gboolean
atlas_read_at (int directory, const char *file, gsize limit, GString *into, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasProcfs, atlas_procfs_unref)

G_END_DECLS
