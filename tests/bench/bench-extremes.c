/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One snapshot of processes at the extremes: tens of thousands of regions with a hole at every
 * other page, memory that is all there, and a reservation that is nearly empty. */

#include "atlas-config.h"

#include <malloc.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench-subject.h"
#include "bench.h"

#define GIB ((guint64) 1 << 30)
#define N_FRAG_REGIONS 60000u
#define N_SPARSE_PAGES 5000u
/* What a screen of cards shows, one cell to a page. */
#define SCREEN_PAGES 4096u
/* Two hundredths of a second. */
#define SHARE_US 20000u
/* pread of the page tables of terabytes takes seconds. */
#define MOST_SLOW_ROUNDS 3u

typedef struct
{
  guint64 bytes;
  guint n_regions; /* or of touched pages */
} Layout;

typedef struct
{
  BenchChildFunc make;
  Layout layout;
  gboolean pmap;
  double most_to_scan;  /* what is demanded of a snapshot beside maps and scan; 0: nothing */
  double most_to_pread; /* beside maps and pread */
  double most_again;    /* of a second snapshot beside the first */
  double most_bytes_a_run, most_bytes;
  gboolean slow_pread;
} Extreme;

typedef struct
{
  BenchSeries *scan, *pread, *pmap, *first, *again, *watched, *sharing, *drop;
} Figures;

/* --- processes --- */

