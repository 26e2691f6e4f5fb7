/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Running text on a terminal. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Appends @text, broken at blanks into lines of @width columns at most (a longer word stands by
 * itself), each ended by a newline. @first stands before the first line, and as many blanks as that
 * has columns before the others. */
void atlas_cli_prose_append (GString *into, const char *first, const char *text, guint width);
/* @text's lines as they are, @indent columns to the right. */
void atlas_cli_prose_append_code (GString *into, const char *text, guint indent);

/* The same for code and calls, where somebody reads them: at @width columns, lines are broken at
 * blanks and go on further to the right. 0: as they are, for they may be searched or copied. */
void atlas_cli_prose_append_facts (GString *into, const char *text, guint indent, guint width);
/* @items (strings), each in one piece, in lines of @width columns; 0: in one. */
void atlas_cli_prose_append_items (GString *into, GPtrArray *items, guint indent, guint width);

G_END_DECLS
