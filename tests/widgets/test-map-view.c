/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The map view in a window: keys, pointer, tooltips, what stays in place, what assistive technology
 * is told. What is under a pixel is asked of the tooltip, as a person would. */

#include "atlas-appearance.h"
#include "atlas-map-view.h"
#include "widget-fixture.h"

#define WIDTH 760
#define HEIGHT 420
#define HEAP G_GUINT64_CONSTANT (0x55f01c2e0000)      /* 400 pages, 328 resident */
#define ANONYMOUS G_GUINT64_CONSTANT (0x7f2c1a000000) /* 1024 pages, none */
#define LOWEST G_GUINT64_CONSTANT (0x55f01c080000)
#define HIGHEST G_GUINT64_CONSTANT (0xffffffffff600000)

typedef struct
{
  Fixture base;
  GtkWidget *view;
  guint64 page;
} MapFixture;

static void
set_up (MapFixture *self, gconstpointer user_data)
{
  fixture_init (&self->base, TRUE);
  self->page = self->base.recording->page_size;
  self->view = g_object_ref_sink (atlas_map_view_new ());
  atlas_map_view_set_session (ATLAS_MAP_VIEW (self->view), self->base.session);
}

static void
tear_down (MapFixture *self, gconstpointer user_data)
{
  fixture_close (&self->base);
  g_assert_finalize_object (self->view);
  fixture_clear (&self->base);
}

/* Sampled and shown. */
static void
show (MapFixture *self)
{
  fixture_refresh (&self->base);
  fixture_present_scrolled (&self->base, self->view, WIDTH, HEIGHT);
}

static GtkAdjustment *
get_adjustment (MapFixture *self)
{
  return gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->view));
}

static guint64
get_selected (MapFixture *self)
{
  return atlas_session_get_selected (self->base.session);
}

static void
press (MapFixture *self, guint keyval, GdkModifierType modifiers)
{
  g_assert_true (fixture_press (self->view, keyval, modifiers));
}

/* First and last byte of what is at a point, from the tooltip; FALSE beside the cells. */
static gboolean
get_cell_at (MapFixture *self, double x, double y, guint64 *start, guint64 *last)
{
  g_auto (GStrv) lines = fixture_query_tooltip (self->view, x, y, FALSE);
  g_auto (GStrv) ends = NULL;

  if (lines == NULL || !g_str_has_prefix (lines[0], "0x"))
    return FALSE;

  ends = g_strsplit (lines[0], "–0x", 2);
  *start = g_ascii_strtoull (ends[0], NULL, 16);
  *last = (ends[1] != NULL ? g_ascii_strtoull (ends[1], NULL, 16) : *start + self->page) - 1;
  return TRUE;
}

static gboolean
is_on_cell (MapFixture *self, double x, double y, guint64 address)
{
  guint64 start, last;

  return get_cell_at (self, x, y, &start, &last) && start <= address && address <= last;
}

/* A point of the view on the cell that holds @address, found by looking everywhere. */
static gboolean
find_point (MapFixture *self, guint64 address, double *x, double *y)
{
  for (*y = 2.0; *y < gtk_widget_get_height (self->view); *y += 7.0)
    for (*x = 80.0; *x < gtk_widget_get_width (self->view); *x += 7.0)
      if (is_on_cell (self, *x, *y, address))
        return TRUE;
  return FALSE;
}

/* The middle of that cell: what its state is, its corners tell; what its kind is, the middle. */
static gboolean
find_middle (MapFixture *self, guint64 address, double *x, double *y)
{
  double right, bottom;

  if (!find_point (self, address, x, y))
    return FALSE;
  for (right = *x; is_on_cell (self, right + 1, *y, address); right++)
    ;
  for (bottom = *y; is_on_cell (self, *x, bottom + 1, address); bottom++)
    ;
  while (is_on_cell (self, *x - 1, *y, address))
    --*x;
  while (is_on_cell (self, *x, *y - 1, address))
    --*y;
  *x = (*x + right) / 2;
  *y = (*y + bottom) / 2;
  return TRUE;
}

static void
assert_selected_in_view (MapFixture *self)
{
  double x, y;

  g_assert_true (find_point (self, get_selected (self), &x, &y));
}

static void
test_empty (MapFixture *self, gconstpointer user_data)
{
  g_test_summary ("Without a process there is nothing to see, to scroll or to move");

  fixture_present_scrolled (&self->base, self->view, WIDTH, HEIGHT);
  fixture_settle (&self->base);
  g_assert_cmpfloat_with_epsilon (gtk_adjustment_get_upper (get_adjustment (self)),
                                  gtk_adjustment_get_page_size (get_adjustment (self)), 1e-6);
  g_assert_false (fixture_press (self->view, GDK_KEY_Down, 0));
  g_assert_null (fixture_query_tooltip (self->view, 100, 100, FALSE));
  gtk_test_accessible_assert_role (self->view, GTK_ACCESSIBLE_ROLE_IMG);
  fixture_assert_text (self->view, GTK_ACCESSIBLE_PROPERTY_LABEL, "Memory map");
}

static void
test_properties (MapFixture *self, gconstpointer user_data)
{
  g_autoptr (AtlasSession) session = NULL;
  double zoom;

  g_test_summary ("It can be made by a template: session is a property, and can be taken away");

  g_object_get (self->view, "session", &session, "zoom", &zoom, NULL);
  g_assert_true (session == self->base.session);
  g_assert_cmpfloat (zoom, ==, 0.0);
  show (self);
  g_object_set (self->view, "session", NULL, NULL);
  fixture_settle (&self->base);
  g_assert_null (fixture_query_tooltip (self->view, 100, 100, FALSE));
}

static void
test_accessible (MapFixture *self, gconstpointer user_data)
{
  g_test_summary ("Label and description follow process and selection");

  show (self);
  fixture_assert_text (self->view, GTK_ACCESSIBLE_PROPERTY_LABEL,
                       "Memory map of shell, 22 regions");
  atlas_session_select (self->base.session, HEAP + 11 * self->page);
  fixture_assert_text (
      self->view, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
      "[heap], page 12 of 400 at 0x55f01c2eb000, resident, anonymous, still shared "
      "with another process");
  atlas_session_select (self->base.session, 0);
  fixture_assert_text (self->view, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, NULL);
}

