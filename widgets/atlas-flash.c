/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Time begins with the first frame that shows it, so that a slow one does not swallow the flash. */

#include "atlas-flash.h"

#include <math.h>

/* Of the whole, the part during which it stays as it is. */
#define DURATION_MS 1200.0
#define HELD_MS 350.0

void
atlas_flash_init (AtlasFlash *self, GtkWidget *widget)
{
  *self = (AtlasFlash){ .widget = widget };
}

static void
stop (AtlasFlash *self)
{
  if (self->tick != 0)
    gtk_widget_remove_tick_callback (self->widget, self->tick);
  self->tick = 0;
}

static gboolean
fade_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  AtlasFlash *self = user_data;
  gint64 now = gdk_frame_clock_get_frame_time (clock);
  double ms;

  if (self->begin == 0)
    self->begin = now;
  ms = (double) (now - self->begin) / 1e3;
  self->opacity = CLAMP ((DURATION_MS - ms) / (DURATION_MS - HELD_MS), 0.0, 1.0);
  gtk_widget_queue_draw (widget);
  if (self->opacity > 0.0)
    return G_SOURCE_CONTINUE;

  self->tick = 0;
  g_clear_pointer (&self->changes, atlas_page_changes_unref);
  return G_SOURCE_REMOVE;
}

static gboolean
wants_motion (AtlasFlash *self)
{
  gboolean enabled = FALSE;

  g_object_get (gtk_widget_get_settings (self->widget), "gtk-enable-animations", &enabled, NULL);
  return enabled;
}

void
atlas_flash_set (AtlasFlash *self, AtlasPageChanges *changes)
{
  if (changes != NULL)
    atlas_page_changes_ref (changes);
  atlas_flash_clear (self);
  gtk_widget_queue_draw (self->widget);
  if (changes == NULL)
    return;

  self->steady = !wants_motion (self);
  if (!self->steady && !gtk_widget_get_mapped (self->widget))
    {
      atlas_page_changes_unref (changes);
      return;
    }
  self->changes = changes;
  self->opacity = 1.0;
  self->begin = 0;
  if (!self->steady)
    self->tick = gtk_widget_add_tick_callback (self->widget, fade_cb, self, NULL);
}

double
atlas_flash_get_opacity (const AtlasFlash *self)
{
  return self->changes != NULL ? self->opacity : 0.0;
}

void
atlas_flash_clear (AtlasFlash *self)
{
  stop (self);
  g_clear_pointer (&self->changes, atlas_page_changes_unref);
}
