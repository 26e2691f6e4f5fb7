/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Page states as runs, in one block of memory: header, runs, then a checkpoint for every
 * CHECKPOINT_RUNS runs that holds the sums over all runs before it, then the sums over all. A count
 * over a range is the difference of two prefix sums, and a prefix sum is one checkpoint and a short
 * walk. */

#include "atlas-pages.h"

#include <string.h>

/* A checkpoint is 72 bytes, so 64 runs to one make it 1.1 bytes a run. */
#define CHECKPOINT_RUNS 64u
/* Fewer are added up as quickly. */
#define LEAST_RUNS_WITH_TOTALS 4u

/* Over all pages, of which there are fewer than 2^32. */
typedef struct
{
  guint32 resident, swapped, zero, huge, file, shared, exclusive, unknown;
} Totals;

struct _AtlasPages
{
  gatomicrefcount references;
  guint n_runs;
  guint64 n_pages;
  AtlasRun runs[]; /* then AtlasPageCounts[n_runs / CHECKPOINT_RUNS], then Totals */
};

/* Written out, since G_DEFINE_BOXED_TYPE is not ISO C. */
GType
atlas_pages_get_type (void)
{
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_boxed_type_register_static (g_intern_static_string ("AtlasPages"),
                                                            (GBoxedCopyFunc) atlas_pages_ref,
                                                            (GBoxedFreeFunc) atlas_pages_unref));
  return type;
}

static gboolean
has_totals (guint n_runs, guint64 n_pages)
{
  return n_runs >= LEAST_RUNS_WITH_TOTALS && n_pages <= G_MAXUINT32;
}

static gsize
block_size (guint n_runs, guint64 n_pages)
{
  return sizeof (AtlasPages) + n_runs * sizeof (AtlasRun)
         + n_runs / CHECKPOINT_RUNS * sizeof (AtlasPageCounts)
         + (has_totals (n_runs, n_pages) ? sizeof (Totals) : 0);
}

/* The sums over the first (@index + 1) * CHECKPOINT_RUNS runs. */
static const AtlasPageCounts *
get_checkpoint (const AtlasPages *self, guint index)
{
  const AtlasPageCounts *checkpoints = (const AtlasPageCounts *) (self->runs + self->n_runs);

  return &checkpoints[index];
}

static const Totals *
get_totals (const AtlasPages *self)
{
  return (const Totals *) get_checkpoint (self, self->n_runs / CHECKPOINT_RUNS);
}

static guint64
get_run_end (const AtlasPages *self, guint index)
{
  return index + 1 < self->n_runs ? self->runs[index + 1].first : self->n_pages;
}

static void
add_pages (AtlasPageCounts *counts, guint64 n_pages, AtlasPageState state)
{
  counts->pages += n_pages;
  if (state == ATLAS_PAGE_ABSENT)
    return;
  if (state & ATLAS_PAGE_RESIDENT)
    {
      counts->resident += n_pages;
      counts->file += state & ATLAS_PAGE_FILE ? n_pages : 0;
      counts->shared += state & ATLAS_PAGE_SHARED ? n_pages : 0;
      counts->exclusive += state & ATLAS_PAGE_EXCLUSIVE ? n_pages : 0;
    }
  if (state & (ATLAS_PAGE_RESIDENT | ATLAS_PAGE_ZERO))
    counts->huge += state & ATLAS_PAGE_HUGE ? n_pages : 0;
  counts->zero += state & ATLAS_PAGE_ZERO ? n_pages : 0;
  counts->swapped += state & ATLAS_PAGE_SWAPPED ? n_pages : 0;
  counts->unknown += state & ATLAS_PAGE_UNKNOWN ? n_pages : 0;
}

static void
subtract_counts (AtlasPageCounts *counts, const AtlasPageCounts *less)
{
  counts->pages -= less->pages;
  counts->resident -= less->resident;
  counts->swapped -= less->swapped;
  counts->zero -= less->zero;
  counts->huge -= less->huge;
  counts->file -= less->file;
  counts->shared -= less->shared;
  counts->exclusive -= less->exclusive;
  counts->unknown -= less->unknown;
}

