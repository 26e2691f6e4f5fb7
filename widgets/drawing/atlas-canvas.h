/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What everything is painted on: a cairo context, a palette, and text. All text goes through here,
 * so that a writer of SVG can collect it and write it as text rather than as outlines. */

#pragma once

#include <pango/pangocairo.h>

#include "atlas-palette.h"
#include "atlas-text-cache.h"

G_BEGIN_DECLS

typedef enum
{
  ATLAS_TEXT_TITLE,   /* the picture's title */
  ATLAS_TEXT_HEADING, /* name on a card: bold */
  ATLAS_TEXT_BODY,
  ATLAS_TEXT_CAPTION, /* small */
  ATLAS_TEXT_MONO,    /* addresses, numbers: small, monospace */
  ATLAS_N_TEXT_STYLES
} AtlasTextStyle;

typedef enum
{
  ATLAS_ALIGN_START,
  ATLAS_ALIGN_CENTER,
  ATLAS_ALIGN_END,
} AtlasAlign;

/* Gets each text that would be painted, in user space of the canvas (already ellipsised).
 * @x and @baseline: pixels, after the context's matrix; @x is the text's left edge. */
typedef void (*AtlasTextSink) (const char *text,
                               AtlasTextStyle style,
                               double size,
                               const AtlasColor *color,
                               double x,
                               double baseline,
                               double width,
                               gpointer user_data);

typedef struct
{
  cairo_t *cr;
  const AtlasPalette *palette;
  PangoContext *context;
  PangoFontDescription *fonts[ATLAS_N_TEXT_STYLES];
  double line_height[ATLAS_N_TEXT_STYLES]; /* pixels */
  double ascent[ATLAS_N_TEXT_STYLES];      /* from a line's top to its baseline, pixels */
  AtlasTextCache *texts;
  AtlasTextSink sink; /* NULL: paint it */
  gpointer sink_data;
} AtlasCanvas;

/* @context: (nullable): a widget's; NULL makes one for @cr at 96 dpi with the sans-serif font. @cr
 * may be replaced later (canvas->cr) and may be NULL when only measuring. */
void atlas_canvas_init (AtlasCanvas *canvas,
                        cairo_t *cr,
                        PangoContext *context,
                        const AtlasPalette *palette);
void atlas_canvas_clear (AtlasCanvas *canvas);
void atlas_canvas_set_sink (AtlasCanvas *canvas, AtlasTextSink sink, gpointer user_data);

/* Paints one line of @text (clean UTF-8) into a box whose left (START), middle or right edge is @x
 * and whose top is @y; cut with "…" at @max_width (0: never). Gives its width in pixels. */
double atlas_canvas_text (AtlasCanvas *canvas,
                          AtlasTextStyle style,
                          const AtlasColor *color,
                          AtlasAlign align,
                          double x,
                          double y,
                          double max_width,
                          const char *text);
/* The same with the text's baseline at @baseline, to set different styles in one line. */
double atlas_canvas_text_on (AtlasCanvas *canvas,
                             AtlasTextStyle style,
                             const AtlasColor *color,
                             AtlasAlign align,
                             double x,
                             double baseline,
                             double max_width,
                             const char *text);
double atlas_canvas_measure (AtlasCanvas *canvas, AtlasTextStyle style, const char *text);
void atlas_canvas_set_color (AtlasCanvas *canvas, const AtlasColor *color);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AtlasCanvas, atlas_canvas_clear)

G_END_DECLS
