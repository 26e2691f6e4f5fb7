/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Starts the built tracer (TRACER) on the built subject (SUBJECT). */

#include "trace-runner.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

void
trace_clear (Trace *trace)
{
  g_clear_pointer (&trace->out, g_free);
  g_clear_pointer (&trace->err, g_free);
  g_clear_pointer (&trace->lines, g_ptr_array_unref);
}

/* --- run to the end --- */

typedef struct
{
  Trace trace;
  gboolean is_done;
} Run;

static gboolean
too_long_cb (gpointer tracer)
{
  g_subprocess_force_exit (tracer);
  g_error ("the tracer hangs");
  return G_SOURCE_REMOVE;
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GSubprocess *tracer = G_SUBPROCESS (source);
  g_autoptr (GError) error = NULL;
  Run *run = user_data;

  g_subprocess_communicate_utf8_finish (tracer, result, &run->trace.out, &run->trace.err, &error);
  g_assert_no_error (error);
  run->trace.status = g_subprocess_get_if_exited (tracer) ? g_subprocess_get_exit_status (tracer)
                                                          : -g_subprocess_get_term_sig (tracer);
  run->is_done = TRUE;
}

static Trace
run_to_end (const char *const *argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) tracer = g_subprocess_newv (
      argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);
  guint timeout = g_timeout_add_seconds (TRACE_BOUND, too_long_cb, tracer);
  Run run = { 0 };

  g_assert_no_error (error);
  g_subprocess_communicate_utf8_async (tracer, NULL, NULL, done_cb, &run);
  while (!run.is_done)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timeout);
  return run.trace;
}

static JsonObject *
parse_line (const char *text, gssize length)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  JsonNode *root;

  g_assert_true (g_utf8_validate (text, length, NULL));
  json_parser_load_from_data (parser, text, length, &error);
  if (error != NULL)
    g_error ("%s: %.*s", error->message, (int) length, text);
  root = json_parser_get_root (parser);
  g_assert_true (JSON_NODE_HOLDS_OBJECT (root));
  return json_node_dup_object (root);
}

GPtrArray *
trace_parse_lines (const char *text)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);

  while (*text != '\0')
    {
      const char *end = strchr (text, '\n');

      g_assert_nonnull (end);
      g_ptr_array_add (lines, parse_line (text, end - text));
      text = end + 1;
    }
  return lines;
}

Trace
trace_run_program (const char *const *argv)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL, *text = NULL;
  Trace trace;
  int file = g_file_open_tmp ("atlas-trace-XXXXXX", &path, &error);

  g_assert_no_error (error);
  close (file);
  g_ptr_array_add (words, (gpointer) TRACER);
  g_ptr_array_add (words, (gpointer) "--output");
  g_ptr_array_add (words, path);
  g_ptr_array_add (words, (gpointer) "--");
  for (; *argv != NULL; argv++)
    g_ptr_array_add (words, (gpointer) *argv);
  g_ptr_array_add (words, NULL);

  trace = run_to_end ((const char *const *) words->pdata);
  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  g_unlink (path);
  trace.lines = trace_parse_lines (text);
  return trace;
}

Trace
trace_run_tracer (const char *const *arguments)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();

  g_ptr_array_add (words, (gpointer) TRACER);
  for (; *arguments != NULL; arguments++)
    g_ptr_array_add (words, (gpointer) *arguments);
  g_ptr_array_add (words, NULL);
  return run_to_end ((const char *const *) words->pdata);
}

Trace
trace_run_v (const char *const *words)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();

  g_ptr_array_add (argv, (gpointer) SUBJECT);
  for (; *words != NULL; words++)
    g_ptr_array_add (argv, (gpointer) *words);
  g_ptr_array_add (argv, NULL);
  return trace_run_program ((const char *const *) argv->pdata);
}

static GPtrArray *
collect (const char *word, va_list rest)
{
  GPtrArray *words = g_ptr_array_new ();

  for (; word != NULL; word = va_arg (rest, const char *))
    g_ptr_array_add (words, (gpointer) word);
  g_ptr_array_add (words, NULL);
  return words;
}

Trace
trace_run (const char *word, ...)
{
  g_autoptr (GPtrArray) words = NULL;
  va_list rest;

  va_start (rest, word);
  words = collect (word, rest);
  va_end (rest);
  return trace_run_v ((const char *const *) words->pdata);
}

