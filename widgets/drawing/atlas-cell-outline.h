/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Lines round cells of a card, on the gaps between them, so that no cell is painted over: round
 * the cells of an allocation, round the ones that changed. */

#pragma once

#include "atlas-map-layout.h"

G_BEGIN_DECLS

/* Cells of a card, counted from the first of its first row. */
typedef struct
{
  guint64 first, end;
} AtlasCellRange;

/* How far the line reaches beyond the gap that it is on, pixels. */
typedef struct
{
  double outward, inward;
} AtlasOutlineReach;

/* The cells that show a byte of [@start, @end), which lies within the card's region. */
AtlasCellRange
atlas_card_get_cells (const AtlasCard *card, guint64 page_size, guint64 start, guint64 end);
/* Appends the outline of all of @ranges taken together (ascending, apart) to the path, as far as it
 * is in the rows from @first_row up to @end_row. For a fill without smoothing: everything lies on
 * whole pixels. */
void atlas_cell_outline_add (cairo_t *cr,
                             const AtlasCard *card,
                             const AtlasCellRange *ranges,
                             guint n_ranges,
                             guint64 first_row,
                             guint64 end_row,
                             AtlasOutlineReach reach);

G_END_DECLS
