/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The titles over the table's columns. Clicked they sort, their edges can be dragged. */

#pragma once

#include <gtk/gtk.h>

#include "atlas-column-widths.h"

G_BEGIN_DECLS

#define ATLAS_TYPE_REGION_HEADER (atlas_region_header_get_type ())
G_DECLARE_FINAL_TYPE (AtlasRegionHeader, atlas_region_header, ATLAS, REGION_HEADER, GtkWidget)

/* Signal `sort` (uint AtlasRegionColumn): the person wants the rows sorted by that, or the other
 * way round if they are. */
void atlas_region_header_set_widths (AtlasRegionHeader *self, AtlasColumnWidths *widths);
/* It is scrolled along with what is below it. */
void atlas_region_header_set_adjustment (AtlasRegionHeader *self, GtkAdjustment *adjustment);
void atlas_region_header_set_sorted (AtlasRegionHeader *self,
                                     AtlasRegionColumn column,
                                     gboolean descending);

G_END_DECLS
