/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Row by row: a line at both ends of each stretch, and above and below it wherever the neighbouring
 * row has no cell of the same set. */

#include "atlas-cell-outline.h"

/* Columns of one row. */
typedef struct
{
  guint64 first, end;
} Stretch;

typedef struct
{
  cairo_t *cr;
  const AtlasCard *card;
  const AtlasCellRange *ranges;
  guint n_ranges;
  AtlasOutlineReach reach;
  double top, bottom; /* of the row, without the gaps above and below */
} Outline;

AtlasCellRange
atlas_card_get_cells (const AtlasCard *card, guint64 page_size, guint64 start, guint64 end)
{
  AtlasCellRange cells;

  g_return_val_if_fail (card != NULL && page_size > 0 && start < end, ((AtlasCellRange){ 0, 0 }));

  cells.first = (start - card->first_address) / page_size >> card->shift;
  cells.end = ((end - 1 - card->first_address) / page_size >> card->shift) + 1;
  return cells;
}

/* Index of the first range that ends behind @cell. */
static guint
find_range (const Outline *outline, guint64 cell)
{
  guint low = 0, high = outline->n_ranges;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (outline->ranges[middle].end <= cell)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* What of the ranges lies in @row, from left to right. */
static void
list_stretches (const Outline *outline, guint64 row, GArray *stretches)
{
  guint64 columns = outline->card->columns;
  guint64 first = row * columns, end = first + columns;

  g_array_set_size (stretches, 0);
  for (guint i = find_range (outline, first);
       i < outline->n_ranges && outline->ranges[i].first < end; i++)
    {
      Stretch stretch = { MAX (outline->ranges[i].first, first) - first,
                          MIN (outline->ranges[i].end, end) - first };
      Stretch *last =
          stretches->len > 0 ? &g_array_index (stretches, Stretch, stretches->len - 1) : NULL;

      if (last != NULL && last->end >= stretch.first)
        last->end = MAX (last->end, stretch.end);
      else
        g_array_append_val (stretches, stretch);
    }
}

/* The gap before @column. */
static double
get_gap_x (const Outline *outline, guint64 column)
{
  return outline->card->grid.x + (double) column * outline->card->pitch - 1;
}

static void
add_rect (const Outline *outline, double left, double top, double right, double bottom)
{
  cairo_rectangle (outline->cr, left, top, right - left, bottom - top);
}

static void
add_ends (const Outline *outline, const Stretch *stretch)
{
  const AtlasOutlineReach *reach = &outline->reach;
  double left = get_gap_x (outline, stretch->first), right = get_gap_x (outline, stretch->end);
  double top = outline->top - 1, bottom = outline->bottom + 1;

  add_rect (outline, left - reach->outward, top, left + 1 + reach->inward, bottom);
  add_rect (outline, right - reach->inward, top, right + 1 + reach->outward, bottom);
}

/* From column to column, corners included. */
static void
add_edge (const Outline *outline, guint64 first, guint64 end, gboolean above)
{
  const AtlasOutlineReach *reach = &outline->reach;
  double left = get_gap_x (outline, first) - reach->outward;
  double right = get_gap_x (outline, end) + 1 + reach->outward;

  if (above)
    add_rect (outline, left, outline->top - 1 - reach->outward, right,
              outline->top + reach->inward);
  else
    add_rect (outline, left, outline->bottom - reach->inward, right,
              outline->bottom + 1 + reach->outward);
}

/* Where the neighbouring row has none of the set. */
static void
add_edges (const Outline *outline, const Stretch *stretch, GArray *neighbours, gboolean above)
{
  guint64 column = stretch->first;

  for (guint i = 0; i < neighbours->len && column < stretch->end; i++)
    {
      const Stretch *neighbour = &g_array_index (neighbours, Stretch, i);

      if (neighbour->end <= column)
        continue;
      if (neighbour->first >= stretch->end)
        break;
      if (neighbour->first > column)
        add_edge (outline, column, neighbour->first, above);
      column = neighbour->end;
    }
  if (column < stretch->end)
    add_edge (outline, column, stretch->end, above);
}

static void
add_row (Outline *outline, guint64 row, GArray *above, GArray *stretches, GArray *below)
{
  outline->top = atlas_card_get_row_top (outline->card, row);
  outline->bottom = atlas_card_get_row_top (outline->card, row + 1) - 1;
  for (guint i = 0; i < stretches->len; i++)
    {
      const Stretch *stretch = &g_array_index (stretches, Stretch, i);

      add_ends (outline, stretch);
      add_edges (outline, stretch, above, TRUE);
      add_edges (outline, stretch, below, FALSE);
    }
}

/* The rows that have cells of the set. */
static void
limit_rows (const Outline *outline, guint64 *first_row, guint64 *end_row)
{
  guint64 columns = outline->card->columns;

  *first_row = MAX (*first_row, outline->ranges[0].first / columns);
  *end_row = MIN (*end_row, (outline->ranges[outline->n_ranges - 1].end - 1) / columns + 1);
}

void
atlas_cell_outline_add (cairo_t *cr,
                        const AtlasCard *card,
                        const AtlasCellRange *ranges,
                        guint n_ranges,
                        guint64 first_row,
                        guint64 end_row,
                        AtlasOutlineReach reach)
{
  Outline outline = {
    .cr = cr, .card = card, .ranges = ranges, .n_ranges = n_ranges, .reach = reach
  };
  GArray *rows[3]; /* above, at and below the present one */

  g_return_if_fail (cr != NULL && card != NULL);

  if (n_ranges == 0)
    return;
  limit_rows (&outline, &first_row, &end_row);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    rows[i] = g_array_new (FALSE, FALSE, sizeof (Stretch));
  if (first_row > 0)
    list_stretches (&outline, first_row - 1, rows[0]);
  if (first_row < end_row)
    list_stretches (&outline, first_row, rows[1]);
  for (guint64 row = first_row; row < end_row; row++)
    {
      GArray *above = rows[0];

      list_stretches (&outline, row + 1, rows[2]);
      add_row (&outline, row, rows[0], rows[1], rows[2]);
      rows[0] = rows[1];
      rows[1] = rows[2];
      rows[2] = above;
    }
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_array_unref (rows[i]);
}
