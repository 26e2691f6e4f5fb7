/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How old page states are, in words. Ages are a snapshot's: how long before it pages were last
 * read, see atlas_snapshot_get_age(). So they stand still with the snapshot, be it the past or a
 * pause that is looked at. All text is translated and newly allocated. */

#pragma once

#include "atlas-snapshot.h"

G_BEGIN_DECLS

/* "just now", "4 s ago", "not yet"; NULL where they cannot be read. */
char *atlas_age_format (gint64 age);
/* "pages read 4 s ago", "pages not read yet"; NULL where they cannot be read. */
char *atlas_age_describe (gint64 age);
/* The same of [@start, @end), but NULL unless that is old. */
char *atlas_age_describe_old (AtlasSnapshot *snapshot, guint64 start, guint64 end);
/* "oldest pages 12 s", of all that was read so far; NULL unless that is old. */
char *atlas_age_describe_oldest (AtlasSnapshot *snapshot);
/* The same, "oldest pages over 10 s": it seldom changes, for places where a change costs. */
char *atlas_age_describe_oldest_roughly (AtlasSnapshot *snapshot);

G_END_DECLS
