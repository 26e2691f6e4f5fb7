/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The counter bar in a window, on a recorded status whose numbers are known. */

#include "atlas-counter-bar.h"
#include "atlas-counter-tile.h"
#include "widget-fixture.h"

#define WIDTH 700
#define HEIGHT 200

typedef struct
{
  Fixture base;
  GtkWidget *bar;
} BarFixture;

static void
set_up (BarFixture *self, gconstpointer user_data)
{
  fixture_init (&self->base, TRUE);
  self->bar = g_object_ref_sink (
      g_object_new (ATLAS_TYPE_COUNTER_BAR, "session", self->base.session, NULL));
}

static void
tear_down (BarFixture *self, gconstpointer user_data)
{
  fixture_close (&self->base);
  g_assert_finalize_object (self->bar);
  fixture_clear (&self->base);
}

static void
show (BarFixture *self)
{
  fixture_refresh (&self->base);
  fixture_present (&self->base, self->bar, WIDTH, HEIGHT);
}

static AtlasCounterTile *
get_tile (BarFixture *self, AtlasCounter counter)
{
  GtkWidget *tile = fixture_find (self->bar, ATLAS_TYPE_COUNTER_TILE);

  while (tile != NULL && atlas_counter_tile_get_counter (ATLAS_COUNTER_TILE (tile)) != counter)
    tile = gtk_widget_get_next_sibling (tile);
  g_assert_nonnull (tile);
  return ATLAS_COUNTER_TILE (tile);
}

static void
click (BarFixture *self, AtlasCounter counter)
{
  GtkWidget *button = atlas_counter_tile_get_button (get_tile (self, counter));

  g_signal_emit_by_name (button, "clicked");
}

static AtlasCounter
get_highlight (BarFixture *self)
{
  return atlas_session_get_highlight (self->base.session);
}

static void
assert_lit (BarFixture *self, AtlasCounter wanted)
{
  g_assert_cmpint ((int) get_highlight (self), ==, (int) wanted);
  for (AtlasCounter counter = 0; counter < ATLAS_N_COUNTERS; counter++)
    g_assert_cmpint (atlas_counter_tile_get_active (get_tile (self, counter)), ==,
                     counter == wanted);
}

static void
test_order (BarFixture *self, gconstpointer user_data)
{
  static const AtlasCounter order[] = { ATLAS_COUNTER_VM_SIZE,  ATLAS_COUNTER_VM_RSS,
                                        ATLAS_COUNTER_RSS_ANON, ATLAS_COUNTER_RSS_FILE,
                                        ATLAS_COUNTER_VM_LCK,   ATLAS_COUNTER_VM_SWAP,
                                        ATLAS_COUNTER_VM_DATA,  ATLAS_COUNTER_RSS_SHMEM,
                                        ATLAS_COUNTER_VM_STK,   ATLAS_COUNTER_VM_EXE,
                                        ATLAS_COUNTER_VM_LIB,   ATLAS_COUNTER_HUGETLB_PAGES,
                                        ATLAS_COUNTER_VM_HWM,   ATLAS_COUNTER_VM_PEAK,
                                        ATLAS_COUNTER_VM_PIN,   ATLAS_COUNTER_VM_PTE };
  GtkWidget *tile = fixture_find (self->bar, ATLAS_TYPE_COUNTER_TILE);

  g_test_summary ("All counters are there, in the order in which one asks for them");

  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    {
      g_assert_nonnull (tile);
      g_assert_cmpint ((int) atlas_counter_tile_get_counter (ATLAS_COUNTER_TILE (tile)), ==,
                       (int) order[i]);
      tile = gtk_widget_get_next_sibling (tile);
    }
  g_assert_null (tile);
}

static void
test_values (BarFixture *self, gconstpointer user_data)
{
  g_test_summary ("Values are those of status; before there is one, and where a line is missing, a "
                  "dash");

  g_assert_cmpstr (atlas_counter_tile_get_value (get_tile (self, ATLAS_COUNTER_VM_RSS)), ==, "–");
  recording_write (self->base.recording, "status",
                   "Name:\tshell\nState:\tS (sleeping)\nTgid:\t4211\nPid:\t4211\nPPid:\t1\n"
                   "Uid:\t0\t0\t0\t0\nVmSize:\t 2097152 kB\nVmRSS:\t 5120 kB\nThreads:\t1\n");
  show (self);
  g_assert_cmpstr (atlas_counter_tile_get_value (get_tile (self, ATLAS_COUNTER_VM_SIZE)), ==,
                   "2 GiB");
  g_assert_cmpstr (atlas_counter_tile_get_value (get_tile (self, ATLAS_COUNTER_VM_RSS)), ==,
                   "5 MiB");
  g_assert_cmpstr (atlas_counter_tile_get_value (get_tile (self, ATLAS_COUNTER_VM_SWAP)), ==, "–");
  g_assert_cmpstr (atlas_counter_tile_get_change (get_tile (self, ATLAS_COUNTER_VM_RSS)), ==, "");
}

