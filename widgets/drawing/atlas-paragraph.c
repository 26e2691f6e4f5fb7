/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Greedy line breaking: a line takes words as long as they fit. */

#include "atlas-paragraph.h"

static gboolean
fits (AtlasCanvas *canvas, AtlasTextStyle style, double width, const char *line)
{
  return atlas_canvas_measure (canvas, style, line) <= width;
}

static void
take_line (GPtrArray *lines, GString *line)
{
  g_ptr_array_add (lines, g_strndup (line->str, line->len));
  g_string_truncate (line, 0);
}

GPtrArray *
atlas_paragraph_break (AtlasCanvas *canvas,
                       AtlasTextStyle style,
                       double width,
                       guint most_lines,
                       const char *text)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  g_autoptr (GString) line = g_string_new (NULL);

  for (guint i = 0; words[i] != NULL; i++)
    {
      gsize before = line->len;

      if (words[i][0] == '\0')
        continue;
      g_string_append_printf (line, "%s%s", before == 0 ? "" : " ", words[i]);
      if (before == 0 || lines->len + 1 >= most_lines || fits (canvas, style, width, line->str))
        continue;
      g_string_truncate (line, before);
      take_line (lines, line);
      g_string_append (line, words[i]);
    }
  if (line->len > 0)
    take_line (lines, line);
  return lines;
}

double
atlas_paragraph_paint (AtlasCanvas *canvas,
                       AtlasTextStyle style,
                       const AtlasColor *color,
                       AtlasAlign align,
                       double x,
                       double y,
                       double width,
                       GPtrArray *lines)
{
  double line_height = canvas->line_height[style];

  for (guint i = 0; i < lines->len; i++)
    atlas_canvas_text (canvas, style, color, align, x, y + i * line_height, width,
                       g_ptr_array_index (lines, i));
  return lines->len * line_height;
}
