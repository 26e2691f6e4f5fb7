/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Anchors. The cell under the anchor is remembered by its address, so that whatever comes, goes or
 * grows above it, and whatever the zoom, the same memory stays where the eye has it. */

#include "atlas-map-anchor.h"

#include <math.h>

/* The page at @x in the row of @card at @y: of a cell of many, as far on in it as @x is, so that
 * zooming in comes to what is pointed at and not to what is at the left of it. */
static guint64
get_address_at (AtlasMapLayout *layout, const AtlasCard *card, double x, double y)
{
  AtlasSnapshot *snapshot = atlas_map_layout_get_snapshot (layout);
  const AtlasRegion *region = atlas_snapshot_get_region (snapshot, card->region);
  guint64 page_size = atlas_snapshot_get_page_size (snapshot);
  double place = CLAMP ((x - card->grid.x) / card->pitch, 0.0, (double) card->columns);
  double column = MIN (floor (place), (double) card->columns - 1.0);
  guint64 n_pages = G_GUINT64_CONSTANT (1) << card->shift;
  guint64 page = (guint64) ((place - column) * (double) n_pages);
  guint64 cell = atlas_card_find_row (card, y) * card->columns + (guint64) column;
  guint64 address = card->first_address + (cell * n_pages + MIN (page, n_pages - 1)) * page_size;

  return CLAMP (address, region->start, region->end - page_size);
}

static void
set_address (AtlasMapAnchor *anchor, const AtlasRegion *region, guint64 address)
{
  anchor->address = address;
  anchor->start = region->start;
  anchor->last = region->end - 1;
}

/* Upper and lower edge of the row of @card that holds @address. */
static void
get_row_edges (AtlasMapLayout *layout,
               const AtlasCard *card,
               guint64 address,
               double *top,
               double *bottom)
{
  AtlasSnapshot *snapshot = atlas_map_layout_get_snapshot (layout);
  guint64 page = (address - card->first_address) / atlas_snapshot_get_page_size (snapshot);
  guint64 row = (page >> card->shift) / card->columns;

  *top = atlas_card_get_row_top (card, row);
  *bottom = atlas_card_get_row_top (card, row + 1);
}

gboolean
atlas_map_anchor_take (AtlasMapLayout *layout, double x, double y, AtlasMapAnchor *anchor)
{
  AtlasSnapshot *snapshot = atlas_map_layout_get_snapshot (layout);
  guint n_cards = atlas_map_layout_get_n_cards (layout);
  const AtlasRegion *region;
  double top, bottom;
  AtlasCard card;

  if (n_cards == 0)
    return FALSE;

  atlas_map_layout_get_card (layout, MIN (atlas_map_layout_find_card (layout, y), n_cards - 1),
                             &card);
  region = atlas_snapshot_get_region (snapshot, card.region);
  *anchor = (AtlasMapAnchor){ .on_cell = y >= card.grid.y && y < card.grid.y + card.grid.height,
                              .below = y >= card.grid.y + card.grid.height };
  set_address (anchor, region,
               anchor->on_cell ? get_address_at (layout, &card, x, y) : region->start);
  if (anchor->on_cell)
    {
      top = atlas_card_get_row_top (&card, atlas_card_find_row (&card, y));
      bottom = atlas_card_get_row_top (&card, atlas_card_find_row (&card, y) + 1);
      anchor->share = (y - top) / (bottom - top);
    }
  else
    anchor->offset = y - card.rect.y - (anchor->below ? card.rect.height : 0.0);
  return TRUE;
}

gboolean
atlas_map_anchor_take_address (AtlasMapLayout *layout, guint64 address, AtlasMapAnchor *anchor)
{
  AtlasSnapshot *snapshot = atlas_map_layout_get_snapshot (layout);
  double top, bottom;
  AtlasRect cell;
  AtlasCard card;

  if (!atlas_map_layout_locate (layout, address, &cell, &card))
    return FALSE;

  get_row_edges (layout, &card, address, &top, &bottom);
  *anchor = (AtlasMapAnchor){ .on_cell = TRUE, .share = cell.height / 2.0 / (bottom - top) };
  set_address (anchor, atlas_snapshot_get_region (snapshot, card.region), address);
  return TRUE;
}

/* What is left of the region: by the address itself, by its first byte, by its last. */
static const AtlasRegion *
find_region (AtlasSnapshot *snapshot, const AtlasMapAnchor *anchor)
{
  const guint64 addresses[] = { anchor->address, anchor->start, anchor->last };
  guint index;

  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    if (atlas_snapshot_find (snapshot, addresses[i], &index))
      return atlas_snapshot_get_region (snapshot, index);
  return NULL;
}

/* Regions ascend, cards descend: the lower neighbour comes next on the screen. */
static double
find_next_below (AtlasMapLayout *layout, guint64 address)
{
  AtlasSnapshot *snapshot = atlas_map_layout_get_snapshot (layout);
  guint n_regions = atlas_snapshot_get_n_regions (snapshot);
  AtlasCard card;
  guint index;

  if (n_regions == 0)
    return 0.0;

  atlas_snapshot_find (snapshot, address, &index);
  index = index > 0 ? MIN (index, n_regions) - 1 : 0;
  address = atlas_snapshot_get_region (snapshot, index)->start;
  return atlas_map_layout_locate (layout, address, NULL, &card) ? card.rect.y : 0.0;
}

double
atlas_map_anchor_find (AtlasMapLayout *layout, const AtlasMapAnchor *anchor)
{
  const AtlasRegion *region = find_region (atlas_map_layout_get_snapshot (layout), anchor);
  double top, bottom;
  guint64 address;
  AtlasCard card;

  if (region == NULL)
    return find_next_below (layout, anchor->address);

  address = CLAMP (anchor->address, region->start, region->end - 1);
  if (!atlas_map_layout_locate (layout, address, NULL, &card))
    return 0.0;
  if (anchor->below)
    return card.rect.y + MAX (card.rect.height + anchor->offset, 0.0);
  if (!anchor->on_cell)
    return card.rect.y + MIN (anchor->offset, card.rect.height);
  get_row_edges (layout, &card, address, &top, &bottom);
  return top + anchor->share * (bottom - top);
}
