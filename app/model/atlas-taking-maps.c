/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Its regions. They change while they are read, so what does not fit together is read again. */

#include "atlas-config.h"

#include "atlas-taking-private.h"

#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "atlas-cover.h"
#include "atlas-error.h"
#include "atlas-maps-file.h"

#define MOST_READINGS 3

/* Why the kernel refuses, and what would help. */
static void
note_denied (AtlasTaking *taking)
{
  const AtlasSnapshot *snapshot = taking->snapshot;

  if (geteuid () == 0)
    atlas_taking_add_problem (
        taking, FALSE,
        _ ("Even root is refused: a security module or the bounds of a container keep "
           "this process's memory from being read."));
  else if (snapshot->status.uid != getuid ())
    atlas_taking_add_problem (
        taking, FALSE,
        _ ("This process belongs to %s. Its memory may be read by that account and by "
           "root: start this program as one of them."),
        snapshot->user);
  else
    atlas_taking_add_problem (
        taking, FALSE,
        _ ("This process is yours, but it has privileges of its own or has asked not to "
           "be looked at, so the kernel does not show its memory. Root may read it."));
}

/* One reading of maps. */
typedef struct
{
  guint torn, malformed;
  gboolean lost; /* memory that was there is missing, or may be */
  GArray *cover; /* of the last reading that did not come to VmSize, at first of the snapshot
                  * before; NULL: not known */
} MapsReading;