/* Adds up runs by their states, which mostly are two in turn, before it looks at what those mean.
 */
typedef struct
{
  guint64 n_pages[2];
  AtlasPageState states[2];
} Tally;

static inline void
tally_add (Tally *tally, guint64 n_pages, AtlasPageState state, AtlasPageCounts *counts)
{
  guint slot = state != tally->states[0];

  if (state != tally->states[slot])
    {
      add_pages (counts, tally->n_pages[1], tally->states[1]);
      tally->n_pages[1] = 0;
      tally->states[1] = state;
    }
  tally->n_pages[slot] += n_pages;
}

/* Adds the part of runs @run to @last that lies in [@first, @end), which they cover. */
static void
add_runs (const AtlasPages *self,
          guint run,
          guint last,
          guint64 first,
          guint64 end,
          AtlasPageCounts *counts)
{
  AtlasPageState state = (AtlasPageState) self->runs[run].state;
  Tally tally = { { 0, 0 }, { state, state } };

  for (guint i = run; i < last; i++)
    {
      guint64 next = self->runs[i + 1].first;

      tally_add (&tally, next - first, (AtlasPageState) self->runs[i].state, counts);
      first = next;
    }
  tally_add (&tally, MIN (end, get_run_end (self, last)) - first,
             (AtlasPageState) self->runs[last].state, counts);
  add_pages (counts, tally.n_pages[0], tally.states[0]);
  add_pages (counts, tally.n_pages[1], tally.states[1]);
}

/* Sums over the pages before @end, which lies in run @run. */
static void
count_before (const AtlasPages *self, guint run, guint64 end, AtlasPageCounts *counts)
{
  guint checkpoint = run / CHECKPOINT_RUNS;

  memset (counts, 0, sizeof *counts);
  if (checkpoint > 0)
    *counts = *get_checkpoint (self, checkpoint - 1);
  add_runs (self, checkpoint * CHECKPOINT_RUNS, run, self->runs[checkpoint * CHECKPOINT_RUNS].first,
            end, counts);
}

static void
keep_totals (const AtlasPageCounts *counts, Totals *totals)
{
  *totals = (Totals){
    .resident = (guint32) counts->resident,
    .swapped = (guint32) counts->swapped,
    .zero = (guint32) counts->zero,
    .huge = (guint32) counts->huge,
    .file = (guint32) counts->file,
    .shared = (guint32) counts->shared,
    .exclusive = (guint32) counts->exclusive,
    .unknown = (guint32) counts->unknown,
  };
}

static void
read_totals (const Totals *totals, guint64 n_pages, AtlasPageCounts *counts)
{
  *counts = (AtlasPageCounts){
    .pages = n_pages,
    .resident = totals->resident,
    .swapped = totals->swapped,
    .zero = totals->zero,
    .huge = totals->huge,
    .file = totals->file,
    .shared = totals->shared,
    .exclusive = totals->exclusive,
    .unknown = totals->unknown,
  };
}

/* Fills in the checkpoints and the totals, which lie behind the runs. */
static void
sum_up (AtlasPages *self)
{
  AtlasPageCounts *checkpoints = (AtlasPageCounts *) (self->runs + self->n_runs);
  AtlasPageCounts counts = { 0 };
  guint n_checkpoints = self->n_runs / CHECKPOINT_RUNS;
  guint summed = n_checkpoints * CHECKPOINT_RUNS;

  for (guint i = 0; i < n_checkpoints; i++)
    {
      guint first = i * CHECKPOINT_RUNS;

      add_runs (self, first, first + CHECKPOINT_RUNS - 1, self->runs[first].first, self->n_pages,
                &counts);
      checkpoints[i] = counts;
    }
  if (!has_totals (self->n_runs, self->n_pages))
    return;
  if (summed < self->n_runs)
    add_runs (self, summed, self->n_runs - 1, self->runs[summed].first, self->n_pages, &counts);
  keep_totals (&counts, (Totals *) (checkpoints + n_checkpoints));
}

