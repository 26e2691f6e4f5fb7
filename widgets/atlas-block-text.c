/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Says what a block of the spine is: a gap, a region, or neighbours merged for want of room. Of
 * many regions the first few are named and the rest counted. */

#include "atlas-config.h"

#include "atlas-block-text.h"

#include <glib/gi18n-lib.h>

#include "atlas-age.h"
#include "atlas-format.h"

/* Names listed for merged regions. */
#define MOST_NAMES 8

static void
sum_block (AtlasSnapshot *snapshot,
           const AtlasSpineBlock *block,
           AtlasPageCounts *sum,
           guint64 *bytes)
{
  *sum = (AtlasPageCounts){ 0 };
  *bytes = 0;
  for (guint i = 0; i < block->n_regions; i++)
    {
      const AtlasRegion *region = atlas_snapshot_get_region (snapshot, block->first_region + i);
      AtlasPageCounts counts;

      atlas_pages_count_all (region->pages, &counts);
      atlas_page_counts_add (sum, &counts, FALSE);
      *bytes += region->end - region->start;
    }
}

static char *
dup_size (AtlasSnapshot *snapshot, const AtlasSpineBlock *block)
{
  g_autofree char *size = NULL;
  g_autofree char *share = NULL;
  AtlasPageCounts counts;
  guint64 bytes;

  sum_block (snapshot, block, &counts, &bytes);
  size = atlas_format_bytes (bytes);
  if (counts.unknown > 0 && counts.unknown == counts.pages)
    /* Translators: %s is a size. */
    return g_strdup_printf (_ ("%s, resident part unknown"), size);

  share = atlas_format_share (counts.resident, counts.pages);
  /* Translators: a size, and a share such as "38 %". */
  return g_strdup_printf (_ ("%s, %s resident"), size, share);
}

static char *
dup_title (AtlasSnapshot *snapshot, const AtlasSpineBlock *block)
{
  const AtlasRegion *region = atlas_snapshot_get_region (snapshot, block->first_region);
  g_autofree char *title = atlas_region_dup_title (region);
  g_autofree char *count = NULL;

  if (block->n_regions == 1)
    /* Translators: name of a region and its kind: "[heap] · Heap". */
    return g_strdup_printf (_ ("%s · %s"), title, atlas_kind_get_title (region->kind));

  count = atlas_format_count (block->n_regions);
  /* Translators: %s is a number, two or more. */
  return g_strdup_printf (_ ("%s regions"), count);
}

static void
add_name (GStrvBuilder *lines, const char *name, guint times)
{
  g_autofree char *line = NULL;

  if (times == 1)
    {
      g_strv_builder_add (lines, name);
      return;
    }

  /* Translators: a name, and how many regions in a row are called that. */
  line = g_strdup_printf (_ ("%s ×%u"), name, times);
  g_strv_builder_add (lines, line);
}

/* From the top down, as on the strip; neighbours of one name are one line. */
static void
add_names (GStrvBuilder *lines, AtlasSnapshot *snapshot, const AtlasSpineBlock *block)
{
  guint left = block->n_regions;

  for (guint n_names = 0; left > 0 && n_names < MOST_NAMES; n_names++)
    {
      guint times = 0;
      g_autofree char *name = NULL;

      do
        {
          const AtlasRegion *region =
              atlas_snapshot_get_region (snapshot, block->first_region + left - 1);
          g_autofree char *title = atlas_region_dup_title (region);

          if (name != NULL && !g_str_equal (name, title))
            break;
          if (name == NULL)
            name = g_steal_pointer (&title);
          times++;
          left--;
        }
      while (left > 0);
      add_name (lines, name, times);
    }

  if (left > 0)
    {
      g_autofree char *count = atlas_format_count (left);
      /* Translators: %s is a number of regions. */
      g_autofree char *line = g_strdup_printf (_ ("and %s more"), count);

      g_strv_builder_add (lines, line);
    }
}

static char *
dup_gap (const AtlasSpineBlock *block)
{
  g_autofree char *size = atlas_format_bytes (block->end - block->start);

  /* Translators: %s is a size of address space. */
  return g_strdup_printf (_ ("%s unmapped"), size);
}

/* NULL unless it is old. */
static char *
dup_age (AtlasSnapshot *snapshot, const AtlasSpineBlock *block)
{
  const AtlasRegion *first = atlas_snapshot_get_region (snapshot, block->first_region);
  const AtlasRegion *last =
      atlas_snapshot_get_region (snapshot, block->first_region + block->n_regions - 1);

  return atlas_age_describe_old (snapshot, first->start, last->end);
}

GStrv
atlas_block_text_tooltip (AtlasSnapshot *snapshot, const AtlasSpineBlock *block)
{
  g_autoptr (GStrvBuilder) lines = g_strv_builder_new ();
  g_autofree char *title = block->gap ? dup_gap (block) : dup_title (snapshot, block);
  g_autofree char *range = atlas_format_range (block->start, block->end);
  g_autofree char *size = NULL;
  g_autofree char *age = block->gap ? NULL : dup_age (snapshot, block);

  g_strv_builder_add (lines, title);
  if (!block->gap && block->n_regions > 1)
    add_names (lines, snapshot, block);
  g_strv_builder_add (lines, range);
  if (!block->gap)
    {
      size = dup_size (snapshot, block);
      g_strv_builder_add (lines, size);
    }
  if (age != NULL)
    g_strv_builder_add (lines, age);
  return g_strv_builder_end (lines);
}

char *
atlas_block_text_describe (AtlasSnapshot *snapshot, const AtlasSpineBlock *block)
{
  g_autofree char *title = NULL;
  g_autofree char *size = NULL;

  if (block->gap)
    return dup_gap (block);

  title = dup_title (snapshot, block);
  size = dup_size (snapshot, block);
  /* Translators: what is there, and its size with its resident share. */
  return g_strdup_printf (_ ("%s, %s"), title, size);
}
