/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A child with pipes to its standard input and output. Its PID is not reaped by anyone else, so it
 * stays its own until helper_free(). */

#include "helper-client.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct _Helper
{
  GPid pid; /* 0 once it was reaped */
  gint known_pid;
  guint64 page_size;
  int input; /* the child's */
  GIOChannel *output;
};

static char *
read_line (Helper *self)
{
  g_autoptr (GError) error = NULL;
  char *line = NULL;
  gsize terminator = 0;

  if (g_io_channel_read_line (self->output, &line, NULL, &terminator, &error) != G_IO_STATUS_NORMAL)
    g_error ("atlas-helper does not answer: %s", error != NULL ? error->message : "end of file");
  line[terminator] = '\0';
  return line;
}

static void
read_greeting (Helper *self)
{
  g_autofree char *line = read_line (self);
  g_auto (GStrv) words = g_strsplit (line, " ", -1);

  g_assert_cmpuint (g_strv_length (words), ==, 3);
  g_assert_cmpstr (words[0], ==, "ready");
  g_assert_cmpint (g_ascii_strtoll (words[1], NULL, 10), ==, self->known_pid);
  self->page_size = g_ascii_strtoull (words[2], NULL, 10);
}

Helper *
helper_new (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_BUILT, "helpers", "atlas-helper", NULL);
  char *arguments[] = { path, NULL };
  g_autoptr (GError) error = NULL;
  Helper *self = g_new0 (Helper, 1);
  int output;

  g_spawn_async_with_pipes (NULL, arguments, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
                            &self->pid, &self->input, &output, NULL, &error);
  g_assert_no_error (error);
  self->known_pid = self->pid;
  self->output = g_io_channel_unix_new (output);
  g_io_channel_set_close_on_unref (self->output, TRUE);
  g_io_channel_set_encoding (self->output, NULL, NULL);
  read_greeting (self);
  return self;
}

void
helper_kill (Helper *self, gboolean reap)
{
  siginfo_t info;

  if (self->pid == 0)
    return;
  kill (self->pid, SIGKILL);
  /* with WNOWAIT it stays a zombie */
  while (waitid (P_PID, (id_t) self->pid, &info, WEXITED | (reap ? 0 : WNOWAIT)) != 0
         && errno == EINTR)
    ;
  if (reap)
    self->pid = 0;
}

void
helper_free (Helper *self)
{
  if (self == NULL)
    return;
  helper_kill (self, TRUE);
  close (self->input);
  g_io_channel_unref (self->output);
  g_free (self);
}

gint
helper_get_pid (Helper *self)
{
  return self->known_pid;
}

guint64
helper_get_page_size (Helper *self)
{
  return self->page_size;
}

static void
send_line (Helper *self, const char *command)
{
  g_autofree char *line = g_strconcat (command, "\n", NULL);
  gsize length = strlen (line);

  if (write (self->input, line, length) != (gssize) length)
    g_error ("atlas-helper does not listen: %s", g_strerror (errno));
}

static char *
run_command (Helper *self, const char *command, char **reason)
{
  g_autofree char *line = NULL;

  send_line (self, command);
  line = read_line (self);
  if (g_str_equal (line, "ok"))
    return g_strdup ("");
  if (g_str_has_prefix (line, "ok "))
    return g_strdup (line + strlen ("ok "));
  if (reason == NULL)
    g_error ("atlas-helper: %s: %s", command, line);
  *reason = g_strdup_printf ("%s: %s", command, line);
  return NULL;
}

char *
helper_run (Helper *self, const char *format, ...)
{
  g_autofree char *command = NULL;
  va_list arguments;

  va_start (arguments, format);
  command = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  return run_command (self, command, NULL);
}

void
helper_do (Helper *self, const char *format, ...)
{
  g_autofree char *command = NULL;
  va_list arguments;

  va_start (arguments, format);
  command = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_free (run_command (self, command, NULL));
}

char *
helper_try (Helper *self, char **reason, const char *format, ...)
{
  g_autofree char *command = NULL;
  va_list arguments;

  va_start (arguments, format);
  command = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  return run_command (self, command, reason);
}

guint64
helper_map (Helper *self, const char *name, guint64 pages, const char *options)
{
  g_autofree char *answer =
      helper_run (self, "map %s %" G_GUINT64_FORMAT " %s", name, pages, options);
  g_auto (GStrv) words = g_strsplit (answer, " ", -1);

  g_assert_cmpuint (g_strv_length (words), ==, 3);
  return g_ascii_strtoull (words[1], NULL, 16);
}

gint
helper_run_number (Helper *self, const char *command)
{
  g_autofree char *answer = helper_run (self, "%s", command);

  return (gint) g_ascii_strtoll (answer, NULL, 10);
}

void
helper_exec (Helper *self)
{
  send_line (self, "exec");
  read_greeting (self);
}

void
helper_stop (Helper *self)
{
  siginfo_t info;

  kill (self->pid, SIGSTOP);
  while (waitid (P_PID, (id_t) self->pid, &info, WSTOPPED) != 0 && errno == EINTR)
    ;
}

void
helper_continue (Helper *self)
{
  kill (self->pid, SIGCONT);
}

/* Told by an entry of pagemap: the page of zeros is never mapped by one process alone. */
static gboolean
is_exclusive (const volatile char *page, gsize page_size)
{
  const guint64 exclusive = G_GUINT64_CONSTANT (1) << 56;
  guint64 entry = 0;
  int fd = open ("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);

  g_assert_cmpint (
      pread (fd, &entry, sizeof entry, (off_t) ((guintptr) page / page_size * sizeof entry)), ==,
      sizeof entry);
  close (fd);
  return (entry & exclusive) != 0;
}

gboolean
helper_has_zero_page (void)
{
  gsize page_size = (gsize) sysconf (_SC_PAGESIZE);
  volatile char *page =
      mmap (NULL, page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  gboolean exclusive;

  g_assert_true (page != MAP_FAILED);
  madvise ((void *) page, page_size, MADV_NOHUGEPAGE);
  g_assert_cmpint (*page, ==, 0);
  exclusive = is_exclusive (page, page_size);
  munmap ((void *) page, page_size);
  return !exclusive;
}
