/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From a command to its C lines. What another process or thread does is written into the function
 * of that one, and handed on to it where it came in the order of things. */

#include "atlas-config.h"

#include "atlas-lab-code-table.h"

#include <string.h>
#include <unistd.h>

#define CHANGES ATLAS_LAB_VERB_CHANGES
#define ALLOCATES (ATLAS_LAB_VERB_CHANGES | ATLAS_LAB_VERB_ALLOCATES)
#define LIMITS ATLAS_LAB_VERB_LIMITS
#define ASKS ATLAS_LAB_VERB_ASKS
#define ANY G_MAXUINT

const AtlasCodeRow atlas_code_rows[] = {
  { { "malloc", 3, 3, ALLOCATES }, atlas_code_malloc },
  { { "calloc", 3, 4, ALLOCATES }, atlas_code_calloc },
  { { "realloc", 3, 3, ALLOCATES }, atlas_code_realloc },
  { { "aligned_alloc", 4, 4, ALLOCATES }, atlas_code_aligned_alloc },
  { { "free", 2, 2, CHANGES }, atlas_code_free },
  { { "usable", 2, 2, ASKS }, atlas_code_usable },
  { { "mmap", 3, 16, CHANGES }, atlas_code_mmap },
  { { "memfd", 3, 3, CHANGES }, atlas_code_memfd },
  { { "munmap", 2, 6, CHANGES }, atlas_code_munmap },
  { { "mremap", 3, 4, CHANGES }, atlas_code_mremap },
  { { "mprotect", 3, 7, 0 }, atlas_code_mprotect },
  { { "sbrk", 2, 3, CHANGES | ASKS }, atlas_code_sbrk },
  { { "touch", 3, 7, 0 }, atlas_code_touch },
  { { "fill", 3, 3, 0 }, atlas_code_fill },
  { { "mlock", 2, 7, 0 }, atlas_code_mlock },
  { { "munlock", 2, 6, 0 }, atlas_code_munlock },
  { { "mlockall", 1, 4, 0 }, atlas_code_mlockall },
  { { "munlockall", 1, 1, 0 }, atlas_code_munlockall },
  { { "madvise", 3, 7, 0 }, atlas_code_madvise },
  { { "mincore", 2, 2, ASKS }, atlas_code_mincore },
  { { "mallopt", 3, 3, 0 }, atlas_code_mallopt },
  { { "thresholds", 1, 1, ASKS }, NULL },
  { { "malloc_trim", 1, 2, ASKS }, atlas_code_malloc_trim },
  { { "malloc_stats", 1, 1, 0 }, atlas_code_malloc_stats },
  { { "malloc_info", 1, 1, 0 }, atlas_code_malloc_info },
  { { "mallinfo", 1, 1, 0 }, atlas_code_mallinfo },
  { { "getrlimit", 1, 2, ASKS }, atlas_code_getrlimit },
  { { "setrlimit", 3, 4, LIMITS }, atlas_code_setrlimit },
  { { "dropcaps", 1, 1, 0 }, atlas_code_dropcaps },
  { { "thread", 3, ANY, CHANGES }, atlas_code_thread },
  { { "fork", 2, 2, CHANGES }, atlas_code_fork },
  { { "child", 3, ANY, CHANGES }, NULL },
  { { "overflow", 1, 2, 0 }, atlas_code_overflow },
  { { "list", 1, 1, 0 }, NULL },
  { { "help", 1, 2, 0 }, NULL },
  { { "exit", 1, 2, CHANGES }, atlas_code_exit },
  { { NULL, 0, 0, 0 }, NULL },
};

static const AtlasCodeRow *
find_row (const char *name)
{
  for (const AtlasCodeRow *row = atlas_code_rows; row->verb.name != NULL; row++)
    if (strcmp (row->verb.name, name) == 0)
      return row;
  return NULL;
}

const AtlasLabVerb *
atlas_lab_verb_find (const char *name)
{
  const AtlasCodeRow *row = find_row (name);

  return row != NULL ? &row->verb : NULL;
}

