/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A page, or the pages of a cell, in words: for tooltips and for those who cannot see the map. All
 * text is translated, clean UTF-8 and newly allocated; none of it is markup. */

#pragma once

#include "atlas-snapshot.h"

G_BEGIN_DECLS

/* "resident, anonymous, not shared", "not resident", "swapped out", "zero page" ... */
char *atlas_page_text_state (const AtlasRegion *region, AtlasPageState state);
/* "48 resident, 3 swapped out, 13 not resident": what is not there is not named. */
char *atlas_page_text_counts (const AtlasPageCounts *counts);
/* "counted in VmSize, VmRSS, RssAnon" for one page; with the number of pages to each for more.
 * @first: page number in @region. */
char *atlas_page_text_counted (const AtlasRegion *region, guint64 first, guint64 n_pages);

/**
 * atlas_page_text_tooltip:
 * @region: index in @snapshot
 * @address: of the cell's first page, within the region
 * @n_pages: of the cell; 0 to speak of the region as a whole
 *
 * A title and the lines below it. (transfer full)
 */
GStrv
atlas_page_text_tooltip (AtlasSnapshot *snapshot, guint region, guint64 address, guint64 n_pages);
/* "[heap], page 12 of 1,920 at 0x55f01c2eb000, resident, anonymous", or NULL when no region holds
 * @address. */
char *atlas_page_text_describe (AtlasSnapshot *snapshot, guint64 address);

G_END_DECLS
