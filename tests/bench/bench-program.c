/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Watches the root window, as a window manager does: there it hears of new windows, and there
 * programs send their answers to _NET_WM_PING. */

#include "atlas-config.h"

#include "bench-program.h"

#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

/* What is smaller is a helper of the toolkit's. */
#define LEAST_SIDE 100
#define PATIENCE_US (60 * G_USEC_PER_SEC)
#define LOOK_US 1000
#define ASK_US 2000
#define SETTLE_STEP_US (G_USEC_PER_SEC / 4)
#define SETTLED_STEPS 8
#define MOST_SETTLE_STEPS 80

struct _BenchScreen
{
  Display *display;
  Window root;
  Atom protocols, ping, visuals;
};

/* --- the screen --- */

/* A window may go at any time. */
static int
ignore_error (Display *display, XErrorEvent *event)
{
  return 0;
}

BenchScreen *
bench_screen_open (void)
{
  Display *display = XOpenDisplay (NULL);
  BenchScreen *self;

  if (display == NULL)
    return NULL;
  XSetErrorHandler (ignore_error);
  self = g_new0 (BenchScreen, 1);
  self->display = display;
  self->root = DefaultRootWindow (display);
  self->protocols = XInternAtom (display, "WM_PROTOCOLS", False);
  self->ping = XInternAtom (display, "_NET_WM_PING", False);
  self->visuals = XInternAtom (display, "GDK_VISUALS", False);
  XSelectInput (display, self->root, SubstructureNotifyMask);
  XSync (display, False);
  return self;
}

void
bench_screen_close (BenchScreen *self)
{
  XCloseDisplay (self->display);
  g_free (self);
}

void
bench_screen_forget_visuals (BenchScreen *self)
{
  XDeleteProperty (self->display, self->root, self->visuals);
  XSync (self->display, False);
}

/* FALSE when there was no event until @deadline, monotonic. */
static gboolean
next_event (BenchScreen *self, gint64 deadline, XEvent *event)
{
  while (XPending (self->display) == 0)
    {
      struct pollfd ready = { .fd = ConnectionNumber (self->display), .events = POLLIN };
      gint64 left = deadline - g_get_monotonic_time ();
      struct timespec timeout = { left / G_USEC_PER_SEC, left % G_USEC_PER_SEC * 1000 };

      if (left <= 0)
        return FALSE;
      ppoll (&ready, 1, &timeout, NULL);
    }
  XNextEvent (self->display, event);
  return TRUE;
}

static void
drop_events (BenchScreen *self)
{
  XSync (self->display, True);
}

/* --- the first window --- */

static gboolean
is_real_window (BenchScreen *self, Window window, XWindowAttributes *attributes)
{
  return XGetWindowAttributes (self->display, window, attributes) != 0
         && !attributes->override_redirect && attributes->width > LEAST_SIDE
         && attributes->height > LEAST_SIDE;
}

static gboolean
wait_for_window (BenchProgram *self, gint64 begun)
{
  XWindowAttributes attributes;
  XEvent event;

  while (next_event (self->screen, begun + PATIENCE_US, &event))
    {
      double ms = (double) (g_get_monotonic_time () - begun) / 1000;

      if (event.type != MapNotify || !is_real_window (self->screen, event.xmap.window, &attributes))
        continue;
      self->window = event.xmap.window;
      self->width = attributes.width;
      self->height = attributes.height;
      self->mapped_ms = ms;
      return TRUE;
    }
  return FALSE;
}

/* What the window has in its middle; nobody paints pure black there. */
static gboolean
is_painted (BenchProgram *self)
{
  XImage *image = XGetImage (self->screen->display, self->window, self->width / 2, self->height / 2,
                             1, 1, 0xffffff, ZPixmap);
  gboolean painted = image != NULL && XGetPixel (image, 0, 0) != 0;

  if (image != NULL)
    XDestroyImage (image);
  return painted;
}

