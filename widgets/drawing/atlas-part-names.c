/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Each name first takes the first place that suits it. Where rows are lower than writing, names in
 * neighbouring rows would touch: those in rows of odd number then give way to those above and
 * below, which stay. So a place depends on the next rows alone, however much of a card is painted.
 */

#include "atlas-config.h"

#include "atlas-part-names.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "atlas-format.h"

/* Of what a plate covers, if that is not all alike. */
#define COVERED_SHARE 8
/* Rows of a part in which room is looked for. */
#define MOST_ROWS 3
/* Names of a group that are written out. */
#define MOST_NAMES 3
/* Cells without which no name has room. */
#define LEAST_CELLS 3
/* Pixels between names of neighbouring rows. */
#define NAMES_GAP 3

/* Cells of one row. */
typedef struct
{
  guint64 first, end;
} Stretch;

/* A name that has a place. */
typedef struct
{
  AtlasPartName name;
  Stretch stretch; /* in which it stands, to the end of what is its own in the row */
  gboolean alike;
} Placed;

typedef struct
{
  AtlasCanvas *canvas;
  const AtlasRegion *region;
  const AtlasCard *card;
  guint64 skipped; /* pages of the first cells before the region */
  guint64 n_pages;
  GArray *placed; /* Placed */
} Placing;

/* --- room ------------------------------------------------------------------------------------ */

/* First page within the region of a cell; of the region's end, for the cell after the last. */
static guint64
get_cell_page (const Placing *placing, guint64 cell)
{
  guint64 page = cell << placing->card->shift;

  return page < placing->skipped ? 0 : MIN (page - placing->skipped, placing->n_pages);
}

/* The cell before which all cells from @cell on lie within one run; @cell if states meet in it. */
static guint64
get_alike_end (const Placing *placing, guint64 cell, guint64 end)
{
  const AtlasPages *pages = placing->region->pages;
  guint n_runs;
  const AtlasRun *runs = atlas_pages_get_runs (pages, &n_runs);
  guint run = atlas_pages_find_run (pages, get_cell_page (placing, cell));

  if (run + 1 == n_runs)
    return end;
  return CLAMP ((runs[run + 1].first + placing->skipped) >> placing->card->shift, cell, end);
}

/* A cell on the left and half of one on the right stay free. */
static gboolean
has_room (const Placing *placing, const Stretch *stretch, double width)
{
  double span = (double) (stretch->end - stretch->first) * placing->card->pitch - 1;

  return span >= width + placing->card->pitch * 1.5;
}

/* The first cell from which on a name of @width has room, on alike cells or on any. */
static gboolean
find_room (const Placing *placing, Stretch stretch, double width, gboolean alike, guint64 *cell)
{
  while (stretch.first < stretch.end)
    {
      Stretch found = stretch;

      if (alike)
        found.end = get_alike_end (placing, stretch.first, stretch.end);
      *cell = stretch.first;
      if (has_room (placing, &found, width))
        return TRUE;
      stretch.first = MAX (found.end, stretch.first + 1);
    }
  return FALSE;
}

/* What of @cells is in @row. */
static Stretch
get_stretch (const Placing *placing, const AtlasCellRange *cells, guint64 row)
{
  guint64 first = row * placing->card->columns;

  return (Stretch){ MAX (cells->first, first), MIN (cells->end, first + placing->card->columns) };
}

static void
stand_on (const Placing *placing, Placed *placed, guint64 cell)
{
  const AtlasCard *card = placing->card;

  placed->name.row = cell / card->columns;
  placed->name.x = card->grid.x + (double) (cell % card->columns + 1) * card->pitch;
}

