/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Palette and darkness for every custom-drawn widget, in one place that all of them watch. */

#pragma once

#include <gtk/gtk.h>

#include "atlas-palette.h"

G_BEGIN_DECLS

#define ATLAS_TYPE_APPEARANCE (atlas_appearance_get_type ())
G_DECLARE_FINAL_TYPE (AtlasAppearance, atlas_appearance, ATLAS, APPEARANCE, GObject)

/* The one instance. Signal `changed`. (transfer none) */
AtlasAppearance *atlas_appearance_get_default (void);
void atlas_appearance_set_dark (AtlasAppearance *self, gboolean dark);
void atlas_appearance_set_palette (AtlasAppearance *self, AtlasPaletteId id);
AtlasPaletteId atlas_appearance_get_palette_id (AtlasAppearance *self);
const AtlasPalette *atlas_appearance_get_palette (AtlasAppearance *self);

G_END_DECLS
