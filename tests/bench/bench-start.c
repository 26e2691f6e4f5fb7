/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How long the command line takes to start, beside a program that does nothing: scripts call it
 * often. */

#include "atlas-config.h"

#include <gio/gio.h>

#include "bench.h"

typedef struct
{
  const char *const *arguments;
  GError *error; /* of the first that failed */
} Command;

/* The one that was built with this program, else an installed one. */
static char *
find_program (void)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *place = self != NULL ? g_path_get_dirname (self) : g_strdup (".");
  g_autofree char *built =
      g_build_filename (place, "..", "..", "app", "cli", "memory-atlas-cli", NULL);

  if (g_file_test (built, G_FILE_TEST_IS_EXECUTABLE))
    return g_steal_pointer (&built);
  return g_find_program_in_path ("memory-atlas-cli");
}

static void
run (gpointer data)
{
  Command *command = data;
  int status = 0;

  if (command->error == NULL
      && g_spawn_sync (NULL, (char **) command->arguments, NULL,
                       G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, NULL,
                       &status, &command->error))
    g_spawn_check_wait_status (status, &command->error);
}

/* FALSE if there was one; the others are dropped. */
static gboolean
settle_errors (Command *commands, guint n_commands, GError **error)
{
  g_autoptr (GError) first = NULL;

  for (guint i = 0; i < n_commands; i++)
    {
      if (first == NULL)
        first = g_steal_pointer (&commands[i].error);
      g_clear_error (&commands[i].error);
    }
  if (first == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&first));
  return FALSE;
}

static gboolean
measure (const char *program, BenchReport *report, guint rounds, GError **error)
{
  const char *const none[] = { "true", NULL };
  const char *const version[] = { program, "--version", NULL };
  const char *const list[] = { program, "list", NULL };
  Command commands[] = { { none, NULL }, { version, NULL }, { list, NULL } };
  BenchSeries *series[] = {
    bench_report_series (report, "raw", "raw: true"),
    bench_report_series (report, "version", "memory-atlas-cli --version"),
    bench_report_series (report, "list", "memory-atlas-cli list"),
  };

  bench_report_ratio (report, series[1], series[0], 0);
  bench_report_ratio (report, series[2], series[0], 0);
  for (guint i = 0; i < rounds; i++)
    for (guint j = 0; j < G_N_ELEMENTS (commands); j++)
      bench_series_measure (series[j], run, &commands[j]);
  return settle_errors (commands, G_N_ELEMENTS (commands), error);
}

gboolean
bench_start (BenchReport *report, const BenchOptions *options, GError **error)
{
  g_autofree char *program = find_program ();

  bench_report_fact (report, "rounds", options->rounds);
  if (program == NULL)
    {
      bench_report_note (report, "memory-atlas-cli was neither built nor installed");
      return TRUE;
    }
  return measure (program, report, options->rounds, error);
}
