/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The history in a window: it says what was when, and what had been done; keys go from sample to
 * sample and from one thing that was done to the next. */

#include "atlas-appearance.h"
#include "atlas-format.h"
#include "atlas-history-view.h"
#include "widget-fixture.h"

#define WIDTH 700
#define HEIGHT 140
#define SIZES "VmSize 7.5 MiB, VmRSS 5.1 MiB"
#define N_SAMPLES 5

typedef struct
{
  Fixture base;
  GtkWidget *view;
  gint64 times[N_SAMPLES]; /* monotonic microseconds */
} HistoryFixture;

static void
set_up (HistoryFixture *self, gconstpointer user_data)
{
  const AtlasHistoryPoint *points;
  guint n_points;

  fixture_init (&self->base, TRUE);
  self->view = g_object_ref_sink (g_object_new (ATLAS_TYPE_HISTORY_VIEW, NULL));
  atlas_history_view_set_session (ATLAS_HISTORY_VIEW (self->view), self->base.session);
  for (guint i = 0; i < N_SAMPLES; i++)
    fixture_refresh (&self->base);
  points = atlas_session_get_history (self->base.session, &n_points);
  g_assert_cmpuint (n_points, ==, N_SAMPLES);
  for (guint i = 0; i < N_SAMPLES; i++)
    self->times[i] = points[i].monotonic;
  fixture_present (&self->base, self->view, WIDTH, HEIGHT);
}

static void
tear_down (HistoryFixture *self, gconstpointer user_data)
{
  fixture_close (&self->base);
  g_assert_finalize_object (self->view);
  fixture_clear (&self->base);
}

/* Between the sample before @sample and it. */
static void
do_before (HistoryFixture *self, guint sample, const char *text)
{
  atlas_session_add_mark (self->base.session, self->times[sample] - 1, text);
}

static gint64
get_cursor (HistoryFixture *self)
{
  return atlas_session_get_cursor (self->base.session);
}

static void
press (HistoryFixture *self, guint keyval, GdkModifierType modifiers)
{
  g_assert_true (fixture_press_key (self->view, keyval, modifiers));
}

static void
assert_description (HistoryFixture *self, const char *text)
{
  fixture_assert_text (self->view, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text);
}

/* The same of the sample that is looked at. */
static void
assert_past (HistoryFixture *self, guint sample, const char *rest)
{
  g_autofree char *ago = atlas_format_duration (self->times[N_SAMPLES - 1] - self->times[sample]);
  g_autofree char *text = g_strdup_printf ("%s ago: " SIZES "%s", ago, rest);

  g_assert_cmpint (get_cursor (self), ==, self->times[sample]);
  assert_description (self, text);
}

static void
test_steps (HistoryFixture *self, gconstpointer user_data)
{
  g_test_summary ("Left and Right go from sample to sample, End is now");

  assert_description (self, "Now: " SIZES);
  press (self, GDK_KEY_Left, 0);
  press (self, GDK_KEY_Left, 0);
  assert_past (self, N_SAMPLES - 3, "");
  press (self, GDK_KEY_Right, 0);
  assert_past (self, N_SAMPLES - 2, "");
  press (self, GDK_KEY_End, 0);
  g_assert_cmpint (get_cursor (self), ==, 0);
  g_assert_false (fixture_press_key (self->view, GDK_KEY_Escape, 0));
}

static void
test_done (HistoryFixture *self, gconstpointer user_data)
{
  g_autofree char *later = NULL;

  g_test_summary ("A sample says what had been done before it");

  do_before (self, 1, "malloc 1 MiB → mmap");
  do_before (self, 1, "mlock a");
  do_before (self, 4, "free a");
  assert_description (self, "Now: " SIZES ", after free a");
  atlas_session_set_cursor (self->base.session, self->times[1]);
  assert_past (self, 1, ", after malloc 1 MiB → mmap, mlock a");
  atlas_session_set_cursor (self->base.session, self->times[0]);
  assert_past (self, 0, "");
  atlas_session_set_cursor (self->base.session, self->times[2]);
  later = atlas_format_duration (self->times[2] - self->times[1] + 1);
  {
    g_autofree char *rest = g_strdup_printf ("; %s before: mlock a", later);

    assert_past (self, 2, rest);
  }
}

static void
test_mark_keys (HistoryFixture *self, gconstpointer user_data)
{
  g_test_summary ("With Ctrl the keys go to what was done before, and after");

  do_before (self, 1, "malloc a");
  do_before (self, 3, "touch a");
  do_before (self, 3, "mlock a");
  press (self, GDK_KEY_Left, GDK_CONTROL_MASK);
  assert_past (self, 3, ", after touch a, mlock a");
  press (self, GDK_KEY_Left, GDK_CONTROL_MASK);
  assert_past (self, 1, ", after malloc a");
  press (self, GDK_KEY_Left, GDK_CONTROL_MASK);
  g_assert_cmpint (get_cursor (self), ==, self->times[1]);
  press (self, GDK_KEY_Right, GDK_CONTROL_MASK);
  g_assert_cmpint (get_cursor (self), ==, self->times[3]);
  press (self, GDK_KEY_Right, GDK_CONTROL_MASK);
  g_assert_cmpint (get_cursor (self), ==, 0);
}

static void
test_painted (HistoryFixture *self, gconstpointer user_data)
{
  const AtlasColor *accent =
      &atlas_appearance_get_palette (atlas_appearance_get_default ())->accent;
  g_autoptr (GBytes) without = NULL, with = NULL;
  int before, after;

  g_test_summary ("The first mark makes room for words, and its line is seen");

  gtk_widget_measure (self->view, GTK_ORIENTATION_VERTICAL, -1, NULL, &before, NULL, NULL);
  without = fixture_render (&self->base, self->view);
  g_assert_cmpuint (fixture_count_color (without, accent), ==, 0);
  do_before (self, 2, "malloc a");
  with = fixture_render (&self->base, self->view);
  g_assert_cmpuint (fixture_count_color (with, accent), >, 20);
  gtk_widget_measure (self->view, GTK_ORIENTATION_VERTICAL, -1, NULL, &after, NULL, NULL);
  g_assert_cmpint (after, >, before);
  do_before (self, 3, "free a");
  gtk_widget_measure (self->view, GTK_ORIENTATION_VERTICAL, -1, NULL, &before, NULL, NULL);
  g_assert_cmpint (after, ==, before);
}

static void
test_other_process (HistoryFixture *self, gconstpointer user_data)
{
  int with, without;

  g_test_summary ("Another process has nothing done to it");

  do_before (self, 1, "malloc a");
  gtk_widget_measure (self->view, GTK_ORIENTATION_VERTICAL, -1, NULL, &with, NULL, NULL);
  atlas_session_set_pid (self->base.session, 0);
  gtk_widget_measure (self->view, GTK_ORIENTATION_VERTICAL, -1, NULL, &without, NULL, NULL);
  g_assert_cmpint (without, <, with);
  assert_description (self, "");
}

static void
add (const char *path, void (*test) (HistoryFixture *, gconstpointer))
{
  g_test_add (path, HistoryFixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);

  add ("/widgets/history-view/steps", test_steps);
  add ("/widgets/history-view/done", test_done);
  add ("/widgets/history-view/mark-keys", test_mark_keys);
  add ("/widgets/history-view/painted", test_painted);
  add ("/widgets/history-view/other-process", test_other_process);

  return g_test_run ();
}
