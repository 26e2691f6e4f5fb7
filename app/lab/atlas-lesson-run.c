/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One thing is under way at a time: going to a position, which is a step further, or steps of a
 * fresh process. Each step goes: what the processes are before, the commands one by one, what the
 * processes are after, and the judging. */

#include "atlas-config.h"

#include "atlas-lesson-run.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "atlas-lab.h"
#include "atlas-lesson-gather.h"
#include "atlas-lesson-needs.h"
#include "atlas-lesson-outcome-private.h"
#include "atlas-lesson-result.h"

/* The one that is meant where a step says nothing of success. */
static const AtlasExpectation meant_ok = {
  .kind = ATLAS_EXPECT_OK,
  .unit = ATLAS_EXPECT_IN_WORDS,
  .text = (char *) "ok",
  .process = (char *) "",
  .counter = ATLAS_COUNTER_NONE,
};

struct _AtlasLessonRun
{
  GObject parent_instance;

  AtlasLesson *lesson;
  AtlasLab *lab;
  GPtrArray *outcomes;    /* of AtlasLessonOutcome or NULL, one for each step */
  GPtrArray *predictions; /* of GPtrArray of char * or NULL: by step and expectation */
  guint position;
  gint pid; /* of the process that the steps before position were done in; 0: there is none */

  /* what is under way */
  GTask *task;
  guint target;           /* the position to come to */
  gboolean wants_outcome; /* of the last step, for the task */
  gulong waiting;         /* handler: for the process to be there, or to be idle; or 0 */
  GHashTable *readings;   /* what the processes were before the step */
  guint n_done;           /* commands of the step */
  GPtrArray *events;      /* of AtlasLabEvent, theirs */
};

enum
{
  PROP_LESSON = 1,
  PROP_LAB,
  PROP_POSITION,
  PROP_BUSY,
  N_PROPERTIES
};

enum
{
  SIGNAL_STEP_STARTED,
  SIGNAL_STEP_DONE,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AtlasLessonRun, atlas_lesson_run, G_TYPE_OBJECT)

static void go_on (AtlasLessonRun *self);
static void run_command (AtlasLessonRun *self);

static const AtlasLessonStep *
get_step (AtlasLessonRun *self)
{
  return atlas_lesson_get_step (self->lesson, self->position);
}

/* --- beginning and ending --- */

static void
begin (AtlasLessonRun *self, GTask *task)
{
  self->task = task;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
}

static GTask *
end (AtlasLessonRun *self)
{
  GTask *task = g_steal_pointer (&self->task);

  g_clear_pointer (&self->readings, g_hash_table_unref);
  g_clear_pointer (&self->events, g_ptr_array_unref);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
  return task;
}

/* The process is not what the steps before would have left: the next one starts a fresh one. */
static void
fail (AtlasLessonRun *self, GError *error)
{
  g_autoptr (GTask) task = NULL;

  self->pid = 0;
  task = end (self);
  g_task_return_error (task, error);
}

static void
set_position (AtlasLessonRun *self, guint position)
{
  if (self->position == position)
    return;
  self->position = position;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_POSITION]);
}

/* Whoever hears that it is not busy any more may begin the next thing at once. */
static void
arrive (AtlasLessonRun *self)
{
  g_autoptr (AtlasLessonOutcome) outcome = NULL;
  g_autoptr (GTask) task = NULL;

  if (self->wants_outcome)
    outcome = g_object_ref (g_ptr_array_index (self->outcomes, self->position - 1));
  task = end (self);
  if (outcome != NULL)
    g_task_return_pointer (task, g_steal_pointer (&outcome), g_object_unref);
  else
    g_task_return_boolean (task, TRUE);
}

/* The step is over, whatever came of it. @outcome: taken */
static void
finish_step (AtlasLessonRun *self, AtlasLessonOutcome *outcome)
{
  guint step = self->position;
  gpointer *place = &g_ptr_array_index (self->outcomes, step);

  if (*place != NULL)
    g_object_unref (*place);
  *place = outcome;
  set_position (self, step + 1);
  g_signal_emit (self, signals[SIGNAL_STEP_DONE], 0, step, outcome);
  go_on (self);
}