static gboolean
wait_for_paint (BenchProgram *self, gint64 begun)
{
  while (!is_painted (self))
    {
      if (g_get_monotonic_time () > begun + PATIENCE_US)
        return FALSE;
      g_usleep (LOOK_US);
    }
  self->painted_ms = (double) (g_get_monotonic_time () - begun) / 1000;
  return TRUE;
}

gboolean
bench_program_start (BenchProgram *self,
                     BenchScreen *screen,
                     const char *const *arguments,
                     GError **error)
{
  gint64 begun;

  *self = (BenchProgram){ .screen = screen };
  drop_events (screen);
  begun = g_get_monotonic_time ();
  if (!g_spawn_async (NULL, (char **) arguments, NULL,
                      G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL
                          | G_SPAWN_STDERR_TO_DEV_NULL,
                      NULL, NULL, &self->pid, error))
    return FALSE;
  if (wait_for_window (self, begun) && wait_for_paint (self, begun))
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "%s did not show a window", arguments[0]);
  bench_program_stop (self);
  return FALSE;
}

/* Whether the window is there can be asked of the server only. */
static void
wait_until_window_is_gone (BenchProgram *self)
{
  gint64 begun = g_get_monotonic_time ();
  XWindowAttributes attributes;

  while (self->window != 0
         && XGetWindowAttributes (self->screen->display, self->window, &attributes) != 0
         && g_get_monotonic_time () < begun + PATIENCE_US)
    g_usleep (LOOK_US);
}

void
bench_program_stop (BenchProgram *self)
{
  if (self->pid == 0)
    return;
  kill (self->pid, SIGKILL);
  while (waitpid (self->pid, NULL, 0) < 0 && errno == EINTR)
    ;
  wait_until_window_is_gone (self);
  *self = (BenchProgram){ .screen = self->screen };
}

/* --- what it costs --- */

static guint64
read_resident (GPid pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/status", pid);
  g_autofree char *status = NULL;
  const char *line;

  if (!g_file_get_contents (path, &status, NULL, NULL))
    return 0;
  line = strstr (status, "\nVmRSS:");
  return line != NULL ? g_ascii_strtoull (line + strlen ("\nVmRSS:"), NULL, 10) * 1024 : 0;
}

guint64
bench_program_settle (BenchProgram *self)
{
  guint64 resident = read_resident (self->pid);
  guint n_same = 0;

  for (guint i = 0; i < MOST_SETTLE_STEPS && n_same < SETTLED_STEPS; i++)
    {
      guint64 now;

      g_usleep (SETTLE_STEP_US);
      now = read_resident (self->pid);
      n_same = MAX (now, resident) - MIN (now, resident) <= resident / 100 ? n_same + 1 : 0;
      if (n_same == 0)
        resident = now;
    }
  return read_resident (self->pid);
}

/* utime and stime of /proc/PID/stat, but not in ticks of 10 ms. */
static double
get_cpu_seconds (GPid pid)
{
  struct timespec used = { 0 };
  clockid_t clock;

  if (clock_getcpuclockid (pid, &clock) == 0)
    clock_gettime (clock, &used);
  return (double) used.tv_sec + (double) used.tv_nsec / 1e9;
}

double
bench_program_get_cpu (BenchProgram *self, guint seconds)
{
  gint64 begun = g_get_monotonic_time ();
  double before = get_cpu_seconds (self->pid);

  g_usleep (seconds * G_USEC_PER_SEC);
  return (get_cpu_seconds (self->pid) - before) * 100
         / ((double) (g_get_monotonic_time () - begun) / 1e6);
}

void
bench_program_set_visible (BenchProgram *self, gboolean visible)
{
  Display *display = self->screen->display;

  if (visible)
    XMapWindow (display, self->window);
  else
    XUnmapWindow (display, self->window);
  XSync (display, False);
}

/* --- how soon it answers --- */

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double first = *(const double *) a;
  double second = *(const double *) b;

  return (first > second) - (first < second);
}

