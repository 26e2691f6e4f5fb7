/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What both ways of asking for page states share: the open pagemap, the pace, the raw entries. */

#pragma once

#include "atlas-page-filler.h"
#include "atlas-page-reader.h"

G_BEGIN_DECLS

/* Most entries read at one time: 64 MiB of address space where pages are 4 KiB. */
#define ATLAS_WALK_MOST_ENTRIES 16384u
/* Reading over a gap of so many pages is cheaper than another call. */
#define ATLAS_WALK_GAP_PAGES 64u

typedef struct
{
  int pagemap;    /* descriptor, owned by the reader */
  int kpageflags; /* descriptor, or -1: without privilege */
  guint64 page_size;
  guint64 huge_size; /* bytes that one entry of the second level of page tables maps */
  gboolean scan_guards;
  gboolean want_sharing;
  AtlasPace pace;
  GCancellable *cancellable;
  gint64 busy_us;        /* spent in the kernel since the last pause */
  gint64 spent_us;       /* spent there in all */
  gint64 begun_us;       /* of that, before this reading */
  gboolean exhausted;    /* the pace's budget was used up before the end */
  guint64 stopped;       /* then: all before this address was read */
  guint64 entries_start; /* bytes: what `entries` holds */
  guint64 entries_end;
  guint64 *entries; /* ATLAS_WALK_MOST_ENTRIES; NULL until some are read */
} AtlasPageWalk;

/* Around each call that walks page tables. End gives the microseconds it took, and sleeps when the
 * share of time that may be spent is used up. Errors: G_IO_ERROR_CANCELLED. */
gint64 atlas_page_walk_begin (void);
gboolean atlas_page_walk_end (AtlasPageWalk *self, gint64 begun, gint64 *took_us, GError **error);

/* Reads the entries of [@start, @end) bytes, at most ATLAS_WALK_MOST_ENTRIES. Errors: GONE when the
 * kernel has none, for the address space was taken down. */
gboolean atlas_page_walk_load (AtlasPageWalk *self, guint64 start, guint64 end, GError **error);
static inline guint64
atlas_page_walk_get_entry (const AtlasPageWalk *self, guint64 address)
{
  return self->entries[(address - self->entries_start) / self->page_size];
}

/* State from one entry: never ZERO or HUGE. */
AtlasPageState atlas_page_walk_get_entry_state (const AtlasPageWalk *self, guint64 entry);

/* Whether to go on at @address: FALSE once the budget is used up, which is noted. */
gboolean atlas_page_walk_may_go_on (AtlasPageWalk *self, guint64 address);

/* Fill in the states of all regions of @filler (not yet finished), either way, or as many as the
 * budget allows. */
gboolean atlas_page_walk_scan (AtlasPageWalk *self, AtlasPageFiller *filler, GError **error);
gboolean atlas_page_walk_read (AtlasPageWalk *self, AtlasPageFiller *filler, GError **error);

/* Whether PAGEMAP_SCAN works on @pagemap; @guards: and tells guard pages. Harmless. */
gboolean atlas_page_walk_can_scan (int pagemap, guint64 page_size, gboolean *guards);

G_END_DECLS
