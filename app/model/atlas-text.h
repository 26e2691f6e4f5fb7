/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Making foreign bytes safe to show. Names of processes and files can hold anything: invalid UTF-8
 * (which breaks cairo and accessibility), escape sequences, control and bidi marks. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Valid UTF-8 without control (C0, DEL, C1), bidi, zero-width and line-separating characters: such
 * a character becomes its visible escape (\n \t \x1b, \u202e), a byte that is no UTF-8 becomes
 * \xff, and backslash stays itself. Never NULL; safe for pango, terminals and titles. Not escaped
 * for markup. */
char *atlas_text_clean (const char *bytes, gssize length);
/* The same, cut to at most @max_chars characters with "…" in the middle. */
char *atlas_text_clean_short (const char *bytes, gssize length, guint max_chars);

G_END_DECLS
