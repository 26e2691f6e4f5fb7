/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Page states by PAGEMAP_SCAN. One call covers neighbouring regions of which the same is asked,
 * gaps between them included, since walking over what is not mapped costs nothing. How much
 * address space a call covers follows from how long the call before took: reservations of
 * terabytes go by in a few dozen calls, and dense memory in short ones. */

#include "atlas-config.h"

#include "atlas-page-walk.h"

#include <errno.h>
#include <glib/gi18n-lib.h>

#include "atlas-error.h"
#include "atlas-pagemap-uapi.h"

#define MOST_RUNS 4096u
#define DEFAULT_SLICE (G_GUINT64_CONSTANT (64) << 20)
#define LEAST_SLICE (G_GUINT64_CONSTANT (2) << 20)
#define MOST_SLICE (G_GUINT64_CONSTANT (64) << 30)
/* A call that came to its end quicker than the one makes the next slice larger, one slower than the
 * other smaller. */
#define QUICK_US 100
#define SLOW_US 500

typedef struct
{
  AtlasPageWalk *walk;
  AtlasPageFiller *filler;
  AtlasScanRun *runs; /* MOST_RUNS */
  guint64 slice;      /* mapped bytes to be covered by the next call */
  guint64 most_pages; /* to be found by one call */
} Scan;

static guint64
get_categories (const AtlasPageWalk *walk)
{
  return ATLAS_PAGE_IS_PRESENT | ATLAS_PAGE_IS_SWAPPED | ATLAS_PAGE_IS_PFNZERO | ATLAS_PAGE_IS_HUGE
         | (walk->scan_guards ? ATLAS_PAGE_IS_GUARD : 0);
}

gboolean
atlas_page_walk_can_scan (int pagemap, guint64 page_size, gboolean *guards)
{
  AtlasScanRun run;
  AtlasScanArguments arguments = {
    .size = sizeof arguments,
    .start = 0,
    .end = page_size,
    .vec = (guint64) (guintptr) &run,
    .vec_len = 1,
    .category_anyof_mask = ATLAS_PAGE_IS_PRESENT,
    .return_mask = ATLAS_PAGE_IS_PRESENT | ATLAS_PAGE_IS_GUARD,
  };

  *guards = ioctl (pagemap, ATLAS_PAGEMAP_SCAN, &arguments) >= 0;
  if (*guards)
    return TRUE;
  arguments.return_mask = ATLAS_PAGE_IS_PRESENT;
  return errno == EINVAL && ioctl (pagemap, ATLAS_PAGEMAP_SCAN, &arguments) >= 0;
}

static AtlasPageState
get_run_state (const AtlasScanRun *run)
{
  AtlasPageState huge = run->categories & ATLAS_PAGE_IS_HUGE ? ATLAS_PAGE_HUGE : 0;

  if (run->categories & ATLAS_PAGE_IS_GUARD)
    return ATLAS_PAGE_ABSENT;
  if (run->categories & ATLAS_PAGE_IS_PFNZERO)
    return ATLAS_PAGE_ZERO | huge;
  if (run->categories & ATLAS_PAGE_IS_PRESENT)
    return ATLAS_PAGE_RESIDENT | huge
           | (run->categories & ATLAS_PAGE_IS_FILE ? ATLAS_PAGE_FILE : 0);
  return run->categories & ATLAS_PAGE_IS_SWAPPED ? ATLAS_PAGE_SWAPPED : ATLAS_PAGE_ABSENT;
}

/* Whether the runs alone do not tell: sharing is not among the categories, and on kernels before
 * 6.17 neither is the huge page of zeros, which the entry shows as a page of a file. */
static gboolean
needs_entries (const AtlasPageWalk *walk, AtlasPageState state)
{
  return (state & ATLAS_PAGE_RESIDENT) && (walk->want_sharing || (state & ATLAS_PAGE_HUGE));
}

/* How far to read entries from @address on, in run @index: over the runs behind it, too, as long as
 * they are near. */
