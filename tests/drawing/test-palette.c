/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether people can read the palettes: text and marks stand out, and no two kinds look alike, also
 * to eyes without red or green cones. The measures are computed here anew, from their sources, not
 * with the palette's own arithmetic.
 * Source: Machado, Oliveira, Fernandes (2009), severity 1.0; Ottosson's OKLab (2020); WCAG 2.1. */

#include <math.h>

#include "atlas-palette.h"

typedef struct
{
  double value[3];
} Triple;

typedef enum
{
  VISION_FULL,
  VISION_PROTAN,
  VISION_DEUTAN,
  N_VISIONS
} Vision;

static const double vision_matrices[N_VISIONS][3][3] = {
  { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } },
  { { 0.152286, 1.052583, -0.204868 },
    { 0.114503, 0.786281, 0.099216 },
    { -0.003882, -0.048116, 1.051998 } },
  { { 0.367322, 0.860646, -0.227968 },
    { 0.280085, 0.672501, 0.047413 },
    { -0.011820, 0.042940, 0.968881 } },
};

static const double lms_from_rgb[3][3] = {
  { 0.4122214708, 0.5363325363, 0.0514459929 },
  { 0.2119034982, 0.6806995451, 0.1073969566 },
  { 0.0883024619, 0.2817188376, 0.6299787005 },
};

static const double oklab_from_lms[3][3] = {
  { 0.2104542553, 0.7936177850, -0.0040720468 },
  { 1.9779984951, -2.4285922050, 0.4505937099 },
  { 0.0259040371, 0.7827717662, -0.8086757660 },
};

static Triple
multiply (const double matrix[3][3], Triple in)
{
  Triple out;
  for (guint i = 0; i < 3; i++)
    out.value[i] =
        matrix[i][0] * in.value[0] + matrix[i][1] * in.value[1] + matrix[i][2] * in.value[2];
  return out;
}

static double
to_linear (double value)
{
  return value <= 0.04045 ? value / 12.92 : pow ((value + 0.055) / 1.055, 2.4);
}

static Triple
see (const AtlasColor *color, Vision vision)
{
  Triple linear = { { to_linear (color->red), to_linear (color->green), to_linear (color->blue) } };
  Triple seen = multiply (vision_matrices[vision], linear);
  for (guint i = 0; i < 3; i++)
    seen.value[i] = CLAMP (seen.value[i], 0, 1);

  Triple lms = multiply (lms_from_rgb, seen);
  for (guint i = 0; i < 3; i++)
    lms.value[i] = cbrt (lms.value[i]);
  return multiply (oklab_from_lms, lms);
}

static double
get_distance (const AtlasColor *a, const AtlasColor *b, Vision vision)
{
  Triple first = see (a, vision);
  Triple second = see (b, vision);
  double sum = 0;
  for (guint i = 0; i < 3; i++)
    sum += (first.value[i] - second.value[i]) * (first.value[i] - second.value[i]);
  return sqrt (sum);
}

static double
get_contrast (const AtlasColor *a, const AtlasColor *b)
{
  double first = 0.2126 * to_linear (a->red) + 0.7152 * to_linear (a->green)
                 + 0.0722 * to_linear (a->blue) + 0.05;
  double second = 0.2126 * to_linear (b->red) + 0.7152 * to_linear (b->green)
                  + 0.0722 * to_linear (b->blue) + 0.05;
  return first > second ? first / second : second / first;
}

static void
assert_contrast (const AtlasPalette *palette,
                 const char *what,
                 const AtlasColor *a,
                 const AtlasColor *b,
                 double least)
{
  double contrast = get_contrast (a, b);
  g_assert_cmpfloat (a->alpha, ==, 1.0);
  g_assert_cmpfloat (b->alpha, ==, 1.0);
  if (contrast < least)
    g_error ("%s%s: %s has a contrast of %.2f, less than %.2f",
             atlas_palette_get_name (palette->id), palette->dark ? " dark" : "", what, contrast,
             least);
}

static void
test_contrast_of_text (gconstpointer data)
{
  const AtlasPalette *palette = data;
  /* AA for the ordinary ones, AAA where contrast was asked for. */
  double least = palette->id == ATLAS_PALETTE_CONTRAST ? 7.0 : 4.5;

  assert_contrast (palette, "text", &palette->text, &palette->card, 7.0);
  assert_contrast (palette, "text", &palette->text, &palette->background, 7.0);
  assert_contrast (palette, "dim text", &palette->dim_text, &palette->card, least);
  assert_contrast (palette, "dim text", &palette->dim_text, &palette->background, least);
  assert_contrast (palette, "accent", &palette->accent, &palette->card, 3.0);
  assert_contrast (palette, "accent", &palette->accent, &palette->background, 3.0);
  assert_contrast (palette, "hatch", &palette->hatch, &palette->card, 3.0);
  for (guint i = 0; i < ATLAS_N_KINDS; i++)
    assert_contrast (palette, atlas_kind_get_id ((AtlasKind) i), &palette->on_kind[i],
                     &palette->kind[i], 4.5);
}

static double
get_least_against_card (const AtlasPalette *palette, AtlasKind kind)
{
  if (palette->id == ATLAS_PALETTE_CONTRAST)
    return 4.5;
  if (palette->id == ATLAS_PALETTE_COLOR && !palette->dark)
    {
      /* Okabe and Ito's orange, sky blue and bluish green on white: darker, they would be
       * other colours. Their tint and the gaps between cells show their edge as well. */
      if (kind == ATLAS_KIND_HEAP)
        return 2.2;
      if (kind == ATLAS_KIND_LIBRARY)
        return 2.3;
      if (kind == ATLAS_KIND_DATA)
        return 2.9;
    }
  return 3.0;
}

