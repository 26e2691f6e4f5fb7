/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The object of `show --json`, a promise to scripts: memory-atlas-cli(1) documents every field.
 * Fields may be added; a change of meaning or a field that goes away raises the format number. */

#include "atlas-config.h"

#include "atlas-export.h"
#include "atlas-json-writer.h"
#include "atlas-text.h"

#define FORMAT 1

static void
write_process (AtlasJsonWriter *writer, AtlasSnapshot *snapshot)
{
  const AtlasStatus *status = atlas_snapshot_get_status (snapshot);
  char state[2] = { status->state, '\0' };

  atlas_json_writer_begin_object (writer, "process");
  atlas_json_writer_uint (writer, "pid", (guint64) atlas_snapshot_get_pid (snapshot));
  atlas_json_writer_string (writer, "name", atlas_snapshot_get_name (snapshot));
  atlas_json_writer_string (writer, "command", atlas_snapshot_get_command (snapshot));
  atlas_json_writer_string (writer, "state", state);
  atlas_json_writer_uint (writer, "uid", status->uid);
  atlas_json_writer_string (writer, "user", atlas_snapshot_get_user (snapshot));
  atlas_json_writer_uint (writer, "start_time", atlas_snapshot_get_start_time (snapshot));
  atlas_json_writer_uint (writer, "threads", status->threads);
  atlas_json_writer_end_object (writer);
}

static void
write_system (AtlasJsonWriter *writer, AtlasSnapshot *snapshot)
{
  const AtlasSystem *system = atlas_snapshot_get_system (snapshot);
  gint64 epoch_us = atlas_snapshot_get_time (snapshot);
  g_autoptr (GDateTime) second = g_date_time_new_from_unix_utc (epoch_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) time = g_date_time_add (second, epoch_us % G_USEC_PER_SEC);
  g_autofree char *text = g_date_time_format_iso8601 (time);

  atlas_json_writer_begin_object (writer, "system");
  atlas_json_writer_string (writer, "kernel", system->kernel);
  atlas_json_writer_uint (writer, "page_size", system->page_size);
  atlas_json_writer_string (writer, "libc", system->libc);
  atlas_json_writer_string (writer, "time", text);
  atlas_json_writer_end_object (writer);
}

static void
write_counters (AtlasJsonWriter *writer, const AtlasStatus *status)
{
  atlas_json_writer_begin_object (writer, "counters");
  for (AtlasCounter counter = 0; counter < ATLAS_N_COUNTERS; counter++)
    if (atlas_status_has (status, counter))
      atlas_json_writer_uint (writer, atlas_counter_get_name (counter), status->kb[counter]);
  for (guint i = 0; i < status->n_unknown; i++)
    {
      g_autofree char *name = atlas_text_clean (status->unknown[i].name, -1);

      atlas_json_writer_uint (writer, name, status->unknown[i].kb);
    }
  atlas_json_writer_end_object (writer);
}

static void
write_faults (AtlasJsonWriter *writer, const AtlasStat *stat)
{
  atlas_json_writer_begin_object (writer, "faults");
  atlas_json_writer_uint (writer, "minor", stat->minor_faults);
  atlas_json_writer_uint (writer, "major", stat->major_faults);
  atlas_json_writer_end_object (writer);
}

static void
write_limit_value (AtlasJsonWriter *writer, const char *name, guint64 value)
{
  if (value == ATLAS_LIMIT_UNLIMITED)
    atlas_json_writer_null (writer, name);
  else
    atlas_json_writer_uint (writer, name, value);
}

static void
write_limits (AtlasJsonWriter *writer, const AtlasLimits *limits)
{
  atlas_json_writer_begin_object (writer, "limits");
  for (guint i = 0; i < limits->n_limits; i++)
    {
      g_autofree char *name = atlas_text_clean (limits->limits[i].name, -1);

      atlas_json_writer_begin_object (writer, name);
      write_limit_value (writer, "soft", limits->limits[i].soft);
      write_limit_value (writer, "hard", limits->limits[i].hard);
      atlas_json_writer_end_object (writer);
    }
  atlas_json_writer_end_object (writer);
}

static void
write_address (AtlasJsonWriter *writer, const char *name, guint64 address)
{
  char text[24];

  g_snprintf (text, sizeof text, "0x%" G_GINT64_MODIFIER "x", address);
  atlas_json_writer_string (writer, name, text);
}