static guint64
get_entries_end (const Scan *scan, guint index, guint n_runs, guint64 address)
{
  const AtlasPageWalk *walk = scan->walk;
  guint64 most = address + ATLAS_WALK_MOST_ENTRIES * walk->page_size;
  guint64 end = scan->runs[index].end;

  for (guint i = index + 1; i < n_runs && end < most; i++)
    {
      if (scan->runs[i].start - end > ATLAS_WALK_GAP_PAGES * walk->page_size)
        break;
      if (needs_entries (walk, get_run_state (&scan->runs[i])))
        end = scan->runs[i].end;
    }
  return MIN (end, most);
}

/* One page of a run in @state, completed by its entry. Between the scan and the reading of the
 * entry the page can have gone; then the scan's word stands and sharing stays untold. */
static AtlasPageState
combine (const AtlasPageWalk *walk, AtlasPageState state, guint64 entry)
{
  AtlasPageState told = atlas_page_walk_get_entry_state (walk, entry);

  if (!(told & ATLAS_PAGE_RESIDENT))
    return state;
  if (state & ATLAS_PAGE_HUGE)
    state |= told & ATLAS_PAGE_FILE;
  return state | (told & (ATLAS_PAGE_SHARED | ATLAS_PAGE_EXCLUSIVE));
}

/* Pages [@start, @end) of a run in @state, whose entries are loaded. */
static void
add_loaded (Scan *scan, guint64 start, guint64 end, AtlasPageState state)
{
  const AtlasPageWalk *walk = scan->walk;
  AtlasPageState current = state;
  guint64 first = start;

  for (guint64 address = start; address < end; address += walk->page_size)
    {
      AtlasPageState page = combine (walk, state, atlas_page_walk_get_entry (walk, address));

      if (page != current && first < address)
        {
          atlas_page_filler_add (scan->filler, first, address, current);
          first = address;
        }
      current = page;
    }
  atlas_page_filler_add (scan->filler, first, end, current);
}

static gboolean
add_by_entries (Scan *scan, guint index, guint n_runs, AtlasPageState state, GError **error)
{
  AtlasPageWalk *walk = scan->walk;
  const AtlasScanRun *run = &scan->runs[index];

  for (guint64 address = run->start; address < run->end;)
    {
      guint64 end;

      if (address < walk->entries_start || address >= walk->entries_end)
        {
          guint64 entries_end = get_entries_end (scan, index, n_runs, address);

          if (!atlas_page_walk_load (walk, address, entries_end, error))
            return FALSE;
        }
      end = MIN (run->end, walk->entries_end);
      add_loaded (scan, address, end, state);
      address = end;
    }
  return TRUE;
}

/* The run at @index, and those behind it that can be added with it; gives how many, 0 after an
 * error. */
static guint
add_some (Scan *scan, guint index, guint n_runs, GError **error)
{
  const AtlasScanRun *run = &scan->runs[index];
  AtlasPageState state = get_run_state (run);
  guint n;

  if (needs_entries (scan->walk, state))
    return add_by_entries (scan, index, n_runs, state, error) ? 1 : 0;
  n = atlas_page_filler_add_apart (scan->filler, run, n_runs - index, state);
  if (n == 0)
    atlas_page_filler_add (scan->filler, run->start, run->end, state);
  return MAX (n, 1);
}

static gboolean
add_runs (Scan *scan, guint n_runs, GError **error)
{
  /* entries from before this call are older than the runs */
  scan->walk->entries_start = scan->walk->entries_end = 0;
  for (guint i = 0, n; i < n_runs; i += n)
    {
      n = add_some (scan, i, n_runs, error);
      if (n == 0)
        return FALSE;
    }
  return TRUE;
}

static void
adapt_slice (Scan *scan, gint64 took_us, gboolean to_its_end)
{
  if (took_us < QUICK_US && to_its_end)
    scan->slice = MIN (scan->slice * 2, MOST_SLICE);
  else if (took_us > SLOW_US)
    scan->slice = MAX (scan->slice / 2, LEAST_SLICE);
}

