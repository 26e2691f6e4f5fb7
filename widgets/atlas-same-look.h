/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether a refresh changes anything that is painted. */

#pragma once

#include "atlas-snapshot.h"

G_BEGIN_DECLS

/* Whether a picture of @a is a picture of @b as well: the same regions, kinds, locks and page
 * states. In O(regions), as unchanged ones share their pages. */
gboolean atlas_snapshots_look_same (AtlasSnapshot *a, AtlasSnapshot *b);

G_END_DECLS
