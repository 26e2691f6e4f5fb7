/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The list of processes. The model changes in place, so the list keeps its selection and its place
 * while the numbers move. The order is not changed under a pointer that is about to click. */

#include "atlas-config.h"

#include "atlas-process-pane.h"

#include <glib/gi18n-lib.h>

#include "atlas-process-list.h"
#include "atlas-process-row.h"
#include "atlas-settings.h"
#include "atlas-template.h"

#define REFRESH_MS 2000
/* How long after the pointer's last move over the list the order stands still. */
#define HOLD_US (2 * G_USEC_PER_SEC)

struct _AtlasProcessPane
{
  GtkWidget parent_instance;

  GtkSearchEntry *search_entry;
  GtkDropDown *sort_drop_down;
  GtkStack *stack;
  GtkScrolledWindow *scroller;
  GtkListView *list_view;
  GtkLabel *empty_label;

  AtlasSession *session;
  AtlasProcessList *processes;
  GtkCustomFilter *filter;
  GtkCustomSorter *sorter;
  GtkSingleSelection *selection;
  GPtrArray *rows; /* AtlasProcessRow that show something now, unowned */

  AtlasProcessKey key;
  gboolean hide_kernel_threads;
  char *search;    /* casefolded; NULL: all */
  guint64 most;    /* kB, of the key: a full bar */
  gint reveal_pid; /* to be scrolled to once the list has it; 0: none */
  gint64 moved;    /* when the pointer last moved over the list; monotonic */
  gboolean active;
  gboolean focus_search; /* as soon as it is seen */
  guint timeout;
  guint reveal_idle;
};

G_DEFINE_FINAL_TYPE (AtlasProcessPane, atlas_process_pane, GTK_TYPE_WIDGET)

static gboolean
match_process (gpointer item, gpointer data)
{
  AtlasProcessPane *self = data;
  AtlasProcess *process = item;

  if (self->hide_kernel_threads && atlas_process_get_info (process)->kernel_thread)
    return FALSE;
  return !self->search || atlas_process_matches (process, self->search);
}

static int
compare_processes (gconstpointer a, gconstpointer b, gpointer data)
{
  AtlasProcessPane *self = data;

  return atlas_process_key_compare (self->key, ATLAS_PROCESS ((gpointer) a),
                                    ATLAS_PROCESS ((gpointer) b));
}

/* Position of @pid in the list as it is filtered and sorted, or GTK_INVALID_LIST_POSITION. */
static guint
find_position (AtlasProcessPane *self, gint pid)
{
  GListModel *model = G_LIST_MODEL (self->selection);
  guint n_items = g_list_model_get_n_items (model);

  for (guint i = 0; pid > 0 && i < n_items; i++)
    {
      g_autoptr (AtlasProcess) process = g_list_model_get_item (model, i);

      if (atlas_process_get_pid (process) == pid)
        return i;
    }
  return GTK_INVALID_LIST_POSITION;
}

static void
scroll_to (AtlasProcessPane *self, guint position)
{
  gtk_widget_activate_action (GTK_WIDGET (self->list_view), "list.scroll-to-item", "u", position);
}

/* Before that, a list cannot be scrolled to a row. */
static gboolean
is_laid_out (AtlasProcessPane *self)
{
  return gtk_adjustment_get_page_size (gtk_scrolled_window_get_vadjustment (self->scroller)) > 0;
}

/* Marks the row of the session's process, if the list has it. */
static void
select_current (AtlasProcessPane *self)
{
  gint pid = atlas_session_get_pid (self->session);
  gboolean gone = atlas_session_get_state (self->session) == ATLAS_SESSION_GONE;
  /* By now the PID of one that ended may be another's. */
  guint position = gone ? GTK_INVALID_LIST_POSITION : find_position (self, pid);

  if (gtk_single_selection_get_selected (self->selection) != position)
    gtk_single_selection_set_selected (self->selection, position);
  if (position != GTK_INVALID_LIST_POSITION && self->reveal_pid == pid && is_laid_out (self))
    {
      scroll_to (self, position);
      self->reveal_pid = 0;
    }
}

static gboolean
reveal_idle_cb (gpointer data)
{
  AtlasProcessPane *self = data;

  self->reveal_idle = 0;
  select_current (self);
  return G_SOURCE_REMOVE;
}

/* The list has got rows and a height. This comes while it is being laid out, which is no time to
 * scroll it. */
static void
laid_out_cb (AtlasProcessPane *self)
{
  if (self->reveal_pid > 0 && self->reveal_idle == 0 && self->session)
    self->reveal_idle = g_idle_add (reveal_idle_cb, self);
}