static void
test_focus (MapFixture *self, gconstpointer user_data)
{
  guint64 start, end;

  g_test_summary ("The session is told what is seen");

  show (self);
  atlas_session_get_focus (self->base.session, &start, &end);
  g_assert_cmphex (end, ==, HIGHEST + self->page);
  g_assert_cmphex (start, >, HEAP);
  gtk_adjustment_set_value (get_adjustment (self), 1e9);
  atlas_session_get_focus (self->base.session, &start, &end);
  g_assert_cmphex (start, ==, LOWEST);
  g_assert_cmphex (end, <, ANONYMOUS);
}

static void
test_cursor (MapFixture *self, gconstpointer user_data)
{
  g_test_summary ("Arrow keys move the selection, and it is always in view");

  show (self);
  press (self, GDK_KEY_Down, 0);
  g_assert_cmphex (get_selected (self), ==, HIGHEST);
  assert_selected_in_view (self);
  press (self, GDK_KEY_End, GDK_CONTROL_MASK);
  assert_selected_in_view (self);
  press (self, GDK_KEY_KP_Home, GDK_CONTROL_MASK);
  g_assert_cmphex (get_selected (self), ==, HIGHEST);

  atlas_session_select (self->base.session, HEAP + 100 * self->page);
  press (self, GDK_KEY_Right, 0);
  g_assert_cmphex (get_selected (self), ==, HEAP + 101 * self->page);
  assert_selected_in_view (self);
  press (self, GDK_KEY_KP_Left, 0);
  g_assert_cmphex (get_selected (self), ==, HEAP + 100 * self->page);
  press (self, GDK_KEY_Home, 0);
  g_assert_cmphex (get_selected (self), ==, HEAP);
  press (self, GDK_KEY_End, 0);
  g_assert_cmphex (get_selected (self), ==, HEAP + 399 * self->page);
  press (self, GDK_KEY_Page_Up, 0);
  g_assert_cmphex (get_selected (self), >=, ANONYMOUS);
  assert_selected_in_view (self);
  press (self, GDK_KEY_Page_Down, 0);
  assert_selected_in_view (self);
}

static void
test_walk (MapFixture *self, gconstpointer user_data)
{
  guint64 before;

  g_test_summary ("Down goes through the whole map from the first card to the last");

  show (self);
  press (self, GDK_KEY_Home, GDK_CONTROL_MASK);
  do
    {
      before = get_selected (self);
      press (self, GDK_KEY_Down, 0);
    }
  while (get_selected (self) != before);
  g_assert_cmphex (before, >=, LOWEST);
  g_assert_cmphex (before, <, LOWEST + 47 * self->page);
}

static void
test_escape (MapFixture *self, gconstpointer user_data)
{
  g_test_summary ("Escape puts the lit counter out, and is left to others when none is lit");

  show (self);
  atlas_session_set_highlight (self->base.session, ATLAS_COUNTER_VM_RSS);
  press (self, GDK_KEY_Escape, 0);
  g_assert_cmpint ((int) atlas_session_get_highlight (self->base.session), ==,
                   (int) ATLAS_COUNTER_NONE);
  g_assert_false (fixture_press (self->view, GDK_KEY_Escape, 0));
}

static void
test_reveal (MapFixture *self, gconstpointer user_data)
{
  double x, y, value;

  g_test_summary ("What is asked for comes to the middle, unless it is seen already");

  show (self);
  atlas_session_reveal (self->base.session, HEAP + 200 * self->page);
  g_assert_true (find_point (self, HEAP + 200 * self->page, &x, &y));
  g_assert_cmpfloat (fabs (y - HEIGHT / 2.0), <, 16.0);
  value = gtk_adjustment_get_value (get_adjustment (self));
  atlas_session_reveal (self->base.session, HEAP + 201 * self->page);
  g_assert_cmpfloat_with_epsilon (gtk_adjustment_get_value (get_adjustment (self)), value, 1e-6);
  /* Nothing is mapped there; the next region above is shown. */
  atlas_session_reveal (self->base.session, ANONYMOUS - self->page);
  g_assert_true (find_point (self, ANONYMOUS, &x, &y));
}

static void
test_reveal_early (MapFixture *self, gconstpointer user_data)
{
  double x, y;

  g_test_summary ("What is asked for before there is a map is shown as soon as there is one");

  fixture_present_scrolled (&self->base, self->view, WIDTH, HEIGHT);
  atlas_map_view_scroll_to (ATLAS_MAP_VIEW (self->view), HEAP);
  fixture_refresh (&self->base);
  g_assert_true (find_point (self, HEAP, &x, &y));
}

/* A tall map with a heap in the middle of it: so many small regions above, twenty below. */
static void
record_tall (MapFixture *self, guint n_above, guint heap_pages)
{
  Recording *recording = self->base.recording;

  fixture_begin_maps (&self->base);
  for (guint i = 0; i < 20; i++)
    recording_add (recording, 0x550000000000 + i * 0x1000000, 200, "r--p", 11, "/usr/bin/shell",
                   40);
  if (heap_pages > 0)
    recording_add (recording, HEAP, heap_pages, "rw-p", 0, "[heap]", heap_pages / 2);
  for (guint i = 0; i < n_above; i++)
    recording_add (recording, 0x7f0000000000 + i * 0x1000000, 256, "rw-p", 0, "", 3);
}

