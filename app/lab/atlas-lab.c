/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One line is under way at a time: a command of a person, or a question of the client's own. A
 * command comes first when one waits; the questions after it keep what is told up to date. */

#include "atlas-config.h"

#include "atlas-lab.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "atlas-lab-private.h"
#include "atlas-lab-programs.h"
#include "atlas-text.h"

#define SUBJECT "memory-atlas-lab"
#define TRACER "memory-atlas-trace"
#define SLOW_MS 1000
/* Of the lines that people may read, in one answer. */
#define MOST_COMMENT_BYTES (1024 * 1024)
#define MOST_NONSENSE_CHARS 60

enum
{
  PROP_STATE = 1,
  PROP_PID,
  PROP_SELECTED_PID,
  PROP_PROCESSES,
  PROP_PROCESS,
  PROP_ALLOCATIONS,
  PROP_THREADS,
  PROP_EVENTS,
  PROP_MMAP_THRESHOLD,
  PROP_TRIM_THRESHOLD,
  PROP_THRESHOLD_DYNAMIC,
  PROP_ENDING,
  PROP_TRACE_PROBLEM,
  PROP_BUSY_SINCE,
  PROP_SLOW,
  PROP_ADDRESS_SPACE,
  PROP_PROCFS,
  PROP_SUBJECT_PROGRAM,
  PROP_TRACER_PROGRAM,
  N_PROPERTIES
};

enum
{
  SIGNAL_DONE,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AtlasLab, atlas_lab, G_TYPE_OBJECT)

GType
atlas_lab_state_get_type (void)
{
  static const GEnumValue values[] = {
    { ATLAS_LAB_STOPPED, "ATLAS_LAB_STOPPED", "stopped" },
    { ATLAS_LAB_STARTING, "ATLAS_LAB_STARTING", "starting" },
    { ATLAS_LAB_READY, "ATLAS_LAB_READY", "ready" },
    { ATLAS_LAB_BUSY, "ATLAS_LAB_BUSY", "busy" },
    { ATLAS_LAB_ENDED, "ATLAS_LAB_ENDED", "ended" },
    { 0, NULL, NULL },
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("AtlasLabState", values));
  return type;
}

