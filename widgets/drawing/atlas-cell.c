/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What each state looks like. A cell is filled from the bottom up: resident solid, then zero
 * pages hollow, then swapped ones with a diagonal, then the tint of what is not there, then the
 * hatch of what is not known. A cell of one page is filled by one of these, so one page and many
 * need no rules of their own. A part that exists gets at least a pixel and never all of a cell that
 * it does not fill: one page of a thousand is neither lost nor mistaken for all. */

#include "atlas-cell.h"

#include <math.h>

#include "atlas-map-painter.h"

/* Share of its colour that a page keeps when the counter does not count it. */
#define DIMMED 0.25
/* Of a mark on the solid colour: enough to be seen, not so much that a locked region shouts. */
#define MARK_STRENGTH 0.72
#define QUADS_PER_FILL 128

typedef enum
{
  PART_RESIDENT,
  PART_ZERO,
  PART_SWAPPED,
  PART_ABSENT,
  PART_UNKNOWN,
  N_PARTS
} Part;

/* Four corners; three make a triangle. */
typedef struct
{
  double x[4], y[4];
} Quad;

/* Alike cells in a row, and the part of their height that is to be drawn. */
typedef struct
{
  AtlasCellBatch *batch;
  gboolean dimmed;
  double x, y, width, height, pitch;
  guint n;
  double band_top, band_bottom;
} Row;

void
atlas_cell_batch_init (AtlasCellBatch *batch)
{
  *batch = (AtlasCellBatch){ 0 };
  for (guint i = 0; i < ATLAS_CELL_N_LAYERS; i++)
    {
      batch->quads[FALSE][i] = g_array_new (FALSE, FALSE, sizeof (Quad));
      batch->quads[TRUE][i] = g_array_new (FALSE, FALSE, sizeof (Quad));
    }
}

void
atlas_cell_batch_clear (AtlasCellBatch *batch)
{
  for (guint i = 0; i < ATLAS_CELL_N_LAYERS; i++)
    {
      g_clear_pointer (&batch->quads[FALSE][i], g_array_unref);
      g_clear_pointer (&batch->quads[TRUE][i], g_array_unref);
    }
}

void
atlas_cell_batch_begin (AtlasCellBatch *batch, AtlasTexture texture, gboolean lights_swapped)
{
  batch->texture = texture;
  batch->lights_swapped = lights_swapped;
  for (guint i = 0; i < ATLAS_CELL_N_LAYERS; i++)
    {
      g_array_set_size (batch->quads[FALSE][i], 0);
      g_array_set_size (batch->quads[TRUE][i], 0);
    }
}

gboolean
atlas_cell_joins (AtlasPageState state)
{
  return (state & ATLAS_PAGE_HUGE) != 0 && (state & (ATLAS_PAGE_RESIDENT | ATLAS_PAGE_ZERO)) != 0;
}

void
atlas_cell_count_uniform (AtlasPageState state, guint64 n_pages, AtlasPageCounts *counts)
{
  *counts = (AtlasPageCounts){
    .pages = n_pages,
    .resident = state & ATLAS_PAGE_RESIDENT ? n_pages : 0,
    .swapped = state & ATLAS_PAGE_SWAPPED ? n_pages : 0,
    .zero = state & ATLAS_PAGE_ZERO ? n_pages : 0,
    .huge = state & ATLAS_PAGE_HUGE ? n_pages : 0,
    .file = state & ATLAS_PAGE_FILE ? n_pages : 0,
    .shared = state & ATLAS_PAGE_SHARED ? n_pages : 0,
    .exclusive = state & ATLAS_PAGE_EXCLUSIVE ? n_pages : 0,
    .unknown = state & ATLAS_PAGE_UNKNOWN ? n_pages : 0,
  };
}

static void
add_quad (const Row *row, AtlasCellLayer layer, const Quad *quad)
{
  g_array_append_vals (row->batch->quads[row->dimmed][layer], quad, 1);
}

