/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What every test of a widget needs. Nothing here waits for a time: it waits for what must happen,
 * and a watchdog says so if it never does. */

#include "widget-fixture.h"

#include "atlas-tip.h"

#define WATCHDOG_SECONDS 60

/* One for all queries: each makes a window, and tests ask of thousands of points. */
static GObject *tooltip;

static gboolean
watchdog_cb (gpointer user_data)
{
  g_error ("Waited in vain for %s", (const char *) user_data);
  return G_SOURCE_REMOVE;
}

static void
set_true_cb (gboolean *flag)
{
  *flag = TRUE;
}

static void
wait_for (const gboolean *flag, const char *what)
{
  guint watchdog = g_timeout_add_seconds (WATCHDOG_SECONDS, watchdog_cb, (gpointer) what);

  while (!*flag)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (watchdog);
}

void
fixture_init (Fixture *self, gboolean with_pages)
{
  g_autoptr (AtlasProcfs) procfs = NULL;
  g_autoptr (GError) error = NULL;

  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  *self = (Fixture){ .recording = recording_new (with_pages) };
  recording_add_shell (self->recording);
  procfs = atlas_procfs_new (self->recording->root, &error);
  g_assert_no_error (error);
  self->session = atlas_session_new (procfs);
  atlas_session_set_paused (self->session, TRUE);
}

void
fixture_close (Fixture *self)
{
  GtkWidget *window = g_steal_pointer (&self->window);

  g_clear_object (&tooltip);
  if (window == NULL)
    return;

  gtk_window_destroy (GTK_WINDOW (window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (window);
}

void
fixture_clear (Fixture *self)
{
  fixture_close (self);
  g_assert_finalize_object (self->session);
  recording_free (self->recording);
}

void
fixture_begin_maps (Fixture *self)
{
  g_string_truncate (self->recording->maps, 0);
}

void
fixture_sample (AtlasSession *session, int pid)
{
  gboolean sampled = FALSE;
  gulong handler;

  handler =
      g_signal_connect_swapped (session, "notify::snapshot", G_CALLBACK (set_true_cb), &sampled);
  if (atlas_session_get_pid (session) != pid)
    atlas_session_set_pid (session, pid);
  else
    atlas_session_refresh (session);
  wait_for (&sampled, "a sample");
  g_signal_handler_disconnect (session, handler);
}

void
fixture_refresh (Fixture *self)
{
  recording_write (self->recording, "maps", self->recording->maps->str);
  fixture_sample (self->session, RECORDING_PID);
}

static gboolean
is_allocated_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  gboolean *done = user_data;

  *done = gtk_widget_get_mapped (widget) && gtk_widget_get_width (widget) > 0
          && gtk_widget_get_height (widget) > 0;
  return *done ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

static void
wait_until_allocated (GtkWidget *widget)
{
  gboolean done = FALSE;

  gtk_widget_add_tick_callback (widget, is_allocated_cb, &done, NULL);
  wait_for (&done, "an allocation");
}

void
fixture_present (Fixture *self, GtkWidget *widget, int width, int height)
{
  self->window = g_object_ref (gtk_window_new ());
  gtk_window_set_decorated (GTK_WINDOW (self->window), FALSE);
  gtk_window_set_default_size (GTK_WINDOW (self->window), width, height);
  gtk_window_set_child (GTK_WINDOW (self->window), widget);
  gtk_window_present (GTK_WINDOW (self->window));
  wait_until_allocated (widget);
}

void
fixture_present_scrolled (Fixture *self, GtkWidget *widget, int width, int height)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();

  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), widget);
  fixture_present (self, scroller, width, height);
  wait_until_allocated (widget);
}

typedef struct
{
  GtkWidget *widget;
  int old_width, old_height;
  gboolean done;
} Resize;

static gboolean
is_resized_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  Resize *resize = user_data;

  resize->done = gtk_widget_get_width (resize->widget) != resize->old_width
                 || gtk_widget_get_height (resize->widget) != resize->old_height;
  return resize->done ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

void
fixture_resize (Fixture *self, GtkWidget *widget, int width, int height)
{
  Resize resize = { widget, gtk_widget_get_width (widget), gtk_widget_get_height (widget), FALSE };

  gtk_window_set_default_size (GTK_WINDOW (self->window), width, height);
  gtk_widget_add_tick_callback (widget, is_resized_cb, &resize, NULL);
  wait_for (&resize.done, "another size");
}

/* The third frame: by then the second one was drawn. */
static gboolean
count_frames_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  int *left = user_data;

  return --*left > 0 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

void
fixture_settle (Fixture *self)
{
  guint watchdog = g_timeout_add_seconds (WATCHDOG_SECONDS, watchdog_cb, (gpointer) "frames");
  int left = 3;

  gtk_widget_add_tick_callback (self->window, count_frames_cb, &left, NULL);
  while (left > 0)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (watchdog);
}

static gboolean
is_bound_to (GtkShortcut *shortcut, guint keyval, GdkModifierType modifiers)
{
  GtkShortcutTrigger *trigger = gtk_shortcut_get_trigger (shortcut);

  return GTK_IS_KEYVAL_TRIGGER (trigger)
         && gtk_keyval_trigger_get_keyval (GTK_KEYVAL_TRIGGER (trigger)) == keyval
         && gtk_keyval_trigger_get_modifiers (GTK_KEYVAL_TRIGGER (trigger)) == modifiers;
}

