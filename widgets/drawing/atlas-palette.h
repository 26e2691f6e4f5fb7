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

/* What is drawn over a kind's solid colour where greys alone would not tell kinds apart. */
typedef enum
{
  ATLAS_TEXTURE_NONE,
  ATLAS_TEXTURE_HORIZONTAL, /* a bar */
  ATLAS_TEXTURE_VERTICAL,
  ATLAS_TEXTURE_DOTS, /* two, diagonally */
  ATLAS_TEXTURE_CROSS,
} AtlasTexture;

typedef struct
{
  AtlasPaletteId id;
  gboolean dark;
  AtlasColor background, card, border, text, dim_text, accent, hatch;
  AtlasColor kind[ATLAS_N_KINDS];    /* solid: resident */
  AtlasColor tint[ATLAS_N_KINDS];    /* not resident */
  AtlasColor on_kind[ATLAS_N_KINDS]; /* text or marks on the solid colour, contrast at least 4.5 */
  AtlasTexture texture[ATLAS_N_KINDS]; /* drawn in on_kind; see atlas_kind_fill() */
} AtlasPalette;

/* Never freed. */
const AtlasPalette *atlas_palette_get (AtlasPaletteId id, gboolean dark);
/* "color", "contrast", "grey"; FALSE if it is none of them. */
gboolean atlas_palette_from_name (const char *name, AtlasPaletteId *id);
const char *atlas_palette_get_name (AtlasPaletteId id);
/* WCAG contrast ratio of two opaque colours, 1 to 21. */
double atlas_color_contrast (const AtlasColor *a, const AtlasColor *b);
/* The opaque colour @share (0 to 1) of the way from @from to @to. */
AtlasColor atlas_color_mix (const AtlasColor *from, const AtlasColor *to, double share);

G_END_DECLS
