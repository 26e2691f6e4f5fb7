/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The spine in a window: it goes where it is told by key and pointer, and says what is there. */

#include "atlas-appearance.h"
#include "atlas-spine-view.h"
#include "widget-fixture.h"

#define WIDTH 150
#define HEIGHT 600
#define HEAP G_GUINT64_CONSTANT (0x55f01c2e0000)    /* 400 pages, 328 resident */
#define MAPPING G_GUINT64_CONSTANT (0x7f2c1a000000) /* 1024 pages, none resident */
#define LOWEST G_GUINT64_CONSTANT (0x55f01c080000)
#define HIGHEST G_GUINT64_CONSTANT (0xffffffffff600000)

typedef struct
{
  Fixture base;
  GtkWidget *view;
  guint64 page;
  guint64 revealed, scrubbed;
} SpineFixture;

static void
reveal_cb (SpineFixture *self, guint64 address)
{
  self->revealed = address;
}

static void
scrub_cb (SpineFixture *self, guint64 address)
{
  self->scrubbed = address;
}

static void
set_up (SpineFixture *self, gconstpointer user_data)
{
  fixture_init (&self->base, TRUE);
  self->page = self->base.recording->page_size;
  self->view = g_object_ref_sink (atlas_spine_view_new ());
  atlas_spine_view_set_session (ATLAS_SPINE_VIEW (self->view), self->base.session);
  g_signal_connect_swapped (self->base.session, "reveal", G_CALLBACK (reveal_cb), self);
  g_signal_connect_swapped (self->base.session, "scrub", G_CALLBACK (scrub_cb), self);
}

static void
tear_down (SpineFixture *self, gconstpointer user_data)
{
  fixture_close (&self->base);
  g_assert_finalize_object (self->view);
  fixture_clear (&self->base);
}

static void
show (SpineFixture *self)
{
  fixture_refresh (&self->base);
  fixture_present (&self->base, self->view, WIDTH, HEIGHT);
}

static guint64
get_selected (SpineFixture *self)
{
  return atlas_session_get_selected (self->base.session);
}

static void
press (SpineFixture *self, guint keyval)
{
  g_assert_true (fixture_press (self->view, keyval, 0));
}

/* The middle of the block whose tooltip begins so, or says so in one of its lines. */
static double
find_block (SpineFixture *self, const char *beginning)
{
  double first = -1.0, last = -1.0;

  for (double y = 1.0; y < gtk_widget_get_height (self->view); y += 2.0)
    {
      g_auto (GStrv) lines = fixture_query_tooltip (self->view, WIDTH / 2.0, y, FALSE);
      gboolean found = FALSE;

      for (guint i = 0; lines != NULL && lines[i] != NULL && !found; i++)
        found = g_str_has_prefix (lines[i], beginning);
      if (found)
        {
          first = first < 0.0 ? y : first;
          last = y;
        }
    }
  return first < 0.0 ? -1.0 : (first + last) / 2.0;
}

static void
test_empty (SpineFixture *self, gconstpointer user_data)
{
  g_test_summary ("Without a process there is nothing to see and nowhere to go");

  fixture_present (&self->base, self->view, WIDTH, HEIGHT);
  fixture_settle (&self->base);
  g_assert_null (fixture_query_tooltip (self->view, 10, 10, FALSE));
  g_assert_false (fixture_press (self->view, GDK_KEY_Down, 0));
  gtk_test_accessible_assert_role (self->view, GTK_ACCESSIBLE_ROLE_IMG);
  fixture_assert_text (self->view, GTK_ACCESSIBLE_PROPERTY_LABEL, "Address space");
}

static void
test_width (SpineFixture *self, gconstpointer user_data)
{
  int minimum;

  g_test_summary ("It is wide enough for names");

  gtk_widget_measure (self->view, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, >=, 140);
}

