/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Points out the cells in which pages changed, on top of a map that is painted already. Only the
 * rows that are seen are looked at, and of what changed in one cell only as much as shows that
 * something did: a million changes cost what the cells cost. */

#include "atlas-card-parts.h"
#include "atlas-cell-outline.h"
#include "atlas-map-painter.h"

/* The part of a card that is seen. */
typedef struct
{
  AtlasCanvas *canvas;
  AtlasCard card;
  const AtlasRegion *region;
  guint64 page_size;
  guint64 first_row, end_row; /* that are seen */
  GArray *cells;              /* AtlasCellRange, ascending, apart */
} Painter;

static void
add_cells (Painter *painter, AtlasCellRange cells)
{
  GArray *all = painter->cells;
  AtlasCellRange *last = all->len > 0 ? &g_array_index (all, AtlasCellRange, all->len - 1) : NULL;

  if (last != NULL && last->end >= cells.first)
    last->end = MAX (last->end, cells.end);
  else
    g_array_append_val (all, cells);
}

/* The cells of the rows that are seen in which something changed that is still there. */
static void
gather_cells (Painter *painter, AtlasPageChanges *changes)
{
  const AtlasCard *card = &painter->card;
  guint64 start =
      atlas_card_get_row_address (card, painter->region, painter->page_size, painter->first_row);
  guint64 end =
      atlas_card_get_row_address (card, painter->region, painter->page_size, painter->end_row);
  guint n_ranges;
  const AtlasChangedRange *ranges = atlas_page_changes_get_ranges (changes, &n_ranges);

  g_array_set_size (painter->cells, 0);
  for (guint i = atlas_page_changes_find (changes, start); i < n_ranges && ranges[i].start < end;)
    {
      guint64 from = MAX (ranges[i].start, start), to = MIN (ranges[i].end, end);
      AtlasCellRange cells = atlas_card_get_cells (card, painter->page_size, from, to);
      guint64 cells_end = card->first_address + (cells.end << card->shift) * painter->page_size;

      if (ranges[i].change == ATLAS_CHANGE_UNMAPPED)
        i++;
      else
        {
          add_cells (painter, cells);
          i = MAX (i + 1, atlas_page_changes_find (changes, cells_end));
        }
    }
}

static void
fill_row (const Painter *painter, const AtlasCellRange *cells, guint64 row)
{
  const AtlasCard *card = &painter->card;
  guint64 first = MAX (cells->first, row * card->columns);
  guint64 end = MIN (cells->end, (row + 1) * card->columns);
  double top = atlas_card_get_row_top (card, row);

  cairo_rectangle (
      painter->canvas->cr, card->grid.x + (double) (first % card->columns) * card->pitch, top,
      (double) (end - first) * card->pitch - 1, atlas_card_get_row_top (card, row + 1) - 1 - top);
}

/* Halfway to the card's colour, so that it shows on what is resident and on what is not. */
static void
fill_cells (const Painter *painter, double strength)
{
  const AtlasPalette *palette = painter->canvas->palette;
  AtlasColor color = atlas_color_mix (&palette->accent, &palette->card, 0.45);

  for (guint i = 0; i < painter->cells->len; i++)
    {
      const AtlasCellRange *cells = &g_array_index (painter->cells, AtlasCellRange, i);

      for (guint64 row = cells->first / painter->card.columns;
           row <= (cells->end - 1) / painter->card.columns; row++)
        fill_row (painter, cells, row);
    }
  color.alpha = strength;
  atlas_canvas_set_color (painter->canvas, &color);
  cairo_fill (painter->canvas->cr);
}

static void
paint_outline (const Painter *painter, const AtlasColor *color, AtlasOutlineReach reach)
{
  atlas_cell_outline_add (painter->canvas->cr, &painter->card,
                          &g_array_index (painter->cells, AtlasCellRange, 0), painter->cells->len,
                          painter->first_row, painter->end_row, reach);
  atlas_canvas_set_color (painter->canvas, color);
  cairo_fill (painter->canvas->cr);
}

static void
paint_card (Painter *painter,
            AtlasMapLayout *layout,
            double top,
            double bottom,
            AtlasPageChanges *changes,
            double strength)
{
  const AtlasPalette *palette = painter->canvas->palette;
  AtlasSnapshot *snapshot = atlas_map_layout_get_snapshot (layout);
  guint64 first = atlas_card_find_row (&painter->card, top);
  guint64 last = atlas_card_find_row (&painter->card, bottom);

  /* One row more on both sides: the outline depends on what is beside it. */
  painter->region = atlas_snapshot_get_region (snapshot, painter->card.region);
  painter->page_size = atlas_snapshot_get_page_size (snapshot);
  painter->first_row = first > 0 ? first - 1 : 0;
  painter->end_row = MIN (last + 2, painter->card.n_rows);
  gather_cells (painter, changes);
  if (painter->cells->len == 0)
    return;
  if (strength > 0)
    fill_cells (painter, strength);
  /* On a halo, or a blue accent would drown in blue cells. */
  cairo_set_antialias (painter->canvas->cr, CAIRO_ANTIALIAS_NONE);
  paint_outline (painter, &palette->card, (AtlasOutlineReach){ 2, 1 });
  paint_outline (painter, &palette->accent, (AtlasOutlineReach){ 1, 0 });
  cairo_set_antialias (painter->canvas->cr, CAIRO_ANTIALIAS_DEFAULT);
  atlas_card_parts_paint_names (painter->canvas, painter->region, &painter->card,
                                painter->page_size, painter->first_row, painter->end_row);
}

void
atlas_map_paint_changes (AtlasCanvas *canvas,
                         AtlasMapLayout *layout,
                         double top,
                         double bottom,
                         AtlasPageChanges *changes,
                         double strength)
{
  g_autoptr (GArray) cells = g_array_new (FALSE, FALSE, sizeof (AtlasCellRange));
  guint n_cards;

  g_return_if_fail (canvas != NULL && canvas->cr != NULL && layout != NULL && changes != NULL);

  n_cards = atlas_map_layout_get_n_cards (layout);
  cairo_save (canvas->cr);
  cairo_rectangle (canvas->cr, 0, top, atlas_map_layout_get_parameters (layout)->width,
                   bottom - top);
  cairo_clip (canvas->cr);
  for (guint i = atlas_map_layout_find_card (layout, top); i < n_cards; i++)
    {
      Painter painter = { .canvas = canvas, .cells = cells };

      atlas_map_layout_get_card (layout, i, &painter.card);
      if (painter.card.rect.y >= bottom)
        break;
      paint_card (&painter, layout, top, bottom, changes, strength);
    }
  cairo_restore (canvas->cr);
}
