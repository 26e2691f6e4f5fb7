/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The regions of the newest snapshot as a GListModel of AtlasRegionItem in address order. A newer
 * snapshot changes it only where regions came or went. */

#pragma once

#include <gio/gio.h>

#include "atlas-region-item.h"
#include "atlas-snapshot.h"

G_BEGIN_DECLS

#define ATLAS_TYPE_REGION_LIST (atlas_region_list_get_type ())
G_DECLARE_FINAL_TYPE (AtlasRegionList, atlas_region_list, ATLAS, REGION_LIST, GObject)

AtlasRegionList *atlas_region_list_new (void);
/* @snapshot: (nullable): none, the list is empty then. TRUE when a region that stays, or its pages,
 * changed: an order by numbers is out of date. */
gboolean atlas_region_list_update (AtlasRegionList *self, AtlasSnapshot *snapshot);
/* What allocations are called, for the names of regions. @labels: (nullable). TRUE when a name
 * changed: an order by names is out of date. */
gboolean atlas_region_list_set_labels (AtlasRegionList *self, AtlasLabels *labels);
/* The region that begins at @start, or NULL. (transfer none) */
AtlasRegionItem *atlas_region_list_find (AtlasRegionList *self, guint64 start);

G_END_DECLS
