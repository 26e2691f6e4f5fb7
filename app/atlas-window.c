/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Puts the panes together round one session and tells what the session is doing: title, states,
 * notices. Panes never talk to one another; what they share is in the session. */

#include "atlas-config.h"

#include "atlas-window.h"

#include <glib/gi18n-lib.h>

#include "atlas-appearance.h"
#include "atlas-counter-bar.h"
#include "atlas-experiment.h"
#include "atlas-export-dialog.h"
#include "atlas-format.h"
#include "atlas-go-to.h"
#include "atlas-inspector.h"
#include "atlas-history-view.h"
#include "atlas-lab-pane.h"
#include "atlas-lab-strip.h"
#include "atlas-legend-view.h"
#include "atlas-map-view.h"
#include "atlas-notice.h"
#include "atlas-pane.h"
#include "atlas-process-pane.h"
#include "atlas-process-title.h"
#include "atlas-region-table.h"
#include "atlas-settings.h"
#include "atlas-spine-view.h"
#include "atlas-state-page.h"
#include "atlas-words.h"

/* A process that is read sooner than this is shown without a word about reading. */
#define LOADING_MS 200
/* GDK_TOPLEVEL_STATE_SUSPENDED, which GTK has from 4.12 on: nothing of the window can be seen. */
#define TOPLEVEL_STATE_SUSPENDED (1 << 16)
/* About the width below which the inspector folds. */
#define ROOM_FOR_HISTORY 720
#define ROOM_FOR_INSPECTOR 1100

struct _AtlasWindow
{
  AdwApplicationWindow parent_instance;

  AdwToastOverlay *toasts;
  AtlasProcessTitle *title;
  GtkToggleButton *pause_button;
  AdwButtonContent *pause_content;
  AdwFlap *sidebar_flap;
  AdwFlap *inspector_flap;
  GtkStack *sidebar_stack;
  AtlasProcessPane *process_pane;
  AtlasLabPane *lab_pane;
  AtlasLabStrip *lab_strip;
  AtlasInspector *inspector;
  AtlasNotice *notice;
  AtlasGoTo *go_to;
  GtkStack *state_stack;
  AtlasStatePage *state_page;
  AtlasCounterBar *counter_bar;
  GtkStack *view_stack;
  AtlasSpineView *spine_view;
  AtlasMapView *map_view;
  AtlasLegendView *legend_view;
  GtkWidget *history_box;
  GtkLabel *history_label;
  GtkWidget *now_button;
  AtlasHistoryView *history_view;
  AtlasRegionTable *region_table;

  AtlasSession *session;
  AtlasExperiment *experiment;
  gint lab_pid; /* of the lab that is looked at, or whose last picture is; 0: another process */
  AtlasPane *sidebar;
  AtlasPane *inspector_pane;
  gboolean wants_focus; /* the map: the process was asked for by name, there is nothing to search */
  gint seen_pid;        /* whose map was opened where its memory is */
  int height;           /* of the surface, as it was laid out last */
  guint history_idle;
  guint loading_timeout;
  AtlasExportFormat export_format; /* of the last export */
};

G_DEFINE_FINAL_TYPE (AtlasWindow, atlas_window, ADW_TYPE_APPLICATION_WINDOW)

/* --- states ---------------------------------------------------------------------------------- */

/* The strip that says the process ended while it was looked at; its last picture stays below. */
static void
update_notice (AtlasWindow *self)
{
  AtlasSnapshot *snapshot = atlas_session_get_snapshot (self->session);
  g_autofree char *process = NULL;
  g_autofree char *clock = NULL;
  g_autofree char *text = NULL;

  if (atlas_session_get_state (self->session) != ATLAS_SESSION_GONE
      || !atlas_state_page_has_map (self->session))
    {
      atlas_notice_say (self->notice, NULL);
      return;
    }
  process = atlas_words_process (snapshot);
  clock = atlas_words_clock (atlas_snapshot_get_time (snapshot));
  /* Translators: "firefox (4211) ended. This is its last picture, taken at 14:05:09." */
  text = g_strdup_printf (_ ("%s ended. This is its last picture, taken at %s."), process, clock);
  atlas_notice_say (self->notice, text);
}

