/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What keeps the map from jumping: a place on it that is remembered by address rather than by
 * pixels, and found again on the layout made after it. */

#pragma once

#include "atlas-map-layout.h"

G_BEGIN_DECLS

typedef struct
{
  guint64 address;     /* of the page; of the region's first when beside the cells */
  guint64 start, last; /* first and last byte of its region */
  gboolean on_cell;    /* else beside the cells, above or below them */
  gboolean below;
  double share;  /* of the height of the cell's row, on a cell */
  double offset; /* else pixels from the top of the card, or from its bottom if below */
} AtlasMapAnchor;

/* The place at @x, @y of the layout; a negative @x is left of all cells. FALSE on an empty map. */
gboolean atlas_map_anchor_take (AtlasMapLayout *layout, double x, double y, AtlasMapAnchor *anchor);
/* The middle of the cell that shows @address. FALSE when none does. */
gboolean
atlas_map_anchor_take_address (AtlasMapLayout *layout, guint64 address, AtlasMapAnchor *anchor);
/* Where that place is on @layout, pixels. If its page is gone: the nearest one left of its region;
 * if all of that is gone: the top of the next one below. */
double atlas_map_anchor_find (AtlasMapLayout *layout, const AtlasMapAnchor *anchor);

G_END_DECLS
