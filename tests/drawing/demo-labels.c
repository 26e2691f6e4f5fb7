/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "demo-labels.h"

static void
add_line (AtlasLabelsBuilder *builder, const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", 4);

  if (g_strv_length (words) == 4)
    atlas_labels_builder_add (builder, g_ascii_strtoull (words[0], NULL, 16),
                              g_ascii_strtoull (words[1], NULL, 16), words[3], words[2]);
}

AtlasLabels *
demo_labels_read (const char *path)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) lines = NULL;
  AtlasLabelsBuilder *builder;

  if (!g_file_get_contents (path, &text, NULL, &error))
    {
      g_printerr ("%s\n", error->message);
      return NULL;
    }
  builder = atlas_labels_builder_new ();
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    add_line (builder, lines[i]);
  return atlas_labels_builder_end (builder);
}
