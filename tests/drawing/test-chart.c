/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The history chart: where a time is, which sample is hit, and pixels of lines whose course is
 * known. */

#include <math.h>
#include <string.h>

#include "atlas-chart-marks.h"
#include "text-list.h"

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
    .plot_width = WIDTH - 150,
  };
}

static double
get_plot_width (double dpi, double width)
{
  PangoFontMap *map = pango_cairo_font_map_new ();
  PangoContext *context;
  AtlasCanvas canvas;
  double plot_width;

  pango_cairo_font_map_set_resolution (PANGO_CAIRO_FONT_MAP (map), dpi);
  context = pango_font_map_create_context (map);
  atlas_canvas_init (&canvas, NULL, context, atlas_palette_get (ATLAS_PALETTE_COLOR, FALSE));
  plot_width = atlas_chart_get_plot_width (&canvas, width);
  atlas_canvas_clear (&canvas);
  g_object_unref (context);
  g_object_unref (map);
  return plot_width;
}

/* Larger text gets more room, but never the most of it. */
static void
test_plot_width (void)
{
  g_assert_cmpfloat (get_plot_width (96, 800), <=, 650);
  g_assert_cmpfloat (get_plot_width (96, 800), >, 600);
  g_assert_cmpfloat (get_plot_width (192, 800), <, 550);
  g_assert_cmpfloat (get_plot_width (192, 400), ==, 240);
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

/* Where nobody looked there is no line, and a point alone is seen. */
static void
test_gap (void)
{
  static const AtlasHistoryPoint points[] = {
    { .monotonic = 100 * SECOND, .vm_size = 5000, .vm_rss = 1000 },
    { .monotonic = 110 * SECOND, .vm_size = 5000, .vm_rss = 1000 },
    { .monotonic = 130 * SECOND, .vm_size = 5000, .vm_rss = 2000, .after_gap = TRUE },
    { .monotonic = 150 * SECOND, .vm_size = 5000, .vm_rss = 1000, .after_gap = TRUE },
  };
  static const struct
  {
    guint second;
    gboolean seen;
  } columns[] = { { 105, TRUE }, { 115, FALSE }, { 125, FALSE },
                  { 130, TRUE }, { 140, FALSE }, { 155, TRUE } };
  AtlasChart chart = chart_new ();
  g_autoptr (GString) texts = g_string_new ("|");
  cairo_surface_t *surface;

  chart.points = points;
  chart.n_points = G_N_ELEMENTS (points);
  surface = paint (&chart, swallow, texts);
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      int x = (int) atlas_chart_get_x (&chart, columns[i].second * SECOND) + 1;

      g_assert_cmpint (find_top (surface, x, 0, HEIGHT / 2 - 12) >= 0, ==, columns[i].seen);
    }
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

/* --- marks ----------------------------------------------------------------------------------- */

#define PLOT 350 /* of WIDTH, what is not for the labels */

static const AtlasHistoryMark apart[] = {
  { 105 * SECOND, (char *) "malloc 100 KiB" },
  { 125 * SECOND, (char *) "malloc 1 MiB" },
  { 145 * SECOND, (char *) "free a" },
};

static const AtlasMarkGroup *
get_group (GArray *groups, guint index)
{
  return &g_array_index (groups, AtlasMarkGroup, index);
}

static GArray *
group (TextList *list, const AtlasChart *chart)
{
  return atlas_chart_group_marks (&list->canvas, chart, PLOT);
}

static void
test_marks_apart (void)
{
  g_autoptr (TextList) list = text_list_new (1, 1, atlas_palette_get (ATLAS_PALETTE_COLOR, FALSE));
  AtlasChart chart = chart_new ();
  g_autoptr (GArray) groups = NULL;

  g_test_summary ("With room for its words each mark has them at its line");

  chart.marks = apart;
  chart.n_marks = G_N_ELEMENTS (apart);
  groups = group (list, &chart);
  g_assert_cmpuint (groups->len, ==, G_N_ELEMENTS (apart));
  for (guint i = 0; i < groups->len; i++)
    {
      double line = atlas_chart_get_x (&chart, apart[i].monotonic);

      g_assert_cmpstr (get_group (groups, i)->text, ==, apart[i].text);
      g_assert_cmpfloat (get_group (groups, i)->x, >, line);
      g_assert_cmpfloat (get_group (groups, i)->x, <, line + 8);
    }
}

static void
test_marks_merged (void)
{
  static const AtlasHistoryMark marks[] = {
    { 110 * SECOND, (char *) "malloc" },
    { 111 * SECOND, (char *) "mlock" },
    { 130 * SECOND, (char *) "touch a write" },
    { 131 * SECOND, (char *) "a very long word that has no room with it" },
    { 160 * SECOND, (char *) "free a" },
    { 170 * SECOND, (char *) "not yet seen" },
  };
  g_autoptr (TextList) list = text_list_new (1, 1, atlas_palette_get (ATLAS_PALETTE_COLOR, FALSE));
  AtlasChart chart = chart_new ();
  g_autoptr (GArray) groups = NULL;

  g_test_summary ("Marks too near one another share the room; the newest one is named");

  chart.marks = marks;
  chart.n_marks = G_N_ELEMENTS (marks);
  groups = group (list, &chart);
  g_assert_cmpuint (groups->len, ==, 3);
  g_assert_cmpstr (get_group (groups, 0)->text, ==, "malloc, mlock");
  g_assert_cmpstr (get_group (groups, 1)->text, ==, "touch a write, +1");
  g_assert_cmpstr (get_group (groups, 2)->text, ==, "free a");
  /* Its line is at the right edge: its words are left of it. */
  g_assert_cmpfloat (get_group (groups, 2)->x + get_group (groups, 2)->width, <, PLOT);
}

/* Whatever was done when: each mark that is seen is in one group, words are apart and inside. */
static void
check_groups (GArray *groups, const AtlasChart *chart)
{
  guint next = 0;
  double right = 0;

  while (next < chart->n_marks && atlas_chart_get_x (chart, chart->marks[next].monotonic) < 0)
    next++;
  for (guint i = 0; i < groups->len; i++)
    {
      const AtlasMarkGroup *it = get_group (groups, i);

      g_assert_cmpuint (it->first, ==, next);
      g_assert_cmpuint (it->n, >, 0);
      g_assert_cmpfloat (it->x + it->width, <=, PLOT + 1);
      if (i > 0)
        {
          double line = atlas_chart_get_x (chart, chart->marks[it->first - 1].monotonic);

          g_assert_cmpfloat (it->x, >, right);
          /* The lines of others are not under its words. */
          g_assert_cmpfloat (it->x, >, floor (line));
        }
      right = it->x + it->width;
      next += it->n;
    }
  g_assert_cmpuint (next, ==, chart->n_marks);
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  const AtlasHistoryMark *first = a, *second = b;

  return (first->monotonic > second->monotonic) - (first->monotonic < second->monotonic);
}

static void
test_marks_random (void)
{
  static char *const words[] = { "free", "malloc 256 KiB → mmap", "touch a write", "mlock" };
  g_autoptr (TextList) list = text_list_new (1, 1, atlas_palette_get (ATLAS_PALETTE_COLOR, FALSE));
  AtlasHistoryMark marks[60];

  for (guint round = 0; round < 500; round++)
    {
      AtlasChart chart = chart_new ();
      g_autoptr (GArray) groups = NULL;

      chart.marks = marks;
      chart.n_marks = (guint) g_test_rand_int_range (0, G_N_ELEMENTS (marks) + 1);
      for (guint i = 0; i < chart.n_marks; i++)
        marks[i] = (AtlasHistoryMark){
          (90 + g_test_rand_int_range (0, 70)) * SECOND + g_test_rand_int_range (0, 999999),
          words[g_test_rand_int_range (0, G_N_ELEMENTS (words))],
        };
      qsort (marks, chart.n_marks, sizeof *marks, compare_times);
      groups = group (list, &chart);
      check_groups (groups, &chart);
    }
}

/* A script did a thousand things in one second: a few words, and how many more there are. */
static void
test_marks_crowded (void)
{
  g_autoptr (TextList) list = text_list_new (1, 1, atlas_palette_get (ATLAS_PALETTE_COLOR, FALSE));
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) groups = NULL;
  AtlasHistoryMark marks[1000];
  AtlasChart chart = chart_new ();

  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    {
      g_ptr_array_add (texts, g_strdup_printf ("malloc a%u 1K", i));
      marks[i] = (AtlasHistoryMark){ 120 * SECOND + i * SECOND / 1000, texts->pdata[i] };
    }
  chart.marks = marks;
  chart.n_marks = G_N_ELEMENTS (marks);
  groups = group (list, &chart);
  check_groups (groups, &chart);
  g_assert_cmpuint (groups->len, <, 4);
  for (guint i = 0; i < groups->len; i++)
    {
      g_auto (GStrv) parts = g_strsplit (get_group (groups, i)->text, ", ", -1);

      g_assert_cmpuint (g_strv_length (parts), <=, 6);
    }
}