/* What of a rectangle lies within the band. */
static void
add_rect (const Row *row, AtlasCellLayer layer, double x, double y, double width, double height)
{
  double top = MAX (y, row->band_top);
  double bottom = MIN (y + height, row->band_bottom);
  double right = x + width;

  if (bottom <= top || width <= 0)
    return;
  add_quad (row, layer, &(Quad){ { x, right, right, x }, { top, top, bottom, bottom } });
}

/* Makes what was added last wider if the cell before ended it at the same height: gaps are painted
 * over it later, and one rectangle is cheaper than many. */
static gboolean
extend_last (const Row *row, AtlasCellLayer layer, double y, double height)
{
  GArray *quads = row->batch->quads[row->dimmed][layer];
  Quad *last = quads->len > 0 ? &g_array_index (quads, Quad, quads->len - 1) : NULL;

  if (last == NULL || last->x[1] + row->pitch - row->width != row->x
      || last->y[0] != MAX (y, row->band_top) || last->y[2] != MIN (y + height, row->band_bottom))
    return FALSE;
  last->x[1] = last->x[2] = row->x + (row->n - 1) * row->pitch + row->width;
  return TRUE;
}

/* Over all cells of the row and what is between them. */
static void
add_span (const Row *row, AtlasCellLayer layer, double y, double height)
{
  if (height > 0 && !extend_last (row, layer, y, height))
    add_rect (row, layer, row->x, y, (row->n - 1) * row->pitch + row->width, height);
}

static double
share_pixels (guint64 part, guint64 whole, double height)
{
  if (part == 0 || whole == 0)
    return 0;
  if (part >= whole)
    return height;
  return CLAMP (round (height * (double) part / (double) whole), 1, MAX (height - 1, 1));
}

static void
measure_parts (const AtlasPageCounts *counts, double height, double parts[N_PARTS])
{
  guint64 told = counts->resident + counts->zero + counts->swapped + counts->unknown;
  const guint64 pages[N_PARTS] = {
    [PART_RESIDENT] = counts->resident,
    [PART_ZERO] = counts->zero,
    [PART_SWAPPED] = counts->swapped,
    [PART_ABSENT] = counts->pages > told ? counts->pages - told : 0,
    [PART_UNKNOWN] = counts->unknown,
  };
  double left = height;
  guint largest = 0;

  for (guint i = 0; i < N_PARTS; i++)
    {
      parts[i] = share_pixels (pages[i], counts->pages, height);
      left -= parts[i];
      if (parts[i] > parts[largest])
        largest = i;
    }
  /* Rounding comes out of where it shows least. */
  parts[largest] = MAX (parts[largest] + left, 0);
}

/* Only whole: a part of a diagonal would be read as a state of its own. */
static gboolean
band_covers (const Row *row, double y, double height)
{
  return row->band_top <= y && row->band_bottom >= y + height;
}

static void
draw_zero (const Row *row, double y, double height)
{
  add_span (row, ATLAS_CELL_SOLID, y, height);
  if (height < 3)
    {
      add_span (row, ATLAS_CELL_HOLLOW, y + height - 1, 1);
      return;
    }
  double inset = row->width < 3 ? 0 : 1;
  for (guint i = 0; i < row->n; i++)
    add_rect (row, ATLAS_CELL_HOLLOW, row->x + i * row->pitch + inset, y + 1,
              row->width - 2 * inset, height - 2);
}

static void
add_diagonal (const Row *row, double left, double right, double y, double height)
{
  double thickness = MAX (1, height / 6);
  double bottom = y + height;

  add_quad (
      row, ATLAS_CELL_STROKE,
      &(Quad){ { left, left + thickness, right, right }, { bottom, bottom, y + thickness, y } });
  add_quad (
      row, ATLAS_CELL_STROKE,
      &(Quad){ { left, left, right, right - thickness }, { bottom, bottom - thickness, y, y } });
}

/* One to a cell; as many as keep their slope in what is wider than high. */
static void
draw_diagonals (const Row *row, double y, double height)
{
  double n_each = MAX (round (row->width / height), 1);
  double width = row->width / n_each;

  for (guint i = 0; i < row->n; i++)
    for (guint j = 0; j < n_each; j++)
      {
        double left = row->x + i * row->pitch + j * width;
        add_diagonal (row, left, left + width, y, height);
      }
}

