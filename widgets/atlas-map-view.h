/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The cards: a scrollable view of the map of a session. Keys: arrows move the cell cursor, Page
 * Up/Down, Home/End, + - 0 zoom; Ctrl+wheel and pinch zoom about the pointer. Actions map.zoom-in,
 * map.zoom-out, map.zoom-reset. The view keeps its place when the map is refreshed: what is
 * anchored at the top of the view stays there, by address. */

#pragma once

#include <gtk/gtk.h>

#include "atlas-session.h"

G_BEGIN_DECLS

#define ATLAS_TYPE_MAP_VIEW (atlas_map_view_get_type ())
G_DECLARE_FINAL_TYPE (AtlasMapView, atlas_map_view, ATLAS, MAP_VIEW, GtkWidget)

GtkWidget *atlas_map_view_new (void);
void atlas_map_view_set_session (AtlasMapView *self,
                                 AtlasSession *session); /* property `session` */
/* Steps in (positive) or out, in fractions; 0 is the natural scale. Property `zoom` (double). */
double atlas_map_view_get_zoom (AtlasMapView *self);
/* Scrolls so that @address is seen (in the middle if it was not). */
void atlas_map_view_scroll_to (AtlasMapView *self, guint64 address);

G_END_DECLS
