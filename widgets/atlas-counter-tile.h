/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One counter of the counter bar: its name, its value and its change. */

#pragma once

#include <gtk/gtk.h>

#include "atlas-snapshot.h"

G_BEGIN_DECLS

#define ATLAS_TYPE_COUNTER_TILE (atlas_counter_tile_get_type ())
G_DECLARE_FINAL_TYPE (AtlasCounterTile, atlas_counter_tile, ATLAS, COUNTER_TILE, GtkWidget)

/* Signal `toggled`: the person did, or `active` was set. */
GtkWidget *atlas_counter_tile_new (AtlasCounter counter);
AtlasCounter atlas_counter_tile_get_counter (AtlasCounterTile *self);
/* Both may be NULL. */
void atlas_counter_tile_set_snapshot (AtlasCounterTile *self,
                                      AtlasSnapshot *snapshot,
                                      AtlasSnapshot *previous);
gboolean atlas_counter_tile_get_active (AtlasCounterTile *self);
void atlas_counter_tile_set_active (AtlasCounterTile *self, gboolean active);
/* The button in it: a GtkToggleButton, or a plain GtkButton when the counter's pages cannot be
 * told. (transfer none) */
GtkWidget *atlas_counter_tile_get_button (AtlasCounterTile *self);
const char *atlas_counter_tile_get_value (AtlasCounterTile *self);
const char *atlas_counter_tile_get_change (AtlasCounterTile *self);

G_END_DECLS
