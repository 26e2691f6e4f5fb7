/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Moves the cell cursor. A place is a card and the number of a cell in it, counted row-major from
 * the grid's first cell; the first and the last row of a card may be partly empty. */

#include "atlas-map-cursor.h"

#include <math.h>

typedef struct
{
  AtlasMapLayout *layout;
  guint index; /* of the card, from the top */
  AtlasCard card;
  guint64 cell_bytes;
  guint64 start, end;  /* of the region */
  guint64 first, last; /* cells that have pages */
  guint64 cell;
} Place;

static void
go_to_card (Place *place, guint index)
{
  AtlasSnapshot *snapshot = atlas_map_layout_get_snapshot (place->layout);
  const AtlasRegion *region;

  atlas_map_layout_get_card (place->layout, index, &place->card);
  region = atlas_snapshot_get_region (snapshot, place->card.region);
  place->index = index;
  place->start = region->start;
  place->end = region->end;
  place->cell_bytes = atlas_snapshot_get_page_size (snapshot) << place->card.shift;
  place->first = (region->start - place->card.first_address) / place->cell_bytes;
  place->last = (region->end - 1 - place->card.first_address) / place->cell_bytes;
  place->cell = place->first;
}

static gboolean
place_init (Place *place, AtlasMapLayout *layout, guint64 address)
{
  guint n_cards = atlas_map_layout_get_n_cards (layout);
  AtlasRect cell;
  AtlasCard card;
  guint index;

  place->layout = layout;
  if (!atlas_map_layout_locate (layout, address, &cell, &card))
    return FALSE;

  index = atlas_map_layout_find_card (layout, card.rect.y + card.rect.height / 2.0);
  go_to_card (place, MIN (index, n_cards - 1));
  place->cell = (address - place->card.first_address) / place->cell_bytes;
  return TRUE;
}

static guint64
get_address (const Place *place)
{
  guint64 address = place->card.first_address + place->cell * place->cell_bytes;

  return MAX (address, place->start);
}

static double
get_row_top (const Place *place, guint64 rows_down)
{
  return atlas_card_get_row_top (&place->card, place->cell / place->card.columns + rows_down);
}

static double
get_middle_x (const Place *place)
{
  guint64 column = place->cell % place->card.columns;

  return place->card.grid.x + ((double) column + 0.5) * place->card.pitch;
}

static double
get_middle_y (const Place *place)
{
  return (get_row_top (place, 0) + get_row_top (place, 1)) / 2.0;
}

/* To the cell of @row that is nearest to @x and has pages. */
static void
go_to_row (Place *place, guint64 row, double x)
{
  double column = floor ((x - place->card.grid.x) / place->card.pitch);

  column = CLAMP (column, 0.0, (double) place->card.columns - 1.0);
  place->cell = row * place->card.columns + (guint64) column;
  place->cell = CLAMP (place->cell, place->first, place->last);
}

static gboolean
go_to_next_card (Place *place, int step)
{
  guint n_cards = atlas_map_layout_get_n_cards (place->layout);

  if (step < 0 ? place->index == 0 : place->index + 1 >= n_cards)
    return FALSE;

  go_to_card (place, step < 0 ? place->index - 1 : place->index + 1);
  return TRUE;
}

static void
move_by_cell (Place *place, int step)
{
  if (step < 0 && place->cell > place->first)
    place->cell--;
  else if (step > 0 && place->cell < place->last)
    place->cell++;
  else if (go_to_next_card (place, step) && step < 0)
    place->cell = place->last;
}

static void
move_by_row (Place *place, int step, double x)
{
  guint64 columns = place->card.columns;
  guint64 row = place->cell / columns;

  if (step < 0 && row > place->first / columns)
    go_to_row (place, row - 1, x);
  else if (step > 0 && row < place->last / columns)
    go_to_row (place, row + 1, x);
  else if (go_to_next_card (place, step))
    go_to_row (place, (step < 0 ? place->last : place->first) / place->card.columns, x);
}

/* To the cell nearest to a point of the map. */
static void
go_to_point (Place *place, double x, double y)
{
  guint n_cards = atlas_map_layout_get_n_cards (place->layout);
  guint index = atlas_map_layout_find_card (place->layout, y);

  go_to_card (place, MIN (index, n_cards - 1));
  go_to_row (place, atlas_card_find_row (&place->card, y), x);
}

static void
move_by_page (Place *place, double distance, double x)
{
  guint64 before = get_address (place);

  go_to_point (place, x, get_middle_y (place) + distance);
  /* A view lower than a card's margins must not hold the cursor back. */
  if (get_address (place) == before)
    move_by_row (place, distance < 0.0 ? -1 : 1, x);
}

static void
move_vertically (Place *place, AtlasMapMove move, double page, double *goal_x)
{
  if (*goal_x < 0.0)
    *goal_x = get_middle_x (place);

  if (move == ATLAS_MAP_MOVE_UP)
    move_by_row (place, -1, *goal_x);
  else if (move == ATLAS_MAP_MOVE_DOWN)
    move_by_row (place, 1, *goal_x);
  else
    move_by_page (place, move == ATLAS_MAP_MOVE_PAGE_UP ? -page : page, *goal_x);
}

static void
move_to_end (Place *place, AtlasMapMove move)
{
  if (move == ATLAS_MAP_MOVE_MAP_START)
    go_to_card (place, 0);
  else if (move == ATLAS_MAP_MOVE_MAP_END)
    go_to_card (place, atlas_map_layout_get_n_cards (place->layout) - 1);

  if (move == ATLAS_MAP_MOVE_REGION_END || move == ATLAS_MAP_MOVE_MAP_END)
    place->cell = place->last;
  else
    place->cell = place->first;
}

guint64
atlas_map_cursor_move (AtlasMapLayout *layout,
                       guint64 from,
                       AtlasMapMove move,
                       double page,
                       double *goal_x)
{
  Place place;

  if (!place_init (&place, layout, from))
    return from;

  switch (move)
    {
    case ATLAS_MAP_MOVE_UP:
    case ATLAS_MAP_MOVE_DOWN:
    case ATLAS_MAP_MOVE_PAGE_UP:
    case ATLAS_MAP_MOVE_PAGE_DOWN:
      move_vertically (&place, move, page, goal_x);
      return get_address (&place);
    case ATLAS_MAP_MOVE_LEFT:
    case ATLAS_MAP_MOVE_RIGHT:
      move_by_cell (&place, move == ATLAS_MAP_MOVE_LEFT ? -1 : 1);
      break;
    case ATLAS_MAP_MOVE_REGION_START:
    case ATLAS_MAP_MOVE_REGION_END:
    case ATLAS_MAP_MOVE_MAP_START:
    case ATLAS_MAP_MOVE_MAP_END:
      move_to_end (&place, move);
      break;
    default:
      g_assert_not_reached ();
    }

  *goal_x = -1.0;
  return get_address (&place);
}

guint64
atlas_map_cursor_first_below (AtlasMapLayout *layout, double y)
{
  guint n_cards = atlas_map_layout_get_n_cards (layout);
  Place place = { .layout = layout };

  if (n_cards == 0)
    return 0;

  go_to_point (&place, 0.0, y);
  if (get_row_top (&place, 0) < y)
    move_by_row (&place, 1, 0.0);
  return get_address (&place);
}
