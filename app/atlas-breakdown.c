/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One row for each kind that has resident pages, in the order of the kinds, so that rows do not
 * change places while a process grows. */

#include "atlas-config.h"

#include "atlas-breakdown.h"

#include <glib/gi18n-lib.h>

#include "atlas-format.h"
#include "atlas-share-bar.h"
#include "atlas-steady-number.h"

#define VALUE_CHARS 6 /* "97 MiB" */

typedef struct
{
  GtkWidget *title, *bar, *value;
} Row;

struct _AtlasBreakdown
{
  GtkWidget parent_instance;

  GtkWidget *grid;
  Row rows[ATLAS_N_KINDS];
};

G_DEFINE_FINAL_TYPE (AtlasBreakdown, atlas_breakdown, GTK_TYPE_WIDGET)

static void
show_row (const Row *row, guint64 bytes, guint64 most)
{
  g_autofree char *value = atlas_format_bytes (bytes);
  gboolean visible = bytes > 0;

  gtk_widget_set_visible (row->title, visible);
  gtk_widget_set_visible (row->bar, visible);
  gtk_widget_set_visible (row->value, visible);
  atlas_steady_number_set (GTK_INSCRIPTION (row->value), 1, value);
  atlas_share_bar_set_share (ATLAS_SHARE_BAR (row->bar),
                             most > 0 ? (double) bytes / (double) most : 0);
}

void
atlas_breakdown_show (AtlasBreakdown *self, AtlasSnapshot *snapshot)
{
  guint64 page_size, most = 0;

  g_return_if_fail (ATLAS_IS_BREAKDOWN (self));
  g_return_if_fail (snapshot);

  page_size = atlas_snapshot_get_page_size (snapshot);
  for (guint i = 0; i < ATLAS_N_KINDS; i++)
    most = MAX (most, atlas_snapshot_get_kind_counts (snapshot, (AtlasKind) i)->resident);
  for (guint i = 0; i < ATLAS_N_KINDS; i++)
    show_row (&self->rows[i],
              atlas_snapshot_get_kind_counts (snapshot, (AtlasKind) i)->resident * page_size,
              most * page_size);
}

static void
build_row (AtlasBreakdown *self, AtlasKind kind)
{
  Row *row = &self->rows[kind];

  row->title = gtk_label_new (atlas_kind_get_title (kind));
  gtk_label_set_xalign (GTK_LABEL (row->title), 0);
  row->bar = atlas_share_bar_new ();
  atlas_share_bar_set_kind (ATLAS_SHARE_BAR (row->bar), kind);
  gtk_widget_set_hexpand (row->bar, TRUE);
  gtk_widget_set_valign (row->bar, GTK_ALIGN_CENTER);
  row->value = atlas_steady_number_new (VALUE_CHARS);
  gtk_widget_add_css_class (row->value, "numeric");

  gtk_grid_attach (GTK_GRID (self->grid), row->title, 0, (int) kind, 1, 1);
  gtk_grid_attach (GTK_GRID (self->grid), row->bar, 1, (int) kind, 1, 1);
  gtk_grid_attach (GTK_GRID (self->grid), row->value, 2, (int) kind, 1, 1);
}

static void
atlas_breakdown_dispose (GObject *object)
{
  AtlasBreakdown *self = ATLAS_BREAKDOWN (object);

  g_clear_pointer (&self->grid, gtk_widget_unparent);
  G_OBJECT_CLASS (atlas_breakdown_parent_class)->dispose (object);
}

static void
atlas_breakdown_class_init (AtlasBreakdownClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = atlas_breakdown_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "breakdown");
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
atlas_breakdown_init (AtlasBreakdown *self)
{
  self->grid = gtk_grid_new ();
  gtk_grid_set_column_spacing (GTK_GRID (self->grid), 12);
  gtk_grid_set_row_spacing (GTK_GRID (self->grid), 6);
  gtk_widget_set_parent (self->grid, GTK_WIDGET (self));
  for (guint i = 0; i < ATLAS_N_KINDS; i++)
    build_row (self, (AtlasKind) i);
}
