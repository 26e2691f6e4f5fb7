/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The settings, and how the look follows from them: the style (light, dark) is libadwaita's, the
 * palette of what is drawn is ours. An automatic palette is colour, unless the desktop asks for
 * high contrast. */

#include "atlas-config.h"

#include "atlas-settings.h"

#include <adwaita.h>

#include "atlas-appearance.h"

/* In the order of the schema's enums. */
typedef enum
{
  PALETTE_AUTOMATIC,
  PALETTE_COLOR,
  PALETTE_CONTRAST,
  PALETTE_GREY,
} PaletteChoice;

typedef enum
{
  STYLE_SYSTEM,
  STYLE_LIGHT,
  STYLE_DARK,
} StyleChoice;

GSettings *
atlas_settings_get_default (void)
{
  static GSettings *settings;
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema = NULL;

  if (settings || !source)
    return settings;
  /* g_settings_new() would end the program without a word that helps. */
  schema = g_settings_schema_source_lookup (source, ATLAS_APP_ID, TRUE);
  if (schema)
    settings = g_settings_new_full (schema, NULL, NULL);
  return settings;
}

static AtlasPaletteId
choose_palette (PaletteChoice choice, AdwStyleManager *style)
{
  switch (choice)
    {
    case PALETTE_COLOR:
      return ATLAS_PALETTE_COLOR;
    case PALETTE_CONTRAST:
      return ATLAS_PALETTE_CONTRAST;
    case PALETTE_GREY:
      return ATLAS_PALETTE_GREY;
    case PALETTE_AUTOMATIC:
    default:
      return adw_style_manager_get_high_contrast (style) ? ATLAS_PALETTE_CONTRAST
                                                         : ATLAS_PALETTE_COLOR;
    }
}

static void
update_appearance (GSettings *settings)
{
  AdwStyleManager *style = adw_style_manager_get_default ();
  AtlasAppearance *appearance = atlas_appearance_get_default ();
  PaletteChoice choice = (PaletteChoice) g_settings_get_enum (settings, "palette");

  atlas_appearance_set_dark (appearance, adw_style_manager_get_dark (style));
  atlas_appearance_set_palette (appearance, choose_palette (choice, style));
}

static void
update_style (GSettings *settings)
{
  AdwColorScheme scheme = ADW_COLOR_SCHEME_DEFAULT;

  switch ((StyleChoice) g_settings_get_enum (settings, "style"))
    {
    case STYLE_LIGHT:
      scheme = ADW_COLOR_SCHEME_FORCE_LIGHT;
      break;
    case STYLE_DARK:
      scheme = ADW_COLOR_SCHEME_FORCE_DARK;
      break;
    case STYLE_SYSTEM:
    default:
      break;
    }
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), scheme);
}

void
atlas_settings_bind_look (GSettings *settings)
{
  AdwStyleManager *style = adw_style_manager_get_default ();

  g_return_if_fail (G_IS_SETTINGS (settings));

  g_signal_connect (settings, "changed::style", G_CALLBACK (update_style), NULL);
  g_signal_connect (settings, "changed::palette", G_CALLBACK (update_appearance), NULL);
  g_signal_connect_object (style, "notify::dark", G_CALLBACK (update_appearance), settings,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (style, "notify::high-contrast", G_CALLBACK (update_appearance), settings,
                           G_CONNECT_SWAPPED);
  update_style (settings);
  update_appearance (settings);
}
