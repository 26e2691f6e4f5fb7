/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Paints cards and cells. */

#pragma once

#include "atlas-map-layout.h"
#include "atlas-page-changes.h"

G_BEGIN_DECLS

/* Paints what lies between @top and @bottom (pixels of the layout; the context's origin is the
 * layout's). @highlight dims every page that this counter does not count; ATLAS_COUNTER_NONE: none.
 */
void atlas_map_paint (AtlasCanvas *canvas,
                      AtlasMapLayout *layout,
                      double top,
                      double bottom,
                      AtlasCounter highlight);
/* What moves without the map changing: selection (a ring round the cell, an accent edge on the
 * card) and the hovered cell. Addresses 0: none. */
void atlas_map_paint_overlay (AtlasCanvas *canvas,
                              AtlasMapLayout *layout,
                              guint64 selected,
                              guint64 hovered);

/* On top of the map between @top and @bottom: an outline round the cells in which pages changed
 * that are still mapped, filled by the accent with @strength (0 to 1). */
void atlas_map_paint_changes (AtlasCanvas *canvas,
                              AtlasMapLayout *layout,
                              double top,
                              double bottom,
                              AtlasPageChanges *changes,
                              double strength);
/* What changes with every sample though the map does not: on the heading of card @index, how old
 * its region's pages are when the snapshot calls them old. Lies within the heading. */
gboolean atlas_map_has_age (AtlasMapLayout *layout, guint index);
void atlas_map_paint_age (AtlasCanvas *canvas, AtlasMapLayout *layout, guint index);

/* One cell, also for legends: @counts of its pages, at the pixel-aligned @x, @y, @size.
 * Resident solid, absent a tint, zero hollow, swapped a diagonal, locked a ring, huge joined to its
 * neighbours (the caller leaves no gap), shared a corner cut, unknown hatched. A cell of several
 * pages is filled by its share. */
void atlas_cell_paint (AtlasCanvas *canvas,
                       AtlasKind kind,
                       const AtlasPageCounts *counts,
                       gboolean locked,
                       double x,
                       double y,
                       double width,
                       double height);

/* A region's pages as one bar, left to right in at most @width cells of a pixel; for table rows. */
void atlas_page_bar_paint (AtlasCanvas *canvas,
                           const AtlasRegion *region,
                           AtlasCounter highlight,
                           double width,
                           double height);

G_END_DECLS
