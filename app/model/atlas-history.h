/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a process was like before: a point for each sample, and the snapshots of the last minutes,
 * so that the map can be seen as it was then. Snapshots share what did not change, so keeping them
 * costs what changed; when that is much, the oldest go and only their points stay. */

#pragma once

#include "atlas-labels.h"
#include "atlas-snapshot.h"

G_BEGIN_DECLS

/* kB as in status; 0 where the kernel does not say. */
typedef struct
{
  gint64 monotonic; /* microseconds, of the snapshot */
  guint64 vm_size, vm_rss, vm_lck, vm_swap;
  gboolean after_gap; /* nobody looked between the point before and this one */
} AtlasHistoryPoint;

/* Something that was done to the process. */
typedef struct
{
  gint64 monotonic; /* microseconds, when it was done */
  char *text;       /* "malloc 256 KiB → mmap", clean UTF-8 */
} AtlasHistoryMark;

typedef struct _AtlasHistory AtlasHistory;

AtlasHistory *atlas_history_new (void);
void atlas_history_free (AtlasHistory *self);
void atlas_history_clear (AtlasHistory *self);

/* What the memory of snapshots that are added from now on is called. @labels: (nullable) */
void atlas_history_set_labels (AtlasHistory *self, AtlasLabels *labels);
/* @snapshot is later than all before it. */
void atlas_history_add (AtlasHistory *self, AtlasSnapshot *snapshot);
/* What is added next comes after a time in which nobody looked. */
void atlas_history_begin_gap (AtlasHistory *self);
/* Lets go of the oldest snapshots until those that stay take @bytes at most. */
void atlas_history_trim (AtlasHistory *self, gsize bytes);
/* Oldest first, 3,600 at most. Valid until the next one is added. */
const AtlasHistoryPoint *atlas_history_get_points (AtlasHistory *self, guint *n_points);
/* The kept snapshot taken nearest to @monotonic, or NULL when none is kept. (transfer none) */
AtlasSnapshot *atlas_history_find (AtlasHistory *self, gint64 monotonic);
/* The kept snapshot taken last before @monotonic, or NULL. (transfer none) */
AtlasSnapshot *atlas_history_find_before (AtlasHistory *self, gint64 monotonic);
/* The last kept one of which nothing was read after @monotonic, or NULL. (transfer none) */
AtlasSnapshot *atlas_history_find_whole_before (AtlasHistory *self, gint64 monotonic);
/* What the memory of @snapshot was called when it was added, or NULL. (transfer none) */
AtlasLabels *atlas_history_find_labels (AtlasHistory *self, AtlasSnapshot *snapshot);
/* Notes that @text was done at @monotonic; it is made safe to show. */
void atlas_history_add_mark (AtlasHistory *self, gint64 monotonic, const char *text);
/* Oldest first, 1,000 at most. Valid until the next one is added. */
const AtlasHistoryMark *atlas_history_get_marks (AtlasHistory *self, guint *n_marks);
/* How many snapshots are kept, and about how many bytes they alone take. */
guint atlas_history_get_n_kept (AtlasHistory *self, gsize *bytes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasHistory, atlas_history_free)

G_END_DECLS
