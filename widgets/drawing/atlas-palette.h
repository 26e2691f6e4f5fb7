/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Colours. Colour is the kind of region, fill is the state of the page; never colour alone. The
 * palette starts from Okabe and Ito's, told apart by colour-blind eyes. */

#pragma once

#include <cairo.h>

#include "atlas-kind.h"

G_BEGIN_DECLS

typedef enum
{
  ATLAS_PALETTE_COLOR,
  ATLAS_PALETTE_CONTRAST,
  ATLAS_PALETTE_GREY, /* greys and textures, for print */
  ATLAS_N_PALETTES
} AtlasPaletteId;

typedef struct
{
  double red, green, blue, alpha;
} AtlasColor;

typedef struct
{
  AtlasPaletteId id;
  gboolean dark;
  AtlasColor background, card, border, text, dim_text, accent, hatch;
  AtlasColor kind[ATLAS_N_KINDS];    /* solid: resident */
  AtlasColor tint[ATLAS_N_KINDS];    /* not resident */
  AtlasColor on_kind[ATLAS_N_KINDS]; /* text or marks on the solid colour, contrast at least 4.5 */
} AtlasPalette;

/* Never freed. */
const AtlasPalette *atlas_palette_get (AtlasPaletteId id, gboolean dark);
/* "color", "contrast", "grey"; FALSE if it is none of them. */
gboolean atlas_palette_from_name (const char *name, AtlasPaletteId *id);
const char *atlas_palette_get_name (AtlasPaletteId id);
/* WCAG contrast ratio of two opaque colours, 1 to 21. */
double atlas_color_contrast (const AtlasColor *a, const AtlasColor *b);

G_END_DECLS