/* What status says, with VmRSS and VmSwap as given. */
static void
write_status (BarFixture *self, guint rss_kb, guint swap_kb)
{
  g_autofree char *status = g_strdup_printf (
      "Name:\tshell\nState:\tS (sleeping)\nTgid:\t4211\nPid:\t4211\nPPid:\t1\n"
      "Uid:\t0\t0\t0\t0\nVmSize:\t 2097152 kB\nVmRSS:\t %u kB\nVmSwap:\t %u kB\nThreads:\t1\n",
      rss_kb, swap_kb);

  recording_write (self->base.recording, "status", status);
}

static void
test_changes (BarFixture *self, gconstpointer user_data)
{
  AtlasCounterTile *rss, *swap;

  g_test_summary ("The change is since the sample before; none is not written");

  write_status (self, 5000, 100);
  show (self);
  rss = get_tile (self, ATLAS_COUNTER_VM_RSS);
  swap = get_tile (self, ATLAS_COUNTER_VM_SWAP);
  write_status (self, 5000 + 2048, 96);
  fixture_refresh (&self->base);
  g_assert_cmpstr (atlas_counter_tile_get_change (rss), ==, "+2 MiB");
  g_assert_cmpstr (atlas_counter_tile_get_change (swap), ==, "−4 KiB");
  fixture_refresh (&self->base);
  g_assert_cmpstr (atlas_counter_tile_get_change (rss), ==, "");
}

static void
test_steady (BarFixture *self, gconstpointer user_data)
{
  static const guint values[] = { 0, 1023, 1000 * 1024 + 1023, 1023 * 1024, 1023u * 1024 * 1024 };
  GtkWidget *tile;
  int width;

  g_test_summary ("Nothing moves sideways, whatever the numbers");

  write_status (self, 0, 0);
  show (self);
  tile = GTK_WIDGET (get_tile (self, ATLAS_COUNTER_VM_RSS));
  width = gtk_widget_get_width (tile);
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      write_status (self, values[i], 0);
      fixture_refresh (&self->base);
      fixture_settle (&self->base);
      g_assert_cmpint (gtk_widget_get_width (tile), ==, width);
    }
}

static void
test_toggles (BarFixture *self, gconstpointer user_data)
{
  g_test_summary ("A click lights a counter, another one that instead, the same again none");

  show (self);
  assert_lit (self, ATLAS_COUNTER_NONE);
  click (self, ATLAS_COUNTER_VM_RSS);
  assert_lit (self, ATLAS_COUNTER_VM_RSS);
  click (self, ATLAS_COUNTER_VM_SIZE);
  assert_lit (self, ATLAS_COUNTER_VM_SIZE);
  click (self, ATLAS_COUNTER_VM_SIZE);
  assert_lit (self, ATLAS_COUNTER_NONE);
}

static void
test_follows_session (BarFixture *self, gconstpointer user_data)
{
  g_test_summary ("What another view lights is lit here; Escape puts it out");

  show (self);
  atlas_session_set_highlight (self->base.session, ATLAS_COUNTER_RSS_FILE);
  assert_lit (self, ATLAS_COUNTER_RSS_FILE);
  g_assert_true (fixture_press (self->bar, GDK_KEY_Escape, 0));
  assert_lit (self, ATLAS_COUNTER_NONE);
  g_assert_false (fixture_press (self->bar, GDK_KEY_Escape, 0));
}

static void
test_without_session (BarFixture *self, gconstpointer user_data)
{
  g_test_summary ("Without a session nothing stays lit");

  g_object_set (self->bar, "session", NULL, NULL);
  click (self, ATLAS_COUNTER_VM_RSS);
  g_assert_false (atlas_counter_tile_get_active (get_tile (self, ATLAS_COUNTER_VM_RSS)));
}

