/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The six palettes: colour, contrast and grey, each light and dark. Only the solid colours and the
 * neutral ones are chosen by hand; tints and the colours of marks follow from them, so that one
 * rule holds for all kinds. The solid colours begin at Okabe and Ito's eight and were moved apart
 * in OKLab, as seen with full colour vision, without red and without green cones, because eleven
 * kinds need more room than eight; the tests hold the distances.
 * Source: Okabe and Ito, "Color Universal Design" (2008); WCAG 2.1, contrast ratio. */

#include "atlas-palette.h"

#include <math.h>

/* 0xRRGGBB */
typedef struct
{
  AtlasPaletteId id;
  gboolean dark;
  guint32 background, card, border, text, dim_text, accent, hatch;
  double tint; /* share of the solid colour in the tint */
  guint32 kind[ATLAS_N_KINDS];
} Recipe;

/* In this order: heap, anonymous, shared, program, data, library, file, stack, thread stack,
 * kernel, guard. */
static const Recipe recipes[] = {
  { ATLAS_PALETTE_COLOR,
    FALSE,
    0xfafafa,
    0xffffff,
    0xdedede,
    0x2e2e2e,
    0x696969,
    0x1c71d8,
    0x8d8d8d,
    0.22,
    { 0xe59e00, 0x0068b4, 0xca6bb4, 0x0f6e5a, 0x2f9bef, 0x52ba90, 0x938205, 0xb02c04, 0x64230c,
      0x3c4355, 0x807f7d } },
  { ATLAS_PALETTE_COLOR,
    TRUE,
    0x242424,
    0x303030,
    0x454545,
    0xf2f2f2,
    0xb0b0b0,
    0x62a0ea,
    0x8d8d8d,
    0.24,
    { 0xf5a81c, 0x2f88e8, 0xcf69b0, 0x2aba82, 0x5bbcf6, 0xa3f2d2, 0xf3e64c, 0xf4731f, 0xb36531,
      0xc3c5cc, 0x7b7a78 } },
  { ATLAS_PALETTE_CONTRAST,
    FALSE,
    0xffffff,
    0xffffff,
    0x6e6e6e,
    0x000000,
    0x404040,
    0x0a3ea8,
    0x595959,
    0.2,
    { 0x8f4705, 0x004299, 0xb63cb3, 0x0c4b3f, 0x0678d6, 0x196a4f, 0x897606, 0x860503, 0x470e00,
      0x262c3d, 0x73767b } },
  { ATLAS_PALETTE_CONTRAST,
    TRUE,
    0x000000,
    0x101010,
    0x9a9a9a,
    0xffffff,
    0xd0d0d0,
    0x8ec5ff,
    0xa8a8a8,
    0.26,
    { 0xfdb129, 0x4797fa, 0xf889c6, 0x5be193, 0x58c1fd, 0xc4ffe2, 0xfef261, 0xfe7311, 0xc49a7c,
      0xcdd3e2, 0x848586 } },
  { ATLAS_PALETTE_GREY,
    FALSE,
    0xffffff,
    0xffffff,
    0xbdbdbd,
    0x000000,
    0x595959,
    0x000000,
    0x8d8d8d,
    0.2,
    { 0x4f4f4f, 0x4f4f4f, 0x4f4f4f, 0x111111, 0x111111, 0x111111, 0x858585, 0x858585, 0x858585,
      0x4f4f4f, 0x858585 } },
  { ATLAS_PALETTE_GREY,
    TRUE,
    0x1c1c1c,
    0x282828,
    0x4a4a4a,
    0xf5f5f5,
    0xb4b4b4,
    0xffffff,
    0x8d8d8d,
    0.26,
    { 0xb0b0b0, 0xb0b0b0, 0xb0b0b0, 0xf4f4f4, 0xf4f4f4, 0xf4f4f4, 0x7d7d7d, 0x7d7d7d, 0x7d7d7d,
      0xb0b0b0, 0x7d7d7d } },
};

/* Three greys, and within each grey no texture twice. */
static const AtlasTexture grey_textures[ATLAS_N_KINDS] = {
  [ATLAS_KIND_HEAP] = ATLAS_TEXTURE_NONE,
  [ATLAS_KIND_ANONYMOUS] = ATLAS_TEXTURE_HORIZONTAL,
  [ATLAS_KIND_SHARED] = ATLAS_TEXTURE_DOTS,
  [ATLAS_KIND_PROGRAM] = ATLAS_TEXTURE_NONE,
  [ATLAS_KIND_DATA] = ATLAS_TEXTURE_DOTS,
  [ATLAS_KIND_LIBRARY] = ATLAS_TEXTURE_VERTICAL,
  [ATLAS_KIND_FILE] = ATLAS_TEXTURE_HORIZONTAL,
  [ATLAS_KIND_STACK] = ATLAS_TEXTURE_NONE,
  [ATLAS_KIND_THREAD_STACK] = ATLAS_TEXTURE_VERTICAL,
  [ATLAS_KIND_KERNEL] = ATLAS_TEXTURE_CROSS,
  [ATLAS_KIND_GUARD] = ATLAS_TEXTURE_CROSS,
};

