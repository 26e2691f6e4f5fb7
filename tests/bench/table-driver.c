/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The real window on a process of tens of thousands of regions, worked by its own widgets: what the
 * main loop is kept from anything else by. Run by the benchmark `table`, which reads a line for
 * each figure; it needs a display. Usage: atlas-bench-table REGIONS SECONDS */

#include "atlas-config.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "atlas-application.h"
#include "atlas-process-pane.h"
#include "atlas-region-header.h"
#include "atlas-region-rows.h"
#include "atlas-region-table.h"
#include "atlas-settings.h"
#include "atlas-window.h"
#include "bench-children.h"

#define WIDTH 1440
#define HEIGHT 900
#define PAGES_A_REGION 8
#define MOST_BLOCKED_MS 16
/* How long something may still have consequences: sorting in a thread, a frame or two. */
#define SETTLE_MS 700
/* Between two steps of the wheel, two of the bar. */
#define WHEEL_MS 16
#define BAR_MS 60

/* --- the process that is looked at ----------------------------------------------------------- */

static char *area;
static guint n_made;
static gsize stride, page_size;

/* Half of the regions have a page more or less each time: something to be shown at every sample,
 * all over. */
static void
touch_cb (int number)
{
  static gboolean more;

  more = !more;
  for (guint i = 1; i < n_made; i += 2)
    if (more)
      area[i * stride + page_size] = 1;
    else
      madvise (area + i * stride + page_size, page_size, MADV_DONTNEED);
}

static void
touch_every_second (void)
{
  const struct sigaction action = { .sa_handler = touch_cb };
  const struct itimerval second = { { 1, 0 }, { 1, 0 } };

  sigaction (SIGALRM, &action, NULL);
  setitimer (ITIMER_REAL, &second, NULL);
}

