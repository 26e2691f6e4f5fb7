/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "atlas-config.h"

#include "atlas-cli-prose.h"

#include <string.h>

#include "atlas-cli-table.h"

/* Of what is no prose, lines that go on are so much further to the right. */
#define HANGING 4

typedef struct
{
  GString *into;
  guint indent; /* of the lines that go on */
  guint width, column;
  gboolean begun; /* there is a word in it */
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
  line->begun = FALSE;
}

/* @gap: blanks before it, where it is not the first one in its line. */
static void
append_word (Line *line, const char *word, guint gap)
{
  guint columns = atlas_table_measure_text (word);

  if (line->begun && columns + gap > line->width - MIN (line->width, line->column))
    break_line (line);
  if (line->begun)
    {
      append_blanks (line->into, gap);
      line->column += gap;
    }
  g_string_append (line->into, word);
  line->column += columns;
  line->begun = TRUE;
}

static void
append_words (Line *line, const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  for (char **word = words; *word != NULL; word++)
    if (**word != '\0')
      append_word (line, *word, 1);
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
      if (row > rows)
        break_line (&line);
      append_words (&line, *row);
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

/* One line of it, which keeps the blanks that it begins with. */
static void
append_fact (GString *into, const char *row, guint indent, guint width)
{
  guint column = indent + (guint) strspn (row, " ");
  Line line = { .into = into, .indent = column + HANGING, .width = width, .column = column };

  append_blanks (into, column);
  append_words (&line, row);
  g_string_append_c (into, '\n');
}

void
atlas_cli_prose_append_facts (GString *into, const char *text, guint indent, guint width)
{
  g_auto (GStrv) rows = g_strsplit (text, "\n", -1);

  if (width == 0)
    atlas_cli_prose_append_code (into, text, indent);
  else
    for (char **row = rows; *row != NULL; row++)
      append_fact (into, *row, indent, width);
}

void
atlas_cli_prose_append_items (GString *into, GPtrArray *items, guint indent, guint width)
{
  Line line = {
    .into = into,
    .indent = indent + HANGING,
    .width = width > 0 ? width : G_MAXUINT,
    .column = indent,
  };

  append_blanks (into, indent);
  for (guint i = 0; i < items->len; i++)
    append_word (&line, g_ptr_array_index (items, i), 2);
  g_string_append_c (into, '\n');
}
