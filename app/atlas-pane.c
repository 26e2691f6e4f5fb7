/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Flaps fold while they are laid out, and may not be shown or hidden then. What follows from it
 * waits for an idle moment, or for a frame. */

#include "atlas-config.h"

#include "atlas-pane.h"

#include "atlas-settings.h"

struct _AtlasPane
{
  GObject parent_instance;

  AdwFlap *flap;
  char *name;
  AtlasPaneFunc needed;
  gpointer data;
  GSimpleAction *action;
  guint fold_idle;
};

G_DEFINE_FINAL_TYPE (AtlasPane, atlas_pane, G_TYPE_OBJECT)

static guint revealed_signal;

/* A pane that folded for lack of room hides; unfolded, it is as the person wanted it. */
static gboolean
follow_folded_cb (gpointer data)
{
  AtlasPane *self = data;
  gboolean needed = self->needed && self->needed (self->data);
  gboolean wanted = g_settings_get_boolean (atlas_settings_get_default (), self->name);

  self->fold_idle = 0;
  adw_flap_set_reveal_flap (self->flap, adw_flap_get_folded (self->flap) ? needed : wanted);
  return G_SOURCE_REMOVE;
}

/* To show or hide it while flaps are laid out would have the window laid out over and over. */
static void
follow_soon (AtlasPane *self)
{
  if (self->fold_idle == 0)
    self->fold_idle = g_idle_add_full (G_PRIORITY_HIGH_IDLE, follow_folded_cb, self, NULL);
}

/* Only what is done while there is room says what is wanted. */
static void
remember (AtlasPane *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self->flap)) && !adw_flap_get_folded (self->flap))
    g_settings_set_boolean (atlas_settings_get_default (), self->name,
                            adw_flap_get_reveal_flap (self->flap));
}

static void
revealed_cb (AtlasPane *self)
{
  remember (self);
  g_signal_emit (self, revealed_signal, 0);
  g_simple_action_set_state (self->action,
                             g_variant_new_boolean (adw_flap_get_reveal_flap (self->flap)));
}

/* A change that waits for a frame. */
typedef struct
{
  guint n_frames;
  gboolean reveal;
} Reveal;

static gboolean
reveal_tick_cb (GtkWidget *flap, GdkFrameClock *clock, gpointer data)
{
  Reveal *reveal = data;

  if (reveal->n_frames++ == 0)
    return G_SOURCE_CONTINUE;
  adw_flap_set_reveal_flap (ADW_FLAP (flap), reveal->reveal);
  return G_SOURCE_REMOVE;
}

/* A key that hides a tooltip and a pane at once would have the window laid out for the one and
 * painted before it is for the other. The pane waits until the tooltip is gone. */
void
atlas_pane_reveal (AtlasPane *self, gboolean reveal)
{
  Reveal *data;

  g_return_if_fail (ATLAS_IS_PANE (self));

  if (adw_flap_get_reveal_flap (self->flap) == reveal)
    return;
  data = g_new0 (Reveal, 1);
  data->reveal = reveal;
  gtk_widget_add_tick_callback (GTK_WIDGET (self->flap), reveal_tick_cb, data, g_free);
}

static void
change_state_cb (GSimpleAction *action, GVariant *state, AtlasPane *self)
{
  g_simple_action_set_state (action, state);
  atlas_pane_reveal (self, g_variant_get_boolean (state));
}

static void
atlas_pane_dispose (GObject *object)
{
  AtlasPane *self = ATLAS_PANE (object);

  g_clear_handle_id (&self->fold_idle, g_source_remove);
  if (self->flap)
    g_signal_handlers_disconnect_by_data (self->flap, self);
  g_clear_object (&self->flap);
  g_clear_object (&self->action);
  G_OBJECT_CLASS (atlas_pane_parent_class)->dispose (object);
}

static void
atlas_pane_finalize (GObject *object)
{
  g_free (ATLAS_PANE (object)->name);
  G_OBJECT_CLASS (atlas_pane_parent_class)->finalize (object);
}

static void
atlas_pane_class_init (AtlasPaneClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = atlas_pane_dispose;
  G_OBJECT_CLASS (klass)->finalize = atlas_pane_finalize;
  revealed_signal = g_signal_new ("revealed", ATLAS_TYPE_PANE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
}

static void
atlas_pane_init (AtlasPane *self)
{
}

AtlasPane *
atlas_pane_new (AdwFlap *flap, const char *name, AtlasPaneFunc needed, gpointer data)
{
  AtlasPane *self;

  g_return_val_if_fail (ADW_IS_FLAP (flap) && name, NULL);

  self = g_object_new (ATLAS_TYPE_PANE, NULL);
  self->flap = g_object_ref (flap);
  self->name = g_strdup (name);
  self->needed = needed;
  self->data = data;
  self->action = g_simple_action_new_stateful (
      name, NULL, g_variant_new_boolean (adw_flap_get_reveal_flap (flap)));
  g_signal_connect (self->action, "change-state", G_CALLBACK (change_state_cb), self);
  g_signal_connect_swapped (flap, "notify::folded", G_CALLBACK (follow_soon), self);
  g_signal_connect_swapped (flap, "map", G_CALLBACK (follow_soon), self);
  g_signal_connect_swapped (flap, "notify::reveal-flap", G_CALLBACK (revealed_cb), self);
  return self;
}

GAction *
atlas_pane_get_action (AtlasPane *self)
{
  g_return_val_if_fail (ATLAS_IS_PANE (self), NULL);

  return G_ACTION (self->action);
}

gboolean
atlas_pane_is_revealed (AtlasPane *self)
{
  g_return_val_if_fail (ATLAS_IS_PANE (self), FALSE);

  return adw_flap_get_reveal_flap (self->flap);
}

gboolean
atlas_pane_holds (AtlasPane *self, GtkWidget *widget)
{
  g_return_val_if_fail (ATLAS_IS_PANE (self) && GTK_IS_WIDGET (widget), FALSE);

  return gtk_widget_is_ancestor (widget, adw_flap_get_flap (self->flap));
}

void
atlas_pane_uncover (AtlasPane *self)
{
  g_return_if_fail (ATLAS_IS_PANE (self));

  if (adw_flap_get_folded (self->flap))
    adw_flap_set_reveal_flap (self->flap, FALSE);
}
