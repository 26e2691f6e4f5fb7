/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The window, and its table above all, on a process of 60,000 regions. Widgets are nothing that
 * this program links, so another does the work and tells what it found. */

#include "atlas-config.h"

#include <gio/gio.h>
#include <string.h>

#include "bench.h"

#define N_REGIONS 60000u

/* The one that was built with this program; NULL where the desktop program is not built. */
static char *
find_driver (void)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *place = self != NULL ? g_path_get_dirname (self) : g_strdup (".");
  g_autofree char *built = g_build_filename (place, "atlas-bench-table", NULL);

  return g_file_test (built, G_FILE_TEST_IS_EXECUTABLE) ? g_steal_pointer (&built) : NULL;
}

/* Settings of its own, in memory, by the schema that was built beside it. */
static char **
make_environment (const char *driver)
{
  g_autofree char *place = g_path_get_dirname (driver);
  g_autofree char *schemas = g_build_filename (place, "..", "..", "data", NULL);
  char **environment = g_get_environ ();

  environment = g_environ_setenv (environment, "GSETTINGS_SCHEMA_DIR", schemas, TRUE);
  environment = g_environ_setenv (environment, "GSETTINGS_BACKEND", "memory", TRUE);
  return g_environ_setenv (environment, "GSK_RENDERER", "cairo", FALSE);
}

static void
report_line (BenchReport *report, const char *line)
{
  g_auto (GStrv) fields = g_strsplit (line, "\t", 4);

  if (g_strv_length (fields) == 4)
    bench_report_value (report, fields[0], fields[1], "ms", g_ascii_strtod (fields[2], NULL),
                        g_ascii_strtod (fields[3], NULL));
}

static gboolean
run_driver (const char *driver, BenchReport *report, const BenchOptions *options, GError **error)
{
  g_autofree char *n_regions = g_strdup_printf ("%u", N_REGIONS / options->divisor);
  g_autofree char *seconds = g_strdup_printf ("%u", options->seconds);
  const char *const arguments[] = { driver, n_regions, seconds, NULL };
  g_auto (GStrv) environment = make_environment (driver);
  g_auto (GStrv) lines = NULL;
  g_autofree char *output = NULL;
  int status;

  if (!g_spawn_sync (NULL, (char **) arguments, environment, G_SPAWN_DEFAULT, NULL, NULL, &output,
                     NULL, &status, error)
      || !g_spawn_check_wait_status (status, error))
    return FALSE;
  lines = g_strsplit (output, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    report_line (report, lines[i]);
  bench_report_fact (report, "regions", N_REGIONS / options->divisor);
  bench_report_fact (report, "seconds each", options->seconds);
  return TRUE;
}

gboolean
bench_table (BenchReport *report, const BenchOptions *options, GError **error)
{
  g_autofree char *driver = find_driver ();

  if (driver == NULL)
    bench_report_note (report, "the desktop program was not built, so there is no table");
  else if (g_getenv ("DISPLAY") == NULL && g_getenv ("WAYLAND_DISPLAY") == NULL)
    bench_report_note (report, "there is no display here: run it by “./dev bench”, or xvfb-run");
  else
    return run_driver (driver, report, options, error);
  return TRUE;
}
