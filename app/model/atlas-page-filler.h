/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Lays runs of pages, told in address order, onto the regions they belong to. What the kernel was
 * not asked because it follows from the mapping is filled in here, so that both ways of asking end
 * in the same states. */

#pragma once

#include "atlas-pagemap-uapi.h"
#include "atlas-region.h"

G_BEGIN_DECLS

/* What the pages of a mapping can be. */
typedef enum
{
  ATLAS_PAGE_SOURCE_ANONYMOUS, /* private, no file: never FILE */
  ATLAS_PAGE_SOURCE_SHARED,    /* shared: always FILE */
  ATLAS_PAGE_SOURCE_FILE,      /* private, of a file or the kernel's own: FILE until written to */
  ATLAS_PAGE_SOURCE_OUTSIDE,   /* above what a process can map ([vsyscall]): there are no tables */
} AtlasPageSource;

AtlasPageSource atlas_page_source_of (const AtlasRegion *region);

typedef struct
{
  AtlasRegion *const *regions;
  guint n_regions;
  guint page_shift;
  AtlasPages *const *before; /* borrowed; or NULL */
  AtlasPages **pages;        /* what is finished; NULL from index on */
  guint index;               /* the region being filled */
  guint64 position;          /* how far it is filled, bytes */
  guint64 end;               /* where it ends; 0 behind the last */
  AtlasPageSource source;    /* of it */
  AtlasPagesBuilder builder;
} AtlasPageFiller;

/* @pages: (array length=n_regions): set to NULL here
 * @before: (nullable) (array length=n_regions): elements may be NULL; what is found to be the same
 *   is a reference to it */
void atlas_page_filler_init (AtlasPageFiller *self,
                             AtlasRegion *const *regions,
                             guint n_regions,
                             guint64 page_size,
                             AtlasPages *const *before,
                             AtlasPages **pages);
/* What the pages of a region are, when the kernel says @state of them. In anonymous memory the only
 * page that is not anonymous is the huge page of zeros; kernels before 6.17 do not tell it in any
 * other way. */
static inline AtlasPageState
atlas_page_source_complete (AtlasPageSource source, AtlasPageState state)
{
  AtlasPageState huge = state & ATLAS_PAGE_HUGE;

  if (state & ATLAS_PAGE_ZERO)
    return ATLAS_PAGE_ZERO | huge;
  if (!(state & ATLAS_PAGE_RESIDENT))
    return state & (ATLAS_PAGE_SWAPPED | ATLAS_PAGE_UNKNOWN);
  if (source == ATLAS_PAGE_SOURCE_SHARED)
    return state | ATLAS_PAGE_FILE;
  if (source == ATLAS_PAGE_SOURCE_ANONYMOUS && (state & ATLAS_PAGE_FILE))
    return ATLAS_PAGE_ZERO | ATLAS_PAGE_HUGE;
  return state;
}

/* [@start, @end) bytes in @state (FILE as far as it was asked for); ascending. What was skipped
 * since the call before is absent; what is outside of all regions is passed over. */
void
atlas_page_filler_add (AtlasPageFiller *self, guint64 start, guint64 end, AtlasPageState state);

/* Of @runs, at least one, the first, as many as are of the same categories, which mean @state, and
 * lie apart within the region that is being filled, behind what was added last; gives how many,
 * which may be none. Memory full of holes has millions of them. */
guint atlas_page_filler_add_apart (AtlasPageFiller *self,
                                   const AtlasScanRun *runs,
                                   guint n_runs,
                                   AtlasPageState state);
/* The rest is absent; every element of pages is set now. */
void atlas_page_filler_finish (AtlasPageFiller *self);
/* Ends at @address, up to which all is known: the region that holds it, if any, gets pages as far
 * as there; of those behind it pages stays NULL. */
void atlas_page_filler_stop (AtlasPageFiller *self, guint64 address);
/* Gives up: releases what was set in pages. */
void atlas_page_filler_abandon (AtlasPageFiller *self);
void atlas_page_filler_clear (AtlasPageFiller *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AtlasPageFiller, atlas_page_filler_clear)

G_END_DECLS