static gboolean
find_place (const Placing *placing, const AtlasCellRange *cells, gboolean alike, Placed *placed)
{
  guint64 first = cells->first / placing->card->columns;
  guint64 last = (cells->end - 1) / placing->card->columns;
  guint64 cell;

  for (guint64 row = first; row <= MIN (last, first + MOST_ROWS - 1); row++)
    {
      placed->stretch = get_stretch (placing, cells, row);
      placed->alike = alike;
      if (!find_room (placing, placed->stretch, placed->name.width, alike, &cell))
        continue;
      stand_on (placing, placed, cell);
      return TRUE;
    }
  return FALSE;
}

/* Takes @text. FALSE if there is no room for it. */
static gboolean
add (Placing *placing, const AtlasCellRange *cells, char *text)
{
  double measured = ceil (atlas_canvas_measure (placing->canvas, ATLAS_TEXT_CAPTION, text));
  double width = measured + 2 * ATLAS_PART_NAME_PADDING;
  double length = (double) (cells->end - cells->first) * placing->card->pitch;
  Placed placed = { .name = { .text = text, .width = width } };

  if (length >= width
      && (find_place (placing, cells, TRUE, &placed)
          || (length >= width * COVERED_SHARE && find_place (placing, cells, FALSE, &placed))))
    {
      g_array_append_val (placing->placed, placed);
      return TRUE;
    }
  g_free (text);
  return FALSE;
}

/* --- names ----------------------------------------------------------------------------------- */

static gboolean
add_name (Placing *placing, const AtlasPart *part)
{
  if (part->n_labels > 1 || part->cells.end - part->cells.first < LEAST_CELLS)
    return FALSE;
  return add (placing, &part->cells, g_strdup (part->labels[0].short_name));
}

static guint64
get_first_row (const Placing *placing, const AtlasPart *part)
{
  return part->cells.first / placing->card->columns;
}

/* The first @most names, and how many more; without names, how many there are. */
static char *
describe_parts (const Placing *placing, const AtlasPart *first, guint n, guint most)
{
  g_autofree char *count = NULL;

  if (most > 0)
    return atlas_labels_dup_names (placing->card->labels,
                                   MAX (first->labels->start, placing->region->start),
                                   first->labels[n - 1].end, most);
  count = atlas_format_count (n);
  /* Translators: how many there are of what has no room for its names. */
  return g_strdup_printf (_ ("×%s"), count);
}

/* Of parts that begin in one row, in that row. */
static void
add_names (Placing *placing, const AtlasPart *first, const AtlasPart *last)
{
  guint64 row_end = (get_first_row (placing, first) + 1) * placing->card->columns;
  AtlasCellRange cells = { first->cells.first, MIN (last->cells.end, row_end) };
  guint n = (guint) (last->labels - first->labels) + last->n_labels;

  if (n == 1)
    return;
  for (guint most = MIN (n, MOST_NAMES) + 1; most-- > 0;)
    if (add (placing, &cells, describe_parts (placing, first, n, most)))
      return;
}

static void
add_all (Placing *placing, GArray *parts)
{
  const AtlasPart *nameless = NULL; /* the first of those in a row that have no room */

  for (guint i = 0; i < parts->len; i++)
    {
      const AtlasPart *part = &g_array_index (parts, AtlasPart, i);
      gboolean same_row =
          nameless != NULL && get_first_row (placing, nameless) == get_first_row (placing, part);
      gboolean named = add_name (placing, part);

      if (nameless != NULL && (named || !same_row))
        {
          add_names (placing, nameless, part - 1);
          nameless = NULL;
        }
      if (!named && nameless == NULL)
        nameless = part;
    }
  if (nameless != NULL)
    add_names (placing, nameless, &g_array_index (parts, AtlasPart, parts->len - 1));
}

/* --- giving way ------------------------------------------------------------------------------ */

static gboolean
is_odd (const Placed *placed)
{
  return placed->name.row % 2 == 1;
}

static int
compare_rows (gconstpointer a, gconstpointer b)
{
  const Placed *first = a, *second = b;

  if (first->name.row != second->name.row)
    return first->name.row < second->name.row ? -1 : 1;
  return (first->name.x > second->name.x) - (first->name.x < second->name.x);
}

