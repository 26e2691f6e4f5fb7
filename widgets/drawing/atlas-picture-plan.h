/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which regions a picture shows as cards, how large and where: columns of cards, in address order
 * from the top of the first to the bottom of the last. Pure geometry. */

#pragma once

#include "atlas-map-layout.h"

G_BEGIN_DECLS

typedef struct
{
  guint region;
  double x, y; /* of the card in the picture */
  double width, height;
} AtlasPlacedCard;

typedef struct
{
  AtlasMapLayout *layout; /* NULL if there is nothing to show */
  GArray *cards;          /* AtlasPlacedCard, from high addresses to low */
  guint n_columns;
  double column_width;
  guint n_left;         /* regions that are no cards */
  AtlasPageCounts left; /* pages, resident and unknown of those */
} AtlasPicturePlan;

/* Fills @area with as many regions as possible, all of them if they fit, else the ones with most
 * memory; and with as many cells as possible then. @note_height is kept free below the cards if
 * not all fit. @parameters: width and zoom are chosen here. */
AtlasPicturePlan *atlas_picture_plan_new (AtlasSnapshot *snapshot,
                                          const AtlasMapParameters *parameters,
                                          const AtlasRect *area,
                                          double note_height);
void atlas_picture_plan_free (AtlasPicturePlan *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasPicturePlan, atlas_picture_plan_free)

G_END_DECLS
