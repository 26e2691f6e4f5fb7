/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What of the page tables to read in one sample: all of it, or, within a budget, what is on the
 * screen and then what was read least recently, so that the whole comes round in turn. */

#pragma once

#include "atlas-page-reader.h"
#include "atlas-region-drafts.h"

G_BEGIN_DECLS

typedef struct
{
  gboolean want_sharing; /* of the focus; of all where there is none */
  guint64 focus_start, focus_end;
  AtlasPace pace; /* the budget is that of the whole sample */
} AtlasPagePlan;

/**
 * atlas_page_plan_read:
 * @ages: (inout): brought up to date with what was read
 * @now: when this is, monotonic microseconds
 *
 * Sets pages of those drafts that were read, whole or in part. Errors as atlas_page_reader_read().
 */
gboolean atlas_page_plan_read (const AtlasPagePlan *self,
                               AtlasPageReader *reader,
                               AtlasRegionDrafts *drafts,
                               AtlasPageAges *ages,
                               gint64 now,
                               guint64 page_size,
                               GCancellable *cancellable,
                               GError **error);

G_END_DECLS
