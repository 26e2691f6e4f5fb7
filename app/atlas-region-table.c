/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The table of regions. Rows live as long as their regions, so a new snapshot each second moves
 * neither the selection nor what is on the screen. It reads along only while it is seen. */

#include "atlas-config.h"

#include "atlas-region-table.h"

#include <glib/gi18n-lib.h>

#include "atlas-format.h"
#include "atlas-page-bar.h"
#include "atlas-region-cell.h"
#include "atlas-region-list.h"
#include "atlas-template.h"

#define BAR_WIDTH 112
#define BAR_HEIGHT 12

struct _AtlasRegionTable
{
  GtkWidget parent_instance;

  GtkSearchEntry *filter_entry;
  GtkLabel *count_label;
  GtkStack *stack;
  GtkColumnView *column_view;

  AtlasSession *session;
  AtlasRegionList *regions;
  GtkCustomFilter *filter;
  GtkSingleSelection *selection;
  GPtrArray *bars;    /* AtlasPageBar that show something now, unowned */
  char *search;       /* casefolded; NULL: all */
  gboolean selecting; /* the selection is being set by us, not by the person */
};

enum
{
  REGION_ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AtlasRegionTable, atlas_region_table, GTK_TYPE_WIDGET)

static gboolean
match_region (gpointer item, gpointer data)
{
  AtlasRegionTable *self = data;

  return !self->search || atlas_region_item_matches (item, self->search);
}

static int
compare_regions (gconstpointer a, gconstpointer b, gpointer key)
{
  return atlas_region_item_compare (ATLAS_REGION_ITEM ((gpointer) a),
                                    ATLAS_REGION_ITEM ((gpointer) b),
                                    (AtlasRegionKey) GPOINTER_TO_UINT (key));
}

static guint
find_position (AtlasRegionTable *self, AtlasRegionItem *wanted)
{
  GListModel *model = G_LIST_MODEL (self->selection);
  guint n_items = g_list_model_get_n_items (model);

  for (guint i = 0; wanted && i < n_items; i++)
    {
      g_autoptr (AtlasRegionItem) item = g_list_model_get_item (model, i);

      if (item == wanted)
        return i;
    }
  return GTK_INVALID_LIST_POSITION;
}

/* The list inside the column view is what can be scrolled to an item. */
static void
scroll_to (AtlasRegionTable *self, guint position)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->column_view));

  while (child && !GTK_IS_LIST_VIEW (child))
    child = gtk_widget_get_next_sibling (child);
  if (child)
    gtk_widget_activate_action (child, "list.scroll-to-item", "u", position);
}

/* Takes the session's selection over. */
static void
select_current (AtlasRegionTable *self, gboolean reveal)
{
  AtlasRegion *region = atlas_session_get_selected_region (self->session);
  AtlasRegionItem *item = region ? atlas_region_list_find (self->regions, region->start) : NULL;
  guint position;

  if (gtk_single_selection_get_selected_item (self->selection) == (gpointer) item)
    return;
  position = find_position (self, item);
  self->selecting = TRUE;
  gtk_single_selection_set_selected (self->selection, position);
  self->selecting = FALSE;
  if (reveal && position != GTK_INVALID_LIST_POSITION)
    scroll_to (self, position);
}

static void
update_count (AtlasRegionTable *self)
{
  guint n_all = g_list_model_get_n_items (G_LIST_MODEL (self->regions));
  guint n_shown = g_list_model_get_n_items (G_LIST_MODEL (self->selection));
  g_autofree char *all = atlas_format_count (n_all);
  g_autofree char *shown = atlas_format_count (n_shown);
  g_autofree char *text = n_shown == n_all
                              ? g_strdup_printf (ngettext ("%s region", "%s regions", n_all), all)
                              /* Translators: numbers of regions, "12 of 1,486" */
                              : g_strdup_printf (_ ("%s of %s"), shown, all);

  gtk_label_set_text (self->count_label, text);
  gtk_stack_set_visible_child_name (self->stack, n_shown == 0 && n_all > 0 ? "empty" : "table");
}

/* Puts the rows in the order of what they are now. */
static void
sort (AtlasRegionTable *self)
{
  GListModel *model = G_LIST_MODEL (self->regions);
  guint n_items = g_list_model_get_n_items (model);

  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr (AtlasRegionItem) item = g_list_model_get_item (model, i);

      atlas_region_item_note (item);
    }
  gtk_sorter_changed (gtk_column_view_get_sorter (self->column_view), GTK_SORTER_CHANGE_DIFFERENT);
}

