/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Zooming the map: by key and menu about the cell cursor, by wheel and pinch about the pointer.
 *
 * What is zoomed about is held for as long as a hand stays where it is. Were it taken anew at each
 * event it would wander: a page that becomes a cell of its own is seldom in the column in which the
 * many were that it was one of. Held, zooming in and out again ends where it began. */

#include "atlas-config.h"

#include "atlas-map-view-private.h"

#include <math.h>

#include "atlas-map-anchor.h"

/* Touchpads scroll by pixels: so many are one notch of the wheel. */
#define PIXELS_PER_NOTCH 48.0
#define STEPS_PER_NOTCH 0.5
/* Of a step by key; short enough to never be waited for. */
#define ANIMATION_MS 160.0
/* A pointer that trembles stays where it is. Pixels. */
#define TREMBLE 2.0

static double
clamp_zoom (AtlasMapView *self, double zoom)
{
  int least, most;

  atlas_map_view_get_zoom_range (self, &least, &most);
  return CLAMP (zoom, least, most);
}

/* Where the zoom is going. */
static double
get_goal (AtlasMapView *self)
{
  return self->zooming.tick != 0 ? self->zooming.to : self->zoom;
}

static void
set_zoom (AtlasMapView *self, double zoom)
{
  AtlasMapViewZooming *zooming = &self->zooming;

  if (self->zoom <= zoom && self->zoom >= zoom)
    return;

  self->zoom = zoom;
  self->goal_x = -1.0;
  atlas_map_view_replace_layout (self, &zooming->anchor, zooming->where);
  zooming->value = atlas_map_view_get_value (self);
  g_object_notify (G_OBJECT (self), "zoom");
}

/* Animation */

static void
stop_animation (AtlasMapView *self)
{
  if (self->zooming.tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->zooming.tick);
  self->zooming.tick = 0;
}

static double
ease_out (double share)
{
  return 1.0 - pow (1.0 - share, 3.0);
}

static gboolean
animate_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  AtlasMapView *self = ATLAS_MAP_VIEW (widget);
  AtlasMapViewZooming *zooming = &self->zooming;
  double ms = (double) (gdk_frame_clock_get_frame_time (clock) - zooming->begin) / 1e3;

  if (ms >= ANIMATION_MS)
    {
      zooming->tick = 0;
      set_zoom (self, clamp_zoom (self, zooming->to));
      return G_SOURCE_REMOVE;
    }
  set_zoom (self, zooming->from
                      + (zooming->to - zooming->from) * ease_out (fmax (ms, 0.0) / ANIMATION_MS));
  return G_SOURCE_CONTINUE;
}

static gboolean
may_animate (AtlasMapView *self)
{
  gboolean enabled = FALSE;

  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-enable-animations", &enabled,
                NULL);
  return enabled && gtk_widget_get_mapped (GTK_WIDGET (self));
}

static void
animate_to (AtlasMapView *self, double zoom)
{
  AtlasMapViewZooming *zooming = &self->zooming;

  stop_animation (self);
  if (!may_animate (self))
    {
      set_zoom (self, zoom);
      return;
    }
  zooming->from = self->zoom;
  zooming->to = zoom;
  zooming->begin = gdk_frame_clock_get_frame_time (gtk_widget_get_frame_clock (GTK_WIDGET (self)));
  zooming->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), animate_cb, NULL, NULL);
}

/* What is zoomed about */

static gboolean
is_held_at (AtlasMapView *self, double x, double y)
{
  const AtlasMapViewZooming *zooming = &self->zooming;

  return zooming->held && fabs (zooming->x - x) <= TREMBLE && fabs (zooming->y - y) <= TREMBLE
         && fabs (zooming->value - atlas_map_view_get_value (self)) < 0.5;
}

static gboolean
hold (AtlasMapView *self, double x, double y)
{
  AtlasMapViewZooming *zooming = &self->zooming;

  if (self->layout == NULL)
    return FALSE;
  if (is_held_at (self, x, y))
    return TRUE;

  zooming->x = x;
  zooming->y = zooming->where = y;
  zooming->value = atlas_map_view_get_value (self);
  zooming->held = atlas_map_anchor_take (self->layout, x, zooming->value + y, &zooming->anchor);
  return zooming->held;
}

static gboolean
hold_cursor (AtlasMapView *self)
{
  AtlasMapViewZooming *zooming = &self->zooming;
  guint64 selected = atlas_map_view_get_selected (self);
  AtlasRect cell;

  if (selected == 0 || self->layout == NULL
      || !atlas_map_layout_locate (self->layout, selected, &cell, NULL)
      || !atlas_map_view_is_in_view (self, &cell)
      || !atlas_map_anchor_take_address (self->layout, selected, &zooming->anchor))
    return FALSE;

  zooming->held = FALSE;
  zooming->where =
      atlas_map_anchor_find (self->layout, &zooming->anchor) - atlas_map_view_get_value (self);
  return TRUE;
}

/* Keys and menu */

static void
zoom_about_cursor (AtlasMapView *self, double zoom)
{
  /* One that moves holds what it moves about. */
  if (self->zooming.tick != 0 || hold_cursor (self)
      || hold (self, gtk_widget_get_width (GTK_WIDGET (self)) / 2.0,
               atlas_map_view_get_view_height (self) / 2.0))
    animate_to (self, clamp_zoom (self, zoom));
}

