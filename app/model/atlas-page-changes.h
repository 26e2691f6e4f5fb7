/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What became of the pages between two snapshots of a process, as ranges of addresses: pages that
 * were mapped or unmapped, and pages whose state is another now. It costs the regions, of which
 * those that both snapshots share are passed over, and the runs of those that differ; never a look
 * at every page. Immutable and reference-counted. */

#pragma once

#include "atlas-snapshot.h"

G_BEGIN_DECLS

typedef enum
{
  ATLAS_CHANGE_STATE,    /* mapped before and after, and what the map shows of it differs */
  ATLAS_CHANGE_MAPPED,   /* was not mapped, or belonged to something else */
  ATLAS_CHANGE_UNMAPPED, /* is not mapped any more */
  ATLAS_N_CHANGES
} AtlasChange;

typedef struct
{
  guint64 start, end; /* bytes; whole pages */
  AtlasChange change;
} AtlasChangedRange;

typedef struct _AtlasPageChanges AtlasPageChanges;

GType atlas_page_changes_get_type (void);
#define ATLAS_TYPE_PAGE_CHANGES (atlas_page_changes_get_type ())

/* From @before to @after; nothing if they are not of the same process, or one could not be read.
 *
 * The state of a page is what PAGEMAP_SCAN and pagemap say of it, and whether its region is locked.
 * What one of the two does not know is not taken for a change: an unknown page, sharing that was
 * not asked for. That other processes came to map a page of a file, or ceased to, is none of this
 * process's doing and does not count; of anonymous and of shared memory it does (fork). */
AtlasPageChanges *atlas_page_changes_new (AtlasSnapshot *before, AtlasSnapshot *after);
AtlasPageChanges *atlas_page_changes_ref (AtlasPageChanges *self);
void atlas_page_changes_unref (AtlasPageChanges *self);

/* Whether both are of the same pages. */
gboolean atlas_page_changes_equal (AtlasPageChanges *self, AtlasPageChanges *other);
/* Number of pages. */
guint64 atlas_page_changes_count (AtlasPageChanges *self, AtlasChange change);
gboolean atlas_page_changes_is_empty (AtlasPageChanges *self);
/* Ascending, apart; neighbours that touch differ in their change. (transfer none) */
const AtlasChangedRange *atlas_page_changes_get_ranges (AtlasPageChanges *self, guint *n_ranges);
/* Index of the first range that ends after @address; the number of ranges if none does. O(log
 * ranges). */
guint atlas_page_changes_find (AtlasPageChanges *self, guint64 address);
/* "65 pages new, 64 pages changed", "no page changed". Translated, newly allocated. */
char *atlas_page_changes_describe (AtlasPageChanges *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasPageChanges, atlas_page_changes_unref)

G_END_DECLS