AtlasLabCode *
atlas_lab_code_new (void)
{
  AtlasLabCode *self = g_new0 (AtlasLabCode, 1);

  self->page_size = (guint64) sysconf (_SC_PAGESIZE);
  self->actors = g_ptr_array_new_with_free_func ((GDestroyNotify) atlas_actor_free);
  self->used = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->named = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->variables = g_ptr_array_new ();
  self->advice = g_ptr_array_new ();
  self->functions = g_string_new (NULL);
  self->process =
      atlas_code_process_new (atlas_code_add_actor (self, ATLAS_ACTOR_MAIN, NULL, ""), NULL);
  return self;
}

void
atlas_lab_code_free (AtlasLabCode *self)
{
  atlas_code_process_free (self->process);
  g_ptr_array_unref (self->actors);
  g_hash_table_unref (self->used);
  g_hash_table_unref (self->named);
  g_ptr_array_unref (self->variables);
  g_ptr_array_unref (self->advice);
  g_string_free (self->functions, TRUE);
  g_free (self);
}

void
atlas_lab_code_set_address_space (AtlasLabCode *self, guint64 bytes)
{
  self->address_space = bytes;
}

/* --- one step --- */

/* All that the command is handed through, from the outermost on; FALSE when one is not there. */
static gboolean
find_actor (AtlasStep *step, GPtrArray *through)
{
  step->process = step->code->process;
  step->actor = step->process->actor;
  for (char **name = step->command->path; *name != NULL; name++)
    {
      AtlasCodeProcess *child = g_hash_table_lookup (step->process->children, *name);

      if (child == NULL)
        return FALSE;
      step->process = child;
      step->actor = child->actor;
      g_ptr_array_add (through, step->actor);
    }
  if (step->command->thread == NULL)
    return TRUE;
  step->actor = g_hash_table_lookup (step->process->threads, step->command->thread);
  g_ptr_array_add (through, step->actor);
  return step->actor != NULL;
}

static void
append_steps_title (const AtlasStep *step, GString *body)
{
  g_autofree char *title = atlas_code_quote (step->command->line);

  step->code->uses |= ATLAS_USES_STEP;
  g_string_append_printf (body, "step (%s);\n", title);
}

/* What ends in a signal that is caught goes through a function, so that nothing is lost. */
static void
wrap_attempt (AtlasStep *step)
{
  g_auto (GStrv) lines = g_strsplit (step->body->str, "\n", -1);
  GString *functions = step->code->functions;
  guint number = ++step->code->n_functions;

  atlas_step_use (step, ATLAS_USES_ATTEMPT);
  g_string_append_printf (functions, "static void\nstep_%u (void)\n{\n", number);
  for (char **line = lines; *line != NULL; line++)
    if (**line != '\0')
      g_string_append_printf (functions, "  %s\n", *line);
  g_string_append (functions, "}\n\n");
  g_string_printf (step->body, "attempt (step_%u);\n", number);
}

static gboolean
ended_in_signal (const AtlasStep *step)
{
  return step->answer != NULL && !step->answer->ok
         && g_str_has_prefix (step->answer->error_name, "SIG");
}

/* What came of it in the lab, where that is not what one would expect. */
static void
remark_outcome (AtlasStep *step, const char *ending)
{
  if (step->answer == NULL)
    atlas_step_remark (step, "in the lab this was the end: %s", ending != NULL ? ending : "?");
  else if (!step->answer->ok)
    atlas_step_remark (step, "in the lab: %s, %s", step->answer->error_name,
                       step->answer->error_text);
}

/* What another one will do now. */
static void
append_line_remark (const AtlasStep *step)
{
  g_autofree char *line = atlas_code_dup_remark (step->command->line);

  g_string_append_printf (step->code->process->actor->body, "/* %s */\n", line);
}

/* Hands it on from one to the next, the innermost first: each waits for its turn, has the next do
 * it, and gives the turn back. */
