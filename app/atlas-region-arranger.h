/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Keeps the order of a table up to date without the main thread waiting for it: what takes long is
 * sorted in a thread of its own, the newest wish wins, and nothing queues up. */

#pragma once

#include <gio/gio.h>

#include "atlas-region-order.h"

G_BEGIN_DECLS

#define ATLAS_TYPE_REGION_ARRANGER (atlas_region_arranger_get_type ())
G_DECLARE_FINAL_TYPE (AtlasRegionArranger, atlas_region_arranger, ATLAS, REGION_ARRANGER, GObject)

/* Signal `arranged`: there is another order. By address at first, and nothing in it. */
AtlasRegionArranger *atlas_region_arranger_new (void);
void atlas_region_arranger_set_snapshot (AtlasRegionArranger *self, AtlasSnapshot *snapshot);
void atlas_region_arranger_set_wish (AtlasRegionArranger *self, const AtlasRegionWish *wish);
const AtlasRegionWish *atlas_region_arranger_get_wish (AtlasRegionArranger *self);
/* The newest there is; never NULL. (transfer none) */
AtlasRegionOrder *atlas_region_arranger_get_order (AtlasRegionArranger *self);
/* Whether another is being made. */
gboolean atlas_region_arranger_is_busy (AtlasRegionArranger *self);

G_END_DECLS
