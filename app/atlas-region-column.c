/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One table that says what each column is, and one function for what it says. */

#include "atlas-config.h"

#include "atlas-region-column.h"

#include <glib/gi18n-lib.h>

#include "atlas-format.h"

/* As long as addresses of programs are; the few of the kernel are cut. */
#define LONG_ADDRESS G_GUINT64_CONSTANT (0x7f2c1a400000)
#define NAME_SAMPLE "libmemory-atlas.so"
/* "1,023 MiB", the longest that amounts come to. */
#define LONG_AMOUNT (G_GUINT64_CONSTANT (1023) << 20)

static const struct
{
  const char *title;
  gboolean number, mono, no_sort, restless;
} columns[ATLAS_N_REGION_COLUMNS] = {
  [ATLAS_REGION_COLUMN_ADDRESS] = { .title = N_ ("Address range"), .mono = TRUE },
  [ATLAS_REGION_COLUMN_NAME] = { .title = N_ ("Name") },
  [ATLAS_REGION_COLUMN_PAGES] = { .title = N_ ("Pages"), .no_sort = TRUE, .restless = TRUE },
  [ATLAS_REGION_COLUMN_RESIDENT] = { .title = N_ ("Resident"), .number = TRUE, .restless = TRUE },
  [ATLAS_REGION_COLUMN_SIZE] = { .title = N_ ("Size"), .number = TRUE },
  [ATLAS_REGION_COLUMN_KIND] = { .title = N_ ("Kind") },
  /* Translators: permissions, as short as "rw-p" */
  [ATLAS_REGION_COLUMN_PERMISSIONS] = { .title = N_ ("Perms"), .mono = TRUE },
  [ATLAS_REGION_COLUMN_SWAPPED] = { .title = N_ ("Swapped"), .number = TRUE, .restless = TRUE },
  [ATLAS_REGION_COLUMN_LOCKED] = { .title = N_ ("Locked"), .restless = TRUE },
};

const char *
atlas_region_column_get_title (AtlasRegionColumn column)
{
  g_return_val_if_fail (column < ATLAS_N_REGION_COLUMNS, NULL);

  return _ (columns[column].title);
}

gboolean
atlas_region_column_is_number (AtlasRegionColumn column)
{
  g_return_val_if_fail (column < ATLAS_N_REGION_COLUMNS, FALSE);

  return columns[column].number;
}

gboolean
atlas_region_column_is_mono (AtlasRegionColumn column)
{
  g_return_val_if_fail (column < ATLAS_N_REGION_COLUMNS, FALSE);

  return columns[column].mono;
}

gboolean
atlas_region_column_can_sort (AtlasRegionColumn column)
{
  g_return_val_if_fail (column < ATLAS_N_REGION_COLUMNS, FALSE);

  return !columns[column].no_sort;
}

gboolean
atlas_region_column_is_restless (AtlasRegionColumn column)
{
  g_return_val_if_fail (column < ATLAS_N_REGION_COLUMNS, FALSE);

  return columns[column].restless;
}

static const char *
get_locked (AtlasLocked locked)
{
  switch (locked)
    {
    case ATLAS_LOCKED_YES:
      return _ ("yes");
    case ATLAS_LOCKED_UNKNOWN:
      return _ ("unknown");
    case ATLAS_LOCKED_NO:
    default:
      return _ ("no");
    }
}

/* A number of pages as bytes; unknown is shown as unknown. */
static char *
format_pages (const AtlasPageCounts *counts, guint64 pages, guint64 page_size)
{
  if (counts->pages > 0 && counts->unknown == counts->pages)
    return g_strdup (_ ("unknown"));
  return pages == 0 ? g_strdup ("0") : atlas_format_bytes (pages * page_size);
}

static char *
format_permissions (AtlasPermissions permissions)
{
  char text[5];

  atlas_permissions_to_text (permissions, text);
  return g_strdup (text);
}

char *
atlas_region_column_format (AtlasRegionColumn column,
                            const AtlasRegion *region,
                            const AtlasPageCounts *counts,
                            guint64 page_size)
{
  switch (column)
    {
    case ATLAS_REGION_COLUMN_ADDRESS:
      return atlas_format_range (region->start, region->end);
    case ATLAS_REGION_COLUMN_NAME:
      return atlas_region_dup_title (region);
    case ATLAS_REGION_COLUMN_RESIDENT:
      return format_pages (counts, counts->resident, page_size);
    case ATLAS_REGION_COLUMN_SIZE:
      return atlas_format_bytes (region->end - region->start);
    case ATLAS_REGION_COLUMN_KIND:
      return g_strdup (atlas_kind_get_title (region->kind));
    case ATLAS_REGION_COLUMN_PERMISSIONS:
      return format_permissions (region->permissions);
    case ATLAS_REGION_COLUMN_SWAPPED:
      return format_pages (counts, counts->swapped, page_size);
    case ATLAS_REGION_COLUMN_LOCKED:
      return g_strdup (get_locked (region->locked));
    case ATLAS_REGION_COLUMN_PAGES:
    case ATLAS_N_REGION_COLUMNS:
    default:
      return NULL;
    }
}

static void
add (GStrvBuilder *samples, char *text)
{
  g_autofree char *owned = text;

  g_strv_builder_add (samples, owned);
}

GStrv
atlas_region_column_get_samples (AtlasRegionColumn column)
{
  g_autoptr (GStrvBuilder) samples = g_strv_builder_new ();

  if (column == ATLAS_REGION_COLUMN_ADDRESS)
    add (samples, atlas_format_range (LONG_ADDRESS, LONG_ADDRESS));
  else if (column == ATLAS_REGION_COLUMN_NAME)
    g_strv_builder_add (samples, NAME_SAMPLE);
  else if (column == ATLAS_REGION_COLUMN_PERMISSIONS)
    g_strv_builder_add (samples, "rwxp");
  if (columns[column].number)
    add (samples, atlas_format_bytes (LONG_AMOUNT));
  if (columns[column].number || column == ATLAS_REGION_COLUMN_LOCKED)
    g_strv_builder_add (samples, _ ("unknown"));
  for (guint i = 0; column == ATLAS_REGION_COLUMN_KIND && i < ATLAS_N_KINDS; i++)
    g_strv_builder_add (samples, atlas_kind_get_title ((AtlasKind) i));
  return g_strv_builder_end (samples);
}
