/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Running text on a canvas: broken between words into lines of a width. The canvas itself knows
 * single lines only, so that every line can be handed out as text. */

#pragma once

#include "atlas-canvas.h"

G_BEGIN_DECLS

/* Lines of @text, none wider than @width unless a single word is; at most @most_lines, the rest is
 * put on the last line (which is cut when painted). Free with g_ptr_array_unref(): of char *. */
GPtrArray *atlas_paragraph_break (AtlasCanvas *canvas,
                                  AtlasTextStyle style,
                                  double width,
                                  guint most_lines,
                                  const char *text);
/* Paints @lines one below the other; gives their height. */
double atlas_paragraph_paint (AtlasCanvas *canvas,
                              AtlasTextStyle style,
                              const AtlasColor *color,
                              AtlasAlign align,
                              double x,
                              double y,
                              double width,
                              GPtrArray *lines);

G_END_DECLS
