/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is said of a counter: the kernel's number to the last digit, and beside it what the pages on
 * the map add up to. Where the two disagree, that is said. */

#include "atlas-config.h"

#include "atlas-counter-text.h"

#include <glib/gi18n-lib.h>

#include "atlas-format.h"

static gboolean
get_kb (AtlasSnapshot *snapshot, AtlasCounter counter, guint64 *kb)
{
  const AtlasStatus *status = snapshot != NULL ? atlas_snapshot_get_status (snapshot) : NULL;

  if (status == NULL || !atlas_status_has (status, counter))
    return FALSE;

  *kb = status->kb[counter];
  return TRUE;
}

static gboolean
same_process (AtlasSnapshot *a, AtlasSnapshot *b)
{
  return a != NULL && b != NULL && atlas_snapshot_get_pid (a) == atlas_snapshot_get_pid (b)
         && atlas_snapshot_get_start_time (a) == atlas_snapshot_get_start_time (b);
}

char *
atlas_counter_text_value (AtlasSnapshot *snapshot, AtlasCounter counter)
{
  guint64 kb;

  if (!get_kb (snapshot, counter, &kb))
    return g_strdup ("–");
  return atlas_format_bytes (kb * 1024);
}

gint64
atlas_counter_text_change (AtlasSnapshot *snapshot, AtlasSnapshot *previous, AtlasCounter counter)
{
  guint64 now, before;

  if (!same_process (snapshot, previous) || !get_kb (snapshot, counter, &now)
      || !get_kb (previous, counter, &before))
    return 0;

  return (gint64) (now - before) * 1024;
}

static void
add_number (GStrvBuilder *lines,
            AtlasSnapshot *snapshot,
            AtlasSnapshot *previous,
            AtlasCounter counter)
{
  gint64 change = atlas_counter_text_change (snapshot, previous, counter);
  g_autofree char *number = NULL;
  g_autofree char *difference = NULL;
  g_autofree char *line = NULL;
  guint64 kb;

  if (!get_kb (snapshot, counter, &kb))
    {
      g_strv_builder_add (lines, _ ("The kernel does not tell this number of this process."));
      return;
    }

  number = atlas_format_kb (kb);
  if (change == 0)
    {
      g_strv_builder_add (lines, number);
      return;
    }

  difference = atlas_format_kb_change (change / 1024);
  /* Translators: a number of kB, and its change: "1,028 kB, +4 kB since the sample before". */
  line = g_strdup_printf (_ ("%s, %s since the sample before"), number, difference);
  g_strv_builder_add (lines, line);
}

/* @pages of the map, beside what status says. */
static char *
dup_comparison (guint64 pages, guint64 map_kb, guint64 kb)
{
  g_autofree char *count = atlas_format_count (pages);
  g_autofree char *map = atlas_format_kb (map_kb);
  g_autofree char *difference = NULL;

  if (map_kb == kb)
    /* Translators: a number of pages and their size in kB. */
    return g_strdup_printf (_ ("On the map: %s pages, %s: the same"), count, map);

  difference = atlas_format_kb (map_kb > kb ? map_kb - kb : kb - map_kb);
  if (map_kb > kb)
    /* Translators: a number of pages, their size in kB, a difference in kB. */
    return g_strdup_printf (_ ("On the map: %s pages, %s: %s more than the kernel counts"), count,
                            map, difference);
  /* Translators: a number of pages, their size in kB, a difference in kB. */
  return g_strdup_printf (_ ("On the map: %s pages, %s: %s less than the kernel counts"), count,
                          map, difference);
}

static void
add_map (GStrvBuilder *lines, AtlasSnapshot *snapshot, AtlasCounter counter)
{
  g_autofree char *line = NULL;
  guint64 pages, kb;

  if (!atlas_counter_has_pages (counter))
    {
      g_strv_builder_add (lines, _ ("Which pages make it up cannot be told, so none light up."));
      return;
    }

  if (!get_kb (snapshot, counter, &kb) || atlas_snapshot_get_n_regions (snapshot) == 0)
    return;

  pages = atlas_snapshot_count (snapshot, counter);
  line = dup_comparison (pages, pages * (atlas_snapshot_get_page_size (snapshot) / 1024), kb);
  g_strv_builder_add (lines, line);
}

GStrv
atlas_counter_text_tooltip (AtlasSnapshot *snapshot, AtlasSnapshot *previous, AtlasCounter counter)
{
  g_autoptr (GStrvBuilder) lines = g_strv_builder_new ();
  /* Translators: the kernel's name of a counter and what it is: "VmRSS · Resident now". */
  g_autofree char *title = g_strdup_printf (_ ("%s · %s"), atlas_counter_get_name (counter),
                                            atlas_counter_get_title (counter));

  g_strv_builder_add (lines, title);
  g_strv_builder_add (lines, atlas_counter_get_explanation (counter));
  if (snapshot != NULL)
    add_number (lines, snapshot, previous, counter);
  add_map (lines, snapshot, counter);
  return g_strv_builder_end (lines);
}