static void
update_actions (AtlasWindow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean has_map = atlas_state_page_has_map (self->session);
  AtlasSessionState state = atlas_session_get_state (self->session);

  gtk_widget_action_set_enabled (widget, "win.export", has_map);
  gtk_widget_action_set_enabled (widget, "win.export-as", has_map);
  gtk_widget_action_set_enabled (widget, "win.copy-picture", has_map);
  gtk_widget_action_set_enabled (widget, "win.go-to", has_map);
  gtk_widget_action_set_enabled (widget, "win.zoom-in", has_map);
  gtk_widget_action_set_enabled (widget, "win.zoom-out", has_map);
  gtk_widget_action_set_enabled (widget, "win.zoom-reset", has_map);
  gtk_widget_set_sensitive (GTK_WIDGET (self->pause_button),
                            state == ATLAS_SESSION_LIVE || state == ATLAS_SESSION_LOADING);
}

static gboolean
loading_timeout_cb (gpointer data)
{
  AtlasWindow *self = ATLAS_WINDOW (data);

  self->loading_timeout = 0;
  atlas_state_page_show (self->state_page, self->session);
  atlas_inspector_set_empty (self->inspector, TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->counter_bar), FALSE);
  gtk_stack_set_visible_child_name (self->state_stack, "state");
  return G_SOURCE_REMOVE;
}

/* Keys go to the map or the table, whichever is seen. */
static void
focus_view (AtlasWindow *self)
{
  const char *view = gtk_stack_get_visible_child_name (self->view_stack);

  if (g_strcmp0 (view, "table") == 0)
    gtk_widget_grab_focus (GTK_WIDGET (self->region_table));
  else
    gtk_widget_grab_focus (GTK_WIDGET (self->map_view));
}

/* A map opens where most of the memory is, rather than at the kernel's page at the very top. */
static void
reveal_largest (AtlasWindow *self, AtlasSnapshot *snapshot)
{
  AtlasRegion *largest = NULL;
  guint64 most = 0;

  if (self->seen_pid == atlas_snapshot_get_pid (snapshot))
    return;
  self->seen_pid = atlas_snapshot_get_pid (snapshot);
  for (guint i = 0; i < atlas_snapshot_get_n_regions (snapshot); i++)
    {
      AtlasRegion *region = atlas_snapshot_get_region (snapshot, i);
      AtlasPageCounts counts;

      atlas_pages_count_all (region->pages, &counts);
      if (counts.resident > most)
        {
          most = counts.resident;
          largest = region;
        }
    }
  if (largest && atlas_session_get_selected (self->session) == 0)
    atlas_session_reveal (self->session, largest->start);
}

/* Map or words, whichever there is to show. */
static void
update_state (AtlasWindow *self)
{
  AtlasSnapshot *snapshot = atlas_session_get_snapshot (self->session);

  g_clear_handle_id (&self->loading_timeout, g_source_remove);
  update_notice (self);
  update_actions (self);
  /* What was there before stays for a moment, rather than flash. */
  if (!snapshot && atlas_session_get_state (self->session) == ATLAS_SESSION_LOADING)
    {
      self->loading_timeout = g_timeout_add (LOADING_MS, loading_timeout_cb, self);
      return;
    }
  gtk_widget_set_visible (GTK_WIDGET (self->counter_bar),
                          snapshot && atlas_snapshot_get_status (snapshot)->has_memory);
  if (atlas_state_page_has_map (self->session))
    {
      gtk_stack_set_visible_child_name (self->state_stack, "process");
      reveal_largest (self, snapshot);
      if (self->wants_focus)
        focus_view (self);
      self->wants_focus = FALSE;
    }
  else
    {
      atlas_state_page_show (self->state_page, self->session);
      gtk_stack_set_visible_child_name (self->state_stack, "state");
    }
  atlas_inspector_set_empty (self->inspector, snapshot == NULL);
}

