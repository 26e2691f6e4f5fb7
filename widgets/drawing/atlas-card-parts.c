/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A name is written on cells that are all alike, with such a cell left to see on both sides of it:
 * what it covers can be told from what is beside it. Cells that are not alike are covered only
 * where that is a small part of what is named. Labels that lie within one and the same cell are
 * one part; parts that begin in the same row one after the other and have no room for their names
 * are counted together. */

#include "atlas-config.h"

#include "atlas-card-parts.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "atlas-cell-outline.h"
#include "atlas-format.h"

/* Pixels: in a plate, left and right of the name. */
#define PLATE_PADDING 3
#define PLATE_RADIUS 2.5
/* Of what a plate covers if that is not all alike. */
#define COVERED_SHARE 8
/* Rows of a part in which room is looked for. */
#define MOST_ROWS 3
/* Names of a group that are written out. */
#define MOST_NAMES 3

/* Of one label, or of several within one cell. */
typedef struct
{
  AtlasCellRange cells;
  const AtlasLabel *labels;
  guint n_labels;
} Part;

typedef struct
{
  char *text;
  double x, middle, width;
} Plate;

typedef struct
{
  AtlasCanvas *canvas;
  const AtlasRegion *region;
  const AtlasCard *card;
  guint64 page_size;
  guint64 skipped; /* pages of the first cells before the region */
  guint64 n_pages;
  GArray *plates; /* Plate */
} Painter;

/* Cells of one row. */
typedef struct
{
  guint64 first, end;
} Stretch;

static void
clear_plate (gpointer data)
{
  Plate *plate = data;

  g_free (plate->text);
}

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
  GArray *parts = g_array_new (FALSE, FALSE, sizeof (Part));

  for (guint i = 0; i < n;)
    {
      Part part = { get_cells (painter, &labels[i]), &labels[i], 1 };

      if (part.cells.end - part.cells.first == 1)
        part.n_labels = count_within_cell (painter, &labels[i], n - i, part.cells.first);
      g_array_append_val (parts, part);
      i += part.n_labels;
    }
  return parts;
}

static guint64
get_row_start (const Painter *painter, guint64 row)
{
  const AtlasCard *card = painter->card;
  guint64 page = (row * card->columns) << card->shift;

  page = CLAMP (page, painter->skipped, painter->skipped + painter->n_pages);
  return card->first_address + page * painter->page_size;
}

/* --- room for a name ------------------------------------------------------------------------- */

/* First page within the region of a cell; of the region's end, for the cell after the last. */
static guint64
get_cell_page (const Painter *painter, guint64 cell)
{
  guint64 page = cell << painter->card->shift;

  return page < painter->skipped ? 0 : MIN (page - painter->skipped, painter->n_pages);
}

/* The cell before which all cells from @cell on lie within one run; @cell if states meet in it. */
static guint64
get_alike_end (const Painter *painter, guint64 cell, guint64 end)
{
  const AtlasPages *pages = painter->region->pages;
  guint n_runs;
  const AtlasRun *runs = atlas_pages_get_runs (pages, &n_runs);
  guint run = atlas_pages_find_run (pages, get_cell_page (painter, cell));

  if (run + 1 == n_runs)
    return end;
  return CLAMP ((runs[run + 1].first + painter->skipped) >> painter->card->shift, cell, end);
}

static double
get_span (const Painter *painter, const Stretch *stretch)
{
  return (double) (stretch->end - stretch->first) * painter->card->pitch - 1;
}

/* A cell on the left and half of one on the right stay free. */
static gboolean
has_room (const Painter *painter, const Stretch *stretch, double width)
{
  return get_span (painter, stretch) >= width + painter->card->pitch * 1.5;
}

/* The first stretch of alike cells that has room. */
static gboolean
find_alike (const Painter *painter, const Stretch *row, double width, Stretch *found)
{
  for (guint64 cell = row->first; cell < row->end; cell = MAX (found->end, cell + 1))
    {
      *found = (Stretch){ cell, get_alike_end (painter, cell, row->end) };
      if (has_room (painter, found, width))
        return TRUE;
    }
  return FALSE;
}

/* What of @cells is in @row. */
static Stretch
get_stretch (const Painter *painter, const AtlasCellRange *cells, guint64 row)
{
  guint64 first = row * painter->card->columns;

  return (Stretch){ MAX (cells->first, first), MIN (cells->end, first + painter->card->columns) };
}

static gboolean
is_small_part (const Painter *painter, const AtlasCellRange *cells, double width)
{
  return (double) (cells->end - cells->first) * painter->card->pitch >= width * COVERED_SHARE;
}

