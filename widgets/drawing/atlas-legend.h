/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The legend: a swatch and a word for each kind and each page state that occur. */

#pragma once

#include "atlas-map-painter.h"

G_BEGIN_DECLS

typedef struct
{
  gboolean is_kind;
  AtlasKind kind;        /* the colour of the swatch (for a state: a neutral example) */
  AtlasPageCounts state; /* of one page */
  gboolean locked;
  const char *label; /* translated, static */
} AtlasLegendItem;

/* Kinds first, then states; only what @snapshot has (NULL: all). Array of AtlasLegendItem. */
GArray *atlas_legend_collect (AtlasSnapshot *snapshot);
/* One swatch, @size pixels square. */
void atlas_legend_paint_swatch (AtlasCanvas *canvas,
                                const AtlasLegendItem *item,
                                double x,
                                double y,
                                double size);
/* The whole legend in lines of @width; gives its height. With canvas->cr NULL it only measures. */
double atlas_legend_paint (AtlasCanvas *canvas, GArray *items, double x, double y, double width);

G_END_DECLS
