/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Waiting for the lab. */

#include "lab-driver.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST_SECONDS 60
#define FORMAT_LINE(line, format)                                                                  \
  va_list arguments_;                                                                              \
  va_start (arguments_, format);                                                                   \
  line = g_strdup_vprintf (format, arguments_);                                                    \
  va_end (arguments_)

typedef struct
{
  AtlasLab *lab;
  AtlasLabState state;
} StateWait;

typedef struct
{
  gboolean done, ok;
  AtlasLabEvent *event;
  guint line;
  GError *error;
} Outcome;

AtlasProcfs *
driver_get_procfs (void)
{
  static AtlasProcfs *procfs;
  g_autoptr (GError) error = NULL;

  if (procfs == NULL)
    procfs = atlas_procfs_new ("/proc", &error);
  g_assert_no_error (error);
  return procfs;
}

/* --- making and ending --- */

/* Writes @text where it can be run; it is removed with the folder of the test. */
static char *
write_script (const char *text)
{
  static guint n;
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("atlas-lab-XXXXXX", &error);
  char *path;

  g_assert_no_error (error);
  path = g_strdup_printf ("%s/fake-%u", folder, n++);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_chmod (path, 0755), ==, 0);
  return path;
}

static void
remove_script (gpointer data)
{
  g_autofree char *path = data;
  g_autofree char *folder = g_path_get_dirname (path);

  g_unlink (path);
  g_rmdir (folder);
}

/* A program that looks for leaks at its end is traced by itself meanwhile, and cannot be waited for
 * then even if it was killed; GLib asks only once. What is run here has suites of its own for its
 * leaks. This program read the variable when it was started. */
static void
have_none_look_for_leaks (void)
{
  static gboolean asked;
  const char *options = g_getenv ("ASAN_OPTIONS");
  g_autofree char *more = g_strdup_printf ("%s:detect_leaks=0", options != NULL ? options : "");

  if (!asked)
    g_setenv ("ASAN_OPTIONS", more, TRUE);
  asked = TRUE;
}

AtlasLab *
driver_new_with (const char *subject, const char *tracer)
{
  char *path = g_str_has_prefix (subject, "#!") ? write_script (subject) : NULL;
  AtlasLab *lab = atlas_lab_new_with_programs (driver_get_procfs (), path != NULL ? path : subject,
                                               tracer != NULL ? tracer : LAB_TRACER);

  have_none_look_for_leaks ();
  if (path != NULL)
    g_object_set_data_full (G_OBJECT (lab), "script", path, remove_script);
  return lab;
}

AtlasLab *
driver_new (void)
{
  return driver_new_with (LAB_SUBJECT, NULL);
}

void
driver_start (AtlasLab *lab)
{
  atlas_lab_start (lab);
  driver_wait_for_state (lab, ATLAS_LAB_READY);
}

void
driver_free (AtlasLab *lab)
{
  gint pid = atlas_lab_get_pid (lab);

  atlas_lab_stop (lab);
  /* what was cancelled is told by the main loop */
  while (g_main_context_iteration (NULL, FALSE))
    ;
  if (pid > 0)
    driver_wait_for_end (pid);
  g_assert_finalize_object (lab);
}

/* --- waiting --- */

static gboolean
wake_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

/* A timeout wakes the loop up, for what is waited for need not be an event of its. */
void
driver_wait (DriverCondition done, gpointer user_data)
{
  gint64 end = g_get_monotonic_time () + MOST_SECONDS * G_TIME_SPAN_SECOND;
  guint source = g_timeout_add (5, wake_cb, NULL);

  while (!done (user_data))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (source);
}

static gboolean
has_state (gpointer user_data)
{
  const StateWait *wait = user_data;

  return atlas_lab_get_state (wait->lab) == wait->state;
}

void
driver_wait_for_state (AtlasLab *lab, AtlasLabState state)
{
  StateWait wait = { lab, state };

  driver_wait (has_state, &wait);
}

gboolean
driver_is_alive (gint pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", pid);
  g_autofree char *stat = NULL;
  const char *state;

  if (!g_file_get_contents (path, &stat, NULL, NULL))
    return FALSE;
  state = strrchr (stat, ')');
  return state != NULL && state[2] != 'Z' && state[2] != 'X';
}

static gboolean
has_ended (gpointer user_data)
{
  return !driver_is_alive (GPOINTER_TO_INT (user_data));
}

void
driver_wait_for_end (gint pid)
{
  driver_wait (has_ended, GINT_TO_POINTER (pid));
}

/* --- commands --- */

static gboolean
is_done (gpointer user_data)
{
  return ((const Outcome *) user_data)->done;
}

static void
run_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;

  outcome->event = atlas_lab_run_finish (ATLAS_LAB (source), result, &outcome->error);
  outcome->done = TRUE;
}

static Outcome
run_line (AtlasLab *lab, const char *line)
{
  Outcome outcome = { .done = FALSE };

  atlas_lab_run (lab, line, run_cb, &outcome);
  driver_wait (is_done, &outcome);
  return outcome;
}

static AtlasLabEvent *
run_event (AtlasLab *lab, const char *line)
{
  Outcome outcome = run_line (lab, line);

  g_assert_no_error (outcome.error);
  g_assert_nonnull (outcome.event);
  return outcome.event;
}

AtlasLabEvent *
driver_run (AtlasLab *lab, const char *format, ...)
{
  g_autofree char *line = NULL;

  FORMAT_LINE (line, format);
  return run_event (lab, line);
}

static AtlasLabEvent *
run_ok (AtlasLab *lab, const char *line)
{
  AtlasLabEvent *event = run_event (lab, line);

  if (!atlas_lab_event_get_ok (event))
    g_test_message ("%s: %s %s", line, atlas_lab_event_get_error_name (event),
                    atlas_lab_event_get_error_text (event));
  g_assert_true (atlas_lab_event_get_ok (event));
  return event;
}

AtlasLabEvent *
driver_do (AtlasLab *lab, const char *format, ...)
{
  g_autofree char *line = NULL;

  FORMAT_LINE (line, format);
  return run_ok (lab, line);
}

void
driver_give (AtlasLab *lab, const char *format, ...)
{
  g_autofree char *line = NULL;
  g_autoptr (AtlasLabEvent) event = NULL;

  FORMAT_LINE (line, format);
  event = run_ok (lab, line);
}

GError *
driver_run_failing (AtlasLab *lab, const char *command)
{
  Outcome outcome = run_line (lab, command);

  g_assert_null (outcome.event);
  g_assert_nonnull (outcome.error);
  return outcome.error;
}

static void
script_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;

  outcome->ok =
      atlas_lab_run_script_finish (ATLAS_LAB (source), result, &outcome->line, &outcome->error);
  outcome->done = TRUE;
}

gboolean
driver_run_script (AtlasLab *lab, const char *text, guint *line, GError **error)
{
  Outcome outcome = { .done = FALSE };

  atlas_lab_run_script (lab, text, script_cb, &outcome);
  driver_wait (is_done, &outcome);
  if (line != NULL)
    *line = outcome.line;
  if (outcome.error != NULL)
    g_propagate_error (error, outcome.error);
  return outcome.ok;
}

/* --- counting --- */

guint
driver_count_descriptors (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

guint
driver_count_children (void)
{
  g_autofree char *path = g_strdup_printf ("/proc/self/task/%d/children", (int) getpid ());
  g_autofree char *text = NULL;
  g_auto (GStrv) words = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return 0;
  words = g_strsplit (g_strstrip (text), " ", -1);
  return *words != NULL && **words != '\0' ? g_strv_length (words) : 0;
}