static gboolean
touch (const AtlasPartName *a, const AtlasPartName *b)
{
  return a->x < b->x + b->width + NAMES_GAP && b->x < a->x + a->width + NAMES_GAP;
}

/* One of the row above or below @placed, which is at @index, that it would touch; or NULL. */
static const Placed *
find_touched (const Placing *placing, guint index, const Placed *placed)
{
  const Placed *all = &g_array_index (placing->placed, Placed, 0);
  guint64 row = placed->name.row;

  for (guint i = index; i-- > 0 && all[i].name.row + 1 >= row;)
    if (all[i].name.row + 1 == row && touch (&all[i].name, &placed->name))
      return &all[i];
  for (guint i = index + 1; i < placing->placed->len && all[i].name.row <= row + 1; i++)
    if (all[i].name.row == row + 1 && touch (&all[i].name, &placed->name))
      return &all[i];
  return NULL;
}

/* To the right, as far as that is needed. FALSE if there is no room. */
static gboolean
give_way (const Placing *placing, guint index, Placed *placed)
{
  const AtlasCard *card = placing->card;
  const Placed *touched;

  while ((touched = find_touched (placing, index, placed)) != NULL)
    {
      double right = touched->name.x + touched->name.width + NAMES_GAP - card->grid.x;
      guint64 column = (guint64) ceil (right / card->pitch) - 1;
      guint64 cell = placed->name.row * card->columns + column;

      placed->stretch.first = MAX (placed->stretch.first + 1, cell);
      if (placed->stretch.first >= placed->stretch.end
          || !find_room (placing, placed->stretch, placed->name.width, placed->alike, &cell))
        return FALSE;
      placed->stretch.first = cell;
      stand_on (placing, placed, cell);
    }
  return TRUE;
}

/* Those that have no room leave without one. */
static void
separate_rows (Placing *placing)
{
  g_array_sort (placing->placed, compare_rows);
  for (guint i = 0; i < placing->placed->len; i++)
    {
      Placed *placed = &g_array_index (placing->placed, Placed, i);

      if (is_odd (placed) && !give_way (placing, i, placed))
        g_clear_pointer (&placed->name.text, g_free);
    }
}

/* --- all together ---------------------------------------------------------------------------- */

static void
clear_name (gpointer data)
{
  AtlasPartName *name = data;

  g_free (name->text);
}

static GArray *
take_names (Placing *placing)
{
  GArray *names = g_array_new (FALSE, FALSE, sizeof (AtlasPartName));

  g_array_set_clear_func (names, clear_name);
  for (guint i = 0; i < placing->placed->len; i++)
    {
      const Placed *placed = &g_array_index (placing->placed, Placed, i);

      if (placed->name.text != NULL)
        g_array_append_val (names, placed->name);
    }
  return names;
}

double
atlas_part_names_get_height (AtlasCanvas *canvas, const AtlasCard *card)
{
  g_return_val_if_fail (canvas != NULL && card != NULL, 0);

  /* Ink of a line of small text, about. */
  return MAX (canvas->line_height[ATLAS_TEXT_CAPTION] - 3, floor (card->row_pitch) - 1);
}

GArray *
atlas_part_names_place (AtlasCanvas *canvas,
                        const AtlasRegion *region,
                        const AtlasCard *card,
                        guint64 page_size,
                        GArray *parts)
{
  g_autoptr (GArray) placed = g_array_new (FALSE, FALSE, sizeof (Placed));
  Placing placing = {
    .canvas = canvas,
    .region = region,
    .card = card,
    .skipped = (region->start - card->first_address) / page_size,
    .n_pages = atlas_region_get_n_pages (region, page_size),
    .placed = placed,
  };

  add_all (&placing, parts);
  if (atlas_part_names_get_height (canvas, card) > card->row_pitch)
    separate_rows (&placing);
  return take_names (&placing);
}
