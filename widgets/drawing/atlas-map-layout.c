/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The geometry of the map. One pass over the regions adds up heights; everything else follows from
 * a card's top and a few shifts, so a map of 60,000 regions is laid out in the time of one frame
 * and asking for a card costs the same wherever it is. Addresses are counted in pages here: a cell
 * may reach past the last byte of the address space, but never past the last page number. */

#include "atlas-map-layout.h"

#include <math.h>

/* Pixels. */
#define LEAST_PITCH 8
#define MOST_PITCH 13
#define CARD_PADDING 14      /* left, with the accent bar, and right */
#define HEADING_PADDING 8    /* above the heading */
#define HEADING_GAP 6        /* between heading and cells */
#define GRID_PADDING 10      /* below the cells */
#define CELL_GAP 1           /* the last row needs none below it */
#define MOST_ROWS_LOG2 4     /* at zoom 0 */
#define SMALL_PART 4         /* of a row: see is_small() */
#define MOST_COLUMNS_LOG2 12 /* far beyond any screen */

struct _AtlasMapLayout
{
  gatomicrefcount references;
  AtlasSnapshot *snapshot;
  AtlasMapParameters parameters;
  guint64 page_size;
  guint n_cards;
  guint columns_log2;
  double pitch, card_width, grid_left, heading_height;
  int least_zoom, most_zoom;
  double *tops; /* (array length=n_cards+1) of cards, from the top; then of what would come next */
};

/* A region's card in pages. */
typedef struct
{
  guint64 first_page, n_pages;
  guint64 origin; /* the page of the first row's first cell */
  guint shift;
} Span;

static guint
count_bits (guint64 value)
{
  return value == 0 ? 0 : 64 - (guint) __builtin_clzll (value);
}

/* When rows begin at multiples of their size. */
static guint64
count_aligned_rows (const Span *span, guint row_log2)
{
  return ((span->first_page + span->n_pages - 1) >> row_log2) - (span->first_page >> row_log2) + 1;
}

/* The least shift at which all of the region would fit in 2^@rows_log2 rows if it began at the
 * beginning of one. */
static guint
get_shift_for_rows (AtlasMapLayout *self, guint64 n_pages, guint rows_log2)
{
  guint bits = count_bits (n_pages - 1);
  guint grid_bits = self->columns_log2 + rows_log2;
  return bits > grid_bits ? bits - grid_bits : 0;
}

/* The shift at zoom 0. It may take one step more than the size alone asks for, where the region
 * begins inside of a row. */
static guint
get_natural_shift (AtlasMapLayout *self, const Span *span)
{
  guint shift = get_shift_for_rows (self, span->n_pages, MOST_ROWS_LOG2);
  return count_aligned_rows (span, shift + self->columns_log2) > (1u << MOST_ROWS_LOG2) ? shift + 1
                                                                                        : shift;
}

/* A region much shorter than a row begins at the left: where in its row a handful of pages would
 * lie tells nobody anything, and a page or two broken over two rows look like a mistake. */
static gboolean
is_small (AtlasMapLayout *self, const Span *span)
{
  return span->n_pages <= (1u << self->columns_log2) / SMALL_PART;
}

static void
get_span (AtlasMapLayout *self, guint region_index, Span *span, guint *natural, guint *most)
{
  const AtlasRegion *region = atlas_snapshot_get_region (self->snapshot, region_index);

  span->first_page = region->start / self->page_size;
  span->n_pages = MAX (atlas_region_get_n_pages (region, self->page_size), 1);
  *natural = get_natural_shift (self, span);
  *most = get_shift_for_rows (self, span->n_pages, 0);
  span->shift = (guint) CLAMP ((gint64) *natural - self->parameters.zoom, 0, (gint64) *most);
  span->origin = span->first_page;
  if (!is_small (self, span))
    {
      guint row_log2 = span->shift + self->columns_log2;
      span->origin = (span->first_page >> row_log2) << row_log2;
    }
}

static guint64
count_rows (AtlasMapLayout *self, const Span *span)
{
  guint row_log2 = span->shift + self->columns_log2;
  return ((span->first_page + span->n_pages - 1 - span->origin) >> row_log2) + 1;
}

static double
get_card_height (AtlasMapLayout *self, const Span *span)
{
  return self->heading_height + (double) count_rows (self, span) * self->pitch - CELL_GAP
         + GRID_PADDING;
}

static void
choose_columns (AtlasMapLayout *self)
{
  double available = self->card_width - (self->grid_left - self->parameters.margin) - CARD_PADDING;
  double fits = floor (available / LEAST_PITCH);

  self->columns_log2 =
      fits < 1 ? 0 : MIN (count_bits ((guint64) fits) - 1, (guint) MOST_COLUMNS_LOG2);
  self->pitch =
      CLAMP (floor (available / (double) (1u << self->columns_log2)), LEAST_PITCH, MOST_PITCH);
}