static void
send_ping (BenchProgram *self, long serial)
{
  BenchScreen *screen = self->screen;
  XEvent event = { 0 };

  event.xclient.type = ClientMessage;
  event.xclient.window = self->window;
  event.xclient.message_type = screen->protocols;
  event.xclient.format = 32;
  event.xclient.data.l[0] = (long) screen->ping;
  event.xclient.data.l[1] = serial;
  event.xclient.data.l[2] = (long) self->window;
  XSendEvent (screen->display, self->window, False, NoEventMask, &event);
  XFlush (screen->display);
}

static gboolean
is_answer (BenchScreen *screen, const XEvent *event, long serial)
{
  return event->type == ClientMessage && event->xclient.message_type == screen->protocols
         && event->xclient.data.l[0] == (long) screen->ping && event->xclient.data.l[1] == serial;
}

/* What the server takes to answer is what the program cannot be blamed for. */
static double
time_server (BenchScreen *screen)
{
  gint64 begun = g_get_monotonic_time ();

  XSync (screen->display, False);
  return (double) (g_get_monotonic_time () - begun) / 1000;
}

/* What the main thread ran so far, ms. The scheduler keeps it in nanoseconds. */
static double
get_run_time (const char *schedstat)
{
  g_autofree char *text = NULL;

  if (!g_file_get_contents (schedstat, &text, NULL, NULL))
    return 0;
  return (double) g_ascii_strtoull (text, NULL, 10) / 1e6;
}

/* Milliseconds. */
static double
time_answer (BenchProgram *self, long serial)
{
  gint64 begun = g_get_monotonic_time ();
  XEvent event;

  send_ping (self, serial);
  while (next_event (self->screen, begun + PATIENCE_US, &event)
         && !is_answer (self->screen, &event, serial))
    ;
  return (double) (g_get_monotonic_time () - begun) / 1000;
}

/* Whether to ask once more. */
typedef gboolean (*GoOnFunc) (gconstpointer data);

static BenchAnswers
ask_while (BenchProgram *self, GoOnFunc go_on, gconstpointer data)
{
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));
  g_autofree char *schedstat = g_strdup_printf ("/proc/%d/task/%d/schedstat", self->pid, self->pid);
  BenchAnswers answers = { 0 };

  drop_events (self->screen);
  while (go_on (data))
    {
      double ms, run;

      answers.server = MAX (answers.server, time_server (self->screen));
      run = get_run_time (schedstat);
      ms = time_answer (self, ++answers.n_asked);
      answers.busy = MAX (answers.busy, get_run_time (schedstat) - run);
      g_array_append_val (times, ms);
      g_usleep (ASK_US);
    }
  g_array_sort (times, compare_doubles);
  if (times->len > 0)
    {
      answers.median = g_array_index (times, double, times->len / 2);
      answers.most = g_array_index (times, double, times->len - 1);
    }
  return answers;
}

static gboolean
is_before (gconstpointer deadline)
{
  return g_get_monotonic_time () < *(const gint64 *) deadline;
}

BenchAnswers
bench_program_ask (BenchProgram *self, guint seconds)
{
  gint64 deadline = g_get_monotonic_time () + seconds * G_USEC_PER_SEC;

  return ask_while (self, is_before, &deadline);
}

static gboolean
is_running (gconstpointer pid)
{
  return waitpid (*(const GPid *) pid, NULL, WNOHANG) == 0;
}

gboolean
bench_program_ask_during (BenchProgram *self,
                          const char *const *actions,
                          BenchAnswers *answers,
                          GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *window = g_strdup_printf ("%lu", self->window);
  g_autofree char *x = g_strdup_printf ("%d", self->width / 2);
  g_autofree char *y = g_strdup_printf ("%d", self->height * 2 / 3);
  g_auto (GStrv) arguments = NULL;
  GPid pid;

  g_strv_builder_add_many (builder, "xdotool", "windowfocus", window, "mousemove", "--window",
                           window, x, y, NULL);
  g_strv_builder_addv (builder, (const char **) actions);
  arguments = g_strv_builder_end (builder);
  if (!g_spawn_async (NULL, arguments, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL,
                      NULL, &pid, error))
    return FALSE;
  *answers = ask_while (self, is_running, &pid);
  return TRUE;
}
