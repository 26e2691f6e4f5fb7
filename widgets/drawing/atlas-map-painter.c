/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Cards and their cells. Cells are walked by run: a stretch of pages in one state is one entry
 * whatever its length, and only a cell in which states meet is counted by itself, so that painting
 * costs what is seen and not what is mapped. */

#include "atlas-map-painter.h"

#include <math.h>

#include "atlas-card-heading.h"
#include "atlas-card-parts.h"
#include "atlas-cell.h"

/* Pixels. */
#define CARD_RADIUS 8.0
#define ACCENT_WIDTH 5.0
#define LABEL_GAP 9.0
#define LEAST_LABEL_PITCH 16.0

/* Hex digits of a row's address that are shown; those above them are in the heading. */
#define LABEL_DIGITS 7

/* Steps along the runs before it is cheaper to search. */
#define MOST_RUN_STEPS 8

/* The cells of one card. Cells are numbered from the first of its first row; only those from
 * first_cell up to end_cell hold pages of the region. */
typedef struct
{
  AtlasCanvas *canvas;
  AtlasCellBatch *batch;
  const AtlasRegion *region;
  AtlasCard card;
  AtlasCounter highlight;
  guint64 page_size;
  guint64 n_pages;
  guint64 skipped; /* pages of the first cells before the region */
  guint64 first_cell, end_cell;
  guint64 first_row, end_row; /* to be painted */
  guint huge_log2;            /* cells to a huge page, as a power of two; 0: one or less */
  const AtlasRun *runs;
  guint n_runs, run; /* of the walk */
} Grid;

/* Alike cells one after the other. */
typedef struct
{
  AtlasCell cell;
  guint64 first, n;
} Stretch;

static void
add_rounded_rect (cairo_t *cr, const AtlasRect *rect, double inset, double radius)
{
  double left = rect->x + inset, right = rect->x + rect->width - inset;
  double top = rect->y + inset, bottom = rect->y + rect->height - inset;

  radius -= inset;
  cairo_new_sub_path (cr);
  cairo_arc (cr, right - radius, top + radius, radius, -G_PI_2, 0);
  cairo_arc (cr, right - radius, bottom - radius, radius, 0, G_PI_2);
  cairo_arc (cr, left + radius, bottom - radius, radius, G_PI_2, G_PI);
  cairo_arc (cr, left + radius, top + radius, radius, G_PI, 3 * G_PI_2);
  cairo_close_path (cr);
}

/* The left edge of the card, within its round corners. */
static void
add_accent_bar (cairo_t *cr, const AtlasRect *rect)
{
  double angle = acos (1 - ACCENT_WIDTH / CARD_RADIUS);
  double center_x = rect->x + CARD_RADIUS;

  cairo_new_sub_path (cr);
  cairo_arc (cr, center_x, rect->y + rect->height - CARD_RADIUS, CARD_RADIUS, G_PI - angle, G_PI);
  cairo_arc (cr, center_x, rect->y + CARD_RADIUS, CARD_RADIUS, G_PI, G_PI + angle);
  cairo_close_path (cr);
}

static void
add_corner (cairo_t *cr, double x, double y, double radius, double angle)
{
  cairo_move_to (cr, x, y);
  cairo_arc (cr, x, y, radius, angle, angle + G_PI_2);
  cairo_close_path (cr);
}

static void
fill_corners (cairo_t *cr, const AtlasRect *rect, double inset)
{
  double radius = CARD_RADIUS - inset;
  double left = rect->x + CARD_RADIUS, right = rect->x + rect->width - CARD_RADIUS;
  double top = rect->y + CARD_RADIUS, bottom = rect->y + rect->height - CARD_RADIUS;

  add_corner (cr, right, bottom, radius, 0);
  add_corner (cr, left, bottom, radius, G_PI_2);
  add_corner (cr, left, top, radius, G_PI);
  add_corner (cr, right, top, radius, 3 * G_PI_2);
  cairo_fill (cr);
}

