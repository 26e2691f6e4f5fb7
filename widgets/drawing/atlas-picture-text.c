/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The words of a picture, apart from where they go. A picture leaves the machine it was made on, so
 * it says of which process, when, and under which kernel and C library it was taken. */

#include "atlas-config.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "atlas-age.h"
#include "atlas-format.h"
#include "atlas-picture-text.h"
#include "atlas-process-state.h"
#include "atlas-text.h"

#define MOST_COMMAND_CHARS 120

char *
atlas_picture_describe_title (AtlasSnapshot *snapshot, const AtlasPictureOptions *options)
{
  if (options->title != NULL && options->title[0] != '\0')
    return atlas_text_clean (options->title, -1);
  return g_strdup_printf ("%s — %d", atlas_snapshot_get_name (snapshot),
                          atlas_snapshot_get_pid (snapshot));
}

static char *
describe_regions (AtlasSnapshot *snapshot)
{
  guint n = atlas_snapshot_get_n_regions (snapshot);
  g_autofree char *count = atlas_format_count (n);

  return g_strdup_printf (ngettext ("%s region", "%s regions", n), count);
}

char *
atlas_picture_describe_process (AtlasSnapshot *snapshot)
{
  const AtlasStatus *status = atlas_snapshot_get_status (snapshot);
  const char *command = atlas_snapshot_get_command (snapshot);
  g_autofree char *regions = describe_regions (snapshot);
  const char *state = atlas_process_state_get_title (status->state);
  g_autoptr (GString) text = g_string_new (NULL);

  if (atlas_snapshot_get_n_regions (snapshot) > 0)
    g_string_append_printf (text, "%s · ", regions);
  g_string_append_printf (text, _ ("%s · user %s"), state, atlas_snapshot_get_user (snapshot));
  if (command[0] != '\0')
    {
      g_autofree char *brief = atlas_text_clean_short (command, -1, MOST_COMMAND_CHARS);
      g_string_append_printf (text, " · %s", brief);
    }
  return g_strdup (text->str);
}

static void
take_fact (GPtrArray *facts, char *fact)
{
  g_ptr_array_add (facts, fact);
}

static void
add_times (GPtrArray *facts, AtlasSnapshot *snapshot)
{
  double start = atlas_snapshot_get_start_epoch (snapshot);
  g_autofree char *started =
      start > 0 ? atlas_format_time ((gint64) floor (start) * G_USEC_PER_SEC) : NULL;
  g_autofree char *taken = atlas_format_time (atlas_snapshot_get_time (snapshot));
  g_autofree char *oldest = atlas_age_describe_oldest (snapshot);

  take_fact (facts, started == NULL ? g_strdup (_ ("start time unknown"))
                                    : g_strdup_printf (_ ("started %s"), started));
  take_fact (facts, g_strdup_printf (_ ("seen %s"), taken));
  if (oldest != NULL)
    take_fact (facts, g_steal_pointer (&oldest));
}

static void
add_machine (GPtrArray *facts, AtlasSnapshot *snapshot)
{
  const AtlasSystem *system = atlas_snapshot_get_system (snapshot);
  g_autofree char *kernel = atlas_text_clean (system->kernel, -1);
  g_autofree char *libc = atlas_text_clean (system->libc, -1);
  g_autofree char *page_size = atlas_format_bytes (atlas_snapshot_get_page_size (snapshot));

  take_fact (facts, g_steal_pointer (&kernel));
  /* Translators: a C library; the one of Memory Atlas, the process may have another. */
  take_fact (facts, g_strdup_printf (_ ("%s (this program’s)"), libc));
  take_fact (facts, g_strdup_printf (_ ("page size %s"), page_size));
}

GPtrArray *
atlas_picture_list_facts (AtlasSnapshot *snapshot)
{
  GPtrArray *facts = g_ptr_array_new_with_free_func (g_free);

  take_fact (facts, g_strdup_printf (_ ("Process %s"), atlas_snapshot_get_name (snapshot)));
  take_fact (facts, g_strdup_printf (_ ("PID %d"), atlas_snapshot_get_pid (snapshot)));
  add_times (facts, snapshot);
  add_machine (facts, snapshot);
  return facts;
}

static char *
join_problems (AtlasSnapshot *snapshot)
{
  return g_strjoinv (" ", (char **) atlas_snapshot_get_problems (snapshot));
}

char *
atlas_picture_describe_problems (AtlasSnapshot *snapshot)
{
  g_autofree char *all = join_problems (snapshot);

  /* Why it was denied is said in place of the map. */
  if (atlas_snapshot_get_access (snapshot) == ATLAS_ACCESS_DENIED)
    return NULL;
  if (all[0] == '\0')
    return atlas_snapshot_is_complete (snapshot)
               ? NULL
               : g_strdup (_ ("Incomplete: the process changed while it was read."));
  return g_strdup_printf (
      atlas_snapshot_is_complete (snapshot) ? _ ("Note: %s") : _ ("Incomplete: %s"), all);
}

gboolean
atlas_picture_describe_absence (AtlasSnapshot *snapshot, char **heading, char **explanation)
{
  const char *title = NULL, *text = NULL;

  switch (atlas_snapshot_get_access (snapshot))
    {
    case ATLAS_ACCESS_DENIED:
      *heading = g_strdup (_ ("The map of this process may not be read"));
      *explanation = join_problems (snapshot);
      return TRUE;
    case ATLAS_ACCESS_KERNEL_THREAD:
      title = _ ("A kernel thread has no memory of its own");
      text = _ ("It runs inside the kernel and uses the kernel’s memory, so there is no address "
                "space to show.");
      break;
    case ATLAS_ACCESS_ZOMBIE:
      title = _ ("This process has ended");
      text = _ ("Its memory was given back to the system. What is left, a zombie, waits for its "
                "parent to ask how it ended.");
      break;
    case ATLAS_ACCESS_FULL:
    default:
      if (atlas_snapshot_get_n_regions (snapshot) > 0)
        return FALSE;
      title = _ ("No regions");
      text = _ ("The kernel’s list of this process’s memory was empty when it was read.");
      break;
    }
  *heading = g_strdup (title);
  *explanation = g_strdup (text);
  return TRUE;
}

char *
atlas_picture_describe_rest (guint n_regions, const AtlasPageCounts *counts, guint64 page_size)
{
  g_autofree char *count = atlas_format_count (n_regions);
  g_autofree char *size = atlas_format_bytes (counts->pages * page_size);
  g_autofree char *resident = atlas_format_bytes (counts->resident * page_size);

  if (counts->unknown == counts->pages)
    return g_strdup_printf (
        /* Translators: a count and a size. */
        ngettext ("+ %s smaller region, %s: in the strip at the left",
                  "+ %s smaller regions, %s: in the strip at the left", n_regions),
        count, size);
  return g_strdup_printf (
      /* Translators: a count, a size and the part of it that is resident. */
      ngettext ("+ %s smaller region, %s, %s resident: in the strip at the left",
                "+ %s smaller regions, %s, %s resident: in the strip at the left", n_regions),
      count, size, resident);
}

char *
atlas_picture_describe_highlight (AtlasCounter highlight)
{
  const char *name = atlas_counter_get_name (highlight);
  const char *title = atlas_counter_get_title (highlight);

  if (!atlas_counter_has_pages (highlight))
    return g_strdup_printf (_ ("%s (%s) is not made up of pages on the map."), name, title);
  return g_strdup_printf (_ ("Lit: what %s (%s) counts. All else is dimmed."), name, title);
}
