/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A process that is looked at, and the least that can be done to learn the same: its files read
 * whole, its page tables walked once, nothing made of the answers. */

#pragma once

#include "atlas-snapshot.h"
#include "bench-children.h"
#include "bench-report.h"

G_BEGIN_DECLS

typedef struct
{
  BenchChildren children;
  AtlasTarget *target;
  int maps, pagemap; /* descriptors */
  GArray *ranges;    /* of start and end, guint64: the regions that have page tables */
  GError *error;     /* the first of those that happened while measuring */
} BenchSubject;

#define BENCH_SUBJECT_INIT                                                                         \
  {                                                                                                \
    .maps = -1, .pagemap = -1                                                                      \
  }

/* Forks a process that does @work and sleeps, and opens it. */
gboolean
bench_subject_start (BenchSubject *self, BenchChildFunc work, gpointer data, GError **error);
void bench_subject_clear (BenchSubject *self);

/* Whether the kernel has PAGEMAP_SCAN. */
gboolean bench_subject_can_scan (BenchSubject *self);

/* These take a BenchSubject. */
void bench_raw_maps (gpointer subject);
void bench_raw_scan (gpointer subject);
void bench_raw_pread (gpointer subject);
void bench_raw_maps_and_scan (gpointer subject);
void bench_raw_maps_and_pread (gpointer subject);

/* Takes one and keeps how long it took, without what it takes to drop it. NULL after an error. */
AtlasSnapshot *bench_subject_take (BenchSubject *self,
                                   AtlasSnapshot *previous,
                                   const AtlasSnapshotOptions *options,
                                   BenchSeries *series);

/* What fits: @wanted bytes, or half of the free memory; whole pages. */
guint64 bench_fit (guint64 wanted);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BenchSubject, bench_subject_clear)

G_END_DECLS