static void
notify (AtlasLab *self, guint property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
set_text (AtlasLab *self, char **text, const char *value, guint property)
{
  if (g_strcmp0 (*text, value) == 0)
    return;
  g_free (*text);
  *text = g_strdup (value);
  notify (self, property);
}

gboolean
atlas_lab_is_running (AtlasLab *self)
{
  return self->state == ATLAS_LAB_STARTING || self->state == ATLAS_LAB_READY
         || self->state == ATLAS_LAB_BUSY;
}

/* --- state --- */

static void
set_slow (AtlasLab *self, gboolean slow)
{
  if (self->slow == slow)
    return;
  self->slow = slow;
  notify (self, PROP_SLOW);
}

static gboolean
slow_cb (gpointer user_data)
{
  AtlasLab *self = user_data;

  self->slow_source = 0;
  set_slow (self, TRUE);
  return G_SOURCE_REMOVE;
}

/* @since: 0: with nothing. */
static void
set_busy_since (AtlasLab *self, gint64 since)
{
  g_clear_handle_id (&self->slow_source, g_source_remove);
  if (since != 0)
    self->slow_source = g_timeout_add (SLOW_MS, slow_cb, self);
  set_slow (self, FALSE);
  if (self->busy_since == since)
    return;
  self->busy_since = since;
  notify (self, PROP_BUSY_SINCE);
}

static void
set_state (AtlasLab *self, AtlasLabState state)
{
  if (self->state == state)
    return;
  if (state == ATLAS_LAB_BUSY || state == ATLAS_LAB_STARTING)
    set_busy_since (self, g_get_monotonic_time ());
  else
    set_busy_since (self, 0);
  self->state = state;
  notify (self, PROP_STATE);
}

/* --- what comes through the pipes --- */

static void
forget_answer (AtlasLab *self)
{
  g_ptr_array_set_size (self->comments, 0);
  self->comments_size = 0;
}

void
atlas_lab_ask (AtlasLab *self, const char *line)
{
  self->waiting = TRUE;
  forget_answer (self);
  atlas_lab_runner_send (self->runner, line);
}

static void
give_up (AtlasLab *self, const AtlasLabLine *line)
{
  g_autofree char *text =
      atlas_text_clean_short (line->text, (gssize) line->length, MOST_NONSENSE_CHARS);
  g_autofree char *ending =
      g_strdup_printf (_ ("ended from here, for it wrote what is no answer: “%s”"), text);

  self->hopeless = TRUE;
  set_text (self, &self->ending, ending, PROP_ENDING);
  atlas_lab_runner_kill (self->runner);
}

static void
take_comment (AtlasLab *self, const AtlasLabLine *line)
{
  gsize length = line->length >= 2 ? line->length - 2 : 0;

  if (self->comments_size > MOST_COMMENT_BYTES)
    return;
  self->comments_size += length + 1;
  g_ptr_array_add (self->comments,
                   atlas_text_clean (line->text + MIN (line->length, 2), (gssize) length));
}

/* The first line: it is there. */
static void
take_ready (AtlasLab *self, const AtlasLabLine *line)
{
  g_autoptr (AtlasLabAnswer) answer = atlas_lab_answer_parse (line->text, line->length);
  g_autoptr (AtlasLabProcess) process = NULL;
  guint64 pid = 0;
  guint64 limit = 0;

  if (!answer->ok || !atlas_lab_answer_get_number (answer, "pid", &pid) || pid == 0
      || pid > G_MAXINT)
    {
      give_up (self, line);
      return;
    }
  self->waiting = FALSE;
  process = atlas_lab_process_new (self->procfs, (gint) pid, NULL, NULL);
  atlas_lab_process_set_dirty (process, FALSE);
  atlas_lab_add_process (self, process);
  /* what the kernel killed before is none of its business */
  if (atlas_lab_process_get_target (process) != NULL)
    atlas_lab_oom_look (self->oom, atlas_lab_process_get_target (process));
  atlas_lab_answer_get_number (answer, "limit_as", &limit);
  atlas_lab_code_set_address_space (self->code, limit);
  atlas_lab_set_thresholds (self, answer);
  notify (self, PROP_PID);
  set_state (self, ATLAS_LAB_BUSY);
  atlas_lab_pump (self);
}

static void
take_answer (AtlasLab *self, const AtlasLabLine *line)
{
  g_autoptr (AtlasLabAnswer) answer = atlas_lab_answer_parse (line->text, line->length);

  if (self->round.asked != ATLAS_LAB_ASK_NOTHING)
    {
      self->waiting = FALSE;
      atlas_lab_round_take (self, answer);
    }
  else if (atlas_lab_work_is_exit (self, answer))
    {
      self->parts.answer = g_steal_pointer (&answer);
      return;
    }
  else
    {
      self->waiting = FALSE;
      atlas_lab_work_end (self, g_steal_pointer (&answer), NULL, NULL);
    }
  atlas_lab_pump (self);
}

static void
answer_cb (const AtlasLabLine *line, gpointer user_data)
{
  g_autoptr (AtlasLab) self = g_object_ref (user_data);
  AtlasLabLineKind kind = atlas_lab_line_get_kind (line->text, line->length);

  if (self->hopeless)
    return;
  if (!self->waiting || self->parts.answer != NULL || kind == ATLAS_LAB_LINE_NONSENSE)
    give_up (self, line);
  else if (kind == ATLAS_LAB_LINE_COMMENT)
    take_comment (self, line);
  else if (self->state == ATLAS_LAB_STARTING)
    take_ready (self, line);
  else
    take_answer (self, line);
}

static void
trace_cb (const AtlasLabLine *line, gpointer user_data)
{
  AtlasLab *self = user_data;
  g_autoptr (AtlasLabTrace) trace = atlas_lab_trace_parse (line->text, line->length);

  if (trace == NULL)
    set_text (self, &self->trace_problem, _ ("the tracer wrote a line that makes no sense"),
              PROP_TRACE_PROBLEM);
  else if (trace->kind == ATLAS_LAB_TRACE_CALL)
    atlas_lab_work_take_call (self, trace);
  else if (trace->kind != ATLAS_LAB_TRACE_START)
    atlas_lab_work_take_end (self, trace);
}

/* --- commands --- */

void
atlas_lab_request_free (AtlasLabRequest *request)
{
  g_clear_object (&request->task);
  atlas_lab_command_free (request->command);
  g_free (request);
}

static void
refuse_request (AtlasLabRequest *request, GIOErrorEnum code, const char *message)
{
  g_task_return_new_error (request->task, G_IO_ERROR, (gint) code, "%s", message);
  atlas_lab_request_free (request);
}

/* Those that were not begun. New ones may come while these are told. */
static void
refuse_requests (AtlasLab *self, GIOErrorEnum code, const char *message)
{
  GQueue requests = self->requests;
  AtlasLabRequest *request;

  g_queue_init (&self->requests);
  while ((request = g_queue_pop_head (&requests)) != NULL)
    refuse_request (request, code, message);
}

char *
atlas_lab_dup_line (AtlasLab *self, const char *command)
{
  const char *prefix = self->chosen != NULL ? atlas_lab_process_get_prefix (self->chosen) : "";

  return g_strconcat (prefix, command, NULL);
}

void
atlas_lab_enqueue (AtlasLab *self, GTask *task, const char *line, gpointer script)
{
  AtlasLabRequest *request;
  g_autoptr (GError) error = NULL;

  if (!atlas_lab_command_check (line, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else if (!atlas_lab_is_running (self))
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CLOSED, "%s",
                             _ ("There is no lab process; start one first"));
  else
    {
      request = g_new (AtlasLabRequest, 1);
      *request =
          (AtlasLabRequest){ g_steal_pointer (&task), atlas_lab_command_parse (line), script };
      g_queue_push_tail (&self->requests, request);
    }
  g_clear_object (&task);
}

void
atlas_lab_run (AtlasLab *self,
               const char *command,
               GAsyncReadyCallback callback,
               gpointer user_data)
{
  g_return_if_fail (ATLAS_IS_LAB (self) && command != NULL);

  g_autofree char *line = atlas_lab_dup_line (self, command);
  GTask *task = g_task_new (self, NULL, callback, user_data);
  g_autoptr (GError) error = NULL;

  if (atlas_lab_command_check (command, &error))
    atlas_lab_enqueue (self, task, line, NULL);
  else
    {
      g_task_return_error (task, g_steal_pointer (&error));
      g_object_unref (task);
    }
  atlas_lab_pump (self);
}

AtlasLabEvent *
atlas_lab_run_finish (AtlasLab *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (ATLAS_IS_LAB (self) && g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Tells the event that was made. */
static void
tell_event (AtlasLab *self)
{
  g_autoptr (AtlasLabEvent) event = g_steal_pointer (&self->event);
  AtlasLabRequest *request = g_steal_pointer (&self->current);

  g_clear_handle_id (&self->round.deadline, g_source_remove);
  g_list_store_append (self->events, event);
  g_signal_emit (self, signals[SIGNAL_DONE], 0, event);
  g_task_return_pointer (request->task, g_object_ref (event), g_object_unref);
  atlas_lab_request_free (request);
}

/* Whether the event may be told: all is found out, or somebody waits. */
static gboolean
is_time_to_tell (AtlasLab *self)
{
  return self->event != NULL
         && (!g_queue_is_empty (&self->requests) || !atlas_lab_round_is_open (self)
             || self->round.deadline == 0 || !atlas_lab_is_running (self));
}

static void
begin_request (AtlasLab *self)
{
  atlas_lab_work_begin (self, g_queue_pop_head (&self->requests));
  set_state (self, ATLAS_LAB_BUSY);
  set_busy_since (self, g_get_monotonic_time ());
}

/* One thing that can be done now; FALSE when there is none. Whoever is told of it may do anything,
 * this included. */
static gboolean
do_next (AtlasLab *self)
{
  if (is_time_to_tell (self))
    {
      tell_event (self);
      return TRUE;
    }
  if (self->waiting || !atlas_lab_is_running (self) || self->state == ATLAS_LAB_STARTING)
    return FALSE;
  if (self->event == NULL && !g_queue_is_empty (&self->requests))
    {
      begin_request (self);
      return TRUE;
    }
  return atlas_lab_round_ask (self);
}

void
atlas_lab_pump (AtlasLab *self)
{
  g_object_ref (self);
  while (do_next (self))
    ;
  if (atlas_lab_is_running (self) && self->state != ATLAS_LAB_STARTING)
    {
      gboolean busy = self->current != NULL || !g_queue_is_empty (&self->requests);

      set_state (self, busy ? ATLAS_LAB_BUSY : ATLAS_LAB_READY);
    }
  g_object_unref (self);
}

/* --- beginning and end --- */

static void ended_cb (const AtlasLabRunnerEnd *end, gpointer user_data);

static char *
dup_address_space (AtlasLab *self)
{
  if (self->address_space == G_MAXUINT64)
    return g_strdup ("unlimited");
  return g_strdup_printf ("%" G_GUINT64_FORMAT, self->address_space);
}

/* Starts @subject, under @tracer unless that is NULL. */
static AtlasLabRunner *
spawn (AtlasLab *self, const char *subject, const char *tracer, GError **error)
{
  static const AtlasLabRunnerFuncs functions = { answer_cb, trace_cb, ended_cb };
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  g_autofree char *parent = g_strdup_printf ("--die-with-parent=%d", (int) getpid ());
  g_autofree char *address_space = dup_address_space (self);

  if (tracer != NULL)
    {
      g_ptr_array_add (words, (gpointer) tracer);
      g_ptr_array_add (words, parent);
      g_ptr_array_add (words, (gpointer) "--output=3");
      g_ptr_array_add (words, (gpointer) "--");
    }
  g_ptr_array_add (words, (gpointer) subject);
  if (self->address_space != 0)
    {
      g_ptr_array_add (words, (gpointer) "--address-space");
      g_ptr_array_add (words, address_space);
    }
  g_ptr_array_add (words, NULL);
  return atlas_lab_runner_start ((const char *const *) words->pdata, tracer != NULL, &functions,
                                 self, error);
}

/* @given: (nullable): a path to use rather than to look for one. */
static char *
find_program (const char *given, const char *name, GError **error)
{
  return given != NULL ? g_strdup (given) : atlas_lab_program_find (name, error);
}

static void
set_ended (AtlasLab *self, const char *ending)
{
  g_clear_pointer (&self->runner, atlas_lab_runner_stop);
  self->waiting = FALSE;
  atlas_lab_round_drop (self);
  set_text (self, &self->ending, ending, PROP_ENDING);
  set_state (self, ATLAS_LAB_ENDED);
}

static void
launch (AtlasLab *self, const char *tracer)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *subject = find_program (self->subject_program, SUBJECT, &error);
  g_autofree char *ending = NULL;

  self->traced = tracer != NULL;
  self->end_status = -1;
  self->hopeless = FALSE;
  self->waiting = TRUE;
  forget_answer (self);
  if (subject != NULL)
    self->runner = spawn (self, subject, tracer, &error);
  if (self->runner != NULL)
    return;
  ending = g_strdup_printf (_ ("could not be started: %s"), error->message);
  set_ended (self, ending);
  refuse_requests (self, G_IO_ERROR_CLOSED, ending);
}

/* The same without the tracer, and why. */
static void
launch_untraced (AtlasLab *self, const char *problem)
{
  set_text (self, &self->trace_problem, problem, PROP_TRACE_PROBLEM);
  launch (self, NULL);
}

static void
launch_traced (AtlasLab *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *tracer = NULL;

  if (self->tracer_program != NULL && *self->tracer_program == '\0')
    {
      launch_untraced (self, _ ("there is no tracer"));
      return;
    }
  tracer = find_program (self->tracer_program, TRACER, &error);
  if (tracer != NULL && g_file_test (tracer, G_FILE_TEST_IS_EXECUTABLE))
    {
      set_text (self, &self->trace_problem, NULL, PROP_TRACE_PROBLEM);
      launch (self, tracer);
    }
  else
    launch_untraced (self, error != NULL ? error->message : _ ("the tracer is not installed"));
}

/* What the tracer said before it gave up. */
static char *
describe_trace_problem (AtlasLab *self, const AtlasLabRunnerEnd *end)
{
  const char *text = end->errors;

  if (g_str_has_prefix (text, TRACER ": "))
    text += strlen (TRACER ": ");
  if (*text != '\0')
    return g_strdup (text);
  return atlas_lab_describe_runner_end (self, end);
}

/* Before it was ready. With a tracer, that is to blame until it is seen that it is not. */
static void
end_starting (AtlasLab *self, const AtlasLabRunnerEnd *end)
{
  g_autofree char *text = NULL;

  if (self->traced && !self->hopeless)
    {
      text = describe_trace_problem (self, end);
      g_clear_pointer (&self->runner, atlas_lab_runner_stop);
      launch_untraced (self, text);
      return;
    }
  text = self->hopeless ? g_strdup (self->ending) : atlas_lab_describe_runner_end (self, end);
  set_ended (self, text);
  refuse_requests (self, G_IO_ERROR_CLOSED, text);
}

static void
end_running (AtlasLab *self, const AtlasLabRunnerEnd *end)
{
  g_autofree char *text =
      self->hopeless ? g_strdup (self->ending) : atlas_lab_describe_runner_end (self, end);
  g_autofree char *signal = atlas_lab_dup_end_signal (self, end);
  AtlasLabAnswer *answer = g_steal_pointer (&self->parts.answer);

  set_ended (self, text);
  if (self->current != NULL && self->event == NULL)
    atlas_lab_work_end (self, answer, signal, text);
  else
    g_clear_pointer (&answer, atlas_lab_answer_free);
  atlas_lab_pump (self);
  if (self->state == ATLAS_LAB_ENDED)
    refuse_requests (self, G_IO_ERROR_CLOSED, text);
}

static void
ended_cb (const AtlasLabRunnerEnd *end, gpointer user_data)
{
  g_autoptr (AtlasLab) self = g_object_ref (user_data);

  if (self->state == ATLAS_LAB_STARTING)
    end_starting (self, end);
  else
    end_running (self, end);
}

/* Ends what there is; the state is STOPPED. What was done is kept. Those who wait are told last:
 * they may start it anew. */
static void
end_process (AtlasLab *self)
{
  GQueue requests = self->requests;
  AtlasLabRequest *current = g_steal_pointer (&self->current);
  AtlasLabRequest *request;

  g_queue_init (&self->requests);
  if (current != NULL)
    g_queue_push_head (&requests, current);
  g_clear_pointer (&self->runner, atlas_lab_runner_stop);
  self->waiting = FALSE;
  atlas_lab_work_drop (self);
  atlas_lab_round_drop (self);
  g_clear_pointer (&self->end_signal, g_free);
  g_clear_pointer (&self->sent_signal, g_free);
  atlas_lab_clear_processes (self);
  set_text (self, &self->ending, NULL, PROP_ENDING);
  set_state (self, ATLAS_LAB_STOPPED);
  while ((request = g_queue_pop_head (&requests)) != NULL)
    refuse_request (request, G_IO_ERROR_CANCELLED, _ ("The lab was stopped"));
}

void
atlas_lab_stop (AtlasLab *self)
{
  g_return_if_fail (ATLAS_IS_LAB (self));

  g_object_ref (self);
  end_process (self);
  g_object_unref (self);
}

static void
begin_process (AtlasLab *self)
{
  self->state = ATLAS_LAB_STARTING;
  atlas_lab_code_free (self->code);
  self->code = atlas_lab_code_new ();
  g_list_store_remove_all (self->events);
  launch_traced (self);
  if (self->state == ATLAS_LAB_STARTING)
    {
      set_busy_since (self, g_get_monotonic_time ());
      notify (self, PROP_STATE);
    }
}

void
atlas_lab_start (AtlasLab *self)
{
  g_return_if_fail (ATLAS_IS_LAB (self));

  g_object_ref (self);
  end_process (self);
  /* unless somebody who was told of the end did so already */
  if (self->state == ATLAS_LAB_STOPPED)
    begin_process (self);
  g_object_unref (self);
}

/* --- what was done --- */

char *
atlas_lab_dup_script (AtlasLab *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB (self), NULL);

  GListModel *events = G_LIST_MODEL (self->events);
  GString *script = g_string_new ("# Commands of the lab of Memory Atlas.\n");

  for (guint i = 0; i < g_list_model_get_n_items (events); i++)
    {
      g_autoptr (AtlasLabEvent) event = g_list_model_get_item (events, i);

      g_string_append_printf (script, "%s%s\n",
                              atlas_lab_event_is_refused (event) ? "# refused: " : "",
                              atlas_lab_event_get_command (event));
    }
  return g_string_free (script, FALSE);
}

char *
atlas_lab_dup_program (AtlasLab *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB (self), NULL);

  return atlas_lab_code_dup_program (self->code);
}

/* --- the object --- */

static void
atlas_lab_dispose (GObject *object)
{
  AtlasLab *self = ATLAS_LAB (object);

  end_process (self);

  G_OBJECT_CLASS (atlas_lab_parent_class)->dispose (object);
}

static void
atlas_lab_finalize (GObject *object)
{
  AtlasLab *self = ATLAS_LAB (object);

  g_clear_pointer (&self->procfs, atlas_procfs_unref);
  g_free (self->subject_program);
  g_free (self->tracer_program);
  g_free (self->trace_problem);
  g_free (self->ending);
  g_object_unref (self->processes);
  g_object_unref (self->events);
  g_object_unref (self->allocations);
  g_object_unref (self->threads);
  atlas_lab_code_free (self->code);
  g_clear_pointer (&self->oom, atlas_lab_oom_free);
  g_ptr_array_unref (self->comments);
  g_clear_pointer (&self->calls, g_ptr_array_unref);
  g_hash_table_unref (self->newborn);
  g_hash_table_unref (self->round.listed);

  G_OBJECT_CLASS (atlas_lab_parent_class)->finalize (object);
}

static void
atlas_lab_constructed (GObject *object)
{
  AtlasLab *self = ATLAS_LAB (object);

  G_OBJECT_CLASS (atlas_lab_parent_class)->constructed (object);

  self->oom = atlas_lab_oom_new (self->procfs);
}

static GListModel *
get_model (AtlasLab *self, guint property)
{
  switch (property)
    {
    case PROP_PROCESSES:
      return G_LIST_MODEL (self->processes);
    case PROP_ALLOCATIONS:
      return G_LIST_MODEL (self->allocations);
    case PROP_THREADS:
      return G_LIST_MODEL (self->threads);
    default:
      return G_LIST_MODEL (self->events);
    }
}

static gboolean
get_plain_property (AtlasLab *self, guint property, GValue *value)
{
  switch (property)
    {
    case PROP_STATE:
      g_value_set_enum (value, (gint) self->state);
      return TRUE;
    case PROP_PID:
      g_value_set_int (value, atlas_lab_get_pid (self));
      return TRUE;
    case PROP_SELECTED_PID:
      g_value_set_int (value, atlas_lab_get_selected_pid (self));
      return TRUE;
    case PROP_MMAP_THRESHOLD:
      g_value_set_uint64 (value, self->mmap_threshold);
      return TRUE;
    case PROP_TRIM_THRESHOLD:
      g_value_set_uint64 (value, self->trim_threshold);
      return TRUE;
    case PROP_THRESHOLD_DYNAMIC:
      g_value_set_boolean (value, self->threshold_dynamic);
      return TRUE;
    case PROP_BUSY_SINCE:
      g_value_set_int64 (value, self->busy_since);
      return TRUE;
    case PROP_SLOW:
      g_value_set_boolean (value, self->slow);
      return TRUE;
    case PROP_ADDRESS_SPACE:
      g_value_set_uint64 (value, self->address_space);
      return TRUE;
    default:
      return FALSE;
    }
}

static void
atlas_lab_get_property (GObject *object, guint property, GValue *value, GParamSpec *pspec)
{
  AtlasLab *self = ATLAS_LAB (object);

  switch (property)
    {
    case PROP_PROCESSES:
    case PROP_ALLOCATIONS:
    case PROP_THREADS:
    case PROP_EVENTS:
      g_value_set_object (value, get_model (self, property));
      break;
    case PROP_PROCESS:
      g_value_set_string (value, atlas_lab_get_process (self));
      break;
    case PROP_ENDING:
      g_value_set_string (value, self->ending);
      break;
    case PROP_TRACE_PROBLEM:
      g_value_set_string (value, self->trace_problem);
      break;
    default:
      if (!get_plain_property (self, property, value))
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
    }
}

static void
atlas_lab_set_property (GObject *object, guint property, const GValue *value, GParamSpec *pspec)
{
  AtlasLab *self = ATLAS_LAB (object);

  switch (property)
    {
    case PROP_PROCESS:
      atlas_lab_set_process (self, g_value_get_string (value));
      break;
    case PROP_ADDRESS_SPACE:
      atlas_lab_set_address_space (self, g_value_get_uint64 (value));
      break;
    case PROP_PROCFS:
      self->procfs = g_value_dup_boxed (value);
      break;
    case PROP_SUBJECT_PROGRAM:
      self->subject_program = g_value_dup_string (value);
      break;
    case PROP_TRACER_PROGRAM:
      self->tracer_program = g_value_dup_string (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
    }
}

static void
make_properties (void)
{
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  const GParamFlags writable = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  const GParamFlags given = G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  properties[PROP_STATE] =
      g_param_spec_enum ("state", NULL, NULL, ATLAS_TYPE_LAB_STATE, ATLAS_LAB_STOPPED, readable);
  properties[PROP_PID] = g_param_spec_int ("pid", NULL, NULL, 0, G_MAXINT, 0, readable);
  properties[PROP_SELECTED_PID] =
      g_param_spec_int ("selected-pid", NULL, NULL, 0, G_MAXINT, 0, readable);
  properties[PROP_PROCESSES] =
      g_param_spec_object ("processes", NULL, NULL, G_TYPE_LIST_MODEL, readable);
  properties[PROP_PROCESS] = g_param_spec_string ("process", NULL, NULL, "", writable);
  properties[PROP_ALLOCATIONS] =
      g_param_spec_object ("allocations", NULL, NULL, G_TYPE_LIST_MODEL, readable);
  properties[PROP_THREADS] =
      g_param_spec_object ("threads", NULL, NULL, G_TYPE_LIST_MODEL, readable);
  properties[PROP_EVENTS] = g_param_spec_object ("events", NULL, NULL, G_TYPE_LIST_MODEL, readable);
  properties[PROP_MMAP_THRESHOLD] =
      g_param_spec_uint64 ("mmap-threshold", NULL, NULL, 0, G_MAXUINT64, 0, readable);
  properties[PROP_TRIM_THRESHOLD] =
      g_param_spec_uint64 ("trim-threshold", NULL, NULL, 0, G_MAXUINT64, 0, readable);
  properties[PROP_THRESHOLD_DYNAMIC] =
      g_param_spec_boolean ("threshold-dynamic", NULL, NULL, FALSE, readable);
  properties[PROP_ENDING] = g_param_spec_string ("ending", NULL, NULL, NULL, readable);
  properties[PROP_TRACE_PROBLEM] =
      g_param_spec_string ("trace-problem", NULL, NULL, NULL, readable);
  properties[PROP_BUSY_SINCE] =
      g_param_spec_int64 ("busy-since", NULL, NULL, 0, G_MAXINT64, 0, readable);
  properties[PROP_SLOW] = g_param_spec_boolean ("slow", NULL, NULL, FALSE, readable);
  properties[PROP_ADDRESS_SPACE] =
      g_param_spec_uint64 ("address-space", NULL, NULL, 0, G_MAXUINT64, 0, writable);
  properties[PROP_PROCFS] = g_param_spec_boxed ("procfs", NULL, NULL, ATLAS_TYPE_PROCFS, given);
  properties[PROP_SUBJECT_PROGRAM] =
      g_param_spec_string ("subject-program", NULL, NULL, NULL, given);
  properties[PROP_TRACER_PROGRAM] = g_param_spec_string ("tracer-program", NULL, NULL, NULL, given);
}

static void
atlas_lab_class_init (AtlasLabClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = atlas_lab_constructed;
  object_class->dispose = atlas_lab_dispose;
  object_class->finalize = atlas_lab_finalize;
  object_class->get_property = atlas_lab_get_property;
  object_class->set_property = atlas_lab_set_property;
  make_properties ();
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
  signals[SIGNAL_DONE] = g_signal_new ("done", ATLAS_TYPE_LAB, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                       NULL, G_TYPE_NONE, 1, ATLAS_TYPE_LAB_EVENT);
}

static void
atlas_lab_init (AtlasLab *self)
{
  self->processes = g_list_store_new (ATLAS_TYPE_LAB_PROCESS);
  self->events = g_list_store_new (ATLAS_TYPE_LAB_EVENT);
  self->allocations = atlas_lab_mirror_new (ATLAS_TYPE_LAB_ALLOCATION);
  self->threads = atlas_lab_mirror_new (ATLAS_TYPE_LAB_THREAD);
  self->code = atlas_lab_code_new ();
  self->comments = g_ptr_array_new_with_free_func (g_free);
  self->newborn = g_hash_table_new (NULL, NULL);
  self->round.listed = g_hash_table_new (NULL, NULL);
  g_queue_init (&self->requests);
}

AtlasLab *
atlas_lab_new_with_programs (AtlasProcfs *procfs, const char *subject, const char *tracer)
{
  g_return_val_if_fail (procfs != NULL, NULL);

  return g_object_new (ATLAS_TYPE_LAB, "procfs", procfs, "subject-program", subject,
                       "tracer-program", tracer, NULL);
}

AtlasLab *
atlas_lab_new (AtlasProcfs *procfs)
{
  return atlas_lab_new_with_programs (procfs, NULL, NULL);
}

/* --- properties --- */

AtlasProcfs *
atlas_lab_get_procfs (AtlasLab *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB (self), NULL);

  return self->procfs;
}

AtlasLabState
atlas_lab_get_state (AtlasLab *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB (self), ATLAS_LAB_STOPPED);

  return self->state;
}

