/* SPDX-License-Identifier: GPL-3.0-or-later */

/* memory-atlas-cli export: the map of a process as a file, the ending says which kind. */

#include "atlas-config.h"

#include <glib/gi18n-lib.h>

#include "atlas-cli-output.h"
#include "atlas-cli-process.h"
#include "atlas-cli.h"
#include "atlas-export.h"

/* Names and titles are taken as bytes: what the locale cannot decode is made visible, not refused.
 */
static char *output = NULL;
static char *title = NULL;
static char *palette = NULL;
static int width = ATLAS_PICTURE_DEFAULT_WIDTH;
static int height = ATLAS_PICTURE_DEFAULT_HEIGHT;
static gboolean dark = FALSE;

static const GOptionEntry options[] = {
  { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
    N_ ("Write to FILE, which ends in .png, .svg, .pdf, .csv or .json"), N_ ("FILE") },
  { "width", 0, 0, G_OPTION_ARG_INT, &width,
    N_ ("Width of the picture in pixels, 320 to 32000 (1600)"), N_ ("N") },
  { "height", 0, 0, G_OPTION_ARG_INT, &height,
    N_ ("Height of the picture in pixels, 320 to 32000 (1000)"), N_ ("N") },
  { "title", 0, 0, G_OPTION_ARG_FILENAME, &title,
    N_ ("Title of the picture (the process' name and PID)"), N_ ("TEXT") },
  { "dark", 0, 0, G_OPTION_ARG_NONE, &dark, N_ ("Light on dark"), NULL },
  { "palette", 0, 0, G_OPTION_ARG_STRING, &palette, N_ ("Colours: color, contrast or grey (color)"),
    N_ ("NAME") },
  ATLAS_CLI_PROC_OPTION,
  G_OPTION_ENTRY_NULL,
};

static gboolean
check_side (const char *option, int pixels, GError **error)
{
  if (pixels >= ATLAS_PICTURE_LEAST_SIDE && pixels <= ATLAS_PICTURE_MOST_SIDE)
    return TRUE;
  g_set_error (error, ATLAS_CLI_ERROR, ATLAS_CLI_ERROR_USAGE,
               _ ("%s must be %d to %d pixels, not %d"), option, ATLAS_PICTURE_LEAST_SIDE,
               ATLAS_PICTURE_MOST_SIDE, pixels);
  return FALSE;
}

static gboolean
check_palette (AtlasPaletteId *id, GError **error)
{
  if (palette == NULL || atlas_palette_from_name (palette, id))
    return TRUE;
  g_set_error (error, ATLAS_CLI_ERROR, ATLAS_CLI_ERROR_USAGE,
               _ ("“%s” is not a palette: color, contrast or grey"), palette);
  return FALSE;
}

static gboolean
check_output (AtlasExportFormat *format, GError **error)
{
  if (output == NULL)
    g_set_error_literal (error, ATLAS_CLI_ERROR, ATLAS_CLI_ERROR_USAGE,
                         _ ("No file was given: -o FILE"));
  else if (!atlas_export_format_from_path (output, format))
    g_set_error (error, ATLAS_CLI_ERROR, ATLAS_CLI_ERROR_USAGE,
                 _ ("“%s” does not end in .png, .svg, .pdf, .csv or .json"), output);
  else
    return TRUE;
  return FALSE;
}

static gboolean
read_options (AtlasPictureOptions *picture, AtlasExportFormat *format, GError **error)
{
  atlas_picture_options_init (picture);
  picture->width = width;
  picture->height = height;
  picture->title = title;
  picture->dark = dark;
  return check_output (format, error) && check_side ("--width", width, error)
         && check_side ("--height", height, error) && check_palette (&picture->palette, error);
}

/* An empty picture would say less than a sentence. */
static gboolean
check_drawable (AtlasSnapshot *snapshot, AtlasExportFormat format, GError **error)
{
  AtlasAccess access = atlas_snapshot_get_access (snapshot);
  gint pid = atlas_snapshot_get_pid (snapshot);
  const char *name = atlas_snapshot_get_name (snapshot);

  if (!atlas_export_format_is_picture (format) || access == ATLAS_ACCESS_FULL)
    return TRUE;
  if (access == ATLAS_ACCESS_KERNEL_THREAD)
    g_set_error (error, ATLAS_CLI_ERROR, ATLAS_CLI_ERROR_FAILED,
                 _ ("Process %d (%s) is a kernel thread: it has no memory of its own to draw"), pid,
                 name);
  else
    g_set_error (error, ATLAS_CLI_ERROR, ATLAS_CLI_ERROR_FAILED,
                 _ ("Process %d (%s) has ended and is a zombie: it has no memory left to draw"),
                 pid, name);
  return FALSE;
}

/* The file has no place for all of them, and not everybody looks into it. */
static void
warn_of_problems (AtlasSnapshot *snapshot)
{
  const char *const *problems = atlas_snapshot_get_problems (snapshot);

  for (guint i = 0; problems[i] != NULL; i++)
    atlas_cli_complain (problems[i]);
}

static gboolean
run_export (char **arguments, int *status, GError **error)
{
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  AtlasPictureOptions picture;
  AtlasExportFormat format;

  if (!read_options (&picture, &format, error))
    return FALSE;
  snapshot = atlas_cli_take_snapshot (arguments[0], error);
  if (snapshot == NULL || !atlas_cli_check_permitted (snapshot, error)
      || !check_drawable (snapshot, format, error)
      || !atlas_export_write (snapshot, format, &picture, output, error))
    return FALSE;
  warn_of_problems (snapshot);
  return TRUE;
}

const AtlasCliCommand atlas_cli_export = {
  .name = "export",
  .arguments = "PID -o FILE",
  .summary = N_ ("Write the map of a process as a picture or as data"),
  .lacking = N_ ("export needs a PID: the number of a process"),
  .n_arguments = 1,
  .options = options,
  .run = run_export,
};
