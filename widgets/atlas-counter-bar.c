/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The counters across the top. At most one is lit; which one is the session's to say. */

#include "atlas-config.h"

#include "atlas-counter-bar.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "atlas-counter-tile.h"
#include "atlas-style.h"

#define SPACING 6
#define LEAST_WIDTH 160
/* Pixels per step of the wheel. */
#define WHEEL_STEP 90.0

struct _AtlasCounterBar
{
  GtkWidget parent_instance;

  AtlasSession *session;
  GSignalGroup *signals;

  GtkWidget *scroller;
  GtkWidget *tiles[ATLAS_N_COUNTERS];
};

enum
{
  PROP_0,
  PROP_SESSION,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

/* What one asks first comes first; what cannot be lit comes last. */
static const AtlasCounter order[] = {
  ATLAS_COUNTER_VM_SIZE, ATLAS_COUNTER_VM_RSS,  ATLAS_COUNTER_RSS_ANON, ATLAS_COUNTER_RSS_FILE,
  ATLAS_COUNTER_VM_LCK,  ATLAS_COUNTER_VM_SWAP, ATLAS_COUNTER_VM_DATA,  ATLAS_COUNTER_RSS_SHMEM,
  ATLAS_COUNTER_VM_STK,  ATLAS_COUNTER_VM_EXE,  ATLAS_COUNTER_VM_LIB,   ATLAS_COUNTER_HUGETLB_PAGES,
  ATLAS_COUNTER_VM_HWM,  ATLAS_COUNTER_VM_PEAK, ATLAS_COUNTER_VM_PIN,   ATLAS_COUNTER_VM_PTE,
};
G_STATIC_ASSERT (G_N_ELEMENTS (order) == ATLAS_N_COUNTERS);

G_DEFINE_FINAL_TYPE (AtlasCounterBar, atlas_counter_bar, GTK_TYPE_WIDGET)

static void
snapshot_changed_cb (AtlasCounterBar *self)
{
  AtlasSnapshot *snapshot = NULL, *previous = NULL;

  if (self->session != NULL)
    {
      snapshot = atlas_session_get_snapshot (self->session);
      previous = atlas_session_get_previous (self->session);
    }
  for (guint i = 0; i < ATLAS_N_COUNTERS; i++)
    atlas_counter_tile_set_snapshot (ATLAS_COUNTER_TILE (self->tiles[i]), snapshot, previous);
}

static AtlasCounter
get_highlight (AtlasCounterBar *self)
{
  return self->session != NULL ? atlas_session_get_highlight (self->session) : ATLAS_COUNTER_NONE;
}

static void
highlight_changed_cb (AtlasCounterBar *self)
{
  AtlasCounter highlight = get_highlight (self);

  for (guint i = 0; i < ATLAS_N_COUNTERS; i++)
    {
      AtlasCounterTile *tile = ATLAS_COUNTER_TILE (self->tiles[i]);

      atlas_counter_tile_set_active (tile, atlas_counter_tile_get_counter (tile) == highlight);
    }
}

/* Also called when the session turned a tile off, and then there is nothing more to do. */
static void
toggled_cb (AtlasCounterBar *self, AtlasCounterTile *tile)
{
  AtlasCounter counter = atlas_counter_tile_get_counter (tile);

  if (self->session == NULL)
    atlas_counter_tile_set_active (tile, FALSE);
  else if (atlas_counter_tile_get_active (tile))
    atlas_session_set_highlight (self->session, counter);
  else if (get_highlight (self) == counter)
    atlas_session_set_highlight (self->session, ATLAS_COUNTER_NONE);
}

static gboolean
escape_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  AtlasCounterBar *self = ATLAS_COUNTER_BAR (widget);

  if (get_highlight (self) == ATLAS_COUNTER_NONE)
    return FALSE;

  atlas_session_set_highlight (self->session, ATLAS_COUNTER_NONE);
  return TRUE;
}

/* A wheel that only knows up and down scrolls the strip as well. */
static gboolean
scroll_cb (AtlasCounterBar *self, double dx, double dy, GtkEventControllerScroll *controller)
{
  GtkAdjustment *adjustment =
      gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (self->scroller));
  double step = fabs (dy) > fabs (dx) ? dy : dx;

  if (gtk_adjustment_get_upper (adjustment) <= gtk_adjustment_get_page_size (adjustment))
    return FALSE;

  if (gtk_event_controller_scroll_get_unit (controller) == GDK_SCROLL_UNIT_WHEEL)
    step *= WHEEL_STEP;
  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + step);
  return TRUE;
}

static void
atlas_counter_bar_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    g_value_set_object (value, ATLAS_COUNTER_BAR (object)->session);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
atlas_counter_bar_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    atlas_counter_bar_set_session (ATLAS_COUNTER_BAR (object), g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
atlas_counter_bar_dispose (GObject *object)
{
  AtlasCounterBar *self = ATLAS_COUNTER_BAR (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->session);
  g_clear_pointer (&self->scroller, gtk_widget_unparent);

  G_OBJECT_CLASS (atlas_counter_bar_parent_class)->dispose (object);
}

static void
atlas_counter_bar_class_init (AtlasCounterBarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = atlas_counter_bar_dispose;
  object_class->get_property = atlas_counter_bar_get_property;
  object_class->set_property = atlas_counter_bar_set_property;

  properties[PROP_SESSION] =
      g_param_spec_object ("session", NULL, NULL, ATLAS_TYPE_SESSION,
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, escape_cb, NULL);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "counterbar");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static GtkWidget *
new_strip (AtlasCounterBar *self)
{
  GtkWidget *strip = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, SPACING);

  for (guint i = 0; i < ATLAS_N_COUNTERS; i++)
    {
      self->tiles[i] = atlas_counter_tile_new (order[i]);
      g_signal_connect_swapped (self->tiles[i], "toggled", G_CALLBACK (toggled_cb), self);
      gtk_box_append (GTK_BOX (strip), self->tiles[i]);
    }
  return strip;
}

static GtkWidget *
new_scroller (AtlasCounterBar *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkEventController *scroll =
      gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_EXTERNAL,
                                  GTK_POLICY_NEVER);
  gtk_scrolled_window_set_min_content_width (GTK_SCROLLED_WINDOW (scroller), LEAST_WIDTH);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), new_strip (self));

  gtk_event_controller_set_propagation_phase (scroll, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  gtk_widget_add_controller (scroller, scroll);
  return scroller;
}

static void
atlas_counter_bar_init (AtlasCounterBar *self)
{
  self->signals = g_signal_group_new (ATLAS_TYPE_SESSION);
  g_signal_group_connect_swapped (self->signals, "notify::snapshot",
                                  G_CALLBACK (snapshot_changed_cb), self);
  g_signal_group_connect_swapped (self->signals, "notify::highlight",
                                  G_CALLBACK (highlight_changed_cb), self);

  self->scroller = new_scroller (self);
  gtk_widget_set_parent (self->scroller, GTK_WIDGET (self));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Counters"), -1);
  atlas_style_ensure (gtk_widget_get_display (GTK_WIDGET (self)));
}

void
atlas_counter_bar_set_session (AtlasCounterBar *self, AtlasSession *session)
{
  g_return_if_fail (ATLAS_IS_COUNTER_BAR (self));
  g_return_if_fail (session == NULL || ATLAS_IS_SESSION (session));

  if (!g_set_object (&self->session, session))
    return;

  g_signal_group_set_target (self->signals, session);
  snapshot_changed_cb (self);
  highlight_changed_cb (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION]);
}