static void
pid_changed_cb (AtlasWindow *self)
{
  atlas_pane_uncover (self->sidebar);
}

static void
paused_changed_cb (AtlasWindow *self)
{
  gboolean paused = atlas_session_get_paused (self->session);

  adw_button_content_set_icon_name (self->pause_content, paused ? "media-playback-start-symbolic"
                                                                : "media-playback-pause-symbolic");
  adw_button_content_set_label (self->pause_content, paused ? _ ("Paused") : _ ("Live"));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->pause_button),
                               paused ? _ ("Go on (Space)") : _ ("Pause (Space)"));
}

/* Nothing is read of what nobody can see. */
static void
update_active (AtlasWindow *self)
{
  GdkSurface *surface = gtk_native_get_surface (GTK_NATIVE (self));
  guint state = surface ? (guint) gdk_toplevel_get_state (GDK_TOPLEVEL (surface)) : 0;
  gboolean active = gtk_widget_get_mapped (GTK_WIDGET (self))
                    && !(state & (GDK_TOPLEVEL_STATE_MINIMIZED | TOPLEVEL_STATE_SUSPENDED));

  atlas_session_set_active (self->session, active);
  atlas_process_pane_set_active (self->process_pane, active);
}

/* --- panes ----------------------------------------------------------------------------------- */

/* What had the focus in a pane that is hidden now passes it on. */
static void
pass_focus (AtlasWindow *self, AtlasPane *pane)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  if (!atlas_pane_is_revealed (pane) && (!focus || atlas_pane_holds (pane, focus)))
    focus_view (self);
}

/* With nothing chosen, the list is what is needed most. */
static gboolean
is_sidebar_needed (gpointer window)
{
  return atlas_session_get_pid (ATLAS_WINDOW (window)->session) == 0;
}

/* A lesson without its text would be none. */
static gboolean
is_inspector_needed (gpointer window)
{
  return atlas_inspector_has_lesson (ATLAS_WINDOW (window)->inspector);
}

static void
add_pane (AtlasWindow *self,
          AtlasPane **pane,
          AdwFlap *flap,
          const char *name,
          AtlasPaneFunc needed)
{
  *pane = atlas_pane_new (flap, name, needed, self);
  g_signal_connect_object (*pane, "revealed", G_CALLBACK (pass_focus), self, G_CONNECT_SWAPPED);
  g_action_map_add_action (G_ACTION_MAP (self), atlas_pane_get_action (*pane));
}

/* The focus goes along from view to view, but is not taken from elsewhere. */
static void
view_changed_cb (AtlasWindow *self)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  if (!focus || gtk_widget_is_ancestor (focus, GTK_WIDGET (self->view_stack)))
    focus_view (self);
}

static void
region_activated_cb (AtlasWindow *self, guint64 address)
{
  g_settings_set_string (atlas_settings_get_default (), "view", "map");
  atlas_session_reveal (self->session, address);
  focus_view (self);
}

/* --- lab ------------------------------------------------------------------------------------ */

/* Of all processes of the lab's program this one is the window's own, and says so. */
static void
watching_changed_cb (AtlasWindow *self)
{
  const char *child = atlas_lab_get_process (atlas_experiment_get_lab (self->experiment));
  gint pid = atlas_session_get_pid (self->session);
  g_autofree char *name = NULL;

  if (atlas_experiment_is_watching (self->experiment))
    self->lab_pid = pid;
  else if (pid == self->lab_pid)
    return; /* it has ended, and its last picture is looked at */
  else
    self->lab_pid = 0;
  if (self->lab_pid != 0)
    name = child[0] == '\0' ? g_strdup (_ ("Lab process"))
                            : g_strdup_printf (_ ("Lab process’s child %s"), child);
  atlas_process_title_set_name (self->title, name);
}