static void
test_reveal_card (MapFixture *self, gconstpointer user_data)
{
  const guint64 first = 0x550000000000 + 10 * 0x1000000;
  const guint64 last = first + 199 * self->page;
  double x, y, value;

  g_test_summary ("What is asked for at the lower edge is shown with all of its card");

  record_tall (self, 10, 400);
  show (self);
  atlas_session_reveal (self->base.session, first);
  g_assert_true (find_point (self, first, &x, &y));
  value = gtk_adjustment_get_value (get_adjustment (self)) + y - (HEIGHT - 24.0);
  gtk_adjustment_set_value (get_adjustment (self), value);
  g_assert_true (find_point (self, first, &x, &y));
  g_assert_false (find_point (self, last, &x, &y));

  atlas_session_reveal (self->base.session, first);
  g_assert_true (find_point (self, first, &x, &y));
  g_assert_true (find_point (self, last, &x, &y));
  g_assert_cmpfloat (gtk_adjustment_get_value (get_adjustment (self)) - value, <, HEIGHT / 2.0);
}

static void
test_refresh (MapFixture *self, gconstpointer user_data)
{
  guint64 address = HEAP + 130 * self->page;
  guint64 start, last;
  double x, y;

  g_test_summary ("A refresh leaves every address where it is, whatever comes above it");

  record_tall (self, 10, 400);
  show (self);
  atlas_session_reveal (self->base.session, address);
  g_assert_true (find_point (self, address, &x, &y));
  gtk_adjustment_set_value (get_adjustment (self),
                            gtk_adjustment_get_value (get_adjustment (self)) + y - 30.0);
  g_assert_true (find_point (self, address, &x, &y));

  record_tall (self, 17, 460);
  fixture_refresh (&self->base);
  g_assert_true (get_cell_at (self, x, y, &start, &last));
  g_assert_cmphex (start, ==, address);
  record_tall (self, 2, 390);
  fixture_refresh (&self->base);
  g_assert_true (get_cell_at (self, x, y, &start, &last));
  g_assert_cmphex (start, ==, address);
}

static void
test_region_goes (MapFixture *self, gconstpointer user_data)
{
  guint64 start, end;
  double x, y;

  g_test_summary ("Where the region at the top of the view goes, the next one below comes there");

  record_tall (self, 10, 400);
  show (self);
  atlas_session_reveal (self->base.session, HEAP);
  g_assert_true (find_point (self, HEAP, &x, &y));
  gtk_adjustment_set_value (get_adjustment (self),
                            gtk_adjustment_get_value (get_adjustment (self)) + y);
  atlas_session_get_focus (self->base.session, &start, &end);
  g_assert_cmphex (end, ==, HEAP + 400 * self->page);

  record_tall (self, 10, 0);
  fixture_refresh (&self->base);
  atlas_session_get_focus (self->base.session, &start, &end);
  g_assert_cmphex (end, ==, 0x550000000000 + 19 * 0x1000000 + 200 * self->page);
}

static void
test_resize (MapFixture *self, gconstpointer user_data)
{
  guint64 start = 0, last = 0;

  g_test_summary ("A narrower window keeps the address at the top of the view");

  show (self);
  atlas_session_reveal (self->base.session, ANONYMOUS + 500 * self->page);
  gtk_adjustment_set_value (get_adjustment (self),
                            gtk_adjustment_get_value (get_adjustment (self)) + 200.0);
  g_assert_true (get_cell_at (self, 120, 1, &start, &last));
  fixture_resize (&self->base, self->view, 500, HEIGHT);
  for (double x = 80; x < 500; x += 4)
    {
      guint64 first, end;

      if (get_cell_at (self, x, 1, &first, &end) && first <= start && start <= end)
        return;
    }
  g_assert_not_reached ();
}

static void
test_zoom_keys (MapFixture *self, gconstpointer user_data)
{
  double x, y, new_x, new_y;
  guint64 start, last;

  g_test_summary ("Plus and minus zoom about the cell cursor, 0 goes back, to the limits and no "
                  "further");

  show (self);
  atlas_session_select (self->base.session, ANONYMOUS + 600 * self->page);
  atlas_session_reveal (self->base.session, ANONYMOUS + 600 * self->page);
  g_assert_true (find_point (self, get_selected (self), &x, &y));

  press (self, GDK_KEY_minus, 0);
  g_assert_cmpfloat (atlas_map_view_get_zoom (ATLAS_MAP_VIEW (self->view)), ==, -1);
  g_assert_true (find_point (self, get_selected (self), &new_x, &new_y));
  g_assert_cmpfloat (fabs (new_y - y), <=, 8.0);
  g_assert_true (get_cell_at (self, new_x, new_y, &start, &last));
  g_assert_cmphex (last + 1 - start, ==, 2 * self->page);

  press (self, GDK_KEY_KP_Add, GDK_CONTROL_MASK);
  g_assert_cmpfloat (atlas_map_view_get_zoom (ATLAS_MAP_VIEW (self->view)), ==, 0);
  for (guint i = 0; i < 40; i++)
    fixture_press (self->view, GDK_KEY_minus, 0);
  g_assert_cmpfloat (atlas_map_view_get_zoom (ATLAS_MAP_VIEW (self->view)), >, -40);
  assert_selected_in_view (self);
  press (self, GDK_KEY_0, 0);
  g_assert_cmpfloat (atlas_map_view_get_zoom (ATLAS_MAP_VIEW (self->view)), ==, 0);
}

static void
count_cb (guint *count)
{
  (*count)++;
}

