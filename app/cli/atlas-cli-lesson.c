/* SPDX-License-Identifier: GPL-3.0-or-later */

/* memory-atlas-cli lesson: runs a lesson in a process of its own, prints what happens, and says by
 * the exit status whether all was as the lesson has it. */

#include "atlas-config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "atlas-cli-lesson-report.h"
#include "atlas-cli-output.h"
#include "atlas-cli-process.h"
#include "atlas-cli-table.h"
#include "atlas-cli.h"
#include "atlas-export.h"
#include "atlas-lab.h"
#include "atlas-text.h"

static gboolean only_list = FALSE;
static char *export_folder = NULL;
static char *format_name = NULL;

static const GOptionEntry options[] = {
  { "list", 0, 0, G_OPTION_ARG_NONE, &only_list,
    N_ ("Print which lessons there are, also where none is named"), NULL },
  { "export", 0, 0, G_OPTION_ARG_FILENAME, &export_folder,
    N_ ("Write a picture of the map after each step into the folder DIR"), N_ ("DIR") },
  { "format", 0, 0, G_OPTION_ARG_STRING, &format_name, N_ ("Of these pictures: png or svg (png)"),
    N_ ("NAME") },
  G_OPTION_ENTRY_NULL,
};

/* --- the list --- */

static const AtlasTableColumn columns[] = { { NULL, FALSE }, { NULL, FALSE } };

/* Files that are no lessons are complained of, and hinder nothing. */
static gboolean
print_list (GError **error)
{
  g_autoptr (AtlasTable) table = atlas_table_new (columns, G_N_ELEMENTS (columns));
  g_autoptr (GString) text = g_string_new (NULL);
  g_auto (GStrv) problems = NULL;
  g_autoptr (GPtrArray) lessons = atlas_lesson_list (&problems);

  for (guint i = 0; i < lessons->len; i++)
    {
      AtlasLesson *lesson = g_ptr_array_index (lessons, i);

      atlas_table_add (table, atlas_lesson_get_name (lesson));
      atlas_table_add (table, atlas_lesson_get_title (lesson));
    }
  atlas_table_print (table, 0, atlas_cli_get_width (), text);
  for (char **problem = problems; *problem != NULL; problem++)
    atlas_cli_complain (*problem);
  return atlas_cli_print (text->str, error);
}

/* --- pictures --- */

static gboolean
check_format (AtlasExportFormat *format, GError **error)
{
  *format = ATLAS_EXPORT_PNG;
  if (format_name == NULL || g_str_equal (format_name, "png"))
    return TRUE;
  *format = ATLAS_EXPORT_SVG;
  if (g_str_equal (format_name, "svg"))
    return TRUE;
  g_set_error (error, ATLAS_CLI_ERROR, ATLAS_CLI_ERROR_USAGE,
               _ ("“%s” is no format for the pictures of a lesson: png or svg"), format_name);
  return FALSE;
}

static gboolean
make_folder (GError **error)
{
  g_autofree char *shown = NULL;
  int problem;

  if (export_folder == NULL || g_mkdir_with_parents (export_folder, 0777) == 0)
    return TRUE;
  problem = errno;
  shown = atlas_text_clean (export_folder, -1);
  g_set_error (error, ATLAS_CLI_ERROR, ATLAS_CLI_ERROR_FAILED,
               _ ("Could not make the folder %s: %s"), shown, g_strerror (problem));
  return FALSE;
}

/* "DIR/heap-and-brk-03.png" */
static char *
make_path (AtlasLesson *lesson, guint index, AtlasExportFormat format)
{
  g_autofree char *file = g_strdup_printf ("%s-%02u.%s", atlas_lesson_get_name (lesson), index + 1,
                                           atlas_export_format_get_extension (format));

  return g_build_filename (export_folder, file, NULL);
}

