/* SPDX-License-Identifier: GPL-3.0-or-later */

/* atlas-bench: what this program costs beside what the kernel alone costs for the same files,
 * measured in the same run. No test: nothing fails by being slow. */

#include "atlas-config.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

static const struct
{
  const char *name, *summary;
  BenchFunc run;
} benchmarks[] = {
  { "processes", "the list of all processes, with thousands forked for it", bench_processes },
  { "start", "starting the command line program", bench_start },
  { "snapshot", "one snapshot of a process with 600 regions", bench_snapshot },
  { "frag", "a process of 60,000 regions, every other page resident", bench_frag },
  { "dense", "a process of 8 GiB, all resident", bench_dense },
  { "sparse", "a process that reserved 2 TiB and touched 5,000 pages", bench_sparse },
  { "disturb", "what a process notices that is watched once a second", bench_disturb },
  { "watch", "watching: time of the processor, and of the main loop", bench_watch },
  { "trace", "a program whose calls on memory are traced, beside strace", bench_trace },
  { "table", "the window and its table with 60,000 regions: the main loop", bench_table },
  { "frames", "a scripted pan and zoom of 600 frames, 1600×1000", bench_frames },
  { "window", "the desktop program: start, memory, processor, main loop; needs an X display",
    bench_window },
};

static gint rounds = 9;
static gint n_processes = 5000;
static gint divisor = 1;
static gint seconds = 10;
static gboolean as_json;
static char **names;

static const GOptionEntry options[] = {
  { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, "Write JSON", NULL },
  { "rounds", 0, 0, G_OPTION_ARG_INT, &rounds, "How often to measure (9)", "N" },
  { "processes", 0, 0, G_OPTION_ARG_INT, &n_processes, "How many processes to fork (5000)", "N" },
  { "divide", 0, 0, G_OPTION_ARG_INT, &divisor, "Make what is large N times smaller (1)", "N" },
  { "seconds", 0, 0, G_OPTION_ARG_INT, &seconds, "How long to watch at a time (10)", "N" },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &names, NULL, "[BENCHMARK...]" },
  G_OPTION_ENTRY_NULL,
};

static int
find_benchmark (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (benchmarks); i++)
    if (strcmp (benchmarks[i].name, name) == 0)
      return (int) i;
  return -1;
}

static gboolean
parse_options (int *argc, char ***argv, GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GString) summary = g_string_new ("Benchmarks (all, unless named):");

  for (guint i = 0; i < G_N_ELEMENTS (benchmarks); i++)
    g_string_append_printf (summary, "\n  %-10s %s", benchmarks[i].name, benchmarks[i].summary);
  g_option_context_set_summary (context, summary->str);
  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    if (find_benchmark (names[i]) < 0)
      {
        g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "There is no benchmark “%s”",
                     names[i]);
        return FALSE;
      }
  return TRUE;
}

static gboolean
is_wanted (const char *name)
{
  return names == NULL || g_strv_contains ((const char *const *) names, name);
}

static gboolean
run_benchmark (guint index, BenchReport *report)
{
  g_autoptr (GError) error = NULL;
  const BenchOptions bench_options = { (guint) MAX (rounds, 1), (guint) MAX (n_processes, 0),
                                       (guint) CLAMP (divisor, 1, 1000), (guint) MAX (seconds, 1) };

  if (!as_json)
    g_printerr ("Measuring %s...\n", benchmarks[index].name);
  bench_report_begin (report, benchmarks[index].name);
  if (benchmarks[index].run (report, &bench_options, &error))
    return TRUE;
  g_printerr ("atlas-bench: %s: %s\n", benchmarks[index].name, error->message);
  return FALSE;
}

int
main (int argc, char *argv[])
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BenchReport) report = bench_report_new ();
  gboolean complete = TRUE;

  if (!parse_options (&argc, &argv, &error))
    {
      g_printerr ("atlas-bench: %s\n", error->message);
      return 2;
    }
  for (guint i = 0; i < G_N_ELEMENTS (benchmarks); i++)
    if (is_wanted (benchmarks[i].name))
      complete = run_benchmark (i, report) && complete;

  g_autofree char *text = as_json ? bench_report_to_json (report) : bench_report_to_text (report);
  g_print ("%s", text);
  g_clear_pointer (&names, g_strfreev);
  return complete ? EXIT_SUCCESS : EXIT_FAILURE;
}
