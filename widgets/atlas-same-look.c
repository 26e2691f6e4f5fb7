/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Most processes do nothing most of the time. What was painted of them is then kept rather than
 * painted again once a second. */

#include "atlas-same-look.h"

static gboolean
regions_look_same (const AtlasRegion *a, const AtlasRegion *b)
{
  return a == b
         || (a->pages == b->pages && a->kind == b->kind && a->locked == b->locked
             && atlas_region_same_mapping (a, b));
}

gboolean
atlas_snapshots_look_same (AtlasSnapshot *a, AtlasSnapshot *b)
{
  guint n_regions = atlas_snapshot_get_n_regions (a);

  if (a == b)
    return TRUE;
  if (n_regions != atlas_snapshot_get_n_regions (b)
      || atlas_snapshot_get_page_size (a) != atlas_snapshot_get_page_size (b))
    return FALSE;

  for (guint i = 0; i < n_regions; i++)
    if (!regions_look_same (atlas_snapshot_get_region (a, i), atlas_snapshot_get_region (b, i)))
      return FALSE;
  return TRUE;
}
