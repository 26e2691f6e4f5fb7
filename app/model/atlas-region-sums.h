/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What neighbouring regions add up to, for whoever shows tens of thousands of them in one place:
 * the counts of a region lie all over memory, and fetching those of 60,000 takes most of a frame.
 * There is one sum to GROUP regions, worked out where the regions were read. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint64 pages, resident, unknown;
} AtlasRegionSum;

/* @regions: of AtlasRegion. @sums_before: (nullable): those of @before, from which as much as is
 * the same is taken over. (transfer full): release with g_atomic_rc_box_release() */
AtlasRegionSum *atlas_region_sums_new (const GPtrArray *regions,
                                       const GPtrArray *before,
                                       AtlasRegionSum *sums_before);
/* Bytes of the sums of so many regions. */
gsize atlas_region_sums_get_memory (guint n_regions);
/* Of @n regions from @first on. O(n / GROUP + GROUP). @sums: (nullable) */
AtlasRegionSum atlas_region_sums_add_up (const AtlasRegionSum *sums,
                                         const GPtrArray *regions,
                                         guint first,
                                         guint n);

G_END_DECLS