static gboolean
press_in (GtkWidget *widget, GListModel *shortcuts, guint keyval, GdkModifierType modifiers)
{
  for (guint i = 0; i < g_list_model_get_n_items (shortcuts); i++)
    {
      g_autoptr (GtkShortcut) shortcut = g_list_model_get_item (shortcuts, i);

      if (is_bound_to (shortcut, keyval, modifiers))
        return gtk_shortcut_action_activate (gtk_shortcut_get_action (shortcut), 0, widget,
                                             gtk_shortcut_get_arguments (shortcut));
    }
  return FALSE;
}

gboolean
fixture_press (GtkWidget *widget, guint keyval, GdkModifierType modifiers)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GObject) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_SHORTCUT_CONTROLLER (controller)
          && press_in (widget, G_LIST_MODEL (controller), keyval, modifiers))
        return TRUE;
    }
  return FALSE;
}

/* Texts of all labels and inscriptions, top down. */
static void
collect_labels (GtkWidget *widget, GStrvBuilder *lines)
{
  if (GTK_IS_LABEL (widget) && gtk_widget_get_visible (widget))
    g_strv_builder_add (lines, gtk_label_get_text (GTK_LABEL (widget)));
  if (GTK_IS_INSCRIPTION (widget) && gtk_widget_get_visible (widget))
    g_strv_builder_add (lines, gtk_inscription_get_text (GTK_INSCRIPTION (widget)));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    collect_labels (child, lines);
}

GStrv
fixture_dup_labels (GtkWidget *widget)
{
  g_autoptr (GStrvBuilder) texts = g_strv_builder_new ();

  collect_labels (widget, texts);
  return g_strv_builder_end (texts);
}

GtkWidget *
fixture_find (GtkWidget *widget, GType type)
{
  GtkWidget *found = NULL;

  if (g_type_is_a (G_OBJECT_TYPE (widget), type))
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = fixture_find (child, type);
  return found;
}

GStrv
fixture_query_tooltip (GtkWidget *widget, double x, double y, gboolean keyboard)
{
  g_autoptr (GStrvBuilder) lines = g_strv_builder_new ();
  gboolean shown = FALSE;

  if (tooltip == NULL)
    tooltip = g_object_new (GTK_TYPE_TOOLTIP, NULL);
  g_signal_emit_by_name (widget, "query-tooltip", (int) x, (int) y, keyboard, tooltip, &shown);
  if (!shown)
    return NULL;

  collect_labels (atlas_tip_get_shown (GTK_TOOLTIP (tooltip)), lines);
  /* GTK's own tooltip may want it next. */
  gtk_tooltip_set_custom (GTK_TOOLTIP (tooltip), NULL);
  return g_strv_builder_end (lines);
}

/* The macro of GTK puts what it is given into a format. */
void
fixture_assert_text (GtkWidget *widget, GtkAccessibleProperty property, const char *text)
{
  g_autofree char *mismatch = NULL;

  if (text != NULL)
    mismatch = gtk_test_accessible_check_property (GTK_ACCESSIBLE (widget), property, text);
  else
    g_assert_false (gtk_test_accessible_has_property (GTK_ACCESSIBLE (widget), property));
  g_assert_cmpstr (mismatch, ==, NULL);
}

GBytes *
fixture_render (Fixture *self, GtkWidget *widget)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  guchar *pixels = g_malloc0 ((gsize) width * (gsize) height * 4);

  fixture_settle (self);
  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_free_to_node (snapshot);
  texture =
      gsk_renderer_render_texture (gtk_native_get_renderer (gtk_widget_get_native (widget)), node,
                                   &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  gdk_texture_download (texture, pixels, (gsize) width * 4);
  return g_bytes_new_take (pixels, (gsize) width * (gsize) height * 4);
}

guint
fixture_count_ink (GtkWidget *widget, GBytes *pixels, const graphene_rect_t *area, guint least)
{
  const guchar *data = g_bytes_get_data (pixels, NULL);
  int width = gtk_widget_get_width (widget);
  guint n = 0;

  for (int y = (int) area->origin.y; y < (int) (area->origin.y + area->size.height); y++)
    for (int x = (int) area->origin.x; x < (int) (area->origin.x + area->size.width); x++)
      n += data[(y * width + x) * 4 + 3] >= least;
  return n;
}

guint
fixture_count_color (GBytes *pixels, const AtlasColor *color)
{
  gsize size;
  const guchar *data = g_bytes_get_data (pixels, &size);
  guint n = 0;

  /* Blue, green, red: CAIRO_FORMAT_ARGB32 on this byte order. */
  for (gsize i = 0; i < size; i += 4)
    n += ABS (data[i + 2] - (int) (color->red * 255.0)) <= 2
         && ABS (data[i + 1] - (int) (color->green * 255.0)) <= 2
         && ABS (data[i] - (int) (color->blue * 255.0)) <= 2;
  return n;
}

gboolean
fixture_press_key (GtkWidget *widget, guint keyval, GdkModifierType modifiers)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);
  gboolean handled = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (controllers) && !handled; i++)
    {
      g_autoptr (GObject) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_KEY (controller))
        g_signal_emit_by_name (controller, "key-pressed", keyval, 0u, modifiers, &handled);
    }
  return handled;
}