/* Without the corners. */
static void
fill_cross (cairo_t *cr, const AtlasRect *rect)
{
  double radius = CARD_RADIUS, right = rect->x + rect->width, bottom = rect->y + rect->height;

  cairo_rectangle (cr, rect->x, rect->y + radius, rect->width, rect->height - 2 * radius);
  cairo_rectangle (cr, rect->x + radius, rect->y, right - rect->x - 2 * radius, radius);
  cairo_rectangle (cr, rect->x + radius, bottom - radius, right - rect->x - 2 * radius, radius);
  cairo_fill (cr);
}

static void
fill_edges (cairo_t *cr, const AtlasRect *rect)
{
  double radius = CARD_RADIUS, right = rect->x + rect->width, bottom = rect->y + rect->height;

  cairo_rectangle (cr, rect->x, rect->y + radius, 1, rect->height - 2 * radius);
  cairo_rectangle (cr, right - 1, rect->y + radius, 1, rect->height - 2 * radius);
  cairo_rectangle (cr, rect->x + radius, rect->y, rect->width - 2 * radius, 1);
  cairo_rectangle (cr, rect->x + radius, bottom - 1, rect->width - 2 * radius, 1);
  cairo_fill (cr);
}

/* Smoothing takes its time for every pixel along a path, so a card is filled in parts: only its
 * corners are smoothed. */
static void
paint_parts (AtlasCanvas *canvas, const AtlasRect *rect)
{
  cairo_t *cr = canvas->cr;

  atlas_canvas_set_color (canvas, &canvas->palette->border);
  fill_corners (cr, rect, 0);
  atlas_canvas_set_color (canvas, &canvas->palette->card);
  fill_corners (cr, rect, 1);
  cairo_set_antialias (cr, CAIRO_ANTIALIAS_NONE);
  fill_cross (cr, rect);
  atlas_canvas_set_color (canvas, &canvas->palette->border);
  fill_edges (cr, rect);
  cairo_set_antialias (cr, CAIRO_ANTIALIAS_DEFAULT);
}

/* In a file, parts would show their seams wherever they are not on the reader's pixels. */
static gboolean
is_vector (cairo_t *cr)
{
  cairo_surface_type_t type = cairo_surface_get_type (cairo_get_target (cr));
  return type == CAIRO_SURFACE_TYPE_SVG || type == CAIRO_SURFACE_TYPE_PDF;
}

static void
paint_body (AtlasCanvas *canvas, const AtlasRect *rect)
{
  cairo_t *cr = canvas->cr;

  if (!is_vector (cr))
    {
      paint_parts (canvas, rect);
      return;
    }
  add_rounded_rect (cr, rect, 0.5, CARD_RADIUS);
  atlas_canvas_set_color (canvas, &canvas->palette->card);
  cairo_fill_preserve (cr);
  atlas_canvas_set_color (canvas, &canvas->palette->border);
  cairo_set_line_width (cr, 1);
  cairo_stroke (cr);
}

static void
paint_frame (AtlasCanvas *canvas, const AtlasRect *rect, AtlasKind kind)
{
  cairo_t *cr = canvas->cr;

  paint_body (canvas, rect);
  if (canvas->palette->texture[kind] == ATLAS_TEXTURE_NONE)
    {
      add_accent_bar (cr, rect);
      atlas_canvas_set_color (canvas, &canvas->palette->kind[kind]);
      cairo_fill (cr);
      return;
    }
  cairo_save (cr);
  add_accent_bar (cr, rect);
  cairo_clip (cr);
  atlas_kind_fill (canvas, kind, rect->x, rect->y, ACCENT_WIDTH, rect->height);
  cairo_restore (cr);
}

/* The page number's last digits: the page's own bytes are zeros in every row. */
static void
format_label (guint64 address, guint64 page_size, char text[LABEL_DIGITS + 1])
{
  guint zeros = (guint) g_bit_storage (page_size) - 1;
  guint64 number = address >> (zeros - zeros % 4);
  guint64 mask = (G_GUINT64_CONSTANT (1) << (4 * LABEL_DIGITS)) - 1;

  g_snprintf (text, LABEL_DIGITS + 1, "%0*" G_GINT64_MODIFIER "x", LABEL_DIGITS, number & mask);
}

