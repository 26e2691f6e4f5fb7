/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The pointer on the map: what it hovers, clicks and drags. */

#include "atlas-config.h"

#include "atlas-map-view-private.h"

void
atlas_map_view_update_hover (AtlasMapView *self)
{
  AtlasMapHit hit;
  guint64 hovered = 0;

  if (self->pointer_inside && atlas_map_view_hit_view (self, self->pointer_x, self->pointer_y, &hit)
      && hit.on_cell)
    hovered = hit.address;
  if (self->hovered == hovered)
    return;

  self->hovered = hovered;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
motion_cb (AtlasMapView *self, double x, double y)
{
  self->pointer_inside = TRUE;
  self->pointer_x = x;
  self->pointer_y = y;
  atlas_map_view_update_hover (self);
}

static void
leave_cb (AtlasMapView *self)
{
  self->pointer_inside = FALSE;
  atlas_map_view_update_hover (self);
}

static void
pressed_cb (AtlasMapView *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
}

/* On release, so that a finger that pans selects nothing. */
static void
released_cb (AtlasMapView *self, int n_press, double x, double y)
{
  AtlasMapHit hit;

  if (self->session != NULL && atlas_map_view_hit_view (self, x, y, &hit))
    atlas_session_select (self->session, hit.address);
}

static void
pan_begin_cb (AtlasMapView *self, double x, double y, GtkGesture *gesture)
{
  self->pan_value = atlas_map_view_get_value (self);
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "grabbing");
}

static void
pan_update_cb (AtlasMapView *self, double x, double y)
{
  atlas_map_view_set_value (self, self->pan_value - y);
}

static void
pan_end_cb (AtlasMapView *self)
{
  gtk_widget_set_cursor (GTK_WIDGET (self), NULL);
}

void
atlas_map_view_add_pointer (AtlasMapView *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *pan = gtk_gesture_drag_new ();

  g_signal_connect_swapped (motion, "enter", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);

  g_signal_connect_swapped (click, "pressed", G_CALLBACK (pressed_cb), self);
  g_signal_connect_swapped (click, "released", G_CALLBACK (released_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (pan), GDK_BUTTON_MIDDLE);
  g_signal_connect_swapped (pan, "drag-begin", G_CALLBACK (pan_begin_cb), self);
  g_signal_connect_swapped (pan, "drag-update", G_CALLBACK (pan_update_cb), self);
  g_signal_connect_swapped (pan, "drag-end", G_CALLBACK (pan_end_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (pan));
}
