/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Touching memory, limits, threads and forks in C. */

#include "atlas-lab-code-table.h"

#include <string.h>

#include "atlas-lab-words.h"

/* --- touching --- */

/* The loop's head: which pages @i takes. */
static void
put_loop (AtlasStep *step, const AtlasMemory *memory)
{
  const char *how = step->n_words > 3 ? step->words[3] : "all";
  g_autofree char *pages = atlas_step_dup_pages (step, memory, step->n_words);
  guint64 first, end;

  if (atlas_step_take_range (step, 3, &first, &end))
    atlas_step_put (step, "for (size_t i = %" G_GUINT64_FORMAT "; i < %" G_GUINT64_FORMAT "; i++)",
                    first, end);
  else if (strcmp (how, "every") == 0)
    atlas_step_put (step, "for (size_t i = 0; i < pages (%s); i += %s)", pages, step->words[4]);
  else
    atlas_step_put (step, "for (size_t i = 0; i < pages (%s); i++)", pages);
}

void
atlas_code_touch (AtlasStep *step)
{
  AtlasMemory *memory = atlas_step_find_memory (step, step->words[1]);
  gboolean writes = strcmp (step->words[2], "write") == 0;
  const char *how = step->n_words > 3 ? step->words[3] : "all";
  gboolean by_chance = strcmp (how, "random") == 0;
  g_autofree char *pages = NULL;

  if (memory == NULL)
    return;
  atlas_step_use (step, ATLAS_USES_PAGES);
  if (strcmp (how, "first") == 0)
    {
      atlas_step_put (step, writes ? "page (%s, 0)[0] = 1;" : "(void) page (%s, 0)[0];",
                      memory->variable);
      return;
    }
  pages = atlas_step_dup_pages (step, memory, step->n_words);
  if (by_chance)
    {
      atlas_step_use (step, ATLAS_USES_CHOICE);
      atlas_step_put (step, "choose (pages (%s), %s);", pages, step->words[4]);
    }
  put_loop (step, memory);
  if (by_chance)
    atlas_step_put (step, "  if (chosen (i))");
  atlas_step_put (step,
                  writes ? "  %spage (%s, i)[0] = i %% 127 + 1;" : "  %s(void) page (%s, i)[0];",
                  by_chance ? "  " : "", memory->variable);
}

void
atlas_code_fill (AtlasStep *step)
{
  AtlasMemory *memory = atlas_step_find_memory (step, step->words[1]);

  if (memory != NULL)
    atlas_step_put (step, "memset (%s, %s, %" G_GUINT64_FORMAT ");", memory->variable,
                    step->words[2], memory->size);
}

void
atlas_code_overflow (AtlasStep *step)
{
  guint64 size = G_GUINT64_CONSTANT (1) << 30;

  if (step->n_words > 1 && !atlas_step_take_size (step, step->words[1], &size))
    return;
  atlas_step_use (step, ATLAS_USES_DIG);
  atlas_step_put (step, "dig (%" G_GUINT64_FORMAT ");", size);
}

/* --- limits --- */

void
atlas_code_getrlimit (AtlasStep *step)
{
  const AtlasLabWord *limit =
      step->n_words > 1 ? atlas_lab_word_find (atlas_lab_rlimits, step->words[1]) : NULL;
  g_autofree char *expression = NULL;

  if (limit == NULL)
    return;
  atlas_step_use (step, ATLAS_USES_LIMIT | ATLAS_USES_TELL);
  expression = g_strdup_printf ("getrlimit (%s, &limit)", limit->name);
  atlas_step_put_check (step, "getrlimit", expression, "== 0");
  atlas_step_write (step, "tell (\"soft\", (long) limit.rlim_cur);");
  atlas_step_write (step, "tell (\"hard\", (long) limit.rlim_max);");
}

static void
put_limit (AtlasStep *step, const char *member, const char *word)
{
  guint64 value;

  if (strcmp (word, "unlimited") == 0)
    atlas_step_put (step, "limit.%s = RLIM_INFINITY;", member);
  else if (atlas_step_take_size (step, word, &value))
    atlas_step_put (step, "limit.%s = %" G_GUINT64_FORMAT "u;", member, value);
}

