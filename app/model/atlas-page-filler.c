/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A merge of two ascending sequences: runs of pages, and regions. */

#include "atlas-page-filler.h"

#include <string.h>

/* Above the half of the address space that belongs to processes, on every 64-bit machine. */
#define KERNEL_HALF (G_GUINT64_CONSTANT (1) << 63)

/* Names that the kernel gives to anonymous memory; other names in brackets are its own mappings
 * ([vdso], [vvar], [uprobes]), whose pages are not anonymous. */
static gboolean
is_anonymous_name (const char *name)
{
  return name[0] == '\0' || g_str_has_prefix (name, "[heap]") || g_str_has_prefix (name, "[stack")
         || g_str_has_prefix (name, "[anon:");
}

AtlasPageSource
atlas_page_source_of (const AtlasRegion *region)
{
  if (region->start >= KERNEL_HALF)
    return ATLAS_PAGE_SOURCE_OUTSIDE;
  if (region->permissions & ATLAS_PERM_SHARED)
    return ATLAS_PAGE_SOURCE_SHARED;
  if (region->inode == 0 && is_anonymous_name (region->name))
    return ATLAS_PAGE_SOURCE_ANONYMOUS;
  return ATLAS_PAGE_SOURCE_FILE;
}

static void
enter_region (AtlasPageFiller *self)
{
  const AtlasRegion *region;

  if (self->index == self->n_regions)
    {
      self->end = 0;
      return;
    }
  region = self->regions[self->index];
  self->position = region->start;
  self->end = region->end;
  self->source = atlas_page_source_of (region);
}

/* Appends [position, @end) of the current region. */
static inline void
append (AtlasPageFiller *self, guint64 end, AtlasPageState state)
{
  g_assert (end >= self->position);

  atlas_pages_builder_append (&self->builder, (end - self->position) >> self->page_shift, state);
  self->position = end;
}

/* The current region as far as it was filled. Neighbours are often alike, empty or full. */
static void
end_region (AtlasPageFiller *self)
{
  AtlasPages *before = self->before != NULL ? self->before[self->index] : NULL;
  AtlasPages *neighbour = self->index > 0 ? self->pages[self->index - 1] : NULL;

  self->pages[self->index] = atlas_pages_builder_end_like (&self->builder, before, neighbour);
  self->index++;
  enter_region (self);
}

static void
close_region (AtlasPageFiller *self)
{
  gboolean outside = self->source == ATLAS_PAGE_SOURCE_OUTSIDE;

  append (self, self->end, outside ? ATLAS_PAGE_UNKNOWN : ATLAS_PAGE_ABSENT);
  end_region (self);
}

void
atlas_page_filler_init (AtlasPageFiller *self,
                        AtlasRegion *const *regions,
                        guint n_regions,
                        guint64 page_size,
                        AtlasPages *const *before,
                        AtlasPages **pages)
{
  memset (self, 0, sizeof *self);
  if (n_regions > 0)
    memset (pages, 0, n_regions * sizeof *pages);
  self->regions = regions;
  self->n_regions = n_regions;
  self->page_shift = (guint) g_bit_nth_lsf ((gulong) page_size, -1);
  self->before = before;
  self->pages = pages;
  atlas_pages_builder_init (&self->builder);
  enter_region (self);
}

void
atlas_page_filler_add (AtlasPageFiller *self, guint64 start, guint64 end, AtlasPageState state)
{
  while (self->index < self->n_regions)
    {
      guint64 from = MAX (start, self->position);
      guint64 to = MIN (end, self->end);

      if (from < to)
        {
          append (self, from, ATLAS_PAGE_ABSENT);
          append (self, to, atlas_page_source_complete (self->source, state));
        }
      if (self->end > end)
        return;
      close_region (self);
    }
}

guint
atlas_page_filler_add_apart (AtlasPageFiller *self,
                             const AtlasScanRun *runs,
                             guint n_runs,
                             AtlasPageState state)
{
  guint64 categories = runs[0].categories;
  AtlasPageState meant = atlas_page_source_complete (self->source, state);
  AtlasPagesBuilder *builder = &self->builder;
  guint64 start = self->position - (builder->n_pages << self->page_shift);
  guint64 position = self->position;
  guint64 end = self->end;
  guint shift = self->page_shift;
  AtlasRun *to;
  guint n;

  if (meant == ATLAS_PAGE_ABSENT || builder->last == ATLAS_PAGE_ABSENT + 1u)
    return 0;
  atlas_pages_builder_reserve (builder, 2 * n_runs);
  to = &builder->runs[builder->n_runs];
  for (n = 0; n < n_runs; n++)
    {
      AtlasScanRun run = runs[n];

      if (run.categories != categories || run.start <= position || run.end >= end)
        break;
      atlas_run_set (to++, (position - start) >> shift, ATLAS_PAGE_ABSENT);
      atlas_run_set (to++, (run.start - start) >> shift, meant);
      position = run.end;
    }
  if (n == 0)
    return 0;
  builder->n_runs += 2 * n;
  builder->n_pages = (position - start) >> shift;
  builder->last = meant + 1u;
  self->position = position;
  return n;
}

void
atlas_page_filler_finish (AtlasPageFiller *self)
{
  while (self->index < self->n_regions)
    close_region (self);
}

void
atlas_page_filler_stop (AtlasPageFiller *self, guint64 address)
{
  while (self->index < self->n_regions && self->end <= address)
    close_region (self);
  if (self->index == self->n_regions || address <= self->regions[self->index]->start)
    return;
  append (self, MAX (address, self->position), ATLAS_PAGE_ABSENT);
  end_region (self);
}

void
atlas_page_filler_abandon (AtlasPageFiller *self)
{
  for (guint i = 0; i < self->index; i++)
    g_clear_pointer (&self->pages[i], atlas_pages_unref);
}

void
atlas_page_filler_clear (AtlasPageFiller *self)
{
  atlas_pages_builder_clear (&self->builder);
}