static void
zoom_in_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AtlasMapView *self = ATLAS_MAP_VIEW (widget);

  zoom_about_cursor (self, floor (get_goal (self)) + 1.0);
}

static void
zoom_out_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AtlasMapView *self = ATLAS_MAP_VIEW (widget);

  zoom_about_cursor (self, ceil (get_goal (self)) - 1.0);
}

static void
zoom_reset_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  zoom_about_cursor (ATLAS_MAP_VIEW (widget), 0.0);
}

/* Wheel and pinch */

static gboolean
scroll_cb (AtlasMapView *self, double dx, double dy, GtkEventControllerScroll *controller)
{
  GdkModifierType state =
      gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));

  if ((state & GDK_CONTROL_MASK) == 0)
    return FALSE;

  if (gtk_event_controller_scroll_get_unit (controller) == GDK_SCROLL_UNIT_SURFACE)
    dy /= PIXELS_PER_NOTCH;
  stop_animation (self);
  if (hold (self, self->pointer_x, self->pointer_y))
    set_zoom (self, clamp_zoom (self, self->zoom - dy * STEPS_PER_NOTCH));
  return TRUE;
}

static void
pinch_begin_cb (AtlasMapView *self, GdkEventSequence *sequence, GtkGesture *gesture)
{
  double x, y;

  stop_animation (self);
  self->zooming.pinched = self->zoom;
  self->zooming.held = FALSE;
  if (gtk_gesture_get_bounding_box_center (gesture, &x, &y))
    hold (self, x, y);
}

/* Scrolls to where what is held has to be, at the zoom there is. */
static void
follow (AtlasMapView *self)
{
  AtlasMapViewZooming *zooming = &self->zooming;

  atlas_map_view_set_value (self, atlas_map_anchor_find (self->layout, &zooming->anchor)
                                      - zooming->where);
  zooming->value = atlas_map_view_get_value (self);
}

/* What the fingers hold stays between them, wherever they go, even where they zoom no further. */
static void
pinch_cb (AtlasMapView *self, double scale, GtkGesture *gesture)
{
  double x, y, zoom;

  if (scale <= 0.0 || !self->zooming.held || self->layout == NULL
      || !gtk_gesture_get_bounding_box_center (gesture, &x, &y))
    return;

  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  self->zooming.where = y;
  zoom = clamp_zoom (self, self->zooming.pinched + log2 (scale));
  if (zoom < self->zoom || zoom > self->zoom)
    set_zoom (self, zoom);
  else
    follow (self);
}

static void
pinch_end_cb (AtlasMapView *self)
{
  self->zooming.held = FALSE;
}

/* With Control as well as without: both are what other programs use. */
static void
add_zoom (GtkWidgetClass *widget_class, guint keyval, const char *action)
{
  gtk_widget_class_add_binding_action (widget_class, keyval, 0, action, NULL);
  gtk_widget_class_add_binding_action (widget_class, keyval, GDK_CONTROL_MASK, action, NULL);
}

void
atlas_map_view_install_zoom (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "map.zoom-in", NULL, zoom_in_action);
  gtk_widget_class_install_action (widget_class, "map.zoom-out", NULL, zoom_out_action);
  gtk_widget_class_install_action (widget_class, "map.zoom-reset", NULL, zoom_reset_action);

  add_zoom (widget_class, GDK_KEY_plus, "map.zoom-in");
  add_zoom (widget_class, GDK_KEY_equal, "map.zoom-in");
  add_zoom (widget_class, GDK_KEY_KP_Add, "map.zoom-in");
  add_zoom (widget_class, GDK_KEY_minus, "map.zoom-out");
  add_zoom (widget_class, GDK_KEY_KP_Subtract, "map.zoom-out");
  add_zoom (widget_class, GDK_KEY_0, "map.zoom-reset");
  add_zoom (widget_class, GDK_KEY_KP_0, "map.zoom-reset");
}

void
atlas_map_view_add_zoom (AtlasMapView *self)
{
  GtkEventController *scroll =
      gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  GtkGesture *pinch = gtk_gesture_zoom_new ();

  g_signal_connect_swapped (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), scroll);

  g_signal_connect_swapped (pinch, "begin", G_CALLBACK (pinch_begin_cb), self);
  g_signal_connect_swapped (pinch, "scale-changed", G_CALLBACK (pinch_cb), self);
  g_signal_connect_swapped (pinch, "end", G_CALLBACK (pinch_end_cb), self);
  g_signal_connect_swapped (pinch, "cancel", G_CALLBACK (pinch_end_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (pinch));
}

void
atlas_map_view_update_zoom_actions (AtlasMapView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  double goal = get_goal (self);
  int least, most;

  atlas_map_view_get_zoom_range (self, &least, &most);
  gtk_widget_action_set_enabled (widget, "map.zoom-in", goal < most);
  gtk_widget_action_set_enabled (widget, "map.zoom-out", goal > least);
  gtk_widget_action_set_enabled (widget, "map.zoom-reset", goal < 0.0 || goal > 0.0);
}

void
atlas_map_view_forget_zooming (AtlasMapView *self)
{
  stop_animation (self);
  self->zooming.held = FALSE;
}
