/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Gathers regions, finds those of before by a merge in address order, and publishes. */

#include "atlas-region-drafts.h"

#include <string.h>

#include "atlas-smaps.h"

static void
allocate (AtlasRegionDrafts *self, guint n_regions)
{
  self->n_regions = n_regions;
  self->before = g_new0 (AtlasRegion *, n_regions);
  self->pages = g_new0 (AtlasPages *, n_regions);
  self->locked = g_new0 (AtlasLocked, n_regions);
  self->hugetlb = g_new0 (gboolean, n_regions);
}

static void
find_before (AtlasRegionDrafts *self, GPtrArray *before)
{
  guint j = 0;

  for (guint i = 0; i < self->n_regions; i++)
    {
      while (j < before->len
             && ((AtlasRegion *) g_ptr_array_index (before, j))->start < self->regions[i]->start)
        j++;
      if (j < before->len
          && atlas_region_same_mapping (self->regions[i], g_ptr_array_index (before, j)))
        self->before[i] = g_ptr_array_index (before, j);
    }
}

void
atlas_region_drafts_init_parse (AtlasRegionDrafts *self,
                                const char *maps,
                                gsize length,
                                GPtrArray *before,
                                guint *torn,
                                guint *malformed)
{
  g_autoptr (GPtrArray) regions = g_ptr_array_new ();
  AtlasMapsParser parser;
  AtlasMapsRecord record;

  atlas_maps_parser_init (&parser, maps, length);
  while (atlas_maps_parser_next (&parser, &record))
    g_ptr_array_add (regions, atlas_region_new (&record));
  *torn = parser.torn;
  *malformed = parser.malformed;
  memset (self, 0, sizeof *self);
  allocate (self, regions->len);
  self->regions = (AtlasRegion **) g_ptr_array_steal (regions, NULL);
  if (before != NULL)
    find_before (self, before);
}

void
atlas_region_drafts_init_same (AtlasRegionDrafts *self, GPtrArray *before)
{
  memset (self, 0, sizeof *self);
  allocate (self, before->len);
  self->regions = g_new0 (AtlasRegion *, before->len);
  for (guint i = 0; i < before->len; i++)
    {
      self->before[i] = g_ptr_array_index (before, i);
      self->regions[i] = atlas_region_ref (self->before[i]);
    }
}

void
atlas_region_drafts_clear (AtlasRegionDrafts *self)
{
  for (guint i = 0; i < self->n_regions; i++)
    {
      g_clear_pointer (&self->regions[i], atlas_region_unref);
      g_clear_pointer (&self->pages[i], atlas_pages_unref);
    }
  g_free (self->regions);
  g_free (self->before);
  g_free (self->pages);
  g_free (self->locked);
  g_free (self->hugetlb);
  memset (self, 0, sizeof *self);
}

void
atlas_region_drafts_set_flags (AtlasRegionDrafts *self, AtlasLocked locked)
{
  for (guint i = 0; i < self->n_regions; i++)
    {
      self->locked[i] = locked;
      self->hugetlb[i] = FALSE;
    }
}

void
atlas_region_drafts_keep_flags (AtlasRegionDrafts *self)
{
  for (guint i = 0; i < self->n_regions; i++)
    {
      self->locked[i] = self->before[i]->locked;
      self->hugetlb[i] = self->before[i]->hugetlb;
    }
}

void
atlas_region_drafts_read_flags (AtlasRegionDrafts *self,
                                const char *smaps,
                                gsize length,
                                gboolean some_locked)
{
  AtlasSmapsParser parser;
  AtlasSmaps block;
  guint i = 0;

  atlas_region_drafts_set_flags (self, some_locked ? ATLAS_LOCKED_UNKNOWN : ATLAS_LOCKED_NO);
  atlas_smaps_parser_init (&parser, smaps, length);
  while (atlas_smaps_parser_next (&parser, &block))
    {
      while (i < self->n_regions && self->regions[i]->start < block.start)
        i++;
      if (i == self->n_regions || self->regions[i]->start != block.start
          || self->regions[i]->end != block.end)
        continue;
      self->locked[i] = atlas_smaps_has_flag (&block, "lo") ? ATLAS_LOCKED_YES : ATLAS_LOCKED_NO;
      self->hugetlb[i] = atlas_smaps_has_flag (&block, "ht");
    }
}

void
atlas_region_drafts_set_unknown (AtlasRegionDrafts *self, guint64 page_size)
{
  for (guint i = 0; i < self->n_regions; i++)
    {
      guint64 n_pages = atlas_region_get_n_pages (self->regions[i], page_size);

      g_clear_pointer (&self->pages[i], atlas_pages_unref);
      self->pages[i] = atlas_pages_new_uniform (n_pages, ATLAS_PAGE_UNKNOWN);
    }
}

/* A region of its own that may be written to. */
static AtlasRegion *
make_own (AtlasRegionDrafts *self, guint i)
{
  AtlasRegion *own = g_steal_pointer (&self->regions[i]);

  if (own != self->before[i])
    return own;
  own = atlas_region_copy (self->before[i]);
  atlas_region_unref (self->before[i]);
  g_clear_pointer (&own->pages, atlas_pages_unref);
  return own;
}

/* The region to be published for draft @i. */
static AtlasRegion *
finish (AtlasRegionDrafts *self, guint i, gint64 time)
{
  AtlasRegion *before = self->before[i];
  gboolean same_pages = before != NULL && atlas_pages_equal (before->pages, self->pages[i]);
  AtlasRegion *own;

  if (same_pages && before->kind == self->regions[i]->kind && before->locked == self->locked[i]
      && before->hugetlb == self->hugetlb[i])
    return atlas_region_ref (before);
  own = make_own (self, i);
  own->locked = self->locked[i];
  own->hugetlb = self->hugetlb[i];
  own->pages = same_pages ? atlas_pages_ref (before->pages) : g_steal_pointer (&self->pages[i]);
  own->pages_time = time;
  return own;
}

void
atlas_region_drafts_publish (AtlasRegionDrafts *self, gint64 time, GPtrArray *regions)
{
  for (guint i = 0; i < self->n_regions; i++)
    g_ptr_array_add (regions, finish (self, i, time));
}
