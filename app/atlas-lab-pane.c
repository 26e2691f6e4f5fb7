/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Buttons, menus and the command line all end in commands of the lab; nothing is done here that
 * could not be typed. */

#include "atlas-config.h"

#include "atlas-lab-pane.h"

#include <glib/gi18n-lib.h>

#include "atlas-fold.h"
#include "atlas-format.h"
#include "atlas-lab-allocation.h"
#include "atlas-lab-console.h"
#include "atlas-lab-form.h"
#include "atlas-lab-process.h"
#include "atlas-lab-row.h"
#include "atlas-newest-first.h"
#include "atlas-optional-label.h"
#include "atlas-script-dialog.h"
#include "atlas-lesson-list.h"
#include "atlas-template.h"

/* In the list, unless all are asked for. */
#define MOST_ROWS 100

struct _AtlasLabPane
{
  GtkWidget parent_instance;

  GtkStack *stack;
  GtkLabel *ending_label;
  GtkWidget *start_button;
  GtkWidget *kept_script_button;
  GtkBox *lessons_box, *lessons_menu;
  GtkMenuButton *lessons_button;
  GtkWidget *process_drop_down;
  GtkLabel *trace_label;
  GtkToggleButton *form_button;
  AtlasLabForm *form;
  GtkListBox *list_box;
  GtkButton *all_button;
  GtkSliceListModel *shown; /* the newest allocations: a row is a dozen widgets */
  AtlasLabConsole *console;
  GtkLabel *busy_label;

  AtlasExperiment *experiment;
  GSimpleActionGroup *actions;
  GtkStringList *process_titles; /* what the list of processes says */
  gboolean following;            /* it is being filled */
};

enum
{
  SIGNAL_LESSON,
  SIGNAL_SAID,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AtlasLabPane, atlas_lab_pane, GTK_TYPE_WIDGET)

static AtlasLab *
get_lab (AtlasLabPane *self)
{
  return atlas_experiment_get_lab (self->experiment);
}

/* --- actions --- */

static void
start_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  atlas_experiment_start (ATLAS_LAB_PANE (data)->experiment);
}

static void
run_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  atlas_experiment_run_one (ATLAS_LAB_PANE (data)->experiment,
                            g_variant_get_string (parameter, NULL));
}

static void
type_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  atlas_lab_console_type (ATLAS_LAB_PANE (data)->console, g_variant_get_string (parameter, NULL));
}

static void
reveal (AtlasLabPane *self, AtlasLabAllocation *allocation)
{
  AtlasSession *session = atlas_experiment_get_session (self->experiment);

  atlas_session_select (session, atlas_lab_allocation_get_start (allocation));
  atlas_session_reveal (session, atlas_lab_allocation_get_start (allocation));
}

static void
reveal_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  AtlasLabPane *self = data;
  AtlasLabAllocation *allocation =
      atlas_lab_find_allocation (get_lab (self), g_variant_get_string (parameter, NULL));

  if (allocation)
    reveal (self, allocation);
}

static void
row_activated_cb (AtlasLabPane *self, GtkListBoxRow *row)
{
  g_autoptr (AtlasLabAllocation) allocation =
      g_list_model_get_item (G_LIST_MODEL (self->shown), (guint) gtk_list_box_row_get_index (row));

  if (allocation)
    reveal (self, allocation);
}

static gboolean
is_thread (AtlasLabPane *self, const char *name)
{
  GListModel *threads = atlas_lab_get_threads (get_lab (self));

  for (guint i = 0; i < g_list_model_get_n_items (threads); i++)
    {
      g_autoptr (AtlasLabThread) thread = g_list_model_get_item (threads, i);

      if (g_str_equal (atlas_lab_thread_get_name (thread), name))
        return TRUE;
    }
  return FALSE;
}

