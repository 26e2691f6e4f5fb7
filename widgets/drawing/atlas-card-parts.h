/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The allocations in a region that holds several: a thin line round the cells of each, and its
 * short name where that hides nothing. Cells are pages, so the line goes round whole pages, and a
 * page that two allocations share is within both. Where there is no room for names they are
 * counted, and all of them are in the card's heading. */

#pragma once

#include "atlas-map-layout.h"

G_BEGIN_DECLS

/* On top of the cells, in the rows from @first_row up to @end_row. What is painted of a row does
 * not depend on which rows are painted with it; names may reach two pixels into the rows next to
 * it. */
void atlas_card_parts_paint (AtlasCanvas *canvas,
                             const AtlasRegion *region,
                             const AtlasCard *card,
                             guint64 page_size,
                             guint64 first_row,
                             guint64 end_row);
/* Their names alone, once more, where something was painted over them. */
void atlas_card_parts_paint_names (AtlasCanvas *canvas,
                                   const AtlasRegion *region,
                                   const AtlasCard *card,
                                   guint64 page_size,
                                   guint64 first_row,
                                   guint64 end_row);

G_END_DECLS
