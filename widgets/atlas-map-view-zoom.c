/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Zooming the map: by key and menu about the cell cursor, by wheel and pinch about the pointer. */

#include "atlas-config.h"

#include "atlas-map-view-private.h"

#include <math.h>

#include "atlas-map-anchor.h"

/* Touchpads scroll by pixels: so many are one step of the wheel. */
#define PIXELS_PER_STEP 48.0

static int
clamp_zoom (AtlasMapView *self, int zoom)
{
  int least, most;

  atlas_map_view_get_zoom_range (self, &least, &most);
  return CLAMP (zoom, least, most);
}

static void
zoom_to (AtlasMapView *self, int zoom, const AtlasMapAnchor *anchor, double where)
{
  if (self->zoom == zoom)
    return;

  self->zoom = zoom;
  self->goal_x = -1.0;
  atlas_map_view_replace_layout (self, anchor, where);
  g_object_notify (G_OBJECT (self), "zoom");
}

static void
zoom_about_point (AtlasMapView *self, int zoom, double x, double y)
{
  AtlasMapAnchor anchor;

  if (self->layout != NULL
      && atlas_map_anchor_take (self->layout, x, atlas_map_view_get_value (self) + y, &anchor))
    zoom_to (self, clamp_zoom (self, zoom), &anchor, y);
}

static void
zoom_about_cursor (AtlasMapView *self, int zoom)
{
  guint64 selected = atlas_map_view_get_selected (self);
  AtlasMapAnchor anchor;
  AtlasRect cell;

  if (self->layout == NULL)
    return;

  zoom = clamp_zoom (self, zoom);
  if (selected != 0 && atlas_map_layout_locate (self->layout, selected, &cell, NULL)
      && atlas_map_view_is_in_view (self, &cell)
      && atlas_map_anchor_take_address (self->layout, selected, &anchor))
    zoom_to (self, zoom, &anchor, cell.y + anchor.offset - atlas_map_view_get_value (self));
  else
    zoom_about_point (self, zoom, gtk_widget_get_width (GTK_WIDGET (self)) / 2.0,
                      atlas_map_view_get_view_height (self) / 2.0);
}

static void
zoom_in_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AtlasMapView *self = ATLAS_MAP_VIEW (widget);

  zoom_about_cursor (self, self->zoom + 1);
}

static void
zoom_out_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AtlasMapView *self = ATLAS_MAP_VIEW (widget);

  zoom_about_cursor (self, self->zoom - 1);
}

static void
zoom_reset_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  zoom_about_cursor (ATLAS_MAP_VIEW (widget), 0);
}

static gboolean
scroll_cb (AtlasMapView *self, double dx, double dy, GtkEventControllerScroll *controller)
{
  GdkModifierType state =
      gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));
  int steps;

  if ((state & GDK_CONTROL_MASK) == 0)
    {
      self->scrolled = 0.0;
      return FALSE;
    }

  if (gtk_event_controller_scroll_get_unit (controller) == GDK_SCROLL_UNIT_SURFACE)
    dy /= PIXELS_PER_STEP;
  self->scrolled += dy;
  steps = (int) self->scrolled;
  self->scrolled -= steps;
  if (steps != 0)
    zoom_about_point (self, self->zoom - steps, self->pointer_x, self->pointer_y);
  return TRUE;
}

static void
pinch_begin_cb (AtlasMapView *self)
{
  self->pinch_zoom = self->zoom;
}

static void
pinch_cb (AtlasMapView *self, double scale, GtkGesture *gesture)
{
  double x, y;

  if (scale <= 0.0 || !gtk_gesture_get_bounding_box_center (gesture, &x, &y))
    return;

  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  zoom_about_point (self, self->pinch_zoom + (int) lround (log2 (scale)), x, y);
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
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (pinch));
}
