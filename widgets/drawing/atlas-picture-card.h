/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A card of a picture: the map's, with a heading of two lines. Nobody can ask a picture for what a
 * heading left out, so its cards say all of it, however narrow they are. */

#pragma once

#include "atlas-map-painter.h"

G_BEGIN_DECLS

/* What the layout of such cards needs as line_height. */
double atlas_picture_card_get_heading_height (AtlasCanvas *canvas);
/* Paints the card that holds @region with its upper left corner at @x, @y. */
void atlas_picture_card_paint (AtlasCanvas *canvas,
                               AtlasMapLayout *layout,
                               guint region,
                               double x,
                               double y,
                               AtlasCounter highlight);

G_END_DECLS