static void
draw_swapped (const Row *row, double y, double height)
{
  if (row->width < 4)
    {
      if (fmod (row->x, 2) >= 1)
        add_span (row, ATLAS_CELL_SOLID, y, height);
    }
  else if (height < 4)
    add_rect (row, ATLAS_CELL_SOLID, row->x, y, floor (row->width / 2), height);
  else if (band_covers (row, y, height))
    draw_diagonals (row, y, height);
}

/* Falls the other way than the diagonal of a swapped page, and is denser. */
static void
draw_hatch (const Row *row, double y, double height)
{
  const double thickness = 1, step = 4;
  double left = row->x;
  double right = row->x + (row->n - 1) * row->pitch + row->width;

  for (double from = left - height; from < right; from += step)
    {
      /* From (from, y) to (from + height, y + height), cut off at both sides. */
      double begin = MAX (from, left);
      double end = MIN (from + height, right - thickness);
      if (end <= begin)
        continue;
      Quad line = { { begin, begin + thickness, end + thickness, end },
                    { y + begin - from, y + begin - from, y + end - from, y + end - from } };
      add_quad (row, ATLAS_CELL_HATCH, &line);
    }
}

static void
draw_unknown (const Row *row, double y, double height)
{
  add_span (row, ATLAS_CELL_HOLLOW, y, height);
  if (height < 3 || !band_covers (row, y, height))
    add_rect (row, ATLAS_CELL_HATCH, row->x, y, row->width, MIN (height, 1));
  else
    draw_hatch (row, y, height);
}

static void
draw_bar (const Row *row, double x, double y, double width, double height, double resident_top)
{
  double top = MAX (y, resident_top);

  add_rect (row, ATLAS_CELL_TEXTURE, x, top, width, y + height - top);
}

static void
draw_dots (const Row *row, double x, double resident_top)
{
  double size = row->width >= 11 ? 3 : 2;
  double inset = MAX (floor ((row->width / 2 - size) / 2), 1);

  draw_bar (row, x + inset, row->y + inset, size, size, resident_top);
  draw_bar (row, x + row->width - inset - size, row->y + row->height - inset - size, size, size,
            resident_top);
}

static void
draw_texture_at (const Row *row, AtlasTexture texture, double x, double resident_top)
{
  /* Of the same parity as the cell, so that it can be in its middle. */
  double line = fmod (MIN (row->width, row->height), 2) >= 1 ? 1 : 2;
  double middle_x = x + floor ((row->width - line) / 2);
  double middle_y = row->y + floor ((row->height - line) / 2);

  if (texture == ATLAS_TEXTURE_DOTS)
    draw_dots (row, x, resident_top);
  if (texture == ATLAS_TEXTURE_HORIZONTAL || texture == ATLAS_TEXTURE_CROSS)
    draw_bar (row, x, middle_y, row->width, line, resident_top);
  if (texture == ATLAS_TEXTURE_VERTICAL || texture == ATLAS_TEXTURE_CROSS)
    draw_bar (row, middle_x, row->y, line, row->height, resident_top);
}

static void
draw_texture (const Row *row, double resident_top)
{
  for (guint i = 0; i < row->n; i++)
    draw_texture_at (row, row->batch->texture, row->x + i * row->pitch, resident_top);
}

/* Shared with others: as a sheet with a folded corner. */
static void
add_cut (const Row *row, double right, double top, double size)
{
  add_quad (row, ATLAS_CELL_CUT,
            &(Quad){ { right - size, right, right, right }, { top, top, top + size, top + size } });
}

/* Of what is shared for the most part a whole corner, of what is in part a smaller one; 0: none. */
static double
get_cut_size (const AtlasPageCounts *counts, double width)
{
  if (counts->shared == 0)
    return 0;
  return counts->shared > counts->resident / 2 ? round (width * 0.38)
                                               : MAX (round (width * 0.2), 2);
}

