/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Text: cut to fit, where it says it is, and the same whether painted or handed to a sink. No test
 * depends on which fonts there are. */

#include <math.h>
#include <string.h>

#include "atlas-canvas.h"

#define WIDTH 400
#define HEIGHT 60

typedef struct
{
  cairo_surface_t *surface;
  cairo_t *cr;
  AtlasCanvas canvas;
  GString *text; /* what the sink got last */
  guint n_texts;
  AtlasTextStyle style;
  double size, x, baseline, width;
} Fixture;

static void
remember_cb (const char *text,
             AtlasTextStyle style,
             double size,
             const AtlasColor *color,
             double x,
             double baseline,
             double width,
             gpointer user_data)
{
  Fixture *fixture = user_data;

  g_string_assign (fixture->text, text);
  fixture->n_texts++;
  fixture->style = style;
  fixture->size = size;
  fixture->x = x;
  fixture->baseline = baseline;
  fixture->width = width;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
  fixture->cr = cairo_create (fixture->surface);
  fixture->text = g_string_new (NULL);
  atlas_canvas_init (&fixture->canvas, fixture->cr, NULL,
                     atlas_palette_get (ATLAS_PALETTE_COLOR, FALSE));
  cairo_set_source_rgb (fixture->cr, 1, 1, 1);
  cairo_paint (fixture->cr);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (cairo_status (fixture->cr), ==, CAIRO_STATUS_SUCCESS);
  atlas_canvas_clear (&fixture->canvas);
  cairo_destroy (fixture->cr);
  cairo_surface_destroy (fixture->surface);
  g_string_free (fixture->text, TRUE);
}

static const AtlasColor black = { 0, 0, 0, 1 };

static void
use_sink (Fixture *fixture)
{
  atlas_canvas_set_sink (&fixture->canvas, remember_cb, fixture);
}

/* Leftmost, rightmost, topmost and bottommost pixel that is not white. FALSE: all are. */
static gboolean
find_ink (Fixture *fixture, int *left, int *right, int *top, int *bottom)
{
  const guchar *data;
  int stride = cairo_image_surface_get_stride (fixture->surface);

  cairo_surface_flush (fixture->surface);
  data = cairo_image_surface_get_data (fixture->surface);
  *left = *top = G_MAXINT;
  *right = *bottom = -1;
  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      {
        guint32 pixel;
        memcpy (&pixel, data + y * stride + x * 4, sizeof pixel);
        if ((pixel & 0xffffff) == 0xffffff)
          continue;
        *left = MIN (*left, x);
        *right = MAX (*right, x);
        *top = MIN (*top, y);
        *bottom = MAX (*bottom, y);
      }
  return *right >= 0;
}

static void
test_styles (Fixture *fixture, gconstpointer data)
{
  const double *heights = fixture->canvas.line_height;

  for (guint i = 0; i < ATLAS_N_TEXT_STYLES; i++)
    {
      g_assert_cmpfloat (heights[i], >, 5);
      g_assert_cmpfloat (heights[i], ==, ceil (heights[i]));
      g_assert_cmpfloat (fixture->canvas.ascent[i], >, heights[i] / 2);
      g_assert_cmpfloat (fixture->canvas.ascent[i], <, heights[i]);
    }
  g_assert_cmpfloat (heights[ATLAS_TEXT_TITLE], >, heights[ATLAS_TEXT_HEADING]);
  g_assert_cmpfloat (heights[ATLAS_TEXT_BODY], >, heights[ATLAS_TEXT_CAPTION]);
}

static void
test_mono_is_mono (Fixture *fixture, gconstpointer data)
{
  AtlasCanvas *canvas = &fixture->canvas;

  g_assert_cmpfloat_with_epsilon (atlas_canvas_measure (canvas, ATLAS_TEXT_MONO, "iiiiiiii"),
                                  atlas_canvas_measure (canvas, ATLAS_TEXT_MONO, "WWWWWWWW"), 0.01);
  g_assert_cmpfloat (atlas_canvas_measure (canvas, ATLAS_TEXT_BODY, "iiiiiiii"), <,
                     atlas_canvas_measure (canvas, ATLAS_TEXT_BODY, "WWWWWWWW"));
}

static void
test_ink (Fixture *fixture, gconstpointer data)
{
  int left, right, top, bottom;
  AtlasCanvas *canvas = &fixture->canvas;
  double width =
      atlas_canvas_text (canvas, ATLAS_TEXT_BODY, &black, ATLAS_ALIGN_START, 20, 10, 0, "Memory");

  g_assert_cmpfloat_with_epsilon (width, atlas_canvas_measure (canvas, ATLAS_TEXT_BODY, "Memory"),
                                  0.01);
  g_assert_true (find_ink (fixture, &left, &right, &top, &bottom));
  g_assert_cmpint (left, >=, 19);
  g_assert_cmpint (right, <=, (int) ceil (20 + width) + 1);
  g_assert_cmpint (right, >, 20 + (int) (width * 0.8));
  g_assert_cmpint (top, >=, 10);
  g_assert_cmpint (bottom, <=, 10 + (int) canvas->line_height[ATLAS_TEXT_BODY]);
}