/* On paper: words that can be read, lines down to the axis, and what the pointer finds there. */
static void
test_marks_painted (gconstpointer data)
{
  const AtlasPalette *palette = data;
  g_autoptr (TextList) list = text_list_new (WIDTH, HEIGHT + 20, palette);
  AtlasChart chart = chart_new ();
  guint n = 0;

  chart.height = HEIGHT + 20;
  chart.marks = apart;
  chart.n_marks = G_N_ELEMENTS (apart);
  atlas_chart_paint (&list->canvas, &chart);
  for (guint i = 0; i < G_N_ELEMENTS (apart); i++)
    {
      double x = atlas_chart_get_x (&chart, apart[i].monotonic);

      g_assert_true (text_list_has (list, apart[i].text));
      g_assert_true (atlas_chart_hit_marks (&list->canvas, &chart, x, 60, &n) == &apart[i]);
      g_assert_cmpuint (n, ==, 1);
      g_assert_true (atlas_chart_hit_marks (&list->canvas, &chart, x + 20, 5, &n) == &apart[i]);
      g_assert_null (atlas_chart_hit_marks (&list->canvas, &chart, x + 20, 60, &n));
      g_assert_cmpuint (n, ==, 0);
    }
  text_list_assert_inside (list);
  text_list_assert_apart (list);
  text_list_assert_legible (list);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/drawing/chart/plot-width", test_plot_width);
  g_test_add_func ("/drawing/chart/times", test_times);
  g_test_add_func ("/drawing/chart/hit", test_hit);
  g_test_add_func ("/drawing/chart/lines", test_lines);
  g_test_add_func ("/drawing/chart/gap", test_gap);
  g_test_add_func ("/drawing/chart/words", test_words);
  g_test_add_func ("/drawing/chart/marks/apart", test_marks_apart);
  g_test_add_func ("/drawing/chart/marks/merged", test_marks_merged);
  g_test_add_func ("/drawing/chart/marks/random", test_marks_random);
  g_test_add_func ("/drawing/chart/marks/crowded", test_marks_crowded);
  for (guint i = 0; i < 2 * ATLAS_N_PALETTES; i++)
    {
      g_autofree char *path =
          g_strdup_printf ("/drawing/chart/marks/painted/%s%s",
                           atlas_palette_get_name ((AtlasPaletteId) (i / 2)), i % 2 ? "-dark" : "");

      g_test_add_data_func (path, atlas_palette_get ((AtlasPaletteId) (i / 2), i % 2),
                            test_marks_painted);
    }

  return g_test_run ();
}
