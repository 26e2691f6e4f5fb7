/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The desktop program, seen from outside: how soon its window is there, what it takes of memory and
 * of the processor, and how long it is deaf. Beside it, GNOME's System Monitor, which lists
 * processes as well. */

#include "atlas-config.h"

#include <gio/gio.h>

#include "bench-children.h"
#include "bench-program.h"
#include "bench-regions.h"
#include "bench.h"

#define OTHER "gnome-system-monitor"
#define MOST_START 0.9
#define MOST_RESIDENT 1.0
#define MOST_VISIBLE_PERCENT 1.5
#define MOST_HIDDEN_PERCENT 0.1
#define MOST_BLOCKED_MS 16
#define MIB ((double) (1 << 20))
/* Until what comes at the start is over: transitions, and what is read once. */
#define MOST_SETTLE_SECONDS 5
#define HIDE_SECONDS 2

typedef struct
{
  BenchReport *report;
  const BenchOptions *options;
  BenchScreen *screen;
  char *ours;
  char *other; /* NULL: not installed */
} Bench;

static void
bench_clear (Bench *self)
{
  g_clear_pointer (&self->screen, bench_screen_close);
  g_clear_pointer (&self->ours, g_free);
  g_clear_pointer (&self->other, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Bench, bench_clear)

/* --- finding the programs --- */

static char *
find_built (const char *path)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *place = self != NULL ? g_path_get_dirname (self) : g_strdup (".");

  return g_build_filename (place, "..", "..", path, NULL);
}

/* The one that was built with this program; its settings are beside it. */
static char *
find_ours (void)
{
  g_autofree char *built = find_built ("app/memory-atlas");
  g_autofree char *schemas = find_built ("data");

  if (!g_file_test (built, G_FILE_TEST_IS_EXECUTABLE))
    return NULL;
  g_setenv ("GSETTINGS_SCHEMA_DIR", schemas, TRUE);
  return g_steal_pointer (&built);
}

/* --- starting --- */

typedef struct
{
  const char *const *arguments;
  BenchSeries *mapped, *painted;
} Started;

static gboolean
start_once (Bench *self, Started *started, gboolean count, GError **error)
{
  g_auto (BenchProgram) program = { 0 };

  if (!bench_program_start (&program, self->screen, started->arguments, error))
    return FALSE;
  if (count)
    {
      bench_series_add (started->mapped, program.mapped_ms);
      bench_series_add (started->painted, program.painted_ms);
    }
  return TRUE;
}

/* In turn. The first round is not counted: it starts what both need of the session. */
static gboolean
measure_start (Bench *self, GError **error)
{
  const char *const ours[] = { self->ours, NULL };
  const char *const other[] = { self->other, NULL };
  BenchReport *report = self->report;
  Started started[] = {
    { ours, bench_report_series (report, "start", "start: window there"),
      bench_report_series (report, "start-painted", "start: window painted") },
    { other, NULL, NULL },
  };

  if (self->other != NULL)
    {
      started[1].mapped = bench_report_series (report, "other-start", OTHER ": window there");
      started[1].painted =
          bench_report_series (report, "other-start-painted", OTHER ": window painted");
      bench_report_ratio (report, started[0].mapped, started[1].mapped, MOST_START);
      bench_report_ratio (report, started[0].painted, started[1].painted, MOST_START);
    }
  for (guint i = 0; i <= self->options->rounds; i++)
    for (guint j = 0; j < (self->other != NULL ? 2 : 1); j++)
      if (!start_once (self, &started[j], i > 0, error))
        return FALSE;
  return TRUE;
}

/* --- memory --- */

static gboolean
measure_resident (Bench *self,
                  const char *const *arguments,
                  const char *name,
                  const char *title,
                  double *bytes,
                  GError **error)
{
  g_auto (BenchProgram) program = { 0 };

  if (!bench_program_start (&program, self->screen, arguments, error))
    return FALSE;
  *bytes = (double) bench_program_settle (&program);
  bench_report_value (self->report, name, title, "MiB", *bytes / MIB, 0);
  return TRUE;
}

static gboolean
compare_resident (Bench *self, GError **error)
{
  const char *const ours[] = { self->ours, NULL };
  const char *const other[] = { self->other, NULL };
  double resident, other_first, other_later;

  if (!measure_resident (self, ours, "resident", "resident", &resident, error))
    return FALSE;
  if (self->other == NULL)
    return TRUE;
  bench_screen_forget_visuals (self->screen);
  if (!measure_resident (self, other, "other-resident-first",
                         OTHER ": resident, first GTK 3 program of the screen", &other_first, error)
      || !measure_resident (self, other, "other-resident", OTHER ": resident, any later one",
                            &other_later, error))
    return FALSE;
  bench_report_value (self->report, "resident-to-first", "resident, to that of the first", "times",
                      resident / other_first, MOST_RESIDENT);
  bench_report_value (self->report, "resident-to-later", "resident, to that of a later one",
                      "times", resident / other_later, MOST_RESIDENT);
  return TRUE;
}

/* --- watching --- */

static void
report_answers (Bench *self,
                const char *name,
                const char *title,
                BenchAnswers answers,
                double wanted)
{
  g_autofree char *busy_name = g_strconcat (name, "-busy", NULL);
  g_autofree char *busy_title = g_strconcat (title, ", running itself", NULL);
  g_autofree char *server_name = g_strconcat (name, "-server", NULL);
  g_autofree char *server_title = g_strconcat (title, ", X server by itself", NULL);

  bench_report_value (self->report, name, title, "ms", answers.most, wanted);
  bench_report_value (self->report, busy_name, busy_title, "ms", answers.busy, 0);
  bench_report_value (self->report, server_name, server_title, "ms", answers.server, 0);
}