static void
test_animation (MapFixture *self, gconstpointer user_data)
{
  AtlasMapView *view = ATLAS_MAP_VIEW (self->view);
  guint n_changes = 0;

  g_test_summary ("Where animations are wanted a key zooms by and by, and two keys two steps");

  show (self);
  fixture_settle (&self->base);
  g_object_set (gtk_widget_get_settings (self->view), "gtk-enable-animations", TRUE, NULL);
  g_signal_connect_swapped (self->view, "notify::zoom", G_CALLBACK (count_cb), &n_changes);
  press (self, GDK_KEY_minus, 0);
  g_assert_cmpfloat (atlas_map_view_get_zoom (view), ==, 0.0);
  press (self, GDK_KEY_minus, 0);
  while (atlas_map_view_get_zoom (view) > -2.0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpfloat (atlas_map_view_get_zoom (view), ==, -2.0);
  g_assert_cmpuint (n_changes, >=, 1);
  g_object_set (gtk_widget_get_settings (self->view), "gtk-enable-animations", FALSE, NULL);
}

/* To the pixel. */
static gboolean
is_in_middle (MapFixture *self, guint64 address)
{
  double middle = floor (gtk_widget_get_height (self->view) / 2.0);
  guint64 start, last;

  for (double y = middle - 1.0; y <= middle + 1.0; y++)
    for (double x = 80.0; x < WIDTH; x += 4.0)
      if (get_cell_at (self, x, y, &start, &last) && start <= address && address <= last)
        return TRUE;
  return FALSE;
}

static void
test_scrub (MapFixture *self, gconstpointer user_data)
{
  double last;

  g_test_summary ("Scrubbing keeps the address in the middle, and moves evenly");

  show (self);
  atlas_session_scrub (self->base.session, HEAP + 399 * self->page);
  last = gtk_adjustment_get_value (get_adjustment (self));
  for (guint i = 399; i-- > 0;)
    {
      double value;

      atlas_session_scrub (self->base.session, HEAP + i * self->page);
      value = gtk_adjustment_get_value (get_adjustment (self));
      g_assert_cmpfloat (value, <, last);
      g_assert_cmpfloat (value, >, last - 1.0);
      last = value;
      if (i % 50 == 49)
        g_assert_true (is_in_middle (self, HEAP + i * self->page));
    }
}

static void
test_actions (MapFixture *self, gconstpointer user_data)
{
  g_test_summary ("A menu can zoom as well");

  show (self);
  g_assert_true (gtk_widget_activate_action (self->view, "map.zoom-out", NULL));
  g_assert_cmpfloat (atlas_map_view_get_zoom (ATLAS_MAP_VIEW (self->view)), ==, -1);
  g_assert_true (gtk_widget_activate_action (self->view, "map.zoom-in", NULL));
  g_assert_true (gtk_widget_activate_action (self->view, "map.zoom-out", NULL));
  g_assert_true (gtk_widget_activate_action (self->view, "map.zoom-reset", NULL));
  g_assert_cmpfloat (atlas_map_view_get_zoom (ATLAS_MAP_VIEW (self->view)), ==, 0);
}

static void
test_tooltip (MapFixture *self, gconstpointer user_data)
{
  g_auto (GStrv) lines = NULL;
  g_auto (GStrv) by_key = NULL;
  double x, y;

  g_test_summary ("The tooltip of a cell, by pointer and by key");

  show (self);
  atlas_session_select (self->base.session, HEAP + 11 * self->page);
  atlas_session_reveal (self->base.session, HEAP + 11 * self->page);
  g_assert_true (find_point (self, get_selected (self), &x, &y));
  lines = fixture_query_tooltip (self->view, x, y, FALSE);
  g_assert_cmpstr (lines[0], ==, "0x55f01c2eb000, page 12 of 400");
  g_assert_cmpstr (lines[2], ==, "counted in VmSize, VmRSS, RssAnon, VmData");
  by_key = fixture_query_tooltip (self->view, -1, -1, TRUE);
  g_assert_true (g_strv_equal ((const char *const *) lines, (const char *const *) by_key));
}

static void
test_other_process (MapFixture *self, gconstpointer user_data)
{
  g_test_summary ("Another process begins at the top");

  show (self);
  gtk_adjustment_set_value (get_adjustment (self), 300.0);
  atlas_session_set_pid (self->base.session, 0);
  g_assert_cmpfloat_with_epsilon (gtk_adjustment_get_value (get_adjustment (self)), 0.0, 1e-6);
  fixture_refresh (&self->base);
  g_assert_cmpfloat_with_epsilon (gtk_adjustment_get_value (get_adjustment (self)), 0.0, 1e-6);
}

/* Painting */

static GBytes *
render (MapFixture *self)
{
  return fixture_render (&self->base, self->view);
}

static void
assert_pixel (MapFixture *self, GBytes *pixels, double x, double y, const AtlasColor *color)
{
  const guchar *data = g_bytes_get_data (pixels, NULL);
  const guchar *pixel =
      data + ((gsize) y * (gsize) gtk_widget_get_width (self->view) + (gsize) x) * 4;

  /* Blue, green, red: CAIRO_FORMAT_ARGB32 on this byte order. */
  g_assert_cmpint (ABS (pixel[2] - (int) (color->red * 255.0)), <=, 2);
  g_assert_cmpint (ABS (pixel[1] - (int) (color->green * 255.0)), <=, 2);
  g_assert_cmpint (ABS (pixel[0] - (int) (color->blue * 255.0)), <=, 2);
}

static void
test_painting (MapFixture *self, gconstpointer user_data)
{
  AtlasAppearance *appearance = atlas_appearance_get_default ();
  const AtlasPalette *palette = atlas_appearance_get_palette (appearance);
  g_autoptr (GBytes) plain = NULL, selected = NULL, lit = NULL, again = NULL, dark = NULL;
  double x, y, absent_x, absent_y;

  g_test_summary ("A resident page has its kind's colour, an absent one the tint; selection, "
                  "highlight and darkness show");

  show (self);
  atlas_session_reveal (self->base.session, HEAP + 200 * self->page);
  g_assert_true (find_middle (self, HEAP + 200 * self->page, &x, &y));
  g_assert_true (find_middle (self, HEAP + 390 * self->page, &absent_x, &absent_y));
  plain = render (self);
  assert_pixel (self, plain, x, y, &palette->kind[ATLAS_KIND_HEAP]);
  assert_pixel (self, plain, absent_x, absent_y, &palette->tint[ATLAS_KIND_HEAP]);

  atlas_session_select (self->base.session, HEAP + 200 * self->page);
  selected = render (self);
  g_assert_false (g_bytes_equal (plain, selected));
  atlas_session_select (self->base.session, 0);

  atlas_session_set_highlight (self->base.session, ATLAS_COUNTER_RSS_FILE);
  lit = render (self);
  g_assert_false (g_bytes_equal (plain, lit));
  atlas_session_set_highlight (self->base.session, ATLAS_COUNTER_NONE);
  again = render (self);
  g_assert_true (g_bytes_equal (plain, again));

  atlas_appearance_set_dark (appearance, TRUE);
  dark = render (self);
  assert_pixel (self, dark, x, y,
                &atlas_appearance_get_palette (appearance)->kind[ATLAS_KIND_HEAP]);
  atlas_appearance_set_dark (appearance, FALSE);
}

static void
test_repainting (MapFixture *self, gconstpointer user_data)
{
  g_autoptr (GBytes) before = NULL, after = NULL;
  double x, y;

  g_test_summary ("A page that comes to be resident is painted so at the next sample");

  show (self);
  atlas_session_reveal (self->base.session, HEAP + 390 * self->page);
  g_assert_true (find_point (self, HEAP + 390 * self->page, &x, &y));
  before = render (self);
  fixture_refresh (&self->base);
  after = render (self);
  g_assert_true (g_bytes_equal (before, after));

  fixture_begin_maps (&self->base);
  recording_add (self->base.recording, HEAP, 400, "rw-p", 0, "[heap]", 400);
  fixture_refresh (&self->base);
  g_assert_true (find_point (self, HEAP + 390 * self->page, &x, &y));
  g_clear_pointer (&after, g_bytes_unref);
  after = render (self);
  assert_pixel (
      self, after, x + 2, y + 2,
      &atlas_appearance_get_palette (atlas_appearance_get_default ())->kind[ATLAS_KIND_HEAP]);
}

/* Names */

/* The heap's first pages are two allocations, which share the 26th. */
static AtlasLabels *
new_labels (void)
{
  AtlasLabelsBuilder *builder = atlas_labels_builder_new ();

  atlas_labels_builder_add (builder, HEAP + 0x10, HEAP + 0x19010, "a · malloc 100 KiB", "a");
  atlas_labels_builder_add (builder, HEAP + 0x19020, HEAP + 0x40000, "b · malloc 155 KiB", "b");
  return atlas_labels_builder_end (builder);
}

#define A_AT "a · malloc 100 KiB at 0x55f01c2e0010–0x55f01c2f9010"
#define B_AT "b · malloc 155 KiB at 0x55f01c2f9020–0x55f01c320000"

static void
test_names (MapFixture *self, gconstpointer user_data)
{
  g_autoptr (AtlasLabels) labels = new_labels ();
  g_autoptr (GBytes) without = NULL, with = NULL, again = NULL;
  g_auto (GStrv) lines = NULL, nameless = NULL;
  double x, y, top;

  g_test_summary ("Names come and go without anything moving; a page names all that is on it");

  show (self);
  atlas_session_reveal (self->base.session, HEAP + 25 * self->page);
  g_assert_true (find_point (self, HEAP + 25 * self->page, &x, &y));
  atlas_session_select (self->base.session, HEAP + 25 * self->page);
  without = render (self);
  top = gtk_adjustment_get_value (get_adjustment (self));

  atlas_session_set_labels (self->base.session, labels);
  with = render (self);
  g_assert_false (g_bytes_equal (without, with));
  g_assert_cmpfloat_with_epsilon (gtk_adjustment_get_value (get_adjustment (self)), top, 1e-6);
  lines = fixture_query_tooltip (self->view, x, y, FALSE);
  g_assert_cmpstr (lines[1], ==, A_AT);
  g_assert_cmpstr (lines[2], ==, B_AT);
  fixture_assert_text (self->view, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                       "[heap], page 26 of 400 at 0x55f01c2f9000, resident, anonymous, still "
                       "shared with another process: " A_AT ", " B_AT);
  atlas_session_select (self->base.session, HEAP);
  fixture_assert_text (self->view, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                       "[heap], page 1 of 400 at 0x55f01c2e0000, resident, anonymous, still "
                       "shared with another process: " A_AT);

  atlas_session_set_labels (self->base.session, NULL);
  atlas_session_select (self->base.session, HEAP + 25 * self->page);
  again = render (self);
  g_assert_true (g_bytes_equal (without, again));
  nameless = fixture_query_tooltip (self->view, x, y, FALSE);
  g_assert_true (g_str_has_prefix (nameless[1], "resident"));
}

/* What changed */

static guint
count_accent (MapFixture *self)
{
  const AtlasPalette *palette = atlas_appearance_get_palette (atlas_appearance_get_default ());
  g_autoptr (GBytes) pixels = render (self);

  return fixture_count_color (pixels, &palette->accent);
}

static void
touch (MapFixture *self, guint64 n_resident)
{
  fixture_begin_maps (&self->base);
  recording_add (self->base.recording, HEAP, 400, "rw-p", 0, "[heap]", n_resident);
}

static void
flash (MapFixture *self, guint64 n_resident)
{
  atlas_session_flash (self->base.session, atlas_session_get_snapshot (self->base.session));
  touch (self, n_resident);
  fixture_refresh (&self->base);
}

static void
test_changes (MapFixture *self, gconstpointer user_data)
{
  guint n_accent;

  g_test_summary ("Without motion what changed is outlined until something else is done");

  touch (self, 10);
  show (self);
  g_assert_cmpuint (count_accent (self), ==, 0);
  flash (self, 20);
  n_accent = count_accent (self);
  g_assert_cmpuint (n_accent, >, 50);
  /* It stays when nothing is new, and when the place is another. */
  fixture_refresh (&self->base);
  g_assert_cmpuint (count_accent (self), ==, n_accent);
  gtk_adjustment_set_value (get_adjustment (self), 1e9);
  g_assert_cmpuint (count_accent (self), >, 0);
  atlas_session_flash (self->base.session, NULL);
  g_assert_cmpuint (count_accent (self), ==, 0);
}

static void
test_changes_fade (MapFixture *self, gconstpointer user_data)
{
  gint64 begin, took;

  g_test_summary ("With motion it fades away by itself");

  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", TRUE, NULL);
  touch (self, 10);
  show (self);
  flash (self, 20);
  begin = g_get_monotonic_time ();
  g_assert_cmpuint (count_accent (self), >, 50);
  while (count_accent (self) > 0)
    g_assert_cmpint (g_get_monotonic_time () - begin, <, 60 * G_USEC_PER_SEC);
  took = g_get_monotonic_time () - begin;
  g_test_message ("%d ms", (int) (took / 1000));
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
}

static void
collect_drawings (GskRenderNode *node, GPtrArray *drawings)
{
  GskRenderNodeType type = gsk_render_node_get_node_type (node);

  if (type == GSK_CAIRO_NODE)
    g_ptr_array_add (drawings, gsk_render_node_ref (node));
  else if (type == GSK_TRANSFORM_NODE)
    collect_drawings (gsk_transform_node_get_child (node), drawings);
  else if (type == GSK_CLIP_NODE)
    collect_drawings (gsk_clip_node_get_child (node), drawings);
  else if (type == GSK_ROUNDED_CLIP_NODE)
    collect_drawings (gsk_rounded_clip_node_get_child (node), drawings);
  else if (type == GSK_CONTAINER_NODE)
    for (guint i = 0; i < gsk_container_node_get_n_children (node); i++)
      collect_drawings (gsk_container_node_get_child (node, i), drawings);
}

/* What cairo has drawn for the view, in the order in which it is put together. */
static GPtrArray *
get_drawings (MapFixture *self)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (self->view);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  GPtrArray *drawings = g_ptr_array_new_with_free_func ((GDestroyNotify) gsk_render_node_unref);

  fixture_settle (&self->base);
  gdk_paintable_snapshot (paintable, snapshot, gtk_widget_get_width (self->view),
                          gtk_widget_get_height (self->view));
  node = gtk_snapshot_free_to_node (snapshot);
  collect_drawings (node, drawings);
  return drawings;
}