static void
test_tooltips (SpineFixture *self, gconstpointer user_data)
{
  g_auto (GStrv) heap = NULL, gap = NULL;

  g_test_summary ("Region and gap say what they are and how large");

  show (self);
  heap = fixture_query_tooltip (self->view, WIDTH / 2.0, find_block (self, "[heap]"), FALSE);
  g_assert_nonnull (heap);
  g_assert_cmpstr (heap[1], ==, "55f01c2e0000–55f01c470000");
  g_assert_cmpstr (heap[2], ==, "1.6 MiB, 82 % resident");
  gap = fixture_query_tooltip (self->view, WIDTH / 2.0, find_block (self, "41"), FALSE);
  g_assert_nonnull (gap);
  g_assert_nonnull (strstr (gap[0], "TiB unmapped"));
}

static void
test_keys (SpineFixture *self, gconstpointer user_data)
{
  guint64 before = G_MAXUINT64;

  g_test_summary (
      "Up and Down go from block to block, select and reveal; Home and End to the ends");

  show (self);
  press (self, GDK_KEY_Home);
  g_assert_cmphex (get_selected (self), ==, HIGHEST);
  g_assert_cmphex (self->revealed, ==, HIGHEST);
  while (get_selected (self) != before)
    {
      before = get_selected (self);
      press (self, GDK_KEY_Down);
      g_assert_cmphex (get_selected (self), <=, before);
      g_assert_nonnull (atlas_session_get_selected_region (self->base.session));
    }
  g_assert_cmphex (before, >=, LOWEST);
  g_assert_cmphex (before, <, HEAP);
  press (self, GDK_KEY_Up);
  g_assert_cmphex (get_selected (self), >, before);
  press (self, GDK_KEY_KP_End);
  g_assert_cmphex (get_selected (self), ==, before);
}

static void
test_accessible (SpineFixture *self, gconstpointer user_data)
{
  g_test_summary ("Label and description follow process and selection");

  show (self);
  fixture_assert_text (self->view, GTK_ACCESSIBLE_PROPERTY_LABEL, "Address space of shell");
  atlas_session_select (self->base.session, HEAP + 3 * self->page);
  fixture_assert_text (self->view, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                       "[heap] · Heap, 1.6 MiB, 82 % resident");
  atlas_session_select (self->base.session, 0);
  fixture_assert_text (self->view, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, NULL);
}

static void
test_true_scale (SpineFixture *self, gconstpointer user_data)
{
  gboolean true_scale = FALSE;
  double folded;

  g_test_summary ("At true scale the heap is too small to see beside the gaps");

  show (self);
  folded = find_block (self, "[heap] · ");
  g_assert_cmpfloat (folded, >, 0.0);
  g_object_set (self->view, "true-scale", TRUE, NULL);
  g_object_get (self->view, "true-scale", &true_scale, NULL);
  g_assert_true (true_scale);
  fixture_settle (&self->base);
  g_assert_cmpfloat (fabs (find_block (self, "[heap] · ") - folded), >, 2.0);
}

static void
test_refresh (SpineFixture *self, gconstpointer user_data)
{
  g_test_summary ("A region that comes is there after the next sample");

  show (self);
  g_assert_cmpfloat (find_block (self, "late.bin"), <, 0.0);
  fixture_begin_maps (&self->base);
  recording_add (self->base.recording, HEAP, 400, "rw-p", 0, "[heap]", 328);
  recording_add (self->base.recording, 0x600000000000, 400, "r--p", 50, "/tmp/late.bin", 328);
  fixture_refresh (&self->base);
  g_assert_cmpfloat (find_block (self, "late.bin"), >, 0.0);
}

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

