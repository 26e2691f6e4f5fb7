/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Text, mainly: fonts are derived from one base so that the map grows with the desktop's font, and
 * what was shaped is kept. Cutting is done by us rather than by pango, because a sink must be told
 * the very text that is seen. */

#include "atlas-canvas.h"

#include <math.h>
#include <string.h>

/* When there is no widget to take the font from. 10 points at 96 dpi. */
#define DEFAULT_FONT "sans-serif 10"
#define DEFAULT_DPI 96.0

/* Relative to the base font. */
static const struct
{
  double scale;
  PangoWeight weight;
  const char *family; /* NULL: the base's */
} styles[ATLAS_N_TEXT_STYLES] = {
  [ATLAS_TEXT_TITLE] = { 1.5, PANGO_WEIGHT_BOLD, NULL },
  [ATLAS_TEXT_HEADING] = { 1.0, PANGO_WEIGHT_BOLD, NULL },
  [ATLAS_TEXT_BODY] = { 1.0, PANGO_WEIGHT_NORMAL, NULL },
  [ATLAS_TEXT_CAPTION] = { 0.87, PANGO_WEIGHT_NORMAL, NULL },
  [ATLAS_TEXT_MONO] = { 0.82, PANGO_WEIGHT_NORMAL, "monospace" },
};

static gboolean
is_raster (cairo_t *cr)
{
  return cr == NULL || cairo_surface_get_type (cairo_get_target (cr)) == CAIRO_SURFACE_TYPE_IMAGE;
}

/* A picture must not depend on the desktop's taste in antialiasing, and a vector file not on any
 * grid of pixels. */