/* Has the heap's pages read so long before the sample that is shown. */
static void
show_age (MapFixture *self, gint64 age)
{
  recording_set_age (atlas_session_get_snapshot (self->base.session), HEAP, HEAP + 400 * self->page,
                     age);
  g_object_notify (G_OBJECT (self->base.session), "snapshot");
}

static void
test_ages (MapFixture *self, gconstpointer user_data)
{
  g_autoptr (GPtrArray) new = NULL, old = NULL, older = NULL, again = NULL;

  g_test_summary ("A card whose pages are old says so, and nothing else is drawn again for it");

  show (self);
  atlas_session_reveal (self->base.session, HEAP);
  atlas_session_select (self->base.session, HEAP + 11 * self->page);
  show_age (self, G_USEC_PER_SEC);
  new = get_drawings (self);
  show_age (self, 4 * G_USEC_PER_SEC);
  old = get_drawings (self);
  show_age (self, 5 * G_USEC_PER_SEC);
  older = get_drawings (self);
  fixture_assert_text (
      self->view, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
      "[heap], page 12 of 400 at 0x55f01c2eb000, resident, anonymous, still shared "
      "with another process, pages read 5 s ago");
  show_age (self, 0);
  again = get_drawings (self);

  /* Bands, an age, and the ring of the selection, which is drawn again after every sample. */
  g_assert_cmpuint (new->len, >=, 2);
  g_assert_cmpuint (old->len, ==, new->len + 1);
  g_assert_cmpuint (older->len, ==, new->len + 1);
  g_assert_cmpuint (again->len, ==, new->len);
  for (guint i = 0; i + 1 < new->len; i++)
    {
      g_assert_true (old->pdata[i] == new->pdata[i]);
      g_assert_true (older->pdata[i] == new->pdata[i]);
      g_assert_true (again->pdata[i] == new->pdata[i]);
    }
  g_assert_true (old->pdata[new->len - 1] != older->pdata[new->len - 1]);
}