static void
test_pointer (SpineFixture *self, gconstpointer user_data)
{
  g_autofree char *click = NULL, *drag = NULL;
  g_autofree char *path = g_find_program_in_path ("xdotool");
  guint64 clicked;
  double y;

  g_test_summary (
      "A click selects and reveals; a drag scrubs from there on and selects nothing more");

  if (path == NULL)
    {
      g_test_skip ("xdotool is not installed");
      return;
    }

  show (self);
  fixture_settle (&self->base);
  y = find_block (self, "[heap] · ");
  click = g_strdup_printf ("mousemove %d %d mousedown 1", WIDTH / 2, (int) y);
  xdotool (click);
  while (get_selected (self) == 0)
    g_main_context_iteration (NULL, TRUE);
  clicked = get_selected (self);
  g_assert_cmphex (clicked, >=, HEAP);
  g_assert_cmphex (clicked, <, HEAP + 400 * self->page);
  g_assert_cmphex (clicked % self->page, ==, 0);
  g_assert_cmphex (self->revealed, ==, clicked);

  drag = g_strdup_printf ("mousemove %d %d", WIDTH / 2, (int) find_block (self, "[stack]"));
  xdotool (drag);
  while (self->scrubbed < 0x7ffc00000000)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmphex (self->revealed, ==, clicked);
  g_assert_cmphex (get_selected (self), ==, clicked);
  xdotool ("mouseup 1");
  fixture_settle (&self->base);
}

#define A_AT "a · malloc at 0x55f01c2e0010–0x55f01c2e2000"

static void
test_names (SpineFixture *self, gconstpointer user_data)
{
  AtlasLabelsBuilder *builder = atlas_labels_builder_new ();
  g_autoptr (AtlasLabels) labels = NULL;
  g_autoptr (GBytes) without = NULL, with = NULL;
  g_auto (GStrv) lines = NULL;

  g_test_summary ("A block names the allocations in it");

  atlas_labels_builder_add (builder, HEAP + 0x10, HEAP + 0x2000, "a · malloc", "a");
  atlas_labels_builder_add (builder, MAPPING, MAPPING + 1024 * self->page, "b · mmap", "b");
  labels = atlas_labels_builder_end (builder);
  show (self);
  atlas_session_select (self->base.session, HEAP);
  without = fixture_render (&self->base, self->view);
  atlas_session_set_labels (self->base.session, labels);
  with = fixture_render (&self->base, self->view);
  g_assert_false (g_bytes_equal (without, with));
  lines = fixture_query_tooltip (self->view, -1, -1, TRUE);
  g_assert_cmpstr (lines[0], ==, "[heap] · Heap");
  g_assert_cmpstr (lines[1], ==, A_AT);
  fixture_assert_text (self->view, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                       "[heap] · Heap, 1.6 MiB, 82 % resident: " A_AT);
}

static void
test_changes (SpineFixture *self, gconstpointer user_data)
{
  const AtlasColor *accent =
      &atlas_appearance_get_palette (atlas_appearance_get_default ())->accent;
  g_autoptr (GBytes) changed = NULL, after = NULL;

  g_test_summary ("Where pages changed is shown until something else is done");

  show (self);
  atlas_session_flash (self->base.session, atlas_session_get_snapshot (self->base.session));
  fixture_begin_maps (&self->base);
  recording_add (self->base.recording, HEAP, 400, "rw-p", 0, "[heap]", 400);
  recording_add (self->base.recording, HIGHEST, 1, "--xp", 0, "[vsyscall]", 0);
  fixture_refresh (&self->base);
  changed = fixture_render (&self->base, self->view);
  atlas_session_flash (self->base.session, NULL);
  after = fixture_render (&self->base, self->view);
  g_assert_cmpuint (fixture_count_color (changed, accent), >,
                    fixture_count_color (after, accent) + 10);
}

static void
add (const char *path, void (*test) (SpineFixture *, gconstpointer))
{
  g_test_add (path, SpineFixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);

  add ("/widgets/spine-view/empty", test_empty);
  add ("/widgets/spine-view/width", test_width);
  add ("/widgets/spine-view/tooltips", test_tooltips);
  add ("/widgets/spine-view/keys", test_keys);
  add ("/widgets/spine-view/accessible", test_accessible);
  add ("/widgets/spine-view/true-scale", test_true_scale);
  add ("/widgets/spine-view/refresh", test_refresh);
  add ("/widgets/spine-view/names", test_names);
  add ("/widgets/spine-view/changes", test_changes);
  add ("/widgets/spine-view/pointer", test_pointer);

  return g_test_run ();
}
