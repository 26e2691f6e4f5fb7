/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A picture cannot be scrolled, so what it shows has to be chosen. Several widths of column are
 * tried; in each the cards are put one below the other, and the zoom is raised as long as they fit.
 * Whichever shows the most wins. */

#include "atlas-picture-plan.h"

#include <math.h>

/* Pixels. Three and more columns may be tight only if that makes all regions fit. */
#define LEAST_COLUMN 420
#define LEAST_TIGHT_COLUMN 336
#define MOST_COLUMNS 8
/* What is left of a choice's worth when more detail is still worth it. */
#define WORTHWHILE 0.96
/* Cards are spread until the space between them is so many margins, so that columns end alike. */
#define MOST_SPREAD 3

/* What is decided. */
typedef struct
{
  AtlasMapLayout *layout;
  guint n_columns;
  double column_width;
  gboolean tight;
  double height;  /* of a column */
  guint n_shown;  /* the first so many of the order of importance */
  double n_cells; /* on the cards shown */
  double worth;   /* the share of all memory that is on them, and the share of all regions */
} Choice;

/* While it is decided. */
typedef struct
{
  AtlasSnapshot *snapshot;
  const AtlasMapParameters *parameters;
  const AtlasRect *area;
  double note_height;
  guint n_regions;
  double all_memory; /* sum of get_memory() */
  guint *order;      /* regions, the most important first */
  guint64 *resident; /* (array length=n_regions) pages, by region */
  guint *shown;      /* scratch: cards, ascending */
} Planner;

static int
compare_importance (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Planner *planner = user_data;
  guint first = *(const guint *) a, second = *(const guint *) b;
  const AtlasRegion *p = atlas_snapshot_get_region (planner->snapshot, first);
  const AtlasRegion *q = atlas_snapshot_get_region (planner->snapshot, second);
  guint64 p_size = p->end - p->start, q_size = q->end - q->start;

  if (planner->resident[first] != planner->resident[second])
    return planner->resident[first] > planner->resident[second] ? -1 : 1;
  if (p_size != q_size)
    return p_size > q_size ? -1 : 1;
  return first < second ? -1 : 1;
}

/* Resident pages; where none is known to be, all pages. */
static double
get_memory (const Planner *planner, guint region)
{
  const AtlasRegion *self = atlas_snapshot_get_region (planner->snapshot, region);

  if (atlas_snapshot_get_counts (planner->snapshot)->resident > 0)
    return (double) planner->resident[region];
  return (double) atlas_pages_get_n_pages (self->pages);
}

static void
sort_by_importance (Planner *planner)
{
  planner->order = g_new (guint, planner->n_regions);
  planner->resident = g_new (guint64, planner->n_regions);
  planner->shown = g_new (guint, planner->n_regions);
  for (guint i = 0; i < planner->n_regions; i++)
    {
      AtlasPageCounts counts;

      atlas_pages_count_all (atlas_snapshot_get_region (planner->snapshot, i)->pages, &counts);
      planner->order[i] = i;
      planner->resident[i] = counts.resident;
      planner->all_memory += get_memory (planner, i);
    }
  g_qsort_with_data (planner->order, (gint) planner->n_regions, sizeof (guint), compare_importance,
                     planner);
}

static int
compare_cards (gconstpointer a, gconstpointer b)
{
  guint first = *(const guint *) a, second = *(const guint *) b;

  return first < second ? -1 : first > second;
}

/* Cards of the @n most important regions, from the top down. */
static void
list_shown (Planner *planner, guint n)
{
  if (n == planner->n_regions)
    {
      for (guint i = 0; i < n; i++)
        planner->shown[i] = i;
      return;
    }
  for (guint i = 0; i < n; i++)
    planner->shown[i] = planner->n_regions - 1 - planner->order[i];
  qsort (planner->shown, n, sizeof (guint), compare_cards);
}

static double
get_card_height (AtlasMapLayout *layout, guint index)
{
  AtlasCard card;

  atlas_map_layout_get_card (layout, index, &card);
  return card.rect.height;
}

/* Whether the cards listed fit into the columns when none is higher than @height. */
static gboolean
fits (Planner *planner, const Choice *choice, guint n, double height)
{
  double margin = planner->parameters->margin;
  double y = 0;
  guint column = 0;

  for (guint i = 0; i < n; i++)
    {
      double card = get_card_height (choice->layout, planner->shown[i]);

      if (card > height)
        return FALSE;
      if (y > 0 && y + margin + card > height)
        {
          y = 0;
          if (++column == choice->n_columns)
            return FALSE;
        }
      y += (y > 0 ? margin : 0) + card;
    }
  return TRUE;
}