static void
test_explains (BarFixture *self, gconstpointer user_data)
{
  AtlasCounterTile *tile = get_tile (self, ATLAS_COUNTER_VM_PEAK);
  GtkWidget *button = atlas_counter_tile_get_button (tile);
  GtkWidget *popover;

  g_test_summary ("A peak lights nothing: it can be focused, and explains itself when pressed");

  show (self);
  g_assert_false (GTK_IS_TOGGLE_BUTTON (button));
  g_assert_true (gtk_widget_get_focusable (button));
  g_assert_true (gtk_widget_is_sensitive (button));
  click (self, ATLAS_COUNTER_VM_PEAK);
  assert_lit (self, ATLAS_COUNTER_NONE);
  popover = gtk_widget_get_last_child (GTK_WIDGET (tile));
  g_assert_true (GTK_IS_POPOVER (popover));
  while (!gtk_widget_get_visible (popover))
    g_main_context_iteration (NULL, TRUE);
  gtk_popover_popdown (GTK_POPOVER (popover));
}

static void
test_tooltip (BarFixture *self, gconstpointer user_data)
{
  g_auto (GStrv) lines = NULL;

  g_test_summary ("The tooltip has the exact number");

  show (self);
  lines = fixture_query_tooltip (GTK_WIDGET (get_tile (self, ATLAS_COUNTER_VM_RSS)), 5, 5, FALSE);
  g_assert_true (g_str_has_prefix (lines[0], "VmRSS · "));
  g_assert_true (g_strv_contains ((const char *const *) lines, "5,224 kB"));
}

/* GTK 4.10 has a role of its own for toggles. */
static GtkAccessibleRole
get_toggle_role (void)
{
  g_autoptr (GTypeClass) klass = g_type_class_ref (GTK_TYPE_TOGGLE_BUTTON);

  return gtk_widget_class_get_accessible_role (GTK_WIDGET_CLASS (klass));
}

static void
test_accessible (BarFixture *self, gconstpointer user_data)
{
  GtkWidget *rss = atlas_counter_tile_get_button (get_tile (self, ATLAS_COUNTER_VM_RSS));

  g_test_summary ("A toggle says its name and value, and whether it is pressed");

  show (self);
  gtk_test_accessible_assert_role (rss, get_toggle_role ());
  fixture_assert_text (rss, GTK_ACCESSIBLE_PROPERTY_LABEL, "VmRSS 5.1 MiB");
  gtk_test_accessible_assert_state (rss, GTK_ACCESSIBLE_STATE_PRESSED,
                                    GTK_ACCESSIBLE_TRISTATE_FALSE);
  click (self, ATLAS_COUNTER_VM_RSS);
  gtk_test_accessible_assert_state (rss, GTK_ACCESSIBLE_STATE_PRESSED,
                                    GTK_ACCESSIBLE_TRISTATE_TRUE);
  fixture_assert_text (self->bar, GTK_ACCESSIBLE_PROPERTY_LABEL, "Counters");
}

static void
test_scrolls (BarFixture *self, gconstpointer user_data)
{
  GtkWidget *scroller = fixture_find (self->bar, GTK_TYPE_SCROLLED_WINDOW);
  GtkAdjustment *adjustment = gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (scroller));
  GtkWidget *last = atlas_counter_tile_get_button (get_tile (self, ATLAS_COUNTER_VM_PTE));
  graphene_rect_t bounds;
  int minimum;

  g_test_summary ("In a narrow window the strip scrolls, and the focused counter comes into view");

  gtk_widget_measure (self->bar, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, <, 400);
  show (self);
  g_assert_cmpfloat (gtk_adjustment_get_upper (adjustment), >, WIDTH);
  g_assert_cmpfloat_with_epsilon (gtk_adjustment_get_value (adjustment), 0.0, 1e-6);
  gtk_widget_grab_focus (last);
  while (gtk_adjustment_get_value (adjustment) < 1.0)
    g_main_context_iteration (NULL, TRUE);
  fixture_settle (&self->base);
  g_assert_true (gtk_widget_compute_bounds (last, self->bar, &bounds));
  g_assert_cmpfloat (bounds.origin.x + bounds.size.width, <=, WIDTH + 0.5);
}

static void
add (const char *path, void (*test) (BarFixture *, gconstpointer))
{
  g_test_add (path, BarFixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);

  add ("/widgets/counter-bar/order", test_order);
  add ("/widgets/counter-bar/values", test_values);
  add ("/widgets/counter-bar/changes", test_changes);
  add ("/widgets/counter-bar/steady", test_steady);
  add ("/widgets/counter-bar/toggles", test_toggles);
  add ("/widgets/counter-bar/follows-session", test_follows_session);
  add ("/widgets/counter-bar/without-session", test_without_session);
  add ("/widgets/counter-bar/explains", test_explains);
  add ("/widgets/counter-bar/tooltip", test_tooltip);
  add ("/widgets/counter-bar/accessible", test_accessible);
  add ("/widgets/counter-bar/scrolls", test_scrolls);

  return g_test_run ();
}
