/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Text in columns: keeps the cells until all are known, since widths follow from them. */

#include "atlas-cli-table.h"

#define GAP 2
/* However narrow the terminal, that much of a name is shown. */
#define LEAST_LAST_WIDTH 8

struct _AtlasTable
{
  const AtlasTableColumn *columns;
  guint n_columns;
  GPtrArray *cells; /* row by row */
};

AtlasTable *
atlas_table_new (const AtlasTableColumn *columns, guint n_columns)
{
  AtlasTable *self = g_new0 (AtlasTable, 1);

  self->columns = columns;
  self->n_columns = n_columns;
  self->cells = g_ptr_array_new_with_free_func (g_free);
  if (columns[0].title != NULL)
    for (guint i = 0; i < n_columns; i++)
      atlas_table_add (self, columns[i].title);
  return self;
}

void
atlas_table_free (AtlasTable *self)
{
  g_ptr_array_unref (self->cells);
  g_free (self);
}

void
atlas_table_take (AtlasTable *self, char *cell)
{
  g_ptr_array_add (self->cells, cell);
}

void
atlas_table_add (AtlasTable *self, const char *cell)
{
  atlas_table_take (self, g_strdup (cell));
}

static guint
character_width (gunichar c)
{
  if (g_unichar_iszerowidth (c))
    return 0;
  return g_unichar_iswide (c) ? 2 : 1;
}

guint
atlas_table_measure_text (const char *text)
{
  guint width = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    width += character_width (g_utf8_get_char (p));
  return width;
}

static guint *
measure (AtlasTable *self)
{
  guint *widths = g_new0 (guint, self->n_columns);

  for (guint i = 0; i < self->cells->len; i++)
    {
      guint *width = &widths[i % self->n_columns];

      *width = MAX (*width, atlas_table_measure_text (g_ptr_array_index (self->cells, i)));
    }
  return widths;
}

/* The columns that are left for the last cell. */
static guint
measure_last (AtlasTable *self, const guint *widths, guint indent, guint width)
{
  guint before = indent;

  if (width == 0)
    return G_MAXUINT;
  for (guint i = 0; i + 1 < self->n_columns; i++)
    before += widths[i] + GAP;
  return MAX (width, before + LEAST_LAST_WIDTH) - before;
}

static void
append_spaces (GString *into, guint n)
{
  g_string_append_printf (into, "%*s", (int) n, "");
}

static void
append_cut (GString *into, const char *text, guint most)
{
  const char *p = text;
  guint width = 0;

  if (atlas_table_measure_text (text) <= most)
    {
      g_string_append (into, text);
      return;
    }
  for (; *p != '\0'; p = g_utf8_next_char (p))
    {
      width += character_width (g_utf8_get_char (p));
      if (width > most - 1)
        break;
    }
  g_string_append_len (into, text, p - text);
  g_string_append (into, "…");
}

static void
end_row (GString *into)
{
  while (into->len > 0 && into->str[into->len - 1] == ' ')
    g_string_truncate (into, into->len - 1);
  g_string_append_c (into, '\n');
}

static void
append_cell (GString *into, const char *text, guint width, gboolean right)
{
  guint padding = width - atlas_table_measure_text (text);

  if (right)
    append_spaces (into, padding);
  g_string_append (into, text);
  append_spaces (into, (right ? 0 : padding) + GAP);
}

void
atlas_table_print (AtlasTable *self, guint indent, guint width, GString *into)
{
  g_autofree guint *widths = NULL;
  guint most;

  g_return_if_fail (self->cells->len % self->n_columns == 0);

  widths = measure (self);
  most = measure_last (self, widths, indent, width);
  for (guint i = 0; i < self->cells->len; i++)
    {
      const char *cell = g_ptr_array_index (self->cells, i);
      guint column = i % self->n_columns;

      if (column == 0)
        append_spaces (into, indent);
      if (column + 1 < self->n_columns)
        {
          append_cell (into, cell, widths[column], self->columns[column].right);
          continue;
        }
      append_cut (into, cell, most);
      end_row (into);
    }
}
