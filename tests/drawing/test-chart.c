/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The history chart: where a time is, which sample is hit, and pixels of lines whose course is
 * known. */

#include <math.h>
#include <string.h>

#include "atlas-chart.h"

#define SECOND G_GINT64_CONSTANT (1000000)
#define WIDTH 500
#define HEIGHT 104

/* VmRSS doubles in the middle; nothing is ever locked or swapped. */
static const AtlasHistoryPoint steps[] = {
  { .monotonic = 100 * SECOND, .vm_size = 5000, .vm_rss = 1000 },
  { .monotonic = 120 * SECOND, .vm_size = 5000, .vm_rss = 1000 },
  { .monotonic = 140 * SECOND, .vm_size = 5000, .vm_rss = 2000 },
  { .monotonic = 160 * SECOND, .vm_size = 5000, .vm_rss = 2000 },
};

static AtlasChart
chart_new (void)
{
  return (AtlasChart){
    .points = steps,
    .n_points = G_N_ELEMENTS (steps),
    .now = 160 * SECOND,
    .span = 60 * SECOND,
    .width = WIDTH,
    .height = HEIGHT,
  };
}

static void
test_times (void)
{
  AtlasChart chart = chart_new ();
  double right = atlas_chart_get_x (&chart, chart.now);

  g_assert_cmpfloat_with_epsilon (atlas_chart_get_x (&chart, 100 * SECOND), 0, 0.001);
  g_assert_cmpfloat_with_epsilon (atlas_chart_get_x (&chart, 130 * SECOND), right / 2, 0.001);
  g_assert_cmpfloat (right, <, WIDTH);
}

static void
test_hit (void)
{
  AtlasChart chart = chart_new ();
  AtlasChart empty = chart_new ();

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      double x = atlas_chart_get_x (&chart, steps[i].monotonic);

      g_assert_true (atlas_chart_hit (&chart, x) == &steps[i]);
      g_assert_true (atlas_chart_hit (&chart, x + 3) == &steps[i]);
      g_assert_true (atlas_chart_hit (&chart, x - 3) == &steps[i]);
    }
  empty.n_points = 0;
  g_assert_null (atlas_chart_hit (&empty, 10));
}

static cairo_surface_t *
paint (const AtlasChart *chart, AtlasTextSink sink, gpointer user_data)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, WIDTH, HEIGHT);
  cairo_t *cr = cairo_create (surface);
  AtlasCanvas canvas;

  atlas_canvas_init (&canvas, cr, NULL, atlas_palette_get (ATLAS_PALETTE_COLOR, FALSE));
  atlas_canvas_set_sink (&canvas, sink, user_data);
  atlas_chart_paint (&canvas, chart);
  atlas_canvas_clear (&canvas);
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

/* Topmost painted row of a column between two rows, or -1. */
static int
find_top (cairo_surface_t *surface, int x, int from, int to)
{
  const guchar *data = cairo_image_surface_get_data (surface);
  int stride = cairo_image_surface_get_stride (surface);

  for (int y = from; y < to; y++)
    {
      guint32 pixel;

      memcpy (&pixel, data + (gsize) y * (gsize) stride + (gsize) x * 4, sizeof pixel);
      if (pixel >> 24 > 128)
        return y;
    }
  return -1;
}

static void
swallow (const char *text,
         AtlasTextStyle style,
         double size,
         const AtlasColor *color,
         double x,
         double baseline,
         double width,
         gpointer user_data)
{
  g_string_append_printf (user_data, "%s|", text);
}

/* The lower band is VmRSS: low before the step, high after it. The upper one never moved. */
static void
test_lines (void)
{
  AtlasChart chart = chart_new ();
  g_autoptr (GString) texts = g_string_new ("|");
  cairo_surface_t *surface = paint (&chart, swallow, texts);
  int before = (int) atlas_chart_get_x (&chart, 115 * SECOND);
  int after = (int) atlas_chart_get_x (&chart, 155 * SECOND);
  int middle = HEIGHT / 2 - 8;

  /* A line at the bottom of its band against one at the top of it. */
  g_assert_cmpint (find_top (surface, before, middle + 6, HEIGHT) - 15, >,
                   find_top (surface, after, middle - 4, HEIGHT));
  g_assert_cmpint (find_top (surface, before, 0, middle - 8), ==,
                   find_top (surface, after, 0, middle - 8));
  cairo_surface_destroy (surface);
}

/* What never was more than 0 has no band; what is spoken of is the newest, or the one looked at. */
static void
test_words (void)
{
  AtlasChart chart = chart_new ();
  g_autoptr (GString) now = g_string_new ("|");
  g_autoptr (GString) past = g_string_new ("|");

  cairo_surface_destroy (paint (&chart, swallow, now));
  g_assert_nonnull (strstr (now->str, "|VmSize|4.9 MiB|"));
  g_assert_nonnull (strstr (now->str, "|VmRSS|2.0 MiB|"));
  g_assert_null (strstr (now->str, "VmLck"));
  g_assert_null (strstr (now->str, "VmSwap"));

  chart.cursor = 120 * SECOND;
  cairo_surface_destroy (paint (&chart, swallow, past));
  g_assert_nonnull (strstr (past->str, "|VmRSS|1,000 KiB|"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/drawing/chart/times", test_times);
  g_test_add_func ("/drawing/chart/hit", test_hit);
  g_test_add_func ("/drawing/chart/lines", test_lines);
  g_test_add_func ("/drawing/chart/words", test_words);

  return g_test_run ();
}
