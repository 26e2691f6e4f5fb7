/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A tile of the counter bar. A counter whose pages are known is a toggle; one whose pages the
 * kernel does not tell (a peak, say) is a button that explains itself when it is pressed. The tile
 * has room for the widest number, so that nothing beside it moves when it changes. */

#include "atlas-config.h"

#include "atlas-counter-tile.h"

#include "atlas-accessible-text.h"
#include "atlas-counter-text.h"
#include "atlas-format.h"
#include "atlas-steady-number.h"
#include "atlas-tip.h"

#define VALUE_CHARS 9
#define CHANGE_CHARS 10
#define EXPLANATION_CHARS 40

struct _AtlasCounterTile
{
  GtkWidget parent_instance;

  AtlasCounter counter;
  AtlasSnapshot *snapshot;
  AtlasSnapshot *previous;

  GtkWidget *button;
  GtkWidget *value;
  GtkWidget *change;
  GtkWidget *popover; /* NULL until it is first wanted */

  AtlasTip tip;
  char *label;
};

enum
{
  TOGGLED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AtlasCounterTile, atlas_counter_tile, GTK_TYPE_WIDGET)

static GtkWidget *
new_number (const char *css_class, guint n_chars)
{
  GtkWidget *number = atlas_steady_number_new (n_chars);

  gtk_widget_add_css_class (number, css_class);
  return number;
}

static GtkWidget *
new_caption (AtlasCounter counter)
{
  GtkWidget *label = gtk_label_new (atlas_counter_get_name (counter));

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "caption");
  return label;
}

static GtkWidget *
new_content (AtlasCounterTile *self)
{
  GtkWidget *grid = gtk_grid_new ();

  self->value = new_number ("value", VALUE_CHARS);
  self->change = new_number ("change", CHANGE_CHARS);
  gtk_widget_set_hexpand (self->change, TRUE);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 6);
  gtk_grid_attach (GTK_GRID (grid), new_caption (self->counter), 0, 0, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), self->change, 1, 0, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), self->value, 0, 1, 2, 1);
  return grid;
}

static GStrv
dup_lines (AtlasCounterTile *self)
{
  return atlas_counter_text_tooltip (self->snapshot, self->previous, self->counter);
}

static void
toggled_cb (AtlasCounterTile *self)
{
  g_signal_emit (self, signals[TOGGLED], 0);
}

static gboolean
is_in_window (GtkWidget *widget)
{
  GtkWidget *root = GTK_WIDGET (gtk_widget_get_root (widget));
  graphene_rect_t bounds;

  return root != NULL && gtk_widget_compute_bounds (widget, root, &bounds)
         && bounds.origin.x >= 0.0f
         && bounds.origin.x + bounds.size.width <= (float) gtk_widget_get_width (root);
}

/* A tile pressed by assistive technology may be scrolled far out of sight, and GTK has no place for
 * a popover beyond all screens: it waits for the focus to bring the tile into view. */
static gboolean
popup_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  AtlasCounterTile *self = ATLAS_COUNTER_TILE (widget);

  if (!is_in_window (widget))
    return G_SOURCE_CONTINUE;

  gtk_popover_popup (GTK_POPOVER (self->popover));
  return G_SOURCE_REMOVE;
}

static void
explain_cb (AtlasCounterTile *self)
{
  g_auto (GStrv) lines = dup_lines (self);

  if (self->popover == NULL)
    {
      self->popover = gtk_popover_new ();
      gtk_widget_set_parent (self->popover, GTK_WIDGET (self));
    }
  gtk_popover_set_child (GTK_POPOVER (self->popover),
                         atlas_tip_new_box ((const char *const *) lines, EXPLANATION_CHARS));
  gtk_widget_grab_focus (self->button);
  gtk_widget_add_tick_callback (GTK_WIDGET (self), popup_cb, NULL, NULL);
}

static void
add_button (AtlasCounterTile *self)
{
  if (atlas_counter_has_pages (self->counter))
    {
      self->button = gtk_toggle_button_new ();
      /* GTK says so only once it was pressed. */
      gtk_accessible_update_state (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_STATE_PRESSED,
                                   GTK_ACCESSIBLE_TRISTATE_FALSE, -1);
      g_signal_connect_swapped (self->button, "toggled", G_CALLBACK (toggled_cb), self);
    }
  else
    {
      self->button = gtk_button_new ();
      gtk_widget_add_css_class (self->button, "explains");
      g_signal_connect_swapped (self->button, "clicked", G_CALLBACK (explain_cb), self);
    }
  gtk_widget_add_css_class (self->button, "counter");
  gtk_button_set_child (GTK_BUTTON (self->button), new_content (self));
  gtk_widget_set_parent (self->button, GTK_WIDGET (self));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  atlas_counter_get_title (self->counter), -1);
}