static double
get_row_top (const Grid *grid, guint64 row)
{
  return atlas_card_get_row_top (&grid->card, row);
}

static double
get_cell_height (const Grid *grid, guint64 row)
{
  return get_row_top (grid, row + 1) - get_row_top (grid, row) - 1;
}

static guint64
get_label_step (const Grid *grid)
{
  guint64 step = grid->card.n_rows > 4 ? 4 : 1;
  double least = MAX (LEAST_LABEL_PITCH, grid->canvas->line_height[ATLAS_TEXT_MONO] + 2);

  while ((double) step * grid->card.row_pitch < least)
    step *= 2;
  return step;
}

static void
paint_labels (const Grid *grid, double room)
{
  AtlasCanvas *canvas = grid->canvas;
  const AtlasCard *card = &grid->card;
  guint64 step = get_label_step (grid);
  guint64 row_bytes = ((guint64) card->columns << card->shift) * grid->page_size;
  char text[LABEL_DIGITS + 1];

  format_label (0, grid->page_size, text);
  if (atlas_canvas_measure (canvas, ATLAS_TEXT_MONO, text) > room)
    return;
  for (guint64 row = (grid->first_row + step - 1) / step * step; row < grid->end_row; row += step)
    {
      double middle = get_row_top (grid, row) + get_cell_height (grid, row) / 2;
      format_label (card->first_address + row * row_bytes, grid->page_size, text);
      atlas_canvas_text (canvas, ATLAS_TEXT_MONO, &canvas->palette->dim_text, ATLAS_ALIGN_END,
                         card->grid.x - LABEL_GAP,
                         middle - canvas->line_height[ATLAS_TEXT_MONO] / 2, 0, text);
    }
}

/* First page within the region of a cell; of the region's end, for the cell after the last. */
static guint64
get_cell_page (const Grid *grid, guint64 cell)
{
  guint64 page = cell << grid->card.shift;
  return page < grid->skipped ? 0 : MIN (page - grid->skipped, grid->n_pages);
}

static void
find_run (Grid *grid, guint64 page)
{
  for (guint i = 0; i < MOST_RUN_STEPS; i++)
    {
      if (grid->run + 1 >= grid->n_runs || grid->runs[grid->run + 1].first > page)
        return;
      grid->run++;
    }
  grid->run = atlas_pages_find_run (grid->region->pages, page);
}

static guint64
get_run_end (const Grid *grid)
{
  return grid->run + 1 < grid->n_runs ? grid->runs[grid->run + 1].first : grid->n_pages;
}

/* Up to which cell, exclusive, every cell lies within the run from the present one on. */
static guint64
get_uniform_end (const Grid *grid, guint64 end_cell)
{
  guint64 run_end = get_run_end (grid);

  if (run_end >= grid->n_pages)
    return end_cell;
  return MIN ((run_end + grid->skipped) >> grid->card.shift, end_cell);
}

static void
measure_uniform (const Grid *grid, Stretch *stretch)
{
  AtlasPageState state = (AtlasPageState) grid->runs[grid->run].state;
  AtlasCell *cell = &stretch->cell;

  atlas_cell_count_uniform (state, 1, &cell->counts);
  cell->lit = 1;
  if (grid->highlight != ATLAS_COUNTER_NONE)
    cell->lit = atlas_counter_counts (grid->highlight, grid->region, state);
  cell->joined = atlas_cell_joins (state);
}

static void
measure_mixed (const Grid *grid, guint64 page, guint64 n_pages, Stretch *stretch)
{
  AtlasCell *cell = &stretch->cell;

  atlas_pages_count (grid->region->pages, page, n_pages, &cell->counts);
  cell->lit = cell->counts.pages;
  if (grid->highlight != ATLAS_COUNTER_NONE)
    cell->lit = atlas_counter_count_pages (grid->highlight, grid->region, page, n_pages);
  cell->joined = FALSE;
}

