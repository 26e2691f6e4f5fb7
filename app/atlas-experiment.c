/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Commands go to the lab, what came of them goes to the session. Views of the map know nothing of
 * the lab, and the lab nothing of them. */

#include "atlas-config.h"

#include "atlas-experiment.h"

#include <string.h>

#include "atlas-lab-allocation.h"
#include "atlas-lab-process.h"
#include "atlas-labels.h"

struct _AtlasExperiment
{
  GObject parent_instance;

  AtlasSession *session;
  AtlasLab *lab;
  AtlasLabAction *action; /* the last one that did something, or NULL */
  AtlasLabAction *others; /* what a lesson does just now, or NULL */
  GQueue jobs;            /* of Job: the one at work, and those that wait for it */
  gboolean at_work;       /* the first job has given a command, and waits for what comes of it */
  guint generation;       /* of jobs: what comes of those that were dropped is nobody's business */
  guint64 place;          /* to be shown as soon as it is on the map; 0: nothing */
  gboolean wants_watch;   /* of the process that is being started */
};

/* What is asked for in one go. */
typedef struct
{
  AtlasLabAction *action;
  char *first;         /* the first command */
  GPtrArray *commands; /* still to be given */
} Job;

/* A command that was given to the lab. */
typedef struct
{
  AtlasExperiment *experiment;
  guint generation;
} Given;

enum
{
  PROP_ACTION = 1,
  PROP_WATCHING,
  N_PROPERTIES
};

enum
{
  SIGNAL_SAID,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

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
      atlas_session_flash (self->session, atlas_session_find_whole_before (
                                              self->session, atlas_lab_event_get_started (event)));
    }
  atlas_session_refresh (self->session);
}

/* --- running --- */

static void
job_free (Job *job)
{
  g_object_unref (job->action);
  g_free (job->first);
  g_ptr_array_unref (job->commands);
  g_free (job);
}

static void
drop_jobs (AtlasExperiment *self)
{
  g_queue_clear_full (&self->jobs, (GDestroyNotify) job_free);
  self->at_work = FALSE;
  self->generation++;
}

static void
set_action (AtlasExperiment *self, AtlasLabAction *action)
{
  if (g_set_object (&self->action, action))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACTION]);
}

/* What an event is part of. A script has no action of its own: each of its commands is one. */
static AtlasLabAction *
ref_action_of_event (AtlasExperiment *self)
{
  Job *job = g_queue_peek_head (&self->jobs);

  if (self->at_work)
    return g_object_ref (job->action);
  return self->others != NULL ? g_object_ref (self->others) : atlas_lab_action_new (NULL);
}

static void
done_cb (AtlasExperiment *self, AtlasLabEvent *event)
{
  g_autoptr (AtlasLabAction) action = ref_action_of_event (self);

  atlas_lab_action_add (action, event);
  set_action (self, action);
  show_done (self, event);
}

static void work (AtlasExperiment *self);

/* A command that was not even begun. That the lab was stopped meanwhile is no news, and neither is
 * that it ended: that is shown already. */
static void
say_why (AtlasExperiment *self, const GError *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit (self, signals[SIGNAL_SAID], 0, error->message);
}

/* What is left of a job has lost its sense when a command of it failed; other jobs have not. With
 * the process all have. */
static void
end_command (AtlasExperiment *self, AtlasLabEvent *event, const GError *error)
{
  Job *job = g_queue_peek_head (&self->jobs);

  self->at_work = FALSE;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED))
    drop_jobs (self);
  else if (event == NULL || !atlas_lab_event_get_ok (event) || job->commands->len == 0)
    job_free (g_queue_pop_head (&self->jobs));
  if (event == NULL)
    say_why (self, error);
  work (self);
}

static void
ran_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Given *given = data;
  g_autoptr (AtlasExperiment) self = given->experiment;
  g_autoptr (GError) error = NULL;
  g_autoptr (AtlasLabEvent) event = atlas_lab_run_finish (ATLAS_LAB (source), result, &error);

  if (self->generation == given->generation)
    end_command (self, event, error);
}

/* Gives the next command, unless one is under way, be it of a script: what comes of it is told by
 * what is under way. A lesson is not disturbed in a step. */
static void
work (AtlasExperiment *self)
{
  Job *job = g_queue_peek_head (&self->jobs);
  g_autofree char *command = NULL;
  Given *given;

  if (job == NULL || self->at_work || self->others != NULL
      || atlas_lab_get_state (self->lab) == ATLAS_LAB_BUSY)
    return;
  command = g_ptr_array_steal_index (job->commands, 0);
  given = g_new (Given, 1);
  *given = (Given){ g_object_ref (self), self->generation };
  self->at_work = TRUE;
  atlas_lab_run (self->lab, command, ran_cb, given);
}