/* The sidebar chooses what is looked at. */
static void
sidebar_changed_cb (AtlasWindow *self)
{
  gboolean lab = g_strcmp0 (gtk_stack_get_visible_child_name (self->sidebar_stack), "lab") == 0;

  if (!self->experiment)
    return;
  atlas_state_page_set_lab (self->state_page, lab);
  if (lab)
    atlas_experiment_watch (self->experiment);
  update_state (self);
}

static void
said_cb (AtlasWindow *self, const char *sentence)
{
  g_autofree char *escaped = g_markup_escape_text (sentence, -1);

  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (escaped));
}

static void
lesson_cb (AtlasWindow *self, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AtlasLesson) lesson = atlas_lesson_load (name, &error);

  if (!lesson)
    {
      said_cb (self, error->message);
      return;
    }
  atlas_experiment_start (self->experiment);
  atlas_inspector_set_lesson (self->inspector, self->experiment, lesson);
  atlas_pane_reveal (self->inspector_pane, TRUE);
}

static void
lesson_closed_cb (AtlasWindow *self)
{
  atlas_inspector_set_lesson (self->inspector, self->experiment, NULL);
}

/* --- actions --------------------------------------------------------------------------------- */

static void
get_picture_options (AtlasWindow *self, AtlasPictureOptions *options)
{
  AtlasAppearance *appearance = atlas_appearance_get_default ();

  atlas_picture_options_init (options);
  options->palette = atlas_appearance_get_palette_id (appearance);
  options->dark = atlas_appearance_get_palette (appearance)->dark;
  options->highlight = atlas_session_get_highlight (self->session);
  options->labels = atlas_session_get_labels (self->session);
}

static void
export_as (AtlasWindow *self, AtlasExportFormat format)
{
  AtlasPictureOptions options;

  if (!atlas_state_page_has_map (self->session))
    return;
  self->export_format = format;
  get_picture_options (self, &options);
  atlas_export_dialog_run (GTK_WINDOW (self), self->toasts,
                           atlas_session_get_snapshot (self->session), &options, format);
}

static void
export_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AtlasWindow *self = ATLAS_WINDOW (widget);

  export_as (self, self->export_format);
}

static void
export_as_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const char *extension = g_variant_get_string (parameter, NULL);

  for (guint i = 0; i < ATLAS_N_EXPORTS; i++)
    if (g_str_equal (extension, atlas_export_format_get_extension ((AtlasExportFormat) i)))
      export_as (ATLAS_WINDOW (widget), (AtlasExportFormat) i);
}

static void
copy_picture_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AtlasWindow *self = ATLAS_WINDOW (widget);
  AtlasPictureOptions options;

  if (!atlas_state_page_has_map (self->session))
    return;
  get_picture_options (self, &options);
  atlas_export_copy_picture (self->toasts, atlas_session_get_snapshot (self->session), &options);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (AtlasWindow) self = ATLAS_WINDOW (data);
  g_autoptr (GError) error = NULL;
  g_autofree char *escaped = NULL;

  if (g_app_info_launch_default_for_uri_finish (result, &error))
    return;
  escaped = g_markup_printf_escaped (_ ("It could not be opened: %s"), error->message);
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (escaped));
}

static void
open_file_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autoptr (GdkAppLaunchContext) context =
      gdk_display_get_app_launch_context (gtk_widget_get_display (widget));

  g_app_info_launch_default_for_uri_async (g_variant_get_string (parameter, NULL),
                                           G_APP_LAUNCH_CONTEXT (context), NULL, opened_cb,
                                           g_object_ref (widget));
}

static void
refresh_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AtlasWindow *self = ATLAS_WINDOW (widget);

  atlas_session_refresh (self->session);
  atlas_process_pane_refresh (self->process_pane);
}

