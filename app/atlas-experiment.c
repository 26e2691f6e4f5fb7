/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Commands go to the lab, what came of them goes to the session. Views of the map know nothing of
 * the lab, and the lab nothing of them. */

#include "atlas-config.h"

#include "atlas-experiment.h"

#include "atlas-lab-allocation.h"
#include "atlas-lab-process.h"
#include "atlas-labels.h"

struct _AtlasExperiment
{
  GObject parent_instance;

  AtlasSession *session;
  AtlasLab *lab;
  AtlasLabAction *action;  /* the last one, or NULL */
  AtlasLabAction *running; /* whose commands are being run; the same object, or NULL */
  GPtrArray *commands;     /* of it, that are still to be run */
  guint64 place;           /* to be shown as soon as it is on the map; 0: nothing */
  gboolean wants_watch;    /* of the process that is being started */
};

enum
{
  PROP_ACTION = 1,
  PROP_WATCHING,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE (AtlasExperiment, atlas_experiment, G_TYPE_OBJECT)

gboolean
atlas_experiment_is_watching (AtlasExperiment *self)
{
  gint pid;

  g_return_val_if_fail (ATLAS_IS_EXPERIMENT (self), FALSE);

  pid = atlas_lab_get_selected_pid (self->lab);
  return pid != 0 && atlas_session_get_pid (self->session) == pid;
}

/* --- what the map shows of the lab --- */

static void
update_labels (AtlasExperiment *self)
{
  g_autoptr (AtlasLabels) labels = NULL;

  if (!atlas_experiment_is_watching (self))
    return;
  labels = atlas_lab_dup_labels (self->lab);
  atlas_session_set_labels (self->session, labels);
}

/* Where @event did something: what it made, or what it names; 0 where that is not told. */
static guint64
find_place (AtlasExperiment *self, AtlasLabEvent *event)
{
  g_auto (GStrv) words = g_strsplit (atlas_lab_event_get_command (event), " ", 3);
  AtlasLabAllocation *allocation =
      words[0] != NULL && words[1] != NULL ? atlas_lab_find_allocation (self->lab, words[1]) : NULL;
  guint64 address;

  if (allocation != NULL)
    return atlas_lab_allocation_get_start (allocation);
  return atlas_lab_event_get_number (event, "address", &address) ? address : 0;
}

/* Once the map has it. */
static void
show_place (AtlasExperiment *self)
{
  AtlasSnapshot *snapshot = atlas_session_get_snapshot (self->session);

  if (self->place == 0 || snapshot == NULL || !atlas_experiment_is_watching (self)
      || !atlas_snapshot_find (snapshot, self->place, NULL))
    return;
  atlas_session_reveal (self->session, self->place);
  self->place = 0;
}

/* The history and the map, after a command. */
static void
show_done (AtlasExperiment *self, AtlasLabEvent *event)
{
  g_autofree char *title = atlas_lab_action_dup_title (self->action);

  if (!atlas_experiment_is_watching (self))
    return;
  update_labels (self);
  self->place = find_place (self, event);
  if (atlas_lab_action_get_events (self->action)->len == 1)
    {
      atlas_session_add_mark (self->session, atlas_lab_event_get_monotonic (event), title);
      atlas_session_flash (self->session, atlas_session_get_snapshot (self->session));
    }
  atlas_session_refresh (self->session);
}

/* --- running --- */

static void
set_action (AtlasExperiment *self, AtlasLabAction *action)
{
  if (g_set_object (&self->action, action))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACTION]);
}

/* Of a person, a script or a lesson alike; the latter have no action of their own. */
static void
done_cb (AtlasExperiment *self, AtlasLabEvent *event)
{
  if (self->running == NULL)
    {
      g_autoptr (AtlasLabAction) action = atlas_lab_action_new (NULL);

      atlas_lab_action_add (action, event);
      set_action (self, action);
    }
  else
    {
      atlas_lab_action_add (self->running, event);
      set_action (self, self->running);
    }
  show_done (self, event);
}

static void run_next (AtlasExperiment *self);

static void
ran_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (AtlasExperiment) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AtlasLabEvent) event = atlas_lab_run_finish (ATLAS_LAB (source), result, &error);

  if (self->running == NULL)
    return;
  if (event == NULL || !atlas_lab_event_get_ok (event))
    g_ptr_array_set_size (self->commands, 0);
  run_next (self);
}

static void
run_next (AtlasExperiment *self)
{
  g_autofree char *command = NULL;

  if (self->commands->len == 0)
    {
      g_clear_object (&self->running);
      return;
    }
  command = g_ptr_array_steal_index (self->commands, 0);
  atlas_lab_run (self->lab, command, ran_cb, g_object_ref (self));
}

void
atlas_experiment_run (AtlasExperiment *self, const char *const *commands, const AtlasGuess *guess)
{
  gboolean idle;

  g_return_if_fail (ATLAS_IS_EXPERIMENT (self) && commands != NULL);

  idle = self->running == NULL;
  for (guint i = 0; commands[i] != NULL; i++)
    g_ptr_array_add (self->commands, g_strdup (commands[i]));
  if (!idle)
    return;
  self->running = atlas_lab_action_new (guess);
  run_next (self);
}