/* Of the process that is chosen. */
static gboolean
is_child (AtlasLabPane *self, const char *name)
{
  GListModel *processes = atlas_lab_get_processes (get_lab (self));
  const char *parent = atlas_lab_get_process (get_lab (self));
  g_autofree char *path =
      parent[0] != '\0' ? g_strconcat (parent, "/", name, NULL) : g_strdup (name);

  for (guint i = 0; i < g_list_model_get_n_items (processes); i++)
    {
      g_autoptr (AtlasLabProcess) process = g_list_model_get_item (processes, i);

      if (g_str_equal (atlas_lab_process_get_name (process), path))
        return TRUE;
    }
  return FALSE;
}

/* Threads and forks need names: the first that is free of @letter and a number. */
static void
run_named (AtlasLabPane *self,
           const char *command,
           char letter,
           gboolean (*is_taken) (AtlasLabPane *self, const char *name))
{
  for (guint i = 1;; i++)
    {
      g_autofree char *name = g_strdup_printf ("%c%u", letter, i);
      g_autofree char *line = g_strconcat (command, " ", name, NULL);

      if (is_taken (self, name) || atlas_experiment_is_about_to (self->experiment, line))
        continue;
      atlas_experiment_run_one (self->experiment, line);
      return;
    }
}

static void
thread_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  run_named (data, "thread start", 't', is_thread);
}

/* The one that was started last of those that run. */
static void
stop_thread_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  AtlasLabPane *self = data;
  GListModel *threads = atlas_lab_get_threads (get_lab (self));
  guint n = g_list_model_get_n_items (threads);
  g_autoptr (AtlasLabThread) last = n > 0 ? g_list_model_get_item (threads, n - 1) : NULL;
  g_autofree char *line = NULL;

  if (!last)
    return;
  line = g_strconcat ("thread stop ", atlas_lab_thread_get_name (last), NULL);
  atlas_experiment_run_one (self->experiment, line);
}

static void
fork_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  run_named (data, "fork", 'p', is_child);
}

static void
copy (AtlasLabPane *self, const char *text, const char *said)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  g_signal_emit (self, signals[SIGNAL_SAID], 0, said);
}

static void
copy_program_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  AtlasLabPane *self = data;
  g_autofree char *text = atlas_lab_dup_program (get_lab (self));

  copy (self, text, _ ("A C program that does the same is in the clipboard"));
}

static void
copy_script_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  AtlasLabPane *self = data;
  g_autofree char *text = atlas_lab_dup_script (get_lab (self));

  copy (self, text, _ ("The lab’s commands are in the clipboard"));
}

static void
script_said_cb (const char *text, gpointer data)
{
  g_signal_emit (data, signals[SIGNAL_SAID], 0, text);
}

static void
experiment_said_cb (AtlasLabPane *self, const char *text)
{
  g_signal_emit (self, signals[SIGNAL_SAID], 0, text);
}

static void
open_script_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  AtlasLabPane *self = data;

  atlas_script_dialog_run (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), self->experiment,
                           script_said_cb, self);
}

static void
lesson_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  gtk_menu_button_popdown (ATLAS_LAB_PANE (data)->lessons_button);
  g_signal_emit (data, signals[SIGNAL_LESSON], 0, g_variant_get_string (parameter, NULL));
}

static void
command_cb (AtlasLabPane *self, const char *line)
{
  atlas_experiment_run_one (self->experiment, line);
}

static void
add_actions (AtlasLabPane *self)
{
  static const GActionEntry entries[] = {
    { .name = "start", .activate = start_cb },
    { .name = "run", .activate = run_cb, .parameter_type = "s" },
    { .name = "type", .activate = type_cb, .parameter_type = "s" },
    { .name = "reveal", .activate = reveal_cb, .parameter_type = "s" },
    { .name = "thread", .activate = thread_cb },
    { .name = "stop-thread", .activate = stop_thread_cb },
    { .name = "fork", .activate = fork_cb },
    { .name = "copy-program", .activate = copy_program_cb },
    { .name = "copy-script", .activate = copy_script_cb },
    { .name = "open-script", .activate = open_script_cb },
    { .name = "lesson", .activate = lesson_cb, .parameter_type = "s" },
  };

  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries),
                                   self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "lab", G_ACTION_GROUP (self->actions));
}

