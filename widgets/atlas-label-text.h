/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which allocations have bytes at some addresses, in words: a cell is whole pages, and where an
 * allocation begins and ends on them only words can say. All text is translated, clean UTF-8 and
 * newly allocated. @labels may be NULL. */

#pragma once

#include "atlas-labels.h"

G_BEGIN_DECLS

/* "a · malloc 100 KiB at 0x55f01c2eb2a0–0x55f01c3042a0" for each that has a byte in [@start, @end),
 * the first few of them, then how many more. NULL where there are none. */
GStrv atlas_label_text_list (AtlasLabels *labels, guint64 start, guint64 end);
/* The same as one text; NULL where there are none. */
char *atlas_label_text_describe (AtlasLabels *labels, guint64 start, guint64 end);
/* @lines (transfer full) with them behind the first, which is a title. (transfer full) */
GStrv atlas_label_text_insert (GStrv lines, AtlasLabels *labels, guint64 start, guint64 end);

G_END_DECLS
