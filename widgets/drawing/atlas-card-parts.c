/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Lines first, then names on plates of the card's colour. What has its name in one row may begin
 * some rows above, and names of one row may give way to those of the next: so parts of one row more
 * on both sides are looked at, and whatever is painted of them is the same in every band. */

#include "atlas-card-parts.h"

#include <math.h>

#include "atlas-part-names.h"

/* Pixels. */
#define PLATE_RADIUS 2.5

typedef struct
{
  AtlasCanvas *canvas;
  const AtlasRegion *region;
  const AtlasCard *card;
  guint64 page_size;
  guint64 first_row, end_row; /* to be painted */
} Painter;

/* --- the parts ------------------------------------------------------------------------------- */

/* What of a label lies in the region. */
static AtlasCellRange
get_cells (const Painter *painter, const AtlasLabel *label)
{
  return atlas_card_get_cells (painter->card, painter->page_size,
                               MAX (label->start, painter->region->start),
                               MIN (label->end, painter->region->end));
}

/* How many of the labels from the first on lie within its cell, as a whole. */
static guint
count_within_cell (const Painter *painter, const AtlasLabel *labels, guint n, guint64 cell)
{
  guint low = 1, high = n;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (get_cells (painter, &labels[middle]).end <= cell + 1)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static GArray *
list_parts (const Painter *painter, const AtlasLabel *labels, guint n)
{
  GArray *parts = g_array_new (FALSE, FALSE, sizeof (AtlasPart));

  for (guint i = 0; i < n;)
    {
      AtlasPart part = { get_cells (painter, &labels[i]), &labels[i], 1 };

      if (part.cells.end - part.cells.first == 1)
        part.n_labels = count_within_cell (painter, &labels[i], n - i, part.cells.first);
      g_array_append_val (parts, part);
      i += part.n_labels;
    }
  return parts;
}

static const AtlasLabel *
find_labels (const Painter *painter, guint *n)
{
  guint64 first = painter->first_row > 0 ? painter->first_row - 1 : 0;
  guint64 start =
      atlas_card_get_row_address (painter->card, painter->region, painter->page_size, first);
  guint64 end = atlas_card_get_row_address (painter->card, painter->region, painter->page_size,
                                            painter->end_row + 1);

  return atlas_labels_find (painter->card->labels, start, end, n);
}

/* --- painting -------------------------------------------------------------------------------- */

static void
paint_lines (const Painter *painter, GArray *parts, const AtlasColor *color, double reach)
{
  cairo_t *cr = painter->canvas->cr;

  atlas_canvas_set_color (painter->canvas, color);
  for (guint i = 0; i < parts->len; i++)
    {
      atlas_cell_outline_add (cr, painter->card, &g_array_index (parts, AtlasPart, i).cells, 1,
                              painter->first_row, painter->end_row,
                              (AtlasOutlineReach){ reach, reach });
      cairo_fill (cr);
    }
}

/* On a halo of the card's colour: between dark cells a dark line would look like no gap at all. */
static void
paint_outlines (const Painter *painter, GArray *parts)
{
  const AtlasPalette *palette = painter->canvas->palette;

  cairo_set_antialias (painter->canvas->cr, CAIRO_ANTIALIAS_NONE);
  paint_lines (painter, parts, &palette->card, 1);
  paint_lines (painter, parts, &palette->text, 0);
  cairo_set_antialias (painter->canvas->cr, CAIRO_ANTIALIAS_DEFAULT);
}

static double
get_middle (const Painter *painter, const AtlasPartName *name)
{
  double top = atlas_card_get_row_top (painter->card, name->row);
  double below = atlas_card_get_row_top (painter->card, name->row + 1);

  return top + (below - 1 - top) / 2;
}

static void
paint_plate (const Painter *painter, const AtlasPartName *name)
{
  cairo_t *cr = painter->canvas->cr;
  double height = atlas_part_names_get_height (painter->canvas, painter->card);
  double left = name->x, right = name->x + name->width;
  double top = round (get_middle (painter, name) - height / 2), bottom = top + height;

  cairo_new_sub_path (cr);
  cairo_arc (cr, right - PLATE_RADIUS, top + PLATE_RADIUS, PLATE_RADIUS, -G_PI_2, 0);
  cairo_arc (cr, right - PLATE_RADIUS, bottom - PLATE_RADIUS, PLATE_RADIUS, 0, G_PI_2);
  cairo_arc (cr, left + PLATE_RADIUS, bottom - PLATE_RADIUS, PLATE_RADIUS, G_PI_2, G_PI);
  cairo_arc (cr, left + PLATE_RADIUS, top + PLATE_RADIUS, PLATE_RADIUS, G_PI, 3 * G_PI_2);
  cairo_close_path (cr);
  cairo_fill (cr);
}

static void
paint_name (const Painter *painter, const AtlasPartName *name)
{
  AtlasCanvas *canvas = painter->canvas;

  atlas_canvas_set_color (canvas, &canvas->palette->card);
  paint_plate (painter, name);
  atlas_canvas_text (
      canvas, ATLAS_TEXT_CAPTION, &canvas->palette->text, ATLAS_ALIGN_START,
      name->x + ATLAS_PART_NAME_PADDING,
      round (get_middle (painter, name) - canvas->line_height[ATLAS_TEXT_CAPTION] / 2), 0,
      name->text);
}

static void
paint_names (const Painter *painter, GArray *parts)
{
  g_autoptr (GArray) names = atlas_part_names_place (painter->canvas, painter->region,
                                                     painter->card, painter->page_size, parts);

  for (guint i = 0; i < names->len; i++)
    {
      const AtlasPartName *name = &g_array_index (names, AtlasPartName, i);

      if (name->row >= painter->first_row && name->row < painter->end_row)
        paint_name (painter, name);
    }
}

/* Whether the region is called after @label, and no page is beyond it. */
static gboolean
is_all (const Painter *painter, const AtlasLabel *label)
{
  return label->start < painter->region->start + painter->page_size
         && label->end > painter->region->end - painter->page_size;
}

/* NULL where there are none to be seen. */
static GArray *
find_parts (const Painter *painter)
{
  guint n;
  const AtlasLabel *labels = find_labels (painter, &n);

  return n > 0 ? list_parts (painter, labels, n) : NULL;
}

static const AtlasLabel *
find_whole (const Painter *painter)
{
  return atlas_labels_find_whole (painter->card->labels, painter->region, painter->page_size);
}

void
atlas_card_parts_paint (AtlasCanvas *canvas,
                        const AtlasRegion *region,
                        const AtlasCard *card,
                        guint64 page_size,
                        guint64 first_row,
                        guint64 end_row)
{
  Painter painter = { canvas, region, card, page_size, first_row, end_row };
  g_autoptr (GArray) parts = find_parts (&painter);
  const AtlasLabel *whole;

  if (parts == NULL)
    return;
  whole = find_whole (&painter);
  if (whole != NULL && is_all (&painter, whole))
    return;
  paint_outlines (&painter, parts);
  if (whole == NULL && !card->compact)
    paint_names (&painter, parts);
}

void
atlas_card_parts_paint_names (AtlasCanvas *canvas,
                              const AtlasRegion *region,
                              const AtlasCard *card,
                              guint64 page_size,
                              guint64 first_row,
                              guint64 end_row)
{
  Painter painter = { canvas, region, card, page_size, first_row, end_row };
  g_autoptr (GArray) parts = find_parts (&painter);

  if (parts != NULL && !card->compact && find_whole (&painter) == NULL)
    paint_names (&painter, parts);
}
