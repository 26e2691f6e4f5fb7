/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Plain descriptors and sources rather than streams: what is in the trace's pipe when an answer is
 * there must be read before that answer is told, and nothing may be under way when it is stopped.
 */

#include "atlas-lab-runner.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "atlas-text.h"

#define TRACE_FD 3
#define MOST_ANSWER_BYTES (1024 * 1024)
#define MOST_TRACE_BYTES (64 * 1024)
#define MOST_ERROR_BYTES 4096
#define CHUNK (64 * 1024)
/* More than a pipe holds: whoever goes on writing meanwhile is read the next time. */
#define MOST_CHUNKS 64

/* One of its outputs. */
typedef struct
{
  int fd; /* -1 once it has ended */
  guint source;
  AtlasLabLines lines;
} Output;

struct _AtlasLabRunner
{
  gint ref_count;
  AtlasLabRunnerFuncs functions;
  gpointer user_data;
  gboolean stopped;
  GSubprocess *process;
  int input;
  guint input_source;
  GString *pending; /* what the pipe had no room for yet */
  Output answers, trace;
  Output errors;
  GString *last_errors;
};

/* The pipes, by what the subject does with them. */
typedef struct
{
  int input[2], output[2], errors[2], trace[2];
} Pipes;

static AtlasLabRunner *
runner_ref (AtlasLabRunner *self)
{
  self->ref_count++;
  return self;
}

static void
close_output (Output *output)
{
  g_clear_handle_id (&output->source, g_source_remove);
  if (output->fd >= 0)
    close (output->fd);
  output->fd = -1;
}

static void
close_input (AtlasLabRunner *self)
{
  g_clear_handle_id (&self->input_source, g_source_remove);
  if (self->input >= 0)
    close (self->input);
  self->input = -1;
}

static void
runner_unref (AtlasLabRunner *self)
{
  if (--self->ref_count > 0)
    return;
  close_input (self);
  close_output (&self->answers);
  close_output (&self->trace);
  close_output (&self->errors);
  atlas_lab_lines_clear (&self->answers.lines);
  atlas_lab_lines_clear (&self->trace.lines);
  atlas_lab_lines_clear (&self->errors.lines);
  g_string_free (self->pending, TRUE);
  g_string_free (self->last_errors, TRUE);
  g_clear_object (&self->process);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasLabRunner, runner_unref)

/* --- reading --- */

/* Reads what is there, once. FALSE when there is nothing, or no more to come. */
static gboolean
read_chunk (Output *output)
{
  char bytes[CHUNK];
  gssize length;

  if (output->fd < 0)
    return FALSE;
  do
    length = read (output->fd, bytes, sizeof bytes);
  while (length < 0 && errno == EINTR);
  if (length > 0)
    {
      atlas_lab_lines_add (&output->lines, bytes, (gsize) length);
      return TRUE;
    }
  if (length == 0 || errno != EAGAIN)
    close_output (output);
  return FALSE;
}

static void
tell_trace (AtlasLabRunner *self)
{
  AtlasLabLine *next;

  while (!self->stopped && (next = atlas_lab_lines_next (&self->trace.lines)) != NULL)
    {
      g_autoptr (AtlasLabLine) line = next;

      self->functions.trace (line, self->user_data);
    }
}

static void
drain_trace (AtlasLabRunner *self)
{
  for (guint i = 0; i < MOST_CHUNKS && !self->stopped && read_chunk (&self->trace); i++)
    tell_trace (self);
}

static void
tell_answers (AtlasLabRunner *self)
{
  AtlasLabLine *next;

  while (!self->stopped && (next = atlas_lab_lines_next (&self->answers.lines)) != NULL)
    {
      g_autoptr (AtlasLabLine) line = next;

      drain_trace (self);
      if (!self->stopped)
        self->functions.answer (line, self->user_data);
    }
}

/* Keeps the last of it. */
static void
take_errors (AtlasLabRunner *self)
{
  AtlasLabLine *next;

  while ((next = atlas_lab_lines_next (&self->errors.lines)) != NULL)
    {
      g_autoptr (AtlasLabLine) line = next;
      g_autofree char *text = atlas_text_clean (line->text, (gssize) line->length);

      if (self->last_errors->len > MOST_ERROR_BYTES)
        g_string_truncate (self->last_errors, 0);
      if (self->last_errors->len > 0)
        g_string_append_c (self->last_errors, ' ');
      g_string_append (self->last_errors, text);
    }
}