/* One call over [@start, @end); gives where it stopped, or 0. */
static guint64
scan_slice (Scan *scan, guint64 start, guint64 end, guint64 categories, GError **error)
{
  AtlasScanArguments arguments = {
    .size = sizeof arguments,
    .start = start,
    .end = end,
    .vec = (guint64) (guintptr) scan->runs,
    .vec_len = MOST_RUNS,
    .max_pages = scan->most_pages,
    .category_anyof_mask = ATLAS_PAGE_IS_PRESENT | ATLAS_PAGE_IS_SWAPPED,
    .return_mask = categories,
  };
  gint64 begun = atlas_page_walk_begin ();
  gint64 took;
  int n_runs;

  do
    n_runs = ioctl (scan->walk->pagemap, ATLAS_PAGEMAP_SCAN, &arguments);
  while (n_runs < 0 && errno == EINTR);
  if (n_runs < 0 || arguments.walk_end <= start)
    {
      atlas_proc_error_set (error, n_runs < 0 ? errno : EIO, _ ("Could not scan page tables"));
      return 0;
    }
  if (!atlas_page_walk_end (scan->walk, begun, &took, error))
    return 0;
  adapt_slice (scan, took, arguments.walk_end >= end);
  return add_runs (scan, (guint) n_runs, error) ? arguments.walk_end : 0;
}

/* The address at which @slice mapped bytes from @position on have gone by; @index is moved to the
 * region that holds @position. */
static guint64
get_slice_end (const Scan *scan, guint *index, guint end_index, guint64 position)
{
  AtlasRegion *const *regions = scan->filler->regions;
  guint64 left = scan->slice;

  while (*index < end_index && regions[*index]->end <= position)
    *index += 1;
  for (guint i = *index; i < end_index; i++)
    {
      guint64 from = MAX (position, regions[i]->start);

      if (regions[i]->end - from >= left)
        return from + left;
      left -= regions[i]->end - from;
    }
  return regions[end_index - 1]->end;
}

/* Regions [@first, @end_index), of all of which @categories are asked; or as far as the budget
 * allows. */
static gboolean
scan_group (Scan *scan, guint first, guint end_index, guint64 categories, GError **error)
{
  AtlasRegion *const *regions = scan->filler->regions;
  guint64 position = regions[first]->start;
  guint index = first;

  while (position < regions[end_index - 1]->end && atlas_page_walk_may_go_on (scan->walk, position))
    {
      guint64 end = get_slice_end (scan, &index, end_index, position);

      position = scan_slice (scan, position, end, categories, error);
      if (position == 0)
        return FALSE;
    }
  return TRUE;
}

/* Where the regions end of which the same is asked as of @first. */
static guint
get_group_end (const AtlasPageFiller *filler, guint first, gboolean ask_file)
{
  for (guint end = first + 1; end < filler->n_regions; end++)
    {
      AtlasPageSource source = atlas_page_source_of (filler->regions[end]);

      if (source == ATLAS_PAGE_SOURCE_OUTSIDE || (source == ATLAS_PAGE_SOURCE_FILE) != ask_file)
        return end;
    }
  return filler->n_regions;
}

gboolean
atlas_page_walk_scan (AtlasPageWalk *self, AtlasPageFiller *filler, GError **error)
{
  g_autofree AtlasScanRun *runs = g_new (AtlasScanRun, MOST_RUNS);
  guint64 slice = self->pace.slice_bytes > 0 ? self->pace.slice_bytes : DEFAULT_SLICE;
  Scan scan = { .walk = self, .filler = filler, .runs = runs };

  scan.slice = MAX (slice / self->page_size * self->page_size, self->page_size);
  scan.most_pages = MAX (slice, LEAST_SLICE) / self->page_size;
  for (guint first = 0, end; first < filler->n_regions && !self->exhausted; first = end)
    {
      AtlasPageSource source = atlas_page_source_of (filler->regions[first]);
      gboolean ask_file = source == ATLAS_PAGE_SOURCE_FILE;

      if (source == ATLAS_PAGE_SOURCE_OUTSIDE)
        return TRUE;
      end = get_group_end (filler, first, ask_file);
      if (!scan_group (&scan, first, end,
                       get_categories (self) | (ask_file ? ATLAS_PAGE_IS_FILE : 0), error))
        return FALSE;
    }
  return TRUE;
}