/* The pointer, moved by the X server's test extension. The window is at 0, 0: nothing manages it.
 */

static void
xdotool (const char *arguments)
{
  g_autofree char *command = g_strconcat ("xdotool ", arguments, NULL);
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_command_line_sync (command, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));
}

static gboolean
has_xdotool (void)
{
  g_autofree char *path = g_find_program_in_path ("xdotool");

  if (path == NULL)
    g_test_skip ("xdotool is not installed");
  return path != NULL;
}

static void
set_true_cb (gboolean *flag)
{
  *flag = TRUE;
}

static void
wait_for_notify (gpointer object, const char *signal, const char *arguments)
{
  gboolean seen = FALSE;
  gulong handler = g_signal_connect_swapped (object, signal, G_CALLBACK (set_true_cb), &seen);

  xdotool (arguments);
  while (!seen)
    g_main_context_iteration (NULL, TRUE);
  g_signal_handler_disconnect (object, handler);
}

static void
test_click (MapFixture *self, gconstpointer user_data)
{
  g_autofree char *arguments = NULL;
  double x, y;

  g_test_summary ("A click selects the page under the pointer and takes the focus");

  if (!has_xdotool ())
    return;

  show (self);
  atlas_session_reveal (self->base.session, HEAP + 200 * self->page);
  g_assert_true (find_point (self, HEAP + 200 * self->page, &x, &y));
  fixture_settle (&self->base);
  arguments = g_strdup_printf ("mousemove %d %d click 1", (int) x + 2, (int) y + 2);
  wait_for_notify (self->base.session, "notify::selected-address", arguments);
  g_assert_cmphex (get_selected (self), ==, HEAP + 200 * self->page);
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (self->base.window)) == self->view);
}

