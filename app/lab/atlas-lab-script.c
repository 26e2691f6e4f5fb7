/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Scripts: all their lines wait in the queue at once, so that nothing is asked between them; a
 * wrong one takes those behind it out again. */

#include "atlas-config.h"

#include "atlas-lab-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "atlas-text.h"

#define MOST_SCRIPT_BYTES (1024 * 1024)
/* Of a word that is repeated in a sentence, characters. */
#define LONGEST_WORD 40
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

typedef struct
{
  gint ref_count;
  AtlasLab *lab;
  GTask *task;     /* NULL once it is told how it went */
  guint n_waiting; /* lines */
  guint wrong;     /* line, or 0 */
} Script;

typedef struct
{
  Script *script;
  guint number; /* from 1 */
} Line;

static void
script_unref (Script *script)
{
  if (--script->ref_count > 0)
    return;
  g_object_unref (script->lab);
  g_clear_object (&script->task);
  g_free (script);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Script, script_unref)

/* --- checking --- */

static gboolean
refuse_line (guint number, const char *why, GError **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _ ("Line %u: %s"), number, why);
  return FALSE;
}

/* In quotes it can hold any byte. */
static char *
describe_unknown (const char *word)
{
  g_autofree char *shown = atlas_text_clean_short (word, -1, LONGEST_WORD);

  return g_strdup_printf (_ ("no command is called “%s”"), shown);
}

static gboolean
check_words (const AtlasLabCommand *command, guint number, GError **error)
{
  guint n_words = g_strv_length (command->words);
  const AtlasLabVerb *verb = n_words > 0 ? atlas_lab_verb_find (command->words[0]) : NULL;
  g_autofree char *why = NULL;

  if (command->wrong != NULL)
    return refuse_line (number, command->wrong, error);
  if (verb == NULL)
    why = describe_unknown (command->words[0]);
  else if (n_words < verb->least_words)
    why = g_strdup_printf (_ ("there is something missing behind “%s”"), verb->name);
  else if (n_words > verb->most_words)
    why = g_strdup_printf (_ ("there is too much behind “%s”"), verb->name);
  return why == NULL || refuse_line (number, why, error);
}

/* What no lab would take. */
static gboolean
check_line (const char *line, guint number, GError **error)
{
  g_autoptr (AtlasLabCommand) command = NULL;
  g_autoptr (GError) problem = NULL;

  if (atlas_lab_command_is_blank (line))
    return TRUE;
  if (!atlas_lab_command_check (line, &problem))
    return refuse_line (number, problem->message, error);
  command = atlas_lab_command_parse (line);
  return check_words (command, number, error);
}

static gboolean
check_lines (char **lines, guint *wrong, GError **error)
{
  for (guint i = 0; lines[i] != NULL; i++)
    if (!check_line (lines[i], i + 1, error))
      {
        *wrong = i + 1;
        return FALSE;
      }
  return TRUE;
}

/* --- running --- */

/* The line that was wrong goes with the task. */
static void
fail (Script *script, guint wrong, GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&script->task);

  g_task_set_task_data (task, GUINT_TO_POINTER (wrong), NULL);
  g_task_return_error (task, error);
}

/* Takes what is left of it out of the queue. */
static void
forget_rest (Script *script)
{
  AtlasLab *self = script->lab;
  GQueue kept = G_QUEUE_INIT;
  GQueue dropped = G_QUEUE_INIT;
  AtlasLabRequest *request;

  while ((request = g_queue_pop_head (&self->requests)) != NULL)
    g_queue_push_tail (request->script == script ? &dropped : &kept, request);
  self->requests = kept;
  while ((request = g_queue_pop_head (&dropped)) != NULL)
    {
      g_task_return_new_error (request->task, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                               "a line before it was wrong");
      atlas_lab_request_free (request);
    }
}

static void
take_refusal (Script *script, const Line *line, AtlasLabEvent *event)
{
  GError *error = NULL;

  refuse_line (line->number, atlas_lab_event_get_error_text (event), &error);
  fail (script, line->number, error);
  forget_rest (script);
}