static void
search_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AtlasWindow *self = ATLAS_WINDOW (widget);

  atlas_pane_reveal (self->sidebar, TRUE);
  gtk_stack_set_visible_child_name (self->sidebar_stack, "processes");
  atlas_process_pane_focus_search (self->process_pane);
}

static void
sidebar_page_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AtlasWindow *self = ATLAS_WINDOW (widget);

  atlas_pane_reveal (self->sidebar, TRUE);
  gtk_stack_set_visible_child_name (self->sidebar_stack, g_variant_get_string (parameter, NULL));
  gtk_widget_grab_focus (gtk_stack_get_visible_child (self->sidebar_stack));
}

static void
start_lab_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AtlasWindow *self = ATLAS_WINDOW (widget);

  gtk_stack_set_visible_child_name (self->sidebar_stack, "lab");
  atlas_experiment_start (self->experiment);
}

static void
lab_command_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AtlasWindow *self = ATLAS_WINDOW (widget);

  atlas_pane_reveal (self->sidebar, TRUE);
  gtk_stack_set_visible_child_name (self->sidebar_stack, "lab");
  atlas_lab_pane_focus_console (self->lab_pane);
}

static void
go_to_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  atlas_go_to_open (ATLAS_WINDOW (widget)->go_to);
}

static void
zoom_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AtlasWindow *self = ATLAS_WINDOW (widget);
  g_autofree char *action = g_strconcat ("map.", name + strlen ("win."), NULL);

  gtk_widget_activate_action (GTK_WIDGET (self->map_view), action, NULL);
}

/* Whether Space means something to what has the focus. */
static gboolean
wants_space (GtkWidget *focus)
{
  return GTK_IS_EDITABLE (focus) || GTK_IS_BUTTON (focus) || GTK_IS_TEXT_VIEW (focus)
         || GTK_IS_CHECK_BUTTON (focus) || GTK_IS_SWITCH (focus)
         || gtk_widget_get_ancestor (focus, GTK_TYPE_POPOVER);
}

static gboolean
key_pressed_cb (AtlasWindow *self, guint keyval, guint keycode, GdkModifierType state)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  if (keyval != GDK_KEY_space || (state & gtk_accelerator_get_default_mod_mask ()) != 0
      || (focus && wants_space (focus))
      || !gtk_widget_get_sensitive (GTK_WIDGET (self->pause_button)))
    return GDK_EVENT_PROPAGATE;
  atlas_session_set_paused (self->session, !atlas_session_get_paused (self->session));
  return GDK_EVENT_STOP;
}

static void
add_actions (AtlasWindow *self)
{
  static const char *keys[] = { "view",         "sort",     "hide-kernel-threads",
                                "show-history", "interval", "palette",
                                "style" };
  const struct
  {
    const char *name;
    gpointer object;
    const char *property;
  } properties[] = {
    { "pause", self->session, "paused" },
    { "true-scale", self->spine_view, "true-scale" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autoptr (GAction) action =
          g_settings_create_action (atlas_settings_get_default (), keys[i]);

      g_action_map_add_action (G_ACTION_MAP (self), action);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (properties); i++)
    {
      g_autoptr (GPropertyAction) action =
          g_property_action_new (properties[i].name, properties[i].object, properties[i].property);

      g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (action));
    }
}

/* What is seen may be the past; that must never be taken for now. */
static void
cursor_changed_cb (AtlasWindow *self)
{
  AtlasSnapshot *snapshot = atlas_session_get_snapshot (self->session);
  gboolean past = snapshot && atlas_session_get_cursor (self->session) != 0;
  g_autofree char *time = past ? atlas_format_time (atlas_snapshot_get_time (snapshot)) : NULL;
  g_autofree char *text = past ? g_strdup_printf (_ ("the map is as it was at %s"), time)
                               : g_strdup (_ ("drag to look back"));

  gtk_label_set_text (self->history_label, text);
  gtk_widget_set_visible (self->now_button, past);
}