void
atlas_code_setrlimit (AtlasStep *step)
{
  const AtlasLabWord *limit = atlas_lab_word_find (atlas_lab_rlimits, step->words[1]);
  g_autofree char *expression = NULL;

  if (limit == NULL)
    return;
  atlas_step_use (step, ATLAS_USES_LIMIT);
  expression = g_strdup_printf ("setrlimit (%s, &limit)", limit->name);
  atlas_step_put (step, "getrlimit (%s, &limit);", limit->name);
  put_limit (step, "rlim_cur", step->words[2]);
  if (step->n_words > 3)
    put_limit (step, "rlim_max", step->words[3]);
  atlas_step_put_check (step, "setrlimit", expression, "== 0");
}

void
atlas_code_dropcaps (AtlasStep *step)
{
  atlas_step_use (step, ATLAS_USES_CAPABILITIES);
  atlas_step_put_check (step, "capset", "drop_capabilities ()", "== 0");
}

/* --- threads and forks --- */

static void
start_thread (AtlasStep *step, const char *name)
{
  AtlasActor *thread =
      atlas_code_add_actor (step->code, ATLAS_ACTOR_THREAD, step->process->actor, name);

  atlas_step_use (step, ATLAS_USES_THREADS | ATLAS_USES_CHECK);
  g_hash_table_replace (step->process->threads, g_strdup (name), thread);
  atlas_step_show (step, "pthread_create (&%s, NULL, run_%s, NULL);", thread->variable,
                   thread->variable);
  atlas_step_write (step, "start_thread (&%s, run_%s);", thread->variable, thread->variable);
}

static void
stop_thread (AtlasStep *step, const char *name)
{
  AtlasActor *thread = g_hash_table_lookup (step->process->threads, name);

  if (thread == NULL)
    return;
  g_string_append_printf (thread->body, "await (&%s);\nfinish (&%s);\nreturn NULL;\n",
                          thread->variable, thread->variable);
  thread->ended = TRUE;
  atlas_step_use (step, ATLAS_USES_TURNS | ATLAS_USES_FINISH);
  g_hash_table_remove (step->process->threads, name);
  atlas_step_show (step, "pthread_join (%s, NULL);", thread->variable);
  atlas_step_write (step, "let (&%s);", thread->variable);
  atlas_step_write (step, "pthread_join (%s.thread, NULL);", thread->variable);
}

void
atlas_code_thread (AtlasStep *step)
{
  if (step->failed)
    return;
  if (strcmp (step->words[1], "start") == 0)
    start_thread (step, step->words[2]);
  else if (strcmp (step->words[1], "stop") == 0)
    stop_thread (step, step->words[2]);
}

/* One that failed in the lab might succeed elsewhere, and then there would be two of the program.
 */
void
atlas_code_fork (AtlasStep *step)
{
  AtlasActor *child;

  if (step->failed || step->answer == NULL)
    return;
  child =
      atlas_code_add_actor (step->code, ATLAS_ACTOR_CHILD, step->process->actor, step->words[1]);
  g_hash_table_replace (step->process->children, g_strdup (step->words[1]),
                        atlas_code_process_new (child, step->process));
  atlas_step_use (step, ATLAS_USES_CHILDREN | ATLAS_USES_CHECK);
  atlas_step_show (step, "%s = fork ();", child->variable);
  atlas_step_write (step, "start_child (&%s, run_%s);", child->variable, child->variable);
}

void
atlas_code_exit (AtlasStep *step)
{
  const char *status = step->n_words > 1 ? step->words[1] : "0";

  if (step->actor->kind == ATLAS_ACTOR_THREAD)
    {
      atlas_step_use (step, ATLAS_USES_FINISH);
      atlas_step_show (step, "pthread_exit (NULL);");
      atlas_step_write (step, "finish (&%s);", step->actor->variable);
      atlas_step_write (step, "return NULL;");
    }
  else
    atlas_step_put (step, "_exit (%s);", status);
  step->actor->ended = TRUE;
}
