/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which addresses of a process are mapped, whatever is mapped there: as ranges between which there
 * are gaps. Regions split and merge all the time; this changes only where memory comes or goes. */

#pragma once

#include "atlas-region.h"

G_BEGIN_DECLS

typedef struct
{
  guint64 start, end; /* bytes */
} AtlasCoverRange;

/* @regions: ascending. (transfer full): of AtlasCoverRange */
GArray *atlas_cover_new (AtlasRegion *const *regions, guint n_regions);
/* Whether all that @other covers is covered by @self. */
gboolean atlas_cover_holds (const GArray *self, const GArray *other);

G_END_DECLS