gint
atlas_lab_get_pid (AtlasLab *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB (self), 0);

  return self->first != NULL ? atlas_lab_process_get_pid (self->first) : 0;
}

gint
atlas_lab_get_selected_pid (AtlasLab *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB (self), 0);

  return self->chosen != NULL ? atlas_lab_process_get_pid (self->chosen) : 0;
}

GListModel *
atlas_lab_get_processes (AtlasLab *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB (self), NULL);

  return G_LIST_MODEL (self->processes);
}

GListModel *
atlas_lab_get_allocations (AtlasLab *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB (self), NULL);

  return G_LIST_MODEL (self->allocations);
}

GListModel *
atlas_lab_get_threads (AtlasLab *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB (self), NULL);

  return G_LIST_MODEL (self->threads);
}

GListModel *
atlas_lab_get_events (AtlasLab *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB (self), NULL);

  return G_LIST_MODEL (self->events);
}

const char *
atlas_lab_get_process (AtlasLab *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB (self), NULL);

  return self->chosen != NULL ? atlas_lab_process_get_name (self->chosen) : "";
}

/* Also tells that the one chosen is another one, or none. */
void
atlas_lab_choose (AtlasLab *self, AtlasLabProcess *process)
{
  if (process == self->chosen)
    return;
  g_set_object (&self->chosen, process);
  atlas_lab_mirror_set_source (
      self->allocations, process != NULL ? atlas_lab_process_get_allocations (process) : NULL);
  atlas_lab_mirror_set_source (self->threads,
                               process != NULL ? atlas_lab_process_get_threads (process) : NULL);
  notify (self, PROP_PROCESS);
  notify (self, PROP_SELECTED_PID);
}

