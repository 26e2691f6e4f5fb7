/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One badge for headings and legend, so that the eye finds the one by the other. */

#include "atlas-badge.h"

#define RADIUS 3.5

void
atlas_badge_paint (AtlasCanvas *canvas, AtlasKind kind, double x, double y, double size)
{
  const char letter[2] = { atlas_kind_get_letter (kind), '\0' };
  double line = canvas->line_height[ATLAS_TEXT_CAPTION];
  double left = x + RADIUS, right = x + size - RADIUS;
  double top = y + RADIUS, bottom = y + size - RADIUS;

  g_return_if_fail (canvas->cr != NULL && kind < ATLAS_N_KINDS);

  cairo_new_sub_path (canvas->cr);
  cairo_arc (canvas->cr, right, top, RADIUS, -G_PI_2, 0);
  cairo_arc (canvas->cr, right, bottom, RADIUS, 0, G_PI_2);
  cairo_arc (canvas->cr, left, bottom, RADIUS, G_PI_2, G_PI);
  cairo_arc (canvas->cr, left, top, RADIUS, G_PI, 3 * G_PI_2);
  cairo_close_path (canvas->cr);
  atlas_canvas_set_color (canvas, &canvas->palette->kind[kind]);
  cairo_fill (canvas->cr);
  atlas_canvas_text (canvas, ATLAS_TEXT_CAPTION, &canvas->palette->on_kind[kind],
                     ATLAS_ALIGN_CENTER, x + size / 2, y + (size - line) / 2, 0, letter);
}
