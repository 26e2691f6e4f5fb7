/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The writers of the single formats, for atlas-export.c alone. */

#pragma once

#include "atlas-export.h"

G_BEGIN_DECLS

GBytes *
atlas_export_png (AtlasSnapshot *snapshot, const AtlasPictureOptions *options, GError **error);
GBytes *
atlas_export_svg (AtlasSnapshot *snapshot, const AtlasPictureOptions *options, GError **error);
GBytes *
atlas_export_pdf (AtlasSnapshot *snapshot, const AtlasPictureOptions *options, GError **error);
GBytes *atlas_export_csv (AtlasSnapshot *snapshot);

/* What a picture is called in its metadata: @options->title, else "NAME — PID". */
char *atlas_export_dup_title (AtlasSnapshot *snapshot, const AtlasPictureOptions *options);
/* Puts the cairo @status in a person's words. */
void atlas_export_set_cairo_error (GError **error, cairo_status_t status);
/* A cairo_write_func_t that appends to the GByteArray @closure. */
cairo_status_t atlas_export_append_cb (void *closure, const unsigned char *data, unsigned length);
/* Paints on @surface and, if it is a stream's, finishes it: what its status says after that is the
 * answer. @sink (nullable) gets the texts. */
gboolean atlas_export_paint (AtlasSnapshot *snapshot,
                             const AtlasPictureOptions *options,
                             cairo_surface_t *surface,
                             AtlasTextSink sink,
                             gpointer sink_data,
                             GError **error);

typedef cairo_surface_t AtlasSurface;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasSurface, cairo_surface_destroy)

G_END_DECLS