static void
test_align (Fixture *fixture, gconstpointer data)
{
  AtlasCanvas *canvas = &fixture->canvas;
  double width;

  use_sink (fixture);
  width = atlas_canvas_text (canvas, ATLAS_TEXT_MONO, &black, ATLAS_ALIGN_END, 200, 10, 0, "abc");
  g_assert_cmpfloat_with_epsilon (fixture->x, 200 - width, 0.51);
  g_assert_cmpfloat_with_epsilon (fixture->width, width, 0.01);
  g_assert_cmpfloat_with_epsilon (fixture->baseline, 10 + canvas->ascent[ATLAS_TEXT_MONO], 0.51);
  g_assert_cmpint (fixture->style, ==, ATLAS_TEXT_MONO);
  width =
      atlas_canvas_text (canvas, ATLAS_TEXT_BODY, &black, ATLAS_ALIGN_CENTER, 200, 10, 0, "abc");
  g_assert_cmpfloat_with_epsilon (fixture->x, 200 - width / 2, 0.51);
  atlas_canvas_text_on (canvas, ATLAS_TEXT_BODY, &black, ATLAS_ALIGN_START, 7, 33, 0, "abc");
  g_assert_cmpfloat (fixture->x, ==, 7);
  g_assert_cmpfloat (fixture->baseline, ==, 33);
}

/* The sink is told device space, whatever the matrix. */
static void
test_sink_matrix (Fixture *fixture, gconstpointer data)
{
  AtlasCanvas *canvas = &fixture->canvas;
  int left, right, top, bottom;

  use_sink (fixture);
  atlas_canvas_text_on (canvas, ATLAS_TEXT_BODY, &black, ATLAS_ALIGN_START, 10, 20, 0, "abc");
  double size = fixture->size, width = fixture->width;
  cairo_translate (fixture->cr, 100, 50);
  cairo_scale (fixture->cr, 2, 2);
  atlas_canvas_text_on (canvas, ATLAS_TEXT_BODY, &black, ATLAS_ALIGN_START, 10, 20, 0, "abc");
  g_assert_cmpfloat (fixture->x, ==, 120);
  g_assert_cmpfloat (fixture->baseline, ==, 90);
  g_assert_cmpfloat_with_epsilon (fixture->size, 2 * size, 0.01);
  g_assert_cmpfloat_with_epsilon (fixture->width, 2 * width, 0.01);
  g_assert_false (find_ink (fixture, &left, &right, &top, &bottom));
}

static void
test_cut (Fixture *fixture, gconstpointer data)
{
  const char *text = data;
  AtlasCanvas *canvas = &fixture->canvas;
  double whole = atlas_canvas_measure (canvas, ATLAS_TEXT_BODY, text);

  use_sink (fixture);
  for (double room = 1; room < whole + 20; room += 3)
    {
      fixture->n_texts = 0;
      double width =
          atlas_canvas_text (canvas, ATLAS_TEXT_BODY, &black, ATLAS_ALIGN_START, 0, 0, room, text);
      g_assert_cmpfloat (width, <=, room);
      if (fixture->n_texts == 0)
        {
          g_assert_cmpfloat (room, <, 40);
          continue;
        }
      g_assert_true (g_utf8_validate (fixture->text->str, -1, NULL));
      if (room >= whole)
        {
          g_assert_cmpstr (fixture->text->str, ==, text);
          continue;
        }
      g_assert_true (g_str_has_suffix (fixture->text->str, "…"));
      g_string_truncate (fixture->text, fixture->text->len - strlen ("…"));
      g_assert_true (g_str_has_prefix (text, fixture->text->str));
      /* Not more is cut than must be: a character and the blank before it may be missing. */
      g_assert_cmpfloat (width, >, room - 40);
    }
}

static void
test_invalid_text (Fixture *fixture, gconstpointer data)
{
  use_sink (fixture);
  atlas_canvas_text (&fixture->canvas, ATLAS_TEXT_BODY, &black, ATLAS_ALIGN_START, 0, 0, 0,
                     "a\xff\xfe z");
  g_assert_true (g_utf8_validate (fixture->text->str, -1, NULL));
  g_assert_nonnull (strchr (fixture->text->str, 'z'));

  atlas_canvas_set_sink (&fixture->canvas, NULL, NULL);
  atlas_canvas_text (&fixture->canvas, ATLAS_TEXT_BODY, &black, ATLAS_ALIGN_START, 0, 0, 0,
                     "a\xff\xfe z");
  g_assert_cmpint (cairo_status (fixture->cr), ==, CAIRO_STATUS_SUCCESS);
}

static void
test_one_line (Fixture *fixture, gconstpointer data)
{
  int left, right, top, bottom;

  atlas_canvas_text (&fixture->canvas, ATLAS_TEXT_BODY, &black, ATLAS_ALIGN_START, 5, 5, 0,
                     "one\ntwo");
  g_assert_true (find_ink (fixture, &left, &right, &top, &bottom));
  g_assert_cmpint (bottom, <, 5 + (int) fixture->canvas.line_height[ATLAS_TEXT_BODY] + 1);
}