void
atlas_experiment_run_one (AtlasExperiment *self, const char *command)
{
  const char *const commands[] = { command, NULL };

  atlas_experiment_run (self, commands, NULL);
}

void
atlas_experiment_begin (AtlasExperiment *self)
{
  g_return_if_fail (ATLAS_IS_EXPERIMENT (self));

  g_clear_object (&self->running);
  g_ptr_array_set_size (self->commands, 0);
  self->running = atlas_lab_action_new (NULL);
}

void
atlas_experiment_end (AtlasExperiment *self)
{
  g_return_if_fail (ATLAS_IS_EXPERIMENT (self));

  g_clear_object (&self->running);
}

/* --- the process --- */

static void
pid_changed_cb (AtlasExperiment *self)
{
  gint pid = atlas_lab_get_selected_pid (self->lab);

  if (pid != 0 && self->wants_watch)
    atlas_session_set_pid (self->session, pid);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WATCHING]);
  update_labels (self);
}

static void
session_pid_changed_cb (AtlasExperiment *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WATCHING]);
  update_labels (self);
}

void
atlas_experiment_start (AtlasExperiment *self)
{
  g_return_if_fail (ATLAS_IS_EXPERIMENT (self));

  g_clear_object (&self->running);
  g_ptr_array_set_size (self->commands, 0);
  set_action (self, NULL);
  self->wants_watch = TRUE;
  atlas_lab_start (self->lab);
}

void
atlas_experiment_choose (AtlasExperiment *self, const char *process)
{
  g_return_if_fail (ATLAS_IS_EXPERIMENT (self) && process != NULL);

  atlas_lab_set_process (self->lab, process);
  atlas_experiment_watch (self);
}

void
atlas_experiment_watch (AtlasExperiment *self)
{
  g_return_if_fail (ATLAS_IS_EXPERIMENT (self));

  self->wants_watch = TRUE;
  pid_changed_cb (self);
}

/* --- object --- */

static void
atlas_experiment_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  AtlasExperiment *self = ATLAS_EXPERIMENT (object);

  switch (id)
    {
    case PROP_ACTION:
      g_value_set_object (value, self->action);
      break;
    case PROP_WATCHING:
      g_value_set_boolean (value, atlas_experiment_is_watching (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
atlas_experiment_dispose (GObject *object)
{
  AtlasExperiment *self = ATLAS_EXPERIMENT (object);

  if (self->lab != NULL)
    atlas_lab_stop (self->lab);
  g_clear_object (&self->running);
  g_clear_object (&self->action);
  g_clear_object (&self->lab);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (atlas_experiment_parent_class)->dispose (object);
}

static void
atlas_experiment_finalize (GObject *object)
{
  g_ptr_array_unref (ATLAS_EXPERIMENT (object)->commands);
  G_OBJECT_CLASS (atlas_experiment_parent_class)->finalize (object);
}

static void
atlas_experiment_class_init (AtlasExperimentClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = atlas_experiment_get_property;
  object_class->dispose = atlas_experiment_dispose;
  object_class->finalize = atlas_experiment_finalize;
  properties[PROP_ACTION] =
      g_param_spec_object ("action", NULL, NULL, ATLAS_TYPE_LAB_ACTION, readable);
  properties[PROP_WATCHING] = g_param_spec_boolean ("watching", NULL, NULL, FALSE, readable);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
atlas_experiment_init (AtlasExperiment *self)
{
  self->commands = g_ptr_array_new_with_free_func (g_free);
}

AtlasExperiment *
atlas_experiment_new (AtlasSession *session)
{
  AtlasExperiment *self;
  g_autoptr (AtlasProcfs) procfs = NULL;

  g_return_val_if_fail (ATLAS_IS_SESSION (session), NULL);

  self = g_object_new (ATLAS_TYPE_EXPERIMENT, NULL);
  self->session = g_object_ref (session);
  g_object_get (session, "procfs", &procfs, NULL);
  self->lab = atlas_lab_new (procfs);
  g_signal_connect_object (self->lab, "done", G_CALLBACK (done_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->lab, "notify::selected-pid", G_CALLBACK (pid_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::snapshot", G_CALLBACK (show_place), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::pid", G_CALLBACK (session_pid_changed_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}

AtlasLab *
atlas_experiment_get_lab (AtlasExperiment *self)
{
  g_return_val_if_fail (ATLAS_IS_EXPERIMENT (self), NULL);

  return self->lab;
}

AtlasSession *
atlas_experiment_get_session (AtlasExperiment *self)
{
  g_return_val_if_fail (ATLAS_IS_EXPERIMENT (self), NULL);

  return self->session;
}

AtlasLabAction *
atlas_experiment_get_action (AtlasExperiment *self)
{
  g_return_val_if_fail (ATLAS_IS_EXPERIMENT (self), NULL);

  return self->action;
}

char *
atlas_experiment_dup_free_id (AtlasExperiment *self)
{
  g_return_val_if_fail (ATLAS_IS_EXPERIMENT (self), NULL);

  for (guint i = 0;; i++)
    {
      char letter = (char) ('a' + i % 26);
      g_autofree char *id =
          i < 26 ? g_strdup_printf ("%c", letter) : g_strdup_printf ("%c%u", letter, i / 26);

      if (atlas_lab_find_allocation (self->lab, id) == NULL)
        return g_steal_pointer (&id);
    }
}
