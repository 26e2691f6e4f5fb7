/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The process list beside opening, reading and closing the files it is made of, and beside ps. */

#include "atlas-config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "atlas-process-list.h"
#include "bench-children.h"
#include "bench.h"

/* As the project's own demand has it. */
#define MOST_TO_RAW 1.5
#define MOST_TO_PS 1.0

/* Of so many come and gone between two refreshes the merge must tell. */
#define N_REPLACED 100

typedef struct
{
  AtlasProcfs *procfs;
  GArray *pids; /* of gint */
  AtlasProcessCache *cache;
  guint n_listed;
  GMainContext *context;
  AtlasProcessList *list;
  double merge_ms;
  gboolean refreshed;
} Subject;

typedef struct
{
  BenchSeries *raw, *raw_command, *cold, *warm, *merge, *merge_replaced, *ps;
} Figures;

static GArray *
list_pids (int proc)
{
  GArray *pids = g_array_new (FALSE, FALSE, sizeof (gint));
  DIR *directory = fdopendir (openat (proc, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));

  for (struct dirent *entry = readdir (directory); entry != NULL; entry = readdir (directory))
    {
      gint pid = (gint) g_ascii_strtoll (entry->d_name, NULL, 10);
      if (pid > 0)
        g_array_append_val (pids, pid);
    }
  closedir (directory);
  return pids;
}

static void
read_raw_file (int proc, gint pid, const char *file)
{
  static char buffer[64 * 1024];
  char path[64];

  g_snprintf (path, sizeof path, "%d/%s", pid, file);
  int fd = openat (proc, path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return;
  if (read (fd, buffer, sizeof buffer) < 0)
    g_assert (errno == ESRCH);
  close (fd);
}

/* The least it can cost: the PIDs known, one read a file, nothing looked at. */
static void
read_raw (gpointer data)
{
  Subject *subject = data;
  int proc = atlas_procfs_get_fd (subject->procfs);

  for (guint i = 0; i < subject->pids->len; i++)
    {
      read_raw_file (proc, g_array_index (subject->pids, gint, i), "status");
      read_raw_file (proc, g_array_index (subject->pids, gint, i), "stat");
    }
}

static void
read_raw_with_command (gpointer data)
{
  Subject *subject = data;
  int proc = atlas_procfs_get_fd (subject->procfs);

  read_raw (data);
  for (guint i = 0; i < subject->pids->len; i++)
    read_raw_file (proc, g_array_index (subject->pids, gint, i), "cmdline");
}

static void
scan (Subject *subject, AtlasProcessCache *cache)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) infos = atlas_process_scan (subject->procfs, cache, NULL, &error);

  if (infos == NULL)
    g_error ("%s", error->message);
  subject->n_listed = infos->len;
}

static void
scan_cold (gpointer data)
{
  scan (data, NULL);
}

static void
scan_warm (gpointer data)
{
  Subject *subject = data;
  scan (subject, subject->cache);
}

static void
refreshed_cb (AtlasProcessList *list, gboolean any_changed, gpointer data)
{
  ((Subject *) data)->refreshed = TRUE;
}

/* How long the main context is busy with one refresh: the reading is a worker's. */
static double
refresh (Subject *subject)
{
  gint64 begun = 0;

  subject->refreshed = FALSE;
  atlas_process_list_refresh (subject->list);
  while (!subject->refreshed)
    {
      while (!g_main_context_pending (subject->context))
        g_usleep (1000);
      begun = g_get_monotonic_time ();
      g_main_context_iteration (subject->context, FALSE);
    }
  return (double) (g_get_monotonic_time () - begun) / 1000;
}

static void
run_ps (gpointer data)
{
  const char *const arguments[] = { "ps", "-eo", "pid,user,comm,vsz,rss", NULL };

  g_spawn_sync (NULL, (char **) arguments, NULL,
                G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL,
                NULL, NULL, NULL, NULL, NULL);
}

static gboolean
has_ps (void)
{
  g_autofree char *path = g_find_program_in_path ("ps");
  return path != NULL;
}

