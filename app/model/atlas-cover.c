/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "atlas-cover.h"

static AtlasCoverRange *
get_range (const GArray *self, guint index)
{
  return &g_array_index (self, AtlasCoverRange, index);
}

GArray *
atlas_cover_new (AtlasRegion *const *regions, guint n_regions)
{
  GArray *self = g_array_new (FALSE, FALSE, sizeof (AtlasCoverRange));

  for (guint i = 0; i < n_regions; i++)
    {
      AtlasCoverRange range = { regions[i]->start, regions[i]->end };

      if (self->len > 0 && get_range (self, self->len - 1)->end == range.start)
        get_range (self, self->len - 1)->end = range.end;
      else
        g_array_append_val (self, range);
    }
  return self;
}

gboolean
atlas_cover_holds (const GArray *self, const GArray *other)
{
  guint own = 0;

  g_return_val_if_fail (self != NULL && other != NULL, FALSE);

  for (guint i = 0; i < other->len; i++)
    {
      const AtlasCoverRange *range = get_range (other, i);

      while (own < self->len && get_range (self, own)->end < range->end)
        own++;
      if (own == self->len || get_range (self, own)->start > range->start)
        return FALSE;
    }
  return TRUE;
}
