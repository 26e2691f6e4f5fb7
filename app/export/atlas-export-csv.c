/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The regions as CSV (RFC 4180), one row each, for a spreadsheet. The columns are the fields of the
 * JSON regions, so whoever knows one knows the other. Addresses start with 0x, or a spreadsheet
 * would take some of them for numbers ("7e120000"). */

#include "atlas-config.h"

#include "atlas-export-private.h"

#define HEADER                                                                                     \
  "start,end,permissions,offset,device,inode,name,kind,pages,resident,swapped,zero,huge,file,"     \
  "shared,unknown,pages_age\r\n"

static void
append_quoted (GString *csv, const char *text)
{
  g_string_append_c (csv, '"');
  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '"')
        g_string_append_c (csv, '"');
      g_string_append_c (csv, *p);
    }
  g_string_append_c (csv, '"');
}

static void
append_mapping (GString *csv, const AtlasRegion *region)
{
  g_autofree char *name = atlas_region_dup_full_name (region);
  char permissions[5];

  atlas_permissions_to_text (region->permissions, permissions);
  g_string_append_printf (csv, "0x%" G_GINT64_MODIFIER "x,0x%" G_GINT64_MODIFIER "x,%s,",
                          region->start, region->end, permissions);
  g_string_append_printf (csv, "%" G_GUINT64_FORMAT ",%02x:%02x,%" G_GUINT64_FORMAT ",",
                          region->offset, region->device_major, region->device_minor,
                          region->inode);
  append_quoted (csv, name);
  g_string_append_printf (csv, ",%s", atlas_kind_get_id (region->kind));
}

/* An empty field is "not known"; zero would be a lie. */
static void
append_count (GString *csv, gboolean told, guint64 pages)
{
  g_string_append_c (csv, ',');
  if (told)
    g_string_append_printf (csv, "%" G_GUINT64_FORMAT, pages);
}

static void
append_age (GString *csv, gint64 age)
{
  gboolean told = age != ATLAS_AGE_UNREAD && age != ATLAS_AGE_UNKNOWN;

  append_count (csv, told, (guint64) MAX (age, 0) / G_TIME_SPAN_MILLISECOND);
}

static void
append_region (GString *csv, AtlasSnapshot *snapshot, const AtlasRegion *region)
{
  AtlasPageState told = atlas_snapshot_get_told (snapshot);
  AtlasPageCounts counts;

  atlas_pages_count_all (region->pages, &counts);
  append_mapping (csv, region);
  append_count (csv, TRUE, counts.pages);
  append_count (csv, TRUE, counts.resident);
  append_count (csv, TRUE, counts.swapped);
  append_count (csv, told & ATLAS_PAGE_ZERO, counts.zero);
  append_count (csv, told & ATLAS_PAGE_HUGE, counts.huge);
  append_count (csv, told & ATLAS_PAGE_FILE, counts.file);
  append_count (csv, told & ATLAS_PAGE_SHARED, counts.shared);
  append_count (csv, TRUE, counts.unknown);
  append_age (csv, atlas_snapshot_get_age (snapshot, region->start, region->end));
  g_string_append (csv, "\r\n");
}

GBytes *
atlas_export_csv (AtlasSnapshot *snapshot)
{
  GString *csv = g_string_new (HEADER);
  guint n_regions = atlas_snapshot_get_n_regions (snapshot);

  for (guint i = 0; i < n_regions; i++)
    append_region (csv, snapshot, atlas_snapshot_get_region (snapshot, i));
  return g_string_free_to_bytes (csv);
}