static void
line_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Line *line = user_data;
  g_autoptr (Script) script = line->script;
  g_autoptr (GError) error = NULL;
  g_autoptr (AtlasLabEvent) event = atlas_lab_run_finish (ATLAS_LAB (source), result, &error);

  script->n_waiting--;
  if (script->task == NULL)
    return;
  if (event == NULL)
    {
      g_prefix_error (&error, _ ("Line %u: "), line->number);
      fail (script, 0, g_steal_pointer (&error));
    }
  else if (atlas_lab_event_is_refused (event))
    take_refusal (script, line, event);
  else if (script->n_waiting == 0)
    {
      g_autoptr (GTask) task = g_steal_pointer (&script->task);

      g_task_return_boolean (task, TRUE);
    }
}

static void
enqueue_line (Script *script, const char *text, guint number)
{
  Line *line = g_new (Line, 1);

  *line = (Line){ script, number };
  script->ref_count++;
  script->n_waiting++;
  atlas_lab_enqueue (script->lab, g_task_new (script->lab, NULL, line_cb, line), text, script);
}

static void
run_lines (Script *script, char **lines)
{
  for (guint i = 0; lines[i] != NULL; i++)
    if (!atlas_lab_command_is_blank (lines[i]))
      enqueue_line (script, lines[i], i + 1);
  if (script->n_waiting == 0 && script->task != NULL)
    {
      g_autoptr (GTask) task = g_steal_pointer (&script->task);

      g_task_return_boolean (task, TRUE);
    }
  atlas_lab_pump (script->lab);
}

/* As other systems write text, with a byte order mark and carriage returns, which would be shown as
 * a part of the command. */
static char **
split_lines (const char *text)
{
  char **lines = g_strsplit (
      g_str_has_prefix (text, BYTE_ORDER_MARK) ? text + strlen (BYTE_ORDER_MARK) : text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    if (g_str_has_suffix (lines[i], "\r"))
      lines[i][strlen (lines[i]) - 1] = '\0';
  return lines;
}

/* @task: (transfer full) */
static void
run_text (AtlasLab *self, const char *text, GTask *task)
{
  g_auto (GStrv) lines = split_lines (text);
  g_autoptr (Script) script = g_new (Script, 1);
  GError *error = NULL;
  guint wrong = 0;

  *script = (Script){ .ref_count = 1, .lab = g_object_ref (self), .task = task };
  if (!check_lines (lines, &wrong, &error))
    fail (script, wrong, error);
  else
    run_lines (script, lines);
}

void
atlas_lab_run_script (AtlasLab *self,
                      const char *text,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_return_if_fail (ATLAS_IS_LAB (self) && text != NULL);

  run_text (self, text, g_task_new (self, NULL, callback, user_data));
}

/* --- files --- */

static void
take_contents (GTask *task, const char *contents, gsize length)
{
  g_autofree char *text = g_strndup (contents, length);

  if (length > MOST_SCRIPT_BYTES)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s",
                             _ ("The file is too long for a script"));
  else if (memchr (contents, '\0', length) != NULL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s",
                             _ ("The file is no text"));
  else
    run_text (g_task_get_source_object (task), text, g_object_ref (task));
}

/* Stops where it is clear that it is too long. */
static gboolean
more_cb (const char *contents, goffset size, gpointer user_data)
{
  return size <= MOST_SCRIPT_BYTES;
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autofree char *contents = NULL;
  gsize length;
  GError *error = NULL;

  if (g_file_load_partial_contents_finish (G_FILE (source), result, &contents, &length, NULL,
                                           &error))
    take_contents (task, contents, length);
  else
    g_task_return_error (task, error);
}

void
atlas_lab_run_script_file (AtlasLab *self,
                           GFile *file,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_return_if_fail (ATLAS_IS_LAB (self) && G_IS_FILE (file));

  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_file_load_partial_contents_async (file, NULL, more_cb, loaded_cb, task);
}

gboolean
atlas_lab_run_script_finish (AtlasLab *self, GAsyncResult *result, guint *line, GError **error)
{
  g_return_val_if_fail (ATLAS_IS_LAB (self) && g_task_is_valid (result, self), FALSE);

  if (line != NULL)
    *line = GPOINTER_TO_UINT (g_task_get_task_data (G_TASK (result)));
  return g_task_propagate_boolean (G_TASK (result), error);
}