static void
add_figures (BenchReport *report, Figures *figures)
{
  *figures = (Figures){
    .raw = bench_report_series (report, "raw", "raw: status and stat"),
    .raw_command = bench_report_series (report, "raw-command", "raw: status, stat and cmdline"),
    .cold = bench_report_series (report, "scan-cold", "list, first reading"),
    .warm = bench_report_series (report, "scan-warm", "list, later readings"),
    .merge = bench_report_series (report, "merge", "refresh, main thread"),
    .merge_replaced =
        bench_report_series (report, "merge-replaced", "refresh, main thread, 100 replaced"),
    .ps = has_ps () ? bench_report_series (report, "ps", "ps -eo pid,user,comm,vsz,rss") : NULL,
  };
  bench_report_ratio (report, figures->cold, figures->raw_command, 0);
  bench_report_ratio (report, figures->warm, figures->raw, MOST_TO_RAW);
  bench_report_ratio (report, figures->merge, figures->raw, 0);
  bench_report_ratio (report, figures->merge_replaced, figures->raw, 0);
  if (figures->ps != NULL)
    {
      bench_report_ratio (report, figures->cold, figures->ps, MOST_TO_PS);
      bench_report_ratio (report, figures->warm, figures->ps, MOST_TO_PS);
    }
  else
    bench_report_note (report, "ps is not installed");
}

static void
measure_round (Subject *subject, BenchChildren *children, const Figures *figures)
{
  g_clear_pointer (&subject->pids, g_array_unref);
  subject->pids = list_pids (atlas_procfs_get_fd (subject->procfs));
  bench_series_measure (figures->raw, read_raw, subject);
  bench_series_measure (figures->warm, scan_warm, subject);
  bench_series_measure (figures->raw_command, read_raw_with_command, subject);
  bench_series_measure (figures->cold, scan_cold, subject);
  if (figures->ps != NULL)
    bench_series_measure (figures->ps, run_ps, subject);
  bench_series_add (figures->merge, refresh (subject));
  bench_children_replace (children, N_REPLACED);
  bench_series_add (figures->merge_replaced, refresh (subject));
  scan_warm (subject);
}

/* The first time round finds no directory entry cached in the kernel, and fills our caches. */
static void
warm_up (Subject *subject)
{
  subject->pids = list_pids (atlas_procfs_get_fd (subject->procfs));
  read_raw_with_command (subject);
  scan_warm (subject);
  refresh (subject);
}

static void
subject_clear (Subject *subject)
{
  g_clear_object (&subject->list);
  g_clear_pointer (&subject->cache, atlas_process_cache_free);
  g_clear_pointer (&subject->pids, g_array_unref);
  g_clear_pointer (&subject->procfs, atlas_procfs_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Subject, subject_clear)

gboolean
bench_processes (BenchReport *report, const BenchOptions *options, GError **error)
{
  g_auto (Subject) subject = { 0 };
  g_auto (BenchChildren) children = { NULL };
  Figures figures;

  subject.procfs = atlas_procfs_new ("/proc", error);
  if (subject.procfs == NULL)
    return FALSE;
  subject.context = g_main_context_default ();
  subject.cache = atlas_process_cache_new ();
  subject.list = atlas_process_list_new (subject.procfs);
  g_signal_connect (subject.list, "refreshed", G_CALLBACK (refreshed_cb), &subject);

  guint n_forked = bench_children_fork (&children, options->n_processes, NULL, NULL);
  if (n_forked < options->n_processes)
    bench_report_note (report, "only %u of %u processes could be forked here", n_forked,
                       options->n_processes);
  warm_up (&subject);
  add_figures (report, &figures);
  for (guint i = 0; i < options->rounds; i++)
    measure_round (&subject, &children, &figures);
  bench_report_fact (report, "forked", n_forked);
  bench_report_fact (report, "listed", subject.n_listed);
  bench_report_fact (report, "rounds", options->rounds);
  return TRUE;
}