static void
draw_cuts (const Row *row, const AtlasPageCounts *counts, double resident_top)
{
  double size = get_cut_size (counts, row->width);

  /* A low filling with its corner off would be a wedge, and no sheet. */
  if (row->width < 5 || row->y + row->height - resident_top < 2 * size
      || !band_covers (row, resident_top, size))
    return;
  for (guint i = 0; i < row->n; i++)
    add_cut (row, row->x + i * row->pitch + row->width, resident_top, size);
}

/* The part of a rectangle above @level is drawn on one layer and the part below on the other. */
static void
add_split (const Row *row, double x, double y, double width, double height, double level)
{
  double split = CLAMP (level, y, y + height);

  add_rect (row, ATLAS_CELL_RING, x, y, width, split - y);
  add_rect (row, ATLAS_CELL_MARK, x, split, width, y + height - split);
}

static void
draw_rings (const Row *row, double resident_top, gboolean hollow)
{
  double inset = (row->width >= 11 ? 2 : 1) + (hollow ? 1 : 0);
  double width = row->width - 2 * inset;
  double height = row->height - 2 * inset;

  if (width < 3 || height < 3)
    return;
  for (guint i = 0; i < row->n; i++)
    {
      double x = row->x + i * row->pitch + inset;
      double y = row->y + inset;
      add_split (row, x, y, width, 1, resident_top);
      add_split (row, x, y + height - 1, width, 1, resident_top);
      add_split (row, x, y + 1, 1, height - 2, resident_top);
      add_split (row, x + width - 1, y + 1, 1, height - 2, resident_top);
    }
}

static void
draw_marks (const Row *row, const AtlasCell *cell, double resident_top)
{
  const AtlasPageCounts *counts = &cell->counts;

  if (row->batch->texture != ATLAS_TEXTURE_NONE && counts->resident > 0)
    draw_texture (row, resident_top);
  if (counts->shared > 0 && !cell->joined)
    draw_cuts (row, counts, resident_top);
  if (cell->locked)
    draw_rings (row, resident_top, counts->zero == counts->pages);
}

static void
draw_row (const Row *row, const AtlasCell *cell, const double parts[N_PARTS])
{
  double y = row->y + row->height - parts[PART_RESIDENT];

  if (parts[PART_ABSENT] + parts[PART_SWAPPED] > 0)
    add_span (row, ATLAS_CELL_TINT, row->y, row->height);
  add_span (row, ATLAS_CELL_SOLID, y, parts[PART_RESIDENT]);
  if (parts[PART_ZERO] > 0)
    draw_zero (row, y -= parts[PART_ZERO], parts[PART_ZERO]);
  if (parts[PART_SWAPPED] > 0)
    draw_swapped (row, y -= parts[PART_SWAPPED], parts[PART_SWAPPED]);
  if (parts[PART_UNKNOWN] > 0)
    draw_unknown (row, row->y, parts[PART_UNKNOWN]);
  draw_marks (row, cell, row->y + row->height - parts[PART_RESIDENT]);
}

/* Over dimmed cells, the share of them that is lit. */
static void
draw_lit_part (Row *row, const AtlasCell *cell, const double parts[N_PARTS])
{
  row->dimmed = FALSE;
  if (row->batch->lights_swapped && parts[PART_SWAPPED] > 0)
    {
      row->band_bottom -= parts[PART_RESIDENT] + parts[PART_ZERO];
      row->band_top = row->band_bottom - parts[PART_SWAPPED];
    }
  else
    row->band_top = row->band_bottom - share_pixels (cell->lit, cell->counts.pages, row->height);
  draw_row (row, cell, parts);
}

void
atlas_cell_batch_add (AtlasCellBatch *batch,
                      const AtlasCell *cell,
                      double x,
                      double y,
                      double width,
                      double height,
                      double pitch,
                      guint n)
{
  double parts[N_PARTS];
  Row row = {
    .batch = batch,
    .dimmed = cell->lit < cell->counts.pages,
    .x = x,
    .y = y,
    .width = width,
    .height = height,
    .pitch = pitch,
    .n = n,
    .band_top = y,
    .band_bottom = y + height,
  };

  if (n == 0 || cell->counts.pages == 0 || width <= 0 || height <= 0)
    return;
  measure_parts (&cell->counts, height, parts);
  draw_row (&row, cell, parts);
  if (row.dimmed && cell->lit > 0)
    draw_lit_part (&row, cell, parts);
}

