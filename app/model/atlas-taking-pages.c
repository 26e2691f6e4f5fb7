/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The pages of its regions, as many of them as may be read in a sample. */

#include "atlas-config.h"

#include "atlas-taking-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "atlas-error.h"
#include "atlas-page-plan.h"

/* Of a process that stands still, one part in so many of what may be read is. */
#define STILL_SHARE 6
/* More parts of different age than this are joined. */
#define MOST_AGES 512

static void
note_untold (AtlasTaking *taking)
{
  if ((taking->snapshot->told & (ATLAS_PAGE_ZERO | ATLAS_PAGE_HUGE)) == 0)
    atlas_taking_add_problem (
        taking, TRUE,
        _ ("Zero pages and huge pages are not told apart from others: this kernel has no "
           "PAGEMAP_SCAN (Linux 6.7), and without it only root may know."));
}

/* How many regions lie, at least in part, where nothing was read yet. */
static guint
count_unread (const AtlasRegionDrafts *drafts, const AtlasPageAges *ages)
{
  guint n = 0;

  if (atlas_page_ages_get_oldest (ages, 0, G_MAXUINT64) != 0)
    return 0;
  for (guint i = 0; i < drafts->n_regions; i++)
    n += atlas_page_ages_get_oldest (ages, drafts->regions[i]->start, drafts->regions[i]->end) == 0;
  return n;
}

static void
note_unread (AtlasTaking *taking, const AtlasRegionDrafts *drafts)
{
  guint n_unread = count_unread (drafts, &taking->snapshot->ages);

  if (n_unread == 0)
    return;
  taking->snapshot->unfinished = TRUE;
  atlas_taking_add_problem (
      taking, FALSE,
      ngettext ("The pages of %u region are still to be read: this process is read a part "
                "at a time, so that it does not notice.",
                "The pages of %u regions are still to be read: this process is read a "
                "part at a time, so that it does not notice.",
                n_unread),
      n_unread);
}

/* What is known from before of the pages, and how old that is. */
static void
carry_pages (AtlasTaking *taking, AtlasRegionDrafts *drafts)
{
  AtlasSnapshot *snapshot = taking->snapshot;

  if (taking->options->pace.budget_us == 0 || taking->previous == NULL)
    return;
  atlas_page_ages_clear (&snapshot->ages);
  atlas_page_ages_init_copy (&snapshot->ages, &taking->previous->ages);
  if (!taking->same)
    atlas_region_drafts_carry (drafts, &snapshot->ages, snapshot->page_size);
  atlas_page_ages_coarsen (&snapshot->ages, MOST_AGES);
}

/* What the reader tells, unless it is told of a part only. */
static AtlasPageState
get_told (const AtlasSnapshotOptions *options, AtlasPageReader *reader)
{
  AtlasPageState told = atlas_page_reader_get_told (reader);

  if (!options->want_sharing || options->focus_start < options->focus_end)
    told &= ~(ATLAS_PAGE_SHARED | ATLAS_PAGE_EXCLUSIVE);
  return told;
}

/* Whether the counters say that nothing happened since the snapshot before: no page fault, and the
 * same numbers. They do not tell everything, so this is reason to read less, not to read nothing.
 */
static gboolean
stands_still (const AtlasTaking *taking)
{
  const AtlasSnapshot *now = taking->snapshot;
  const AtlasSnapshot *previous = taking->previous;

  return taking->same && !previous->unfinished
         && now->stat.minor_faults == previous->stat.minor_faults
         && now->stat.major_faults == previous->stat.major_faults
         && memcmp (now->status.kb, previous->status.kb, sizeof now->status.kb) == 0;
}

/* The pace asked for, or a part of it. */
static AtlasPace
get_pace (const AtlasTaking *taking)
{
  AtlasPace pace = taking->options->pace;

  /* 0 is without bounds */
  if (pace.budget_us > 0 && stands_still (taking))
    pace.budget_us = MAX (pace.budget_us / STILL_SHARE, 1);
  return pace;
}

static gboolean
read_page_states (AtlasTaking *taking, AtlasRegionDrafts *drafts, GError **error)
{
  const AtlasSnapshotOptions *options = taking->options;
  AtlasSnapshot *snapshot = taking->snapshot;
  const AtlasPagePlan plan = { options->want_sharing, options->focus_start, options->focus_end,
                               get_pace (taking) };
  g_autoptr (AtlasPageReader) reader =
      atlas_page_reader_new (taking->target, options->method, error);

  if (reader == NULL)
    return FALSE;
  carry_pages (taking, drafts);
  if (!atlas_page_plan_read (&plan, reader, drafts, &snapshot->ages, g_get_monotonic_time (),
                             snapshot->page_size, taking->cancellable, error))
    return FALSE;
  snapshot->walk_time = atlas_page_reader_get_spent (reader);
  snapshot->told = get_told (options, reader);
  note_untold (taking);
  note_unread (taking, drafts);
  return TRUE;
}

static void
note_no_pages (AtlasTaking *taking, const GError *error)
{
  if (!atlas_taking_is_live (taking))
    atlas_taking_add_problem (taking, FALSE,
                              _ ("This is a recording without pagemap, so which pages are in "
                                 "memory is not known."));
  else if (g_error_matches (error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_DENIED))
    atlas_taking_add_problem (
        taking, FALSE,
        _ ("Which pages are in memory is not known: the kernel shows the regions of this "
           "process, but not its page tables (pagemap). Root may read them."));
  else
    atlas_taking_add_problem (taking, FALSE, _ ("Which pages are in memory is not known. %s."),
                              error->message);
}

AtlasTakingOutcome
atlas_taking_read_pages (AtlasTaking *taking, AtlasRegionDrafts *drafts, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (drafts->n_regions == 0 || read_page_states (taking, drafts, &local_error))
    return ATLAS_TAKING_DONE;
  if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return ATLAS_TAKING_FAILED;
    }
  if (atlas_taking_is_change (taking, local_error))
    return ATLAS_TAKING_CHANGED;
  note_no_pages (taking, local_error);
  atlas_page_ages_clear (&taking->snapshot->ages);
  atlas_page_ages_init (&taking->snapshot->ages, 0);
  atlas_region_drafts_set_unknown (drafts, taking->snapshot->page_size);
  return ATLAS_TAKING_DONE;
}
