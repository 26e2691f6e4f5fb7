/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Anchors. The cell under the anchor is remembered by its address, so that whatever comes, goes or
 * grows above it, and whatever the zoom, the same memory stays where the eye has it. */

#include "atlas-map-anchor.h"

#include <math.h>

/* In the row of @card at @y, the cell at @x. */
static guint64
get_address_at (AtlasMapLayout *layout, const AtlasCard *card, double x, double y)
{
  AtlasSnapshot *snapshot = atlas_map_layout_get_snapshot (layout);
  const AtlasRegion *region = atlas_snapshot_get_region (snapshot, card->region);
  guint64 cell_bytes = atlas_snapshot_get_page_size (snapshot) << card->shift;
  double row_height = card->grid.height / (double) MAX (card->n_rows, 1u);
  double row = floor ((y - card->grid.y) / row_height);
  double column = floor ((x - card->grid.x) / card->pitch);
  guint64 cell, address;

  row = CLAMP (row, 0.0, (double) card->n_rows - 1.0);
  column = CLAMP (column, 0.0, (double) card->columns - 1.0);
  cell = (guint64) row * card->columns + (guint64) column;
  address = card->first_address + cell * cell_bytes;
  return CLAMP (address, region->start, region->end - 1);
}

static void
set_address (AtlasMapAnchor *anchor, const AtlasRegion *region, guint64 address)
{
  anchor->address = address;
  anchor->start = region->start;
  anchor->last = region->end - 1;
}

gboolean
atlas_map_anchor_take (AtlasMapLayout *layout, double x, double y, AtlasMapAnchor *anchor)
{
  AtlasSnapshot *snapshot = atlas_map_layout_get_snapshot (layout);
  guint n_cards = atlas_map_layout_get_n_cards (layout);
  const AtlasRegion *region;
  AtlasRect cell;
  AtlasCard card;

  if (n_cards == 0)
    return FALSE;

  atlas_map_layout_get_card (layout, MIN (atlas_map_layout_find_card (layout, y), n_cards - 1),
                             &card);
  region = atlas_snapshot_get_region (snapshot, card.region);
  anchor->on_cell = y >= card.grid.y && y < card.grid.y + card.grid.height;
  set_address (anchor, region,
               anchor->on_cell ? get_address_at (layout, &card, x, y) : region->start);
  if (!atlas_map_layout_locate (layout, anchor->address, &cell, NULL))
    return FALSE;

  anchor->offset = y - (anchor->on_cell ? cell.y : card.rect.y);
  return TRUE;
}

gboolean
atlas_map_anchor_take_address (AtlasMapLayout *layout, guint64 address, AtlasMapAnchor *anchor)
{
  AtlasSnapshot *snapshot = atlas_map_layout_get_snapshot (layout);
  AtlasRect cell;
  AtlasCard card;

  if (!atlas_map_layout_locate (layout, address, &cell, &card))
    return FALSE;

  set_address (anchor, atlas_snapshot_get_region (snapshot, card.region), address);
  anchor->on_cell = TRUE;
  anchor->offset = cell.height / 2.0;
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
  guint64 address;
  AtlasRect cell;
  AtlasCard card;

  if (region == NULL)
    return find_next_below (layout, anchor->address);

  address = CLAMP (anchor->address, region->start, region->end - 1);
  if (!atlas_map_layout_locate (layout, address, &cell, &card))
    return 0.0;
  if (!anchor->on_cell)
    return card.rect.y + MIN (anchor->offset, card.rect.height);
  return cell.y + anchor->offset;
}
