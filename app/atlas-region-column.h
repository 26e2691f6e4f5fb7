/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The columns of the table of regions: what they are called, and what they say of a region. */

#pragma once

#include "atlas-region.h"

G_BEGIN_DECLS

/* From left to right. */
typedef enum
{
  ATLAS_REGION_COLUMN_ADDRESS,
  ATLAS_REGION_COLUMN_NAME,
  ATLAS_REGION_COLUMN_PAGES, /* a bar rather than a text */
  ATLAS_REGION_COLUMN_RESIDENT,
  ATLAS_REGION_COLUMN_SIZE,
  ATLAS_REGION_COLUMN_KIND,
  ATLAS_REGION_COLUMN_PERMISSIONS,
  ATLAS_REGION_COLUMN_SWAPPED,
  ATLAS_REGION_COLUMN_LOCKED,
  ATLAS_N_REGION_COLUMNS
} AtlasRegionColumn;

const char *atlas_region_column_get_title (AtlasRegionColumn column);
/* Amounts stand at the right, and whoever sorts by them wants the largest first. */
gboolean atlas_region_column_is_number (AtlasRegionColumn column);
/* Addresses and the like, in letters of equal width. */
gboolean atlas_region_column_is_mono (AtlasRegionColumn column);
gboolean atlas_region_column_can_sort (AtlasRegionColumn column);
/* Whether its texts change while the process runs. */
gboolean atlas_region_column_is_restless (AtlasRegionColumn column);

/* The text of a cell, safe to show; NULL where there is none. */
char *atlas_region_column_format (AtlasRegionColumn column,
                                  const AtlasRegion *region,
                                  const AtlasPageCounts *counts,
                                  guint64 page_size);
/* Texts that a column should be wide enough for, as long as they may well be. NULL-terminated. */
GStrv atlas_region_column_get_samples (AtlasRegionColumn column);

G_END_DECLS
