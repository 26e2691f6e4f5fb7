/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the spine's layout and its painter share. */

#pragma once

#include "atlas-spine.h"

G_BEGIN_DECLS

struct _AtlasSpineLayout
{
  AtlasSnapshot *snapshot;
  double width, height, line_height;
  gboolean true_scale;
  gboolean captions;   /* there is room for them above and below the strip */
  double top, bottom;  /* of the strip */
  GArray *blocks;      /* AtlasSpineBlock, top down */
  AtlasLabels *labels; /* or NULL */
};

/* The highest block that begins at or below @address, or NULL. */
const AtlasSpineBlock *atlas_spine_layout_find (AtlasSpineLayout *self, guint64 address);

G_END_DECLS