/* NULL if it can be done. */
static char *
find_obstacle (void)
{
  const char *arguments[] = { "--output", "/dev/null", "true", NULL };
  g_auto (Trace) trace = trace_run_tracer (arguments);

  if (trace.status == 0)
    return NULL;
  g_assert_cmpint (trace.status, ==, 126);
  return g_strdup (g_strchomp (trace.err));
}

gboolean
trace_is_possible (void)
{
  static gboolean is_known;
  static char *obstacle;

  if (!is_known)
    obstacle = find_obstacle ();
  is_known = TRUE;
  if (obstacle != NULL)
    g_test_skip (obstacle);
  return obstacle == NULL;
}

/* --- one line --- */

const char *
trace_string (JsonObject *line, const char *name)
{
  return json_object_get_string_member_with_default (line, name, "");
}

gint64
trace_number (JsonObject *line, const char *name)
{
  return json_object_get_int_member_with_default (line, name, -1);
}

gboolean
trace_is_call (JsonObject *line, const char *call)
{
  return g_str_equal (trace_string (line, "call"), call) && !json_object_has_member (line, "event");
}

gboolean
trace_is_event (JsonObject *line, const char *event)
{
  return g_str_equal (trace_string (line, "event"), event);
}

JsonObject *
trace_find_event (const Trace *trace, const char *event, gint64 pid)
{
  for (guint i = 0; i < trace->lines->len; i++)
    {
      JsonObject *line = g_ptr_array_index (trace->lines, i);

      if (trace_is_event (line, event) && (pid == 0 || trace_number (line, "pid") == pid))
        return line;
    }
  return NULL;
}

guint
trace_count_calls (const Trace *trace, const char *call, gint64 tid)
{
  guint n = 0;

  for (guint i = 0; i < trace->lines->len; i++)
    {
      JsonObject *line = g_ptr_array_index (trace->lines, i);

      n += trace_is_call (line, call) && (tid == 0 || trace_number (line, "tid") == tid);
    }
  return n;
}

static gboolean
is_mark (JsonObject *line, const char *name)
{
  g_autofree char *quoted = g_strdup_printf ("\"%s\"", name);

  return trace_is_call (line, "memfd_create")
         && g_str_equal (trace_string (json_object_get_object_member (line, "args"), "name"),
                         quoted);
}

GPtrArray *
trace_between_marks (const Trace *trace)
{
  GPtrArray *between = g_ptr_array_new ();
  gboolean has_begun = FALSE, has_ended = FALSE;

  for (guint i = 0; i < trace->lines->len; i++)
    {
      JsonObject *line = g_ptr_array_index (trace->lines, i);

      has_ended = has_ended || is_mark (line, SUBJECT_END);
      if (has_begun && !has_ended && json_object_has_member (line, "call"))
        g_ptr_array_add (between, line);
      has_begun = has_begun || is_mark (line, SUBJECT_BEGIN);
    }
  g_assert_true (has_begun && has_ended);
  return between;
}

/* --- talk to it while it runs --- */

static void
make_pipe (int *ends)
{
  g_assert_cmpint (pipe2 (ends, O_CLOEXEC), ==, 0);
}

char *
talk_read_line (int fd)
{
  GString *line = g_string_new (NULL);

  for (;;)
    {
      struct pollfd wait = { .fd = fd, .events = POLLIN };
      char byte;
      gssize got;

      if (poll (&wait, 1, TRACE_BOUND * 1000) == 0)
        g_error ("nothing to read in time");
      got = read (fd, &byte, 1);
      if (got < 0 && errno == EINTR)
        continue;
      if (got == 1 && byte != '\n')
        {
          g_string_append_c (line, byte);
          continue;
        }
      return g_string_free (line, got <= 0);
    }
}

void
talk_write (int fd, const char *text)
{
  g_assert_cmpint (write (fd, text, strlen (text)), ==, (gssize) strlen (text));
}

