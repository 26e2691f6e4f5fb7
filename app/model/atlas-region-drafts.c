/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Gathers regions, finds those of before by a merge in address order, and publishes. Most samples
 * find nothing new, so what costs time for each of 60,000 regions is left undone until something
 * differs. */

#include "atlas-region-drafts.h"

#include <string.h>

#include "atlas-backing.h"
#include "atlas-page-filler.h"
#include "atlas-smaps.h"

/* The shortest line of maps that makes sense: "0-1000 ---p 0 0:0 0" and its newline. */
#define LEAST_LINE 20

static AtlasRegion *
get_old (const AtlasRegionDrafts *self, guint index)
{
  return g_ptr_array_index (self->old, index);
}

/* The region of before that @record is, or NULL; @index moves along. */
static AtlasRegion *
find_before (const AtlasRegionDrafts *self, const AtlasMapsRecord *record, guint *index)
{
  if (self->old == NULL)
    return NULL;
  while (*index < self->old->len && get_old (self, *index)->start < record->start)
    *index += 1;
  if (*index < self->old->len && atlas_region_is_record (get_old (self, *index), record))
    return get_old (self, *index);
  return NULL;
}

/* @old_index: as of find_before(). */
static void
add_record (AtlasRegionDrafts *self,
            const AtlasMapsRecord *record,
            guint *old_index,
            AtlasRegionMaker *maker)
{
  guint i = self->n_regions++;
  const AtlasRegion *below = i > 0 ? self->regions[i - 1] : NULL;
  AtlasRegion *same = find_before (self, record, old_index);

  self->n_bytes += record->end - record->start;
  self->before[i] = same;
  self->regions[i] = same != NULL ? same : atlas_region_maker_make (maker, record, below);
}

void
atlas_region_drafts_init_parse (AtlasRegionDrafts *self,
                                const char *maps,
                                gsize length,
                                GPtrArray *before,
                                guint *torn,
                                guint *malformed)
{
  gsize most = length / LEAST_LINE;
  g_auto (AtlasRegionMaker) maker = { 0 };
  AtlasMapsParser parser;
  AtlasMapsRecord record;
  guint index = 0;

  memset (self, 0, sizeof *self);
  self->old = before;
  self->regions = g_new (AtlasRegion *, most);
  self->before = g_new (AtlasRegion *, most);
  atlas_maps_parser_init (&parser, maps, length);
  while (atlas_maps_parser_next (&parser, &record))
    {
      g_assert (self->n_regions < most);
      add_record (self, &record, &index, &maker);
    }
  if (self->n_regions > 0 && atlas_backing_is_gate (self->regions[self->n_regions - 1]))
    {
      const AtlasRegion *gate = self->regions[self->n_regions - 1];

      self->n_bytes -= gate->end - gate->start;
    }
  *torn = parser.torn;
  *malformed = parser.malformed;
  self->pages = g_new0 (AtlasPages *, self->n_regions);
}

void
atlas_region_drafts_init_same (AtlasRegionDrafts *self, GPtrArray *before)
{
  memset (self, 0, sizeof *self);
  self->old = before;
  self->n_regions = before->len;
  self->regions = g_memdup2 (before->pdata, before->len * sizeof (gpointer));
  self->before = g_memdup2 (before->pdata, before->len * sizeof (gpointer));
  self->pages = g_new0 (AtlasPages *, before->len);
}

void
atlas_region_drafts_clear (AtlasRegionDrafts *self)
{
  for (guint i = 0; i < self->n_regions; i++)
    {
      if (self->regions[i] != NULL && self->regions[i] != self->before[i])
        atlas_region_unref (self->regions[i]);
      g_clear_pointer (&self->pages[i], atlas_pages_unref);
    }
  g_free (self->regions);
  g_free (self->before);
  g_free (self->pages);
  g_free (self->kinds);
  g_free (self->locked);
  g_free (self->hugetlb);
  memset (self, 0, sizeof *self);
}