static AtlasPages *
pages_new (const AtlasRun *runs, guint n_runs, guint64 n_pages)
{
  AtlasPages *self = g_malloc (block_size (n_runs, n_pages));

  g_atomic_ref_count_init (&self->references);
  self->n_runs = n_runs;
  self->n_pages = n_pages;
  if (n_runs > 0)
    memcpy (self->runs, runs, n_runs * sizeof (AtlasRun));
  sum_up (self);
  return self;
}

AtlasPages *
atlas_pages_new_uniform (guint64 n_pages, AtlasPageState state)
{
  AtlasRun run = { .first = 0, .state = state };

  return pages_new (&run, n_pages > 0 ? 1 : 0, n_pages);
}

AtlasPages *
atlas_pages_ref (AtlasPages *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
atlas_pages_unref (AtlasPages *self)
{
  g_return_if_fail (self != NULL);

  if (g_atomic_ref_count_dec (&self->references))
    g_free (self);
}

guint64
atlas_pages_get_n_pages (const AtlasPages *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_pages;
}

const AtlasRun *
atlas_pages_get_runs (const AtlasPages *self, guint *n_runs)
{
  g_return_val_if_fail (self != NULL && n_runs != NULL, NULL);

  *n_runs = self->n_runs;
  return self->runs;
}

guint
atlas_pages_find_run (const AtlasPages *self, guint64 page)
{
  guint low = 0;
  guint high;

  g_return_val_if_fail (self != NULL && page < self->n_pages, 0);

  high = self->n_runs - 1;
  while (low < high)
    {
      guint middle = low + (high - low + 1) / 2;

      if (self->runs[middle].first <= page)
        low = middle;
      else
        high = middle - 1;
    }
  return low;
}

AtlasPageState
atlas_pages_get_state (const AtlasPages *self, guint64 page)
{
  g_return_val_if_fail (self != NULL && page < self->n_pages, ATLAS_PAGE_UNKNOWN);

  return (AtlasPageState) self->runs[atlas_pages_find_run (self, page)].state;
}

void
atlas_pages_count (const AtlasPages *self, guint64 first, guint64 n_pages, AtlasPageCounts *counts)
{
  AtlasPageCounts before;
  guint64 end;
  guint from, to;

  g_return_if_fail (self != NULL && counts != NULL);

  memset (counts, 0, sizeof *counts);
  if (first >= self->n_pages || n_pages == 0)
    return;
  if (first == 0 && n_pages >= self->n_pages && has_totals (self->n_runs, self->n_pages))
    {
      read_totals (get_totals (self), self->n_pages, counts);
      return;
    }
  end = first + MIN (n_pages, self->n_pages - first);
  from = first == 0 ? 0 : atlas_pages_find_run (self, first);
  to = end == self->n_pages              ? self->n_runs - 1
       : get_run_end (self, from) >= end ? from
                                         : atlas_pages_find_run (self, end - 1);
  if (to - from < CHECKPOINT_RUNS)
    {
      add_runs (self, from, to, first, end, counts);
      return;
    }
  count_before (self, to, end, counts);
  count_before (self, from, first, &before);
  subtract_counts (counts, &before);
}

void
atlas_pages_count_all (const AtlasPages *self, AtlasPageCounts *counts)
{
  g_return_if_fail (self != NULL && counts != NULL);

  atlas_pages_count (self, 0, self->n_pages, counts);
}

gboolean
atlas_pages_equal (const AtlasPages *a, const AtlasPages *b)
{
  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  return a == b
         || (a->n_pages == b->n_pages && a->n_runs == b->n_runs
             && memcmp (a->runs, b->runs, a->n_runs * sizeof (AtlasRun)) == 0);
}

gsize
atlas_pages_get_memory (const AtlasPages *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return block_size (self->n_runs, self->n_pages);
}

/* Whether the pages of @self from @first on are those of @part. */
static gboolean
holds (const AtlasPages *self, guint64 first, const AtlasPages *part)
{
  guint run = atlas_pages_find_run (self, first);

  for (guint i = 0; i < part->n_runs; i++)
    {
      guint64 end = first + get_run_end (part, i);

      if (i > 0 && first + part->runs[i].first >= get_run_end (self, run))
        run++;
      if (self->runs[run].state != part->runs[i].state
          || (i > 0 && self->runs[run].first != first + part->runs[i].first)
          || get_run_end (self, run) < end)
        return FALSE;
    }
  return TRUE;
}

AtlasPages *
atlas_pages_splice (AtlasPages *self, guint64 first, const AtlasPages *part)
{
  g_auto (AtlasPagesBuilder) builder = { 0 };
  guint64 end;

  g_return_val_if_fail (self != NULL && part != NULL && first <= self->n_pages
                            && part->n_pages <= self->n_pages - first,
                        NULL);

  if (part->n_pages == 0 || holds (self, first, part))
    return atlas_pages_ref (self);
  end = first + part->n_pages;
  atlas_pages_builder_append_from (&builder, self, 0, first);
  atlas_pages_builder_append_from (&builder, part, 0, part->n_pages);
  atlas_pages_builder_append_from (&builder, self, end, self->n_pages - end);
  return atlas_pages_builder_end (&builder);
}

void
atlas_pages_builder_init (AtlasPagesBuilder *builder)
{
  g_return_if_fail (builder != NULL);

  memset (builder, 0, sizeof *builder);
}

void
atlas_pages_builder_reserve (AtlasPagesBuilder *builder, guint n)
{
  g_return_if_fail (builder != NULL);

  if (builder->n_allocated - builder->n_runs >= n)
    return;
  builder->n_allocated = MAX (MAX (2 * builder->n_allocated, 64), builder->n_runs + n);
  builder->runs = g_renew (AtlasRun, builder->runs, builder->n_allocated);
}

void
atlas_pages_builder_append_from (AtlasPagesBuilder *builder,
                                 const AtlasPages *pages,
                                 guint64 first,
                                 guint64 n_pages)
{
  guint64 end;

  g_return_if_fail (builder != NULL && pages != NULL && first <= pages->n_pages
                    && n_pages <= pages->n_pages - first);

  end = first + n_pages;
  for (guint i = n_pages > 0 ? atlas_pages_find_run (pages, first) : pages->n_runs;
       i < pages->n_runs && pages->runs[i].first < end; i++)
    {
      guint64 from = MAX (first, (guint64) pages->runs[i].first);

      atlas_pages_builder_append (builder, MIN (end, get_run_end (pages, i)) - from,
                                  (AtlasPageState) pages->runs[i].state);
    }
}

AtlasPages *
atlas_pages_builder_end (AtlasPagesBuilder *builder)
{
  return atlas_pages_builder_end_like (builder, NULL, NULL);
}

static gboolean
is_built (const AtlasPagesBuilder *builder, const AtlasPages *pages)
{
  return pages != NULL && pages->n_pages == builder->n_pages && pages->n_runs == builder->n_runs
         && (builder->n_runs == 0
             || memcmp (pages->runs, builder->runs, builder->n_runs * sizeof (AtlasRun)) == 0);
}

AtlasPages *
atlas_pages_builder_end_like (AtlasPagesBuilder *builder, AtlasPages *before, AtlasPages *neighbour)
{
  AtlasPages *pages;

  if (is_built (builder, before))
    pages = atlas_pages_ref (before);
  else if (is_built (builder, neighbour))
    pages = atlas_pages_ref (neighbour);
  else
    pages = pages_new (builder->runs, builder->n_runs, builder->n_pages);
  builder->n_runs = builder->last = 0;
  builder->n_pages = 0;
  return pages;
}

void
atlas_pages_builder_clear (AtlasPagesBuilder *builder)
{
  g_clear_pointer (&builder->runs, g_free);
  memset (builder, 0, sizeof *builder);
}