/* --- judging --- */

static gboolean
speaks_of_success (const AtlasLessonStep *step)
{
  for (guint i = 0; i < step->expectations->len; i++)
    {
      const AtlasExpectation *expectation = g_ptr_array_index (step->expectations, i);

      if (expectation->kind == ATLAS_EXPECT_OK || expectation->kind == ATLAS_EXPECT_ERROR)
        return TRUE;
    }
  return FALSE;
}

static GPtrArray *
judge (AtlasLessonRun *self, const AtlasLessonFacts *facts)
{
  const AtlasLessonStep *step = get_step (self);
  GPtrArray *results = g_ptr_array_new_with_free_func ((GDestroyNotify) atlas_lesson_result_free);

  for (guint i = 0; i < step->expectations->len; i++)
    {
      AtlasLessonResult *result =
          atlas_lesson_judge (g_ptr_array_index (step->expectations, i), facts);

      atlas_lesson_result_predict (result,
                                   atlas_lesson_run_get_prediction (self, self->position, i));
      g_ptr_array_add (results, result);
    }
  if (!speaks_of_success (step))
    {
      AtlasLessonResult *result = atlas_lesson_judge (&meant_ok, facts);

      if (result->verdict == ATLAS_VERDICT_PASSED)
        atlas_lesson_result_free (result);
      else
        g_ptr_array_add (results, result);
    }
  return results;
}

static void
after_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AtlasLessonRun) self = user_data;
  g_autoptr (AtlasLessonFacts) facts = NULL;
  g_autoptr (GHashTable) after = NULL;
  const AtlasLessonReading *reading;
  GError *error = NULL;
  GPtrArray *results;

  after = atlas_lesson_gather_readings_finish (result, &error);
  if (after == NULL)
    {
      fail (self, error);
      return;
    }
  facts =
      atlas_lesson_gather_facts (self->lab, get_step (self), self->readings, after, self->events);
  results = judge (self, facts);
  reading = g_hash_table_lookup (after, "");
  finish_step (self, atlas_lesson_outcome_new (g_steal_pointer (&self->events), results,
                                               reading != NULL ? reading->snapshot : NULL));
}

/* --- commands --- */

static void
command_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AtlasLessonRun) self = user_data;
  GError *error = NULL;
  AtlasLabEvent *event = atlas_lab_run_finish (ATLAS_LAB (source), result, &error);

  if (event == NULL)
    {
      fail (self, error);
      return;
    }
  g_ptr_array_add (self->events, event);
  self->n_done++;
  if (g_task_return_error_if_cancelled (self->task))
    {
      self->pid = 0;
      g_object_unref (end (self));
      return;
    }
  run_command (self);
}

/* A process that has ended by itself is a fact to be judged, and nothing more can be asked of it;
 * one that somebody stopped is not. */
static void
run_command (AtlasLessonRun *self)
{
  const char *command = get_step (self)->commands[self->n_done];
  AtlasLabState state = atlas_lab_get_state (self->lab);

  if (state == ATLAS_LAB_STOPPED)
    fail (self, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED,
                                     _ ("The lab was stopped in a step of this lesson")));
  else if (command == NULL || state == ATLAS_LAB_ENDED)
    atlas_lesson_gather_readings (self->lab, g_task_get_cancellable (self->task), after_cb,
                                  g_object_ref (self));
  else
    atlas_lab_run (self->lab, command, command_cb, g_object_ref (self));
}

/* --- steps --- */

static char *
find_missing (AtlasLessonRun *self)
{
  char *missing = NULL;

  for (char **name = get_step (self)->requirements; *name != NULL && missing == NULL; name++)
    missing = atlas_lesson_need_dup_missing (*name, atlas_lab_get_procfs (self->lab));
  return missing;
}

