/* SPDX-License-Identifier: GPL-3.0-or-later */

/* /proc mounted once more, where single files of a process can be covered by others and nobody but
 * the test sees it: with a gate over its maps, a living process can be stopped from being read at a
 * known moment. Takes root. */

#pragma once

#include "atlas-procfs.h"

G_BEGIN_DECLS

typedef struct _OwnProc OwnProc;

/* NULL and a reason where the machine does not allow it. */
OwnProc *own_proc_new (char **reason);
void own_proc_free (OwnProc *self);
/* (transfer none) */
AtlasProcfs *own_proc_get_procfs (OwnProc *self);

/* Covers @file of process @pid by the file at @path, or takes that away again. */
void own_proc_cover (OwnProc *self, gint pid, const char *file, const char *path);
void own_proc_uncover (OwnProc *self, gint pid, const char *file);

/* What the others are made of, for mounts that another keeps: in the mount namespace of process
 * @keeper, covers @file by @path, or uncovers it where @path is NULL. */
void own_proc_cover_in (gint keeper, const char *file, const char *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OwnProc, own_proc_free)

G_END_DECLS