static void
stack_cards (AtlasMapLayout *self)
{
  double top = self->parameters.margin;

  self->tops = g_new (double, self->n_cards + 1);
  for (guint i = 0; i < self->n_cards; i++)
    {
      Span span;
      guint natural, most;

      get_span (self, self->n_cards - 1 - i, &span, &natural, &most);
      self->tops[i] = top;
      top += get_card_height (self, &span) + self->parameters.margin;
      self->most_zoom = MAX (self->most_zoom, (int) natural);
      self->least_zoom = MIN (self->least_zoom, (int) natural - (int) most);
    }
  self->tops[self->n_cards] = top;
}

AtlasMapLayout *
atlas_map_layout_new (AtlasSnapshot *snapshot, const AtlasMapParameters *parameters)
{
  g_return_val_if_fail (snapshot != NULL && parameters != NULL, NULL);

  AtlasMapLayout *self = g_new0 (AtlasMapLayout, 1);
  g_atomic_ref_count_init (&self->references);
  self->snapshot = atlas_snapshot_ref (snapshot);
  self->parameters = *parameters;
  self->page_size = MAX (atlas_snapshot_get_page_size (snapshot), 1);
  self->n_cards = atlas_snapshot_get_n_regions (snapshot);

  double margin = round (parameters->margin);
  self->parameters.margin = margin;
  self->card_width = MAX (floor (parameters->width) - 2 * margin, 2 * CARD_PADDING + LEAST_PITCH);
  self->grid_left = margin + CARD_PADDING + ceil (MAX (parameters->label_width, 0));
  self->heading_height = HEADING_PADDING + ceil (parameters->line_height) + HEADING_GAP;
  choose_columns (self);
  stack_cards (self);
  return self;
}

AtlasMapLayout *
atlas_map_layout_ref (AtlasMapLayout *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
atlas_map_layout_unref (AtlasMapLayout *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->references))
    return;
  atlas_snapshot_unref (self->snapshot);
  g_free (self->tops);
  g_free (self);
}

AtlasSnapshot *
atlas_map_layout_get_snapshot (AtlasMapLayout *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->snapshot;
}

const AtlasMapParameters *
atlas_map_layout_get_parameters (AtlasMapLayout *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return &self->parameters;
}

double
atlas_map_layout_get_height (AtlasMapLayout *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_cards == 0 ? 0 : self->tops[self->n_cards];
}

guint
atlas_map_layout_get_n_cards (AtlasMapLayout *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_cards;
}

static AtlasRect
get_card_rect (AtlasMapLayout *self, guint index)
{
  double margin = self->parameters.margin;
  double top = self->tops[index];

  return (AtlasRect){ margin, top, self->card_width, self->tops[index + 1] - margin - top };
}

void
atlas_map_layout_get_card (AtlasMapLayout *self, guint index, AtlasCard *card)
{
  Span span;
  guint natural, most;

  g_return_if_fail (self != NULL && card != NULL && index < self->n_cards);

  guint region = self->n_cards - 1 - index;
  get_span (self, region, &span, &natural, &most);
  guint columns = 1u << self->columns_log2;
  guint64 n_rows = count_rows (self, &span);
  *card = (AtlasCard){
    .region = region,
    .rect = get_card_rect (self, index),
    .grid = { self->grid_left, self->tops[index] + self->heading_height, columns * self->pitch,
              (double) n_rows * self->pitch },
    .columns = columns,
    .shift = span.shift,
    .pitch = self->pitch,
    .n_rows = n_rows,
    .first_address = span.origin * self->page_size,
  };
}

guint
atlas_map_layout_find_card (AtlasMapLayout *self, double y)
{
  g_return_val_if_fail (self != NULL, 0);

  guint low = 0, high = self->n_cards;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      if (self->tops[middle + 1] - self->parameters.margin > y)
        high = middle;
      else
        low = middle + 1;
    }
  return low;
}

static gboolean
rect_contains (const AtlasRect *rect, double x, double y)
{
  return x >= rect->x && x < rect->x + rect->width && y >= rect->y && y < rect->y + rect->height;
}

/* The part of the cell in @row and @column that belongs to the region. FALSE if none does. */
static gboolean
get_cell_pages (AtlasMapLayout *self,
                const AtlasCard *card,
                guint64 row,
                guint64 column,
                guint64 *address,
                guint64 *n_pages)
{
  const AtlasRegion *region = atlas_snapshot_get_region (self->snapshot, card->region);
  guint64 region_first = region->start / self->page_size;
  guint64 region_end = region_first + atlas_region_get_n_pages (region, self->page_size);
  guint64 first =
      card->first_address / self->page_size + ((row * card->columns + column) << card->shift);
  guint64 begin = MAX (first, region_first);
  guint64 end = MIN (first + (G_GUINT64_CONSTANT (1) << card->shift), region_end);

  if (begin >= end)
    return FALSE;
  *address = begin * self->page_size;
  *n_pages = end - begin;
  return TRUE;
}

