/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The table of regions. It is arranged in a thread where that takes time, shows what is seen and
 * nothing else, and reads along only while it is seen itself. */

#include "atlas-config.h"

#include "atlas-region-table.h"

#include <glib/gi18n-lib.h>

#include "atlas-column-widths.h"
#include "atlas-format.h"
#include "atlas-region-arranger.h"
#include "atlas-region-header.h"
#include "atlas-region-rows.h"
#include "atlas-template.h"

struct _AtlasRegionTable
{
  GtkWidget parent_instance;

  GtkSearchEntry *filter_entry;
  GtkLabel *count_label;
  GtkStack *stack;
  AtlasRegionHeader *header;
  GtkScrolledWindow *scroller;
  AtlasRegionRows *rows;

  AtlasSession *session;
  AtlasRegionArranger *arranger;
  AtlasColumnWidths *widths;
};

enum
{
  REGION_ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AtlasRegionTable, atlas_region_table, GTK_TYPE_WIDGET)

/* --- what is shown --------------------------------------------------------------------------- */

static void
update_count (AtlasRegionTable *self, AtlasRegionOrder *order)
{
  AtlasSnapshot *snapshot = atlas_region_order_get_snapshot (order);
  guint n_all = snapshot != NULL ? atlas_snapshot_get_n_regions (snapshot) : 0;
  guint n_shown = atlas_region_order_get_n_rows (order);
  g_autofree char *all = atlas_format_count (n_all);
  g_autofree char *shown = atlas_format_count (n_shown);
  g_autofree char *text = n_shown == n_all
                              ? g_strdup_printf (ngettext ("%s region", "%s regions", n_all), all)
                              /* Translators: numbers of regions, "12 of 1,486" */
                              : g_strdup_printf (_ ("%s of %s"), shown, all);

  gtk_label_set_text (self->count_label, text);
  gtk_stack_set_visible_child_name (self->stack, n_shown == 0 && n_all > 0 ? "empty" : "table");
}

static void
select_current (AtlasRegionTable *self)
{
  AtlasRegion *region = atlas_session_get_selected_region (self->session);

  atlas_region_rows_select (self->rows, region != NULL ? region->start : 0);
}

/* What is seen here is read first, too, where it is one range of addresses. */
static void
report_focus (AtlasRegionTable *self)
{
  AtlasRegionOrder *order = atlas_region_arranger_get_order (self->arranger);
  AtlasRegion *one, *other;
  guint first, n_rows;

  if (self->session == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self))
      || !atlas_region_wish_is_trivial (atlas_region_order_get_wish (order))
      || !atlas_region_rows_get_seen (self->rows, &first, &n_rows))
    return;
  one = atlas_region_order_get_region (order, first);
  other = atlas_region_order_get_region (order, first + n_rows - 1);
  atlas_session_set_focus (self->session, MIN (one->start, other->start),
                           MAX (one->end, other->end));
}

static void
arranged_cb (AtlasRegionTable *self)
{
  AtlasRegionOrder *order = atlas_region_arranger_get_order (self->arranger);

  atlas_region_rows_set_order (self->rows, order);
  update_count (self, order);
  if (self->session != NULL)
    select_current (self);
  report_focus (self);
}

static void
update (AtlasRegionTable *self)
{
  if (self->session != NULL && gtk_widget_get_mapped (GTK_WIDGET (self)))
    atlas_region_arranger_set_snapshot (self->arranger, atlas_session_get_snapshot (self->session));
}

/* What allocations are called is part of the names. */
static void
update_labels (AtlasRegionTable *self)
{
  AtlasRegionWish wish = *atlas_region_arranger_get_wish (self->arranger);

  if (self->session == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  wish.labels = atlas_session_get_labels (self->session);
  atlas_region_arranger_set_wish (self->arranger, &wish);
}

static void
highlight_changed_cb (AtlasRegionTable *self)
{
  atlas_region_rows_set_highlight (self->rows, atlas_session_get_highlight (self->session));
}

/* --- choosing -------------------------------------------------------------------------------- */

static void
selection_changed_cb (AtlasRegionTable *self)
{
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  select_current (self);
  atlas_region_rows_reveal (self->rows, atlas_session_get_selected (self->session));
}

/* The person chose a row: its region's first page, unless a page in it is selected already. */
static void
selected_cb (AtlasRegionTable *self, guint64 start)
{
  AtlasRegion *region = atlas_session_get_selected_region (self->session);

  if (region == NULL || region->start != start)
    atlas_session_select (self->session, start);
}

static void
activated_cb (AtlasRegionTable *self, guint64 start)
{
  g_signal_emit (self, signals[REGION_ACTIVATED], 0, start);
}

/* --- arranging ------------------------------------------------------------------------------- */

static void
filter_changed_cb (AtlasRegionTable *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->filter_entry));
  g_autofree char *folded = g_utf8_casefold (text, -1);
  AtlasRegionWish wish = *atlas_region_arranger_get_wish (self->arranger);

  wish.search = g_strstrip (folded);
  atlas_region_arranger_set_wish (self->arranger, &wish);
}

