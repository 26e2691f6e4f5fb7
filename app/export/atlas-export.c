/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The formats a snapshot can be written in, and the way to each. */

#include "atlas-config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "atlas-export-private.h"
#include "atlas-text.h"

static const struct
{
  const char *extension;
  const char *title;
  gboolean is_picture;
} formats[ATLAS_N_EXPORTS] = {
  [ATLAS_EXPORT_PNG] = { "png", N_ ("PNG picture"), TRUE },
  [ATLAS_EXPORT_SVG] = { "svg", N_ ("SVG drawing"), TRUE },
  [ATLAS_EXPORT_PDF] = { "pdf", N_ ("PDF document"), TRUE },
  [ATLAS_EXPORT_CSV] = { "csv", N_ ("CSV table of the regions"), FALSE },
  [ATLAS_EXPORT_JSON] = { "json", N_ ("JSON data"), FALSE },
};

gboolean
atlas_export_format_from_path (const char *path, AtlasExportFormat *format)
{
  const char *dot;

  g_return_val_if_fail (path != NULL, FALSE);

  dot = strrchr (path, '.');
  for (guint i = 0; dot != NULL && i < ATLAS_N_EXPORTS; i++)
    if (g_ascii_strcasecmp (dot + 1, formats[i].extension) == 0)
      {
        *format = i;
        return TRUE;
      }
  return FALSE;
}

const char *
atlas_export_format_get_extension (AtlasExportFormat format)
{
  g_return_val_if_fail (format < ATLAS_N_EXPORTS, NULL);

  return formats[format].extension;
}

const char *
atlas_export_format_get_title (AtlasExportFormat format)
{
  g_return_val_if_fail (format < ATLAS_N_EXPORTS, NULL);

  return _ (formats[format].title);
}

gboolean
atlas_export_format_is_picture (AtlasExportFormat format)
{
  g_return_val_if_fail (format < ATLAS_N_EXPORTS, FALSE);

  return formats[format].is_picture;
}

static GBytes *
text_to_bytes (char *text)
{
  return g_bytes_new_take (text, strlen (text));
}

static gboolean
side_is_valid (double side)
{
  return side >= ATLAS_PICTURE_LEAST_SIDE && side <= ATLAS_PICTURE_MOST_SIDE;
}

static GBytes *
picture_to_bytes (AtlasSnapshot *snapshot,
                  AtlasExportFormat format,
                  const AtlasPictureOptions *options,
                  GError **error)
{
  if (!side_is_valid (options->width) || !side_is_valid (options->height))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   _ ("A picture must be %d to %d wide and high"), ATLAS_PICTURE_LEAST_SIDE,
                   ATLAS_PICTURE_MOST_SIDE);
      return NULL;
    }
  if (format == ATLAS_EXPORT_PNG)
    return atlas_export_png (snapshot, options, error);
  if (format == ATLAS_EXPORT_SVG)
    return atlas_export_svg (snapshot, options, error);
  return atlas_export_pdf (snapshot, options, error);
}

GBytes *
atlas_export_to_bytes (AtlasSnapshot *snapshot,
                       AtlasExportFormat format,
                       const AtlasPictureOptions *options,
                       GError **error)
{
  g_autofree char *title = NULL;
  AtlasPictureOptions used;

  g_return_val_if_fail (snapshot != NULL, NULL);
  g_return_val_if_fail (format < ATLAS_N_EXPORTS, NULL);

  if (format == ATLAS_EXPORT_CSV)
    return atlas_export_csv (snapshot);
  if (format == ATLAS_EXPORT_JSON)
    return text_to_bytes (atlas_export_snapshot_to_json (snapshot));

  atlas_picture_options_init (&used);
  if (options != NULL)
    used = *options;
  /* A title comes from a person or a script, and may be anything. */
  if (used.title != NULL)
    used.title = title = atlas_text_clean (used.title, -1);
  return picture_to_bytes (snapshot, format, &used, error);
}

gboolean
atlas_export_write (AtlasSnapshot *snapshot,
                    AtlasExportFormat format,
                    const AtlasPictureOptions *options,
                    const char *path,
                    GError **error)
{
  g_autoptr (GBytes) bytes = NULL;

  g_return_val_if_fail (path != NULL, FALSE);

  bytes = atlas_export_to_bytes (snapshot, format, options, error);
  return bytes != NULL && atlas_export_write_bytes (path, bytes, error);
}
