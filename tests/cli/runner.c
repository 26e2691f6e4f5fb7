/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Runs the built memory-atlas-cli; ATLAS_CLI is where it is. */

#include "runner.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <grp.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOBODY 65534
/* Where the child finds the program already opened: nobody may not be able to reach its folder. */
#define PROGRAM_FD 97
#define PROGRAM_LINK "/proc/self/fd/97"

void
outcome_clear (Outcome *outcome)
{
  g_clear_pointer (&outcome->out, g_free);
  g_clear_pointer (&outcome->err, g_free);
}

static Outcome
finish (GSubprocess *process)
{
  g_autoptr (GBytes) out = NULL, err = NULL;
  g_autoptr (GError) error = NULL;
  Outcome outcome = { 0 };

  g_subprocess_communicate (process, NULL, NULL, &out, &err, &error);
  g_assert_no_error (error);
  outcome.length = out != NULL ? g_bytes_get_size (out) : 0;
  outcome.out =
      outcome.length > 0 ? g_strndup (g_bytes_get_data (out, NULL), outcome.length) : g_strdup ("");
  outcome.err = g_bytes_get_size (err) > 0
                    ? g_strndup (g_bytes_get_data (err, NULL), g_bytes_get_size (err))
                    : g_strdup ("");
  outcome.status = g_subprocess_get_if_exited (process) ? g_subprocess_get_exit_status (process)
                                                        : -g_subprocess_get_term_sig (process);
  return outcome;
}

static Outcome
launch (GSubprocessLauncher *launcher, const char *const *argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = g_subprocess_launcher_spawnv (launcher, argv, &error);

  g_assert_no_error (error);
  return finish (process);
}

static GPtrArray *
collect (const char *program, const char *first, va_list rest)
{
  GPtrArray *argv = g_ptr_array_new ();

  g_ptr_array_add (argv, (gpointer) program);
  for (const char *argument = first; argument != NULL; argument = va_arg (rest, const char *))
    g_ptr_array_add (argv, (gpointer) argument);
  g_ptr_array_add (argv, NULL);
  return argv;
}

static GSubprocessLauncher *
make_launcher (gboolean want_out)
{
  GSubprocessFlags out = want_out ? G_SUBPROCESS_FLAGS_STDOUT_PIPE : G_SUBPROCESS_FLAGS_NONE;
  GSubprocessLauncher *launcher = g_subprocess_launcher_new (out | G_SUBPROCESS_FLAGS_STDERR_PIPE);

  g_subprocess_launcher_unsetenv (launcher, "COLUMNS");
  return launcher;
}

Outcome
run_cli (const char *argument, ...)
{
  g_autoptr (GSubprocessLauncher) launcher = make_launcher (TRUE);
  g_autoptr (GPtrArray) argv = NULL;
  va_list rest;

  va_start (rest, argument);
  argv = collect (ATLAS_CLI, argument, rest);
  va_end (rest);
  return launch (launcher, (const char *const *) argv->pdata);
}

Outcome
run_cli_v (const char *const *arguments)
{
  g_autoptr (GSubprocessLauncher) launcher = make_launcher (TRUE);
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();

  g_ptr_array_add (argv, (gpointer) ATLAS_CLI);
  for (guint i = 0; arguments[i] != NULL; i++)
    g_ptr_array_add (argv, (gpointer) arguments[i]);
  g_ptr_array_add (argv, NULL);
  return launch (launcher, (const char *const *) argv->pdata);
}

Outcome
run_cli_into (int fd, const char *argument, ...)
{
  g_autoptr (GSubprocessLauncher) launcher = make_launcher (FALSE);
  g_autoptr (GPtrArray) argv = NULL;
  va_list rest;

  va_start (rest, argument);
  argv = collect (ATLAS_CLI, argument, rest);
  va_end (rest);
  g_subprocess_launcher_take_stdout_fd (launcher, fd);
  return launch (launcher, (const char *const *) argv->pdata);
}

static void
become_nobody_cb (gpointer user_data)
{
  if (setgroups (0, NULL) != 0 || setresgid (NOBODY, NOBODY, NOBODY) != 0
      || setresuid (NOBODY, NOBODY, NOBODY) != 0)
    _exit (99);
}

gboolean
can_be_nobody (void)
{
  if (geteuid () == 0)
    return TRUE;
  g_test_skip ("only root can become another user");
  return FALSE;
}

Outcome
run_cli_as_nobody (const char *argument, ...)
{
  g_autoptr (GSubprocessLauncher) launcher = make_launcher (TRUE);
  g_autoptr (GPtrArray) argv = NULL;
  int program = open (ATLAS_CLI, O_RDONLY | O_CLOEXEC);
  va_list rest;

  g_assert_cmpint (program, >=, 0);
  va_start (rest, argument);
  argv = collect (PROGRAM_LINK, argument, rest);
  va_end (rest);
  g_subprocess_launcher_take_fd (launcher, program, PROGRAM_FD);
  g_subprocess_launcher_set_child_setup (launcher, become_nobody_cb, NULL, NULL);
  return launch (launcher, (const char *const *) argv->pdata);
}

Outcome
run_program (const char *const *argv)
{
  g_autoptr (GSubprocessLauncher) launcher = make_launcher (TRUE);

  return launch (launcher, argv);
}

void
assert_is_safe (const char *text, gsize length)
{
  g_assert_true (g_utf8_validate_len (text, length, NULL));
  for (const char *p = text; p < text + length; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == '\r' && p[1] == '\n')
        continue;
      if (c != '\n' && (g_unichar_iscntrl (c) || c == 0x202e || c == 0x2028))
        g_error ("control character U+%04X in: %s", c, text);
    }
}

void
assert_fails (const Outcome *outcome, int status, const char *mentioned)
{
  const char *end = strchr (outcome->err, '\n');

  g_test_message ("%d: %s", outcome->status, outcome->err);
  g_assert_cmpint (outcome->status, ==, status);
  g_assert_true (g_str_has_prefix (outcome->err, "memory-atlas-cli: "));
  g_assert_nonnull (end);
  g_assert_cmpstr (end, ==, "\n");
  assert_is_safe (outcome->err, strlen (outcome->err));
  if (mentioned != NULL)
    g_assert_nonnull (strstr (outcome->err, mentioned));
}

void
assert_succeeds (const Outcome *outcome)
{
  g_assert_cmpstr (outcome->err, ==, "");
  g_assert_cmpint (outcome->status, ==, 0);
}

char *
make_folder (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("atlas-cli-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        remove_folder (path);
      else
        g_unlink (path);
    }
  g_rmdir (folder);
}

guint
count_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  g_assert_nonnull (dir);
  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

char *
read_file (const char *folder, const char *name, gsize *length)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;
  char *contents = NULL;

  g_file_get_contents (path, &contents, length, &error);
  g_assert_no_error (error);
  return contents;
}