/* What begins at @cell: as many whole cells as lie within one run, or one where states meet. */
static void
measure_stretch (Grid *grid, guint64 cell, guint64 end_cell, Stretch *stretch)
{
  guint64 page = get_cell_page (grid, cell);

  find_run (grid, page);
  guint64 uniform_end = get_uniform_end (grid, end_cell);
  stretch->cell.locked = grid->region->locked == ATLAS_LOCKED_YES;
  stretch->first = cell;
  stretch->n = uniform_end > cell ? uniform_end - cell : 1;
  if (uniform_end > cell)
    measure_uniform (grid, stretch);
  else
    measure_mixed (grid, page, get_cell_page (grid, cell + 1) - page, stretch);
}

/* Whether the huge page that @cell shows goes on in the cell @distance on. */
static gboolean
is_same_huge (const Grid *grid, const Stretch *stretch, guint64 cell, gint64 distance)
{
  guint64 base = grid->card.first_address / grid->page_size >> grid->card.shift;
  guint64 other = cell + (guint64) distance;

  return grid->huge_log2 > 0 && other >= stretch->first && other < stretch->first + stretch->n
         && (base + cell) >> grid->huge_log2 == (base + other) >> grid->huge_log2;
}

/* Joins cells of huge pages within one row. A page that is no more than a cell has no neighbours of
 * its own: it is joined with the other huge ones. */
static void
add_blocks (const Grid *grid, const Stretch *stretch, guint64 cell, guint64 n)
{
  const AtlasCard *card = &grid->card;
  guint64 row = cell / card->columns;
  guint64 end = cell + n;

  while (cell < end)
    {
      guint64 last = cell;
      while (last + 1 < end && (grid->huge_log2 == 0 || is_same_huge (grid, stretch, last, 1)))
        last++;
      AtlasCellBlock block = {
        .x = card->grid.x + (double) (cell % card->columns) * card->pitch,
        .y = get_row_top (grid, row),
        .width = (double) (last - cell + 1) * card->pitch - 1,
        .height = get_cell_height (grid, row),
        .joined_above = is_same_huge (grid, stretch, cell, -(gint64) card->columns),
        .joined_below = is_same_huge (grid, stretch, cell, card->columns),
      };
      atlas_cell_batch_add_block (grid->batch, &stretch->cell, &block);
      cell = last + 1;
    }
}

static void
add_stretch (const Grid *grid, const Stretch *stretch)
{
  const AtlasCard *card = &grid->card;
  guint64 cell = stretch->first;
  guint64 end = stretch->first + stretch->n;

  while (cell < end)
    {
      guint64 row = cell / card->columns;
      guint64 column = cell % card->columns;
      guint64 n = MIN (end - cell, card->columns - column);
      atlas_cell_batch_add (grid->batch, &stretch->cell,
                            card->grid.x + (double) column * card->pitch, get_row_top (grid, row),
                            card->pitch - 1, get_cell_height (grid, row), card->pitch, (guint) n);
      if (stretch->cell.joined)
        add_blocks (grid, stretch, cell, n);
      cell += n;
    }
}

static void
gather_cells (Grid *grid)
{
  guint64 cell = MAX (grid->first_row * grid->card.columns, grid->first_cell);
  guint64 end_cell = MIN (grid->end_row * grid->card.columns, grid->end_cell);

  if (cell >= end_cell)
    return;
  grid->run = atlas_pages_find_run (grid->region->pages, get_cell_page (grid, cell));
  while (cell < end_cell)
    {
      Stretch stretch;
      measure_stretch (grid, cell, end_cell, &stretch);
      add_stretch (grid, &stretch);
      cell += stretch.n;
    }
}

