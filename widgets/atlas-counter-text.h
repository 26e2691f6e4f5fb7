/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A counter of a snapshot in words. Clean UTF-8, no markup, newly allocated. */

#pragma once

#include "atlas-snapshot.h"

G_BEGIN_DECLS

/* "612 MiB", or "–" when the kernel does not tell it. @snapshot may be NULL. */
char *atlas_counter_text_value (AtlasSnapshot *snapshot, AtlasCounter counter);
/* Change since @previous in bytes; 0 when there is nothing to compare, or it is of another process.
 * Both may be NULL. */
gint64
atlas_counter_text_change (AtlasSnapshot *snapshot, AtlasSnapshot *previous, AtlasCounter counter);
/* A title; below it what the counter means, the exact number, its change, and how many pages of the
 * map make it up, with the difference if there is one. (transfer full) */
GStrv
atlas_counter_text_tooltip (AtlasSnapshot *snapshot, AtlasSnapshot *previous, AtlasCounter counter);

G_END_DECLS
