/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A command under way: what is read before and after it, what is traced meanwhile, and the event
 * that comes of it. */

#include "atlas-config.h"

#include "atlas-lab-private.h"

#include <string.h>

#define MOST_STATUS_BYTES (64 * 1024)
/* Kept of one command; a person does not read more. */
#define MOST_CALLS 4096

static const AtlasLabVerb *
find_verb (const AtlasLabCommand *command)
{
  return command->words[0] != NULL ? atlas_lab_verb_find (command->words[0]) : NULL;
}

static gboolean
has_flag (const AtlasLabCommand *command, AtlasLabVerbFlags flag)
{
  const AtlasLabVerb *verb = find_verb (command);

  return verb != NULL && (verb->flags & flag) != 0;
}

/* --- reading --- */

static gboolean
read_status (AtlasLab *self, AtlasStatus *status)
{
  AtlasTarget *target = atlas_lab_process_get_target (self->doer);
  g_autoptr (GString) text = g_string_new (NULL);

  return target != NULL && atlas_target_read (target, "status", MOST_STATUS_BYTES, text, NULL)
         && atlas_status_parse (text->str, text->len, status, NULL);
}

static gboolean
read_limits (AtlasLab *self, AtlasLimits *limits)
{
  AtlasTarget *target = atlas_lab_process_get_target (self->doer);
  g_autoptr (GString) text = g_string_new (NULL);

  return target != NULL && atlas_target_read (target, "limits", MOST_STATUS_BYTES, text, NULL)
         && atlas_limits_parse (text->str, text->len, limits, NULL);
}

/* --- the beginning --- */

/* The process that does it; one that is not there has its command refused by the first. */
static AtlasLabProcess *
find_doer (AtlasLab *self, const AtlasLabCommand *command)
{
  g_autofree char *name = atlas_lab_command_dup_process (command);
  AtlasLabProcess *process = atlas_lab_find_process (self, name);

  return process != NULL ? process : self->first;
}

static void
read_before (AtlasLab *self, const AtlasLabCommand *command)
{
  AtlasLabEventParts *parts = &self->parts;
  AtlasTarget *target = atlas_lab_process_get_target (self->doer);

  if (target != NULL)
    atlas_lab_oom_look (self->oom, target);
  if (has_flag (command, ATLAS_LAB_VERB_LIMITS))
    parts->has_limits_before = read_limits (self, &parts->limits_before);
  parts->has_before = read_status (self, &parts->before);
}

void
atlas_lab_work_begin (AtlasLab *self, AtlasLabRequest *request)
{
  AtlasLabEventParts *parts = &self->parts;

  self->current = request;
  g_set_object (&self->doer, find_doer (self, request->command));
  self->calls = g_ptr_array_new_with_free_func ((GDestroyNotify) atlas_lab_call_free);
  self->n_dropped_calls = 0;
  g_hash_table_remove_all (self->newborn);
  *parts = (AtlasLabEventParts){
    .command = g_strdup (request->command->line),
    .process = g_strdup (atlas_lab_process_get_name (self->doer)),
    .thread = g_strdup (request->command->thread),
    .pid = atlas_lab_process_get_pid (self->doer),
  };
  read_before (self, request->command);
  parts->started = g_get_monotonic_time ();
  self->collecting = TRUE;
  atlas_lab_ask (self, request->command->line);
}

/* --- what is traced --- */

/* Another process than the one at work that is on its way to its first command. */
static gboolean
is_noise (AtlasLab *self, const AtlasLabCall *call)
{
  return strcmp (call->name, "SIGCHLD") == 0
         || g_hash_table_contains (self->newborn, GINT_TO_POINTER (call->pid));
}

/* Whoever sends the first process a signal may end it, which is no work of its own. */
static void
note_sender (AtlasLab *self, const AtlasLabTrace *trace)
{
  if (self->first == NULL || trace->pid != atlas_lab_process_get_pid (self->first)
      || trace->sender == 0 || trace->sender == trace->pid)
    return;
  g_free (self->sent_signal);
  self->sent_signal = g_strdup (trace->signal);
  self->sender = trace->sender;
}

void
atlas_lab_work_take_call (AtlasLab *self, AtlasLabTrace *trace)
{
  const AtlasLabCall *call = trace->call;

  note_sender (self, trace);
  if (!self->collecting || is_noise (self, call))
    return;
  if (call->kind == ATLAS_LAB_CALL_FORK)
    g_hash_table_add (self->newborn, GINT_TO_POINTER (trace->child));
  if (self->calls->len < MOST_CALLS)
    g_ptr_array_add (self->calls, g_steal_pointer (&trace->call));
  else
    self->n_dropped_calls++;
}

static void
take_first_end (AtlasLab *self, const AtlasLabTrace *trace)
{
  g_free (self->end_signal);
  self->end_signal = g_strdup (trace->signal);
  self->end_status = trace->status;
}

/* Its parent knows more of it. */
static void
mark_parent (AtlasLab *self, AtlasLabProcess *process)
{
  g_autofree char *name = atlas_lab_process_dup_parent (process);
  AtlasLabProcess *parent = name != NULL ? atlas_lab_find_process (self, name) : NULL;

  if (parent != NULL)
    atlas_lab_process_set_dirty (parent, TRUE);
}