static void
stop_filter_cb (AtlasRegionTable *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->filter_entry), "");
  gtk_widget_grab_focus (GTK_WIDGET (self->rows));
}

static void
sort_cb (AtlasRegionTable *self, guint column)
{
  AtlasRegionWish wish = *atlas_region_arranger_get_wish (self->arranger);

  wish.descending =
      wish.column == column ? !wish.descending : atlas_region_column_is_number (column);
  wish.column = (AtlasRegionColumn) column;
  atlas_region_header_set_sorted (self->header, wish.column, wish.descending);
  atlas_region_arranger_set_wish (self->arranger, &wish);
}

/* --- the object ------------------------------------------------------------------------------ */

void
atlas_region_table_set_session (AtlasRegionTable *self, AtlasSession *session)
{
  g_return_if_fail (ATLAS_IS_REGION_TABLE (self));
  g_return_if_fail (ATLAS_IS_SESSION (session));
  g_return_if_fail (!self->session);

  self->session = g_object_ref (session);
  g_signal_connect_object (session, "notify::snapshot", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::labels", G_CALLBACK (update_labels), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::selected-address", G_CALLBACK (selection_changed_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::highlight", G_CALLBACK (highlight_changed_cb), self,
                           G_CONNECT_SWAPPED);
  highlight_changed_cb (self);
  update_labels (self);
  update (self);
}

static gboolean
atlas_region_table_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (ATLAS_REGION_TABLE (widget)->rows));
}

static void
atlas_region_table_map (GtkWidget *widget)
{
  AtlasRegionTable *self = ATLAS_REGION_TABLE (widget);

  GTK_WIDGET_CLASS (atlas_region_table_parent_class)->map (widget);
  update_labels (self);
  update (self);
  if (self->session != NULL)
    selection_changed_cb (self);
  report_focus (self);
}

static void
atlas_region_table_dispose (GObject *object)
{
  AtlasRegionTable *self = ATLAS_REGION_TABLE (object);

  if (self->arranger != NULL)
    g_signal_handlers_disconnect_by_data (self->arranger, self);
  atlas_template_dispose (GTK_WIDGET (self), ATLAS_TYPE_REGION_TABLE);
  g_clear_object (&self->arranger);
  g_clear_object (&self->widths);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (atlas_region_table_parent_class)->dispose (object);
}

static void
atlas_region_table_class_init (AtlasRegionTableClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = atlas_region_table_dispose;
  widget_class->grab_focus = atlas_region_table_grab_focus;
  widget_class->map = atlas_region_table_map;

  signals[REGION_ACTIVATED] =
      g_signal_new ("region-activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 1, G_TYPE_UINT64);

  g_type_ensure (ATLAS_TYPE_REGION_HEADER);
  g_type_ensure (ATLAS_TYPE_REGION_ROWS);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/memoryatlas/MemoryAtlas/atlas-region-table.ui");
  gtk_widget_class_bind_template_child (widget_class, AtlasRegionTable, filter_entry);
  gtk_widget_class_bind_template_child (widget_class, AtlasRegionTable, count_label);
  gtk_widget_class_bind_template_child (widget_class, AtlasRegionTable, stack);
  gtk_widget_class_bind_template_child (widget_class, AtlasRegionTable, header);
  gtk_widget_class_bind_template_child (widget_class, AtlasRegionTable, scroller);
  gtk_widget_class_bind_template_child (widget_class, AtlasRegionTable, rows);
  gtk_widget_class_bind_template_callback (widget_class, filter_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_filter_cb);
  gtk_widget_class_bind_template_callback (widget_class, sort_cb);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, report_focus);
}

static void
atlas_region_table_init (AtlasRegionTable *self)
{
  self->arranger = atlas_region_arranger_new ();
  self->widths = atlas_column_widths_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  atlas_region_rows_set_widths (self->rows, self->widths);
  atlas_region_header_set_widths (self->header, self->widths);
  atlas_region_header_set_adjustment (self->header,
                                      gtk_scrolled_window_get_hadjustment (self->scroller));
  atlas_region_header_set_sorted (self->header, ATLAS_REGION_COLUMN_ADDRESS, FALSE);
  g_signal_connect_swapped (self->arranger, "arranged", G_CALLBACK (arranged_cb), self);
}
