/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Takes a snapshot. The process goes on while it is read, so nothing is assumed of one file because
 * of another: after all was read it is checked once more that the process lives and is the same,
 * and if its address space went away in between (it ended, or started another program) all is read
 * again. */

#include "atlas-config.h"

#include <glib/gi18n-lib.h>

#include "atlas-taking-private.h"

#define MOST_ATTEMPTS 3
#define FLAG_KERNEL_THREAD 0x00200000u /* PF_KTHREAD in stat's flags */

static gboolean
has_ended (char state)
{
  return state == 'Z' || state == 'X' || state == 'x';
}

static AtlasTakingOutcome
read_memory (AtlasTaking *taking, GError **error)
{
  g_auto (AtlasRegionDrafts) drafts = { 0 };
  AtlasSnapshot *snapshot = taking->snapshot;
  gboolean denied = FALSE;
  AtlasTakingOutcome outcome = atlas_taking_read_maps (taking, &drafts, &denied);

  if (outcome != ATLAS_TAKING_DONE)
    return outcome;
  if (denied)
    {
      snapshot->access = ATLAS_ACCESS_DENIED;
      return ATLAS_TAKING_DONE;
    }
  atlas_taking_read_flags (taking, &drafts);
  outcome = atlas_taking_read_pages (taking, &drafts, error);
  if (outcome != ATLAS_TAKING_DONE)
    return outcome;
  g_ptr_array_unref (snapshot->regions);
  snapshot->regions = atlas_region_drafts_publish (&drafts, &snapshot->ages, snapshot->page_size);
  atlas_taking_read_selected (taking);
  return ATLAS_TAKING_DONE;
}

/* Ended processes give empty files without an error, and of one that started another program there
 * may be the regions of one and the pages of the other, so this is asked after all was read. */
static AtlasTakingOutcome
check_still_same (AtlasTaking *taking, GError **error)
{
  AtlasStat stat;

  if (!atlas_taking_read_stat (taking, &stat, error))
    return ATLAS_TAKING_FAILED;
  if (has_ended (stat.state) || !atlas_taking_is_laid_out_alike (&taking->snapshot->stat, &stat))
    return ATLAS_TAKING_CHANGED;
  return ATLAS_TAKING_DONE;
}

static void
note_zombie (AtlasTaking *taking)
{
  taking->snapshot->access = ATLAS_ACCESS_ZOMBIE;
  if (taking->snapshot->status.threads > 1)
    atlas_taking_add_problem (taking, FALSE,
                              _ ("Its first thread has ended while others go on. The kernel "
                                 "shows the memory of a process by its first thread."));
}

/* The flag in stat is the kernel's own; status of kernels before 6.10 leaves one to guess, and a
 * process that is about to end looks the same. */
static gboolean
is_kernel_thread (const AtlasTaking *taking)
{
  const AtlasSnapshot *snapshot = taking->snapshot;

  return (snapshot->stat.flags & FLAG_KERNEL_THREAD) != 0
         || (!atlas_taking_is_live (taking) && snapshot->status.kernel_thread);
}

/* Its memory is given back before its state says that it ended. */
static gboolean
has_given_back (const AtlasTaking *taking)
{
  return has_ended (taking->snapshot->status.state)
         || (atlas_taking_is_live (taking) && !taking->snapshot->status.has_memory);
}

static AtlasTakingOutcome
read_process (AtlasTaking *taking, GError **error)
{
  AtlasSnapshot *snapshot = taking->snapshot;
  AtlasTakingOutcome outcome = atlas_taking_read_identity (taking, error);

  if (outcome != ATLAS_TAKING_DONE)
    return outcome;
  if (is_kernel_thread (taking))
    snapshot->access = ATLAS_ACCESS_KERNEL_THREAD;
  else if (has_given_back (taking))
    note_zombie (taking);
  else
    outcome = read_memory (taking, error);
  if (outcome != ATLAS_TAKING_DONE || snapshot->access == ATLAS_ACCESS_ZOMBIE)
    return outcome;
  return check_still_same (taking, error);
}

/* After a change: nothing if the process is still there, else GONE. */
static gboolean
check_alive (AtlasTaking *taking, GError **error)
{
  AtlasStat stat;

  return !g_cancellable_set_error_if_cancelled (taking->cancellable, error)
         && atlas_taking_read_stat (taking, &stat, error);
}

/* A living process has regions. */
static void
note_changed (AtlasTaking *taking)
{
  if (taking->snapshot->regions->len == 0)
    taking->snapshot->access = ATLAS_ACCESS_ZOMBIE;
  else
    atlas_taking_add_problem (taking, FALSE, _ ("The process changed while it was read."));
}

/* Attempts until one is of one piece. The last takes what it gets. */
static AtlasSnapshot *
take_repeatedly (AtlasTaking *taking, GError **error)
{
  for (guint i = 1; i <= MOST_ATTEMPTS; i++)
    {
      g_autoptr (AtlasSnapshot) snapshot = atlas_snapshot_new (taking->target);
      AtlasTakingOutcome outcome;

      taking->snapshot = snapshot;
      snapshot->interval = taking->options->interval_us;
      taking->last = i == MOST_ATTEMPTS;
      outcome = read_process (taking, error);
      if (outcome == ATLAS_TAKING_FAILED
          || (outcome == ATLAS_TAKING_CHANGED && !check_alive (taking, error)))
        return NULL;
      if (outcome == ATLAS_TAKING_CHANGED && !taking->last)
        continue;
      if (outcome == ATLAS_TAKING_CHANGED)
        note_changed (taking);
      atlas_snapshot_publish (snapshot, taking->previous);
      return g_steal_pointer (&snapshot);
    }
  g_return_val_if_reached (NULL);
}

/* The bytes of maps serve the next snapshot only, so it takes them over: histories keep many. */
static GBytes *
steal_maps (AtlasSnapshot *previous)
{
  GBytes *maps;

  g_mutex_lock (&previous->lock);
  maps = g_steal_pointer (&previous->maps);
  g_mutex_unlock (&previous->lock);
  return maps;
}

AtlasSnapshot *
atlas_snapshot_take (AtlasTarget *target,
                     AtlasSnapshot *previous,
                     const AtlasSnapshotOptions *options,
                     GCancellable *cancellable,
                     GError **error)
{
  static const AtlasSnapshotOptions defaults = { .want_sharing = TRUE };
  g_autoptr (GBytes) maps = NULL;
  AtlasSnapshot *snapshot;
  AtlasTaking taking = {
    .target = target,
    .options = options != NULL ? options : &defaults,
    .cancellable = cancellable,
  };

  g_return_val_if_fail (target != NULL, NULL);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  if (previous != NULL && previous->pid == atlas_target_get_pid (target)
      && previous->start_time == atlas_target_get_start_time (target))
    {
      taking.previous = previous;
      taking.maps = maps = steal_maps (previous);
    }
  taking.text = g_string_sized_new (4096);
  snapshot = take_repeatedly (&taking, error);
  g_string_free (taking.text, TRUE);
  return snapshot;
}
