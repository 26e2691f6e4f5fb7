/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One snapshot of a process of ordinary size beside what the kernel takes for the same answers:
 * reading maps, and asking for the page states of the same ranges. */

#include "atlas-config.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "atlas-pagemap-uapi.h"
#include "atlas-snapshot.h"
#include "bench-children.h"
#include "bench.h"

#define N_REGIONS 600
#define MOST_BYTES ((guint64) 600 * 1024 * 1024)

typedef struct
{
  guint64 start, end;
} Range;

typedef struct
{
  AtlasTarget *target;
  int maps, pagemap;
  GArray *ranges; /* of Range: the regions that have page tables */
  AtlasPageMethod method;
  AtlasSnapshot *previous;
  gboolean share; /* with the snapshot before */
  GError *error;
} Subject;

typedef struct
{
  BenchSeries *maps, *scan, *pread, *snapshot_scan, *snapshot_shared, *snapshot_pread;
} Figures;

/* --- the process that is looked at --- */

/* Seven in ten regions are full, two half full, in one every other page is there. */
static void
touch_region (char *region, gsize size, gsize page_size, guint index)
{
  gsize step = index % 10 == 9 ? 2 * page_size : page_size;
  gsize end = index % 10 == 7 || index % 10 == 8 ? size / 2 : size;

  for (gsize i = 0; i < end; i += step)
    region[i] = 1;
}

/* A page of nothing between any two, else the kernel would join them. */
static void
map_regions (gpointer data)
{
  gsize size = *(const gsize *) data;
  gsize page_size = (gsize) sysconf (_SC_PAGESIZE);
  gsize stride = size + page_size;
  char *area = mmap (NULL, N_REGIONS * stride, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  if (area == MAP_FAILED)
    _exit (1);
  for (guint i = 0; i < N_REGIONS; i++)
    {
      char *region = area + i * stride;
      munmap (region + size, page_size);
      if (mprotect (region, size, PROT_READ | PROT_WRITE) != 0)
        _exit (1);
      touch_region (region, size, page_size, i);
    }
}

/* Bytes of each region: what is wanted in all, or fits in half the free memory; whole pages. */
static gsize
choose_region_size (void)
{
  guint64 page_size = (guint64) sysconf (_SC_PAGESIZE);
  guint64 half_free = (guint64) sysconf (_SC_AVPHYS_PAGES) * page_size / 2;
  guint64 size = MIN (MOST_BYTES, half_free) / N_REGIONS;
  return (gsize) MAX (size / page_size * page_size, 2 * page_size);
}

/* --- raw --- */

static void
read_maps (gpointer data)
{
  Subject *subject = data;
  static char buffer[64 * 1024];
  off_t offset = 0;

  for (;;)
    {
      gssize n = pread (subject->maps, buffer, sizeof buffer, offset);
      if (n <= 0)
        return;
      offset += n;
    }
}

static gboolean
scan_some (Subject *subject, guint64 *start, guint64 end)
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

  if (ioctl (subject->pagemap, ATLAS_PAGEMAP_SCAN, &arguments) < 0)
    return FALSE;
  *start = arguments.walk_end;
  return TRUE;
}

/* The whole of it in one walk. */
static void
scan_pages (gpointer data)
{
  Subject *subject = data;
  guint64 start = g_array_index (subject->ranges, Range, 0).start;
  guint64 end = g_array_index (subject->ranges, Range, subject->ranges->len - 1).end;

  while (start < end && scan_some (subject, &start, end))
    ;
}

static void
pread_pages (gpointer data)
{
  Subject *subject = data;
  static guint64 entries[16 * 1024];
  guint64 page_size = (guint64) sysconf (_SC_PAGESIZE);

  for (guint i = 0; i < subject->ranges->len; i++)
    {
      const Range *range = &g_array_index (subject->ranges, Range, i);
      guint64 page = range->start / page_size;
      guint64 end = range->end / page_size;
      while (page < end)
        {
          gsize wanted = MIN ((gsize) (end - page), G_N_ELEMENTS (entries)) * sizeof *entries;
          gssize n = pread (subject->pagemap, entries, wanted, (off_t) (page * sizeof *entries));
          if (n <= 0)
            return;
          page += (guint64) n / sizeof *entries;
        }
    }
}

/* --- ours --- */

static void
take (gpointer data)
{
  Subject *subject = data;
  const AtlasSnapshotOptions options = { .method = subject->method };
  AtlasSnapshot *previous = subject->share ? subject->previous : NULL;

  if (subject->error != NULL)
    return;
  AtlasSnapshot *snapshot =
      atlas_snapshot_take (subject->target, previous, &options, NULL, &subject->error);
  g_clear_pointer (&subject->previous, atlas_snapshot_unref);
  subject->previous = snapshot;
}

static void
measure_take (Subject *subject, BenchSeries *series, AtlasPageMethod method, gboolean share)
{
  subject->method = method;
  subject->share = share;
  bench_series_measure (series, take, subject);
}

/* --- putting it together --- */