/* On a low window the map needs the room more. */
static gboolean
update_history (AtlasWindow *self)
{
  gboolean wanted = g_settings_get_boolean (atlas_settings_get_default (), "show-history");

  self->history_idle = 0;
  gtk_widget_set_visible (self->history_box, wanted && self->height >= ROOM_FOR_HISTORY);
  return G_SOURCE_REMOVE;
}

/* Nothing may be shown or hidden in the middle of the layout. */
static void
surface_layout_cb (AtlasWindow *self, int width, int height)
{
  if (self->height == height)
    return;
  self->height = height;
  if (self->history_idle == 0)
    self->history_idle =
        g_idle_add_full (G_PRIORITY_HIGH_IDLE, G_SOURCE_FUNC (update_history), self, NULL);
}

static void
now_clicked_cb (AtlasWindow *self)
{
  atlas_session_set_cursor (self->session, 0);
  focus_view (self);
}

/* --- the window ------------------------------------------------------------------------------ */

static void
bind_settings (AtlasWindow *self)
{
  GSettings *settings = atlas_settings_get_default ();

  g_settings_bind (settings, "window-width", self, "default-width", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "window-height", self, "default-height", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "window-maximized", self, "maximized", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "view", self->view_stack, "visible-child-name",
                   G_SETTINGS_BIND_DEFAULT);
  g_signal_connect_object (settings, "changed::show-history", G_CALLBACK (update_history), self,
                           G_CONNECT_SWAPPED);
  g_settings_bind (settings, "interval", self->session, "interval", G_SETTINGS_BIND_GET);
  /* What will have no room should not be seen sliding out. */
  if (g_settings_get_int (settings, "window-width") < ROOM_FOR_INSPECTOR)
    adw_flap_set_reveal_flap (self->inspector_flap, FALSE);
}

static void
set_session (AtlasWindow *self, AtlasSession *session)
{
  self->session = g_object_ref (session);
  atlas_process_title_set_session (self->title, session);
  atlas_process_pane_set_session (self->process_pane, session);
  atlas_inspector_set_session (self->inspector, session);
  atlas_counter_bar_set_session (self->counter_bar, session);
  atlas_spine_view_set_session (self->spine_view, session);
  atlas_map_view_set_session (self->map_view, session);
  atlas_legend_view_set_session (self->legend_view, session);
  atlas_history_view_set_session (self->history_view, session);
  atlas_region_table_set_session (self->region_table, session);
  atlas_go_to_set_session (self->go_to, session);
  self->experiment = atlas_experiment_new (session);
  atlas_lab_pane_set_experiment (self->lab_pane, self->experiment);
  atlas_lab_strip_set_experiment (self->lab_strip, self->experiment);
  g_signal_connect_object (self->experiment, "notify::watching", G_CALLBACK (watching_changed_cb),
                           self, G_CONNECT_SWAPPED);

  g_signal_connect_object (session, "notify::state", G_CALLBACK (update_state), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::snapshot", G_CALLBACK (update_state), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::pid", G_CALLBACK (pid_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::paused", G_CALLBACK (paused_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::cursor", G_CALLBACK (cursor_changed_cb), self,
                           G_CONNECT_SWAPPED);
  cursor_changed_cb (self);
}

static void
atlas_window_realize (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (atlas_window_parent_class)->realize (widget);
  g_signal_connect_object (gtk_native_get_surface (GTK_NATIVE (widget)), "notify::state",
                           G_CALLBACK (update_active), widget, G_CONNECT_SWAPPED);
  g_signal_connect_object (gtk_native_get_surface (GTK_NATIVE (widget)), "layout",
                           G_CALLBACK (surface_layout_cb), widget, G_CONNECT_SWAPPED);
}

static void
atlas_window_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (atlas_window_parent_class)->map (widget);
  update_active (ATLAS_WINDOW (widget));
}

static void
atlas_window_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (atlas_window_parent_class)->unmap (widget);
  update_active (ATLAS_WINDOW (widget));
}

