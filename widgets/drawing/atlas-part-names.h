/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where on a card the names of its allocations go. A name is written on cells that are all alike,
 * with such a cell left to see on both sides of it: what it covers can be told from what is beside
 * it. Cells that are not alike are covered only where that is a small part of what is named. Parts
 * that begin in the same row one after the other and have no room for their names are counted
 * together. Pure geometry. */

#pragma once

#include "atlas-cell-outline.h"

G_BEGIN_DECLS

/* Of a card: one allocation, or several that lie within one and the same cell. */
typedef struct
{
  AtlasCellRange cells;
  const AtlasLabel *labels; /* (array length=n_labels) */
  guint n_labels;
} AtlasPart;

typedef struct
{
  char *text;
  guint64 row;
  double x, width; /* of the plate that it stands on, pixels */
} AtlasPartName;

/* Pixels between the edges of the plate and the name. */
#define ATLAS_PART_NAME_PADDING 3

/* Height of the plates: rows may be lower. */
double atlas_part_names_get_height (AtlasCanvas *canvas, const AtlasCard *card);
/* @parts: (element-type AtlasPart): all that have a cell in some rows one below the other; of the
 * names in those rows, the outermost are not final. Of AtlasPartName; free with g_array_unref(). */
GArray *atlas_part_names_place (AtlasCanvas *canvas,
                                const AtlasRegion *region,
                                const AtlasCard *card,
                                guint64 page_size,
                                GArray *parts);

G_END_DECLS
