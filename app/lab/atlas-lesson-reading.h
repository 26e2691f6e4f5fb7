/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A process between two steps: a snapshot, and the resident counters once more from where the
 * kernel counts them page by page. Immutable and reference-counted. */

#pragma once

#include "atlas-snapshot.h"

G_BEGIN_DECLS

typedef struct
{
  gatomicrefcount references;
  AtlasSnapshot *snapshot;
  /* Bytes, by counter: VmRSS, RssAnon, RssFile and RssShmem, the others 0. Those that status tells
   * may be some pages behind (proc.rst); these are not. */
  gboolean has_exact;
  guint64 exact[ATLAS_N_COUNTERS];
} AtlasLessonReading;

/* Errors: those of atlas_snapshot_take(). Blocks: call it from a thread. */
AtlasLessonReading *
atlas_lesson_reading_take (AtlasTarget *target, GCancellable *cancellable, GError **error);
AtlasLessonReading *atlas_lesson_reading_ref (AtlasLessonReading *self);
void atlas_lesson_reading_unref (AtlasLessonReading *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasLessonReading, atlas_lesson_reading_unref)

G_END_DECLS
