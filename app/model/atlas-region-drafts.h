/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Regions on their way into a snapshot: what maps says now, beside what the snapshot before had at
 * the same place. Published regions are shared and never written to; drafts are where pages and
 * flags are gathered until it is known whether anything changed. */

#pragma once

#include "atlas-page-ages.h"
#include "atlas-region.h"

G_BEGIN_DECLS

typedef struct
{
  guint n_regions;
  guint64 n_bytes;       /* that VmSize counts; only after init_parse */
  GPtrArray *old;        /* regions of the snapshot before, or NULL */
  AtlasRegion **regions; /* fresh ones; those of the snapshot before, borrowed, where the line of
                          * maps is the same */
  AtlasRegion **before;  /* the same mapping in the snapshot before, or NULL; borrowed */
  AtlasPages **pages;    /* NULL until they are read: as before, or unknown */
  AtlasKind *kinds;      /* NULL: as before */
  AtlasLocked *locked;
  gboolean *hugetlb;
  gboolean has_flags; /* locked or hugetlb may differ from what they were */
} AtlasRegionDrafts;

/* From the bytes of maps; gives the number of records that overlapped, and of lines that made no
 * sense. @before: (nullable): regions of the snapshot before. */
void atlas_region_drafts_init_parse (AtlasRegionDrafts *self,
                                     const char *maps,
                                     gsize length,
                                     GPtrArray *before,
                                     guint *torn,
                                     guint *malformed);
/* When maps is byte for byte the same. */
void atlas_region_drafts_init_same (AtlasRegionDrafts *self, GPtrArray *before);
void atlas_region_drafts_clear (AtlasRegionDrafts *self);

/* @program: raw bytes of the exe link or NULL; @alone: there is but one thread. */
void atlas_region_drafts_tell_kinds (AtlasRegionDrafts *self, const char *program, gboolean alone);

/* The blocks of smaps that belong to the drafts set locked and hugetlb; a region that smaps does
 * not have as it is in maps, for the process went on, stays UNKNOWN if @some_locked. */
void atlas_region_drafts_read_flags (AtlasRegionDrafts *self,
                                     const char *smaps,
                                     gsize length,
                                     gboolean some_locked);
/* The same for all. */
void atlas_region_drafts_set_flags (AtlasRegionDrafts *self, AtlasLocked locked);
/* As the regions before had them; only after init_same. */
void atlas_region_drafts_keep_flags (AtlasRegionDrafts *self);

/* All pages UNKNOWN. */
void atlas_region_drafts_set_unknown (AtlasRegionDrafts *self, guint64 page_size);
/* What is known of draft @i so far: pages, those of before, or all UNKNOWN. (transfer none) */
AtlasPages *atlas_region_drafts_get_pages (AtlasRegionDrafts *self, guint i, guint64 page_size);
/* A mapping that grew, shrank, or was split is a new line of maps: what was known of its pages is
 * taken over from the regions of before, in @ages what is not known is made never. */
void atlas_region_drafts_carry (AtlasRegionDrafts *self, AtlasPageAges *ages, guint64 page_size);

/* Moves the drafts into an array of regions: what did not change is the region of before, and the
 * array is that of before if nothing did. @ages: when the pages were read. */
GPtrArray *
atlas_region_drafts_publish (AtlasRegionDrafts *self, const AtlasPageAges *ages, guint64 page_size);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AtlasRegionDrafts, atlas_region_drafts_clear)

G_END_DECLS
