/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A region as a list knows it: an object that stays the same while the region lives on from one
 * snapshot to the next, so that selection and scroll position do as well. */

#pragma once

#include "atlas-labels.h"

G_BEGIN_DECLS

/* What the table can be sorted by. */
typedef enum
{
  ATLAS_REGION_KEY_ADDRESS,
  ATLAS_REGION_KEY_KIND,
  ATLAS_REGION_KEY_NAME,
  ATLAS_REGION_KEY_PERMISSIONS,
  ATLAS_REGION_KEY_SIZE,
  ATLAS_REGION_KEY_RESIDENT,
  ATLAS_REGION_KEY_SWAPPED,
  ATLAS_REGION_KEY_LOCKED,
  ATLAS_N_REGION_KEYS
} AtlasRegionKey;

#define ATLAS_TYPE_REGION_ITEM (atlas_region_item_get_type ())
G_DECLARE_FINAL_TYPE (AtlasRegionItem, atlas_region_item, ATLAS, REGION_ITEM, GObject)

/* Signal `changed`: the region behind it was replaced by a newer state of the same one. */
AtlasRegionItem *atlas_region_item_new (AtlasRegion *region, guint64 page_size);
/* What allocations are called, for the name. @labels: (nullable). TRUE if that changes it; then the
 * signal was emitted. */
gboolean atlas_region_item_set_labels (AtlasRegionItem *self, AtlasLabels *labels);
AtlasRegion *atlas_region_item_get_region (AtlasRegionItem *self);
/* Whether @region is the same one as this, perhaps grown or shrunk at its end. */
gboolean atlas_region_item_is (AtlasRegionItem *self, const AtlasRegion *region);
/* TRUE if that changes anything; then the signal was emitted. */
gboolean atlas_region_item_update (AtlasRegionItem *self, AtlasRegion *region);

/* Text of the column @key, safe to show. */
char *atlas_region_item_format (AtlasRegionItem *self, AtlasRegionKey key);
/* Takes down what the item is to be sorted by, from its present state, until the next time. */
void atlas_region_item_note (AtlasRegionItem *self);
/* As for qsort, of what was noted, ascending; ties by address. */
int atlas_region_item_compare (AtlasRegionItem *a, AtlasRegionItem *b, AtlasRegionKey key);
/* Whether every word of @search (casefolded) is in name, kind, permissions or address range. */
gboolean atlas_region_item_matches (AtlasRegionItem *self, const char *search);

G_END_DECLS
