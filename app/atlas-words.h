/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Words for what the kernel writes in letters and bits. */

#pragma once

#include "atlas-snapshot.h"

G_BEGIN_DECLS

/* "firefox (4211)"; safe to show, not escaped for markup. */
char *atlas_words_process (AtlasSnapshot *snapshot);
/* "read, write · private" */
char *atlas_words_permissions (AtlasPermissions permissions);
/* What is behind a region: "anonymous memory", or the file's whole name. */
char *atlas_words_backing (const AtlasRegion *region);
/* "resident · anonymous · not shared" */
char *atlas_words_page_state (AtlasPageState state);
/* "VmSize, VmRSS, VmData": the counters that count a page of @region in @state. */
char *atlas_words_counted_in (const AtlasRegion *region, AtlasPageState state);
/* "14:05:09", local. */
char *atlas_words_clock (gint64 epoch_us);

G_END_DECLS