static gboolean
start_watching (Bench *self, BenchProgram *program, BenchChildren *children, GError **error)
{
  g_autofree char *pid = g_strdup_printf ("%d", g_array_index (children->pids, pid_t, 0));
  const char *const arguments[] = { self->ours, pid, NULL };

  if (!bench_program_start (program, self->screen, arguments, error))
    return FALSE;
  g_usleep (MIN (self->options->seconds, MOST_SETTLE_SECONDS) * G_USEC_PER_SEC);
  return TRUE;
}

static gboolean
fork_regions (BenchChildren *children, BenchRegions regions, GError **error)
{
  if (bench_children_fork (children, 1, bench_regions_make, &regions) == 1)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                       "The process to look at could not be started");
  return FALSE;
}

/* Hidden, it has nothing to do: what it takes to answer then is what asking itself takes. */
static gboolean
watch_typical (Bench *self, GError **error)
{
  g_auto (BenchChildren) children = { NULL };
  g_auto (BenchProgram) program = { 0 };
  BenchReport *report = self->report;
  guint seconds = self->options->seconds;

  if (!fork_regions (&children, bench_regions_typical (), error)
      || !start_watching (self, &program, &children, error))
    return FALSE;
  bench_report_fact (report, "pixels wide", (guint64) program.width);
  bench_report_fact (report, "high", (guint64) program.height);
  bench_report_value (report, "typical-visible", "typical: watching, visible", "% of a core",
                      bench_program_get_cpu (&program, seconds), MOST_VISIBLE_PERCENT);
  report_answers (self, "typical-blocked", "typical: main loop blocked, at most",
                  bench_program_ask (&program, seconds), MOST_BLOCKED_MS);
  bench_report_value (report, "typical-resident", "typical: resident", "MiB",
                      (double) bench_program_settle (&program) / MIB, 0);
  bench_program_set_visible (&program, FALSE);
  g_usleep (HIDE_SECONDS * G_USEC_PER_SEC);
  bench_report_value (report, "typical-hidden", "typical: hidden", "% of a core",
                      bench_program_get_cpu (&program, seconds), MOST_HIDDEN_PERCENT);
  report_answers (self, "floor", "typical: hidden, answer after at most",
                  bench_program_ask (&program, seconds), 0);
  return TRUE;
}

/* Down and up by the wheel, and in and out. */
static gboolean
move_about (Bench *self, BenchProgram *program, BenchAnswers *answers, GError **error)
{
  static const char *const actions[] = {
    "click",    "--repeat", "120",     "--delay", "16",  "5",       "click",
    "--repeat", "60",       "--delay", "16",      "4",   "keydown", "ctrl",
    "click",    "--repeat", "10",      "--delay", "100", "4",       "click",
    "--repeat", "20",       "--delay", "100",     "5",   "keyup",   "ctrl",
    "click",    "--repeat", "120",     "--delay", "16",  "5",       NULL,
  };

  if (bench_program_ask_during (program, actions, answers, error))
    return TRUE;
  if (!g_error_matches (*error, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT))
    return FALSE;
  g_clear_error (error);
  bench_report_note (self->report, "xdotool is not installed, so nothing was scrolled");
  return TRUE;
}

static gboolean
watch_frag (Bench *self, GError **error)
{
  g_auto (BenchChildren) children = { NULL };
  g_auto (BenchProgram) program = { 0 };
  BenchAnswers moved = { 0 };

  if (!fork_regions (&children, bench_regions_frag (self->options), error)
      || !start_watching (self, &program, &children, error))
    return FALSE;
  bench_report_value (self->report, "frag-visible", "frag: watching, visible", "% of a core",
                      bench_program_get_cpu (&program, self->options->seconds), 0);
  report_answers (self, "frag-blocked", "frag: main loop blocked, at most",
                  bench_program_ask (&program, self->options->seconds), MOST_BLOCKED_MS);
  if (!move_about (self, &program, &moved, error))
    return FALSE;
  if (moved.n_asked > 0)
    report_answers (self, "frag-moved-blocked", "frag: scrolled and zoomed, at most", moved,
                    MOST_BLOCKED_MS);
  bench_report_value (self->report, "frag-resident", "frag: resident", "MiB",
                      (double) bench_program_settle (&program) / MIB, 0);
  return TRUE;
}

gboolean
bench_window (BenchReport *report, const BenchOptions *options, GError **error)
{
  g_auto (Bench) self = { .report = report, .options = options };

  bench_report_fact (report, "rounds", options->rounds);
  bench_report_fact (report, "seconds each", options->seconds);
  self.screen = bench_screen_open ();
  self.ours = find_ours ();
  self.other = g_find_program_in_path (OTHER);
  if (self.screen == NULL || self.ours == NULL)
    {
      bench_report_note (
          report, "%s", self.ours == NULL ? "memory-atlas was not built" : "there is no X display");
      return TRUE;
    }
  if (self.other == NULL)
    bench_report_note (report, OTHER " is not installed, so there is nothing to compare with");
  return measure_start (&self, error) && compare_resident (&self, error)
         && watch_typical (&self, error) && watch_frag (&self, error);
}
