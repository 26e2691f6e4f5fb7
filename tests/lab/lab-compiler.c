/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The compiler that built the test builds the program. */

#include "lab-compiler.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

static void
append_words (GPtrArray *words, const char *text)
{
  g_auto (GStrv) split = g_strsplit (text, " ", -1);

  for (char **word = split; *word != NULL; word++)
    g_ptr_array_add (words, g_strdup (*word));
}

static void
run_compiler (const char *source, const char *path, const char *option)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE);
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char *output = NULL;

  append_words (words, LAB_CC " -Wall -Wextra -Werror -pthread");
  append_words (words, option);
  append_words (words, "-o");
  g_ptr_array_add (words, g_strdup (path));
  g_ptr_array_add (words, g_strdup (source));
  g_ptr_array_add (words, NULL);
  /* A cache would want a home to be in, and these programs are built once. */
  g_subprocess_launcher_setenv (launcher, "CCACHE_DISABLE", "1", TRUE);
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) words->pdata, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  if (!g_subprocess_get_successful (process))
    g_test_message ("%s", output);
  g_assert_true (g_subprocess_get_successful (process));
}

char *
compiler_build (const char *program, const char *option)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("atlas-lab-XXXXXX", &error);
  g_autofree char *source = NULL;
  char *path;

  g_assert_no_error (error);
  source = g_build_filename (folder, "lab.c", NULL);
  path = g_build_filename (folder, "lab", NULL);
  g_file_set_contents (source, program, -1, &error);
  g_assert_no_error (error);
  run_compiler (source, path, option);
  g_unlink (source);
  return path;
}

void
compiler_remove (char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);

  g_unlink (path);
  g_rmdir (folder);
  g_free (path);
}

char *
compiler_run (const char *path, gint status)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDIN_PIPE);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = NULL;
  char *output = NULL;

  /* as the lab does for its process */
  g_subprocess_launcher_unsetenv (launcher, "MALLOC_PERTURB_");
  process = g_subprocess_launcher_spawn (launcher, &error, path, NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (process));
  if (g_subprocess_get_exit_status (process) != status)
    g_test_message ("%s", output);
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, status);
  return output;
}
