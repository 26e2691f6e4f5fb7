/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pieces of address space in the order in which they are due. A piece may begin and end within a
 * region: the reader is shown the region cut to it, and what comes back is put in its place. */

#include "atlas-page-plan.h"

#include <string.h>

#include "atlas-page-filler.h"

/* Of a budget, what the screen may take where it is not all there is: the rest must come round. */
#define FOCUS_SHARE(budget) MAX ((budget) *3 / 4, 1)

typedef struct
{
  guint64 start, end; /* bytes */
  gint64 time;        /* when it was last read */
  gboolean focus;
} Piece;

typedef struct
{
  const AtlasPagePlan *plan;
  AtlasPageReader *reader;
  AtlasRegionDrafts *drafts;
  AtlasPageAges *ages;
  gint64 now;
  guint64 page_size;
  GCancellable *cancellable;
  guint64 start, end;    /* of what there are page tables for */
  AtlasRegion **regions; /* shown to the reader; as many as there are drafts */
  AtlasPages **before, **pages;
} Reading;

static gboolean
has_focus (const AtlasPagePlan *plan)
{
  return plan->focus_start < plan->focus_end;
}

static gboolean
wants_sharing (const AtlasPagePlan *plan, const Piece *piece)
{
  return plan->want_sharing && (piece->focus || !has_focus (plan));
}

/* --- what is due --- */

static void
add_piece (GArray *pieces, guint64 start, guint64 end, gint64 time, gboolean focus)
{
  Piece piece = { start, end, time, focus };

  if (start < end)
    g_array_append_val (pieces, piece);
}

/* [@start, @end), cut where the focus begins and ends. */
static void
add_cut (const AtlasPagePlan *plan, GArray *pieces, guint64 start, guint64 end, gint64 time)
{
  guint64 focus_start = CLAMP (plan->focus_start, start, MAX (start, end));
  guint64 focus_end = CLAMP (plan->focus_end, start, MAX (start, end));

  if (!has_focus (plan))
    focus_start = focus_end = start;
  add_piece (pieces, start, focus_start, time, FALSE);
  add_piece (pieces, focus_start, focus_end, time, TRUE);
  add_piece (pieces, MAX (start, focus_end), end, time, FALSE);
}

/* The focus first, then by age. */
static gint
compare_pieces (gconstpointer a, gconstpointer b)
{
  const Piece *one = a;
  const Piece *other = b;

  if (one->focus != other->focus)
    return one->focus ? -1 : 1;
  if (one->time != other->time)
    return one->time < other->time ? -1 : 1;
  return one->start < other->start ? -1 : one->start > other->start;
}

/* Without a budget all is read, in few pieces. */
static GArray *
plan_all (const Reading *reading)
{
  GArray *pieces = g_array_new (FALSE, FALSE, sizeof (Piece));

  add_cut (reading->plan, pieces, reading->start, reading->end, 0);
  return pieces;
}

static GArray *
plan_due (const Reading *reading)
{
  GArray *pieces = g_array_new (FALSE, FALSE, sizeof (Piece));
  const AtlasPageAges *ages = reading->ages;

  for (guint i = 0; i < ages->parts->len; i++)
    {
      const AtlasPageAge *age = &g_array_index (ages->parts, AtlasPageAge, i);
      guint64 start = MAX (age->start, reading->start);
      guint64 end = MIN (atlas_page_ages_get_end (ages, i), reading->end);

      if (start < end)
        add_cut (reading->plan, pieces, start, end, age->time);
    }
  g_array_sort (pieces, compare_pieces);
  return pieces;
}

/* --- reading a piece --- */

