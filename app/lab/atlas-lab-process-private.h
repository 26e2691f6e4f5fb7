/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A process as the client keeps track of it. */

#pragma once

#include "atlas-lab-allocation.h"
#include "atlas-lab-answer.h"
#include "atlas-lab-process.h"
#include "atlas-target.h"

G_BEGIN_DECLS

/* @parent: (nullable): the one it is a fork of, by the name @fork. It has its parent's allocations,
 * as far as they came about, from the start. */
AtlasLabProcess *
atlas_lab_process_new (AtlasProcfs *procfs, gint pid, AtlasLabProcess *parent, const char *fork);

/* NULL when it could not be opened. (transfer none) */
AtlasTarget *atlas_lab_process_get_target (AtlasLabProcess *self);
/* "child kid ", to be put before a command for it; "" for the first one. */
const char *atlas_lab_process_get_prefix (AtlasLabProcess *self);
/* The name of its parent, or NULL. (transfer full) */
char *atlas_lab_process_dup_parent (AtlasLabProcess *self);

/* Whether what it has must be asked for again. */
gboolean atlas_lab_process_get_dirty (AtlasLabProcess *self);
void atlas_lab_process_set_dirty (AtlasLabProcess *self, gboolean dirty);

/* Keeps in mind how the allocation @id at @address came about. */
void atlas_lab_process_note_how (AtlasLabProcess *self,
                                 const char *id,
                                 guint64 address,
                                 AtlasLabHow how);

/**
 * atlas_lab_process_take_list:
 * @lines: of char *: the comment lines that answer `list`, without "# "
 * @children: (out callee-allocates): of AtlasLabAnswer: what it says of forks that live
 *
 * Brings its allocations and threads up to date.
 */
void atlas_lab_process_take_list (AtlasLabProcess *self, GPtrArray *lines, GPtrArray **children);

G_END_DECLS
