/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The raw calls are written anew here, not taken from the model: what is measured must not be its
 * own measure. */

#include "atlas-config.h"

#include "bench-subject.h"

#include <string.h>
#include <unistd.h>

#include "atlas-pagemap-uapi.h"

typedef struct
{
  guint64 start, end;
} Range;

/* Those that any process may have walked; the kernel's own page at the top has no table. */
static void
collect_ranges (BenchSubject *self, AtlasSnapshot *snapshot)
{
  self->ranges = g_array_new (FALSE, FALSE, sizeof (Range));
  for (guint i = 0; i < atlas_snapshot_get_n_regions (snapshot); i++)
    {
      const AtlasRegion *region = atlas_snapshot_get_region (snapshot, i);
      Range range = { region->start, region->end };

      if (strcmp (region->name, "[vsyscall]") != 0)
        g_array_append_val (self->ranges, range);
    }
}

static gboolean
open_subject (BenchSubject *self, gint pid, GError **error)
{
  g_autoptr (AtlasProcfs) procfs = atlas_procfs_new ("/proc", error);
  const AtlasSnapshotOptions options = { 0 };
  g_autoptr (AtlasSnapshot) snapshot = NULL;

  if (procfs == NULL)
    return FALSE;
  self->target = atlas_target_new (procfs, pid, error);
  if (self->target == NULL)
    return FALSE;
  self->maps = atlas_target_open (self->target, "maps", error);
  if (self->maps < 0)
    return FALSE;
  self->pagemap = atlas_target_open (self->target, "pagemap", error);
  if (self->pagemap < 0)
    return FALSE;
  snapshot = atlas_snapshot_take (self->target, NULL, &options, NULL, error);
  if (snapshot == NULL)
    return FALSE;
  collect_ranges (self, snapshot);
  return TRUE;
}

gboolean
bench_subject_start (BenchSubject *self, BenchChildFunc work, gpointer data, GError **error)
{
  if (bench_children_fork (&self->children, 1, work, data) == 1)
    return open_subject (self, g_array_index (self->children.pids, pid_t, 0), error);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                       "The process to look at could not be started");
  return FALSE;
}

void
bench_subject_clear (BenchSubject *self)
{
  g_clear_pointer (&self->ranges, g_array_unref);
  g_clear_pointer (&self->target, atlas_target_unref);
  g_clear_error (&self->error);
  if (self->maps >= 0)
    close (self->maps);
  if (self->pagemap >= 0)
    close (self->pagemap);
  bench_children_clear (&self->children);
}

void
bench_raw_maps (gpointer subject)
{
  static char buffer[64 * 1024];
  const BenchSubject *self = subject;
  off_t offset = 0;
  gssize n;

  while ((n = pread (self->maps, buffer, sizeof buffer, offset)) > 0)
    offset += n;
}

static gboolean
scan_some (const BenchSubject *self, guint64 *start, guint64 end)
{
  static AtlasScanRun runs[4096];
  AtlasScanArguments arguments = {
    .size = sizeof arguments,
    .start = *start,
    .end = end,
    .vec = (guint64) (gsize) runs,
    .vec_len = G_N_ELEMENTS (runs),
    .category_anyof_mask = ATLAS_PAGE_IS_PRESENT | ATLAS_PAGE_IS_SWAPPED,
    .return_mask =
        ATLAS_PAGE_IS_PRESENT | ATLAS_PAGE_IS_SWAPPED | ATLAS_PAGE_IS_PFNZERO | ATLAS_PAGE_IS_HUGE,
  };

  if (ioctl (self->pagemap, ATLAS_PAGEMAP_SCAN, &arguments) < 0)
    return FALSE;
  *start = arguments.walk_end;
  return TRUE;
}

/* The whole of it in one walk. */
void
bench_raw_scan (gpointer subject)
{
  const BenchSubject *self = subject;
  guint64 start = g_array_index (self->ranges, Range, 0).start;
  guint64 end = g_array_index (self->ranges, Range, self->ranges->len - 1).end;

  while (start < end && scan_some (self, &start, end))
    ;
}

static void
pread_range (const BenchSubject *self, const Range *range)
{
  static guint64 entries[16 * 1024];
  guint64 page_size = (guint64) sysconf (_SC_PAGESIZE);
  guint64 page = range->start / page_size;
  guint64 end = range->end / page_size;

  while (page < end)
    {
      gsize wanted = MIN ((gsize) (end - page), G_N_ELEMENTS (entries)) * sizeof *entries;
      gssize n = pread (self->pagemap, entries, wanted, (off_t) (page * sizeof *entries));

      if (n <= 0)
        return;
      page += (guint64) n / sizeof *entries;
    }
}

void
bench_raw_pread (gpointer subject)
{
  const BenchSubject *self = subject;

  for (guint i = 0; i < self->ranges->len; i++)
    pread_range (self, &g_array_index (self->ranges, Range, i));
}

void
bench_raw_maps_and_scan (gpointer subject)
{
  bench_raw_maps (subject);
  bench_raw_scan (subject);
}

void
bench_raw_maps_and_pread (gpointer subject)
{
  bench_raw_maps (subject);
  bench_raw_pread (subject);
}

gboolean
bench_subject_can_scan (BenchSubject *self)
{
  guint64 start = g_array_index (self->ranges, Range, 0).start;

  return scan_some (self, &start, start + (guint64) sysconf (_SC_PAGESIZE));
}

AtlasSnapshot *
bench_subject_take (BenchSubject *self,
                    AtlasSnapshot *previous,
                    const AtlasSnapshotOptions *options,
                    BenchSeries *series)
{
  gint64 begun = g_get_monotonic_time ();
  AtlasSnapshot *snapshot;

  if (self->error != NULL)
    return NULL;
  snapshot = atlas_snapshot_take (self->target, previous, options, NULL, &self->error);
  if (series != NULL)
    bench_series_add (series, (double) (g_get_monotonic_time () - begun) / 1000);
  return snapshot;
}

guint64
bench_fit (guint64 wanted)
{
  guint64 page_size = (guint64) sysconf (_SC_PAGESIZE);
  guint64 half_free = (guint64) sysconf (_SC_AVPHYS_PAGES) / 2 * page_size;

  return MIN (wanted, half_free) / page_size * page_size;
}
