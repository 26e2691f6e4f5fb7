/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The rows of the table of regions, to be scrolled. However many regions there are, it has widgets
 * for those that are seen and no more: GtkColumnView keeps some two hundred rows of nine cells and
 * takes a tenth of a second and more to fill them. */

#pragma once

#include <gtk/gtk.h>

#include "atlas-column-widths.h"
#include "atlas-counter.h"
#include "atlas-region-order.h"

G_BEGIN_DECLS

#define ATLAS_TYPE_REGION_ROWS (atlas_region_rows_get_type ())
G_DECLARE_FINAL_TYPE (AtlasRegionRows, atlas_region_rows, ATLAS, REGION_ROWS, GtkWidget)

/* Signals: `selected` (uint64 start of a region): the person chose that row; `activated` (the
 * same): wants to go there; `range-changed`: other rows are seen. */
void atlas_region_rows_set_widths (AtlasRegionRows *self, AtlasColumnWidths *widths);
/* Shows @order. Where the one before was sorted alike the row at the top stays there, unless what
 * it is sorted by changes all the time: then the place stays. */
void atlas_region_rows_set_order (AtlasRegionRows *self, AtlasRegionOrder *order);
/* The row of the region that holds @address is the selected one; 0: none. */
void atlas_region_rows_select (AtlasRegionRows *self, guint64 address);
/* Scrolls so that it is seen, if it is there, as soon as there is anything. */
void atlas_region_rows_reveal (AtlasRegionRows *self, guint64 address);
void atlas_region_rows_set_highlight (AtlasRegionRows *self, AtlasCounter highlight);
/* First row that is seen, and how many; FALSE when none is. */
gboolean atlas_region_rows_get_seen (AtlasRegionRows *self, guint *first, guint *n_rows);

G_END_DECLS