/* --- what is shown --- */

static void
update_threads (AtlasLabPane *self)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), "stop-thread");
  GListModel *threads = atlas_lab_get_threads (get_lab (self));

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), g_list_model_get_n_items (threads) > 0);
}

static gboolean
is_started (AtlasLabPane *self)
{
  AtlasLabState state = atlas_lab_get_state (get_lab (self));

  return state != ATLAS_LAB_STOPPED && state != ATLAS_LAB_ENDED;
}

/* Whoever types on when the process has ended must not press a button by that: what has the focus
 * then is the sentence that says why it ended. */
static void
keep_focus (AtlasLabPane *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root ? gtk_root_get_focus (root) : NULL;

  if (!focus || !gtk_widget_is_ancestor (focus, GTK_WIDGET (self->console)))
    return;
  gtk_widget_grab_focus (GTK_WIDGET (self->ending_label));
  gtk_label_select_region (self->ending_label, 0, 0);
}

static void
update_state (AtlasLabPane *self)
{
  const char *ending = atlas_lab_get_ending (get_lab (self));
  GListModel *events = atlas_lab_get_events (get_lab (self));

  atlas_optional_label_set (self->ending_label, ending);
  gtk_widget_set_visible (self->kept_script_button,
                          ending != NULL && g_list_model_get_n_items (events) > 0);
  if (!is_started (self) && ending)
    keep_focus (self);
  gtk_stack_set_visible_child_name (self->stack, is_started (self) ? "lab" : "start");
}

/* A script may make a thousand, whose rows would take seconds. Whoever has asked for all of them
 * gets all from then on. */
static void
update_all_button (AtlasLabPane *self)
{
  guint n = g_list_model_get_n_items (atlas_lab_get_allocations (get_lab (self)));
  g_autofree char *count = atlas_format_count (n);
  /* Translators: %s is a number, of allocations */
  g_autofree char *label = g_strdup_printf (_ ("Show All %s"), count);

  gtk_button_set_label (self->all_button, label);
  gtk_widget_set_visible (GTK_WIDGET (self->all_button),
                          n > gtk_slice_list_model_get_size (self->shown));
}

static void
all_clicked_cb (AtlasLabPane *self)
{
  gtk_slice_list_model_set_size (self->shown, G_MAXUINT);
  update_all_button (self);
}

static void
update_trace_problem (AtlasLabPane *self)
{
  atlas_optional_label_set (self->trace_label, atlas_lab_get_trace_problem (get_lab (self)));
}

/* Under the tracer a process that was stopped by a signal is "t". */
static gboolean
is_stopped (AtlasLabPane *self)
{
  AtlasSnapshot *snapshot =
      atlas_session_get_snapshot (atlas_experiment_get_session (self->experiment));
  char state = snapshot ? atlas_snapshot_get_status (snapshot)->state : '\0';

  return atlas_experiment_is_watching (self->experiment) && (state == 'T' || state == 't');
}

static void
update_busy (AtlasLabPane *self)
{
  const char *text = "";

  if (atlas_lab_get_slow (get_lab (self)))
    text = is_stopped (self)
               ? _ ("The process was stopped. It goes on by SIGCONT, or start a fresh one.")
               : _ ("The process is still at it…");
  gtk_label_set_text (self->busy_label, text);
}

static char *
describe_process (AtlasLabProcess *process)
{
  const char *name = atlas_lab_process_get_name (process);
  gint pid = atlas_lab_process_get_pid (process);

  if (name[0] == '\0')
    return g_strdup_printf (_ ("The process itself · PID %d"), pid);
  return g_strdup_printf (_ ("Child %s · PID %d"), name, pid);
}