static void
test_contrast_of_kinds (gconstpointer data)
{
  const AtlasPalette *palette = data;
  double tint_from_solid = palette->id == ATLAS_PALETTE_CONTRAST ? 3.0 : 1.7;

  for (guint i = 0; i < ATLAS_N_KINDS; i++)
    {
      const char *id = atlas_kind_get_id ((AtlasKind) i);
      assert_contrast (palette, id, &palette->kind[i], &palette->card,
                       get_least_against_card (palette, (AtlasKind) i));
      assert_contrast (palette, id, &palette->kind[i], &palette->tint[i], tint_from_solid);
      assert_contrast (palette, id, &palette->tint[i], &palette->card, 1.1);
    }
}

static void
test_distinct_kinds (gconstpointer data)
{
  const AtlasPalette *palette = data;
  /* A just noticeable difference is about 0.02. */
  const double least = 0.08;

  for (guint i = 0; i < ATLAS_N_KINDS; i++)
    for (guint j = 0; j < i; j++)
      for (guint vision = 0; vision < N_VISIONS; vision++)
        {
          double distance = get_distance (&palette->kind[i], &palette->kind[j], (Vision) vision);
          if (distance < least && palette->texture[i] == palette->texture[j])
            g_error ("%s%s: %s and %s look alike (%.3f, vision %u)",
                     atlas_palette_get_name (palette->id), palette->dark ? " dark" : "",
                     atlas_kind_get_id ((AtlasKind) i), atlas_kind_get_id ((AtlasKind) j), distance,
                     vision);
        }
}

static void
test_grey_is_grey (void)
{
  for (guint dark = 0; dark < 2; dark++)
    {
      const AtlasPalette *palette = atlas_palette_get (ATLAS_PALETTE_GREY, (gboolean) dark);
      for (guint i = 0; i < ATLAS_N_KINDS; i++)
        {
          g_assert_cmpfloat (palette->kind[i].red, ==, palette->kind[i].green);
          g_assert_cmpfloat (palette->kind[i].red, ==, palette->kind[i].blue);
          g_assert_cmpfloat_with_epsilon (palette->tint[i].red, palette->tint[i].blue, 1e-9);
        }
    }
}

static void
test_names (void)
{
  const char *const expected[ATLAS_N_PALETTES] = { "color", "contrast", "grey" };
  AtlasPaletteId id = ATLAS_PALETTE_COLOR;

  for (guint i = 0; i < ATLAS_N_PALETTES; i++)
    {
      g_assert_cmpstr (atlas_palette_get_name ((AtlasPaletteId) i), ==, expected[i]);
      g_assert_true (atlas_palette_from_name (expected[i], &id));
      g_assert_cmpuint (id, ==, i);
    }
  id = ATLAS_PALETTE_GREY;
  g_assert_false (atlas_palette_from_name ("colour", &id));
  g_assert_false (atlas_palette_from_name ("", &id));
  g_assert_cmpuint (id, ==, ATLAS_PALETTE_GREY);
}

/* WCAG's own examples. */
static void
test_contrast_formula (void)
{
  const AtlasColor black = { 0, 0, 0, 1 }, white = { 1, 1, 1, 1 };
  const AtlasColor grey = { 0x76 / 255.0, 0x76 / 255.0, 0x76 / 255.0, 1 };

  g_assert_cmpfloat_with_epsilon (atlas_color_contrast (&black, &white), 21, 1e-6);
  g_assert_cmpfloat_with_epsilon (atlas_color_contrast (&white, &white), 1, 1e-6);
  g_assert_cmpfloat_with_epsilon (atlas_color_contrast (&white, &grey), 4.54, 0.01);

  AtlasColor half = atlas_color_mix (&black, &white, 0.5);
  g_assert_cmpfloat_with_epsilon (half.green, 0.5, 1e-9);
}

static void
test_identity (void)
{
  for (guint i = 0; i < ATLAS_N_PALETTES; i++)
    for (guint dark = 0; dark < 2; dark++)
      {
        const AtlasPalette *palette = atlas_palette_get ((AtlasPaletteId) i, (gboolean) dark);
        g_assert_cmpuint (palette->id, ==, i);
        g_assert_cmpuint ((guint) palette->dark, ==, dark);
        g_assert_true (palette == atlas_palette_get ((AtlasPaletteId) i, (gboolean) dark));
      }
}

static void
add_for_each_palette (const char *path, GTestDataFunc function)
{
  for (guint i = 0; i < ATLAS_N_PALETTES; i++)
    for (guint dark = 0; dark < 2; dark++)
      {
        g_autofree char *full =
            g_strdup_printf ("/drawing/palette/%s/%s%s", path,
                             atlas_palette_get_name ((AtlasPaletteId) i), dark ? "-dark" : "");
        g_test_add_data_func (full, atlas_palette_get ((AtlasPaletteId) i, (gboolean) dark),
                              function);
      }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/drawing/palette/names", test_names);
  g_test_add_func ("/drawing/palette/identity", test_identity);
  g_test_add_func ("/drawing/palette/contrast-formula", test_contrast_formula);
  g_test_add_func ("/drawing/palette/grey-is-grey", test_grey_is_grey);
  add_for_each_palette ("text", test_contrast_of_text);
  add_for_each_palette ("kinds", test_contrast_of_kinds);
  add_for_each_palette ("distinct", test_distinct_kinds);
  return g_test_run ();
}
