/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Numbers as people read them, in one place. All return newly allocated text in the user's locale
 * (thousands separators included; U+202F or the locale's), never a raw float. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* At most three significant digits and one decimal, binary units: "0 B", "512 B", "4 KiB",
 * "12.3 MiB", "3.1 GiB", "612 MiB", "2 TiB". Exact values drop the ".0", rounded ones keep it. */
char *atlas_format_bytes (guint64 bytes);
/* Every digit: "1,028 kB" -- kB as the kernel writes it, 1,024 bytes. */
char *atlas_format_kb (guint64 kb);
/* "+1,028 kB", "−4 kB" (U+2212), "±0 kB". */
char *atlas_format_kb_change (gint64 kb);
/* Compact change with unit: "+2.1 MiB", "−4 KiB"; "" for 0. */
char *atlas_format_bytes_change (gint64 bytes);
/* "1,024" */
char *atlas_format_count (guint64 count);
/* "38 %"; "<1 %" and ">99 %" rather than a rounded 0 or 100 that is not true; "–" for 0 of 0. */
char *atlas_format_share (guint64 part, guint64 whole);
/* "55f01c2e0000", as in maps: lower case, at least 8 digits, no 0x. */
char *atlas_format_address (guint64 address);
/* "7f2c1a000000–7f2c1a400000" (en dash). */
char *atlas_format_range (guint64 start, guint64 end);
/* "1 cell = 1 page", "1 cell = 512 pages (2 MiB)"; @page_size in bytes. */
char *atlas_format_scale (guint64 pages_per_cell, guint64 page_size);
/* Local date and time to the second, ISO-like: "2026-11-23 14:05:09". @epoch_us microseconds. */
char *atlas_format_time (gint64 epoch_us);
/* "0.3 s", "4 min", "2 h", "3 days" */
char *atlas_format_duration (gint64 us);
/* "12.3 ms", "1,234.5 ms"; not rounded up. */
char *atlas_format_milliseconds (gint64 us);
/* Reads an address a person typed: hex with or without 0x, underscores allowed; of a range (with
 * a hyphen or an en dash, or a pasted line of maps) its start. @address is untouched on FALSE. */
gboolean atlas_parse_address (const char *text, guint64 *address);

G_END_DECLS