static void
atlas_window_dispose (GObject *object)
{
  AtlasWindow *self = ATLAS_WINDOW (object);

  g_clear_handle_id (&self->history_idle, g_source_remove);
  g_clear_handle_id (&self->loading_timeout, g_source_remove);
  g_clear_object (&self->sidebar);
  g_clear_object (&self->inspector_pane);
  if (self->session)
    atlas_session_set_active (self->session, FALSE);
  if (self->experiment)
    atlas_experiment_close (self->experiment);
  gtk_widget_dispose_template (GTK_WIDGET (self), ATLAS_TYPE_WINDOW);
  g_clear_object (&self->experiment);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (atlas_window_parent_class)->dispose (object);
}

static void
ensure_types (void)
{
  g_type_ensure (ATLAS_TYPE_HISTORY_VIEW);
  g_type_ensure (ATLAS_TYPE_PROCESS_PANE);
  g_type_ensure (ATLAS_TYPE_PROCESS_TITLE);
  g_type_ensure (ATLAS_TYPE_INSPECTOR);
  g_type_ensure (ATLAS_TYPE_LAB_PANE);
  g_type_ensure (ATLAS_TYPE_LAB_STRIP);
  g_type_ensure (ATLAS_TYPE_NOTICE);
  g_type_ensure (ATLAS_TYPE_GO_TO);
  g_type_ensure (ATLAS_TYPE_STATE_PAGE);
  g_type_ensure (ATLAS_TYPE_COUNTER_BAR);
  g_type_ensure (ATLAS_TYPE_SPINE_VIEW);
  g_type_ensure (ATLAS_TYPE_MAP_VIEW);
  g_type_ensure (ATLAS_TYPE_LEGEND_VIEW);
  g_type_ensure (ATLAS_TYPE_REGION_TABLE);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/memoryatlas/MemoryAtlas/atlas-window.ui");
  gtk_widget_class_bind_template_child (widget_class, AtlasWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, AtlasWindow, title);
  gtk_widget_class_bind_template_child (widget_class, AtlasWindow, pause_button);
  gtk_widget_class_bind_template_child (widget_class, AtlasWindow, pause_content);
  gtk_widget_class_bind_template_child (widget_class, AtlasWindow, sidebar_flap);
  gtk_widget_class_bind_template_child (widget_class, AtlasWindow, inspector_flap);
  gtk_widget_class_bind_template_child (widget_class, AtlasWindow, sidebar_stack);
  gtk_widget_class_bind_template_child (widget_class, AtlasWindow, process_pane);
  gtk_widget_class_bind_template_child (widget_class, AtlasWindow, lab_pane);
  gtk_widget_class_bind_template_child (widget_class, AtlasWindow, lab_strip);
  gtk_widget_class_bind_template_child (widget_class, AtlasWindow, inspector);
  gtk_widget_class_bind_template_child (widget_class, AtlasWindow, notice);
  gtk_widget_class_bind_template_child (widget_class, AtlasWindow, go_to);
  gtk_widget_class_bind_template_child (widget_class, AtlasWindow, state_stack);
  gtk_widget_class_bind_template_child (widget_class, AtlasWindow, state_page);
  gtk_widget_class_bind_template_child (widget_class, AtlasWindow, counter_bar);
  gtk_widget_class_bind_template_child (widget_class, AtlasWindow, view_stack);
  gtk_widget_class_bind_template_child (widget_class, AtlasWindow, spine_view);
  gtk_widget_class_bind_template_child (widget_class, AtlasWindow, map_view);
  gtk_widget_class_bind_template_child (widget_class, AtlasWindow, legend_view);
  gtk_widget_class_bind_template_child (widget_class, AtlasWindow, history_box);
  gtk_widget_class_bind_template_child (widget_class, AtlasWindow, history_label);
  gtk_widget_class_bind_template_child (widget_class, AtlasWindow, now_button);
  gtk_widget_class_bind_template_child (widget_class, AtlasWindow, history_view);
  gtk_widget_class_bind_template_callback (widget_class, now_clicked_cb);
  gtk_widget_class_bind_template_child (widget_class, AtlasWindow, region_table);
  gtk_widget_class_bind_template_callback (widget_class, sidebar_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, lesson_cb);
  gtk_widget_class_bind_template_callback (widget_class, lesson_closed_cb);
  gtk_widget_class_bind_template_callback (widget_class, said_cb);
  gtk_widget_class_bind_template_callback (widget_class, focus_view);
  gtk_widget_class_bind_template_callback (widget_class, view_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, region_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, key_pressed_cb);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.export", NULL, export_action);
  gtk_widget_class_install_action (widget_class, "win.export-as", "s", export_as_action);
  gtk_widget_class_install_action (widget_class, "win.copy-picture", NULL, copy_picture_action);
  gtk_widget_class_install_action (widget_class, "win.open-file", "s", open_file_action);
  gtk_widget_class_install_action (widget_class, "win.refresh", NULL, refresh_action);
  gtk_widget_class_install_action (widget_class, "win.search", NULL, search_action);
  gtk_widget_class_install_action (widget_class, "win.go-to", NULL, go_to_action);
  gtk_widget_class_install_action (widget_class, "win.sidebar-page", "s", sidebar_page_action);
  gtk_widget_class_install_action (widget_class, "win.start-lab", NULL, start_lab_action);
  gtk_widget_class_install_action (widget_class, "win.lab-command", NULL, lab_command_action);
  gtk_widget_class_install_action (widget_class, "win.zoom-in", NULL, zoom_action);
  gtk_widget_class_install_action (widget_class, "win.zoom-out", NULL, zoom_action);
  gtk_widget_class_install_action (widget_class, "win.zoom-reset", NULL, zoom_action);
}

