/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The geometry of the map. One pass over the regions adds up heights; everything else follows from
 * a card's top and a few shifts, so a map of 60,000 regions is laid out in a fraction of a frame
 * and asking for a card costs the same wherever it is. Addresses are counted in pages here: a cell
 * may reach past the last byte of the address space, but never past the last page number.
 *
 * Between two steps of the zoom the height of a card's rows taken together goes evenly from what it
 * is at one to what it is at the other. Up to the middle there are the rows of the one, stretched,
 * and from there on those of the other, squeezed: heights are continuous and never turn back. */

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
#define MOST_STEPS 64        /* of zoom: more than an address has bits */
#define COMPACT_MARGIN 3     /* between compact cards */
#define COMPACT_PADDINGS 6   /* above and below the line of a compact card */
#define COMPACT_GAP 12       /* between heading and cells of a compact one */
#define HEADING_PADDINGS (HEADING_PADDING + HEADING_GAP + GRID_PADDING)

/* Where a card is, pixels from the top of the map. */
typedef struct
{
  double top, bottom;
} Extent;

struct _AtlasMapLayout
{
  gatomicrefcount references;
  AtlasSnapshot *snapshot;
  AtlasMapParameters parameters;
  guint64 page_size;
  guint page_log2;
  guint n_cards;
  guint columns_log2;
  double pitch, card_width, grid_left, line_height, compact_height;
  double step;       /* the whole step at or below the zoom */
  double step_share; /* of the way in height to the next step: 2^fraction - 1 */
  int least_zoom, most_zoom;
  double height;
  Extent *extents; /* (array length=n_cards) of cards, from the top; an rc box, never changed */
};

