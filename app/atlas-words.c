/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The sentences and half-sentences that more than one pane says, so that they say them alike. */

#include "atlas-config.h"

#include "atlas-words.h"

#include <glib/gi18n-lib.h>

#include "atlas-text.h"

static const char SEPARATOR[] = " · ";

char *
atlas_words_process (AtlasSnapshot *snapshot)
{
  /* Translators: name of a process, and its PID */
  return g_strdup_printf (_ ("%s (%d)"), atlas_snapshot_get_name (snapshot),
                          atlas_snapshot_get_pid (snapshot));
}

static void
append (GString *text, const char *separator, const char *word)
{
  if (text->len > 0)
    g_string_append (text, separator);
  g_string_append (text, word);
}

char *
atlas_words_permissions (AtlasPermissions permissions)
{
  GString *text = g_string_new (NULL);

  if (permissions & ATLAS_PERM_READ)
    append (text, ", ", _ ("read"));
  if (permissions & ATLAS_PERM_WRITE)
    append (text, ", ", _ ("write"));
  if (permissions & ATLAS_PERM_EXEC)
    append (text, ", ", _ ("execute"));
  if (text->len == 0)
    append (text, ", ", _ ("no access"));
  append (text, SEPARATOR, permissions & ATLAS_PERM_SHARED ? _ ("shared") : _ ("private"));
  return g_string_free (text, FALSE);
}

char *
atlas_words_backing (const AtlasRegion *region)
{
  g_autofree char *name = atlas_region_dup_full_name (region);

  if (region->kind == ATLAS_KIND_KERNEL)
    return g_strdup (_ ("the kernel’s own pages"));
  if (region->inode == 0)
    return g_strdup (_ ("anonymous memory"));
  return g_steal_pointer (&name);
}

static void
append_resident (GString *text, AtlasPageState state)
{
  append (text, SEPARATOR, _ ("resident"));
  append (text, SEPARATOR, state & ATLAS_PAGE_FILE ? _ ("of a file or shared") : _ ("anonymous"));
  if (state & ATLAS_PAGE_EXCLUSIVE)
    append (text, SEPARATOR, _ ("mapped here alone"));
  if (state & ATLAS_PAGE_SHARED)
    append (text, SEPARATOR,
            state & ATLAS_PAGE_FILE ? _ ("mapped elsewhere as well")
                                    : _ ("still shared with another process"));
}

char *
atlas_words_page_state (AtlasPageState state)
{
  GString *text = g_string_new (NULL);

  if (state & ATLAS_PAGE_UNKNOWN)
    append (text, SEPARATOR, _ ("unknown"));
  else if (state & ATLAS_PAGE_RESIDENT)
    append_resident (text, state);
  else if (state & ATLAS_PAGE_ZERO)
    append (text, SEPARATOR, _ ("the kernel’s page of zeros"));
  else if (state & ATLAS_PAGE_SWAPPED)
    append (text, SEPARATOR, _ ("swapped out"));
  else
    append (text, SEPARATOR, _ ("not resident"));
  if (state & ATLAS_PAGE_HUGE)
    append (text, SEPARATOR, _ ("part of a huge page"));
  return g_string_free (text, FALSE);
}

char *
atlas_words_counted_in (const AtlasRegion *region, AtlasPageState state)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < ATLAS_N_COUNTERS; i++)
    if (atlas_counter_has_pages ((AtlasCounter) i)
        && atlas_counter_counts ((AtlasCounter) i, region, state))
      append (text, ", ", atlas_counter_get_name ((AtlasCounter) i));
  return g_string_free (text, FALSE);
}

char *
atlas_words_clock (gint64 epoch_us)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (epoch_us / G_USEC_PER_SEC);

  return time ? g_date_time_format (time, "%H:%M:%S") : g_strdup (_ ("an unknown time"));
}