static void
write_mapping (AtlasJsonWriter *writer, const AtlasRegion *region)
{
  g_autofree char *name = atlas_region_dup_full_name (region);
  char permissions[5], device[24];

  atlas_permissions_to_text (region->permissions, permissions);
  g_snprintf (device, sizeof device, "%02x:%02x", region->device_major, region->device_minor);

  write_address (writer, "start", region->start);
  write_address (writer, "end", region->end);
  atlas_json_writer_string (writer, "permissions", permissions);
  atlas_json_writer_uint (writer, "offset", region->offset);
  atlas_json_writer_string (writer, "device", device);
  atlas_json_writer_uint (writer, "inode", region->inode);
  atlas_json_writer_string (writer, "name", name);
  atlas_json_writer_string (writer, "kind", atlas_kind_get_id (region->kind));
}

/* Zero would be a lie about what this machine does not tell. */
static void
write_told (AtlasJsonWriter *writer, const char *name, gboolean told, guint64 pages)
{
  if (told)
    atlas_json_writer_uint (writer, name, pages);
  else
    atlas_json_writer_null (writer, name);
}

static void
write_age (AtlasJsonWriter *writer, gint64 age)
{
  gboolean told = age != ATLAS_AGE_UNREAD && age != ATLAS_AGE_UNKNOWN;

  write_told (writer, "pages_age", told, (guint64) MAX (age, 0) / G_TIME_SPAN_MILLISECOND);
}

static void
write_region (AtlasJsonWriter *writer, AtlasSnapshot *snapshot, const AtlasRegion *region)
{
  AtlasPageState told = atlas_snapshot_get_told (snapshot);
  AtlasPageCounts counts;

  atlas_pages_count_all (region->pages, &counts);

  atlas_json_writer_begin_object (writer, NULL);
  write_mapping (writer, region);
  atlas_json_writer_uint (writer, "pages", counts.pages);
  atlas_json_writer_uint (writer, "resident", counts.resident);
  atlas_json_writer_uint (writer, "swapped", counts.swapped);
  write_told (writer, "zero", told & ATLAS_PAGE_ZERO, counts.zero);
  write_told (writer, "huge", told & ATLAS_PAGE_HUGE, counts.huge);
  write_told (writer, "file", told & ATLAS_PAGE_FILE, counts.file);
  write_told (writer, "shared", told & ATLAS_PAGE_SHARED, counts.shared);
  atlas_json_writer_uint (writer, "unknown", counts.unknown);
  write_age (writer, atlas_snapshot_get_age (snapshot, region->start, region->end));
  atlas_json_writer_end_object (writer);
}

static void
write_regions (AtlasJsonWriter *writer, AtlasSnapshot *snapshot)
{
  guint n_regions = atlas_snapshot_get_n_regions (snapshot);

  atlas_json_writer_begin_array (writer, "regions");
  for (guint i = 0; i < n_regions; i++)
    write_region (writer, snapshot, atlas_snapshot_get_region (snapshot, i));
  atlas_json_writer_end_array (writer);
}

static void
write_problems (AtlasJsonWriter *writer, AtlasSnapshot *snapshot)
{
  const char *const *problems = atlas_snapshot_get_problems (snapshot);

  atlas_json_writer_begin_array (writer, "problems");
  for (guint i = 0; problems[i] != NULL; i++)
    atlas_json_writer_string (writer, NULL, problems[i]);
  atlas_json_writer_end_array (writer);
}

char *
atlas_export_snapshot_to_json (AtlasSnapshot *snapshot)
{
  g_auto (AtlasJsonWriter) writer = { 0 };
  const AtlasStatus *status;

  g_return_val_if_fail (snapshot != NULL, NULL);

  status = atlas_snapshot_get_status (snapshot);
  atlas_json_writer_init (&writer);
  atlas_json_writer_begin_object (&writer, NULL);
  atlas_json_writer_uint (&writer, "format", FORMAT);
  write_process (&writer, snapshot);
  write_system (&writer, snapshot);
  write_counters (&writer, status);
  write_faults (&writer, atlas_snapshot_get_stat (snapshot));
  write_limits (&writer, atlas_snapshot_get_limits (snapshot));
  write_regions (&writer, snapshot);
  atlas_json_writer_boolean (&writer, "complete", atlas_snapshot_is_complete (snapshot));
  write_problems (&writer, snapshot);
  atlas_json_writer_end_object (&writer);
  return atlas_json_writer_end (&writer);
}
