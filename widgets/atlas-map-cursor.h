/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where the cell cursor goes when a key is pressed: geometry on a layout, no widget. */

#pragma once

#include "atlas-map-layout.h"

G_BEGIN_DECLS

typedef enum
{
  ATLAS_MAP_MOVE_LEFT, /* to the cell before, across rows and cards, as in reading */
  ATLAS_MAP_MOVE_RIGHT,
  ATLAS_MAP_MOVE_UP, /* to the row above, across cards, keeping its column as well as it can */
  ATLAS_MAP_MOVE_DOWN,
  ATLAS_MAP_MOVE_PAGE_UP, /* by the height of a view */
  ATLAS_MAP_MOVE_PAGE_DOWN,
  ATLAS_MAP_MOVE_REGION_START, /* first cell of the region */
  ATLAS_MAP_MOVE_REGION_END,
  ATLAS_MAP_MOVE_MAP_START, /* first cell of the topmost card */
  ATLAS_MAP_MOVE_MAP_END,
} AtlasMapMove;

/**
 * atlas_map_cursor_move:
 * @from: an address on the map
 * @page: pixels of a view, for PAGE_UP and PAGE_DOWN
 * @goal_x: (inout): x that moves up and down aim for, pixels; negative: none yet. They set it, so
 *   that narrow rows on the way do not lose the column; other moves forget it.
 *
 * The address of the cell that the cursor comes to; @from when there is nowhere to go.
 */
guint64 atlas_map_cursor_move (AtlasMapLayout *layout,
                               guint64 from,
                               AtlasMapMove move,
                               double page,
                               double *goal_x);

/* The first cell that lies wholly below @y, or the last one of all; 0 on an empty map. */
guint64 atlas_map_cursor_first_below (AtlasMapLayout *layout, double y);

G_END_DECLS