/* A region's card in pages. */
typedef struct
{
  guint64 first_page, n_pages;
  guint64 origin; /* the page of the first row's first cell */
  guint shift;
  guint64 n_rows;
  double rows_height;  /* of all rows, pixels */
  double compactness;  /* 0: heading above cells; 1: all on one line */
  guint natural, most; /* shifts at zoom 0 and with one row */
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

static guint64
get_origin (AtlasMapLayout *self, const Span *span, guint shift)
{
  guint row_log2 = shift + self->columns_log2;
  return is_small (self, span) ? span->first_page : (span->first_page >> row_log2) << row_log2;
}

static guint64
count_rows (AtlasMapLayout *self, const Span *span, guint shift)
{
  guint64 last = span->first_page + span->n_pages - 1;
  return ((last - get_origin (self, span, shift)) >> (shift + self->columns_log2)) + 1;
}

/* Cells at whole steps, and how high they are. */
static void
measure_rows (AtlasMapLayout *self, Span *span)
{
  double natural = span->natural;

  if (span->most == 0 && span->natural == 0)
    {
      span->shift = 0;
      span->n_rows = count_rows (self, span, 0);
      span->rows_height = (double) span->n_rows * self->pitch;
      span->origin = get_origin (self, span, 0);
      return;
    }
  double coarse = CLAMP (natural - self->step, 0, span->most);
  double fine = CLAMP (natural - self->step - 1, 0, span->most);

  span->shift = (guint) coarse;
  span->n_rows = count_rows (self, span, span->shift);
  span->rows_height = (double) span->n_rows * self->pitch;
  if (self->step_share > 0 && fine < coarse)
    {
      guint64 n_fine = count_rows (self, span, (guint) fine);
      span->rows_height += (double) (n_fine - span->n_rows) * self->step_share * self->pitch;
      if (self->step_share >= G_SQRT2 - 1)
        {
          span->shift = (guint) fine;
          span->n_rows = n_fine;
        }
    }
  span->origin = get_origin (self, span, span->shift);
}

static double
get_compactness (AtlasMapLayout *self, const Span *span)
{
  if (self->parameters.compact_line_height <= 0)
    return 0;
  return CLAMP ((double) span->natural - (double) span->most - self->parameters.zoom, 0, 1);
}

static void
get_span (AtlasMapLayout *self, guint region_index, Span *span)
{
  const AtlasRegion *region = atlas_snapshot_get_region (self->snapshot, region_index);

  span->first_page = region->start >> self->page_log2;
  span->n_pages = MAX ((region->end - region->start) >> self->page_log2, 1);
  span->natural = get_natural_shift (self, span);
  span->most = get_shift_for_rows (self, span->n_pages, 0);
  span->compactness = get_compactness (self, span);
  measure_rows (self, span);
}

/* Of what is positive; without a call, as this is done for every region. */
static double
round_quickly (double value)
{
  return (double) (gint64) (value + 0.5);
}

static double
mix (double full, double compact, double compactness)
{
  return full + (compact - full) * compactness;
}

/* Of heading above cells. */
static double
get_least_height (AtlasMapLayout *self, const Span *span)
{
  return self->line_height + span->rows_height - CELL_GAP;
}

static double
get_card_height (AtlasMapLayout *self, const Span *span)
{
  double full = HEADING_PADDINGS + get_least_height (self, span);
  return round_quickly (mix (full, self->compact_height, span->compactness));
}

static double
get_margin_below (AtlasMapLayout *self, const Span *span)
{
  return round_quickly (mix (self->parameters.margin, COMPACT_MARGIN, span->compactness));
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
  gboolean compacts = self->parameters.compact_line_height > 0;
  double top = self->parameters.margin;

  self->extents = g_atomic_rc_box_alloc (MAX (self->n_cards, 1) * sizeof (Extent));
  for (guint i = 0; i < self->n_cards; i++)
    {
      Span span;

      get_span (self, self->n_cards - 1 - i, &span);
      self->extents[i].top = top;
      self->extents[i].bottom = top + get_card_height (self, &span);
      top = self->extents[i].bottom + get_margin_below (self, &span);
      self->most_zoom = MAX (self->most_zoom, (int) span.natural);
      self->least_zoom =
          MIN (self->least_zoom, (int) span.natural - (int) span.most - (compacts ? 1 : 0));
    }
  self->height = self->n_cards == 0 ? 0 : top;
}

/* What is written on cards changes no card's place. */
static gboolean
is_laid_out_the_same (AtlasMapLayout *self, AtlasMapLayout *other)
{
  const AtlasMapParameters *a = &self->parameters, *b = &other->parameters;

  return atlas_snapshot_has_same_regions (self->snapshot, other->snapshot) && a->width == b->width
         && a->zoom == b->zoom && a->line_height == b->line_height
         && a->label_width == b->label_width && a->margin == b->margin
         && a->compact_line_height == b->compact_line_height;
}

static void
take_cards_of (AtlasMapLayout *self, AtlasMapLayout *other)
{
  self->extents = g_atomic_rc_box_acquire (other->extents);
  self->height = other->height;
  self->least_zoom = other->least_zoom;
  self->most_zoom = other->most_zoom;
}

AtlasMapLayout *
atlas_map_layout_new (AtlasSnapshot *snapshot, const AtlasMapParameters *parameters)
{
  return atlas_map_layout_new_after (NULL, snapshot, parameters);
}

AtlasMapLayout *
atlas_map_layout_new_after (AtlasMapLayout *before,
                            AtlasSnapshot *snapshot,
                            const AtlasMapParameters *parameters)
{
  g_return_val_if_fail (snapshot != NULL && parameters != NULL, NULL);

  AtlasMapLayout *self = g_new0 (AtlasMapLayout, 1);
  g_atomic_ref_count_init (&self->references);
  self->snapshot = atlas_snapshot_ref (snapshot);
  self->parameters = *parameters;
  if (parameters->labels != NULL)
    atlas_labels_ref (parameters->labels);
  self->page_size = MAX (atlas_snapshot_get_page_size (snapshot), 1);
  self->page_log2 = count_bits (self->page_size) - 1;
  self->n_cards = atlas_snapshot_get_n_regions (snapshot);

  double margin = round (parameters->margin);
  self->parameters.margin = margin;
  self->card_width = MAX (floor (parameters->width) - 2 * margin, 2 * CARD_PADDING + LEAST_PITCH);
  self->grid_left = margin + CARD_PADDING + ceil (MAX (parameters->label_width, 0));
  self->line_height = ceil (parameters->line_height);
  self->compact_height = ceil (parameters->compact_line_height) + COMPACT_PADDINGS;
  self->step = floor (CLAMP (parameters->zoom, -MOST_STEPS, MOST_STEPS));
  self->step_share = CLAMP (exp2 (parameters->zoom - self->step) - 1, 0, 1);
  choose_columns (self);
  if (before != NULL && is_laid_out_the_same (self, before))
    take_cards_of (self, before);
  else
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
  g_clear_pointer (&self->parameters.labels, atlas_labels_unref);
  g_atomic_rc_box_release (self->extents);
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

  return self->height;
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
  double top = self->extents[index].top;

  return (AtlasRect){ self->parameters.margin, top, self->card_width,
                      self->extents[index].bottom - top };
}

/* Heading above cells. What a card that is about to become compact has lost in height it has lost
 * between them. */
static void
place_below (AtlasMapLayout *self, const Span *span, AtlasCard *card)
{
  double room =
      CLAMP ((card->rect.height - get_least_height (self, span)) / HEADING_PADDINGS, 0, 1);
  double top = card->rect.y + round (HEADING_PADDING * room);

  card->columns = 1u << self->columns_log2;
  card->shift = span->shift;
  card->n_rows = span->n_rows;
  card->row_pitch = span->rows_height / (double) span->n_rows;
  card->first_address = span->origin * self->page_size;
  card->heading = (AtlasRect){ card->rect.x + CARD_PADDING, top,
                               card->rect.width - 2 * CARD_PADDING, self->line_height };
  card->grid = (AtlasRect){ self->grid_left, top + self->line_height + round (HEADING_GAP * room),
                            card->columns * self->pitch, round (span->rows_height) };
}

/* The least shift at which the region takes no more than @columns cells. */
static guint
get_compact_shift (const Span *span, guint columns_log2)
{
  guint bits = count_bits (span->n_pages - 1);
  guint shift = bits > columns_log2 ? bits - columns_log2 : 0;

  return count_aligned_rows (span, shift) > (1u << columns_log2) ? shift + 1 : shift;
}

/* Cells in the right half of the line, from where they would begin in a row of the full width, so
 * that the same columns run down through both. */
static void
place_beside (AtlasMapLayout *self, const Span *span, AtlasCard *card)
{
  guint columns_log2 = MAX (self->columns_log2, 1) - 1;

  card->compact = TRUE;
  card->columns = 1u << columns_log2;
  card->shift = get_compact_shift (span, columns_log2);
  card->n_rows = 1;
  card->row_pitch = self->pitch;
  card->first_address = ((span->first_page >> card->shift) << card->shift) * self->page_size;

  double left = self->grid_left + card->columns * self->pitch;
  double heading_left = card->rect.x + CARD_PADDING;
  double line = self->compact_height - COMPACT_PADDINGS;
  card->heading = (AtlasRect){ heading_left, card->rect.y + round ((card->rect.height - line) / 2),
                               left - COMPACT_GAP - heading_left, line };
  card->grid =
      (AtlasRect){ left, card->rect.y + round ((card->rect.height - self->pitch + CELL_GAP) / 2),
                   card->columns * self->pitch, self->pitch };
}

void
atlas_map_layout_get_card (AtlasMapLayout *self, guint index, AtlasCard *card)
{
  Span span;

  g_return_if_fail (self != NULL && card != NULL && index < self->n_cards);

  guint region = self->n_cards - 1 - index;
  get_span (self, region, &span);
  *card = (AtlasCard){ .region = region,
                       .rect = get_card_rect (self, index),
                       .pitch = self->pitch,
                       .labels = self->parameters.labels };
  if (span.compactness < 0.5 && card->rect.height >= get_least_height (self, &span))
    place_below (self, &span, card);
  else
    place_beside (self, &span, card);
}

double
atlas_card_get_row_top (const AtlasCard *card, guint64 row)
{
  return card->grid.y + round ((double) row * card->row_pitch);
}

guint64
atlas_card_find_row (const AtlasCard *card, double y)
{
  double last = (double) card->n_rows - 1;
  guint64 row = (guint64) CLAMP (floor ((y - card->grid.y) / card->row_pitch), 0, last);

  while (row > 0 && atlas_card_get_row_top (card, row) > y)
    row--;
  while (row + 1 < card->n_rows && atlas_card_get_row_top (card, row + 1) <= y)
    row++;
  return row;
}

guint64
atlas_card_get_row_address (const AtlasCard *card,
                            const AtlasRegion *region,
                            guint64 page_size,
                            guint64 row)
{
  guint64 pages = (row * card->columns) << card->shift;
  guint64 last = (region->end - card->first_address) / page_size;

  return MAX (card->first_address + MIN (pages, last) * page_size, region->start);
}

guint
atlas_map_layout_find_card (AtlasMapLayout *self, double y)
{
  g_return_val_if_fail (self != NULL, 0);

  guint low = 0, high = self->n_cards;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      if (self->extents[middle].bottom > y)
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
      guint64 row = atlas_card_find_row (&card, y);
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
      double top = atlas_card_get_row_top (&found, index / found.columns);
      double bottom = atlas_card_get_row_top (&found, index / found.columns + 1);
      *cell = (AtlasRect){ found.grid.x + (double) (index % found.columns) * found.pitch, top,
                           found.pitch - CELL_GAP, bottom - top - CELL_GAP };
    }
  if (card != NULL)
    *card = found;
  return TRUE;
}

gboolean
atlas_map_layout_get_y (AtlasMapLayout *self, guint64 address, double *y)
{
  AtlasCard card;

  g_return_val_if_fail (self != NULL && y != NULL, FALSE);

  if (!atlas_map_layout_locate (self, address, NULL, &card))
    return FALSE;
  double row_bytes = (double) card.columns * exp2 (card.shift) * (double) self->page_size;
  *y = card.grid.y + (double) (address - card.first_address) / row_bytes * card.row_pitch;
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

  if (top >= card->grid.y + card->grid.height || bottom <= card->grid.y || bottom <= top)
    return FALSE;
  guint64 first = atlas_card_find_row (card, top);
  guint64 last = atlas_card_find_row (card, bottom);
  if (atlas_card_get_row_top (card, last) < bottom)
    last++;
  guint64 row_pages = (guint64) card->columns << card->shift;
  guint64 base = card->first_address / self->page_size;
  guint64 region_first = region->start / self->page_size;
  guint64 region_end = region_first + atlas_region_get_n_pages (region, self->page_size);
  *start = MAX (base + first * row_pages, region_first) * self->page_size;
  *end = MIN (base + last * row_pages, region_end) * self->page_size;
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