static void
before_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AtlasLessonRun) self = user_data;
  GError *error = NULL;
  GHashTable *readings = atlas_lesson_gather_readings_finish (result, &error);

  if (readings == NULL)
    {
      fail (self, error);
      return;
    }
  g_clear_pointer (&self->readings, g_hash_table_unref);
  g_clear_pointer (&self->events, g_ptr_array_unref);
  self->readings = readings;
  self->events = g_ptr_array_new_with_free_func (g_object_unref);
  self->n_done = 0;
  run_command (self);
}

static void
begin_step (AtlasLessonRun *self)
{
  g_autofree char *missing = find_missing (self);

  g_signal_emit (self, signals[SIGNAL_STEP_STARTED], 0, self->position);
  if (missing != NULL)
    {
      finish_step (self, atlas_lesson_outcome_new_skipped (missing));
      return;
    }
  atlas_lab_set_process (self->lab, "");
  atlas_lesson_gather_readings (self->lab, g_task_get_cancellable (self->task), before_cb,
                                g_object_ref (self));
}

/* --- a fresh process --- */

static void
state_cb (AtlasLab *lab, GParamSpec *spec, gpointer user_data)
{
  g_autoptr (AtlasLessonRun) self = user_data;
  AtlasLabState state = atlas_lab_get_state (lab);
  const char *ending = atlas_lab_get_ending (lab);

  if (state == ATLAS_LAB_STARTING)
    {
      g_steal_pointer (&self);
      return;
    }
  g_clear_signal_handler (&self->waiting, lab);
  self->pid = atlas_lab_get_pid (lab);
  if (state == ATLAS_LAB_READY || state == ATLAS_LAB_BUSY)
    go_on (self);
  else
    fail (self, g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED,
                             _ ("The lab's process could not be started: it %s"),
                             ending != NULL ? ending : _ ("was stopped")));
}

/* What others left of the one before, or did to it, is of no use. */
static void
start_process (AtlasLessonRun *self)
{
  set_position (self, 0);
  atlas_lab_start (self->lab);
  self->waiting =
      g_signal_connect (self->lab, "notify::state", G_CALLBACK (state_cb), g_object_ref (self));
  if (atlas_lab_get_state (self->lab) != ATLAS_LAB_STARTING)
    state_cb (self->lab, NULL, self);
}

static void
idle_cb (AtlasLab *lab, GParamSpec *spec, gpointer user_data)
{
  g_autoptr (AtlasLessonRun) self = user_data;

  if (atlas_lab_get_state (lab) == ATLAS_LAB_BUSY)
    {
      g_steal_pointer (&self);
      return;
    }
  g_clear_signal_handler (&self->waiting, lab);
  begin_step (self);
}

/* What somebody else had the process do is over before the step's readings are taken. */
static void
begin_step_when_idle (AtlasLessonRun *self)
{
  if (atlas_lab_get_state (self->lab) == ATLAS_LAB_BUSY)
    self->waiting =
        g_signal_connect (self->lab, "notify::state", G_CALLBACK (idle_cb), g_object_ref (self));
  else
    begin_step (self);
}

/* A process that died in a step stays the one of those that follow: they say so. */
static void
go_on (AtlasLessonRun *self)
{
  if (self->pid == 0)
    start_process (self);
  else if (self->position < self->target)
    begin_step_when_idle (self);
  else
    arrive (self);
}

/* --- the object --- */

static void
free_outcome (gpointer outcome)
{
  if (outcome != NULL)
    g_object_unref (outcome);
}

static void
atlas_lesson_run_finalize (GObject *object)
{
  AtlasLessonRun *self = ATLAS_LESSON_RUN (object);

  g_ptr_array_unref (self->outcomes);
  g_ptr_array_unref (self->predictions);
  g_clear_pointer (&self->readings, g_hash_table_unref);
  g_clear_pointer (&self->events, g_ptr_array_unref);
  g_clear_object (&self->lesson);
  g_clear_object (&self->lab);
  G_OBJECT_CLASS (atlas_lesson_run_parent_class)->finalize (object);
}