static void
update_most (AtlasProcessPane *self)
{
  GListModel *model = G_LIST_MODEL (self->processes);
  guint n_items = g_list_model_get_n_items (model);

  self->most = 0;
  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr (AtlasProcess) process = g_list_model_get_item (model, i);

      self->most =
          MAX (self->most, atlas_process_key_get_kb (self->key, atlas_process_get_info (process)));
    }
}

static void
update_rows (AtlasProcessPane *self)
{
  update_most (self);
  for (guint i = 0; i < self->rows->len; i++)
    {
      AtlasProcessRow *row = g_ptr_array_index (self->rows, i);

      atlas_process_row_show (row, atlas_process_row_get_process (row), self->key, self->most);
    }
}

/* A list, or a sentence that says why there is none. */
static void
update_empty (AtlasProcessPane *self)
{
  const GError *error = atlas_process_list_get_error (self->processes);
  gboolean empty = g_list_model_get_n_items (G_LIST_MODEL (self->selection)) == 0;

  if (error)
    gtk_label_set_text (self->empty_label, error->message);
  else if (g_list_model_get_n_items (G_LIST_MODEL (self->processes)) == 0)
    gtk_label_set_text (self->empty_label, _ ("Reading the processes…"));
  else
    gtk_label_set_text (self->empty_label, _ ("No process matches"));
  gtk_stack_set_visible_child_name (self->stack, empty ? "empty" : "list");
}

/* Notes the numbers of all, and puts the rows in the order of what was noted. */
static void
sort (AtlasProcessPane *self)
{
  GListModel *model = G_LIST_MODEL (self->processes);
  guint n_items = g_list_model_get_n_items (model);

  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr (AtlasProcess) process = g_list_model_get_item (model, i);

      atlas_process_key_note (self->key, process);
    }
  gtk_sorter_changed (GTK_SORTER (self->sorter), GTK_SORTER_CHANGE_DIFFERENT);
}

/* A list that is at its top stays there, whoever is first by now. */
static void
sort_in_place (AtlasProcessPane *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  gboolean at_top = gtk_adjustment_get_value (adjustment) <= 0;

  sort (self);
  if (at_top && g_list_model_get_n_items (G_LIST_MODEL (self->selection)) > 0)
    scroll_to (self, 0);
}

static void
refreshed_cb (AtlasProcessPane *self, gboolean any_changed)
{
  gboolean hold = g_get_monotonic_time () - self->moved < HOLD_US;

  if (any_changed)
    {
      if (self->search)
        gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
      if (!hold)
        sort_in_place (self);
      update_rows (self);
    }
  update_empty (self);
  select_current (self);
}

static void
selected_cb (AtlasProcessPane *self)
{
  AtlasProcess *process = gtk_single_selection_get_selected_item (self->selection);

  /* None: it ended or is filtered out. What is looked at stays. */
  if (process && self->session
      && atlas_process_get_pid (process) != atlas_session_get_pid (self->session))
    atlas_session_set_pid (self->session, atlas_process_get_pid (process));
}

/* From elsewhere (the command line) or from a row here: then the row is already marked. */
static void
pid_changed_cb (AtlasProcessPane *self)
{
  AtlasProcess *process = gtk_single_selection_get_selected_item (self->selection);
  gint pid = atlas_session_get_pid (self->session);

  if (process && atlas_process_get_pid (process) == pid)
    return;
  self->reveal_pid = pid;
  select_current (self);
}

static void
search_changed_cb (AtlasProcessPane *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search_entry));
  g_autofree char *stripped = g_strstrip (g_strdup (text));

  g_clear_pointer (&self->search, g_free);
  if (*stripped)
    self->search = g_utf8_casefold (stripped, -1);
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
  update_empty (self);
  select_current (self);
}

/* Enter in the search chooses the first that is found. */
static void
search_activated_cb (AtlasProcessPane *self)
{
  if (g_list_model_get_n_items (G_LIST_MODEL (self->selection)) == 0)
    return;
  gtk_single_selection_set_selected (self->selection, 0);
  scroll_to (self, 0);
  gtk_widget_grab_focus (GTK_WIDGET (self->list_view));
}

/* Down in the search goes on in the list. */
static gboolean
search_key_cb (AtlasProcessPane *self, guint keyval)
{
  if (keyval != GDK_KEY_Down && keyval != GDK_KEY_KP_Down)
    return GDK_EVENT_PROPAGATE;
  return gtk_widget_grab_focus (GTK_WIDGET (self->list_view));
}

static void
stop_search_cb (AtlasProcessPane *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  gtk_widget_grab_focus (GTK_WIDGET (self->list_view));
}

static void
sort_chosen_cb (AtlasProcessPane *self)
{
  GSettings *settings = atlas_settings_get_default ();

  g_settings_set_enum (settings, "sort", (gint) gtk_drop_down_get_selected (self->sort_drop_down));
}