static void
update (AtlasRegionTable *self)
{
  gboolean renamed, changed;

  if (!self->session || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  self->selecting = TRUE;
  renamed = atlas_region_list_set_labels (self->regions, atlas_session_get_labels (self->session));
  changed = atlas_region_list_update (self->regions, atlas_session_get_snapshot (self->session));
  if (renamed || changed)
    sort (self);
  self->selecting = FALSE;
  update_count (self);
  select_current (self, FALSE);
}

static void
selection_changed_cb (AtlasRegionTable *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    select_current (self, TRUE);
}

/* The person chose a row: its region's first page, unless a page in it is selected already. */
static void
selected_cb (AtlasRegionTable *self)
{
  AtlasRegionItem *item = gtk_single_selection_get_selected_item (self->selection);
  AtlasRegion *region = item ? atlas_region_item_get_region (item) : NULL;
  guint64 selected = atlas_session_get_selected (self->session);

  if (self->selecting || !region || (selected >= region->start && selected < region->end))
    return;
  atlas_session_select (self->session, region->start);
}

static void
activated_cb (AtlasRegionTable *self, guint position)
{
  g_autoptr (AtlasRegionItem) item =
      g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  if (item)
    g_signal_emit (self, signals[REGION_ACTIVATED], 0, atlas_region_item_get_region (item)->start);
}

static void
filter_changed_cb (AtlasRegionTable *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->filter_entry));
  g_autofree char *stripped = g_strstrip (g_strdup (text));

  g_clear_pointer (&self->search, g_free);
  if (*stripped)
    self->search = g_utf8_casefold (stripped, -1);
  self->selecting = TRUE;
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
  self->selecting = FALSE;
  update_count (self);
  select_current (self, FALSE);
}

static void
stop_filter_cb (AtlasRegionTable *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->filter_entry), "");
  gtk_widget_grab_focus (GTK_WIDGET (self->column_view));
}

static void
highlight_changed_cb (AtlasRegionTable *self)
{
  AtlasCounter highlight = atlas_session_get_highlight (self->session);

  for (guint i = 0; i < self->bars->len; i++)
    atlas_page_bar_set_highlight (g_ptr_array_index (self->bars, i), highlight);
}

static void
setup_text_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer key)
{
  gtk_list_item_set_child (list_item,
                           atlas_region_cell_new ((AtlasRegionKey) GPOINTER_TO_UINT (key)));
}

static void
bind_text_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer key)
{
  atlas_region_cell_set_item (ATLAS_REGION_CELL (gtk_list_item_get_child (list_item)),
                              gtk_list_item_get_item (list_item));
}

static void
unbind_text_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer key)
{
  GtkWidget *cell = gtk_list_item_get_child (list_item);

  if (cell)
    atlas_region_cell_set_item (ATLAS_REGION_CELL (cell), NULL);
}

static void
setup_bar_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer data)
{
  GtkWidget *bar = atlas_page_bar_new ();

  gtk_widget_set_size_request (bar, BAR_WIDTH, BAR_HEIGHT);
  gtk_widget_set_valign (bar, GTK_ALIGN_CENTER);
  gtk_list_item_set_child (list_item, bar);
}

static void
item_changed_cb (AtlasPageBar *bar, AtlasRegionItem *item)
{
  atlas_page_bar_set_region (bar, atlas_region_item_get_region (item));
}

static void
bind_bar_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer data)
{
  AtlasRegionTable *self = data;
  AtlasPageBar *bar = ATLAS_PAGE_BAR (gtk_list_item_get_child (list_item));
  AtlasRegionItem *item = gtk_list_item_get_item (list_item);
  GtkWidget *cell = gtk_widget_get_parent (GTK_WIDGET (bar));

  if (cell)
    gtk_accessible_update_property (GTK_ACCESSIBLE (cell), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    _ ("Pages"), -1);
  g_signal_connect_object (item, "changed", G_CALLBACK (item_changed_cb), bar, G_CONNECT_SWAPPED);
  atlas_page_bar_set_highlight (bar, atlas_session_get_highlight (self->session));
  item_changed_cb (bar, item);
  g_ptr_array_add (self->bars, bar);
}

static void
unbind_bar_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer data)
{
  AtlasRegionTable *self = data;
  GtkWidget *bar = gtk_list_item_get_child (list_item);

  g_signal_handlers_disconnect_by_data (gtk_list_item_get_item (list_item), bar);
  g_ptr_array_remove_fast (self->bars, bar);
  if (bar)
    atlas_page_bar_set_region (ATLAS_PAGE_BAR (bar), NULL);
}

static GtkColumnViewColumn *
append_text_column (AtlasRegionTable *self, const char *title, AtlasRegionKey key)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkColumnViewColumn *column = gtk_column_view_column_new (title, factory);
  g_autoptr (GtkCustomSorter) sorter =
      gtk_custom_sorter_new (compare_regions, GUINT_TO_POINTER (key), NULL);

  g_signal_connect (factory, "setup", G_CALLBACK (setup_text_cb), GUINT_TO_POINTER (key));
  g_signal_connect (factory, "bind", G_CALLBACK (bind_text_cb), GUINT_TO_POINTER (key));
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_text_cb), GUINT_TO_POINTER (key));
  gtk_column_view_column_set_sorter (column, GTK_SORTER (sorter));
  gtk_column_view_column_set_resizable (column, TRUE);
  gtk_column_view_append_column (self->column_view, column);
  g_object_unref (column);
  return column;
}

static void
append_bar_column (AtlasRegionTable *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkColumnViewColumn) column = gtk_column_view_column_new (_ ("Pages"), factory);

  g_signal_connect (factory, "setup", G_CALLBACK (setup_bar_cb), self);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_bar_cb), self);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_bar_cb), self);
  gtk_column_view_append_column (self->column_view, column);
}