void
atlas_lab_work_take_end (AtlasLab *self, const AtlasLabTrace *trace)
{
  AtlasLabProcess *process = atlas_lab_find_pid (self, trace->pid);

  if (process == NULL)
    return;
  if (process == self->first)
    {
      take_first_end (self, trace);
      return;
    }
  if (self->collecting && process == self->doer && self->parts.ending == NULL)
    {
      self->parts.ending = atlas_lab_describe_end (self, trace->signal, trace->status, "");
      self->parts.signal = g_strdup (trace->signal);
    }
  mark_parent (self, process);
  atlas_lab_remove_process (self, process);
  if (self->current == NULL)
    {
      atlas_lab_round_begin (self);
      atlas_lab_pump (self);
    }
}

/* --- the end --- */

gboolean
atlas_lab_work_is_exit (AtlasLab *self, const AtlasLabAnswer *answer)
{
  const AtlasLabCommand *command = self->current->command;

  return answer->ok && command->thread == NULL && command->path[0] == NULL
         && g_strcmp0 (command->words[0], "exit") == 0;
}

/* What malloc gave, and how it came by it. */
static AtlasLabHow
conclude_how (AtlasLab *self, const AtlasLabCommand *command, const AtlasLabAnswer *answer)
{
  guint64 address = 0;
  guint64 usable = 1;
  AtlasLabHow how;

  if (answer == NULL || !answer->ok || !self->traced
      || !has_flag (command, ATLAS_LAB_VERB_ALLOCATES)
      || !atlas_lab_answer_get_number (answer, "address", &address))
    return ATLAS_LAB_HOW_UNKNOWN;
  atlas_lab_answer_get_number (answer, "usable", &usable);
  how = atlas_lab_how_conclude (self->calls, address, MAX (usable, 1));
  atlas_lab_process_note_how (self->doer, command->words[1], address, how);
  return how;
}

/* Whatever is not known for a fact to leave them as they are may change what there is. */
static void
mark_dirty (AtlasLab *self, const AtlasLabCommand *command, const AtlasLabAnswer *answer)
{
  if (answer != NULL && !answer->ok && strcmp (answer->error_call, "child") == 0)
    mark_parent (self, self->doer);
  if (command->words[0] == NULL
      || (find_verb (command) != NULL && !has_flag (command, ATLAS_LAB_VERB_CHANGES)))
    return;
  atlas_lab_process_set_dirty (self->doer, TRUE);
  if (g_strcmp0 (command->words[0], "exit") == 0)
    mark_parent (self, self->doer);
}

static char *
dup_text (AtlasLab *self)
{
  GString *text;

  if (self->comments->len == 0)
    return NULL;
  text = g_string_new (NULL);
  for (guint i = 0; i < self->comments->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "",
                            (const char *) g_ptr_array_index (self->comments, i));
  return g_string_free (text, FALSE);
}

/* The kernel says this for a limit too, but not for which. */
static gboolean
had_no_room (AtlasLab *self)
{
  for (guint i = 0; i < self->calls->len; i++)
    {
      const AtlasLabCall *call = g_ptr_array_index (self->calls, i);

      if (call->failed && g_strcmp0 (call->error, "ENOMEM") == 0)
        return TRUE;
    }
  return FALSE;
}

static void
read_after (AtlasLab *self)
{
  AtlasLabEventParts *parts = &self->parts;

  parts->monotonic = g_get_monotonic_time ();
  parts->has_after = read_status (self, &parts->after);
  if (parts->has_limits_before || had_no_room (self))
    parts->has_limits_after = read_limits (self, &parts->limits_after);
}

void
atlas_lab_work_end (AtlasLab *self, AtlasLabAnswer *answer, const char *signal, const char *ending)
{
  const AtlasLabCommand *command = self->current->command;
  AtlasLabEventParts *parts = &self->parts;

  read_after (self);
  self->collecting = FALSE;
  if (parts->ending == NULL)
    parts->ending = g_strdup (ending);
  if (parts->signal == NULL)
    parts->signal = g_strdup (signal);
  parts->text = dup_text (self);
  parts->how = conclude_how (self, command, answer);
  parts->code = atlas_lab_code_add (self->code, command, answer, parts->ending);
  parts->calls = g_steal_pointer (&self->calls);
  parts->n_dropped_calls = self->n_dropped_calls;
  mark_dirty (self, command, answer);
  parts->answer = answer;
  self->event = atlas_lab_event_new (parts);
  if (atlas_lab_is_running (self))
    atlas_lab_round_begin (self);
}

void
atlas_lab_work_drop (AtlasLab *self)
{
  AtlasLabEventParts *parts = &self->parts;

  self->collecting = FALSE;
  g_clear_object (&self->event);
  g_clear_object (&self->doer);
  g_clear_pointer (&self->calls, g_ptr_array_unref);
  if (parts->command != NULL)
    g_object_unref (atlas_lab_event_new (parts));
}
