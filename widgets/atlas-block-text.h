/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A block of the spine in words. */

#pragma once

#include "atlas-spine.h"

G_BEGIN_DECLS

/* A title and the lines below it: which regions, from where to where, how large, how much of it is
 * resident. Clean UTF-8, no markup. (transfer full) */
GStrv atlas_block_text_tooltip (AtlasSnapshot *snapshot, const AtlasSpineBlock *block);
/* The same in one short line: "[heap], 7.5 MiB, 82 % resident". */
char *atlas_block_text_describe (AtlasSnapshot *snapshot, const AtlasSpineBlock *block);

G_END_DECLS
