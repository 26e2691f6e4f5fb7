/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Text in columns, for people. Columns are as wide as their widest cell, by what a terminal shows
 * (a Chinese character is two columns, a combining mark none). */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  const char *title; /* translated; NULL in all of them: no heading */
  gboolean right;    /* numbers */
} AtlasTableColumn;

typedef struct _AtlasTable AtlasTable;

/* @columns: (array length=n_columns): must outlive the table. */
AtlasTable *atlas_table_new (const AtlasTableColumn *columns, guint n_columns);
void atlas_table_free (AtlasTable *self);
/* The next cell, left to right, row by row: clean text; @cell is taken. */
void atlas_table_take (AtlasTable *self, char *cell);
void atlas_table_add (AtlasTable *self, const char *cell);
/* @indent: spaces before each row; @width: columns of the terminal, at which the last cell is cut
 * with "…"; 0: never. */
void atlas_table_print (AtlasTable *self, guint indent, guint width, GString *into);

/* Columns of a terminal that @text takes. */
guint atlas_table_measure_text (const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasTable, atlas_table_free)

G_END_DECLS