void
atlas_experiment_run (AtlasExperiment *self, const char *const *commands, const AtlasGuess *guess)
{
  Job *job;

  g_return_if_fail (ATLAS_IS_EXPERIMENT (self));
  g_return_if_fail (commands != NULL && commands[0] != NULL);

  job = g_new (Job, 1);
  *job = (Job){ atlas_lab_action_new (guess), g_strdup (commands[0]),
                g_ptr_array_new_with_free_func (g_free) };
  for (guint i = 0; commands[i] != NULL; i++)
    g_ptr_array_add (job->commands, g_strdup (commands[i]));
  g_queue_push_tail (&self->jobs, job);
  work (self);
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

  g_clear_object (&self->others);
  self->others = atlas_lab_action_new (NULL);
}

void
atlas_experiment_end (AtlasExperiment *self)
{
  g_return_if_fail (ATLAS_IS_EXPERIMENT (self));

  g_clear_object (&self->others);
  work (self);
}

/* --- the process --- */

static void
pid_changed_cb (AtlasExperiment *self)
{
  gint pid = atlas_lab_get_selected_pid (self->lab);

  /* what happened, happened to a process that is gone */
  if (pid == 0)
    set_action (self, NULL);
  else if (self->wants_watch)
    atlas_session_set_pid (self->session, pid);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WATCHING]);
  update_labels (self);
}

/* What is looked at says that it ended, also where it is not looked at by itself any more: keys
 * that were meant for the process may have paused it. */
static void
ending_changed_cb (AtlasExperiment *self)
{
  if (atlas_lab_get_ending (self->lab) != NULL)
    atlas_session_refresh (self->session);
}

/* Whoever looks elsewhere is not taken back when a fork ends. */
static void
session_pid_changed_cb (AtlasExperiment *self)
{
  if (!atlas_experiment_is_watching (self))
    self->wants_watch = FALSE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WATCHING]);
  update_labels (self);
}

void
atlas_experiment_start (AtlasExperiment *self)
{
  g_return_if_fail (ATLAS_IS_EXPERIMENT (self));

  drop_jobs (self);
  g_clear_object (&self->others);
  set_action (self, NULL);
  self->wants_watch = TRUE;
  atlas_lab_start (self->lab);
}

void
atlas_experiment_close (AtlasExperiment *self)
{
  g_return_if_fail (ATLAS_IS_EXPERIMENT (self));

  drop_jobs (self);
  if (self->lab != NULL)
    atlas_lab_stop (self->lab);
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

  atlas_experiment_close (self);
  g_clear_object (&self->others);
  g_clear_object (&self->action);
  g_clear_object (&self->lab);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (atlas_experiment_parent_class)->dispose (object);
}

static void
atlas_experiment_finalize (GObject *object)
{
  drop_jobs (ATLAS_EXPERIMENT (object));
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
  signals[SIGNAL_SAID] = g_signal_new ("said", ATLAS_TYPE_EXPERIMENT, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
atlas_experiment_init (AtlasExperiment *self)
{
  g_queue_init (&self->jobs);
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
  g_signal_connect_object (self->lab, "notify::state", G_CALLBACK (work), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->lab, "notify::ending", G_CALLBACK (ending_changed_cb), self,
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

gboolean
atlas_experiment_is_about_to (AtlasExperiment *self, const char *command)
{
  g_return_val_if_fail (ATLAS_IS_EXPERIMENT (self) && command != NULL, FALSE);

  for (GList *link = self->jobs.head; link != NULL; link = link->next)
    {
      Job *job = link->data;

      if (strcmp (job->first, command) == 0)
        return TRUE;
    }
  return FALSE;
}

/* Whether an action that waits, or is under way, makes memory called @id. */
static gboolean
is_taken (AtlasExperiment *self, const char *id)
{
  for (GList *link = self->jobs.head; link != NULL; link = link->next)
    {
      Job *job = link->data;
      g_auto (GStrv) words = g_strsplit (job->first, " ", 3);

      if (words[0] != NULL && g_strcmp0 (words[1], id) == 0)
        return TRUE;
    }
  return atlas_lab_find_allocation (self->lab, id) != NULL;
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

      if (!is_taken (self, id))
        return g_steal_pointer (&id);
    }
}