static void
hand_on (AtlasStep *step, GPtrArray *through, GString *body)
{
  for (guint i = through->len; i > 0; i--)
    {
      AtlasActor *actor = g_ptr_array_index (through, i - 1);
      gboolean ended = actor->ended;

      atlas_step_use (step, ATLAS_USES_TURNS | (ended ? 0 : ATLAS_USES_FINISH));
      g_string_append_printf (actor->body, "await (&%s);\n%s", actor->variable, body->str);
      if (!ended)
        g_string_append_printf (actor->body, "finish (&%s);\n", actor->variable);
      g_string_printf (body, "let (&%s);\n", actor->variable);
      if (ended && actor->kind == ATLAS_ACTOR_THREAD)
        g_string_append_printf (body, "pthread_join (%s.thread, NULL);\n", actor->variable);
      else if (ended)
        g_string_append_printf (body, "waitpid (%s.child, NULL, 0);\n", actor->variable);
    }
  if (through->len > 0)
    append_line_remark (step);
  g_string_append (step->code->process->actor->body, body->str);
}

static void
remark_left_out (AtlasLabCode *self, const AtlasLabCommand *command, const AtlasLabAnswer *answer)
{
  GString *body = self->process->actor->body;
  g_autofree char *line = atlas_code_dup_remark (command->line);
  g_autofree char *why = answer != NULL && !answer->ok
                             ? atlas_code_dup_remark (answer->error_text)
                             : g_strdup ("a question to the lab, nothing that the process does");

  g_string_append_printf (body, "\n/* left out: %s (%s) */\n", line, why);
}

/* Forgets who ended, so that a later one may have the name. */
static void
forget_ended (AtlasStep *step)
{
  AtlasCodeProcess *process = step->code->process;

  if (!step->actor->ended)
    return;
  if (step->command->thread != NULL)
    g_hash_table_remove (step->process->threads, step->command->thread);
  else if (step->command->path[0] != NULL)
    {
      guint last = g_strv_length (step->command->path) - 1;

      for (guint i = 0; i < last; i++)
        process = g_hash_table_lookup (process->children, step->command->path[i]);
      g_hash_table_remove (process->children, step->command->path[last]);
    }
}

static void
add_step (AtlasStep *step, GPtrArray *through, const char *ending)
{
  g_autoptr (GString) body = g_string_new (NULL);

  if (ended_in_signal (step))
    wrap_attempt (step);
  remark_outcome (step, ending);
  append_steps_title (step, body);
  g_string_append (body, step->body->str);
  g_string_append_c (step->code->process->actor->body, '\n');
  hand_on (step, through, body);
  forget_ended (step);
}

/* Whether @words are as many as the command takes. */
static const AtlasCodeRow *
find_row_of (const AtlasLabCommand *command)
{
  guint n_words = g_strv_length (command->words);
  const AtlasCodeRow *row = n_words > 0 ? find_row (command->words[0]) : NULL;

  return row != NULL && row->write != NULL && n_words >= row->verb.least_words
                 && n_words <= row->verb.most_words
             ? row
             : NULL;
}

static char *
finish_shown (AtlasStep *step)
{
  if (step->shown->len > 0)
    g_string_truncate (step->shown, step->shown->len - 1);
  return g_string_free (step->shown, FALSE);
}

char *
atlas_lab_code_add (AtlasLabCode *self,
                    const AtlasLabCommand *command,
                    const AtlasLabAnswer *answer,
                    const char *ending)
{
  const AtlasCodeRow *row = find_row_of (command);
  gboolean refused = answer != NULL && atlas_lab_answer_is_refusal (answer);
  g_autoptr (GPtrArray) through = g_ptr_array_new ();
  g_autoptr (GString) body = g_string_new (NULL);
  AtlasStep step = { .code = self,
                     .command = command,
                     .answer = answer,
                     .words = command->words,
                     .n_words = g_strv_length (command->words),
                     .failed = answer != NULL && !answer->ok,
                     .shown = g_string_new (NULL),
                     .body = body };

  if (row != NULL && !refused && find_actor (&step, through))
    row->write (&step);
  if (body->len > 0)
    add_step (&step, through, ending);
  else
    remark_left_out (self, command, answer);
  return finish_shown (&step);
}
