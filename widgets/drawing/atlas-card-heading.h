/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The head of a card: what the region is, how much of it is there, where it is. What does not fit
 * is left out, least important first; nothing overlaps and only the name is ever cut. */

#pragma once

#include "atlas-map-layout.h"

G_BEGIN_DECLS

/* In the order in which they are dropped. */
typedef enum
{
  ATLAS_HEADING_SCALE,
  ATLAS_HEADING_SHARE,
  ATLAS_HEADING_PERMISSIONS,
  ATLAS_HEADING_RANGE,
  ATLAS_HEADING_LOCKED,
  ATLAS_HEADING_SIZE,
  ATLAS_HEADING_N_PARTS
} AtlasHeadingPart;

/* A bit for each part that is shown when the name would take @name_width and each part its own of
 * @part_widths (0: there is none), all in @width. */
guint atlas_card_heading_choose (double width,
                                 double name_width,
                                 const double part_widths[ATLAS_HEADING_N_PARTS]);
/* For AtlasMapParameters.line_height, on a map of @map_width pixels: one line where cards are wide,
 * two where they are narrow. */
double atlas_card_heading_get_height (AtlasCanvas *canvas, double map_width);
/* Within @box; in two lines if it is high enough. */
void atlas_card_heading_paint (AtlasCanvas *canvas,
                               const AtlasRegion *region,
                               const AtlasCard *card,
                               guint64 page_size,
                               const AtlasRect *box);
/* On top of that: a clock and how old the region's pages are, in words or not at all, as room is
 * left. */
void atlas_card_heading_paint_age (AtlasCanvas *canvas,
                                   const AtlasRegion *region,
                                   const AtlasCard *card,
                                   guint64 page_size,
                                   const AtlasRect *box,
                                   gint64 age);

G_END_DECLS