static void
atlas_window_class_init (AtlasWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = atlas_window_dispose;
  widget_class->realize = atlas_window_realize;
  widget_class->map = atlas_window_map;
  widget_class->unmap = atlas_window_unmap;

  ensure_types ();
  bind_template (widget_class);
  install_actions (widget_class);
}

static void
atlas_window_init (AtlasWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

AtlasWindow *
atlas_window_new (GtkApplication *application, AtlasProcfs *procfs)
{
  AtlasWindow *self;
  g_autoptr (AtlasSession) session = NULL;

  g_return_val_if_fail (GTK_IS_APPLICATION (application), NULL);
  g_return_val_if_fail (procfs, NULL);

  self = g_object_new (ATLAS_TYPE_WINDOW, "application", application, NULL);
  session = atlas_session_new (procfs);
  set_session (self, session);
  add_pane (self, &self->sidebar, self->sidebar_flap, "show-sidebar", is_sidebar_needed);
  add_pane (self, &self->inspector_pane, self->inspector_flap, "show-inspector",
            is_inspector_needed);
  add_actions (self);
  bind_settings (self);
  paused_changed_cb (self);
  update_state (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->process_pane));
  return self;
}

void
atlas_window_show_process (AtlasWindow *self, gint pid)
{
  g_return_if_fail (ATLAS_IS_WINDOW (self));

  atlas_session_set_pid (self->session, pid);
  self->wants_focus = TRUE;
}

void
atlas_window_start_lab (AtlasWindow *self, const char *lesson)
{
  g_return_if_fail (ATLAS_IS_WINDOW (self));

  gtk_stack_set_visible_child_name (self->sidebar_stack, "lab");
  if (lesson)
    lesson_cb (self, lesson);
  else
    {
      atlas_pane_reveal (self->sidebar, TRUE);
      atlas_experiment_start (self->experiment);
    }
}

AtlasSession *
atlas_window_get_session (AtlasWindow *self)
{
  g_return_val_if_fail (ATLAS_IS_WINDOW (self), NULL);

  return self->session;
}
