/* SPDX-License-Identifier: GPL-3.0-or-later */

/* All that was read of a process at one time. Immutable and reference-counted; shared by threads.
 */

#pragma once

#include "atlas-limits.h"
#include "atlas-page-reader.h"
#include "atlas-region-sums.h"
#include "atlas-smaps.h"
#include "atlas-stat.h"
#include "atlas-status.h"
#include "atlas-system.h"

G_BEGIN_DECLS

typedef enum
{
  ATLAS_ACCESS_FULL,
  ATLAS_ACCESS_DENIED,        /* status, stat and limits only; no regions */
  ATLAS_ACCESS_KERNEL_THREAD, /* has no memory of its own */
  ATLAS_ACCESS_ZOMBIE,        /* ended, not yet reaped: its memory is given back */
} AtlasAccess;

typedef struct _AtlasSnapshot AtlasSnapshot;

GType atlas_snapshot_get_type (void);
#define ATLAS_TYPE_SNAPSHOT (atlas_snapshot_get_type ())

typedef struct
{
  AtlasPageMethod method;
  /* Tell exclusive from shared pages: in the focus, or everywhere where there is none. */
  gboolean want_sharing;
  /* With a budget only a part of the page tables may be read: the focus first, then what was read
   * least recently. The rest keeps what @previous knew of it, or is UNKNOWN. A sixth of the budget
   * is used while the process's counters and page faults stand still. */
  AtlasPace pace;
  /* What is on the screen, to be read first. Both 0: no preference. */
  guint64 focus_start, focus_end;
  /* If not 0, smaps of the region that holds it is read as well. */
  guint64 selected_address;
  /* Thousandths of the time that may be spent in page tables; 0: no bound. For AtlasSampler, which
   * sets the pace's budget from it. */
  guint share_permille;
  /* Microseconds from one sample to the next, by which it is told what is old; 0: this is the only
   * one. */
  gint64 interval_us;
} AtlasSnapshotOptions;

/**
 * atlas_snapshot_take:
 * @previous: (nullable): the snapshot before, of the same process; unchanged parts are shared
 * @options: (nullable)
 *
 * Reads a process. What could not be read is noted in problems, not an error; errors are GONE (it
 * ended before or while it was read), MALFORMED (status makes no sense), G_IO_ERROR_CANCELLED.
 * Blocks: call it from a thread.
 */
AtlasSnapshot *atlas_snapshot_take (AtlasTarget *target,
                                    AtlasSnapshot *previous,
                                    const AtlasSnapshotOptions *options,
                                    GCancellable *cancellable,
                                    GError **error);
AtlasSnapshot *atlas_snapshot_ref (AtlasSnapshot *self);
void atlas_snapshot_unref (AtlasSnapshot *self);

gint atlas_snapshot_get_pid (AtlasSnapshot *self);
guint64 atlas_snapshot_get_start_time (AtlasSnapshot *self);  /* ticks since boot */
gdouble atlas_snapshot_get_start_epoch (AtlasSnapshot *self); /* seconds, 0 unknown */
AtlasAccess atlas_snapshot_get_access (AtlasSnapshot *self);
const char *atlas_snapshot_get_name (AtlasSnapshot *self); /* clean UTF-8 */
const char *atlas_snapshot_get_command (
    AtlasSnapshot *self); /* cmdline joined by spaces, clean UTF-8; "" if none */
const char *atlas_snapshot_get_user (AtlasSnapshot *self); /* account name */
/* The program that holds it in state t, clean UTF-8; NULL in other states and where it cannot be
 * told. */
const char *atlas_snapshot_get_tracer (AtlasSnapshot *self);
const AtlasStatus *atlas_snapshot_get_status (AtlasSnapshot *self);
const AtlasStat *atlas_snapshot_get_stat (AtlasSnapshot *self);
const AtlasLimits *atlas_snapshot_get_limits (AtlasSnapshot *self);
const AtlasSystem *atlas_snapshot_get_system (AtlasSnapshot *self);

