/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the watched process notices: it maps, touches and unmaps as fast as it can, beside gigabytes
 * that are resident, and times itself; unwatched, and watched once a second. */

#include "atlas-config.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "atlas-session.h"
#include "bench-subject.h"
#include "bench.h"

#define RESIDENT ((guint64) 4 << 30)
#define LOOP_PAGES 4
#define MOST_MEAN 1.05
#define MOST_STALL_MS 2.0

/* Shared by both processes. */
typedef struct
{
  gsize resident;
  atomic_uint round; /* counts anew when this moves */
  atomic_ullong n_loops, total_ns, worst_ns;
} Notebook;

typedef struct
{
  double mean_us, worst_ms;
} Measured;

static guint64
now_ns (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return (guint64) now.tv_sec * 1000000000u + (guint64) now.tv_nsec;
}

static void
loop_once (gsize page_size)
{
  char *area = mmap (NULL, LOOP_PAGES * page_size, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  if (area == MAP_FAILED)
    _exit (EXIT_FAILURE);
  for (gsize i = 0; i < LOOP_PAGES; i++)
    area[i * page_size] = 1;
  munmap (area, LOOP_PAGES * page_size);
}

static _Noreturn void
loop_for_ever (Notebook *notebook)
{
  gsize page_size = (gsize) sysconf (_SC_PAGESIZE);
  guint round = 0;

  for (guint64 begun = now_ns ();;)
    {
      guint64 ended, took;

      loop_once (page_size);
      ended = now_ns ();
      took = ended - begun;
      begun = ended;
      if (round != atomic_load (&notebook->round))
        {
          round = atomic_load (&notebook->round);
          notebook->n_loops = notebook->total_ns = notebook->worst_ns = 0;
          continue;
        }
      notebook->n_loops++;
      notebook->total_ns += took;
      if (took > notebook->worst_ns)
        notebook->worst_ns = took;
    }
}

static void
make_resident (gpointer data)
{
  Notebook *notebook = data;
  gsize page_size = (gsize) sysconf (_SC_PAGESIZE);
  char *area =
      mmap (NULL, notebook->resident, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  if (area == MAP_FAILED)
    _exit (EXIT_FAILURE);
  madvise (area, notebook->resident, MADV_NOHUGEPAGE);
  for (gsize i = 0; i < notebook->resident; i += page_size)
    area[i] = 1;
  atomic_store (&notebook->round, 1);
  loop_for_ever (notebook);
}

static gboolean
stop_cb (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

static Measured
measure (Notebook *notebook, guint seconds)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Measured measured;

  atomic_fetch_add (&notebook->round, 1);
  g_timeout_add_seconds (seconds, stop_cb, loop);
  g_main_loop_run (loop);
  measured.mean_us = (double) notebook->total_ns / 1000 / (double) MAX (notebook->n_loops, 1);
  measured.worst_ms = (double) notebook->worst_ns / 1000000;
  return measured;
}

static void
add_to (BenchSeries *mean, BenchSeries *worst, Measured measured)
{
  bench_series_add (mean, measured.mean_us / 1000);
  bench_series_add (worst, measured.worst_ms);
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double first = *(const double *) a;
  double second = *(const double *) b;

  return (first > second) - (first < second);
}

static AtlasSession *
watch (AtlasProcfs *procfs, gint pid)
{
  AtlasSession *session = atlas_session_new (procfs);

  atlas_session_set_pid (session, pid);
  return session;
}

static void
measure_rounds (Notebook *notebook,
                AtlasProcfs *procfs,
                gint pid,
                const BenchOptions *options,
                BenchReport *report)
{
  BenchSeries *mean = bench_report_series (report, "mean", "one loop, unwatched, mean");
  BenchSeries *worst = bench_report_series (report, "worst", "one loop, unwatched, slowest");
  BenchSeries *mean_watched = bench_report_series (report, "mean-watched", "watched, mean");
  BenchSeries *worst_watched = bench_report_series (report, "worst-watched", "watched, slowest");
  g_autoptr (GArray) stalls = g_array_new (FALSE, FALSE, sizeof (double));
  guint rounds = options->rounds;

  for (guint i = 0; i < rounds; i++)
    {
      Measured alone = measure (notebook, options->seconds);
      AtlasSession *session = watch (procfs, pid);
      Measured watched = measure (notebook, options->seconds);
      double stall = watched.worst_ms - alone.worst_ms;

      g_object_unref (session);
      add_to (mean, worst, alone);
      add_to (mean_watched, worst_watched, watched);
      g_array_append_val (stalls, stall);
    }
  g_array_sort (stalls, compare_doubles);
  bench_report_ratio (report, mean_watched, mean, MOST_MEAN);
  bench_report_value (report, "stall", "longest stall, watched less unwatched, median", "ms",
                      g_array_index (stalls, double, stalls->len / 2), MOST_STALL_MS);
  bench_report_fact (report, "rounds", rounds);
  bench_report_fact (report, "seconds each", options->seconds);
}

static void
wait_until_it_loops (Notebook *notebook)
{
  while (atomic_load (&notebook->n_loops) == 0)
    g_usleep (10000);
}

gboolean
bench_disturb (BenchReport *report, const BenchOptions *options, GError **error)
{
  g_auto (BenchChildren) children = { NULL };
  g_autoptr (AtlasProcfs) procfs = atlas_procfs_new ("/proc", error);
  Notebook *notebook =
      mmap (NULL, sizeof *notebook, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

  if (procfs == NULL)
    return FALSE;
  notebook->resident = (gsize) bench_fit (RESIDENT / options->divisor);
  if (bench_children_spawn (&children, make_resident, notebook) == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                           "The process to look at could not be started");
      return FALSE;
    }
  wait_until_it_loops (notebook);
  measure_rounds (notebook, procfs, g_array_index (children.pids, pid_t, 0), options, report);
  bench_report_fact (report, "MiB resident", notebook->resident >> 20);
  munmap (notebook, sizeof *notebook);
  return TRUE;
}