/* Where a name of @width can be in the rows from @first to @last of @cells; on alike ones, or on
 * any. */
static gboolean
find_place_in (const Painter *painter,
               const AtlasCellRange *cells,
               double width,
               gboolean alike,
               Stretch *place)
{
  guint64 first = cells->first / painter->card->columns;
  guint64 last = (cells->end - 1) / painter->card->columns;

  for (guint64 row = first; row <= MIN (last, first + MOST_ROWS - 1); row++)
    {
      *place = get_stretch (painter, cells, row);
      if (alike ? find_alike (painter, &(Stretch){ place->first, place->end }, width, place)
                : has_room (painter, place, width))
        return TRUE;
    }
  return FALSE;
}

static gboolean
find_place (const Painter *painter, const AtlasCellRange *cells, double width, Stretch *place)
{
  return has_room (painter, &(Stretch){ cells->first, cells->end }, width)
         && (find_place_in (painter, cells, width, TRUE, place)
             || (is_small_part (painter, cells, width)
                 && find_place_in (painter, cells, width, FALSE, place)));
}

/* --- names ----------------------------------------------------------------------------------- */

/* Takes @text. FALSE if there is no room for it. */
static gboolean
add_plate (Painter *painter, const AtlasCellRange *cells, char *text)
{
  const AtlasCard *card = painter->card;
  double measured = atlas_canvas_measure (painter->canvas, ATLAS_TEXT_CAPTION, text);
  Plate plate = { .text = text, .width = ceil (measured) + 2 * PLATE_PADDING };
  Stretch place;

  if (!find_place (painter, cells, plate.width, &place))
    {
      g_free (text);
      return FALSE;
    }
  guint64 row = place.first / card->columns;
  double top = atlas_card_get_row_top (card, row), below = atlas_card_get_row_top (card, row + 1);
  plate.x = card->grid.x + (double) (place.first % card->columns + 1) * card->pitch;
  plate.middle = top + (below - 1 - top) / 2;
  g_array_append_val (painter->plates, plate);
  return TRUE;
}

static gboolean
add_name (Painter *painter, const Part *part)
{
  /* A letter takes as much. */
  if (part->n_labels > 1 || part->cells.end - part->cells.first < 3)
    return FALSE;
  return add_plate (painter, &part->cells, g_strdup (part->labels[0].short_name));
}

static guint64
get_first_row (const Painter *painter, const Part *part)
{
  return part->cells.first / painter->card->columns;
}

/* The first @most names, and how many more; without names, how many there are. */
static char *
describe_parts (const Painter *painter, const Part *first, guint n, guint most)
{
  g_autofree char *count = NULL;

  if (most > 0)
    return atlas_labels_dup_names (painter->card->labels,
                                   MAX (first->labels->start, painter->region->start),
                                   first->labels[n - 1].end, most);
  count = atlas_format_count (n);
  /* Translators: how many there are of what has no room for its names. */
  return g_strdup_printf (_ ("×%s"), count);
}

/* Of parts that begin in one row, in that row. */
static void
add_names (Painter *painter, const Part *first, const Part *last)
{
  guint64 row_end = (get_first_row (painter, first) + 1) * painter->card->columns;
  AtlasCellRange cells = { first->cells.first, MIN (last->cells.end, row_end) };
  guint n = (guint) (last->labels - first->labels) + last->n_labels;

  if (n == 1)
    return;
  for (guint most = MIN (n, MOST_NAMES) + 1; most-- > 0;)
    if (add_plate (painter, &cells, describe_parts (painter, first, n, most)))
      return;
}

static void
add_plates (Painter *painter, GArray *parts)
{
  const Part *nameless = NULL; /* the first of those in a row that have no room */

  for (guint i = 0; i < parts->len; i++)
    {
      const Part *part = &g_array_index (parts, Part, i);
      gboolean same_row =
          nameless != NULL && get_first_row (painter, nameless) == get_first_row (painter, part);
      gboolean named = add_name (painter, part);

      if (nameless != NULL && (named || !same_row))
        {
          add_names (painter, nameless, part - 1);
          nameless = NULL;
        }
      if (!named && nameless == NULL)
        nameless = part;
    }
  if (nameless != NULL)
    add_names (painter, nameless, &g_array_index (parts, Part, parts->len - 1));
}

/* --- painting -------------------------------------------------------------------------------- */