static void
set_font_options (PangoContext *context, gboolean raster)
{
  cairo_font_options_t *options = cairo_font_options_create ();

  cairo_font_options_set_antialias (options, CAIRO_ANTIALIAS_GRAY);
  cairo_font_options_set_hint_style (options,
                                     raster ? CAIRO_HINT_STYLE_SLIGHT : CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics (options,
                                       raster ? CAIRO_HINT_METRICS_ON : CAIRO_HINT_METRICS_OFF);
  pango_cairo_context_set_font_options (context, options);
  pango_context_set_round_glyph_positions (context, raster);
  cairo_font_options_destroy (options);
}

static PangoContext *
create_context (cairo_t *cr)
{
  PangoContext *context = pango_font_map_create_context (pango_cairo_font_map_get_default ());
  PangoFontDescription *font = pango_font_description_from_string (DEFAULT_FONT);

  pango_cairo_context_set_resolution (context, DEFAULT_DPI);
  set_font_options (context, is_raster (cr));
  pango_context_set_font_description (context, font);
  pango_font_description_free (font);
  if (cr != NULL)
    pango_cairo_update_context (cr, context);
  return context;
}

static PangoFontDescription *
derive_font (const PangoFontDescription *base, AtlasTextStyle style)
{
  PangoFontDescription *font = pango_font_description_copy (base);
  double size = pango_font_description_get_size (base) * styles[style].scale;

  if (pango_font_description_get_size_is_absolute (base))
    pango_font_description_set_absolute_size (font, size);
  else
    pango_font_description_set_size (font, (gint) lround (size));
  pango_font_description_set_weight (font, styles[style].weight);
  if (styles[style].family != NULL)
    pango_font_description_set_family_static (font, styles[style].family);
  return font;
}

static void
measure_font (AtlasCanvas *canvas, AtlasTextStyle style)
{
  PangoFontMetrics *metrics =
      pango_context_get_metrics (canvas->context, canvas->fonts[style], NULL);
  double ascent = (double) pango_font_metrics_get_ascent (metrics) / PANGO_SCALE;
  double descent = (double) pango_font_metrics_get_descent (metrics) / PANGO_SCALE;

  canvas->ascent[style] = round (ascent);
  canvas->line_height[style] = ceil (ascent + descent);
  pango_font_metrics_unref (metrics);
}

void
atlas_canvas_init (AtlasCanvas *canvas,
                   cairo_t *cr,
                   PangoContext *context,
                   const AtlasPalette *palette)
{
  g_return_if_fail (canvas != NULL && palette != NULL);

  memset (canvas, 0, sizeof *canvas);
  canvas->cr = cr;
  canvas->palette = palette;
  canvas->context = context != NULL ? g_object_ref (context) : create_context (cr);
  for (guint i = 0; i < ATLAS_N_TEXT_STYLES; i++)
    {
      canvas->fonts[i] =
          derive_font (pango_context_get_font_description (canvas->context), (AtlasTextStyle) i);
      measure_font (canvas, (AtlasTextStyle) i);
    }
  canvas->texts = atlas_text_cache_new (canvas->context);
}

void
atlas_canvas_clear (AtlasCanvas *canvas)
{
  g_clear_pointer (&canvas->texts, atlas_text_cache_free);
  for (guint i = 0; i < ATLAS_N_TEXT_STYLES; i++)
    g_clear_pointer (&canvas->fonts[i], pango_font_description_free);
  g_clear_object (&canvas->context);
  canvas->cr = NULL;
}

void
atlas_canvas_set_sink (AtlasCanvas *canvas, AtlasTextSink sink, gpointer user_data)
{
  g_return_if_fail (canvas != NULL);

  canvas->sink = sink;
  canvas->sink_data = user_data;
}

void
atlas_canvas_set_color (AtlasCanvas *canvas, const AtlasColor *color)
{
  g_return_if_fail (canvas != NULL && canvas->cr != NULL);

  cairo_set_source_rgba (canvas->cr, color->red, color->green, color->blue, color->alpha);
}

/* Foreign names are cleaned at the edge, but one that slipped through must not poison the whole
 * picture: cairo gives up a context that was shown invalid UTF-8. */
static const char *
ensure_valid (const char *text, char **owned)
{
  if (g_utf8_validate (text, -1, NULL))
    return text;
  *owned = g_utf8_make_valid (text, -1);
  return *owned;
}

static double
get_left (AtlasAlign align, double x, double width)
{
  switch (align)
    {
    case ATLAS_ALIGN_CENTER:
      return round (x - width / 2);
    case ATLAS_ALIGN_END:
      return round (x - width);
    case ATLAS_ALIGN_START:
    default:
      return x;
    }
}

/* A context may leave it to its font map. */
static double
get_resolution (PangoContext *context)
{
  double dpi = pango_cairo_context_get_resolution (context);

  return dpi > 0 ? dpi : DEFAULT_DPI;
}

static void
send_to_sink (AtlasCanvas *canvas,
              AtlasTextStyle style,
              const AtlasColor *color,
              double x,
              double baseline,
              const AtlasShapedText *shaped)
{
  const char *text = pango_layout_get_text (shaped->layout);
  PangoFontDescription *font = canvas->fonts[style];
  double size = (double) pango_font_description_get_size (font) / PANGO_SCALE;
  double scale = 1, skew = 0;

  if (*text == '\0')
    return;
  if (!pango_font_description_get_size_is_absolute (font))
    size *= get_resolution (canvas->context) / 72.0;
  cairo_user_to_device (canvas->cr, &x, &baseline);
  cairo_user_to_device_distance (canvas->cr, &scale, &skew);
  canvas->sink (text, style, size * scale, color, x, baseline, shaped->width * scale,
                canvas->sink_data);
}

double
atlas_canvas_text_on (AtlasCanvas *canvas,
                      AtlasTextStyle style,
                      const AtlasColor *color,
                      AtlasAlign align,
                      double x,
                      double baseline,
                      double max_width,
                      const char *text)
{
  g_autofree char *owned = NULL;

  g_return_val_if_fail (canvas != NULL && color != NULL && text != NULL, 0);
  g_return_val_if_fail (style < ATLAS_N_TEXT_STYLES, 0);

  const AtlasShapedText *shaped = atlas_text_cache_shape (
      canvas->texts, style, canvas->fonts[style], max_width, ensure_valid (text, &owned));
  double width = shaped->width;
  double left = get_left (align, x, width);

  if (canvas->cr == NULL)
    return width;
  if (canvas->sink != NULL)
    {
      send_to_sink (canvas, style, color, left, baseline, shaped);
      return width;
    }
  atlas_canvas_set_color (canvas, color);
  cairo_move_to (canvas->cr, left, baseline);
  pango_cairo_show_layout_line (canvas->cr, pango_layout_get_line_readonly (shaped->layout, 0));
  cairo_new_path (canvas->cr);
  return width;
}

double
atlas_canvas_text (AtlasCanvas *canvas,
                   AtlasTextStyle style,
                   const AtlasColor *color,
                   AtlasAlign align,
                   double x,
                   double y,
                   double max_width,
                   const char *text)
{
  g_return_val_if_fail (canvas != NULL && style < ATLAS_N_TEXT_STYLES, 0);

  return atlas_canvas_text_on (canvas, style, color, align, x, round (y + canvas->ascent[style]),
                               max_width, text);
}

double
atlas_canvas_measure (AtlasCanvas *canvas, AtlasTextStyle style, const char *text)
{
  g_autofree char *owned = NULL;

  g_return_val_if_fail (canvas != NULL && text != NULL, 0);
  g_return_val_if_fail (style < ATLAS_N_TEXT_STYLES, 0);

  return atlas_text_cache_shape (canvas->texts, style, canvas->fonts[style], 0,
                                 ensure_valid (text, &owned))
      ->width;
}