guint atlas_snapshot_get_n_regions (AtlasSnapshot *self);
AtlasRegion *atlas_snapshot_get_region (AtlasSnapshot *self, guint index); /* (transfer none) */
/* What @n regions from index @first on add up to, without a look at each of them. */
AtlasRegionSum atlas_snapshot_add_up (AtlasSnapshot *self, guint first, guint n);
/* Whether both have the same regions with the same names and kinds; their pages and flags may
 * differ. FALSE also where that would take looking at each of them. O(1). */
gboolean atlas_snapshot_has_same_regions (AtlasSnapshot *self, AtlasSnapshot *other);
/* Index of the region that holds @address; FALSE if none does (@index: where it would be). O(log
 * n). */
gboolean atlas_snapshot_find (AtlasSnapshot *self, guint64 address, guint *index);
/* What the pages of [@start, @end) are, whatever regions they lie in; what is not mapped is not
 * counted. Both are multiples of the page size. @counts: (out caller-allocates) */
void atlas_snapshot_count_range (AtlasSnapshot *self,
                                 guint64 start,
                                 guint64 end,
                                 AtlasPageCounts *counts);
/* Monotonic microseconds at which the pages of that region were last read, those of them that were
 * read least recently; 0: some were not read yet, and are UNKNOWN. Unlike the region's pages_time
 * this also moves when the same was found again. */
gint64 atlas_snapshot_get_pages_time (AtlasSnapshot *self, guint index);
/* Ages, in microseconds; 0 or more, or: */
#define ATLAS_AGE_UNREAD G_MAXINT64 /* some pages are still to be read, for want of budget */
#define ATLAS_AGE_UNKNOWN (-1)      /* they cannot be read */
/* How long before the snapshot was begun the pages in [@start, @end) were last read, those of them
 * that were read least recently; 0: with it. */
gint64 atlas_snapshot_get_age (AtlasSnapshot *self, guint64 start, guint64 end);
/* Of all regions: the oldest, leaving aside what was never read unless that is all. O(1). */
gint64 atlas_snapshot_get_oldest_age (AtlasSnapshot *self);
/* Whether that is longer ago than two samples, or never was. */
gboolean atlas_snapshot_is_old (AtlasSnapshot *self, gint64 age);
/* Whether pages of some region were not read yet for want of budget; then it is not complete
 * either. */
gboolean atlas_snapshot_is_unfinished (AtlasSnapshot *self);
/* Bytes of memory that it does not share with @before (nullable). O(1) where @before is the one it
 * was taken after. */
gsize atlas_snapshot_get_memory (AtlasSnapshot *self, AtlasSnapshot *before);
/* Microseconds spent in page tables for it. */
gint64 atlas_snapshot_get_walk_time (AtlasSnapshot *self);
/* Microseconds that all of it took, from get_monotonic() on. */
gint64 atlas_snapshot_get_duration (AtlasSnapshot *self);
/* Sums over all regions; and by kind. Computed once when taken. */
const AtlasPageCounts *atlas_snapshot_get_counts (AtlasSnapshot *self);
const AtlasPageCounts *atlas_snapshot_get_kind_counts (AtlasSnapshot *self, AtlasKind kind);
/* Pages on the map that @counter counts (to set beside the kernel's number). */
guint64 atlas_snapshot_count (AtlasSnapshot *self, AtlasCounter counter);
/* smaps of options.selected_address, or NULL. */
const AtlasSmaps *atlas_snapshot_get_smaps (AtlasSnapshot *self);

gint64 atlas_snapshot_get_time (AtlasSnapshot *self); /* real time, microseconds since the epoch */
gint64
atlas_snapshot_get_monotonic (AtlasSnapshot *self); /* g_get_monotonic_time() when it was begun */
guint64 atlas_snapshot_get_page_size (AtlasSnapshot *self);
AtlasPageState atlas_snapshot_get_told (AtlasSnapshot *self); /* page bits that could be told */
/* FALSE when a part could not be read, or changed while it was read (torn). */
gboolean atlas_snapshot_is_complete (AtlasSnapshot *self);
/* NULL-terminated sentences for people: what is missing and why. */
const char *const *atlas_snapshot_get_problems (AtlasSnapshot *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasSnapshot, atlas_snapshot_unref)

G_END_DECLS