/* Gaps between all cells at once, in the card's colour, so that stretches can be painted whole. */
static void
paint_gaps (const Grid *grid)
{
  cairo_t *cr = grid->canvas->cr;
  const AtlasCard *card = &grid->card;
  gboolean one_row = card->n_rows == 1;
  guint64 first = one_row ? grid->first_cell : 0;
  guint64 end = one_row ? grid->end_cell : card->columns;
  double top = get_row_top (grid, grid->first_row);
  double height = get_row_top (grid, grid->end_row) - top;

  atlas_canvas_set_color (grid->canvas, &grid->canvas->palette->card);
  cairo_set_antialias (cr, CAIRO_ANTIALIAS_NONE);
  for (guint64 column = first + 1; column < end; column++)
    cairo_rectangle (cr, card->grid.x + (double) column * card->pitch - 1, top, 1, height);
  cairo_fill (cr);
  for (guint64 row = grid->first_row + 1; row < grid->end_row; row++)
    cairo_rectangle (cr, card->grid.x, get_row_top (grid, row) - 1, card->grid.width, 1);
  cairo_fill (cr);
  cairo_set_antialias (cr, CAIRO_ANTIALIAS_DEFAULT);
}

/* A counter of swapped pages, whatever its name. */
static gboolean
lights_swapped (AtlasCounter highlight, const AtlasRegion *region)
{
  return highlight != ATLAS_COUNTER_NONE
         && atlas_counter_counts (highlight, region, ATLAS_PAGE_SWAPPED)
         && !atlas_counter_counts (highlight, region, ATLAS_PAGE_RESIDENT);
}

static void
paint_cells (Grid *grid)
{
  AtlasKind kind = grid->region->kind;

  atlas_cell_batch_begin (grid->batch, grid->canvas->palette->texture[kind],
                          lights_swapped (grid->highlight, grid->region));
  gather_cells (grid);
  atlas_cell_batch_paint_below (grid->batch, grid->canvas, kind);
  paint_gaps (grid);
  atlas_cell_batch_paint_above (grid->batch, grid->canvas, kind);
}

/* A huge page is what one entry of the middle page table maps: as many pages as an 8-byte entry
 * fits into one. Source: include/linux/pgtable.h, PTRS_PER_PTE. */
static guint
get_huge_log2 (guint64 page_size, guint shift)
{
  guint pages_log2 = (guint) g_bit_storage (page_size) - 1 - 3;
  return pages_log2 > shift ? pages_log2 - shift : 0;
}

static void
init_grid (Grid *grid, AtlasMapLayout *layout, double top, double bottom)
{
  const AtlasCard *card = &grid->card;
  AtlasSnapshot *snapshot = atlas_map_layout_get_snapshot (layout);

  grid->region = atlas_snapshot_get_region (snapshot, card->region);
  grid->page_size = atlas_snapshot_get_page_size (snapshot);
  grid->n_pages = atlas_region_get_n_pages (grid->region, grid->page_size);
  grid->skipped = (grid->region->start - card->first_address) / grid->page_size;
  grid->first_cell = grid->skipped >> card->shift;
  grid->end_cell = ((grid->skipped + grid->n_pages - 1) >> card->shift) + 1;
  grid->huge_log2 = get_huge_log2 (grid->page_size, card->shift);
  grid->runs = atlas_pages_get_runs (grid->region->pages, &grid->n_runs);
  /* One more on each side: labels and joined cells reach over. */
  guint64 first = atlas_card_find_row (card, top), last = atlas_card_find_row (card, bottom);
  grid->first_row = first > 0 ? first - 1 : 0;
  grid->end_row = MIN (last + 2, card->n_rows);
}

static void
paint_card (Grid *grid, AtlasMapLayout *layout, double top, double bottom)
{
  const AtlasCard *card = &grid->card;

  init_grid (grid, layout, top, bottom);
  paint_frame (grid->canvas, &card->rect, grid->region->kind);
  if (card->compact || top < card->grid.y)
    atlas_card_heading_paint (grid->canvas, grid->region, card, grid->page_size, &card->heading);
  if (!card->compact)
    paint_labels (grid, card->grid.x - LABEL_GAP - card->rect.x - ACCENT_WIDTH);
  paint_cells (grid);
  atlas_card_parts_paint (grid->canvas, grid->region, card, grid->page_size, grid->first_row,
                          grid->end_row);
}