/* One that has closed its output can't answer any more. */
static gboolean
answers_cb (gint fd, GIOCondition condition, gpointer user_data)
{
  g_autoptr (AtlasLabRunner) self = runner_ref (user_data);

  read_chunk (&self->answers);
  tell_answers (self);
  if (self->answers.fd < 0)
    g_subprocess_force_exit (self->process);
  return self->answers.source != 0 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static gboolean
trace_cb (gint fd, GIOCondition condition, gpointer user_data)
{
  g_autoptr (AtlasLabRunner) self = runner_ref (user_data);

  read_chunk (&self->trace);
  tell_trace (self);
  return self->trace.source != 0 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static gboolean
errors_cb (gint fd, GIOCondition condition, gpointer user_data)
{
  AtlasLabRunner *self = user_data;

  read_chunk (&self->errors);
  take_errors (self);
  return self->errors.source != 0 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

/* --- the end --- */

static void
read_rest (AtlasLabRunner *self)
{
  for (guint i = 0; i < MOST_CHUNKS && !self->stopped && read_chunk (&self->answers); i++)
    tell_answers (self);
  drain_trace (self);
  for (guint i = 0; i < MOST_CHUNKS && read_chunk (&self->errors); i++)
    take_errors (self);
}

static void
tell_end (AtlasLabRunner *self)
{
  AtlasLabRunnerEnd end = { .by_signal = g_subprocess_get_if_signaled (self->process),
                            .errors = self->last_errors->str };

  end.number = end.by_signal ? g_subprocess_get_term_sig (self->process)
                             : g_subprocess_get_exit_status (self->process);
  self->functions.ended (&end, self->user_data);
}

/* A line that was cut off by the end is none. */
static void
waited_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AtlasLabRunner) self = user_data;

  g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL);
  if (!self->stopped)
    read_rest (self);
  if (!self->stopped)
    tell_end (self);
}

void
atlas_lab_runner_kill (AtlasLabRunner *self)
{
  g_subprocess_force_exit (self->process);
}

void
atlas_lab_runner_stop (AtlasLabRunner *self)
{
  self->stopped = TRUE;
  g_subprocess_force_exit (self->process);
  close_input (self);
  close_output (&self->answers);
  close_output (&self->trace);
  close_output (&self->errors);
  runner_unref (self);
}

/* --- writing --- */

/* A pipe that nobody reads any more raises a signal that would end the whole program. Its end is
 * told otherwise. */
static gssize
write_without_signal (int fd, const char *bytes, gsize length)
{
  const struct timespec at_once = { 0, 0 };
  sigset_t broken_pipe, before, waiting;
  gssize written;

  sigemptyset (&broken_pipe);
  sigaddset (&broken_pipe, SIGPIPE);
  sigpending (&waiting);
  pthread_sigmask (SIG_BLOCK, &broken_pipe, &before);
  written = write (fd, bytes, length);
  int problem = errno;
  if (written < 0 && problem == EPIPE && !sigismember (&waiting, SIGPIPE))
    while (sigtimedwait (&broken_pipe, NULL, &at_once) < 0 && errno == EINTR)
      ;
  pthread_sigmask (SIG_SETMASK, &before, NULL);
  errno = problem;
  return written;
}

static gboolean input_cb (gint fd, GIOCondition condition, gpointer user_data);

static void
write_pending (AtlasLabRunner *self)
{
  while (self->input >= 0 && self->pending->len > 0)
    {
      gssize written = write_without_signal (self->input, self->pending->str, self->pending->len);

      if (written >= 0)
        g_string_erase (self->pending, 0, written);
      else if (errno == EAGAIN)
        break;
      else if (errno != EINTR)
        close_input (self);
    }
  if (self->input < 0 || self->pending->len == 0)
    g_clear_handle_id (&self->input_source, g_source_remove);
  else if (self->input_source == 0)
    self->input_source = g_unix_fd_add (self->input, G_IO_OUT, input_cb, self);
}