static void
build_columns (AtlasRegionTable *self)
{
  GtkColumnViewColumn *address =
      append_text_column (self, _ ("Address range"), ATLAS_REGION_KEY_ADDRESS);
  GtkColumnViewColumn *name;

  name = append_text_column (self, _ ("Name"), ATLAS_REGION_KEY_NAME);
  gtk_column_view_column_set_expand (name, TRUE);
  append_bar_column (self);
  append_text_column (self, _ ("Resident"), ATLAS_REGION_KEY_RESIDENT);
  append_text_column (self, _ ("Size"), ATLAS_REGION_KEY_SIZE);
  append_text_column (self, _ ("Kind"), ATLAS_REGION_KEY_KIND);
  /* Translators: permissions, as short as "rw-p" */
  append_text_column (self, _ ("Perms"), ATLAS_REGION_KEY_PERMISSIONS);
  append_text_column (self, _ ("Swapped"), ATLAS_REGION_KEY_SWAPPED);
  append_text_column (self, _ ("Locked"), ATLAS_REGION_KEY_LOCKED);
  gtk_column_view_sort_by_column (self->column_view, address, GTK_SORT_ASCENDING);
}

static void
build_models (AtlasRegionTable *self)
{
  GtkFilterListModel *filtered = gtk_filter_list_model_new (
      G_LIST_MODEL (g_object_ref (self->regions)), GTK_FILTER (g_object_ref (self->filter)));
  GtkSortListModel *sorted = gtk_sort_list_model_new (
      G_LIST_MODEL (filtered), g_object_ref (gtk_column_view_get_sorter (self->column_view)));

  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (sorted));
  g_object_unref (sorted);
  gtk_column_view_set_model (self->column_view, GTK_SELECTION_MODEL (self->selection));
}

void
atlas_region_table_set_session (AtlasRegionTable *self, AtlasSession *session)
{
  g_return_if_fail (ATLAS_IS_REGION_TABLE (self));
  g_return_if_fail (ATLAS_IS_SESSION (session));
  g_return_if_fail (!self->session);

  self->session = g_object_ref (session);
  build_models (self);
  g_signal_connect_object (session, "notify::snapshot", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::labels", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::selected-address", G_CALLBACK (selection_changed_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::highlight", G_CALLBACK (highlight_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (selected_cb), self,
                           G_CONNECT_SWAPPED);
  update (self);
}

static gboolean
atlas_region_table_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (ATLAS_REGION_TABLE (widget)->column_view));
}

static void
atlas_region_table_map (GtkWidget *widget)
{
  AtlasRegionTable *self = ATLAS_REGION_TABLE (widget);

  GTK_WIDGET_CLASS (atlas_region_table_parent_class)->map (widget);
  update (self);
  if (self->session)
    select_current (self, TRUE);
}

static void
atlas_region_table_dispose (GObject *object)
{
  AtlasRegionTable *self = ATLAS_REGION_TABLE (object);

  if (self->column_view)
    gtk_column_view_set_model (self->column_view, NULL);
  atlas_template_dispose (GTK_WIDGET (self), ATLAS_TYPE_REGION_TABLE);
  g_clear_object (&self->selection);
  g_clear_object (&self->filter);
  g_clear_object (&self->regions);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (atlas_region_table_parent_class)->dispose (object);
}

static void
atlas_region_table_finalize (GObject *object)
{
  AtlasRegionTable *self = ATLAS_REGION_TABLE (object);

  g_ptr_array_unref (self->bars);
  g_free (self->search);
  G_OBJECT_CLASS (atlas_region_table_parent_class)->finalize (object);
}

static void
atlas_region_table_class_init (AtlasRegionTableClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = atlas_region_table_dispose;
  G_OBJECT_CLASS (klass)->finalize = atlas_region_table_finalize;
  widget_class->grab_focus = atlas_region_table_grab_focus;
  widget_class->map = atlas_region_table_map;

  signals[REGION_ACTIVATED] =
      g_signal_new ("region-activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 1, G_TYPE_UINT64);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/memoryatlas/MemoryAtlas/atlas-region-table.ui");
  gtk_widget_class_bind_template_child (widget_class, AtlasRegionTable, filter_entry);
  gtk_widget_class_bind_template_child (widget_class, AtlasRegionTable, count_label);
  gtk_widget_class_bind_template_child (widget_class, AtlasRegionTable, stack);
  gtk_widget_class_bind_template_child (widget_class, AtlasRegionTable, column_view);
  gtk_widget_class_bind_template_callback (widget_class, filter_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_filter_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
}

static void
atlas_region_table_init (AtlasRegionTable *self)
{
  self->bars = g_ptr_array_new ();
  self->regions = atlas_region_list_new ();
  self->filter = gtk_custom_filter_new (match_region, self, NULL);
  self->selection = gtk_single_selection_new (NULL);
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);

  gtk_widget_init_template (GTK_WIDGET (self));
  build_columns (self);
}