static void
sort_setting_cb (AtlasProcessPane *self)
{
  self->key = (AtlasProcessKey) g_settings_get_enum (atlas_settings_get_default (), "sort");
  gtk_drop_down_set_selected (self->sort_drop_down, self->key);
  if (!self->processes)
    return;
  sort (self);
  update_rows (self);
  if (g_list_model_get_n_items (G_LIST_MODEL (self->selection)) > 0)
    scroll_to (self, 0);
}

static void
hide_setting_cb (AtlasProcessPane *self)
{
  self->hide_kernel_threads =
      g_settings_get_boolean (atlas_settings_get_default (), "hide-kernel-threads");
  if (!self->processes)
    return;
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
  update_empty (self);
  select_current (self);
}

static void
motion_cb (AtlasProcessPane *self)
{
  self->moved = g_get_monotonic_time ();
}

static void
setup_row_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  gtk_list_item_set_child (item, atlas_process_row_new ());
}

static void
bind_row_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  AtlasProcessPane *self = data;
  GtkWidget *row = gtk_list_item_get_child (item);

  atlas_process_row_show (ATLAS_PROCESS_ROW (row), gtk_list_item_get_item (item), self->key,
                          self->most);
  g_ptr_array_add (self->rows, row);
}

static void
unbind_row_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  AtlasProcessPane *self = data;
  GtkWidget *row = gtk_list_item_get_child (item);

  g_ptr_array_remove_fast (self->rows, row);
  if (row)
    atlas_process_row_show (ATLAS_PROCESS_ROW (row), NULL, self->key, self->most);
}

static gboolean
refresh_timeout_cb (gpointer data)
{
  atlas_process_list_refresh (ATLAS_PROCESS_PANE (data)->processes);
  return G_SOURCE_CONTINUE;
}

/* Reads while it can be seen, and not otherwise. */
static void
update_timeout (AtlasProcessPane *self)
{
  gboolean run = self->processes && self->active && gtk_widget_get_mapped (GTK_WIDGET (self));

  if (run && self->timeout == 0)
    {
      atlas_process_list_refresh (self->processes);
      self->timeout = g_timeout_add (REFRESH_MS, refresh_timeout_cb, self);
    }
  else if (!run)
    g_clear_handle_id (&self->timeout, g_source_remove);
}

static void
build_models (AtlasProcessPane *self)
{
  GtkFilterListModel *filtered = gtk_filter_list_model_new (
      G_LIST_MODEL (g_object_ref (self->processes)), GTK_FILTER (g_object_ref (self->filter)));
  GtkSortListModel *sorted =
      gtk_sort_list_model_new (G_LIST_MODEL (filtered), GTK_SORTER (g_object_ref (self->sorter)));

  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (sorted));
  g_object_unref (sorted);
}

void
atlas_process_pane_set_session (AtlasProcessPane *self, AtlasSession *session)
{
  g_autoptr (AtlasProcfs) procfs = NULL;

  g_return_if_fail (ATLAS_IS_PROCESS_PANE (self));
  g_return_if_fail (ATLAS_IS_SESSION (session));
  g_return_if_fail (!self->session);

  self->session = g_object_ref (session);
  g_object_get (session, "procfs", &procfs, NULL);
  self->processes = atlas_process_list_new (procfs);
  g_signal_connect_object (self->processes, "refreshed", G_CALLBACK (refreshed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::pid", G_CALLBACK (pid_changed_cb), self,
                           G_CONNECT_SWAPPED);
  build_models (self);
  self->reveal_pid = atlas_session_get_pid (session);
  update_empty (self);
  update_timeout (self);
}

void
atlas_process_pane_set_active (AtlasProcessPane *self, gboolean active)
{
  g_return_if_fail (ATLAS_IS_PROCESS_PANE (self));

  self->active = active;
  update_timeout (self);
}

void
atlas_process_pane_refresh (AtlasProcessPane *self)
{
  g_return_if_fail (ATLAS_IS_PROCESS_PANE (self));

  if (self->processes)
    atlas_process_list_refresh (self->processes);
}

void
atlas_process_pane_focus_search (AtlasProcessPane *self)
{
  g_return_if_fail (ATLAS_IS_PROCESS_PANE (self));

  self->focus_search = !gtk_widget_get_mapped (GTK_WIDGET (self));
  if (self->focus_search)
    return;
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
  gtk_editable_select_region (GTK_EDITABLE (self->search_entry), 0, -1);
}

static gboolean
atlas_process_pane_grab_focus (GtkWidget *widget)
{
  AtlasProcessPane *self = ATLAS_PROCESS_PANE (widget);

  return gtk_widget_grab_focus (GTK_WIDGET (self->list_view));
}

static void
atlas_process_pane_map (GtkWidget *widget)
{
  AtlasProcessPane *self = ATLAS_PROCESS_PANE (widget);

  GTK_WIDGET_CLASS (atlas_process_pane_parent_class)->map (widget);
  update_timeout (self);
  if (self->focus_search)
    atlas_process_pane_focus_search (self);
}

static void
atlas_process_pane_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (atlas_process_pane_parent_class)->unmap (widget);
  update_timeout (ATLAS_PROCESS_PANE (widget));
}