/* Writes the names of the processes, and gives the place of the one that is chosen. */
static guint
write_titles (AtlasLabPane *self, GStrvBuilder *titles)
{
  AtlasLab *lab = get_lab (self);
  GListModel *processes = atlas_lab_get_processes (lab);
  guint selected = 0;

  for (guint i = 0; i < g_list_model_get_n_items (processes); i++)
    {
      g_autoptr (AtlasLabProcess) process = g_list_model_get_item (processes, i);
      g_autofree char *title = describe_process (process);

      g_strv_builder_add (titles, title);
      if (g_str_equal (atlas_lab_process_get_name (process), atlas_lab_get_process (lab)))
        selected = i;
    }
  return selected;
}

/* The model stays what it is: this happens while the list tells which row was clicked, and GTK goes
 * on with its model after that. */
static void
set_titles (AtlasLabPane *self, const char *const *titles)
{
  GListModel *shown = G_LIST_MODEL (self->process_titles);
  guint same = 0;

  while (titles[same] && same < g_list_model_get_n_items (shown)
         && g_str_equal (titles[same], gtk_string_list_get_string (self->process_titles, same)))
    same++;
  if (titles[same] || same < g_list_model_get_n_items (shown))
    gtk_string_list_splice (self->process_titles, same, g_list_model_get_n_items (shown) - same,
                            titles + same);
}

/* One process needs no choice. */
static void
update_processes (AtlasLabPane *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  guint selected = write_titles (self, builder);
  g_auto (GStrv) titles = g_strv_builder_end (builder);

  self->following = TRUE;
  set_titles (self, (const char *const *) titles);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->process_drop_down), selected);
  self->following = FALSE;
  gtk_widget_set_visible (self->process_drop_down, g_strv_length (titles) > 1);
}

static void
process_selected_cb (AtlasLabPane *self)
{
  guint selected = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->process_drop_down));
  g_autoptr (AtlasLabProcess) process = NULL;

  if (self->following || !self->experiment)
    return;
  process = g_list_model_get_item (atlas_lab_get_processes (get_lab (self)), selected);
  if (process)
    atlas_experiment_choose (self->experiment, atlas_lab_process_get_name (process));
}

static GtkWidget *
make_row (gpointer item, gpointer data)
{
  AtlasLabPane *self = data;

  return atlas_lab_row_new (ATLAS_LAB_ALLOCATION (item), self->experiment);
}

/* --- the widget --- */

