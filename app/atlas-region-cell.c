/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One text of one region. Numbers stand at the right, addresses in figures of equal width. */

#include "atlas-config.h"

#include "atlas-region-cell.h"

struct _AtlasRegionCell
{
  GtkWidget parent_instance;

  GtkWidget *label;
  AtlasRegionKey key;
  AtlasRegionItem *item;
};

G_DEFINE_FINAL_TYPE (AtlasRegionCell, atlas_region_cell, GTK_TYPE_WIDGET)

/* The table's own cell and row are what assistive tools meet first: they get the text, and the
 * region's name. */
static void
label_parents (AtlasRegionCell *self, const char *text)
{
  GtkWidget *cell = gtk_widget_get_parent (GTK_WIDGET (self));
  GtkWidget *row = cell ? gtk_widget_get_parent (cell) : NULL;
  g_autofree char *range = NULL;
  g_autofree char *label = NULL;

  if (cell)
    gtk_accessible_update_property (GTK_ACCESSIBLE (cell), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  if (!row || self->key != ATLAS_REGION_KEY_NAME)
    return;
  range = atlas_region_item_format (self->item, ATLAS_REGION_KEY_ADDRESS);
  label = g_strdup_printf ("%s, %s", gtk_label_get_text (GTK_LABEL (self->label)), range);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
update (AtlasRegionCell *self)
{
  g_autofree char *text = atlas_region_item_format (self->item, self->key);

  if (g_strcmp0 (gtk_label_get_text (GTK_LABEL (self->label)), text) != 0)
    gtk_label_set_text (GTK_LABEL (self->label), text);
  label_parents (self, text);
}

void
atlas_region_cell_set_item (AtlasRegionCell *self, AtlasRegionItem *item)
{
  g_return_if_fail (ATLAS_IS_REGION_CELL (self));
  g_return_if_fail (!item || ATLAS_IS_REGION_ITEM (item));

  if (self->item)
    g_signal_handlers_disconnect_by_data (self->item, self);
  g_set_object (&self->item, item);
  if (!item)
    return;
  g_signal_connect_object (item, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

static void
atlas_region_cell_dispose (GObject *object)
{
  AtlasRegionCell *self = ATLAS_REGION_CELL (object);

  atlas_region_cell_set_item (self, NULL);
  g_clear_pointer (&self->label, gtk_widget_unparent);
  G_OBJECT_CLASS (atlas_region_cell_parent_class)->dispose (object);
}

static void
atlas_region_cell_class_init (AtlasRegionCellClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = atlas_region_cell_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GENERIC);
}

static void
atlas_region_cell_init (AtlasRegionCell *self)
{
  self->label = gtk_label_new (NULL);
  gtk_widget_set_parent (self->label, GTK_WIDGET (self));
}

static gboolean
is_number (AtlasRegionKey key)
{
  return key == ATLAS_REGION_KEY_SIZE || key == ATLAS_REGION_KEY_RESIDENT
         || key == ATLAS_REGION_KEY_SWAPPED;
}

static void
limit_width (GtkWidget *label, int width_chars)
{
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_width_chars (GTK_LABEL (label), width_chars);
}

GtkWidget *
atlas_region_cell_new (AtlasRegionKey key)
{
  AtlasRegionCell *self = g_object_new (ATLAS_TYPE_REGION_CELL, NULL);

  self->key = key;
  gtk_label_set_xalign (GTK_LABEL (self->label), is_number (key) ? 1 : 0);
  if (is_number (key))
    gtk_widget_add_css_class (self->label, "numeric");
  if (key == ATLAS_REGION_KEY_ADDRESS || key == ATLAS_REGION_KEY_PERMISSIONS)
    gtk_widget_add_css_class (self->label, "address");
  /* The longest names and the few addresses of the kernel do not make the column wide for all. */
  if (key == ATLAS_REGION_KEY_NAME)
    limit_width (self->label, 18);
  if (key == ATLAS_REGION_KEY_ADDRESS)
    limit_width (self->label, 26);
  return GTK_WIDGET (self);
}