void
atlas_region_drafts_tell_kinds (AtlasRegionDrafts *self, const char *program, gboolean alone)
{
  g_free (self->kinds);
  self->kinds = g_new (AtlasKind, self->n_regions);
  atlas_maps_find_kinds (self->regions, self->n_regions, program, alone, self->kinds);
}

static void
allocate_flags (AtlasRegionDrafts *self)
{
  self->has_flags = TRUE;
  if (self->locked != NULL)
    return;
  self->locked = g_new0 (AtlasLocked, self->n_regions);
  self->hugetlb = g_new0 (gboolean, self->n_regions);
}

void
atlas_region_drafts_set_flags (AtlasRegionDrafts *self, AtlasLocked locked)
{
  allocate_flags (self);
  for (guint i = 0; i < self->n_regions; i++)
    {
      self->locked[i] = locked;
      self->hugetlb[i] = FALSE;
    }
}

void
atlas_region_drafts_keep_flags (AtlasRegionDrafts *self)
{
  allocate_flags (self);
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

AtlasPages *
atlas_region_drafts_get_pages (AtlasRegionDrafts *self, guint i, guint64 page_size)
{
  if (self->pages[i] != NULL)
    return self->pages[i];
  if (self->before[i] != NULL)
    return self->before[i]->pages;
  self->pages[i] = atlas_pages_new_uniform (atlas_region_get_n_pages (self->regions[i], page_size),
                                            ATLAS_PAGE_UNKNOWN);
  return self->pages[i];
}

/* Whether the memory of @now is, where they overlap, what it was in @old. */
static gboolean
has_same_backing (const AtlasRegion *now, const AtlasRegion *old)
{
  AtlasPageSource source = atlas_page_source_of (now);

  if (source != atlas_page_source_of (old))
    return FALSE;
  if (source == ATLAS_PAGE_SOURCE_ANONYMOUS)
    return TRUE;
  return now->inode != 0 && now->inode == old->inode && now->device_major == old->device_major
         && now->device_minor == old->device_minor
         && now->start - now->offset == old->start - old->offset;
}

typedef struct
{
  AtlasRegionDrafts *drafts;
  const AtlasPageAges *old_ages;
  AtlasPageAges *ages;
  guint64 page_size;
  guint old; /* the next region of before that may overlap */
} Carrying;

static void
carry_from (Carrying *carrying,
            const AtlasRegion *region,
            const AtlasRegion *old,
            AtlasPagesBuilder *builder)
{
  guint64 known = region->start + builder->n_pages * carrying->page_size;
  guint64 from = MAX (known, old->start);
  guint64 to = MIN (region->end, old->end);

  if (from >= to || !has_same_backing (region, old))
    return;
  if (known < from)
    atlas_page_ages_append (carrying->ages, known, 0);
  atlas_pages_builder_append (builder, (from - known) / carrying->page_size, ATLAS_PAGE_UNKNOWN);
  atlas_pages_builder_append_from (builder, old->pages, (from - old->start) / carrying->page_size,
                                   (to - from) / carrying->page_size);
  atlas_page_ages_append_from (carrying->ages, carrying->old_ages, from, to);
}

static AtlasPages *
carry_region (Carrying *carrying, const AtlasRegion *region, AtlasPagesBuilder *builder)
{
  GPtrArray *olds = carrying->drafts->old;
  guint64 known;

  while (carrying->old < olds->len
         && get_old (carrying->drafts, carrying->old)->end <= region->start)
    carrying->old++;
  for (guint i = carrying->old; i < olds->len && get_old (carrying->drafts, i)->start < region->end;
       i++)
    carry_from (carrying, region, get_old (carrying->drafts, i), builder);
  known = region->start + builder->n_pages * carrying->page_size;
  if (known < region->end)
    atlas_page_ages_append (carrying->ages, known, 0);
  atlas_pages_builder_append (builder, (region->end - known) / carrying->page_size,
                              ATLAS_PAGE_UNKNOWN);
  return atlas_pages_builder_end (builder);
}

void
atlas_region_drafts_carry (AtlasRegionDrafts *self, AtlasPageAges *ages, guint64 page_size)
{
  g_auto (AtlasPagesBuilder) builder = { 0 };
  g_auto (AtlasPageAges) old_ages = { g_steal_pointer (&ages->parts) };
  Carrying carrying = { self, &old_ages, ages, page_size, 0 };

  g_return_if_fail (self->old != NULL);

  atlas_page_ages_init_empty (ages);
  atlas_page_ages_append (ages, 0, g_array_index (old_ages.parts, AtlasPageAge, 0).time);
  for (guint i = 0; i < self->n_regions; i++)
    if (self->before[i] != NULL)
      atlas_page_ages_append_from (ages, &old_ages, self->regions[i]->start, self->regions[i]->end);
    else
      self->pages[i] = carry_region (&carrying, self->regions[i], &builder);
}

/* Whether draft @i is what it was. */
static gboolean
is_unchanged (const AtlasRegionDrafts *self, guint i)
{
  const AtlasRegion *before = self->before[i];

  if (before == NULL)
    return FALSE;
  /* when all of it was read for the first time is told, too */
  if (self->pages[i] != NULL
      && (before->pages_time == 0 || !atlas_pages_equal (self->pages[i], before->pages)))
    return FALSE;
  if (self->kinds != NULL && self->kinds[i] != before->kind)
    return FALSE;
  return !self->has_flags
         || (before->locked == self->locked[i] && before->hugetlb == self->hugetlb[i]);
}

/* A region of its own that may be written to. */
static AtlasRegion *
make_own (AtlasRegionDrafts *self, guint i)
{
  AtlasRegion *own = g_steal_pointer (&self->regions[i]);

  if (own != self->before[i])
    return own;
  own = atlas_region_copy (own);
  g_clear_pointer (&own->pages, atlas_pages_unref);
  return own;
}

/* Without touching them: they went out of the processor's cache long ago. */
static AtlasPages *
take_pages (AtlasRegionDrafts *self, guint i, guint64 page_size)
{
  if (self->pages[i] == NULL)
    return atlas_pages_ref (atlas_region_drafts_get_pages (self, i, page_size));
  return g_steal_pointer (&self->pages[i]);
}

static AtlasRegion *
finish (AtlasRegionDrafts *self, guint i, const AtlasPageAges *ages, guint64 page_size)
{
  AtlasPages *pages = take_pages (self, i, page_size);
  AtlasRegion *own = make_own (self, i);

  if (self->kinds != NULL)
    own->kind = self->kinds[i];
  if (self->has_flags)
    {
      own->locked = self->locked[i];
      own->hugetlb = self->hugetlb[i];
    }
  own->pages = pages;
  own->pages_time = atlas_page_ages_get_oldest (ages, own->start, own->end);
  return own;
}

GPtrArray *
atlas_region_drafts_publish (AtlasRegionDrafts *self, const AtlasPageAges *ages, guint64 page_size)
{
  gboolean same = self->old != NULL && self->old->len == self->n_regions;
  GPtrArray *regions;
  guint n_same = 0;

  while (same && n_same < self->n_regions && is_unchanged (self, n_same))
    n_same++;
  if (same && n_same == self->n_regions)
    return g_ptr_array_ref (self->old);
  regions = g_ptr_array_new_full (self->n_regions, (GDestroyNotify) atlas_region_unref);
  for (guint i = 0; i < self->n_regions; i++)
    if (i < n_same || is_unchanged (self, i))
      g_ptr_array_add (regions, atlas_region_ref (self->before[i]));
    else
      g_ptr_array_add (regions, finish (self, i, ages, page_size));
  return regions;
}