static void
atlas_process_pane_dispose (GObject *object)
{
  AtlasProcessPane *self = ATLAS_PROCESS_PANE (object);

  g_clear_handle_id (&self->timeout, g_source_remove);
  g_clear_handle_id (&self->reveal_idle, g_source_remove);
  if (self->list_view)
    gtk_list_view_set_model (self->list_view, NULL);
  atlas_template_dispose (GTK_WIDGET (self), ATLAS_TYPE_PROCESS_PANE);
  g_clear_object (&self->selection);
  g_clear_object (&self->filter);
  g_clear_object (&self->sorter);
  g_clear_object (&self->processes);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (atlas_process_pane_parent_class)->dispose (object);
}

static void
atlas_process_pane_finalize (GObject *object)
{
  AtlasProcessPane *self = ATLAS_PROCESS_PANE (object);

  g_ptr_array_unref (self->rows);
  g_free (self->search);
  G_OBJECT_CLASS (atlas_process_pane_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/memoryatlas/MemoryAtlas/atlas-process-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, AtlasProcessPane, search_entry);
  gtk_widget_class_bind_template_child (widget_class, AtlasProcessPane, sort_drop_down);
  gtk_widget_class_bind_template_child (widget_class, AtlasProcessPane, stack);
  gtk_widget_class_bind_template_child (widget_class, AtlasProcessPane, scroller);
  gtk_widget_class_bind_template_child (widget_class, AtlasProcessPane, list_view);
  gtk_widget_class_bind_template_child (widget_class, AtlasProcessPane, empty_label);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_key_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, motion_cb);
}

static void
atlas_process_pane_class_init (AtlasProcessPaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = atlas_process_pane_dispose;
  G_OBJECT_CLASS (klass)->finalize = atlas_process_pane_finalize;
  widget_class->grab_focus = atlas_process_pane_grab_focus;
  widget_class->map = atlas_process_pane_map;
  widget_class->unmap = atlas_process_pane_unmap;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_css_name (widget_class, "processpane");
  bind_template (widget_class);
}

static void
build_factory (AtlasProcessPane *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (setup_row_cb), self);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_row_cb), self);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_row_cb), self);
  gtk_list_view_set_factory (self->list_view, factory);
  g_object_unref (factory);
}

static void
build_sort_drop_down (AtlasProcessPane *self)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);

  for (guint i = 0; i < ATLAS_N_PROCESS_KEYS; i++)
    gtk_string_list_append (titles, atlas_process_key_get_title ((AtlasProcessKey) i));
  gtk_drop_down_set_model (self->sort_drop_down, G_LIST_MODEL (titles));
  /* What takes the focus is the button in it. */
  gtk_accessible_update_property (
      GTK_ACCESSIBLE (gtk_widget_get_first_child (GTK_WIDGET (self->sort_drop_down))),
      GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Sort by"), -1);
}

static void
atlas_process_pane_init (AtlasProcessPane *self)
{
  GSettings *settings = atlas_settings_get_default ();

  self->rows = g_ptr_array_new ();
  self->moved = -HOLD_US;
  self->filter = gtk_custom_filter_new (match_process, self, NULL);
  self->sorter = gtk_custom_sorter_new (compare_processes, self, NULL);
  self->selection = gtk_single_selection_new (NULL);
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_search_entry_set_key_capture_widget (self->search_entry, GTK_WIDGET (self));
  build_sort_drop_down (self);
  build_factory (self);
  gtk_list_view_set_model (self->list_view, GTK_SELECTION_MODEL (self->selection));

  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (selected_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (gtk_scrolled_window_get_vadjustment (self->scroller), "changed",
                           G_CALLBACK (laid_out_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::sort", G_CALLBACK (sort_setting_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::hide-kernel-threads", G_CALLBACK (hide_setting_cb),
                           self, G_CONNECT_SWAPPED);
  sort_setting_cb (self);
  hide_setting_cb (self);
  g_signal_connect_object (self->sort_drop_down, "notify::selected", G_CALLBACK (sort_chosen_cb),
                           self, G_CONNECT_SWAPPED);
}