gboolean
atlas_lab_set_process (AtlasLab *self, const char *name)
{
  g_return_val_if_fail (ATLAS_IS_LAB (self), FALSE);

  AtlasLabProcess *process = atlas_lab_find_process (self, name != NULL ? name : "");

  if (process == NULL)
    return FALSE;
  if (process == self->chosen)
    return TRUE;
  atlas_lab_choose (self, process);
  if (atlas_lab_is_running (self))
    {
      atlas_lab_round_begin (self);
      atlas_lab_pump (self);
    }
  return TRUE;
}

AtlasLabAllocation *
atlas_lab_find_allocation (AtlasLab *self, const char *id)
{
  g_return_val_if_fail (ATLAS_IS_LAB (self) && id != NULL, NULL);

  GListModel *model = G_LIST_MODEL (self->allocations);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (AtlasLabAllocation) allocation = g_list_model_get_item (model, i);

      /* the model holds it */
      if (strcmp (atlas_lab_allocation_get_id (allocation), id) == 0)
        return allocation;
    }
  return NULL;
}

static void
set_number (AtlasLab *self, guint64 *number, guint64 value, guint property)
{
  if (*number == value)
    return;
  *number = value;
  notify (self, property);
}

void
atlas_lab_set_thresholds (AtlasLab *self, const AtlasLabAnswer *answer)
{
  const char *dynamic = atlas_lab_answer_get (answer, "dynamic");
  gboolean moves = dynamic != NULL && strcmp (dynamic, "yes") == 0;
  guint64 mmap_threshold = 0;
  guint64 trim_threshold = 0;

  atlas_lab_answer_get_number (answer, "mmap_threshold", &mmap_threshold);
  atlas_lab_answer_get_number (answer, "trim_threshold", &trim_threshold);
  set_number (self, &self->mmap_threshold, mmap_threshold, PROP_MMAP_THRESHOLD);
  set_number (self, &self->trim_threshold, trim_threshold, PROP_TRIM_THRESHOLD);
  if (self->threshold_dynamic == moves)
    return;
  self->threshold_dynamic = moves;
  notify (self, PROP_THRESHOLD_DYNAMIC);
}

guint64
atlas_lab_get_mmap_threshold (AtlasLab *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB (self), 0);

  return self->mmap_threshold;
}

guint64
atlas_lab_get_trim_threshold (AtlasLab *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB (self), 0);

  return self->trim_threshold;
}

gboolean
atlas_lab_get_threshold_dynamic (AtlasLab *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB (self), FALSE);

  return self->threshold_dynamic;
}

const char *
atlas_lab_get_ending (AtlasLab *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB (self), NULL);

  return self->ending;
}

const char *
atlas_lab_get_trace_problem (AtlasLab *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB (self), NULL);

  return self->trace_problem;
}

gint64
atlas_lab_get_busy_since (AtlasLab *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB (self), 0);

  return self->busy_since;
}

gboolean
atlas_lab_get_slow (AtlasLab *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB (self), FALSE);

  return self->slow;
}

guint64
atlas_lab_get_address_space (AtlasLab *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB (self), 0);

  return self->address_space;
}

void
atlas_lab_set_address_space (AtlasLab *self, guint64 bytes)
{
  g_return_if_fail (ATLAS_IS_LAB (self));

  set_number (self, &self->address_space, bytes, PROP_ADDRESS_SPACE);
}