static gboolean
export_step (AtlasLessonRun *run,
             guint index,
             AtlasLessonOutcome *outcome,
             AtlasExportFormat format,
             GError **error)
{
  AtlasSnapshot *snapshot = atlas_lesson_outcome_get_snapshot (outcome);
  AtlasLesson *lesson = atlas_lesson_run_get_lesson (run);
  g_autoptr (AtlasLabels) labels = NULL;
  g_autofree char *title = NULL;
  g_autofree char *path = NULL;
  AtlasPictureOptions picture;

  if (export_folder == NULL || snapshot == NULL)
    return TRUE;
  title = g_strdup_printf ("%s — %u. %s", atlas_lesson_get_title (lesson), index + 1,
                           atlas_lesson_get_step (lesson, index)->title);
  path = make_path (lesson, index, format);
  labels = atlas_lab_dup_labels (atlas_lesson_run_get_lab (run));
  atlas_picture_options_init (&picture);
  picture.width = ATLAS_PICTURE_DEFAULT_WIDTH;
  picture.height = ATLAS_PICTURE_DEFAULT_HEIGHT;
  picture.title = title;
  picture.labels = labels;
  return atlas_export_write (snapshot, format, &picture, path, error);
}

/* --- running --- */

static void
done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **place = user_data;

  *place = g_object_ref (result);
}

/* (transfer full) */
static AtlasLessonOutcome *
run_step (AtlasLessonRun *run, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  atlas_lesson_run_step_async (run, NULL, done_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return atlas_lesson_run_step_finish (run, result, error);
}

static gboolean
print_and_free (char *text, GError **error)
{
  g_autofree char *owned = text;

  return atlas_cli_print (owned, error);
}

static gboolean
run_steps (AtlasLessonRun *run, AtlasExportFormat format, GError **error)
{
  AtlasLesson *lesson = atlas_lesson_run_get_lesson (run);

  while (!atlas_lesson_run_is_finished (run))
    {
      guint index = atlas_lesson_run_get_position (run);
      g_autoptr (AtlasLessonOutcome) outcome = run_step (run, error);

      if (outcome == NULL
          || !print_and_free (
              atlas_cli_lesson_report_step (lesson, index, outcome, atlas_cli_get_width ()), error)
          || !export_step (run, index, outcome, format, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
run_in_lab (AtlasLesson *lesson, AtlasExportFormat format, int *status, GError **error)
{
  g_autoptr (AtlasProcfs) procfs = atlas_cli_open_procfs (error);
  g_autoptr (AtlasLessonRun) run = NULL;
  g_autoptr (AtlasLab) lab = NULL;
  gboolean done;
  guint failed;

  if (procfs == NULL)
    return FALSE;
  lab = atlas_lab_new (procfs);
  run = atlas_lesson_run_new (lesson, lab);
  done = print_and_free (atlas_cli_lesson_report_beginning (lesson, atlas_cli_get_width ()), error)
         && run_steps (run, format, error)
         && print_and_free (atlas_cli_lesson_report_end (run), error);
  atlas_lab_stop (lab);
  atlas_lesson_run_count (run, NULL, &failed, NULL, NULL);
  if (failed > 0)
    *status = ATLAS_CLI_EXIT_FAILED;
  return done;
}

static gboolean
run_lesson (char **arguments, int *status, GError **error)
{
  g_autoptr (AtlasLesson) lesson = NULL;
  AtlasExportFormat format;

  if (!check_format (&format, error))
    return FALSE;
  if (only_list || arguments[0] == NULL)
    return print_list (error);
  lesson = atlas_lesson_load (arguments[0], error);
  return lesson != NULL && make_folder (error) && run_in_lab (lesson, format, status, error);
}

const AtlasCliCommand atlas_cli_lesson = {
  .name = "lesson",
  .arguments = "[NAME|FILE]",
  .summary = N_ ("Run a lesson about memory, and check what it says"),
  .n_optional = 1,
  .options = options,
  .run = run_lesson,
};