static void
test_wheel (MapFixture *self, gconstpointer user_data)
{
  g_autofree char *move = NULL;
  guint64 start, last, address = ANONYMOUS + 600 * self->page;
  double x, y, new_x, new_y;

  g_test_summary ("Control and the wheel zoom; the row under the pointer stays under it");

  if (!has_xdotool ())
    return;

  show (self);
  atlas_session_reveal (self->base.session, address);
  g_assert_true (find_point (self, address, &x, &y));
  fixture_settle (&self->base);
  move =
      g_strdup_printf ("mousemove %d %d keydown ctrl click 5 keyup ctrl", (int) x + 2, (int) y + 2);
  wait_for_notify (self->view, "notify::zoom", move);
  g_assert_cmpfloat (atlas_map_view_get_zoom (ATLAS_MAP_VIEW (self->view)), ==, -0.5);
  wait_for_notify (self->view, "notify::zoom", "keydown ctrl click 5 keyup ctrl");
  g_assert_cmpfloat (atlas_map_view_get_zoom (ATLAS_MAP_VIEW (self->view)), ==, -1);
  g_assert_true (find_point (self, address, &new_x, &new_y));
  g_assert_cmpfloat (fabs (new_y - y), <=, 8.0);
  g_assert_true (get_cell_at (self, new_x, new_y, &start, &last));
  g_assert_cmphex (last + 1 - start, ==, 2 * self->page);

  wait_for_notify (self->view, "notify::zoom", "keydown ctrl click 4 keyup ctrl");
  wait_for_notify (self->view, "notify::zoom", "keydown ctrl click 4 keyup ctrl");
  g_assert_cmpfloat (atlas_map_view_get_zoom (ATLAS_MAP_VIEW (self->view)), ==, 0);
}

static void
test_wheel_there_and_back (MapFixture *self, gconstpointer user_data)
{
  g_autofree char *move = NULL;
  double before, x, y;

  g_test_summary ("Zooming in and out again without moving the pointer ends where it began");

  if (!has_xdotool ())
    return;

  show (self);
  atlas_session_reveal (self->base.session, HEAP + 200 * self->page);
  g_assert_true (find_point (self, HEAP + 200 * self->page, &x, &y));
  fixture_settle (&self->base);
  before = gtk_adjustment_get_value (get_adjustment (self));
  move = g_strdup_printf ("mousemove %d %d", (int) x + 2, (int) y + 2);
  xdotool (move);
  for (guint i = 0; i < 6; i++)
    wait_for_notify (self->view, "notify::zoom", "keydown ctrl click 5 keyup ctrl");
  for (guint i = 0; i < 6; i++)
    wait_for_notify (self->view, "notify::zoom", "keydown ctrl click 4 keyup ctrl");
  g_assert_cmpfloat (atlas_map_view_get_zoom (ATLAS_MAP_VIEW (self->view)), ==, 0.0);
  g_assert_cmpfloat_with_epsilon (gtk_adjustment_get_value (get_adjustment (self)), before, 1.0);
}

static void
test_pan (MapFixture *self, gconstpointer user_data)
{
  double before;

  g_test_summary ("The middle button drags the map along");

  if (!has_xdotool ())
    return;

  show (self);
  atlas_session_reveal (self->base.session, HEAP);
  fixture_settle (&self->base);
  before = gtk_adjustment_get_value (get_adjustment (self));
  xdotool ("mousemove 300 200 mousedown 2");
  wait_for_notify (get_adjustment (self), "value-changed", "mousemove 300 260");
  xdotool ("mouseup 2");
  fixture_settle (&self->base);
  g_assert_cmpfloat (gtk_adjustment_get_value (get_adjustment (self)), <, before - 40.0);
}

/* Fingers. No X server without a touch screen has any, so where they are is said here, in the place
 * of GTK, and the gesture's signals are emitted by hand. */

static struct
{
  gboolean down;
  double x, y; /* between them */
} fingers;

gboolean __wrap_gtk_gesture_get_bounding_box_center (GtkGesture *gesture, double *x, double *y);

gboolean
__wrap_gtk_gesture_get_bounding_box_center (GtkGesture *gesture, double *x, double *y)
{
  *x = fingers.x;
  *y = fingers.y;
  return fingers.down;
}

static void
pinch_emit (MapFixture *self, const char *signal, double scale)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (self->view);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (!GTK_IS_GESTURE_ZOOM (controller))
        continue;
      if (g_str_equal (signal, "scale-changed"))
        g_signal_emit_by_name (controller, signal, scale);
      else
        g_signal_emit_by_name (controller, signal, NULL);
      return;
    }
  g_assert_not_reached ();
}

static void
pinch_begin (MapFixture *self, double x, double y)
{
  fingers.down = TRUE;
  fingers.x = x;
  fingers.y = y;
  pinch_emit (self, "begin", 1.0);
}

static void
pinch_to (MapFixture *self, double scale, double y)
{
  fingers.y = y;
  pinch_emit (self, "scale-changed", scale);
}

static void
pinch_end (MapFixture *self, const char *signal)
{
  fingers.down = FALSE;
  pinch_emit (self, signal, 1.0);
}

static double
get_zoom (MapFixture *self)
{
  return atlas_map_view_get_zoom (ATLAS_MAP_VIEW (self->view));
}

/* Shows the middle of a tall region, and where a page of it is. */
static guint64
show_tall (MapFixture *self, double *x, double *y)
{
  const guint64 address = ANONYMOUS + 600 * self->page;

  show (self);
  atlas_session_reveal (self->base.session, address);
  g_assert_true (find_point (self, address, x, y));
  return address;
}

/* Less than two rows of cells; a point is found to within seven pixels. */
static void
assert_row_at (MapFixture *self, guint64 address, double y)
{
  double new_x, new_y;

  g_assert_true (find_point (self, address, &new_x, &new_y));
  g_assert_cmpfloat (fabs (new_y - y), <=, 14.0);
}

static void
test_pinch (MapFixture *self, gconstpointer user_data)
{
  guint64 address, start, last;
  double x, y;

  g_test_summary ("Fingers that come together zoom out; what is between them stays there");

  address = show_tall (self, &x, &y);
  pinch_begin (self, x, y);
  g_assert_cmpfloat (get_zoom (self), ==, 0.0);
  pinch_to (self, 0.5, y);
  g_assert_cmpfloat (get_zoom (self), ==, -1.0);
  assert_row_at (self, address, y);
  pinch_to (self, 0.25, y);
  g_assert_cmpfloat (get_zoom (self), ==, -2.0);
  assert_row_at (self, address, y);
  pinch_end (self, "end");

  /* The next one goes on from there. */
  g_assert_true (find_point (self, address, &x, &y));
  pinch_begin (self, x, y);
  pinch_to (self, 2.0, y);
  g_assert_cmpfloat (get_zoom (self), ==, -1.0);
  assert_row_at (self, address, y);
  g_assert_true (find_point (self, address, &x, &y));
  g_assert_true (get_cell_at (self, x, y, &start, &last));
  g_assert_cmphex (last + 1 - start, ==, 2 * self->page);
  pinch_end (self, "end");
}

