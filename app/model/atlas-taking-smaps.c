/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What only smaps tells. To write it the kernel goes through all page tables, so it is read when
 * there is something to learn and not with every sample. */

#include "atlas-config.h"

#include "atlas-taking-private.h"

#include <glib/gi18n-lib.h>

#include "atlas-smaps.h"

#define SMAPS_LIMIT ((gsize) 1 << 30)
/* Reading smaps may take this share of the time: one part in so many. */
#define SMAPS_SHARE 100

static guint64
get_kb (const AtlasSnapshot *snapshot, AtlasCounter counter)
{
  return atlas_status_has (&snapshot->status, counter) ? snapshot->status.kb[counter] : 0;
}

/* Whether the flags of the regions before still hold. Moving a lock from one region to another of
 * the same size shows in no counter, so they are read again every now and then. */
static gboolean
are_flags_fresh (const AtlasTaking *taking)
{
  const AtlasSnapshot *previous = taking->previous;
  const AtlasSnapshot *now = taking->snapshot;

  return taking->same && previous->flags_time != 0
         && get_kb (previous, ATLAS_COUNTER_VM_LCK) == get_kb (now, ATLAS_COUNTER_VM_LCK)
         && get_kb (previous, ATLAS_COUNTER_HUGETLB_PAGES)
                == get_kb (now, ATLAS_COUNTER_HUGETLB_PAGES)
         && now->monotonic - previous->flags_time < previous->flags_cost * SMAPS_SHARE;
}

/* smaps, and with it the whole of the page tables, is read only when something is locked, or in
 * huge pages set aside. */
void
atlas_taking_read_flags (AtlasTaking *taking, AtlasRegionDrafts *drafts)
{
  AtlasSnapshot *snapshot = taking->snapshot;
  gboolean some_locked = get_kb (snapshot, ATLAS_COUNTER_VM_LCK) > 0;
  gboolean some_hugetlb = get_kb (snapshot, ATLAS_COUNTER_HUGETLB_PAGES) > 0;
  g_autoptr (GError) error = NULL;
  gint64 begun = g_get_monotonic_time ();

  snapshot->has_flags = some_locked || some_hugetlb;
  if (!snapshot->has_flags)
    {
      if (taking->previous != NULL && taking->previous->has_flags)
        atlas_region_drafts_set_flags (drafts, ATLAS_LOCKED_NO);
      return;
    }
  if (are_flags_fresh (taking))
    {
      atlas_region_drafts_keep_flags (drafts);
      snapshot->flags_time = taking->previous->flags_time;
      snapshot->flags_cost = taking->previous->flags_cost;
      return;
    }
  if (!atlas_target_read (taking->target, "smaps", SMAPS_LIMIT, taking->text, &error))
    {
      atlas_region_drafts_set_flags (drafts, some_locked ? ATLAS_LOCKED_UNKNOWN : ATLAS_LOCKED_NO);
      atlas_taking_add_problem (taking, FALSE,
                                _ ("Which regions are locked, or in huge pages set aside, is not "
                                   "known. %s."),
                                error->message);
      return;
    }
  atlas_region_drafts_read_flags (drafts, taking->text->str, taking->text->len, some_locked);
  snapshot->flags_time = begun;
  snapshot->flags_cost = g_get_monotonic_time () - begun;
}

/* smaps comes in one piece up to the region that is wanted, so that of a large process is not read
 * with every sample. */
static gboolean
keep_selected (AtlasTaking *taking, guint64 address)
{
  const AtlasSnapshot *previous = taking->previous;
  AtlasSnapshot *snapshot = taking->snapshot;

  if (!taking->same || taking->options->pace.budget_us == 0 || previous->smaps == NULL
      || address < previous->smaps->start || address >= previous->smaps->end
      || snapshot->monotonic - previous->smaps_time >= previous->smaps_cost * SMAPS_SHARE)
    return FALSE;
  snapshot->smaps = g_memdup2 (previous->smaps, sizeof *previous->smaps);
  snapshot->smaps_time = previous->smaps_time;
  snapshot->smaps_cost = previous->smaps_cost;
  return TRUE;
}

void
atlas_taking_read_selected (AtlasTaking *taking)
{
  guint64 address = taking->options->selected_address;
  gint64 begun = g_get_monotonic_time ();
  AtlasSmaps smaps;

  if (address == 0 || !atlas_snapshot_find (taking->snapshot, address, NULL)
      || keep_selected (taking, address))
    return;
  if (!atlas_smaps_read_region (taking->target, address, &smaps, NULL))
    return;
  taking->snapshot->smaps = g_memdup2 (&smaps, sizeof smaps);
  taking->snapshot->smaps_time = begun;
  taking->snapshot->smaps_cost = g_get_monotonic_time () - begun;
}