/* Those that any process may have walked; the kernel's own page at the top has no table. */
static void
collect_ranges (Subject *subject)
{
  guint n_regions = atlas_snapshot_get_n_regions (subject->previous);

  subject->ranges = g_array_new (FALSE, FALSE, sizeof (Range));
  for (guint i = 0; i < n_regions; i++)
    {
      const AtlasRegion *region = atlas_snapshot_get_region (subject->previous, i);
      Range range = { region->start, region->end };
      if (strcmp (region->name, "[vsyscall]") != 0)
        g_array_append_val (subject->ranges, range);
    }
}

static gboolean
open_subject (Subject *subject, gint pid, GError **error)
{
  g_autoptr (AtlasProcfs) procfs = atlas_procfs_new ("/proc", error);

  if (procfs == NULL)
    return FALSE;
  subject->target = atlas_target_new (procfs, pid, error);
  if (subject->target == NULL)
    return FALSE;
  subject->maps = atlas_target_open (subject->target, "maps", error);
  if (subject->maps < 0)
    return FALSE;
  subject->pagemap = atlas_target_open (subject->target, "pagemap", error);
  if (subject->pagemap < 0)
    return FALSE;
  subject->previous = atlas_snapshot_take (subject->target, NULL, NULL, NULL, error);
  if (subject->previous == NULL)
    return FALSE;
  collect_ranges (subject);
  return TRUE;
}

static void
subject_clear (Subject *subject)
{
  g_clear_pointer (&subject->previous, atlas_snapshot_unref);
  g_clear_pointer (&subject->ranges, g_array_unref);
  g_clear_pointer (&subject->target, atlas_target_unref);
  g_clear_error (&subject->error);
  if (subject->maps >= 0)
    close (subject->maps);
  if (subject->pagemap >= 0)
    close (subject->pagemap);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Subject, subject_clear)

static gboolean
can_scan (Subject *subject)
{
  guint64 start = g_array_index (subject->ranges, Range, 0).start;
  return scan_some (subject, &start, start + (guint64) sysconf (_SC_PAGESIZE));
}

static void
add_figures (BenchReport *report, Figures *figures, gboolean scan)
{
  figures->maps = bench_report_series (report, "raw-maps", "raw: maps");
  if (scan)
    figures->scan = bench_report_series (report, "raw-scan", "raw: maps, PAGEMAP_SCAN");
  figures->pread = bench_report_series (report, "raw-pread", "raw: maps, pagemap by pread");
  if (scan)
    {
      figures->snapshot_scan =
          bench_report_series (report, "snapshot-scan", "snapshot by PAGEMAP_SCAN");
      figures->snapshot_shared =
          bench_report_series (report, "snapshot-shared", "the same, after the one before");
    }
  figures->snapshot_pread = bench_report_series (report, "snapshot-pread", "snapshot by pread");
  if (scan)
    {
      bench_report_ratio (report, figures->snapshot_scan, figures->scan, 0);
      bench_report_ratio (report, figures->snapshot_shared, figures->scan, 0);
    }
  else
    bench_report_note (report, "this kernel has no PAGEMAP_SCAN");
  bench_report_ratio (report, figures->snapshot_pread, figures->pread, 0);
}

static void
read_maps_and_scan (gpointer data)
{
  read_maps (data);
  scan_pages (data);
}

static void
read_maps_and_pread (gpointer data)
{
  read_maps (data);
  pread_pages (data);
}

static void
measure_round (Subject *subject, const Figures *figures)
{
  bench_series_measure (figures->maps, read_maps, subject);
  if (figures->scan != NULL)
    {
      bench_series_measure (figures->scan, read_maps_and_scan, subject);
      measure_take (subject, figures->snapshot_scan, ATLAS_PAGE_METHOD_SCAN, FALSE);
      measure_take (subject, figures->snapshot_shared, ATLAS_PAGE_METHOD_SCAN, TRUE);
    }
  bench_series_measure (figures->pread, read_maps_and_pread, subject);
  measure_take (subject, figures->snapshot_pread, ATLAS_PAGE_METHOD_PREAD, FALSE);
}

gboolean
bench_snapshot (BenchReport *report, const BenchOptions *options, GError **error)
{
  g_auto (Subject) subject = { .maps = -1, .pagemap = -1 };
  g_auto (BenchChildren) children = { NULL };
  gsize size = choose_region_size ();
  Figures figures = { NULL };

  if (bench_children_fork (&children, 1, map_regions, &size) != 1)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                           "The process to look at could not be started");
      return FALSE;
    }
  if (!open_subject (&subject, g_array_index (children.pids, pid_t, 0), error))
    return FALSE;

  add_figures (report, &figures, can_scan (&subject));
  for (guint i = 0; i < options->rounds && subject.error == NULL; i++)
    measure_round (&subject, &figures);
  bench_report_fact (report, "regions", subject.ranges->len);
  bench_report_fact (report, "MiB mapped for it", N_REGIONS * (guint64) size / (1024 * 1024));
  bench_report_fact (report, "rounds", options->rounds);
  if (subject.error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&subject.error));
  return FALSE;
}
