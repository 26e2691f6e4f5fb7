/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Names of allocations with their exact ranges. Of very many on one page the first are named. */

#include "atlas-config.h"

#include "atlas-label-text.h"

#include <glib/gi18n-lib.h>

#include "atlas-format.h"

#define MOST_NAMED 4

static char *
dup_line (const AtlasLabel *label)
{
  g_autofree char *start = atlas_format_address (label->start);
  g_autofree char *end = atlas_format_address (label->end);

  /* Translators: name of an allocation, its first byte's address, the one after its last byte. */
  return g_strdup_printf (_ ("%s at 0x%s–0x%s"), label->name, start, end);
}

GStrv
atlas_label_text_list (AtlasLabels *labels, guint64 start, guint64 end)
{
  guint n;
  const AtlasLabel *found = atlas_labels_find (labels, start, end, &n);
  g_autoptr (GStrvBuilder) lines = NULL;

  if (n == 0)
    return NULL;
  lines = g_strv_builder_new ();
  for (guint i = 0; i < MIN (n, MOST_NAMED); i++)
    {
      g_autofree char *line = dup_line (&found[i]);

      g_strv_builder_add (lines, line);
    }
  if (n > MOST_NAMED)
    {
      g_autofree char *count = atlas_format_count (n - MOST_NAMED);
      /* Translators: %s is a number of allocations. */
      g_autofree char *line = g_strdup_printf (_ ("and %s more allocations"), count);

      g_strv_builder_add (lines, line);
    }
  return g_strv_builder_end (lines);
}

char *
atlas_label_text_describe (AtlasLabels *labels, guint64 start, guint64 end)
{
  g_auto (GStrv) lines = atlas_label_text_list (labels, start, end);

  /* Translators: between the parts of an enumeration. */
  return lines != NULL ? g_strjoinv (_ (", "), lines) : NULL;
}

GStrv
atlas_label_text_insert (GStrv lines, AtlasLabels *labels, guint64 start, guint64 end)
{
  g_auto (GStrv) old = lines;
  g_auto (GStrv) names = atlas_label_text_list (labels, start, end);
  g_autoptr (GStrvBuilder) all = NULL;

  g_return_val_if_fail (lines != NULL && lines[0] != NULL, NULL);

  if (names == NULL)
    return g_steal_pointer (&old);
  all = g_strv_builder_new ();
  g_strv_builder_add (all, old[0]);
  g_strv_builder_addv (all, (const char **) names);
  g_strv_builder_addv (all, (const char **) old + 1);
  return g_strv_builder_end (all);
}
