/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The small ones: appearance, share bar, page bar, legend. */

#include "atlas-appearance.h"
#include "atlas-legend-view.h"
#include "atlas-page-bar.h"
#include "atlas-share-bar.h"
#include "widget-fixture.h"

#define HEAP G_GUINT64_CONSTANT (0x55f01c2e0000) /* 400 pages, 328 resident */
#define WIDTH 200

/* What @widget, shown in a window, looks like; four bytes a pixel, blue first. */
static GBytes *
render (Fixture *fixture, GtkWidget *widget)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  gsize length = (gsize) width * (gsize) height * 4;
  guchar *pixels = g_malloc0 (length);

  fixture_settle (fixture);
  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_free_to_node (snapshot);
  g_assert_nonnull (node);
  texture =
      gsk_renderer_render_texture (gtk_native_get_renderer (gtk_widget_get_native (widget)), node,
                                   &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  gdk_texture_download (texture, pixels, (gsize) width * 4);
  return g_bytes_new_take (pixels, length);
}

/* How many pixels of the middle row have that colour. */
static int
count_pixels (GBytes *pixels, GtkWidget *widget, const AtlasColor *color)
{
  int width = gtk_widget_get_width (widget);
  const guchar *row = (const guchar *) g_bytes_get_data (pixels, NULL)
                      + (gsize) (gtk_widget_get_height (widget) / 2) * (gsize) width * 4;
  int count = 0;

  for (int x = 0; x < width; x++)
    if (ABS (row[x * 4 + 2] - (int) (color->red * 255.0)) <= 2
        && ABS (row[x * 4 + 1] - (int) (color->green * 255.0)) <= 2
        && ABS (row[x * 4] - (int) (color->blue * 255.0)) <= 2)
      count++;
  return count;
}

static void
close_with (Fixture *fixture, GtkWidget *widget)
{
  fixture_close (fixture);
  g_assert_finalize_object (widget);
  fixture_clear (fixture);
}

static void
count_cb (int *count)
{
  (*count)++;
}

static void
test_appearance (void)
{
  AtlasAppearance *appearance = atlas_appearance_get_default ();
  int changes = 0;
  gulong handler =
      g_signal_connect_swapped (appearance, "changed", G_CALLBACK (count_cb), &changes);

  g_test_summary ("There is one appearance, and it tells changes, but only changes");

  g_assert_true (appearance == atlas_appearance_get_default ());
  atlas_appearance_set_dark (appearance, TRUE);
  atlas_appearance_set_dark (appearance, TRUE);
  g_assert_cmpint (changes, ==, 1);
  g_assert_true (atlas_appearance_get_palette (appearance)->dark);
  atlas_appearance_set_palette (appearance, ATLAS_PALETTE_GREY);
  g_assert_cmpint (changes, ==, 2);
  g_assert_cmpint ((int) atlas_appearance_get_palette_id (appearance), ==, ATLAS_PALETTE_GREY);
  g_assert_cmpint ((int) atlas_appearance_get_palette (appearance)->id, ==, ATLAS_PALETTE_GREY);
  atlas_appearance_set_palette (appearance, ATLAS_PALETTE_COLOR);
  atlas_appearance_set_dark (appearance, FALSE);
  g_signal_handler_disconnect (appearance, handler);
}

static void
test_share_bar (void)
{
  const AtlasPalette *palette = atlas_appearance_get_palette (atlas_appearance_get_default ());
  GtkWidget *bar = g_object_ref_sink (atlas_share_bar_new ());
  g_autoptr (GBytes) half = NULL, accent = NULL, nothing = NULL, little = NULL;
  Fixture fixture;
  double share;

  g_test_summary ("Half is half of the width; next to nothing is still something");

  fixture_init (&fixture, FALSE);
  fixture_present (&fixture, bar, WIDTH, 40);
  g_object_set (bar, "share", 0.5, "kind", ATLAS_KIND_HEAP, NULL);
  g_object_get (bar, "share", &share, NULL);
  g_assert_cmpfloat_with_epsilon (share, 0.5, 1e-9);
  fixture_assert_text (bar, GTK_ACCESSIBLE_PROPERTY_LABEL, "50 %");
  half = render (&fixture, bar);
  g_assert_cmpint (ABS (count_pixels (half, bar, &palette->kind[ATLAS_KIND_HEAP]) - WIDTH / 2), <=,
                   4);

  atlas_share_bar_set_kind (ATLAS_SHARE_BAR (bar), ATLAS_N_KINDS);
  accent = render (&fixture, bar);
  g_assert_cmpint (ABS (count_pixels (accent, bar, &palette->accent) - WIDTH / 2), <=, 4);

  atlas_share_bar_set_share (ATLAS_SHARE_BAR (bar), 0.0);
  nothing = render (&fixture, bar);
  atlas_share_bar_set_share (ATLAS_SHARE_BAR (bar), 1e-9);
  little = render (&fixture, bar);
  g_assert_false (g_bytes_equal (nothing, little));

  atlas_share_bar_set_share (ATLAS_SHARE_BAR (bar), 7.0);
  g_object_get (bar, "share", &share, NULL);
  g_assert_cmpfloat_with_epsilon (share, 1.0, 1e-9);
  close_with (&fixture, bar);
}