static void
update (AtlasCounterTile *self)
{
  gint64 change = atlas_counter_text_change (self->snapshot, self->previous, self->counter);
  g_autofree char *value = atlas_counter_text_value (self->snapshot, self->counter);
  g_autofree char *difference = atlas_format_bytes_change (change);

  atlas_steady_number_set (GTK_INSCRIPTION (self->value), 0, value);
  atlas_steady_number_set (GTK_INSCRIPTION (self->change), 1, difference);
  atlas_accessible_text_set (
      self->button, GTK_ACCESSIBLE_PROPERTY_LABEL, &self->label,
      g_strdup_printf ("%s %s", atlas_counter_get_name (self->counter), value));
}

static gboolean
atlas_counter_tile_query_tooltip (GtkWidget *widget,
                                  int x,
                                  int y,
                                  gboolean keyboard,
                                  GtkTooltip *tooltip)
{
  AtlasCounterTile *self = ATLAS_COUNTER_TILE (widget);
  g_auto (GStrv) lines = dup_lines (self);

  if (self->popover != NULL && gtk_widget_get_visible (self->popover))
    return FALSE;

  atlas_tip_show (&self->tip, tooltip, (const char *const *) lines);
  return TRUE;
}

static void
atlas_counter_tile_dispose (GObject *object)
{
  AtlasCounterTile *self = ATLAS_COUNTER_TILE (object);

  g_clear_pointer (&self->popover, gtk_widget_unparent);
  g_clear_pointer (&self->button, gtk_widget_unparent);
  g_clear_pointer (&self->snapshot, atlas_snapshot_unref);
  g_clear_pointer (&self->previous, atlas_snapshot_unref);
  g_clear_pointer (&self->label, g_free);
  atlas_tip_clear (&self->tip);

  G_OBJECT_CLASS (atlas_counter_tile_parent_class)->dispose (object);
}

static void
atlas_counter_tile_class_init (AtlasCounterTileClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = atlas_counter_tile_dispose;
  widget_class->query_tooltip = atlas_counter_tile_query_tooltip;

  signals[TOGGLED] = g_signal_new ("toggled", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "countertile");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
atlas_counter_tile_init (AtlasCounterTile *self)
{
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
}

GtkWidget *
atlas_counter_tile_new (AtlasCounter counter)
{
  AtlasCounterTile *self = g_object_new (ATLAS_TYPE_COUNTER_TILE, NULL);

  self->counter = counter;
  add_button (self);
  update (self);
  return GTK_WIDGET (self);
}

AtlasCounter
atlas_counter_tile_get_counter (AtlasCounterTile *self)
{
  g_return_val_if_fail (ATLAS_IS_COUNTER_TILE (self), ATLAS_COUNTER_NONE);

  return self->counter;
}

void
atlas_counter_tile_set_snapshot (AtlasCounterTile *self,
                                 AtlasSnapshot *snapshot,
                                 AtlasSnapshot *previous)
{
  g_return_if_fail (ATLAS_IS_COUNTER_TILE (self));

  g_clear_pointer (&self->snapshot, atlas_snapshot_unref);
  g_clear_pointer (&self->previous, atlas_snapshot_unref);
  if (snapshot != NULL)
    self->snapshot = atlas_snapshot_ref (snapshot);
  if (previous != NULL)
    self->previous = atlas_snapshot_ref (previous);
  update (self);
}

gboolean
atlas_counter_tile_get_active (AtlasCounterTile *self)
{
  g_return_val_if_fail (ATLAS_IS_COUNTER_TILE (self), FALSE);

  return GTK_IS_TOGGLE_BUTTON (self->button)
         && gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->button));
}

void
atlas_counter_tile_set_active (AtlasCounterTile *self, gboolean active)
{
  g_return_if_fail (ATLAS_IS_COUNTER_TILE (self));

  if (GTK_IS_TOGGLE_BUTTON (self->button))
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->button), active);
}

GtkWidget *
atlas_counter_tile_get_button (AtlasCounterTile *self)
{
  g_return_val_if_fail (ATLAS_IS_COUNTER_TILE (self), NULL);

  return self->button;
}

const char *
atlas_counter_tile_get_value (AtlasCounterTile *self)
{
  g_return_val_if_fail (ATLAS_IS_COUNTER_TILE (self), NULL);

  return gtk_inscription_get_text (GTK_INSCRIPTION (self->value));
}

const char *
atlas_counter_tile_get_change (AtlasCounterTile *self)
{
  g_return_val_if_fail (ATLAS_IS_COUNTER_TILE (self), NULL);

  return gtk_inscription_get_text (GTK_INSCRIPTION (self->change));
}
