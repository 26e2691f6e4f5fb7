/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Finding the programs of the lab. Whoever built the tree runs what is in it, not what an older
 * version installed. */

#include "atlas-config.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

#include "atlas-lab-programs.h"

/* From the folder of a program in a build tree (app/cli, app, tests/bench) to app/lab. */
static const char *const ways[] = { "../lab", "lab", "../../app/lab" };
static const char *const folders[] = { "subject", "trace" };

/* Without "..", since people see it as the command of the process. @path: taken */
static char *
take_if_executable (char *path)
{
  g_autofree char *owned = path;

  if (!g_file_test (path, G_FILE_TEST_IS_EXECUTABLE) || g_file_test (path, G_FILE_TEST_IS_DIR))
    return NULL;
  return g_canonicalize_filename (path, NULL);
}

static char *
find_built (const char *name)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *place = self != NULL ? g_path_get_dirname (self) : g_strdup (".");
  char *path = NULL;

  for (guint i = 0; path == NULL && i < G_N_ELEMENTS (ways); i++)
    for (guint j = 0; path == NULL && j < G_N_ELEMENTS (folders); j++)
      path = take_if_executable (g_build_filename (place, ways[i], folders[j], name, NULL));
  return path;
}

char *
atlas_lab_program_find (const char *name, GError **error)
{
  const char *folder = g_getenv ("ATLAS_LIBEXECDIR");
  char *path;

  g_return_val_if_fail (name != NULL, NULL);

  path = folder != NULL ? NULL : find_built (name);
  if (folder == NULL)
    folder = ATLAS_LIBEXECDIR;
  if (path == NULL)
    path = take_if_executable (g_build_filename (folder, name, NULL));
  if (path == NULL)
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
                 _ ("%s is not in %s: part of Memory Atlas is not installed"), name, folder);
  return path;
}
