/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What watching costs this program, without the drawing: time of the processor, visible and hidden,
 * and how long the main loop is kept from anything else. */

#include "atlas-config.h"

#include <sys/resource.h>

#include "atlas-session.h"
#include "bench-children.h"
#include "bench-regions.h"
#include "bench.h"

#define MOST_HIDDEN_PERCENT 0.1
#define MOST_VISIBLE_PERCENT 1.5
#define MOST_BLOCKED_MS 16
#define SCREEN_PAGES 4096u

/* --- the main loop --- */

static gint64 woken, blocked_most;

/* Between two polls the main loop does nothing else. */
static gint
poll_and_time (GPollFD *fds, guint n_fds, gint timeout)
{
  gint n_ready;

  if (woken != 0)
    blocked_most = MAX (blocked_most, g_get_monotonic_time () - woken);
  n_ready = g_poll (fds, n_fds, timeout);
  woken = g_get_monotonic_time ();
  return n_ready;
}

static gboolean
stop_cb (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

static double
get_cpu_seconds (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
         + (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* Per cent of one core. */
static double
run_for (guint seconds)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  gint64 begun = g_get_monotonic_time ();
  double before = get_cpu_seconds ();

  g_timeout_add_seconds (seconds, stop_cb, loop);
  g_main_loop_run (loop);
  return (get_cpu_seconds () - before) * 100 / ((double) (g_get_monotonic_time () - begun) / 1e6);
}

/* What views ask of every new snapshot: where to look, and what the counters count. */
static void
sampled_cb (AtlasSession *session)
{
  AtlasSnapshot *snapshot = atlas_session_get_snapshot (session);
  guint n_regions = snapshot != NULL ? atlas_snapshot_get_n_regions (snapshot) : 0;
  AtlasRegion *middle;

  if (n_regions == 0)
    return;
  middle = atlas_snapshot_get_region (snapshot, n_regions / 2);
  atlas_session_set_focus (session, middle->start,
                           middle->start + SCREEN_PAGES * atlas_snapshot_get_page_size (snapshot));
  for (guint i = 0; i < ATLAS_N_COUNTERS; i++)
    atlas_snapshot_count (snapshot, i);
}

static gboolean
measure (BenchRegions regions,
         const char *name,
         double most_visible,
         const BenchOptions *options,
         BenchReport *report,
         GError **error)
{
  g_auto (BenchChildren) children = { NULL };
  g_autoptr (AtlasProcfs) procfs = atlas_procfs_new ("/proc", error);
  g_autoptr (AtlasSession) session = NULL;
  g_autofree char *blocked_name = g_strconcat (name, "-blocked", NULL);
  g_autofree char *blocked_title = g_strconcat (name, ": main loop blocked, at most", NULL);
  g_autofree char *visible_name = g_strconcat (name, "-visible", NULL);
  g_autofree char *visible_title = g_strconcat (name, ": watching, without drawing", NULL);
  g_autofree char *hidden_name = g_strconcat (name, "-hidden", NULL);
  g_autofree char *hidden_title = g_strconcat (name, ": hidden", NULL);
  double visible, hidden;

  if (procfs == NULL)
    return FALSE;
  if (bench_children_fork (&children, 1, bench_regions_make, &regions) != 1)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                           "The process to look at could not be started");
      return FALSE;
    }
  session = atlas_session_new (procfs);
  g_signal_connect (session, "sampled", G_CALLBACK (sampled_cb), NULL);
  woken = blocked_most = 0;
  atlas_session_set_pid (session, g_array_index (children.pids, pid_t, 0));
  visible = run_for (options->seconds);
  atlas_session_set_active (session, FALSE);
  hidden = run_for (options->seconds);
  bench_report_value (report, visible_name, visible_title, "% of a core", visible, most_visible);
  bench_report_value (report, hidden_name, hidden_title, "% of a core", hidden,
                      MOST_HIDDEN_PERCENT);
  bench_report_value (report, blocked_name, blocked_title, "ms", (double) blocked_most / 1000,
                      MOST_BLOCKED_MS);
  return TRUE;
}

gboolean
bench_watch (BenchReport *report, const BenchOptions *options, GError **error)
{
  GMainContext *context = g_main_context_default ();
  GPollFunc before = g_main_context_get_poll_func (context);
  gboolean measured;

  g_main_context_set_poll_func (context, poll_and_time);
  measured =
      measure (bench_regions_typical (), "typical", MOST_VISIBLE_PERCENT, options, report, error)
      && measure (bench_regions_frag (options), "frag", 0, options, report, error);
  g_main_context_set_poll_func (context, before);
  bench_report_fact (report, "seconds each", options->seconds);
  return measured;
}