static void
atlas_lesson_run_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  AtlasLessonRun *self = ATLAS_LESSON_RUN (object);

  if (id == PROP_LESSON)
    g_value_set_object (value, self->lesson);
  else if (id == PROP_LAB)
    g_value_set_object (value, self->lab);
  else if (id == PROP_POSITION)
    g_value_set_uint (value, self->position);
  else if (id == PROP_BUSY)
    g_value_set_boolean (value, self->task != NULL);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
}

static void
atlas_lesson_run_class_init (AtlasLessonRunClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = atlas_lesson_run_finalize;
  G_OBJECT_CLASS (klass)->get_property = atlas_lesson_run_get_property;

  properties[PROP_LESSON] = g_param_spec_object ("lesson", NULL, NULL, ATLAS_TYPE_LESSON, flags);
  properties[PROP_LAB] = g_param_spec_object ("lab", NULL, NULL, ATLAS_TYPE_LAB, flags);
  properties[PROP_POSITION] = g_param_spec_uint ("position", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPERTIES, properties);

  signals[SIGNAL_STEP_STARTED] = g_signal_new ("step-started", type, G_SIGNAL_RUN_LAST, 0, NULL,
                                               NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[SIGNAL_STEP_DONE] =
      g_signal_new ("step-done", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                    G_TYPE_UINT, ATLAS_TYPE_LESSON_OUTCOME);
}

static void
atlas_lesson_run_init (AtlasLessonRun *self)
{
}

AtlasLessonRun *
atlas_lesson_run_new (AtlasLesson *lesson, AtlasLab *lab)
{
  AtlasLessonRun *self;
  guint n_steps;

  g_return_val_if_fail (ATLAS_IS_LESSON (lesson) && ATLAS_IS_LAB (lab), NULL);

  self = g_object_new (ATLAS_TYPE_LESSON_RUN, NULL);
  self->lesson = g_object_ref (lesson);
  self->lab = g_object_ref (lab);
  n_steps = atlas_lesson_get_n_steps (lesson);
  self->outcomes = g_ptr_array_new_with_free_func (free_outcome);
  g_ptr_array_set_size (self->outcomes, (gint) n_steps);
  self->predictions = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  for (guint i = 0; i < n_steps; i++)
    {
      GPtrArray *predictions = g_ptr_array_new_with_free_func (g_free);

      g_ptr_array_set_size (predictions,
                            (gint) atlas_lesson_get_step (lesson, i)->expectations->len);
      g_ptr_array_add (self->predictions, predictions);
    }
  return self;
}

AtlasLesson *
atlas_lesson_run_get_lesson (AtlasLessonRun *self)
{
  g_return_val_if_fail (ATLAS_IS_LESSON_RUN (self), NULL);

  return self->lesson;
}

AtlasLab *
atlas_lesson_run_get_lab (AtlasLessonRun *self)
{
  g_return_val_if_fail (ATLAS_IS_LESSON_RUN (self), NULL);

  return self->lab;
}

guint
atlas_lesson_run_get_position (AtlasLessonRun *self)
{
  g_return_val_if_fail (ATLAS_IS_LESSON_RUN (self), 0);

  return self->position;
}

gboolean
atlas_lesson_run_is_busy (AtlasLessonRun *self)
{
  g_return_val_if_fail (ATLAS_IS_LESSON_RUN (self), FALSE);

  return self->task != NULL;
}

gboolean
atlas_lesson_run_is_finished (AtlasLessonRun *self)
{
  g_return_val_if_fail (ATLAS_IS_LESSON_RUN (self), FALSE);

  return self->position >= atlas_lesson_get_n_steps (self->lesson);
}

static gpointer *
find_prediction (AtlasLessonRun *self, guint step, guint index)
{
  GPtrArray *predictions;

  g_return_val_if_fail (step < self->predictions->len, NULL);
  predictions = g_ptr_array_index (self->predictions, step);
  g_return_val_if_fail (index < predictions->len, NULL);
  return &g_ptr_array_index (predictions, index);
}

void
atlas_lesson_run_predict (AtlasLessonRun *self, guint step, guint index, const char *prediction)
{
  gpointer *place;

  g_return_if_fail (ATLAS_IS_LESSON_RUN (self));

  place = find_prediction (self, step, index);
  if (place == NULL)
    return;
  g_free (*place);
  *place = prediction != NULL && *prediction != '\0' ? g_strdup (prediction) : NULL;
}

const char *
atlas_lesson_run_get_prediction (AtlasLessonRun *self, guint step, guint index)
{
  gpointer *place;

  g_return_val_if_fail (ATLAS_IS_LESSON_RUN (self), NULL);

  place = find_prediction (self, step, index);
  return place != NULL ? *place : NULL;
}

/* What can be said before anything is begun. FALSE: it was. */
static gboolean
check_free (AtlasLessonRun *self, GTask *task)
{
  if (self->task == NULL)
    return TRUE;
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PENDING,
                           _ ("A step of this lesson is being run"));
  return FALSE;
}

