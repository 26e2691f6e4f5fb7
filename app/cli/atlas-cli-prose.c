/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "atlas-config.h"

#include "atlas-cli-prose.h"

#include "atlas-cli-table.h"

typedef struct
{
  GString *into;
  guint indent, width, column;
} Line;

static void
append_blanks (GString *into, guint n_columns)
{
  for (guint i = 0; i < n_columns; i++)
    g_string_append_c (into, ' ');
}

static void
break_line (Line *line)
{
  g_string_append_c (line->into, '\n');
  append_blanks (line->into, line->indent);
  line->column = line->indent;
}

static void
append_word (Line *line, const char *word)
{
  guint columns = atlas_table_measure_text (word);

  if (line->column > line->indent && line->column + 1 + columns > line->width)
    break_line (line);
  if (line->column > line->indent)
    {
      g_string_append_c (line->into, ' ');
      line->column++;
    }
  g_string_append (line->into, word);
  line->column += columns;
}

void
atlas_cli_prose_append (GString *into, const char *first, const char *text, guint width)
{
  guint indent = atlas_table_measure_text (first);
  Line line = { .into = into, .indent = indent, .width = width, .column = indent };
  g_auto (GStrv) rows = g_strsplit (text, "\n", -1);

  g_string_append (into, first);
  for (char **row = rows; *row != NULL; row++)
    {
      g_auto (GStrv) words = g_strsplit (*row, " ", -1);

      if (row > rows)
        break_line (&line);
      for (char **word = words; *word != NULL; word++)
        if (**word != '\0')
          append_word (&line, *word);
    }
  g_string_append_c (into, '\n');
}

void
atlas_cli_prose_append_code (GString *into, const char *text, guint indent)
{
  g_auto (GStrv) rows = g_strsplit (text, "\n", -1);

  for (char **row = rows; *row != NULL; row++)
    {
      if (**row != '\0')
        append_blanks (into, indent);
      g_string_append (into, *row);
      g_string_append_c (into, '\n');
    }
}
