/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a program loses by being traced: a million calls of getpid and ten thousand of mmap, alone,
 * under our tracer and under strace. What counts is the time that tracing adds. */

#include "atlas-config.h"

#include <gio/gio.h>
#include <string.h>

#include "atlas-lab-programs.h"
#include "bench.h"

#define N_CALLS 1000000
#define N_MAPS 10000
/* strace alone takes a minute for one. */
#define MOST_ROUNDS 5
#define MOST_OVERHEAD (1.0 / 3)

typedef struct
{
  const char *name, *title;      /* of the time that it adds */
  const char *const *words;      /* what comes before the target */
  BenchSeries *whole, *overhead; /* NULL: not to be had here */
} Way;

typedef struct
{
  char *target, *n_calls, *n_maps;
  GError *error; /* of the first that failed */
} Target;

static void
target_clear (Target *target)
{
  g_free (target->target);
  g_free (target->n_calls);
  g_free (target->n_maps);
  g_clear_error (&target->error);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Target, target_clear)

/* Beside this program, or beside what it measures. */
static char *
find_built (const char *way, const char *name)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *place = self != NULL ? g_path_get_dirname (self) : g_strdup (".");

  return g_build_filename (place, way, name, NULL);
}

/* Milliseconds; what it prints is dropped. */
static double
run (Target *target, const char *const *words)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) argv = NULL;
  gint64 begun;
  int status;

  if (words != NULL)
    g_strv_builder_addv (builder, (const char **) words);
  g_strv_builder_add_many (builder, target->target, target->n_calls, target->n_maps, NULL);
  argv = g_strv_builder_end (builder);
  begun = g_get_monotonic_time ();
  if (target->error == NULL
      && g_spawn_sync (NULL, argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_CHILD_INHERITS_STDIN, NULL,
                       NULL, NULL, NULL, &status, &target->error))
    g_spawn_check_wait_status (status, &target->error);
  return (double) (g_get_monotonic_time () - begun) / 1000;
}

/* Whether it is there, and this machine lets it trace. */
static gboolean
works (const Way *way)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) argv = NULL;
  int status;

  g_strv_builder_addv (builder, (const char **) way->words);
  g_strv_builder_add (builder, "true");
  argv = g_strv_builder_end (builder);
  return g_spawn_sync (NULL, argv, NULL,
                       G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL
                           | G_SPAWN_STDERR_TO_DEV_NULL,
                       NULL, NULL, NULL, NULL, &status, NULL)
         && g_spawn_check_wait_status (status, NULL);
}

static void
prepare (BenchReport *report, Way *way)
{
  g_autofree char *name = g_strconcat (way->name, "-whole", NULL);
  g_autofree char *title = g_strconcat (way->title, ", in all", NULL);

  if (!works (way))
    {
      bench_report_note (report, "%s cannot be had or cannot trace on this machine", way->title);
      return;
    }
  way->whole = bench_report_series (report, name, title);
  way->overhead = bench_report_series (report, way->name, way->title);
}

static void
measure (Target *target, BenchSeries *alone, Way *ways, guint n_ways)
{
  double without = run (target, NULL);

  bench_series_add (alone, without);
  for (guint i = 0; i < n_ways; i++)
    if (ways[i].whole != NULL)
      {
        double with = run (target, ways[i].words);

        bench_series_add (ways[i].whole, with);
        bench_series_add (ways[i].overhead, MAX (with - without, 0));
      }
}

/* Against strace as it is called by hand, and, without a demand, with the filter it can be asked to
 * use. */
static void
compare (BenchReport *report, const Way *ours, const Way *strace, const Way *filtered)
{
  if (ours->whole != NULL && strace->whole != NULL)
    bench_report_ratio (report, ours->overhead, strace->overhead, MOST_OVERHEAD);
  if (ours->whole != NULL && filtered->whole != NULL)
    bench_report_ratio (report, ours->overhead, filtered->overhead, 0);
}

gboolean
bench_trace (BenchReport *report, const BenchOptions *options, GError **error)
{
  g_autofree char *tracer = atlas_lab_program_find ("memory-atlas-trace", error);
  g_autofree char *cli = find_built ("../../app/cli", "memory-atlas-cli");
  const char *const traced[] = { tracer, "-o", "/dev/null", NULL };
  const char *const printed[] = { cli, "trace", "-o", "/dev/null", NULL };
  const char *const strace[] = { "strace", "-f", "-e", "trace=memory", "-o", "/dev/null", NULL };
  const char *const filtered[] = { "strace",       "-f", "--seccomp-bpf", "-e",
                                   "trace=memory", "-o", "/dev/null",     NULL };
  Way ways[] = {
    { "traced", "memory-atlas-trace", traced, NULL, NULL },
    { "printed", "memory-atlas-cli trace", printed, NULL, NULL },
    { "strace", "strace -f -e trace=memory", strace, NULL, NULL },
    { "strace-filtered", "the same with --seccomp-bpf", filtered, NULL, NULL },
  };
  g_auto (Target) target = { find_built (".", "bench-trace-target"),
                             g_strdup_printf ("%u", N_CALLS / options->divisor),
                             g_strdup_printf ("%u", N_MAPS / options->divisor), NULL };
  guint rounds = MIN (options->rounds, MOST_ROUNDS);
  BenchSeries *alone;

  if (tracer == NULL)
    return FALSE;
  alone = bench_report_series (report, "alone", "not traced");
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    prepare (report, &ways[i]);
  compare (report, &ways[0], &ways[2], &ways[3]);
  bench_report_fact (report, "calls of getpid", N_CALLS / options->divisor);
  bench_report_fact (report, "of mmap", N_MAPS / options->divisor);
  bench_report_fact (report, "rounds", rounds);
  for (guint i = 0; i < rounds; i++)
    measure (&target, alone, ways, G_N_ELEMENTS (ways));
  if (target.error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&target.error));
  return FALSE;
}