gboolean
atlas_map_layout_hit (AtlasMapLayout *self, double x, double y, AtlasMapHit *hit)
{
  AtlasCard card;

  g_return_val_if_fail (self != NULL && hit != NULL, FALSE);

  guint index = atlas_map_layout_find_card (self, y);
  if (index >= self->n_cards)
    return FALSE;
  atlas_map_layout_get_card (self, index, &card);
  if (!rect_contains (&card.rect, x, y))
    return FALSE;

  *hit = (AtlasMapHit){
    .region = card.region,
    .address = atlas_snapshot_get_region (self->snapshot, card.region)->start,
  };
  if (rect_contains (&card.grid, x, y))
    {
      guint64 row = (guint64) ((y - card.grid.y) / card.pitch);
      guint64 column = (guint64) ((x - card.grid.x) / card.pitch);
      hit->on_cell = get_cell_pages (self, &card, row, column, &hit->address, &hit->n_pages);
    }
  return TRUE;
}

gboolean
atlas_map_layout_locate (AtlasMapLayout *self, guint64 address, AtlasRect *cell, AtlasCard *card)
{
  AtlasCard found;
  guint region;

  g_return_val_if_fail (self != NULL, FALSE);

  if (!atlas_snapshot_find (self->snapshot, address, &region))
    return FALSE;
  atlas_map_layout_get_card (self, self->n_cards - 1 - region, &found);
  if (cell != NULL)
    {
      guint64 index = (address - found.first_address) / self->page_size >> found.shift;
      *cell = (AtlasRect){
        found.grid.x + (double) (index % found.columns) * found.pitch,
        found.grid.y + (double) (index / found.columns) * found.pitch,
        found.pitch - CELL_GAP,
        found.pitch - CELL_GAP,
      };
    }
  if (card != NULL)
    *card = found;
  return TRUE;
}

/* Addresses of the rows of @card that are between @top and @bottom. FALSE when none is. */
static gboolean
get_seen_rows (AtlasMapLayout *self,
               const AtlasCard *card,
               double top,
               double bottom,
               guint64 *start,
               guint64 *end)
{
  const AtlasRegion *region = atlas_snapshot_get_region (self->snapshot, card->region);
  double first = MAX (floor ((top - card->grid.y) / card->pitch), 0);
  double last = MIN (ceil ((bottom - card->grid.y) / card->pitch), (double) card->n_rows);

  if (first >= last)
    return FALSE;
  guint64 row_pages = (guint64) card->columns << card->shift;
  guint64 base = card->first_address / self->page_size;
  guint64 region_first = region->start / self->page_size;
  guint64 region_end = region_first + atlas_region_get_n_pages (region, self->page_size);
  *start = MAX (base + (guint64) first * row_pages, region_first) * self->page_size;
  *end = MIN (base + (guint64) last * row_pages, region_end) * self->page_size;
  return TRUE;
}

void
atlas_map_layout_get_range (AtlasMapLayout *self,
                            double top,
                            double bottom,
                            guint64 *start,
                            guint64 *end)
{
  AtlasCard card;
  guint64 card_start, card_end;

  g_return_if_fail (self != NULL && start != NULL && end != NULL);

  *start = *end = 0;
  guint first = atlas_map_layout_find_card (self, top);
  guint last = MIN (atlas_map_layout_find_card (self, bottom), self->n_cards - 1);
  if (self->n_cards == 0 || first >= self->n_cards)
    return;

  /* Cards are in order, so only the outermost that show a row matter: one at the edge may show
   * nothing but its heading or its lower border, its neighbour then shows rows. */
  guint edges[] = { first, MIN (first + 1, last), last > first ? last - 1 : last, last };
  for (guint i = 0; i < G_N_ELEMENTS (edges); i++)
    {
      atlas_map_layout_get_card (self, edges[i], &card);
      if (!get_seen_rows (self, &card, top, bottom, &card_start, &card_end))
        continue;
      *start = *end == 0 ? card_start : MIN (*start, card_start);
      *end = MAX (*end, card_end);
    }
  if (*end == 0)
    {
      atlas_map_layout_get_card (self, first, &card);
      *start = atlas_snapshot_get_region (self->snapshot, card.region)->start;
      *end = *start + self->page_size;
    }
}

void
atlas_map_layout_get_zoom_range (AtlasMapLayout *self, int *least, int *most)
{
  g_return_if_fail (self != NULL);

  if (least != NULL)
    *least = self->least_zoom;
  if (most != NULL)
    *most = self->most_zoom;
}