static gboolean
input_cb (gint fd, GIOCondition condition, gpointer user_data)
{
  AtlasLabRunner *self = user_data;

  write_pending (self);
  return self->input_source != 0 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

void
atlas_lab_runner_send (AtlasLabRunner *self, const char *line)
{
  g_string_append (self->pending, line);
  g_string_append_c (self->pending, '\n');
  write_pending (self);
}

/* --- starting --- */

/* What a desktop may have set for malloc is not what people come to see. */
static void
clean_environment (GSubprocessLauncher *launcher)
{
  static const char *const names[] = {
    "GLIBC_TUNABLES",         "MALLOC_ARENA_MAX", "MALLOC_ARENA_TEST",
    "MALLOC_CHECK_",          "MALLOC_MMAP_MAX_", "MALLOC_PERTURB_",
    "MALLOC_MMAP_THRESHOLD_", "MALLOC_TOP_PAD_",  "MALLOC_TRIM_THRESHOLD_",
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_subprocess_launcher_unsetenv (launcher, names[i]);
  /* older glibc would write why it aborts to the terminal */
  g_subprocess_launcher_setenv (launcher, "LIBC_FATAL_STDERR_", "1", TRUE);
}

static void
close_pipe (int ends[2])
{
  for (guint i = 0; i < 2; i++)
    if (ends[i] >= 0)
      close (ends[i]);
}

static gboolean
open_pipe (int ends[2], guint ours, GError **error)
{
  return g_unix_open_pipe (ends, FD_CLOEXEC, error)
         && g_unix_set_fd_nonblocking (ends[ours], TRUE, error);
}

static gboolean
open_pipes (Pipes *pipes, gboolean traced, GError **error)
{
  *pipes = (Pipes){ { -1, -1 }, { -1, -1 }, { -1, -1 }, { -1, -1 } };
  if (open_pipe (pipes->input, 1, error) && open_pipe (pipes->output, 0, error)
      && open_pipe (pipes->errors, 0, error) && (!traced || open_pipe (pipes->trace, 0, error)))
    return TRUE;
  close_pipe (pipes->input);
  close_pipe (pipes->output);
  close_pipe (pipes->errors);
  close_pipe (pipes->trace);
  return FALSE;
}

/* The subject's ends go to it. */
static GSubprocess *
spawn (const char *const *arguments, const Pipes *pipes, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);

  clean_environment (launcher);
  g_subprocess_launcher_take_stdin_fd (launcher, pipes->input[0]);
  g_subprocess_launcher_take_stdout_fd (launcher, pipes->output[1]);
  g_subprocess_launcher_take_stderr_fd (launcher, pipes->errors[1]);
  if (pipes->trace[1] >= 0)
    g_subprocess_launcher_take_fd (launcher, pipes->trace[1], TRACE_FD);
  return g_subprocess_launcher_spawnv (launcher, arguments, error);
}

static void
init_output (Output *output, int fd, gsize most)
{
  output->fd = fd;
  atlas_lab_lines_init (&output->lines, most);
}

static void
watch_output (AtlasLabRunner *self, Output *output, GUnixFDSourceFunc callback)
{
  if (output->fd >= 0)
    output->source = g_unix_fd_add (output->fd, G_IO_IN | G_IO_HUP | G_IO_ERR, callback, self);
}

static AtlasLabRunner *
runner_new (const Pipes *pipes)
{
  AtlasLabRunner *self = g_new0 (AtlasLabRunner, 1);

  self->ref_count = 1;
  self->input = pipes->input[1];
  self->pending = g_string_new (NULL);
  self->last_errors = g_string_new (NULL);
  init_output (&self->answers, pipes->output[0], MOST_ANSWER_BYTES);
  init_output (&self->trace, pipes->trace[0], MOST_TRACE_BYTES);
  init_output (&self->errors, pipes->errors[0], MOST_ERROR_BYTES);
  return self;
}

AtlasLabRunner *
atlas_lab_runner_start (const char *const *arguments,
                        gboolean traced,
                        const AtlasLabRunnerFuncs *functions,
                        gpointer user_data,
                        GError **error)
{
  Pipes pipes;

  if (!open_pipes (&pipes, traced, error))
    return NULL;

  g_autoptr (AtlasLabRunner) self = runner_new (&pipes);
  self->process = spawn (arguments, &pipes, error);
  if (self->process == NULL)
    return NULL;
  self->functions = *functions;
  self->user_data = user_data;
  watch_output (self, &self->answers, answers_cb);
  watch_output (self, &self->trace, trace_cb);
  watch_output (self, &self->errors, errors_cb);
  g_subprocess_wait_async (self->process, NULL, waited_cb, runner_ref (self));
  return g_steal_pointer (&self);
}
