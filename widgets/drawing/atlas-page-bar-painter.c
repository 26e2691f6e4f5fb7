/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A whole region in one bar, for a row of the table: the map's cells without gaps, as many as there
 * are pixels or pages. */

#include <math.h>

#include "atlas-cell.h"
#include "atlas-map-painter.h"

typedef struct
{
  const AtlasRegion *region;
  AtlasCounter highlight;
  guint64 n_pages;
  guint64 n_cells;
  double width;
} Bar;

static guint64
get_cell_page (const Bar *bar, guint64 cell)
{
  return (guint64) ((double) bar->n_pages / (double) bar->n_cells * (double) cell);
}

static double
get_cell_x (const Bar *bar, guint64 cell)
{
  return floor (bar->width * (double) cell / (double) bar->n_cells);
}

/* The first cell after @cell that is not in the same run as a whole. */
static guint64
find_uniform_end (const Bar *bar, guint64 cell, guint64 run_end)
{
  guint64 low = cell, high = bar->n_cells;

  if (run_end >= bar->n_pages)
    return bar->n_cells;
  while (low < high)
    {
      guint64 middle = low + (high - low) / 2;
      if (get_cell_page (bar, middle + 1) <= run_end)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* What begins at @first; gives the cell after it. */
static guint64
measure_cells (const Bar *bar, guint64 first, AtlasCell *cell)
{
  guint n_runs;
  const AtlasRun *runs = atlas_pages_get_runs (bar->region->pages, &n_runs);
  guint64 page = get_cell_page (bar, first);
  guint run = atlas_pages_find_run (bar->region->pages, page);
  guint64 end =
      find_uniform_end (bar, first, run + 1 < n_runs ? runs[run + 1].first : bar->n_pages);

  end = MAX (end, first + 1);
  guint64 n_pages = get_cell_page (bar, end) - page;
  atlas_pages_count (bar->region->pages, page, n_pages, &cell->counts);
  cell->lit = cell->counts.pages;
  if (bar->highlight != ATLAS_COUNTER_NONE)
    cell->lit = atlas_counter_count_pages (bar->highlight, bar->region, page, n_pages);
  return end;
}

void
atlas_page_bar_paint (AtlasCanvas *canvas,
                      const AtlasRegion *region,
                      AtlasCounter highlight,
                      double width,
                      double height)
{
  Bar bar = { region, highlight, 0, 0, floor (width) };
  g_auto (AtlasCellBatch) batch = { 0 };

  g_return_if_fail (canvas != NULL && canvas->cr != NULL && region != NULL);

  bar.n_pages = region->pages != NULL ? atlas_pages_get_n_pages (region->pages) : 0;
  bar.n_cells = (guint64) MIN ((double) bar.n_pages, bar.width);
  if (bar.n_cells == 0)
    return;
  if (highlight != ATLAS_COUNTER_NONE && !atlas_counter_has_pages (highlight))
    bar.highlight = ATLAS_COUNTER_NONE;

  atlas_cell_batch_init (&batch);
  atlas_cell_batch_begin (&batch, ATLAS_TEXTURE_NONE, FALSE);
  for (guint64 cell = 0; cell < bar.n_cells;)
    {
      AtlasCell look = { 0 };
      guint64 end = measure_cells (&bar, cell, &look);
      double left = get_cell_x (&bar, cell);
      double right = get_cell_x (&bar, end);
      atlas_cell_batch_add (&batch, &look, left, 0, right - left, floor (height), right - left, 1);
      cell = end;
    }
  atlas_cell_batch_paint_below (&batch, canvas, region->kind);
  atlas_cell_batch_paint_above (&batch, canvas, region->kind);
}