void
atlas_map_paint (AtlasCanvas *canvas,
                 AtlasMapLayout *layout,
                 double top,
                 double bottom,
                 AtlasCounter highlight)
{
  g_auto (AtlasCellBatch) batch = { 0 };

  g_return_if_fail (canvas != NULL && canvas->cr != NULL && layout != NULL);

  if (highlight != ATLAS_COUNTER_NONE && !atlas_counter_has_pages (highlight))
    highlight = ATLAS_COUNTER_NONE;
  atlas_cell_batch_init (&batch);
  cairo_save (canvas->cr);
  cairo_rectangle (canvas->cr, 0, top, atlas_map_layout_get_parameters (layout)->width,
                   bottom - top);
  cairo_clip (canvas->cr);
  for (guint i = atlas_map_layout_find_card (layout, top);
       i < atlas_map_layout_get_n_cards (layout); i++)
    {
      Grid grid = { .canvas = canvas, .batch = &batch, .highlight = highlight };
      atlas_map_layout_get_card (layout, i, &grid.card);
      if (grid.card.rect.y >= bottom)
        break;
      paint_card (&grid, layout, top, bottom);
    }
  cairo_restore (canvas->cr);
}

static gint64
get_card_age (AtlasMapLayout *layout, guint index)
{
  AtlasSnapshot *snapshot = atlas_map_layout_get_snapshot (layout);
  guint region_index = atlas_map_layout_get_n_cards (layout) - 1 - index;
  const AtlasRegion *region = atlas_snapshot_get_region (snapshot, region_index);

  return atlas_snapshot_get_age (snapshot, region->start, region->end);
}

gboolean
atlas_map_has_age (AtlasMapLayout *layout, guint index)
{
  g_return_val_if_fail (layout != NULL && index < atlas_map_layout_get_n_cards (layout), FALSE);

  return atlas_snapshot_is_old (atlas_map_layout_get_snapshot (layout),
                                get_card_age (layout, index));
}

void
atlas_map_paint_age (AtlasCanvas *canvas, AtlasMapLayout *layout, guint index)
{
  AtlasSnapshot *snapshot;
  AtlasCard card;

  g_return_if_fail (canvas != NULL && canvas->cr != NULL && layout != NULL);

  if (!atlas_map_has_age (layout, index))
    return;
  snapshot = atlas_map_layout_get_snapshot (layout);
  atlas_map_layout_get_card (layout, index, &card);
  atlas_card_heading_paint_age (canvas, atlas_snapshot_get_region (snapshot, card.region), &card,
                                atlas_snapshot_get_page_size (snapshot), &card.heading,
                                get_card_age (layout, index));
}

/* On a halo of the card's colour, or a ring in a blue accent would drown in blue cells. */
static void
paint_ring (AtlasCanvas *canvas, const AtlasRect *cell, double width, const AtlasColor *color)
{
  cairo_t *cr = canvas->cr;
  double outset = 1 + width / 2;

  cairo_rectangle (cr, cell->x - outset, cell->y - outset, cell->width + 2 * outset,
                   cell->height + 2 * outset);
  atlas_canvas_set_color (canvas, &canvas->palette->card);
  cairo_set_line_width (cr, width + 2);
  cairo_stroke_preserve (cr);
  atlas_canvas_set_color (canvas, color);
  cairo_set_line_width (cr, width);
  cairo_stroke (cr);
}

void
atlas_map_paint_overlay (AtlasCanvas *canvas,
                         AtlasMapLayout *layout,
                         guint64 selected,
                         guint64 hovered)
{
  const AtlasPalette *palette = canvas->palette;
  AtlasCard card;
  AtlasRect cell;

  g_return_if_fail (canvas->cr != NULL && layout != NULL);

  if (hovered != 0 && hovered != selected && atlas_map_layout_locate (layout, hovered, &cell, NULL))
    paint_ring (canvas, &cell, 1, &palette->text);
  if (selected == 0 || !atlas_map_layout_locate (layout, selected, &cell, &card))
    return;
  add_rounded_rect (canvas->cr, &card.rect, 1, CARD_RADIUS);
  atlas_canvas_set_color (canvas, &palette->accent);
  cairo_set_line_width (canvas->cr, 2);
  cairo_stroke (canvas->cr);
  paint_ring (canvas, &cell, 2, &palette->accent);
}
