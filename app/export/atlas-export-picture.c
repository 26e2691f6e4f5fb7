/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The picture as PNG and PDF, painted into memory: a full disk is found out when the bytes are
 * written, with every error checked, and not by cairo behind our back. */

#include "atlas-config.h"

#include <cairo-pdf.h>
#include <glib/gi18n-lib.h>

#include "atlas-export-private.h"
#include "atlas-format.h"

/* Four bytes each: one GiB, as much as a picture may reasonably cost. */
#define MOST_PIXELS (G_GUINT64_CONSTANT (1) << 28)

void
atlas_export_set_cairo_error (GError **error, cairo_status_t status)
{
  GIOErrorEnum code = status == CAIRO_STATUS_NO_MEMORY ? G_IO_ERROR_NO_SPACE : G_IO_ERROR_FAILED;

  g_set_error (error, G_IO_ERROR, (gint) code, _ ("The picture could not be painted: %s"),
               cairo_status_to_string (status));
}

char *
atlas_export_dup_title (AtlasSnapshot *snapshot, const AtlasPictureOptions *options)
{
  if (options->title != NULL)
    return g_strdup (options->title);
  return g_strdup_printf ("%s — %d", atlas_snapshot_get_name (snapshot),
                          atlas_snapshot_get_pid (snapshot));
}

cairo_status_t
atlas_export_append_cb (void *closure, const unsigned char *data, unsigned length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

/* The cairo context's errors stay with it and do not reach the surface. */
static cairo_status_t
paint_on (AtlasSnapshot *snapshot,
          const AtlasPictureOptions *options,
          cairo_surface_t *surface,
          AtlasTextSink sink,
          gpointer sink_data)
{
  g_auto (AtlasCanvas) canvas = { 0 };
  cairo_t *cr = cairo_create (surface);
  cairo_status_t status = cairo_status (cr);

  if (status == CAIRO_STATUS_SUCCESS)
    {
      atlas_canvas_init (&canvas, cr, NULL, atlas_palette_get (options->palette, options->dark));
      atlas_canvas_set_sink (&canvas, sink, sink_data);
      atlas_picture_paint (&canvas, snapshot, options);
      status = cairo_status (cr);
    }
  cairo_destroy (cr);
  return status;
}

gboolean
atlas_export_paint (AtlasSnapshot *snapshot,
                    const AtlasPictureOptions *options,
                    cairo_surface_t *surface,
                    AtlasTextSink sink,
                    gpointer sink_data,
                    GError **error)
{
  cairo_status_t status = paint_on (snapshot, options, surface, sink, sink_data);

  if (cairo_surface_get_type (surface) != CAIRO_SURFACE_TYPE_IMAGE)
    cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  if (status != CAIRO_STATUS_SUCCESS)
    atlas_export_set_cairo_error (error, status);
  return status == CAIRO_STATUS_SUCCESS;
}

static gboolean
check_pixels (const AtlasPictureOptions *options, GError **error)
{
  g_autofree char *memory = NULL;
  guint64 pixels = (guint64) options->width * (guint64) options->height;

  if (pixels <= MOST_PIXELS)
    return TRUE;
  memory = atlas_format_bytes (4 * pixels);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               _ ("A PNG picture of %d × %d pixels would take %s of memory; "
                  "ask for a smaller one, or for SVG or PDF"),
               (int) options->width, (int) options->height, memory);
  return FALSE;
}

GBytes *
atlas_export_png (AtlasSnapshot *snapshot, const AtlasPictureOptions *options, GError **error)
{
  g_autoptr (AtlasSurface) surface = NULL;
  g_autoptr (GByteArray) png = g_byte_array_new ();
  cairo_status_t status;

  if (!check_pixels (options, error))
    return NULL;
  surface =
      cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) options->width, (int) options->height);
  if (!atlas_export_paint (snapshot, options, surface, NULL, NULL, error))
    return NULL;

  status = cairo_surface_write_to_png_stream (surface, atlas_export_append_cb, png);
  if (status != CAIRO_STATUS_SUCCESS)
    {
      atlas_export_set_cairo_error (error, status);
      return NULL;
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&png));
}

static void
set_pdf_metadata (cairo_surface_t *surface,
                  AtlasSnapshot *snapshot,
                  const AtlasPictureOptions *options)
{
  g_autofree char *title = atlas_export_dup_title (snapshot, options);
  g_autoptr (GDateTime) time =
      g_date_time_new_from_unix_utc (atlas_snapshot_get_time (snapshot) / G_USEC_PER_SEC);
  g_autofree char *created = g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ");

  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, title);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATOR,
                                  "Memory Atlas " ATLAS_VERSION);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATE_DATE, created);
}

GBytes *
atlas_export_pdf (AtlasSnapshot *snapshot, const AtlasPictureOptions *options, GError **error)
{
  g_autoptr (GByteArray) pdf = g_byte_array_new ();
  g_autoptr (AtlasSurface) surface = cairo_pdf_surface_create_for_stream (
      atlas_export_append_cb, pdf, options->width, options->height);

  set_pdf_metadata (surface, snapshot, options);
  if (!atlas_export_paint (snapshot, options, surface, NULL, NULL, error))
    return NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&pdf));
}