static GPtrArray *
make_argv (gboolean want_lines, GPtrArray *words, char *parent)
{
  GPtrArray *argv = g_ptr_array_new ();

  g_ptr_array_add (argv, (gpointer) TRACER);
  g_ptr_array_add (argv, parent);
  g_ptr_array_add (argv, (gpointer) (want_lines ? "--output=3" : "--output=/dev/null"));
  g_ptr_array_add (argv, (gpointer) "--");
  g_ptr_array_add (argv, (gpointer) SUBJECT);
  g_ptr_array_extend (argv, words, NULL, NULL);
  return argv;
}

static void
launch (Talk *talk, gboolean want_lines, const char *const *argv)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr (GError) error = NULL;
  int input[2], output[2], lines[2] = { -1, -1 };

  make_pipe (input);
  make_pipe (output);
  if (want_lines)
    {
      make_pipe (lines);
      g_subprocess_launcher_take_fd (launcher, lines[1], 3);
    }
  g_subprocess_launcher_take_stdin_fd (launcher, input[0]);
  g_subprocess_launcher_take_stdout_fd (launcher, output[1]);
  talk->tracer = g_subprocess_launcher_spawnv (launcher, argv, &error);
  g_assert_no_error (error);
  talk->input = input[1];
  talk->output = output[0];
  talk->lines = lines[0];
}

Talk
talk_start (gboolean want_lines, const char *word, ...)
{
  g_autofree char *parent = g_strdup_printf ("--die-with-parent=%d", (int) getpid ());
  g_autoptr (GPtrArray) words = NULL, argv = NULL;
  g_autofree char *ready = NULL;
  Talk talk = { 0 };
  va_list rest;

  va_start (rest, word);
  words = collect (word, rest);
  va_end (rest);
  argv = make_argv (want_lines, words, parent);
  launch (&talk, want_lines, (const char *const *) argv->pdata);
  talk.tracer_pid = atoi (g_subprocess_get_identifier (talk.tracer));
  ready = talk_read_line (talk.output);
  g_assert_nonnull (ready);
  g_assert_true (g_str_has_prefix (ready, "ready "));
  talk.pid = atoi (ready + strlen ("ready "));
  return talk;
}

static void
ended_cb (GObject *source, GAsyncResult *result, gpointer is_done)
{
  g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL);
  *(gboolean *) is_done = TRUE;
}

int
talk_wait (Talk *talk)
{
  guint timeout = g_timeout_add_seconds (TRACE_BOUND, too_long_cb, talk->tracer);
  gboolean is_done = FALSE;

  g_subprocess_wait_async (talk->tracer, NULL, ended_cb, &is_done);
  while (!is_done)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timeout);
  return g_subprocess_get_if_exited (talk->tracer) ? g_subprocess_get_exit_status (talk->tracer)
                                                   : -g_subprocess_get_term_sig (talk->tracer);
}

static void
close_if_open (int fd)
{
  if (fd >= 0)
    close (fd);
}

void
talk_clear (Talk *talk)
{
  if (talk->tracer == NULL)
    return;
  g_subprocess_force_exit (talk->tracer);
  talk_wait (talk);
  g_clear_object (&talk->tracer);
  close_if_open (talk->input);
  close_if_open (talk->output);
  close_if_open (talk->lines);
}

char
talk_get_state (gint pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", pid);
  g_autofree char *stat = NULL;
  const char *name_end;

  if (!g_file_get_contents (path, &stat, NULL, NULL))
    return 0;
  name_end = strrchr (stat, ')');
  return name_end != NULL ? name_end[2] : 0;
}

static gboolean
is_gone (gint pid)
{
  char state = talk_get_state (pid);

  return state == 0 || state == 'Z' || state == 'X';
}

void
talk_wait_until_gone (gint pid)
{
  gint64 end = g_get_monotonic_time () + TRACE_BOUND * G_USEC_PER_SEC;

  while (!is_gone (pid))
    {
      if (g_get_monotonic_time () > end)
        g_error ("process %d is still there", pid);
      g_usleep (1000);
    }
}

void
talk_wait_for_state (gint pid, char state)
{
  gint64 end = g_get_monotonic_time () + TRACE_BOUND * G_USEC_PER_SEC;

  while (talk_get_state (pid) != state)
    {
      if (g_get_monotonic_time () > end)
        g_error ("process %d is %c, not %c", pid, talk_get_state (pid), state);
      g_usleep (1000);
    }
}
