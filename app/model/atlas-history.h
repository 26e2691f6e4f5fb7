/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a process was like before: a point for each sample, and the snapshots of the last minutes,
 * so that the map can be seen as it was then. Snapshots share what did not change, so keeping them
 * costs what changed; when that is much, the oldest go and only their points stay. */

#pragma once

#include "atlas-snapshot.h"

G_BEGIN_DECLS

/* kB as in status; 0 where the kernel does not say. */
typedef struct
{
  gint64 monotonic; /* microseconds, of the snapshot */
  guint64 vm_size, vm_rss, vm_lck, vm_swap;
} AtlasHistoryPoint;

typedef struct _AtlasHistory AtlasHistory;

AtlasHistory *atlas_history_new (void);
void atlas_history_free (AtlasHistory *self);
void atlas_history_clear (AtlasHistory *self);

/* @snapshot is later than all before it. */
void atlas_history_add (AtlasHistory *self, AtlasSnapshot *snapshot);
/* Oldest first, 3,600 at most. Valid until the next one is added. */
const AtlasHistoryPoint *atlas_history_get_points (AtlasHistory *self, guint *n_points);
/* The kept snapshot taken nearest to @monotonic, or NULL when none is kept. (transfer none) */
AtlasSnapshot *atlas_history_find (AtlasHistory *self, gint64 monotonic);
/* The kept snapshot taken last before @monotonic, or NULL. (transfer none) */
AtlasSnapshot *atlas_history_find_before (AtlasHistory *self, gint64 monotonic);
/* How many snapshots are kept, and about how many bytes they alone take. */
guint atlas_history_get_n_kept (AtlasHistory *self, gsize *bytes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasHistory, atlas_history_free)

G_END_DECLS
