/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Palette and darkness for every custom-drawn widget. The window tells it what the person chose;
 * the widgets library itself knows nothing of where that comes from. */

#include "atlas-appearance.h"

struct _AtlasAppearance
{
  GObject parent_instance;

  gboolean dark;
  AtlasPaletteId palette_id;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AtlasAppearance, atlas_appearance, G_TYPE_OBJECT)

static void
atlas_appearance_class_init (AtlasAppearanceClass *klass)
{
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
atlas_appearance_init (AtlasAppearance *self)
{
  self->palette_id = ATLAS_PALETTE_COLOR;
}

AtlasAppearance *
atlas_appearance_get_default (void)
{
  static AtlasAppearance *appearance;

  if (appearance == NULL)
    appearance = g_object_new (ATLAS_TYPE_APPEARANCE, NULL);

  return appearance;
}

void
atlas_appearance_set_dark (AtlasAppearance *self, gboolean dark)
{
  g_return_if_fail (ATLAS_IS_APPEARANCE (self));

  dark = !!dark;
  if (self->dark == dark)
    return;

  self->dark = dark;
  g_signal_emit (self, signals[CHANGED], 0);
}

void
atlas_appearance_set_palette (AtlasAppearance *self, AtlasPaletteId id)
{
  g_return_if_fail (ATLAS_IS_APPEARANCE (self));
  g_return_if_fail (id < ATLAS_N_PALETTES);

  if (self->palette_id == id)
    return;

  self->palette_id = id;
  g_signal_emit (self, signals[CHANGED], 0);
}

AtlasPaletteId
atlas_appearance_get_palette_id (AtlasAppearance *self)
{
  g_return_val_if_fail (ATLAS_IS_APPEARANCE (self), ATLAS_PALETTE_COLOR);

  return self->palette_id;
}

const AtlasPalette *
atlas_appearance_get_palette (AtlasAppearance *self)
{
  g_return_val_if_fail (ATLAS_IS_APPEARANCE (self), NULL);

  return atlas_palette_get (self->palette_id, self->dark);
}