static void
test_pinch_there_and_back (MapFixture *self, gconstpointer user_data)
{
  double before, x, y;

  g_test_summary ("Fingers that go apart again, not lifted, end where they began");

  show_tall (self, &x, &y);
  before = gtk_adjustment_get_value (get_adjustment (self));
  pinch_begin (self, x, y);
  for (double scale = 0.9; scale > 0.05; scale *= 0.9)
    pinch_to (self, scale, y);
  g_assert_cmpfloat (get_zoom (self), <, -3.0);
  pinch_to (self, 1.0, y);
  pinch_end (self, "end");
  g_assert_cmpfloat (get_zoom (self), ==, 0.0);
  g_assert_cmpfloat_with_epsilon (gtk_adjustment_get_value (get_adjustment (self)), before, 1.0);
}

static void
test_pinch_carry (MapFixture *self, gconstpointer user_data)
{
  double x, y;
  guint64 address;

  g_test_summary ("Fingers carry along what is between them, also where they zoom no further");

  address = show_tall (self, &x, &y);
  pinch_begin (self, x, y);
  pinch_to (self, 0.5, y - 60.0);
  assert_row_at (self, address, y - 60.0);
  pinch_to (self, 0.5, y + 40.0);
  g_assert_cmpfloat (get_zoom (self), ==, -1.0);
  assert_row_at (self, address, y + 40.0);
  pinch_end (self, "end");
}

static void
test_pinch_limits (MapFixture *self, gconstpointer user_data)
{
  double least, most, x, y;

  g_test_summary ("Fingers zoom as far as keys do, and no scale confuses them");

  show_tall (self, &x, &y);
  for (guint i = 0; i < 60; i++)
    fixture_press (self->view, GDK_KEY_minus, 0);
  least = get_zoom (self);
  for (guint i = 0; i < 60; i++)
    fixture_press (self->view, GDK_KEY_plus, 0);
  most = get_zoom (self);

  pinch_begin (self, x, y);
  pinch_to (self, 1e-30, y);
  g_assert_cmpfloat (get_zoom (self), ==, least);
  pinch_to (self, 1e30, y);
  g_assert_cmpfloat (get_zoom (self), ==, most);
  pinch_to (self, 0.0, y);
  pinch_to (self, -1.0, y);
  g_assert_cmpfloat (get_zoom (self), ==, most);
  pinch_end (self, "end");
}

static void
test_pinch_over (MapFixture *self, gconstpointer user_data)
{
  const char *const signals[] = { "end", "cancel" };
  double x, y;

  g_test_summary ("Lifted fingers zoom nothing, nor do any on an empty map");

  fixture_present_scrolled (&self->base, self->view, WIDTH, HEIGHT);
  pinch_begin (self, 100.0, 100.0);
  pinch_to (self, 0.5, 100.0);
  g_assert_cmpfloat (get_zoom (self), ==, 0.0);
  pinch_end (self, "end");

  fixture_refresh (&self->base);
  atlas_session_reveal (self->base.session, HEAP);
  g_assert_true (find_point (self, HEAP, &x, &y));
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    {
      pinch_begin (self, x, y);
      pinch_end (self, signals[i]);
      fingers.down = TRUE;
      pinch_to (self, 0.5, y);
      g_assert_cmpfloat (get_zoom (self), ==, 0.0);
      fingers.down = FALSE;
    }
}

static void
add (const char *path, void (*test) (MapFixture *, gconstpointer))
{
  g_test_add (path, MapFixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);

  add ("/widgets/map-view/empty", test_empty);
  add ("/widgets/map-view/properties", test_properties);
  add ("/widgets/map-view/accessible", test_accessible);
  add ("/widgets/map-view/focus", test_focus);
  add ("/widgets/map-view/cursor", test_cursor);
  add ("/widgets/map-view/walk", test_walk);
  add ("/widgets/map-view/escape", test_escape);
  add ("/widgets/map-view/reveal", test_reveal);
  add ("/widgets/map-view/reveal-early", test_reveal_early);
  add ("/widgets/map-view/reveal-card", test_reveal_card);
  add ("/widgets/map-view/refresh", test_refresh);
  add ("/widgets/map-view/region-goes", test_region_goes);
  add ("/widgets/map-view/resize", test_resize);
  add ("/widgets/map-view/zoom-keys", test_zoom_keys);
  add ("/widgets/map-view/animation", test_animation);
  add ("/widgets/map-view/scrub", test_scrub);
  add ("/widgets/map-view/actions", test_actions);
  add ("/widgets/map-view/tooltip", test_tooltip);
  add ("/widgets/map-view/other-process", test_other_process);
  add ("/widgets/map-view/painting", test_painting);
  add ("/widgets/map-view/repainting", test_repainting);
  add ("/widgets/map-view/names", test_names);
  add ("/widgets/map-view/changes", test_changes);
  add ("/widgets/map-view/changes-fade", test_changes_fade);
  add ("/widgets/map-view/ages", test_ages);
  add ("/widgets/map-view/click", test_click);
  add ("/widgets/map-view/wheel", test_wheel);
  add ("/widgets/map-view/wheel-there-and-back", test_wheel_there_and_back);
  add ("/widgets/map-view/pan", test_pan);
  add ("/widgets/map-view/pinch", test_pinch);
  add ("/widgets/map-view/pinch-there-and-back", test_pinch_there_and_back);
  add ("/widgets/map-view/pinch-carry", test_pinch_carry);
  add ("/widgets/map-view/pinch-limits", test_pinch_limits);
  add ("/widgets/map-view/pinch-over", test_pinch_over);

  return g_test_run ();
}