void
atlas_cell_batch_add_block (AtlasCellBatch *batch,
                            const AtlasCell *cell,
                            const AtlasCellBlock *block)
{
  double height = block->height + (block->joined_below ? 1 : 0);
  Row row = {
    .batch = batch,
    .dimmed = cell->lit == 0,
    .band_top = block->y,
    .band_bottom = block->y + height,
  };

  add_rect (&row, ATLAS_CELL_JOIN, block->x, block->y, block->width, height);
  if (cell->counts.shared > 0 && !block->joined_above)
    add_cut (&row, block->x + block->width, block->y, get_cut_size (&cell->counts, block->height));
  if (cell->counts.zero > 0)
    {
      double top = block->y + (block->joined_above ? 0 : 1);
      double bottom = block->y + height - (block->joined_below ? 0 : 1);
      add_rect (&row, ATLAS_CELL_JOIN_HOLLOW, block->x + 1, top, block->width - 2, bottom - top);
    }
}

static AtlasColor
get_ink (const AtlasPalette *palette, AtlasKind kind, AtlasCellLayer layer)
{
  const AtlasColor *solid = &palette->kind[kind];

  switch (layer)
    {
    case ATLAS_CELL_TINT:
      return palette->tint[kind];
    case ATLAS_CELL_HATCH:
      return palette->hatch;
    case ATLAS_CELL_HOLLOW:
    case ATLAS_CELL_JOIN_HOLLOW:
    case ATLAS_CELL_CUT:
      return palette->card;
    case ATLAS_CELL_TEXTURE:
    case ATLAS_CELL_MARK:
      return atlas_color_mix (solid, &palette->on_kind[kind], MARK_STRENGTH);
    case ATLAS_CELL_SOLID:
    case ATLAS_CELL_STROKE:
    case ATLAS_CELL_JOIN:
    case ATLAS_CELL_RING:
    case ATLAS_CELL_N_LAYERS:
    default:
      return *solid;
    }
}

/* Smoothing would let neighbouring rectangles shine through at their seams. */
static gboolean
is_slanted (AtlasCellLayer layer)
{
  return layer == ATLAS_CELL_STROKE || layer == ATLAS_CELL_HATCH || layer == ATLAS_CELL_CUT;
}

/* A fill sorts the edges of its whole path: some dozens at a time are faster than all. */
static void
paint_quads (cairo_t *cr, GArray *quads)
{
  for (guint i = 0; i < quads->len; i++)
    {
      const Quad *quad = &g_array_index (quads, Quad, i);
      if (i % QUADS_PER_FILL == 0)
        cairo_fill (cr);
      cairo_move_to (cr, quad->x[0], quad->y[0]);
      cairo_line_to (cr, quad->x[1], quad->y[1]);
      cairo_line_to (cr, quad->x[2], quad->y[2]);
      cairo_line_to (cr, quad->x[3], quad->y[3]);
      cairo_close_path (cr);
    }
  cairo_fill (cr);
}

static void
paint_layers (AtlasCellBatch *batch,
              AtlasCanvas *canvas,
              AtlasKind kind,
              AtlasCellLayer first,
              AtlasCellLayer last,
              gboolean dimmed)
{
  cairo_t *cr = canvas->cr;
  const AtlasPalette *palette = canvas->palette;

  for (guint i = first; i <= last; i++)
    {
      AtlasCellLayer layer = (AtlasCellLayer) i;
      AtlasColor ink = get_ink (palette, kind, layer);
      if (batch->quads[dimmed][i]->len == 0)
        continue;
      if (dimmed)
        ink = atlas_color_mix (&palette->card, &ink, DIMMED);
      atlas_canvas_set_color (canvas, &ink);
      cairo_set_antialias (cr, is_slanted (layer) ? CAIRO_ANTIALIAS_DEFAULT : CAIRO_ANTIALIAS_NONE);
      paint_quads (cr, batch->quads[dimmed][i]);
    }
  cairo_set_antialias (cr, CAIRO_ANTIALIAS_DEFAULT);
}