static gboolean
fits_most_important (Planner *planner, const Choice *choice, guint n)
{
  list_shown (planner, n);
  return fits (planner, choice, n, choice->height);
}

/* The most regions that fit, by importance. Doubles first: of 60,000 no more than a few hundred
 * need to be looked at. */
static guint
count_fitting (Planner *planner, const Choice *choice)
{
  guint low = 0, high = 1;

  while (high <= planner->n_regions && fits_most_important (planner, choice, high))
    {
      low = high;
      high *= 2;
    }
  high = MIN (high, planner->n_regions + 1);
  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;

      if (fits_most_important (planner, choice, middle))
        low = middle;
      else
        high = middle;
    }
  return low;
}

static void
measure_choice (Planner *planner, Choice *choice)
{
  choice->n_cells = 0;
  choice->worth = (double) choice->n_shown / planner->n_regions;
  for (guint i = 0; i < choice->n_shown; i++)
    {
      const AtlasRegion *region = atlas_snapshot_get_region (planner->snapshot, planner->order[i]);
      guint64 n_pages = atlas_region_get_n_pages (
          region, MAX (atlas_snapshot_get_page_size (planner->snapshot), 1));
      AtlasCard card;

      atlas_map_layout_get_card (choice->layout, planner->n_regions - 1 - planner->order[i], &card);
      choice->n_cells += (double) (n_pages >> card.shift) + 1;
      choice->worth += get_memory (planner, planner->order[i]) / planner->all_memory;
    }
}

