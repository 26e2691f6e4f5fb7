/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The states of a region's pages as runs: neighbouring pages in the same state are one entry, never
 * an entry per page. Immutable once built and reference-counted, so that snapshots share them.
 * Counts over any range cost O(log runs): sums are kept at intervals over the runs. */

#pragma once

#include <glib-object.h>
#include <string.h>

G_BEGIN_DECLS

/* Bits. No bit at all: not resident, nothing there. */
typedef enum
{
  ATLAS_PAGE_ABSENT = 0,
  ATLAS_PAGE_RESIDENT = 1 << 0, /* in memory and mapped; never together with ZERO */
  ATLAS_PAGE_SWAPPED = 1 << 1,
  ATLAS_PAGE_ZERO = 1 << 2,      /* maps the kernel's one page of zeros: costs nothing, in no Rss */
  ATLAS_PAGE_HUGE = 1 << 3,      /* mapped by a huge entry (transparent or hugetlb) */
  ATLAS_PAGE_FILE = 1 << 4,      /* page of a file or of shared memory, not anonymous */
  ATLAS_PAGE_SHARED = 1 << 5,    /* resident, and other page tables map it as well */
  ATLAS_PAGE_EXCLUSIVE = 1 << 6, /* resident, mapped here alone. Neither bit: was not asked */
  ATLAS_PAGE_UNKNOWN = 1 << 7,   /* may not or could not be read; alone */
} AtlasPageState;

typedef struct
{
  guint64 first : 48; /* page number within the region */
  guint64 state : 16; /* AtlasPageState */
} AtlasRun;
G_STATIC_ASSERT (sizeof (AtlasRun) == sizeof (guint64));

/* Pages, not bytes. */
typedef struct
{
  guint64 pages, resident, swapped, zero, huge, file, shared, exclusive, unknown;
} AtlasPageCounts;

/* Adds @more to @sum, or takes it away. In the header, for it is done for each region. */
static inline void
atlas_page_counts_add (AtlasPageCounts *sum, const AtlasPageCounts *more, gboolean take_away)
{
  guint64 sign = take_away ? G_MAXUINT64 : 1; /* by the wrap of unsigned numbers */

  sum->pages += sign * more->pages;
  sum->resident += sign * more->resident;
  sum->swapped += sign * more->swapped;
  sum->zero += sign * more->zero;
  sum->huge += sign * more->huge;
  sum->file += sign * more->file;
  sum->shared += sign * more->shared;
  sum->exclusive += sign * more->exclusive;
  sum->unknown += sign * more->unknown;
}

typedef struct _AtlasPages AtlasPages;

GType atlas_pages_get_type (void);
#define ATLAS_TYPE_PAGES (atlas_pages_get_type ())

/* All @n_pages in the one @state. */
AtlasPages *atlas_pages_new_uniform (guint64 n_pages, AtlasPageState state);
AtlasPages *atlas_pages_ref (AtlasPages *self);
void atlas_pages_unref (AtlasPages *self);

guint64 atlas_pages_get_n_pages (const AtlasPages *self);
/* Ascending, the first at page 0, neighbours differ; run i ends where run i + 1 begins. */
const AtlasRun *atlas_pages_get_runs (const AtlasPages *self, guint *n_runs);
/* Index of the run that holds @page. O(log runs). */
guint atlas_pages_find_run (const AtlasPages *self, guint64 page);
AtlasPageState atlas_pages_get_state (const AtlasPages *self, guint64 page);
/* Adds up the pages from @first on; a range past the end is cut. O(log runs). */
void
atlas_pages_count (const AtlasPages *self, guint64 first, guint64 n_pages, AtlasPageCounts *counts);
/* O(1), unless there are more than 2^32 pages. */
void atlas_pages_count_all (const AtlasPages *self, AtlasPageCounts *counts);

/* Counts all of one after the other, for neighbours in an address space often share their pages. */
typedef struct
{
  const AtlasPages *pages; /* counted last, borrowed: they must live as long; or NULL */
  AtlasPageCounts counts;  /* of them */
} AtlasPagesTally;

static inline const AtlasPageCounts *
atlas_pages_tally (AtlasPagesTally *self, const AtlasPages *pages)
{
  if (pages != self->pages)
    atlas_pages_count_all (pages, &self->counts);
  self->pages = pages;
  return &self->counts;
}

gboolean atlas_pages_equal (const AtlasPages *a, const AtlasPages *b);
/* The pages of @self with those from @first on replaced by @part, which does not reach past its
 * end. @self itself when nothing differs. */
AtlasPages *atlas_pages_splice (AtlasPages *self, guint64 first, const AtlasPages *part);
/* Bytes of memory it takes. */
gsize atlas_pages_get_memory (const AtlasPages *self);

/* Builder: append runs in order; equal neighbours merge. On the stack or reused for many regions.
 */
typedef struct
{
  AtlasRun *runs;
  guint n_runs, n_allocated;
  guint last; /* state of the last run, and 1; 0: there is none */
  guint64 n_pages;
} AtlasPagesBuilder;

void atlas_pages_builder_init (AtlasPagesBuilder *builder);
/* Makes room for @n more runs. */
void atlas_pages_builder_reserve (AtlasPagesBuilder *builder, guint n);

/* A run in @state from page @first on. Compilers write bit fields one after the other, with a load
 * between that waits. */
static inline void
atlas_run_set (AtlasRun *run, guint64 first, AtlasPageState state)
{
  guint64 bits = G_BYTE_ORDER == G_LITTLE_ENDIAN ? first | (guint64) state << 48
                                                 : first << 16 | (guint64) state;

  memcpy (run, &bits, sizeof bits);
}

/* Inline, for it runs millions of times a sample. */
static inline void
atlas_pages_builder_append (AtlasPagesBuilder *builder, guint64 n_pages, AtlasPageState state)
{
  if (n_pages == 0)
    return;
  if (builder->last != state + 1u)
    {
      if (builder->n_runs == builder->n_allocated)
        atlas_pages_builder_reserve (builder, 1);
      atlas_run_set (&builder->runs[builder->n_runs++], builder->n_pages, state);
      builder->last = state + 1u;
    }
  builder->n_pages += n_pages;
}

/* Appends @n_pages of @pages from @first on. */
void atlas_pages_builder_append_from (AtlasPagesBuilder *builder,
                                      const AtlasPages *pages,
                                      guint64 first,
                                      guint64 n_pages);

/* What was built; the builder is empty again and can be reused. */
AtlasPages *atlas_pages_builder_end (AtlasPagesBuilder *builder);
/* The same, but a reference to @before or @neighbour (both nullable) when that is what was built.
 */
AtlasPages *atlas_pages_builder_end_like (AtlasPagesBuilder *builder,
                                          AtlasPages *before,
                                          AtlasPages *neighbour);
void atlas_pages_builder_clear (AtlasPagesBuilder *builder);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasPages, atlas_pages_unref)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AtlasPagesBuilder, atlas_pages_builder_clear)

G_END_DECLS
