/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The picture that is exported: title, counters, spine, cards, legend, scale and a caption with
 * process, time, kernel, C library and page size; painted with the window's own code. */

#pragma once

#include "atlas-map-painter.h"

G_BEGIN_DECLS

typedef struct
{
  double width, height; /* pixels (points in PDF) */
  const char *title;    /* (nullable): "NAME — PID" */
  AtlasPaletteId palette;
  gboolean dark;
  AtlasCounter highlight;
  AtlasLabels *labels; /* (nullable): what its memory is called; must live as long as this */
} AtlasPictureOptions;

#define ATLAS_PICTURE_DEFAULT_WIDTH 1600
#define ATLAS_PICTURE_DEFAULT_HEIGHT 1000
#define ATLAS_PICTURE_LEAST_SIDE 320
#define ATLAS_PICTURE_MOST_SIDE 32000 /* cairo image surfaces fail at 32,768 */

void atlas_picture_options_init (AtlasPictureOptions *options);
/* Paints onto @canvas (its palette is set from @options). Regions that do not fit as cards are
 * counted in a line that says so; they are in the spine all the same. */
void atlas_picture_paint (AtlasCanvas *canvas,
                          AtlasSnapshot *snapshot,
                          const AtlasPictureOptions *options);

G_END_DECLS