static char *
map_area (gsize size)
{
  char *area =
      mmap (NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

  if (area == MAP_FAILED)
    _exit (EXIT_FAILURE);
  madvise (area, size, MADV_NOHUGEPAGE);
  return area;
}

static void
touch (char *area, gsize size, gsize step)
{
  for (gsize i = 0; i < size; i += step)
    area[i] = 1;
}

/* Neighbours with other rights do not merge. */
static void
make_frag (gpointer data)
{
  const Layout *layout = data;
  gsize page_size = (gsize) sysconf (_SC_PAGESIZE);
  gsize stride = (gsize) layout->bytes / layout->n_regions / page_size * page_size;
  char *area = map_area (layout->n_regions * stride);

  touch (area, layout->n_regions * stride, 2 * page_size);
  for (guint i = 0; i < layout->n_regions; i += 2)
    if (mprotect (area + i * stride, stride, PROT_READ) != 0)
      _exit (EXIT_FAILURE);
}

static void
make_dense (gpointer data)
{
  const Layout *layout = data;

  touch (map_area (layout->bytes), layout->bytes, (gsize) sysconf (_SC_PAGESIZE));
}

static void
make_sparse (gpointer data)
{
  const Layout *layout = data;
  gsize page_size = (gsize) sysconf (_SC_PAGESIZE);
  char *area = map_area (layout->bytes);

  srand (1);
  for (guint i = 0; i < layout->n_regions; i++)
    {
      guint64 page = ((guint64) rand () << 31 | (guint64) rand ()) % (layout->bytes / page_size);

      area[page * page_size] = 1;
    }
}

/* --- measuring --- */

/* Descriptors are left open, for then GLib need not fork: after a fork every page of this program's
 * own memory costs a fault once more, and the snapshot that comes next would pay for it. */
static void
run_pmap (gpointer data)
{
  BenchSubject *subject = data;
  g_autofree char *pid = g_strdup_printf ("%d", atlas_target_get_pid (subject->target));
  const char *const arguments[] = { "pmap", "-X", pid, NULL };

  g_spawn_sync (NULL, (char **) arguments, NULL,
                G_SPAWN_SEARCH_PATH | G_SPAWN_LEAVE_DESCRIPTORS_OPEN | G_SPAWN_STDOUT_TO_DEV_NULL
                    | G_SPAWN_STDERR_TO_DEV_NULL,
                NULL, NULL, NULL, NULL, NULL, NULL);
}

static gboolean
has_pmap (void)
{
  g_autofree char *path = g_find_program_in_path ("pmap");

  return path != NULL;
}

static void
add_figures (BenchReport *report, const Extreme *extreme, Figures *figures, gboolean scan)
{
  *figures = (Figures){
    .scan = scan ? bench_report_series (report, "raw-scan", "raw: maps, PAGEMAP_SCAN") : NULL,
    .pread = bench_report_series (report, "raw-pread", "raw: maps, pagemap by pread"),
    .first = bench_report_series (report, "snapshot", "snapshot"),
    .again = bench_report_series (report, "again", "the same again, all read"),
    .watched = bench_report_series (report, "watched", "the same again, as the window does"),
    .sharing = bench_report_series (report, "sharing", "snapshot, all with sharing"),
    .drop = bench_report_series (report, "drop", "dropping a snapshot"),
  };
  if (scan)
    bench_report_ratio (report, figures->first, figures->scan, extreme->most_to_scan);
  bench_report_ratio (report, figures->first, figures->pread, extreme->most_to_pread);
  bench_report_ratio (report, figures->again, figures->first, 0);
  bench_report_ratio (report, figures->watched, figures->first, extreme->most_again);
  bench_report_ratio (report, figures->sharing, figures->first, 0);
  if (!extreme->pmap)
    return;
  if (!has_pmap ())
    {
      bench_report_note (report, "pmap is not installed");
      return;
    }
  figures->pmap = bench_report_series (report, "pmap", "pmap -X");
  bench_report_ratio (report, figures->first, figures->pmap, 1 / 15.0);
}

/* As the session asks: sharing for what is on the screen, the rest within its share of a second. */
static AtlasSnapshot *
take_watched (BenchSubject *subject, AtlasSnapshot *previous, BenchSeries *series)
{
  AtlasRegion *middle =
      atlas_snapshot_get_region (previous, atlas_snapshot_get_n_regions (previous) / 2);
  AtlasSnapshotOptions options = { .want_sharing = TRUE, .pace = { .budget_us = SHARE_US } };

  options.focus_start = middle->start;
  options.focus_end = middle->start + SCREEN_PAGES * atlas_snapshot_get_page_size (previous);
  return bench_subject_take (subject, previous, &options, series);
}

static void
drop (BenchSeries *series, AtlasSnapshot **snapshot)
{
  gint64 begun = g_get_monotonic_time ();

  g_clear_pointer (snapshot, atlas_snapshot_unref);
  bench_series_add (series, (double) (g_get_monotonic_time () - begun) / 1000);
}

static void
measure_ours (BenchSubject *subject, const Figures *figures)
{
  const AtlasSnapshotOptions all = { 0 };
  const AtlasSnapshotOptions sharing = { .want_sharing = TRUE };
  AtlasSnapshot *first = bench_subject_take (subject, NULL, &all, figures->first);
  g_autoptr (AtlasSnapshot) again = NULL;
  g_autoptr (AtlasSnapshot) watched = NULL;
  AtlasSnapshot *shared;

  if (subject->error != NULL)
    return;
  again = bench_subject_take (subject, first, &all, figures->again);
  if (again != NULL)
    watched = take_watched (subject, again, figures->watched);
  drop (figures->drop, &first);
  shared = bench_subject_take (subject, NULL, &sharing, figures->sharing);
  g_clear_pointer (&shared, atlas_snapshot_unref);
}

static void
measure_round (BenchSubject *subject, const Extreme *extreme, const Figures *figures, guint round)
{
  if (figures->scan != NULL)
    bench_series_measure (figures->scan, bench_raw_maps_and_scan, subject);
  measure_ours (subject, figures);
  if (!extreme->slow_pread || round < MOST_SLOW_ROUNDS)
    bench_series_measure (figures->pread, bench_raw_maps_and_pread, subject);
  if (figures->pmap != NULL && round < MOST_SLOW_ROUNDS)
    bench_series_measure (figures->pmap, run_pmap, subject);
}

/* What a snapshot takes by malloc's own account, the bytes of maps included; and how long the first
 * one of all took, for which all memory is new. */
static void
report_first (BenchReport *report, BenchSubject *subject, const Extreme *extreme)
{
#ifdef __GLIBC__
  const AtlasSnapshotOptions options = { 0 };
  struct mallinfo2 before;
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  struct mallinfo2 after;
  gint64 begun;
  double took_ms, bytes;
  guint64 n_runs = 0;

  g_usleep (G_USEC_PER_SEC / 2); /* the one before is given back in a thread */
  before = mallinfo2 ();
  begun = g_get_monotonic_time ();
  snapshot = bench_subject_take (subject, NULL, &options, NULL);
  took_ms = (double) (g_get_monotonic_time () - begun) / 1000;
  after = mallinfo2 ();
  bytes = (double) (after.uordblks + after.hblkhd) - (double) (before.uordblks + before.hblkhd);

  if (snapshot == NULL)
    return;
  for (guint i = 0; i < atlas_snapshot_get_n_regions (snapshot); i++)
    {
      guint n;

      atlas_pages_get_runs (atlas_snapshot_get_region (snapshot, i)->pages, &n);
      n_runs += n;
    }
  bench_report_fact (report, "runs", n_runs);
  bench_report_value (report, "first-of-all", "the very first snapshot", "ms", took_ms, 0);
  bench_report_value (report, "memory", "memory of a snapshot", "MiB", bytes / (1 << 20),
                      extreme->most_bytes / (1 << 20));
  bench_report_value (report, "bytes-a-run", "memory of a snapshot, each run", "bytes",
                      bytes / (double) MAX (n_runs, 1), extreme->most_bytes_a_run);
#endif
}

static gboolean
run_extreme (BenchReport *report,
             const BenchOptions *options,
             const Extreme *extreme,
             GError **error)
{
  g_auto (BenchSubject) subject = BENCH_SUBJECT_INIT;
  Layout layout = extreme->layout;
  Figures figures;

  if (!bench_subject_start (&subject, extreme->make, &layout, error))
    return FALSE;
  add_figures (report, extreme, &figures, bench_subject_can_scan (&subject));
  report_first (report, &subject, extreme);
  for (guint i = 0; i < options->rounds && subject.error == NULL; i++)
    measure_round (&subject, extreme, &figures, i);
  bench_report_fact (report, "regions", subject.ranges->len);
  bench_report_fact (report, "MiB mapped for it", layout.bytes >> 20);
  bench_report_fact (report, "rounds", options->rounds);
  if (subject.error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&subject.error));
  return FALSE;
}

gboolean
bench_frag (BenchReport *report, const BenchOptions *options, GError **error)
{
  /* every other page is touched, so twice of what fits can be mapped */
  const Extreme frag = {
    .make = make_frag,
    .layout = { bench_fit (4 * GIB / options->divisor) * 2, N_FRAG_REGIONS / options->divisor },
    .pmap = TRUE,
    .most_to_scan = 1.3,
    .most_again = 0.5,
    .most_bytes_a_run = 16,
  };

  return run_extreme (report, options, &frag, error);
}

gboolean
bench_dense (BenchReport *report, const BenchOptions *options, GError **error)
{
  const Extreme dense = {
    .make = make_dense,
    .layout = { bench_fit (8 * GIB / options->divisor), 1 },
    .most_to_pread = 1 / 1.5,
    .most_bytes = 1 << 20,
  };

  return run_extreme (report, options, &dense, error);
}

gboolean
bench_sparse (BenchReport *report, const BenchOptions *options, GError **error)
{
  const Extreme sparse = {
    .make = make_sparse,
    .layout = { 2048 * GIB / options->divisor, N_SPARSE_PAGES },
    .most_to_pread = 1 / 50.0,
    .slow_pread = TRUE,
  };

  return run_extreme (report, options, &sparse, error);
}