static void
clear_choice (Choice *choice)
{
  g_clear_pointer (&choice->layout, atlas_map_layout_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Choice, clear_choice)

static void
try_zoom (Planner *planner, Choice *choice, guint n_columns, int zoom)
{
  AtlasMapParameters parameters = *planner->parameters;
  double margin = round (parameters.margin);

  choice->n_columns = n_columns;
  choice->column_width = floor ((planner->area->width - (n_columns - 1) * margin) / n_columns);
  choice->tight = n_columns > 2 && choice->column_width < LEAST_COLUMN;
  parameters.margin = margin;
  parameters.width = choice->column_width + 2 * margin;
  parameters.zoom = zoom;
  clear_choice (choice);
  choice->layout = atlas_map_layout_new (planner->snapshot, &parameters);
  choice->height = planner->area->height;
  choice->n_shown = planner->n_regions;
  list_shown (planner, choice->n_shown);
  if (!fits (planner, choice, choice->n_shown, choice->height))
    {
      choice->height -= planner->note_height;
      choice->n_shown = count_fitting (planner, choice);
    }
  measure_choice (planner, choice);
}

static gboolean
shows_all (const Planner *planner, const Choice *choice)
{
  return choice->n_shown == planner->n_regions;
}

/* More detail is good as long as it does not push regions out that matter. */
static gboolean
is_better (const Planner *planner, const Choice *choice, const Choice *best)
{
  if (choice->tight && !shows_all (planner, choice))
    return FALSE;
  if (best->layout == NULL || shows_all (planner, choice) != shows_all (planner, best))
    return best->layout == NULL || shows_all (planner, choice);
  if (!shows_all (planner, choice))
    {
      if (choice->worth < best->worth * WORTHWHILE)
        return FALSE;
      if (choice->worth * WORTHWHILE > best->worth)
        return TRUE;
    }
  return choice->n_cells > best->n_cells;
}

static void
get_zooms (Planner *planner, guint n_columns, int *least, int *most)
{
  g_auto (Choice) choice = { 0 };

  try_zoom (planner, &choice, n_columns, 0);
  atlas_map_layout_get_zoom_range (choice.layout, least, most);
}

static void
try_columns (Planner *planner, guint n_columns, Choice *best)
{
  int least, most;

  get_zooms (planner, n_columns, &least, &most);
  for (int zoom = least; zoom <= most; zoom++)
    {
      g_auto (Choice) choice = { 0 };
      gboolean had_all = best->layout != NULL && shows_all (planner, best);

      try_zoom (planner, &choice, n_columns, zoom);
      if (is_better (planner, &choice, best))
        {
          Choice worse = *best;
          *best = choice;
          choice = worse;
        }
      else if (had_all && !shows_all (planner, &choice))
        return;
    }
}

static void
choose (Planner *planner, Choice *best)
{
  guint most = (guint) CLAMP (planner->area->width / LEAST_TIGHT_COLUMN, 1, MOST_COLUMNS);

  for (guint n_columns = 1; n_columns <= most; n_columns++)
    try_columns (planner, n_columns, best);
}

/* The least height at which the cards still fit into as many columns: makes them end alike. */
static double
balance (Planner *planner, const Choice *choice)
{
  double low = 0, high = choice->height;

  while (high - low > 0.5)
    {
      double middle = (low + high) / 2;

      if (fits (planner, choice, choice->n_shown, middle))
        high = middle;
      else
        low = middle;
    }
  return high;
}

/* The cards of one column, from @first on; gives the end. */
static guint
end_column (Planner *planner, const Choice *choice, guint first, double height, double *used)
{
  double margin = planner->parameters->margin;
  guint i = first;

  *used = 0;
  for (; i < choice->n_shown; i++)
    {
      double card = get_card_height (choice->layout, planner->shown[i]);

      if (i > first && *used + margin + card > height)
        break;
      *used += (i > first ? margin : 0) + card;
    }
  return i;
}

/* How much more to leave between the cards of a column so that it ends with the others. */
static double
get_spread (Planner *planner, guint n_cards, double spare)
{
  double most = planner->parameters->margin * (MOST_SPREAD - 1);

  return n_cards < 2 ? 0 : CLAMP (spare / (n_cards - 1), 0, most);
}

static void
place (Planner *planner, const Choice *choice, AtlasPicturePlan *plan)
{
  double margin = round (planner->parameters->margin);
  double height = balance (planner, choice);
  double x = planner->area->x;

  for (guint first = 0, end = 0; first < choice->n_shown; first = end)
    {
      double used, spread, y = planner->area->y;

      end = end_column (planner, choice, first, height, &used);
      spread = get_spread (planner, end - first, choice->height - used);
      for (guint i = first; i < end; i++)
        {
          AtlasPlacedCard placed;
          AtlasCard card;

          atlas_map_layout_get_card (choice->layout, planner->shown[i], &card);
          placed =
              (AtlasPlacedCard){ card.region, x, round (y), card.rect.width, card.rect.height };
          g_array_append_val (plan->cards, placed);
          y += card.rect.height + margin + spread;
        }
      x += choice->column_width + margin;
    }
}

static void
count_left (Planner *planner, const Choice *choice, AtlasPicturePlan *plan)
{
  plan->n_left = planner->n_regions - choice->n_shown;
  for (guint i = choice->n_shown; i < planner->n_regions; i++)
    {
      const AtlasRegion *region = atlas_snapshot_get_region (planner->snapshot, planner->order[i]);
      AtlasPageCounts counts;

      atlas_pages_count_all (region->pages, &counts);
      plan->left.pages += counts.pages;
      plan->left.resident += counts.resident;
      plan->left.unknown += counts.unknown;
    }
}

AtlasPicturePlan *
atlas_picture_plan_new (AtlasSnapshot *snapshot,
                        const AtlasMapParameters *parameters,
                        const AtlasRect *area,
                        double note_height)
{
  AtlasPicturePlan *plan = g_new0 (AtlasPicturePlan, 1);
  Planner planner = { snapshot, parameters, area, note_height };
  g_auto (Choice) best = { 0 };

  plan->cards = g_array_new (FALSE, FALSE, sizeof (AtlasPlacedCard));
  planner.n_regions = atlas_snapshot_get_n_regions (snapshot);
  if (planner.n_regions == 0)
    return plan;
  sort_by_importance (&planner);
  choose (&planner, &best);
  list_shown (&planner, best.n_shown);
  place (&planner, &best, plan);
  count_left (&planner, &best, plan);
  plan->layout = g_steal_pointer (&best.layout);
  plan->n_columns = best.n_columns;
  plan->column_width = best.column_width;
  g_free (planner.order);
  g_free (planner.resident);
  g_free (planner.shown);
  return plan;
}

void
atlas_picture_plan_free (AtlasPicturePlan *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->layout, atlas_map_layout_unref);
  g_array_unref (self->cards);
  g_free (self);
}