static void
paint_lines (const Painter *painter,
             GArray *parts,
             guint64 first_row,
             guint64 end_row,
             const AtlasColor *color,
             double reach)
{
  cairo_t *cr = painter->canvas->cr;

  atlas_canvas_set_color (painter->canvas, color);
  for (guint i = 0; i < parts->len; i++)
    {
      atlas_cell_outline_add (cr, painter->card, &g_array_index (parts, Part, i).cells, 1,
                              first_row, end_row, (AtlasOutlineReach){ reach, reach });
      cairo_fill (cr);
    }
}

/* On a halo of the card's colour: between dark cells a dark line would look like no gap at all. */
static void
paint_outlines (const Painter *painter, GArray *parts, guint64 first_row, guint64 end_row)
{
  const AtlasPalette *palette = painter->canvas->palette;

  cairo_set_antialias (painter->canvas->cr, CAIRO_ANTIALIAS_NONE);
  paint_lines (painter, parts, first_row, end_row, &palette->card, 1);
  paint_lines (painter, parts, first_row, end_row, &palette->text, 0);
  cairo_set_antialias (painter->canvas->cr, CAIRO_ANTIALIAS_DEFAULT);
}

/* Ink of a line of small text, about. */
static double
get_plate_height (const Painter *painter)
{
  const AtlasCanvas *canvas = painter->canvas;
  double ink = canvas->line_height[ATLAS_TEXT_CAPTION] - 3;

  return MAX (ink, floor (painter->card->row_pitch) - 1);
}

static void
paint_plate (const Painter *painter, const Plate *plate)
{
  cairo_t *cr = painter->canvas->cr;
  double height = get_plate_height (painter);
  double left = plate->x, right = plate->x + plate->width;
  double top = round (plate->middle - height / 2), bottom = top + height;

  cairo_new_sub_path (cr);
  cairo_arc (cr, right - PLATE_RADIUS, top + PLATE_RADIUS, PLATE_RADIUS, -G_PI_2, 0);
  cairo_arc (cr, right - PLATE_RADIUS, bottom - PLATE_RADIUS, PLATE_RADIUS, 0, G_PI_2);
  cairo_arc (cr, left + PLATE_RADIUS, bottom - PLATE_RADIUS, PLATE_RADIUS, G_PI_2, G_PI);
  cairo_arc (cr, left + PLATE_RADIUS, top + PLATE_RADIUS, PLATE_RADIUS, G_PI, 3 * G_PI_2);
  cairo_close_path (cr);
  cairo_fill (cr);
}

/* Plates first, for in narrow rows they reach over one another. */
static void
paint_plates (const Painter *painter)
{
  AtlasCanvas *canvas = painter->canvas;

  atlas_canvas_set_color (canvas, &canvas->palette->card);
  for (guint i = 0; i < painter->plates->len; i++)
    paint_plate (painter, &g_array_index (painter->plates, Plate, i));
  for (guint i = 0; i < painter->plates->len; i++)
    {
      const Plate *plate = &g_array_index (painter->plates, Plate, i);

      atlas_canvas_text (canvas, ATLAS_TEXT_CAPTION, &canvas->palette->text, ATLAS_ALIGN_START,
                         plate->x + PLATE_PADDING,
                         round (plate->middle - canvas->line_height[ATLAS_TEXT_CAPTION] / 2), 0,
                         plate->text);
    }
}

void
atlas_card_parts_paint (AtlasCanvas *canvas,
                        const AtlasRegion *region,
                        const AtlasCard *card,
                        guint64 page_size,
                        guint64 first_row,
                        guint64 end_row)
{
  Painter painter = {
    .canvas = canvas,
    .region = region,
    .card = card,
    .page_size = page_size,
    .skipped = (region->start - card->first_address) / page_size,
    .n_pages = atlas_region_get_n_pages (region, page_size),
  };
  const AtlasLabel *whole, *labels;
  g_autoptr (GArray) parts = NULL;
  guint n;

  labels = atlas_labels_find (card->labels, get_row_start (&painter, first_row),
                              get_row_start (&painter, end_row), &n);
  if (n == 0)
    return;
  whole = atlas_labels_find_whole (card->labels, region, page_size);
  if (whole != NULL && whole->start < region->start + page_size
      && whole->end > region->end - page_size)
    return;
  parts = list_parts (&painter, labels, n);
  paint_outlines (&painter, parts, first_row, end_row);
  if (whole != NULL || card->compact)
    return;
  painter.plates = g_array_new (FALSE, FALSE, sizeof (Plate));
  g_array_set_clear_func (painter.plates, clear_plate);
  add_plates (&painter, parts);
  paint_plates (&painter);
  g_array_unref (painter.plates);
}
