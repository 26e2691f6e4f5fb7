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

G_END_DECLS
