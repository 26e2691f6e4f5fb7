/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which regions of a snapshot a table shows, and in what order. Immutable and reference-counted, as
 * snapshots are: it is made in one thread and shown in another. */

#pragma once

#include "atlas-labels.h"
#include "atlas-region-column.h"
#include "atlas-snapshot.h"

G_BEGIN_DECLS

typedef struct
{
  AtlasRegionColumn column; /* what it is sorted by; ties by address, ascending */
  gboolean descending;
  const char *search; /* (nullable): casefolded words that all must be in name, kind, permissions or
                         address range; NULL or "": all regions */
  AtlasLabels *labels; /* (nullable): what allocations are called, which is part of names */
} AtlasRegionWish;

typedef struct _AtlasRegionOrder AtlasRegionOrder;

/* @snapshot is nullable. O(n log n), but O(1) where all are shown by address. */
AtlasRegionOrder *atlas_region_order_new (AtlasSnapshot *snapshot, const AtlasRegionWish *wish);
AtlasRegionOrder *atlas_region_order_ref (AtlasRegionOrder *self);
void atlas_region_order_unref (AtlasRegionOrder *self);

AtlasSnapshot *atlas_region_order_get_snapshot (AtlasRegionOrder *self); /* or NULL */
/* Valid as long as the order. */
const AtlasRegionWish *atlas_region_order_get_wish (AtlasRegionOrder *self);
guint atlas_region_order_get_n_rows (AtlasRegionOrder *self);
/* The snapshot's region in @row, from the top. */
AtlasRegion *atlas_region_order_get_region (AtlasRegionOrder *self, guint row);
/* The row of the region that holds @address; FALSE when none does or it is not shown. O(log n). */
gboolean atlas_region_order_find (AtlasRegionOrder *self, guint64 address, guint *row);

/* Whether both would give the same order of the same snapshot, whatever allocations are called. */
gboolean atlas_region_wish_equal (const AtlasRegionWish *a, const AtlasRegionWish *b);
/* Whether no region needs to be looked at for it. */
gboolean atlas_region_wish_is_trivial (const AtlasRegionWish *wish);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasRegionOrder, atlas_region_order_unref)

G_END_DECLS
