/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Writing a snapshot to a file: pictures and data. Written beside the target and renamed, so that
 * a failure leaves no half file and whatever was there before untouched. */

#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "atlas-picture.h"

G_BEGIN_DECLS

typedef enum
{
  ATLAS_EXPORT_PNG,
  ATLAS_EXPORT_SVG, /* text in it is text */
  ATLAS_EXPORT_PDF, /* likewise */
  ATLAS_EXPORT_CSV,
  ATLAS_EXPORT_JSON,
  ATLAS_N_EXPORTS
} AtlasExportFormat;

/* By the file's ending, any case; FALSE if it is none of ours. */
gboolean atlas_export_format_from_path (const char *path, AtlasExportFormat *format);
const char *atlas_export_format_get_extension (AtlasExportFormat format); /* "png" */
const char *atlas_export_format_get_title (AtlasExportFormat format);     /* translated */

/* Errors: G_IO_ERROR (no space, not permitted, no such folder ...), with the file's name in the
 * message. */
gboolean atlas_export_write (AtlasSnapshot *snapshot,
                             AtlasExportFormat format,
                             const AtlasPictureOptions *options,
                             const char *path,
                             GError **error);
/* The same bytes in memory (clipboard, tests). */
GBytes *atlas_export_to_bytes (AtlasSnapshot *snapshot,
                               AtlasExportFormat format,
                               const AtlasPictureOptions *options,
                               GError **error);
/* Writes @bytes to @path atomically. */
gboolean atlas_export_write_bytes (const char *path, GBytes *bytes, GError **error);

/* The object of `show --json`. */
JsonNode *atlas_export_snapshot_to_json (AtlasSnapshot *snapshot);
/* Pretty-printed, valid UTF-8, with a newline at the end. */
char *atlas_export_json_to_text (JsonNode *node);

G_END_DECLS