static const char *const names[ATLAS_N_PALETTES] = {
  [ATLAS_PALETTE_COLOR] = "color",
  [ATLAS_PALETTE_CONTRAST] = "contrast",
  [ATLAS_PALETTE_GREY] = "grey",
};

static AtlasPalette palettes[G_N_ELEMENTS (recipes)];

static AtlasColor
color_from_rgb (guint32 rgb)
{
  return (AtlasColor){
    .red = ((rgb >> 16) & 0xff) / 255.0,
    .green = ((rgb >> 8) & 0xff) / 255.0,
    .blue = (rgb & 0xff) / 255.0,
    .alpha = 1.0,
  };
}

static double
linear_from_srgb (double value)
{
  return value <= 0.04045 ? value / 12.92 : pow ((value + 0.055) / 1.055, 2.4);
}

static double
get_luminance (const AtlasColor *color)
{
  return 0.2126 * linear_from_srgb (color->red) + 0.7152 * linear_from_srgb (color->green)
         + 0.0722 * linear_from_srgb (color->blue);
}

double
atlas_color_contrast (const AtlasColor *a, const AtlasColor *b)
{
  g_return_val_if_fail (a != NULL && b != NULL, 1.0);

  double first = get_luminance (a) + 0.05;
  double second = get_luminance (b) + 0.05;
  return MAX (first, second) / MIN (first, second);
}

AtlasColor
atlas_color_mix (const AtlasColor *from, const AtlasColor *to, double share)
{
  return (AtlasColor){
    .red = from->red + (to->red - from->red) * share,
    .green = from->green + (to->green - from->green) * share,
    .blue = from->blue + (to->blue - from->blue) * share,
    .alpha = 1.0,
  };
}

/* White where it can be read, since most solid colours are dark; else black, which then can: no
 * colour is closer than 4.5 to both. */
static AtlasColor
choose_on_kind (const AtlasColor *kind)
{
  const AtlasColor white = color_from_rgb (0xffffff);
  return atlas_color_contrast (kind, &white) >= 4.5 ? white : color_from_rgb (0x000000);
}

static void
fill_palette (AtlasPalette *palette, const Recipe *recipe)
{
  palette->id = recipe->id;
  palette->dark = recipe->dark;
  palette->background = color_from_rgb (recipe->background);
  palette->card = color_from_rgb (recipe->card);
  palette->border = color_from_rgb (recipe->border);
  palette->text = color_from_rgb (recipe->text);
  palette->dim_text = color_from_rgb (recipe->dim_text);
  palette->accent = color_from_rgb (recipe->accent);
  palette->hatch = color_from_rgb (recipe->hatch);
  for (guint i = 0; i < ATLAS_N_KINDS; i++)
    {
      palette->kind[i] = color_from_rgb (recipe->kind[i]);
      palette->tint[i] = atlas_color_mix (&palette->card, &palette->kind[i], recipe->tint);
      palette->on_kind[i] = choose_on_kind (&palette->kind[i]);
      palette->texture[i] =
          recipe->id == ATLAS_PALETTE_GREY ? grey_textures[i] : ATLAS_TEXTURE_NONE;
    }
}

const AtlasPalette *
atlas_palette_get (AtlasPaletteId id, gboolean dark)
{
  static gsize filled = 0;

  if (g_once_init_enter (&filled))
    {
      for (guint i = 0; i < G_N_ELEMENTS (recipes); i++)
        fill_palette (&palettes[i], &recipes[i]);
      g_once_init_leave (&filled, 1);
    }

  for (guint i = 0; i < G_N_ELEMENTS (palettes); i++)
    if (palettes[i].id == id && palettes[i].dark == !!dark)
      return &palettes[i];
  g_return_val_if_reached (&palettes[0]);
}

gboolean
atlas_palette_from_name (const char *name, AtlasPaletteId *id)
{
  g_return_val_if_fail (name != NULL && id != NULL, FALSE);

  for (guint i = 0; i < ATLAS_N_PALETTES; i++)
    if (g_str_equal (names[i], name))
      {
        *id = (AtlasPaletteId) i;
        return TRUE;
      }
  return FALSE;
}

const char *
atlas_palette_get_name (AtlasPaletteId id)
{
  g_return_val_if_fail (id < ATLAS_N_PALETTES, names[ATLAS_PALETTE_COLOR]);

  return names[id];
}