static void
maps_reading_clear (MapsReading *self)
{
  g_clear_pointer (&self->cover, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MapsReading, maps_reading_clear)

static void
note_torn (AtlasTaking *taking, const MapsReading *reading)
{
  if (reading->torn > 0)
    atlas_taking_add_problem (
        taking, FALSE,
        ngettext ("The process changed its regions while they were read: %u of them "
                  "overlapped another and was cut.",
                  "The process changed its regions while they were read: %u of them "
                  "overlapped others and were cut.",
                  reading->torn),
        reading->torn);
  if (reading->lost)
    atlas_taking_add_problem (
        taking, FALSE,
        _ ("The process maps memory and gives it back faster than its regions are read: "
           "some may be missing."));
  if (reading->malformed > 0)
    atlas_taking_add_problem (taking, FALSE,
                              ngettext ("%u line of maps made no sense and was left out.",
                                        "%u lines of maps made no sense and were left out.",
                                        reading->malformed),
                              reading->malformed);
}

static gboolean
is_alone (const AtlasSnapshot *snapshot)
{
  return snapshot->status.threads == 1;
}

static void
tell_kinds (AtlasTaking *taking, AtlasRegionDrafts *drafts)
{
  g_autofree char *program = atlas_target_read_link (taking->target, "exe", NULL);

  atlas_region_drafts_tell_kinds (drafts, program, is_alone (taking->snapshot));
}

/* Keeps the text for the next snapshot to compare with. */
static void
keep_maps (AtlasTaking *taking)
{
  GString *text = taking->text;

  taking->text = g_string_sized_new (4096);
  taking->snapshot->maps = g_string_free_to_bytes (text);
}

/* Of all processes, in any thread. Never 0. */
static guint64
count_reading (void)
{
  static gint64 n_readings;

  return (guint64) __atomic_add_fetch (&n_readings, 1, __ATOMIC_RELAXED);
}

static gboolean
has_size (const AtlasSnapshot *snapshot, guint64 n_bytes)
{
  return atlas_status_has (&snapshot->status, ATLAS_COUNTER_VM_SIZE)
         && snapshot->status.kb[ATLAS_COUNTER_VM_SIZE] == n_bytes / 1024;
}

/* While regions are split and merged the kernel may leave some out, and no overlap tells (seen on
 * Linux 6.18, which does not hold the lock on all of them). What is all there comes to VmSize, told
 * a moment earlier; else the process has mapped or unmapped something in between, and then what the
 * reading before had and this one has not was unmapped, or left out. That as much was mapped in
 * between as was left out is not ruled out: without trust in the sum maps would be read twice
 * whenever something was unmapped. */
static gboolean
may_have_lost (AtlasTaking *taking, const AtlasRegionDrafts *drafts, MapsReading *reading)
{
  GArray *cover;
  gboolean lost;

  if (!atlas_taking_is_live (taking) || drafts->n_regions == 0
      || has_size (taking->snapshot, drafts->n_bytes))
    return FALSE;
  if (reading->cover == NULL && taking->previous != NULL && taking->previous->regions->len > 0)
    reading->cover = atlas_cover_new ((AtlasRegion **) taking->previous->regions->pdata,
                                      taking->previous->regions->len);
  cover = atlas_cover_new (drafts->regions, drafts->n_regions);
  lost = reading->cover == NULL || !atlas_cover_holds (cover, reading->cover);
  maps_reading_clear (reading);
  reading->cover = cover;
  return lost;
}

/* Drafts from the maps in text. Gives whether they are of one piece. */
static gboolean
parse_maps (AtlasTaking *taking, AtlasRegionDrafts *drafts, MapsReading *reading)
{
  GPtrArray *before = taking->previous != NULL ? taking->previous->regions : NULL;

  atlas_region_drafts_clear (drafts);
  if (taking->same)
    {
      reading->torn = reading->malformed = 0;
      reading->lost = FALSE;
      atlas_region_drafts_init_same (drafts, before);
      return TRUE;
    }
  atlas_region_drafts_init_parse (drafts, taking->text->str, taking->text->len, before,
                                  &reading->torn, &reading->malformed);
  reading->lost = may_have_lost (taking, drafts, reading);
  return reading->torn == 0 && !reading->lost;
}

/* What was read is as good as it gets. */
static void
accept_maps (AtlasTaking *taking, AtlasRegionDrafts *drafts, const MapsReading *reading)
{
  AtlasSnapshot *snapshot = taking->snapshot;

  if (taking->same)
    {
      snapshot->maps = g_bytes_ref (taking->maps);
      snapshot->reading = taking->previous->reading;
      /* a thread may have got the stack of one that ended */
      if (is_alone (snapshot) == is_alone (taking->previous))
        return;
    }
  else if (reading->torn == 0 && reading->malformed == 0 && !reading->lost)
    keep_maps (taking);
  note_torn (taking, reading);
  tell_kinds (taking, drafts);
  snapshot->reading = count_reading ();
}

static AtlasTakingOutcome
note_no_maps (AtlasTaking *taking, const GError *error)
{
  if (atlas_taking_is_change (taking, error))
    return ATLAS_TAKING_CHANGED;
  if (g_error_matches (error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_DENIED))
    note_denied (taking);
  else
    atlas_taking_add_problem (taking, FALSE, "%s.", error->message);
  return ATLAS_TAKING_DONE;
}

AtlasTakingOutcome
atlas_taking_read_maps (AtlasTaking *taking, AtlasRegionDrafts *drafts, gboolean *denied)
{
  g_auto (MapsReading) reading = { 0 };
  gboolean whole = FALSE;

  for (guint i = 1; i <= MOST_READINGS && !whole; i++)
    {
      g_autoptr (GError) error = NULL;

      if (!atlas_maps_file_read (taking->target, taking->maps, taking->text, &taking->same, &error))
        {
          atlas_region_drafts_clear (drafts);
          *denied = g_error_matches (error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_DENIED);
          return note_no_maps (taking, error);
        }
      whole = parse_maps (taking, drafts, &reading);
    }
  accept_maps (taking, drafts, &reading);
  if (drafts->n_regions > 0)
    return ATLAS_TAKING_DONE;
  if (!taking->last || atlas_taking_is_live (taking))
    return ATLAS_TAKING_CHANGED;
  atlas_taking_add_problem (taking, FALSE, _ ("Its list of regions (maps) is empty."));
  return ATLAS_TAKING_DONE;
}
