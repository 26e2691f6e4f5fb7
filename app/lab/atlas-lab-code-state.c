/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the C lines go by: names, sizes, and who does what. */

#include "atlas-lab-code-private.h"

#include <string.h>

/* Short names that would not do for a variable: keywords, functions the compiler knows, and those
 * used in the loops. Longer ones get a prefix, so that none need be listed. */
static const char *const not_variables[] = { "do", "if", "i",  "fd", "or", "j0",
                                             "j1", "jn", "y0", "y1", "yn", NULL };

void
atlas_memory_free (AtlasMemory *self)
{
  g_free (self->variable);
  g_free (self);
}

static AtlasMemory *
memory_copy (const AtlasMemory *self)
{
  AtlasMemory *copy = g_memdup2 (self, sizeof *self);

  copy->variable = g_strdup (self->variable);
  return copy;
}

AtlasCodeProcess *
atlas_code_process_new (AtlasActor *actor, const AtlasCodeProcess *parent)
{
  AtlasCodeProcess *self = g_new (AtlasCodeProcess, 1);
  GHashTableIter iter;
  gpointer name, memory;

  self->actor = actor;
  self->memory =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) atlas_memory_free);
  self->threads = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->children = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                          (GDestroyNotify) atlas_code_process_free);
  if (parent == NULL)
    return self;
  g_hash_table_iter_init (&iter, parent->memory);
  while (g_hash_table_iter_next (&iter, &name, &memory))
    g_hash_table_insert (self->memory, g_strdup (name), memory_copy (memory));
  return self;
}

void
atlas_code_process_free (AtlasCodeProcess *self)
{
  g_hash_table_unref (self->memory);
  g_hash_table_unref (self->threads);
  g_hash_table_unref (self->children);
  g_free (self);
}

/* --- names --- */

/* Letters, digits and underscores; two names never become one. */
static char *
make_identifier (AtlasLabCode *code, const char *prefix, const char *name)
{
  g_autofree char *plain = g_strconcat (prefix, name, NULL);
  char *identifier;

  for (char *p = plain; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p))
      *p = '_';
  identifier = g_strdup (plain);
  for (guint n = 2; g_hash_table_contains (code->used, identifier); n++)
    {
      g_free (identifier);
      identifier = g_strdup_printf ("%s_%u", plain, n);
    }
  g_hash_table_add (code->used, g_strdup (identifier));
  return identifier;
}

static gboolean
is_short_variable (const char *name)
{
  return g_ascii_isalpha (name[0]) && strlen (name) <= 2
         && (name[1] == '\0' || g_ascii_isalnum (name[1]))
         && !g_strv_contains (not_variables, name);
}

const char *
atlas_code_get_variable (AtlasLabCode *code, const char *name)
{
  char *variable = g_hash_table_lookup (code->named, name);

  if (variable == NULL)
    {
      variable = make_identifier (code, is_short_variable (name) ? "" : "p_", name);
      g_hash_table_insert (code->named, g_strdup (name), variable);
      g_ptr_array_add (code->variables, variable);
    }
  return variable;
}

/* --- who --- */

AtlasActor *
atlas_code_add_actor (AtlasLabCode *code,
                      AtlasActorKind kind,
                      const AtlasActor *owner,
                      const char *name)
{
  AtlasActor *self = g_new0 (AtlasActor, 1);
  gboolean nested = owner != NULL && owner->kind != ATLAS_ACTOR_MAIN;
  g_autofree char *prefix = g_strconcat (nested ? owner->variable : "", nested ? "_" : "",
                                         kind == ATLAS_ACTOR_CHILD ? "child_" : "thread_", NULL);

  self->kind = kind;
  self->nested = nested;
  self->variable =
      kind == ATLAS_ACTOR_MAIN ? g_strdup ("main") : make_identifier (code, prefix, name);
  self->body = g_string_new (NULL);
  g_ptr_array_add (code->actors, self);
  return self;
}

void
atlas_actor_free (AtlasActor *self)
{
  g_free (self->variable);
  g_string_free (self->body, TRUE);
  g_free (self);
}

/* --- memory --- */

AtlasMemory *
atlas_step_find_memory (const AtlasStep *step, const char *name)
{
  return g_hash_table_lookup (step->process->memory, name);
}

guint64
atlas_step_get_number (const AtlasStep *step, const char *field, guint64 otherwise)
{
  guint64 number = otherwise;

  if (step->answer != NULL)
    atlas_lab_answer_get_number (step->answer, field, &number);
  return number;
}

AtlasMemory *
atlas_step_add_memory (AtlasStep *step, const char *name)
{
  AtlasMemory *memory = g_new0 (AtlasMemory, 1);

  memory->variable = g_strdup (atlas_code_get_variable (step->code, name));
  memory->address = atlas_step_get_number (step, "address", 0);
  memory->size = atlas_step_get_number (step, "size", 0);
  memory->length = atlas_step_get_number (step, "length", 0);
  g_hash_table_replace (step->process->memory, g_strdup (name), memory);
  return memory;
}
