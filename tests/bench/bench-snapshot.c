/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One snapshot of a process of ordinary size beside what the kernel takes for the same answers:
 * reading maps, and asking for the page states of the same ranges. */

#include "atlas-config.h"

#include <sys/mman.h>
#include <unistd.h>

#include "bench-subject.h"
#include "bench.h"

#define N_REGIONS 600
#define MOST_BYTES ((guint64) 600 * 1024 * 1024)

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

/* Bytes of each region; whole pages. */
static gsize
choose_region_size (void)
{
  gsize page_size = (gsize) sysconf (_SC_PAGESIZE);
  gsize size = (gsize) bench_fit (MOST_BYTES) / N_REGIONS;

  return MAX (size / page_size * page_size, 2 * page_size);
}

/* --- ours beside raw --- */

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
measure_round (BenchSubject *subject, const Figures *figures)
{
  const AtlasSnapshotOptions by_scan = { .method = ATLAS_PAGE_METHOD_SCAN };
  const AtlasSnapshotOptions by_pread = { .method = ATLAS_PAGE_METHOD_PREAD };

  bench_series_measure (figures->maps, bench_raw_maps, subject);
  if (figures->scan != NULL)
    {
      g_autoptr (AtlasSnapshot) first = NULL;
      g_autoptr (AtlasSnapshot) second = NULL;

      bench_series_measure (figures->scan, bench_raw_maps_and_scan, subject);
      first = bench_subject_take (subject, NULL, &by_scan, figures->snapshot_scan);
      second = bench_subject_take (subject, first, &by_scan, figures->snapshot_shared);
    }
  bench_series_measure (figures->pread, bench_raw_maps_and_pread, subject);
  AtlasSnapshot *read = bench_subject_take (subject, NULL, &by_pread, figures->snapshot_pread);
  g_clear_pointer (&read, atlas_snapshot_unref);
}

gboolean
bench_snapshot (BenchReport *report, const BenchOptions *options, GError **error)
{
  g_auto (BenchSubject) subject = BENCH_SUBJECT_INIT;
  gsize size = choose_region_size ();
  Figures figures = { NULL };

  if (!bench_subject_start (&subject, map_regions, &size, error))
    return FALSE;
  add_figures (report, &figures, bench_subject_can_scan (&subject));
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