static void
paint_both (AtlasCellBatch *batch,
            AtlasCanvas *canvas,
            AtlasKind kind,
            AtlasCellLayer first,
            AtlasCellLayer last)
{
  paint_layers (batch, canvas, kind, first, last, TRUE);
  paint_layers (batch, canvas, kind, first, last, FALSE);
}

void
atlas_cell_batch_paint_below (AtlasCellBatch *batch, AtlasCanvas *canvas, AtlasKind kind)
{
  paint_both (batch, canvas, kind, ATLAS_CELL_TINT, ATLAS_CELL_HATCH);
}

void
atlas_cell_batch_paint_above (AtlasCellBatch *batch, AtlasCanvas *canvas, AtlasKind kind)
{
  paint_both (batch, canvas, kind, ATLAS_CELL_JOIN, ATLAS_CELL_RING);
}

/* A huge page is seen by the gaps it does not have. One cell alone shows that by what is left of
 * them at its edges. */
static void
paint_notches (AtlasCanvas *canvas, double x, double y, double width, double height)
{
  double long_side = MAX (floor (width / 4), 1);
  double middle_x = x + floor (width / 2);
  double middle_y = y + floor (height / 2);

  atlas_canvas_set_color (canvas, &canvas->palette->card);
  cairo_rectangle (canvas->cr, middle_x, y, 1, long_side);
  cairo_rectangle (canvas->cr, middle_x, y + height - long_side, 1, long_side);
  cairo_rectangle (canvas->cr, x, middle_y, long_side, 1);
  cairo_rectangle (canvas->cr, x + width - long_side, middle_y, long_side, 1);
  cairo_fill (canvas->cr);
}

void
atlas_cell_paint (AtlasCanvas *canvas,
                  AtlasKind kind,
                  const AtlasPageCounts *counts,
                  gboolean locked,
                  double x,
                  double y,
                  double width,
                  double height)
{
  g_auto (AtlasCellBatch) batch = { 0 };
  AtlasCell cell = { .counts = *counts, .lit = counts->pages, .locked = locked };

  g_return_if_fail (canvas != NULL && canvas->cr != NULL && kind < ATLAS_N_KINDS);

  atlas_cell_batch_init (&batch);
  atlas_cell_batch_begin (&batch, canvas->palette->texture[kind], FALSE);
  atlas_cell_batch_add (&batch, &cell, x, y, width, height, width, 1);
  atlas_cell_batch_paint_below (&batch, canvas, kind);
  atlas_cell_batch_paint_above (&batch, canvas, kind);
  if (counts->huge > counts->pages / 2 && MIN (width, height) >= 7)
    paint_notches (canvas, x, y, width, height);
}

void
atlas_kind_fill (AtlasCanvas *canvas,
                 AtlasKind kind,
                 double x,
                 double y,
                 double width,
                 double height)
{
  const double tile = 7;
  AtlasTexture texture = canvas->palette->texture[kind];
  g_auto (AtlasCellBatch) batch = { 0 };

  g_return_if_fail (canvas->cr != NULL && kind < ATLAS_N_KINDS);

  atlas_canvas_set_color (canvas, &canvas->palette->kind[kind]);
  cairo_rectangle (canvas->cr, x, y, width, height);
  cairo_fill (canvas->cr);
  if (texture == ATLAS_TEXTURE_NONE)
    return;

  atlas_cell_batch_init (&batch);
  atlas_cell_batch_begin (&batch, texture, FALSE);
  for (double top = y; top < y + height; top += tile)
    for (double left = x; left < x + width; left += tile)
      draw_texture (&(Row){ .batch = &batch,
                            .x = left,
                            .y = top,
                            .width = tile,
                            .height = tile,
                            .n = 1,
                            .band_top = top,
                            .band_bottom = top + tile },
                    top);
  cairo_save (canvas->cr);
  cairo_rectangle (canvas->cr, x, y, width, height);
  cairo_clip (canvas->cr);
  atlas_cell_batch_paint_above (&batch, canvas, kind);
  cairo_restore (canvas->cr);
}