static void
test_measure_only (void)
{
  g_auto (AtlasCanvas) canvas = { 0 };
  const AtlasPalette *palette = atlas_palette_get (ATLAS_PALETTE_COLOR, FALSE);

  atlas_canvas_init (&canvas, NULL, NULL, palette);
  double width = atlas_canvas_measure (&canvas, ATLAS_TEXT_BODY, "Memory Atlas");
  g_assert_cmpfloat (width, >, 20);
  g_assert_cmpfloat (atlas_canvas_measure (&canvas, ATLAS_TEXT_BODY, ""), ==, 0);
  g_assert_cmpfloat_with_epsilon (atlas_canvas_text (&canvas, ATLAS_TEXT_BODY, &palette->text,
                                                     ATLAS_ALIGN_START, 0, 0, 0, "Memory Atlas"),
                                  width, 0.01);
}

/* A widget's context has its size in pixels, an older one in points; both must grow with it. */
static void
test_base_font (gconstpointer data)
{
  gboolean absolute = GPOINTER_TO_INT (data);
  PangoContext *context = pango_font_map_create_context (pango_cairo_font_map_get_default ());
  PangoFontDescription *font = pango_font_description_from_string ("sans-serif");
  double widths[2];

  for (guint i = 0; i < 2; i++)
    {
      g_auto (AtlasCanvas) canvas = { 0 };
      if (absolute)
        pango_font_description_set_absolute_size (font, 15.0 * (i + 1) * PANGO_SCALE);
      else
        pango_font_description_set_size (font, 12 * (int) (i + 1) * PANGO_SCALE);
      pango_context_set_font_description (context, font);
      atlas_canvas_init (&canvas, NULL, context, atlas_palette_get (ATLAS_PALETTE_GREY, TRUE));
      widths[i] = atlas_canvas_measure (&canvas, ATLAS_TEXT_MONO, "0123456789abcdef");
    }
  g_assert_cmpfloat (widths[1] / widths[0], >, 1.8);
  g_assert_cmpfloat (widths[1] / widths[0], <, 2.2);
  pango_font_description_free (font);
  g_object_unref (context);
}

/* What a canvas that has never painted anything says. */
static char *
ask_fresh_canvas (AtlasTextStyle style, double room, const char *text)
{
  Fixture fresh;
  char *shown;

  set_up (&fresh, NULL);
  use_sink (&fresh);
  atlas_canvas_text (&fresh.canvas, style, &black, ATLAS_ALIGN_START, 0, 0, room, text);
  shown = g_strdup_printf ("%s %.3f", fresh.text->str, fresh.width);
  tear_down (&fresh, NULL);
  return shown;
}

/* Far more texts than are kept, some of them again and again, in other styles and widths. */
static void
test_many_texts (Fixture *fixture, gconstpointer data)
{
  static const AtlasTextStyle some_styles[] = { ATLAS_TEXT_MONO, ATLAS_TEXT_HEADING };
  AtlasCanvas *canvas = &fixture->canvas;

  use_sink (fixture);
  for (guint i = 0; i < 4000; i++)
    {
      AtlasTextStyle style = some_styles[g_test_rand_bit ()];
      double room = g_test_rand_int_range (0, 3) * 37.5;
      g_autofree char *text =
          g_strdup_printf ("text %d", g_test_rand_bit () ? g_test_rand_int_range (0, 20)
                                                         : g_test_rand_int_range (0, 9999));
      atlas_canvas_text (canvas, style, &black, ATLAS_ALIGN_START, 0, 0, room, text);
      if (i % 40 != 0)
        continue;
      g_autofree char *shown = g_strdup_printf ("%s %.3f", fixture->text->str, fixture->width);
      g_autofree char *expected = ask_fresh_canvas (style, room, text);
      g_assert_cmpstr (shown, ==, expected);
    }
}

#define ADD(path, data, function)                                                                  \
  g_test_add ("/drawing/canvas/" path, Fixture, data, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("styles", NULL, test_styles);
  ADD ("mono", NULL, test_mono_is_mono);
  ADD ("ink", NULL, test_ink);
  ADD ("align", NULL, test_align);
  ADD ("sink-matrix", NULL, test_sink_matrix);
  ADD ("cut/plain", "The quick brown fox jumps over the lazy dog", test_cut);
  ADD ("cut/accents", "äöü ÄÖÜ ßéèê — über die Brücke von Århus", test_cut);
  ADD ("cut/wide", "内存地图集显示进程的内存", test_cut);
  ADD ("cut/right-to-left", "أطلس الذاكرة يعرض ذاكرة العملية", test_cut);
  ADD ("invalid-text", NULL, test_invalid_text);
  ADD ("one-line", NULL, test_one_line);
  ADD ("many-texts", NULL, test_many_texts);
  g_test_add_func ("/drawing/canvas/measure-only", test_measure_only);
  g_test_add_data_func ("/drawing/canvas/base-font/points", GINT_TO_POINTER (FALSE),
                        test_base_font);
  g_test_add_data_func ("/drawing/canvas/base-font/pixels", GINT_TO_POINTER (TRUE), test_base_font);
  return g_test_run ();
}
