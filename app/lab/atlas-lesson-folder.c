/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where lessons are found: the program's own, and one's own folder beside them. */

#include "atlas-config.h"

#include "atlas-lesson-folder.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "atlas-lesson-reader.h"
#include "atlas-lesson.h"
#include "atlas-text.h"

#define FOLDER "lessons"
/* How many folders up from a program its build directory can be: tests/lab/test-lesson. */
#define MOST_FOLDERS_UP 3

/* Where the program was built it is run from below the build directory, and meson puts a copy of
 * the lessons there. */
static char *
find_built (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = program != NULL ? g_path_get_dirname (program) : NULL;

  for (guint i = 0; i < MOST_FOLDERS_UP && folder != NULL; i++)
    {
      g_autofree char *mark = g_build_filename (folder, "build.ninja", NULL);
      char *above;

      if (g_file_test (mark, G_FILE_TEST_EXISTS))
        return g_build_filename (folder, "data", FOLDER, NULL);
      above = g_path_get_dirname (folder);
      g_free (folder);
      folder = above;
    }
  return NULL;
}

char *
atlas_lesson_dup_folder (void)
{
  const char *chosen = g_getenv ("ATLAS_DATADIR");
  char *built;

  if (chosen != NULL && *chosen != '\0')
    return g_build_filename (chosen, FOLDER, NULL);
  built = find_built ();
  return built != NULL ? built : g_build_filename (ATLAS_DATADIR, FOLDER, NULL);
}

char *
atlas_lesson_dup_own_folder (void)
{
  return g_build_filename (g_get_user_data_dir (), "memory-atlas", FOLDER, NULL);
}

/* --- one --- */

/* A device or a growing file must not be read to its end. */
static gboolean
check_file (GFile *file, GError **error)
{
  g_autoptr (GFileInfo) info =
      g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_STANDARD_SIZE,
                         G_FILE_QUERY_INFO_NONE, NULL, error);

  if (info == NULL)
    return FALSE;
  if (g_file_info_get_file_type (info) == G_FILE_TYPE_REGULAR
      && g_file_info_get_size (info) <= ATLAS_LESSON_LONGEST)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                       _ ("it is no ordinary file, or too long for a lesson"));
  return FALSE;
}

static gboolean
read_file (const char *path, char **data, gsize *length, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) problem = NULL;
  g_autofree char *shown = NULL;

  if (check_file (file, &problem)
      && g_file_load_contents (file, NULL, data, length, NULL, &problem))
    return TRUE;
  shown = atlas_text_clean (path, -1);
  g_set_error (error, problem->domain, problem->code, _ ("Could not read %s: %s"), shown,
               problem->message);
  return FALSE;
}

static AtlasLesson *
load_file (const char *path, GError **error)
{
  g_autofree char *data = NULL;
  gsize length;

  if (!read_file (path, &data, &length, error))
    return NULL;
  return atlas_lesson_new_from_data (path, data, length, error);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Names of files, sorted; empty where the folder is not there. */
static GPtrArray *
list_files (const char *folder)
{
  g_autoptr (GDir) directory = g_dir_open (folder, 0, NULL);
  GPtrArray *files = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    if (g_str_has_suffix (name, ".md") && name[0] != '.')
      g_ptr_array_add (files, g_strdup (name));
  g_ptr_array_sort (files, compare_names);
  return files;
}

char *
atlas_lesson_make_name (const char *path)
{
  g_autofree char *base = g_path_get_basename (path);
  const char *start = base + strspn (base, "0123456789");

  if (g_str_has_suffix (base, ".md"))
    base[strlen (base) - strlen (".md")] = '\0';
  return atlas_text_clean (start > base && *start == '-' && start[1] != '\0' ? start + 1 : base,
                           -1);
}

/* The path of the file in @folder whose lesson is called @name, or that is called so itself. */
static char *
find_in (const char *folder, const char *name)
{
  g_autoptr (GPtrArray) files = list_files (folder);

  for (guint i = 0; i < files->len; i++)
    {
      const char *file = g_ptr_array_index (files, i);
      g_autofree char *found = atlas_lesson_make_name (file);

      if (g_str_equal (found, name)
          || (g_str_has_prefix (file, name) && g_str_equal (file + strlen (name), ".md")))
        return g_build_filename (folder, file, NULL);
    }
  return NULL;
}

/* One's own first. */
static char *
find_file (const char *name)
{
  g_autofree char *own_folder = atlas_lesson_dup_own_folder ();
  g_autofree char *folder = atlas_lesson_dup_folder ();
  char *own = find_in (own_folder, name);

  return own != NULL ? own : find_in (folder, name);
}

AtlasLesson *
atlas_lesson_load (const char *name, GError **error)
{
  g_autofree char *path = NULL;
  g_autofree char *shown = NULL;

  g_return_val_if_fail (name != NULL, NULL);

  if (strchr (name, '/') != NULL || g_str_has_suffix (name, ".md"))
    return load_file (name, error);
  path = find_file (name);
  if (path != NULL)
    return load_file (path, error);
  shown = atlas_text_clean (name, -1);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _ ("There is no lesson “%s”"), shown);
  return NULL;
}

/* --- all --- */

static gboolean
find_lesson (GPtrArray *lessons, const char *name, guint *index)
{
  for (guint i = 0; i < lessons->len; i++)
    if (g_str_equal (atlas_lesson_get_name (g_ptr_array_index (lessons, i)), name))
      {
        *index = i;
        return TRUE;
      }
  return FALSE;
}

static void
add_lesson (GPtrArray *lessons, AtlasLesson *lesson)
{
  guint index;

  if (!find_lesson (lessons, atlas_lesson_get_name (lesson), &index))
    {
      g_ptr_array_add (lessons, lesson);
      return;
    }
  g_object_unref (g_ptr_array_index (lessons, index));
  g_ptr_array_index (lessons, index) = lesson;
}

static void
add_folder (GPtrArray *lessons, const char *folder, GStrvBuilder *problems)
{
  g_autoptr (GPtrArray) files = list_files (folder);

  for (guint i = 0; i < files->len; i++)
    {
      g_autofree char *path = g_build_filename (folder, g_ptr_array_index (files, i), NULL);
      g_autoptr (GError) error = NULL;
      AtlasLesson *lesson = load_file (path, &error);

      if (lesson != NULL)
        add_lesson (lessons, lesson);
      else
        g_strv_builder_add (problems, error->message);
    }
}

GPtrArray *
atlas_lesson_list (char ***problems)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *folder = atlas_lesson_dup_folder ();
  g_autofree char *own_folder = atlas_lesson_dup_own_folder ();
  GPtrArray *lessons = g_ptr_array_new_with_free_func (g_object_unref);

  add_folder (lessons, folder, builder);
  add_folder (lessons, own_folder, builder);
  if (problems != NULL)
    *problems = g_strv_builder_end (builder);
  return lessons;
}
