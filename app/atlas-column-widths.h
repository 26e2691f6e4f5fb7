/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How wide the columns of the table are and where they begin, for its header and its rows alike.
 * Pixels, from the left; who shows them mirrors them where the language runs the other way. */

#pragma once

#include <glib-object.h>

#include "atlas-region-column.h"

G_BEGIN_DECLS

typedef enum
{
  ATLAS_COLUMN_TITLE,
  ATLAS_COLUMN_TEXTS,
  ATLAS_N_COLUMN_PARTS
} AtlasColumnPart;

#define ATLAS_TYPE_COLUMN_WIDTHS (atlas_column_widths_get_type ())
G_DECLARE_FINAL_TYPE (AtlasColumnWidths, atlas_column_widths, ATLAS, COLUMN_WIDTHS, GObject)

/* Signal `changed`: a column is elsewhere, or of another width, but for its being fitted: that is
 * done by those who are just laying them out. */
AtlasColumnWidths *atlas_column_widths_new (void);
/* What its title and its texts need; 0: not known yet. */
void atlas_column_widths_need (AtlasColumnWidths *self,
                               AtlasColumnPart part,
                               AtlasRegionColumn column,
                               int width);
/* As a person wants it, for as long as the program runs. */
void atlas_column_widths_choose (AtlasColumnWidths *self, AtlasRegionColumn column, int width);
/* Fills @available pixels: the names get what is left. */
void atlas_column_widths_fit (AtlasColumnWidths *self, int available);
/* Another number when a column is elsewhere. */
guint atlas_column_widths_get_serial (AtlasColumnWidths *self);
/* Of all columns: at least that. */
int atlas_column_widths_get_total (AtlasColumnWidths *self);
int atlas_column_widths_get_width (AtlasColumnWidths *self, AtlasRegionColumn column);
int atlas_column_widths_get_left (AtlasColumnWidths *self, AtlasRegionColumn column);

G_END_DECLS
