/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A text in the table of regions. It is as high as a line and as wide as it is made, whatever it
 * says, and painted by its row: assistive tools find a cell, and the screen gets a text and nothing
 * around it. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ATLAS_TYPE_REGION_CELL (atlas_region_cell_get_type ())
G_DECLARE_FINAL_TYPE (AtlasRegionCell, atlas_region_cell, ATLAS, REGION_CELL, GtkWidget)

/* @number: digits of one width, at the end of the cell; @mono: addresses. */
GtkWidget *atlas_region_cell_new (gboolean number, gboolean mono);
const char *atlas_region_cell_get_text (AtlasRegionCell *self);
void atlas_region_cell_set_text (AtlasRegionCell *self, const char *text);
/* Dimmed: what it says is not from now. */
void atlas_region_cell_set_old (AtlasRegionCell *self, gboolean old);
/* With the cell's corner at @x, @y pixels. */
void atlas_region_cell_paint (AtlasRegionCell *self, GtkSnapshot *snapshot, int x, int y);

G_END_DECLS