/* Neighbours with other rights do not merge. Every other page is touched. */
static void
make_regions (gpointer data)
{
  n_made = *(const guint *) data;
  page_size = (gsize) sysconf (_SC_PAGESIZE);
  stride = PAGES_A_REGION * page_size;
  area = mmap (NULL, n_made * stride, PROT_READ | PROT_WRITE,
               MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (area == MAP_FAILED)
    _exit (EXIT_FAILURE);
  madvise (area, n_made * stride, MADV_NOHUGEPAGE);
  for (gsize i = 0; i < n_made * stride; i += 2 * page_size)
    area[i] = 1;
  for (guint i = 0; i < n_made; i += 2)
    if (mprotect (area + i * stride, stride, PROT_READ) != 0)
      _exit (EXIT_FAILURE);
  touch_every_second ();
}

/* --- the main loop --------------------------------------------------------------------------- */

static gint64 woken, most_us;
static gint64 woken_cpu, most_cpu_us;

static gint64
get_cpu_time (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

/* Between two polls the main loop does nothing else. By the clock it may also have been waiting for
 * a processor; what it took of one is its own doing. */
static gint
poll_and_time (GPollFD *fds, guint n_fds, gint timeout)
{
  gint n_ready;

  if (woken != 0)
    {
      most_us = MAX (most_us, g_get_monotonic_time () - woken);
      most_cpu_us = MAX (most_cpu_us, get_cpu_time () - woken_cpu);
    }
  n_ready = g_poll (fds, n_fds, timeout);
  woken = g_get_monotonic_time ();
  woken_cpu = get_cpu_time ();
  return n_ready;
}

static gboolean
quit_cb (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

static void
run_for (guint ms)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  g_timeout_add (ms, quit_cb, loop);
  g_main_loop_run (loop);
}

static void
begin (void)
{
  most_us = most_cpu_us = 0;
}

/* A line for each of the two: name, title, milliseconds, and what is demanded. */
static void
report (const char *name, const char *title, int demand_ms)
{
  g_print ("%s\t%s\t%.2f\t%d\n", name, title, (double) most_us / 1000, demand_ms);
  g_print ("%s-cpu\t%s, processor\t%.2f\t0\n", name, title, (double) most_cpu_us / 1000);
}

/* --- the window ------------------------------------------------------------------------------ */

typedef struct
{
  AtlasApplication *application;
  GtkWindow *window;
  GtkWidget *header, *rows, *entry;
  guint seconds;
} Driver;

static GtkWidget *
find (GtkWidget *widget, GType type)
{
  GtkWidget *found = NULL;

  if (g_type_is_a (G_OBJECT_TYPE (widget), type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find (child, type);
  return found;
}

static void
set_view (const char *view)
{
  g_settings_set_string (atlas_settings_get_default (), "view", view);
}

static gboolean
open_window (Driver *self)
{
  GtkWidget *table;

  self->application = atlas_application_new ();
  g_application_set_flags (G_APPLICATION (self->application),
                           G_APPLICATION_HANDLES_COMMAND_LINE | G_APPLICATION_NON_UNIQUE);
  if (!g_application_register (G_APPLICATION (self->application), NULL, NULL))
    return FALSE;
  set_view ("map");
  g_application_activate (G_APPLICATION (self->application));
  self->window = gtk_application_get_active_window (GTK_APPLICATION (self->application));
  gtk_window_set_default_size (self->window, WIDTH, HEIGHT);
  /* How long the list of processes takes is another question, and depends on the machine. */
  atlas_process_pane_set_active (
      ATLAS_PROCESS_PANE (find (GTK_WIDGET (self->window), ATLAS_TYPE_PROCESS_PANE)), FALSE);
  table = find (GTK_WIDGET (self->window), ATLAS_TYPE_REGION_TABLE);
  self->header = find (table, ATLAS_TYPE_REGION_HEADER);
  self->rows = find (table, ATLAS_TYPE_REGION_ROWS);
  self->entry = find (table, GTK_TYPE_SEARCH_ENTRY);
  run_for (2 * SETTLE_MS);
  return TRUE;
}

static GtkAdjustment *
get_adjustment (Driver *self)
{
  return gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->rows));
}

static void
measure_map (Driver *self, gint pid)
{
  AtlasSession *session = atlas_window_get_session (ATLAS_WINDOW (self->window));

  begin ();
  atlas_window_show_process (ATLAS_WINDOW (self->window), pid);
  run_for (5 * SETTLE_MS);
  report ("map-open", "map: opened, first frames included", 0);
  begin ();
  run_for (self->seconds * 1000);
  report ("map-refresh", "map, spine, inspector: samples", MOST_BLOCKED_MS);
  begin ();
  atlas_session_set_highlight (session, ATLAS_COUNTER_VM_RSS);
  run_for (2 * SETTLE_MS);
  atlas_session_set_highlight (session, ATLAS_COUNTER_NONE);
  run_for (SETTLE_MS);
  report ("map-highlight", "map: a counter lit", MOST_BLOCKED_MS);
}

static void
measure_scrolling (Driver *self)
{
  GtkAdjustment *adjustment = get_adjustment (self);
  double upper = gtk_adjustment_get_upper (adjustment);

  begin ();
  for (guint i = 0; i < 120; i++)
    {
      gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + 43);
      run_for (WHEEL_MS);
    }
  report ("wheel", "table: scrolled by the wheel", MOST_BLOCKED_MS);
  begin ();
  for (guint i = 0; i < 30; i++)
    {
      gtk_adjustment_set_value (adjustment, upper * (i * 7 % 30) / 30);
      run_for (BAR_MS);
    }
  report ("bar", "table: scrolled by the bar", MOST_BLOCKED_MS);
}

static void
measure_sorting (Driver *self)
{
  begin ();
  for (AtlasRegionColumn column = 0; column < ATLAS_N_REGION_COLUMNS; column++)
    for (guint i = 0; atlas_region_column_can_sort (column) && i < 2; i++)
      {
        g_signal_emit_by_name (self->header, "sort", column);
        run_for (SETTLE_MS);
      }
  report ("sort", "table: sorted by each column", MOST_BLOCKED_MS);
  begin ();
  g_signal_emit_by_name (self->header, "sort", ATLAS_REGION_COLUMN_NAME);
  run_for (self->seconds * 1000);
  report ("sorted-refresh", "table: samples, sorted by name", MOST_BLOCKED_MS);
}

static void
measure_filter (Driver *self)
{
  static const char *const typed[] = { "r",       "rw",       "rw-",       "rw-p", "rw-p 7",
                                       "rw-p 7f", "rw-p 7f1", "no region", "" };

  begin ();
  for (guint i = 0; i < G_N_ELEMENTS (typed); i++)
    {
      gtk_editable_set_text (GTK_EDITABLE (self->entry), typed[i]);
      run_for (SETTLE_MS);
    }
  report ("filter", "table: filter, letter by letter", MOST_BLOCKED_MS);
}

static void
measure_table (Driver *self)
{
  begin ();
  set_view ("table");
  run_for (2 * SETTLE_MS);
  report ("open", "table: opened", MOST_BLOCKED_MS);
  begin ();
  run_for (self->seconds * 1000);
  report ("refresh", "table: samples", MOST_BLOCKED_MS);
  measure_scrolling (self);
  measure_sorting (self);
  measure_filter (self);
}

int
main (int argc, char *argv[])
{
  g_auto (BenchChildren) children = { NULL };
  guint n_regions = argc > 1 ? (guint) MAX (atoi (argv[1]), 8) : 60000;
  Driver driver = { .seconds = argc > 2 ? (guint) MAX (atoi (argv[2]), 1) : 10 };
  gint pid;

  if (bench_children_fork (&children, 1, make_regions, &n_regions) != 1 || !open_window (&driver))
    return EXIT_FAILURE;
  pid = g_array_index (children.pids, pid_t, 0);
  g_main_context_set_poll_func (NULL, poll_and_time);
  measure_map (&driver, pid);
  measure_table (&driver);
  g_main_context_set_poll_func (NULL, g_poll);
  gtk_window_destroy (driver.window);
  g_object_unref (driver.application);
  return EXIT_SUCCESS;
}