/* Index of the first draft that ends behind @address. */
static guint
find_first (const AtlasRegionDrafts *drafts, guint64 address)
{
  guint low = 0, high = drafts->n_regions;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (drafts->regions[middle]->end <= address)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* How many drafts from @first on begin before @address. */
static guint
count_before (const AtlasRegionDrafts *drafts, guint first, guint64 address)
{
  guint n = find_first (drafts, address);

  if (n < drafts->n_regions && drafts->regions[n]->start < address)
    n++;
  return n - MIN (n, first);
}

/* Cuts the @nth of the regions shown to @piece, if it is larger. */
static void
cut_region (Reading *reading, const Piece *piece, guint nth, AtlasRegion *cut)
{
  const AtlasRegion *region = reading->regions[nth];

  if (piece->start <= region->start && region->end <= piece->end)
    return;
  memcpy (cut, region, sizeof *cut);
  cut->start = MAX (region->start, piece->start);
  cut->end = MIN (region->end, piece->end);
  reading->regions[nth] = cut;
  reading->before[nth] = NULL;
}

/* Shows the reader the drafts from @first on that lie in @piece; gives how many. Only the first
 * and the last can need to be cut. */
static guint
gather (Reading *reading, const Piece *piece, guint first, AtlasRegion cuts[2])
{
  AtlasRegionDrafts *drafts = reading->drafts;
  guint n = count_before (drafts, first, piece->end);

  for (guint i = first; i < first + n; i++)
    {
      gboolean known = drafts->pages[i] != NULL || drafts->before[i] == NULL;

      reading->regions[i - first] = drafts->regions[i];
      reading->before[i - first] = known ? drafts->pages[i] : drafts->before[i]->pages;
    }
  if (n > 0)
    cut_region (reading, piece, 0, &cuts[0]);
  if (n > 1)
    cut_region (reading, piece, n - 1, &cuts[1]);
  return n;
}

/* Puts @part of draft @i, from @start on, in its place. Takes @part. */
static AtlasPages *
place_part (Reading *reading, guint i, guint64 start, AtlasPages *part)
{
  guint64 first = (start - reading->drafts->regions[i]->start) / reading->page_size;
  AtlasPages *known = atlas_region_drafts_get_pages (reading->drafts, i, reading->page_size);
  AtlasPages *whole = atlas_pages_splice (known, first, part);

  atlas_pages_unref (part);
  return whole;
}

/* Puts what was read as the @nth region into draft @i; the reading came as far as @stopped. Where
 * it came to its end no region is looked at, for each would have to be fetched from memory. */
static void
place (Reading *reading, guint i, guint nth, guint64 stopped)
{
  AtlasRegionDrafts *drafts = reading->drafts;
  const AtlasRegion *shown = reading->regions[nth];
  AtlasPages *pages = reading->pages[nth];

  if (shown != drafts->regions[i] || (stopped < G_MAXUINT64 && shown->end > stopped))
    pages = place_part (reading, i, shown->start, pages);
  g_clear_pointer (&drafts->pages[i], atlas_pages_unref);
  drafts->pages[i] = pages;
}

/* @stopped: how far it came. */
static gboolean
read_piece (Reading *reading, const Piece *piece, guint budget_us, guint64 *stopped, GError **error)
{
  guint first = find_first (reading->drafts, piece->start);
  AtlasRegion cuts[2];
  guint n = gather (reading, piece, first, cuts);
  AtlasPace pace = reading->plan->pace;

  *stopped = G_MAXUINT64;
  pace.budget_us = budget_us;
  if (n > 0
      && !atlas_page_reader_read_some (
          reading->reader, reading->regions, n, wants_sharing (reading->plan, piece), &pace,
          reading->cancellable, reading->before, reading->pages, stopped, error))
    return FALSE;
  for (guint i = 0; i < n && reading->pages[i] != NULL; i++)
    place (reading, first + i, i, *stopped);
  *stopped = MIN (*stopped, piece->end);
  return TRUE;
}

/* --- reading what is due --- */

/* What may still be spent on @piece, microseconds; 0: nothing. A single call can take more than is
 * left, but every sample makes at least one for the rest, however little there is. */
static gint64
get_budget (const Reading *reading, const Piece *piece, gboolean all_focus, gboolean first_of_rest)
{
  gint64 budget = reading->plan->pace.budget_us;

  if (piece->focus && !all_focus)
    budget = FOCUS_SHARE (budget);
  return MAX (budget - atlas_page_reader_get_spent (reading->reader), first_of_rest ? 1 : 0);
}

static gboolean
read_due (Reading *reading, const GArray *pieces, GError **error)
{
  gboolean bounded = reading->plan->pace.budget_us > 0;
  gboolean all_focus = pieces->len > 0 && g_array_index (pieces, Piece, pieces->len - 1).focus;

  for (guint i = 0; i < pieces->len; i++)
    {
      const Piece *piece = &g_array_index (pieces, Piece, i);
      gboolean first_of_rest =
          !piece->focus && (i == 0 || g_array_index (pieces, Piece, i - 1).focus);
      gint64 budget = bounded ? get_budget (reading, piece, all_focus, first_of_rest) : 0;
      guint64 stopped;

      if (bounded && budget == 0)
        continue;
      if (!read_piece (reading, piece, (guint) budget, &stopped, error))
        return FALSE;
      if (bounded)
        atlas_page_ages_set (reading->ages, piece->start, stopped, reading->now);
    }
  return TRUE;
}

/* What has no page tables is as new as can be. */
static void
find_bounds (Reading *reading)
{
  const AtlasRegionDrafts *drafts = reading->drafts;
  guint n = drafts->n_regions;

  while (n > 0 && atlas_page_source_of (drafts->regions[n - 1]) == ATLAS_PAGE_SOURCE_OUTSIDE)
    n--;
  reading->start = n > 0 ? drafts->regions[0]->start : 0;
  reading->end = n > 0 ? drafts->regions[n - 1]->end : 0;
}

/* The others are [vsyscall]; it has an element of pages, like any. */
static void
fill_outside (Reading *reading)
{
  AtlasRegionDrafts *drafts = reading->drafts;

  for (guint i = drafts->n_regions; i > 0 && drafts->regions[i - 1]->start >= reading->end; i--)
    atlas_region_drafts_get_pages (drafts, i - 1, reading->page_size);
}

gboolean
atlas_page_plan_read (const AtlasPagePlan *self,
                      AtlasPageReader *reader,
                      AtlasRegionDrafts *drafts,
                      AtlasPageAges *ages,
                      gint64 now,
                      guint64 page_size,
                      GCancellable *cancellable,
                      GError **error)
{
  gboolean bounded = self->pace.budget_us > 0;
  g_autofree AtlasRegion **regions = g_new (AtlasRegion *, drafts->n_regions);
  g_autofree AtlasPages **before = g_new (AtlasPages *, drafts->n_regions);
  g_autofree AtlasPages **pages = g_new (AtlasPages *, drafts->n_regions);
  Reading reading = { self,        reader, drafts,      ages,    now,    page_size,
                      cancellable, 0,      G_MAXUINT64, regions, before, pages };
  g_autoptr (GArray) pieces = NULL;

  find_bounds (&reading);
  pieces = bounded ? plan_due (&reading) : plan_all (&reading);
  if (!read_due (&reading, pieces, error))
    return FALSE;
  fill_outside (&reading);
  if (!bounded)
    atlas_page_ages_set (ages, 0, G_MAXUINT64, now);
  atlas_page_ages_set (ages, 0, reading.start, now);
  atlas_page_ages_set (ages, reading.end, G_MAXUINT64, now);
  return TRUE;
}