void
atlas_lab_pane_set_experiment (AtlasLabPane *self, AtlasExperiment *experiment)
{
  AtlasNewestFirst *newest_first;
  AtlasLab *lab;

  g_return_if_fail (ATLAS_IS_LAB_PANE (self) && ATLAS_IS_EXPERIMENT (experiment));
  g_return_if_fail (!self->experiment);

  self->experiment = g_object_ref (experiment);
  lab = get_lab (self);
  atlas_lab_form_set_experiment (self->form, experiment);
  newest_first = atlas_newest_first_new (atlas_lab_get_allocations (lab));
  self->shown = gtk_slice_list_model_new (G_LIST_MODEL (newest_first), 0, MOST_ROWS);
  gtk_list_box_bind_model (self->list_box, G_LIST_MODEL (self->shown), make_row, self, NULL);
  g_signal_connect_object (atlas_lab_get_allocations (lab), "items-changed",
                           G_CALLBACK (update_all_button), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (atlas_lab_get_threads (lab), "items-changed",
                           G_CALLBACK (update_threads), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (experiment, "said", G_CALLBACK (experiment_said_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (lab, "notify::state", G_CALLBACK (update_state), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (lab, "notify::ending", G_CALLBACK (update_state), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (lab, "notify::trace-problem", G_CALLBACK (update_trace_problem), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (lab, "notify::slow", G_CALLBACK (update_busy), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (atlas_experiment_get_session (experiment), "notify::snapshot",
                           G_CALLBACK (update_busy), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (atlas_lab_get_processes (lab), "items-changed",
                           G_CALLBACK (update_processes), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (lab, "notify::process", G_CALLBACK (update_processes), self,
                           G_CONNECT_SWAPPED);
  update_state (self);
  update_trace_problem (self);
  update_busy (self);
  update_processes (self);
  update_threads (self);
}

void
atlas_lab_pane_focus_console (AtlasLabPane *self)
{
  g_return_if_fail (ATLAS_IS_LAB_PANE (self));

  gtk_widget_grab_focus (is_started (self) ? GTK_WIDGET (self->console) : self->start_button);
}

static gboolean
atlas_lab_pane_grab_focus (GtkWidget *widget)
{
  AtlasLabPane *self = ATLAS_LAB_PANE (widget);

  if (!is_started (self))
    return gtk_widget_grab_focus (self->start_button);
  return gtk_widget_grab_focus (gtk_widget_get_visible (GTK_WIDGET (self->form))
                                    ? GTK_WIDGET (self->form)
                                    : GTK_WIDGET (self->console));
}

static void
atlas_lab_pane_dispose (GObject *object)
{
  AtlasLabPane *self = ATLAS_LAB_PANE (object);

  if (self->list_box)
    gtk_list_box_bind_model (self->list_box, NULL, NULL, NULL, NULL);
  g_clear_object (&self->shown);
  atlas_template_dispose (GTK_WIDGET (self), ATLAS_TYPE_LAB_PANE);
  g_clear_object (&self->actions);
  g_clear_object (&self->process_titles);
  g_clear_object (&self->experiment);
  G_OBJECT_CLASS (atlas_lab_pane_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/memoryatlas/MemoryAtlas/atlas-lab-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, AtlasLabPane, stack);
  gtk_widget_class_bind_template_child (widget_class, AtlasLabPane, ending_label);
  gtk_widget_class_bind_template_child (widget_class, AtlasLabPane, start_button);
  gtk_widget_class_bind_template_child (widget_class, AtlasLabPane, kept_script_button);
  gtk_widget_class_bind_template_child (widget_class, AtlasLabPane, lessons_box);
  gtk_widget_class_bind_template_child (widget_class, AtlasLabPane, lessons_menu);
  gtk_widget_class_bind_template_child (widget_class, AtlasLabPane, lessons_button);
  gtk_widget_class_bind_template_child (widget_class, AtlasLabPane, process_drop_down);
  gtk_widget_class_bind_template_child (widget_class, AtlasLabPane, trace_label);
  gtk_widget_class_bind_template_child (widget_class, AtlasLabPane, form);
  gtk_widget_class_bind_template_child (widget_class, AtlasLabPane, form_button);
  gtk_widget_class_bind_template_child (widget_class, AtlasLabPane, list_box);
  gtk_widget_class_bind_template_child (widget_class, AtlasLabPane, all_button);
  gtk_widget_class_bind_template_callback (widget_class, atlas_fold_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, all_clicked_cb);
  gtk_widget_class_bind_template_child (widget_class, AtlasLabPane, console);
  gtk_widget_class_bind_template_child (widget_class, AtlasLabPane, busy_label);
  gtk_widget_class_bind_template_callback (widget_class, process_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, command_cb);
}

static void
atlas_lab_pane_class_init (AtlasLabPaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = atlas_lab_pane_dispose;
  signals[SIGNAL_LESSON] = g_signal_new ("lesson", ATLAS_TYPE_LAB_PANE, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_SAID] = g_signal_new ("said", ATLAS_TYPE_LAB_PANE, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  g_type_ensure (ATLAS_TYPE_LAB_FORM);
  g_type_ensure (ATLAS_TYPE_LAB_CONSOLE);
  widget_class->grab_focus = atlas_lab_pane_grab_focus;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  bind_template (widget_class);
}

static void
atlas_lab_pane_init (AtlasLabPane *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_label_set_selectable (self->ending_label, TRUE);
  gtk_label_set_wrap (self->busy_label, TRUE);
  self->process_titles = gtk_string_list_new (NULL);
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->process_drop_down),
                           G_LIST_MODEL (self->process_titles));
  add_actions (self);
  atlas_lesson_list_fill (self->lessons_box);
  atlas_lesson_list_fill (self->lessons_menu);
}
