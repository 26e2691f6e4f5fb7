/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Writing a snapshot to a file: pictures and data. Written beside the target and renamed, so that
 * a failure leaves no half file and whatever was there before untouched. */

#pragma once

#include <gio/gio.h>

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
/* Whether it is painted: the options count, and there must be memory to see. */
gboolean atlas_export_format_is_picture (AtlasExportFormat format);

/* @options: (nullable): the defaults; data formats do not look at it.
 * Errors: G_IO_ERROR (no space, not permitted, no such folder, INVALID_ARGUMENT for a size that
 * cannot be painted ...), with the file's name in the message. */
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
/* Writes @bytes to @path atomically. A symbolic link is followed: what it points to is replaced,
 * the link stays. An existing file keeps its permissions. */
gboolean atlas_export_write_bytes (const char *path, GBytes *bytes, GError **error);

/* The object of `show --json`: valid UTF-8, one region to a line, a newline at the end. Integers
 * are unsigned 64-bit throughout (limits, inodes), wider than JsonNode holds. */
char *atlas_export_snapshot_to_json (AtlasSnapshot *snapshot);

G_END_DECLS
