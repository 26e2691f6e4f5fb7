/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A row of the table of regions. There are as many as are seen, and they show one region after the
 * other as the table is scrolled. */

#pragma once

#include <gtk/gtk.h>

#include "atlas-column-widths.h"
#include "atlas-counter.h"
#include "atlas-region-order.h"

G_BEGIN_DECLS

#define ATLAS_TYPE_REGION_ROW (atlas_region_row_get_type ())
G_DECLARE_FINAL_TYPE (AtlasRegionRow, atlas_region_row, ATLAS, REGION_ROW, GtkWidget)

GtkWidget *atlas_region_row_new (AtlasColumnWidths *widths);
/* Shows the region in @row of @order. */
void atlas_region_row_show (AtlasRegionRow *self, AtlasRegionOrder *order, guint row);
/* Shows nothing: it is not seen. */
void atlas_region_row_clear (AtlasRegionRow *self);
/* Where it stands; GTK_INVALID_LIST_POSITION when it shows nothing. */
guint atlas_region_row_get_number (AtlasRegionRow *self);
AtlasRegion *atlas_region_row_get_region (AtlasRegionRow *self);
void atlas_region_row_set_highlight (AtlasRegionRow *self, AtlasCounter highlight);
void atlas_region_row_set_selected (AtlasRegionRow *self, gboolean selected);
/* Pixels that the texts of a column need, as far as they can be foreseen. */
int atlas_region_row_measure_column (AtlasRegionRow *self, AtlasRegionColumn column);
int atlas_region_row_get_height (AtlasRegionRow *self);
/* Another number when its fonts are others. */
guint atlas_region_row_get_serial (AtlasRegionRow *self);

G_END_DECLS
