/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "atlas-region-sums.h"

#include <string.h>

#include "atlas-region.h"

#define GROUP 64u

static guint
count_groups (guint n_regions)
{
  return (n_regions + GROUP - 1) / GROUP;
}

gsize
atlas_region_sums_get_memory (guint n_regions)
{
  return count_groups (n_regions) * sizeof (AtlasRegionSum);
}

static void
add (AtlasRegionSum *sum, const AtlasPageCounts *counts)
{
  sum->pages += counts->pages;
  sum->resident += counts->resident;
  sum->unknown += counts->unknown;
}

static void
take_away (AtlasRegionSum *sum, const AtlasPageCounts *counts)
{
  sum->pages -= counts->pages;
  sum->resident -= counts->resident;
  sum->unknown -= counts->unknown;
}

static const AtlasPages *
get_pages (const GPtrArray *regions, guint index)
{
  return ((const AtlasRegion *) g_ptr_array_index (regions, index))->pages;
}

static void
add_all (AtlasRegionSum *sums, const GPtrArray *regions)
{
  AtlasPagesTally tally = { 0 };

  for (guint i = 0; i < regions->len; i++)
    add (&sums[i / GROUP], atlas_pages_tally (&tally, get_pages (regions, i)));
}

/* In a process in which little changes most regions are the very same as before. */
static void
replace (AtlasRegionSum *sums, const GPtrArray *before, const GPtrArray *regions)
{
  AtlasPagesTally old = { 0 };
  AtlasPagesTally new = { 0 };

  for (guint i = 0; i < regions->len; i++)
    if (regions->pdata[i] != before->pdata[i])
      {
        take_away (&sums[i / GROUP], atlas_pages_tally (&old, get_pages (before, i)));
        add (&sums[i / GROUP], atlas_pages_tally (&new, get_pages (regions, i)));
      }
}

AtlasRegionSum *
atlas_region_sums_new (const GPtrArray *regions,
                       const GPtrArray *before,
                       AtlasRegionSum *sums_before)
{
  AtlasRegionSum *sums;
  gsize size;

  if (sums_before != NULL && regions == before)
    return g_atomic_rc_box_acquire (sums_before);
  size = MAX (atlas_region_sums_get_memory (regions->len), 1);
  sums = g_atomic_rc_box_alloc0 (size);
  if (sums_before != NULL && regions->len == before->len)
    {
      memcpy (sums, sums_before, size);
      replace (sums, before, regions);
    }
  else
    add_all (sums, regions);
  return sums;
}

AtlasRegionSum
atlas_region_sums_add_up (const AtlasRegionSum *sums,
                          const GPtrArray *regions,
                          guint first,
                          guint n)
{
  AtlasRegionSum sum = { 0 };
  AtlasPagesTally tally = { 0 };
  guint end = first + n;

  for (guint i = first; i < end;)
    if (sums != NULL && i % GROUP == 0 && i + GROUP <= end)
      {
        sum.pages += sums[i / GROUP].pages;
        sum.resident += sums[i / GROUP].resident;
        sum.unknown += sums[i / GROUP].unknown;
        i += GROUP;
      }
    else
      add (&sum, atlas_pages_tally (&tally, get_pages (regions, i++)));
  return sum;
}