static AtlasRegion *
find_region (Fixture *fixture, guint64 address)
{
  AtlasSnapshot *snapshot = atlas_session_get_snapshot (fixture->session);
  guint index;

  g_assert_true (atlas_snapshot_find (snapshot, address, &index));
  return atlas_snapshot_get_region (snapshot, index);
}

static void
test_page_bar (void)
{
  const AtlasPalette *palette = atlas_appearance_get_palette (atlas_appearance_get_default ());
  GtkWidget *bar = g_object_ref_sink (atlas_page_bar_new ());
  g_autoptr (GBytes) plain = NULL, dimmed = NULL;
  Fixture fixture;

  g_test_summary ("328 of 400 pages are four fifths of the bar, and say so");

  fixture_init (&fixture, TRUE);
  fixture_refresh (&fixture);
  fixture_present (&fixture, bar, WIDTH, 40);
  fixture_assert_text (bar, GTK_ACCESSIBLE_PROPERTY_LABEL, NULL);
  atlas_page_bar_set_region (ATLAS_PAGE_BAR (bar), find_region (&fixture, HEAP));
  fixture_assert_text (bar, GTK_ACCESSIBLE_PROPERTY_LABEL, "328 of 400 pages resident");
  plain = render (&fixture, bar);
  g_assert_cmpint (ABS (count_pixels (plain, bar, &palette->kind[ATLAS_KIND_HEAP]) - WIDTH * 4 / 5),
                   <=, 12);

  atlas_page_bar_set_highlight (ATLAS_PAGE_BAR (bar), ATLAS_COUNTER_RSS_FILE);
  dimmed = render (&fixture, bar);
  g_assert_cmpint (count_pixels (dimmed, bar, &palette->kind[ATLAS_KIND_HEAP]), ==, 0);
  atlas_page_bar_set_region (ATLAS_PAGE_BAR (bar), NULL);
  close_with (&fixture, bar);
}

static void
test_page_bar_unknown (void)
{
  GtkWidget *bar = g_object_ref_sink (atlas_page_bar_new ());
  Fixture fixture;

  g_test_summary ("Where no page's state is known, that is what is said");

  fixture_init (&fixture, FALSE);
  fixture_refresh (&fixture);
  atlas_page_bar_set_region (ATLAS_PAGE_BAR (bar), find_region (&fixture, HEAP));
  fixture_assert_text (bar, GTK_ACCESSIBLE_PROPERTY_LABEL, "400 pages, state unknown");
  close_with (&fixture, bar);
}

static int
measure_height (GtkWidget *widget, int width)
{
  int minimum;

  gtk_widget_measure (widget, GTK_ORIENTATION_VERTICAL, width, &minimum, NULL, NULL, NULL);
  return minimum;
}

static void
test_legend (void)
{
  Fixture fixture;
  GtkWidget *legend;
  g_autoptr (GBytes) pixels = NULL;
  char *mismatch;

  g_test_summary ("The legend lists what occurs, and takes more lines where there is less width");

  fixture_init (&fixture, TRUE);
  legend =
      g_object_ref_sink (g_object_new (ATLAS_TYPE_LEGEND_VIEW, "session", fixture.session, NULL));
  g_assert_cmpint (measure_height (legend, 400), ==, 0);
  fixture_assert_text (legend, GTK_ACCESSIBLE_PROPERTY_LABEL, "Legend");

  fixture_begin_maps (&fixture);
  recording_add (fixture.recording, HEAP, 40, "rw-p", 0, "[heap]", 40);
  fixture_refresh (&fixture);
  mismatch = gtk_test_accessible_check_property (GTK_ACCESSIBLE (legend),
                                                 GTK_ACCESSIBLE_PROPERTY_LABEL, "Legend");
  g_assert_nonnull (mismatch);
  g_assert_nonnull (strstr (mismatch, "Heap"));
  g_assert_null (strstr (mismatch, "Stack"));
  g_free (mismatch);

  fixture_begin_maps (&fixture);
  recording_add_shell (fixture.recording);
  fixture_refresh (&fixture);
  mismatch = gtk_test_accessible_check_property (GTK_ACCESSIBLE (legend),
                                                 GTK_ACCESSIBLE_PROPERTY_LABEL, "Legend");
  g_assert_nonnull (strstr (mismatch, "Heap"));
  g_assert_nonnull (strstr (mismatch, "Stack"));
  g_free (mismatch);
  g_assert_cmpint (measure_height (legend, 1200), >, 0);
  g_assert_cmpint (measure_height (legend, 200), >, 2 * measure_height (legend, 1200));
  fixture_present (&fixture, legend, 600, 200);
  pixels = render (&fixture, legend);
  close_with (&fixture, legend);
}

int
main (int argc, char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);

  g_test_add_func ("/widgets/small-bars/appearance", test_appearance);
  g_test_add_func ("/widgets/small-bars/share-bar", test_share_bar);
  g_test_add_func ("/widgets/small-bars/page-bar", test_page_bar);
  g_test_add_func ("/widgets/small-bars/page-bar-unknown", test_page_bar_unknown);
  g_test_add_func ("/widgets/small-bars/legend", test_legend);

  return g_test_run ();
}
