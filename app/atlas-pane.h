/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A pane at the side of the window (an AdwFlap) that a person shows and hides, that folds where
 * there is no room for it, and that is remembered as it was wanted. */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define ATLAS_TYPE_PANE (atlas_pane_get_type ())
G_DECLARE_FINAL_TYPE (AtlasPane, atlas_pane, ATLAS, PANE, GObject)

typedef gboolean (*AtlasPaneFunc) (gpointer data);

/* @name: of the setting and of the action. @needed: (nullable): whether it is to be seen even where
 * it is folded. Signal `revealed`: shown, or hidden. */
AtlasPane *atlas_pane_new (AdwFlap *flap, const char *name, AtlasPaneFunc needed, gpointer data);
/* Shows and hides it: stateful, boolean. (transfer none) */
GAction *atlas_pane_get_action (AtlasPane *self);
gboolean atlas_pane_is_revealed (AtlasPane *self);
gboolean atlas_pane_holds (AtlasPane *self, GtkWidget *widget);
void atlas_pane_reveal (AtlasPane *self, gboolean reveal);
/* Hides it where it lies over the rest, for something was chosen in it. */
void atlas_pane_uncover (AtlasPane *self);

G_END_DECLS
