/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The texts of a drawing, caught instead of painted: what they say, where they are, and whether
 * they can be read there. The drawing without its texts is on an image meanwhile. */

#pragma once

#include "atlas-canvas.h"

typedef struct
{
  char *text;
  AtlasTextStyle style;
  double size;
  AtlasColor color;
  double x, baseline, width;
} Text;

typedef struct
{
  double width, height;
  cairo_surface_t *surface;
  cairo_t *cr;
  AtlasCanvas canvas;
  GPtrArray *texts; /* Text */
} TextList;

TextList *text_list_new (double width, double height, const AtlasPalette *palette);
void text_list_free (TextList *self);

/* Whether a text that contains @part is there. */
gboolean text_list_has (TextList *self, const char *part);
/* How many contain @part. */
guint text_list_count (TextList *self, const char *part);
/* All lie within the drawing. */
void text_list_assert_inside (TextList *self);
/* No two lie over one another. */
void text_list_assert_apart (TextList *self);
/* All stand out from everything that is painted where they are, by at least 4.5 to 1. */
void text_list_assert_legible (TextList *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TextList, text_list_free)
