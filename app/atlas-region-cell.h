/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A cell of text in the table of regions; follows its item. */

#pragma once

#include <gtk/gtk.h>

#include "atlas-region-item.h"

G_BEGIN_DECLS

#define ATLAS_TYPE_REGION_CELL (atlas_region_cell_get_type ())
G_DECLARE_FINAL_TYPE (AtlasRegionCell, atlas_region_cell, ATLAS, REGION_CELL, GtkWidget)

GtkWidget *atlas_region_cell_new (AtlasRegionKey key);
/* @item: (nullable) */
void atlas_region_cell_set_item (AtlasRegionCell *self, AtlasRegionItem *item);

G_END_DECLS