void
atlas_lesson_run_step_async (AtlasLessonRun *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (ATLAS_IS_LESSON_RUN (self));

  task = g_task_new (self, cancellable, callback, user_data);
  if (!check_free (self, task))
    return;
  if (atlas_lesson_run_is_finished (self))
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CLOSED,
                               _ ("This lesson has no further step"));
      return;
    }
  /* somebody else may have started another one */
  if (self->pid != atlas_lab_get_pid (self->lab))
    self->pid = 0;
  self->target = self->position + 1;
  self->wants_outcome = TRUE;
  begin (self, g_steal_pointer (&task));
  go_on (self);
}

AtlasLessonOutcome *
atlas_lesson_run_step_finish (AtlasLessonRun *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
atlas_lesson_run_back_async (AtlasLessonRun *self,
                             guint position,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (ATLAS_IS_LESSON_RUN (self));
  g_return_if_fail (position <= self->position);

  task = g_task_new (self, cancellable, callback, user_data);
  if (!check_free (self, task))
    return;
  self->target = position;
  self->wants_outcome = FALSE;
  self->pid = 0;
  begin (self, g_steal_pointer (&task));
  go_on (self);
}

gboolean
atlas_lesson_run_back_finish (AtlasLessonRun *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

AtlasLessonOutcome *
atlas_lesson_run_get_outcome (AtlasLessonRun *self, guint step)
{
  g_return_val_if_fail (ATLAS_IS_LESSON_RUN (self), NULL);
  g_return_val_if_fail (step < self->outcomes->len, NULL);

  return step < self->position ? g_ptr_array_index (self->outcomes, step) : NULL;
}

static void
count_outcome (AtlasLessonOutcome *outcome, guint counts[ATLAS_VERDICT_UNKNOWN + 1], guint *skipped)
{
  GPtrArray *results = atlas_lesson_outcome_get_results (outcome);

  if (atlas_lesson_outcome_get_skipped (outcome) != NULL)
    (*skipped)++;
  for (guint i = 0; i < results->len; i++)
    {
      const AtlasLessonResult *result = g_ptr_array_index (results, i);

      counts[result->verdict]++;
    }
}

void
atlas_lesson_run_count (AtlasLessonRun *self,
                        guint *passed,
                        guint *failed,
                        guint *unknown,
                        guint *skipped)
{
  guint counts[ATLAS_VERDICT_UNKNOWN + 1] = { 0 };
  guint n_skipped = 0;

  g_return_if_fail (ATLAS_IS_LESSON_RUN (self));

  for (guint i = 0; i < self->position; i++)
    count_outcome (g_ptr_array_index (self->outcomes, i), counts, &n_skipped);
  if (passed != NULL)
    *passed = counts[ATLAS_VERDICT_PASSED];
  if (failed != NULL)
    *failed = counts[ATLAS_VERDICT_FAILED];
  if (unknown != NULL)
    *unknown = counts[ATLAS_VERDICT_UNKNOWN];
  if (skipped != NULL)
    *skipped = n_skipped;
}
