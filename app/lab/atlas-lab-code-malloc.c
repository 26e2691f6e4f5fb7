/* SPDX-License-Identifier: GPL-3.0-or-later */

/* malloc, its family and its parameters, and sbrk, in C. */

#include "atlas-lab-code-table.h"

#include <string.h>

#include "atlas-lab-words.h"

/* --- allocating --- */

/* "CALL (ARGUMENTS)" for the allocation of the second word. */
static void
put_allocation (AtlasStep *step, const char *call, const char *arguments)
{
  const char *variable = atlas_code_get_variable (step->code, step->words[1]);
  g_autofree char *expression = g_strdup_printf ("%s (%s)", call, arguments);

  atlas_step_put_pointer (step, call, variable, expression, "NULL");
  if (!step->failed && step->answer != NULL)
    atlas_step_add_memory (step, step->words[1]);
}

static void
allow_empty (AtlasStep *step, guint64 size)
{
  if (size == 0)
    atlas_step_use (step, ATLAS_USES_EMPTY);
}

void
atlas_code_malloc (AtlasStep *step)
{
  g_autofree char *arguments = NULL;
  guint64 size;

  if (!atlas_step_take_size (step, step->words[2], &size))
    return;
  allow_empty (step, size);
  arguments = atlas_step_dup_size (step, size);
  put_allocation (step, "malloc", arguments);
}

/* The compiler multiplies, too. */
static gboolean
is_too_much (guint64 n, guint64 size)
{
  guint64 product;

  return !g_uint64_checked_mul (&product, n, size) || product > G_MAXINT64;
}

void
atlas_code_calloc (AtlasStep *step)
{
  g_autofree char *arguments = NULL;
  guint64 n = 1;
  guint64 size;

  if ((step->n_words > 3
       && !g_ascii_string_to_unsigned (step->words[2], 10, 0, G_MAXUINT64, &n, NULL))
      || !atlas_step_take_size (step, step->words[step->n_words - 1], &size))
    return;
  allow_empty (step, MIN (n, size));
  if (is_too_much (n, size))
    atlas_step_use (step, ATLAS_USES_OPAQUE);
  arguments = g_strdup_printf (is_too_much (n, size) ? "opaque (%" G_GUINT64_FORMAT
                                                       "ul), opaque (%" G_GUINT64_FORMAT "ul)"
                                                     : "%" G_GUINT64_FORMAT ", %" G_GUINT64_FORMAT,
                               n, size);
  put_allocation (step, "calloc", arguments);
}

void
atlas_code_aligned_alloc (AtlasStep *step)
{
  g_autofree char *arguments = NULL;
  g_autofree char *align_text = NULL;
  g_autofree char *size_text = NULL;
  guint64 align, size;

  if (!atlas_step_take_size (step, step->words[2], &align)
      || !atlas_step_take_size (step, step->words[3], &size))
    return;
  allow_empty (step, size);
  align_text = atlas_step_dup_size (step, align);
  size_text = atlas_step_dup_size (step, size);
  arguments = g_strdup_printf ("%s, %s", align_text, size_text);
  put_allocation (step, "aligned_alloc", arguments);
}

static void
put_realloc (AtlasStep *step, AtlasMemory *memory, const char *size)
{
  g_autofree char *expression = g_strdup_printf ("realloc (%s, %s)", memory->variable, size);

  atlas_step_put_pointer (step, "realloc", memory->variable, expression, "NULL");
  if (!step->failed && step->answer != NULL)
    {
      memory->address = atlas_step_get_number (step, "address", memory->address);
      memory->size = atlas_step_get_number (step, "size", memory->size);
    }
}

void
atlas_code_realloc (AtlasStep *step)
{
  AtlasMemory *memory = atlas_step_find_memory (step, step->words[1]);
  g_autofree char *text = NULL;
  guint64 size;

  if (memory == NULL || !atlas_step_take_size (step, step->words[2], &size))
    return;
  allow_empty (step, size);
  if (size == 0)
    {
      atlas_step_put (step, "%s = realloc (%s, 0);", memory->variable, memory->variable);
      g_hash_table_remove (step->process->memory, step->words[1]);
      return;
    }
  text = atlas_step_dup_size (step, size);
  put_realloc (step, memory, text);
}

void
atlas_code_free (AtlasStep *step)
{
  AtlasMemory *memory = atlas_step_find_memory (step, step->words[1]);

  if (memory == NULL)
    return;
  atlas_step_put (step, "free (%s);", memory->variable);
  if (!step->failed)
    g_hash_table_remove (step->process->memory, step->words[1]);
}

void
atlas_code_usable (AtlasStep *step)
{
  AtlasMemory *memory = atlas_step_find_memory (step, step->words[1]);
  g_autofree char *expression = NULL;

  if (memory == NULL)
    return;
  atlas_step_use (step, ATLAS_USES_MALLOC_H);
  expression = g_strdup_printf ("malloc_usable_size (%s)", memory->variable);
  atlas_step_put_value (step, "malloc_usable_size", expression);
}

/* --- parameters and reports --- */

void
atlas_code_mallopt (AtlasStep *step)
{
  const AtlasLabWord *parameter = atlas_lab_word_find (atlas_lab_mallopt, step->words[1]);
  const char *word = step->words[2];
  gboolean negative = *word == '-';
  g_autofree char *expression = NULL;
  guint64 value;

  if (parameter == NULL || !atlas_step_take_size (step, word + negative, &value))
    return;
  atlas_step_use (step, ATLAS_USES_MALLOC_H);
  expression = g_strdup_printf ("mallopt (%s, %s%" G_GUINT64_FORMAT ")", parameter->name,
                                negative ? "-" : "", value);
  atlas_step_put_check (step, "mallopt", expression, "== 1");
}

void
atlas_code_malloc_trim (AtlasStep *step)
{
  g_autofree char *pad = g_strdup ("0");
  g_autofree char *expression = NULL;
  guint64 size;

  if (step->n_words > 1 && atlas_step_take_size (step, step->words[1], &size))
    {
      g_free (pad);
      pad = atlas_step_dup_size (step, size);
    }
  atlas_step_use (step, ATLAS_USES_MALLOC_H);
  expression = g_strdup_printf ("malloc_trim (%s)", pad);
  atlas_step_put_value (step, "malloc_trim", expression);
}

void
atlas_code_malloc_stats (AtlasStep *step)
{
  atlas_step_use (step, ATLAS_USES_MALLOC_H);
  atlas_step_put (step, "malloc_stats ();");
}

void
atlas_code_malloc_info (AtlasStep *step)
{
  atlas_step_use (step, ATLAS_USES_MALLOC_H);
  atlas_step_put_check (step, "malloc_info", "malloc_info (0, stderr)", "== 0");
}

void
atlas_code_mallinfo (AtlasStep *step)
{
  atlas_step_use (step, ATLAS_USES_MALLINFO | ATLAS_USES_MALLOC_H | ATLAS_USES_TELL);
  atlas_step_show (step, "struct mallinfo2 info = mallinfo2 ();");
  atlas_step_write (step, "tell_mallinfo (mallinfo2 ());");
}

/* --- sbrk --- */

/* What lies behind the break is gone. */
static void
cut_at_break (AtlasStep *step)
{
  guint64 end = atlas_step_get_number (step, "break", G_MAXUINT64);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, step->process->memory);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      AtlasMemory *memory = value;

      if (!memory->by_sbrk || memory->address + memory->size <= end)
        continue;
      if (memory->address >= end)
        g_hash_table_iter_remove (&iter);
      else
        memory->size = end - memory->address;
    }
}

static void
put_sbrk_new (AtlasStep *step, const char *name, const char *size, guint64 bytes)
{
  const char *variable = atlas_code_get_variable (step->code, name);
  g_autofree char *expression = g_strdup_printf ("sbrk (%s)", size);
  AtlasMemory *memory;

  atlas_step_put_pointer (step, "sbrk", variable, expression, "(void *) -1");
  if (step->failed || step->answer == NULL)
    return;
  memory = atlas_step_add_memory (step, name);
  memory->size = bytes;
  memory->by_sbrk = TRUE;
}

void
atlas_code_sbrk (AtlasStep *step)
{
  const char *amount = step->words[step->n_words - 1];
  gboolean negative = *amount == '-';
  g_autofree char *text = NULL;
  g_autofree char *expression = NULL;
  guint64 size;

  if (!atlas_step_take_size (step, amount + (negative || *amount == '+'), &size))
    return;
  text = atlas_step_dup_size (step, size);
  if (size > 0 && !negative && step->n_words == 3)
    {
      put_sbrk_new (step, step->words[1], text, size);
      return;
    }
  expression = g_strdup_printf ("sbrk (%s%s)", negative ? "-" : "", text);
  atlas_step_put_check (step, "sbrk", expression, "!= (void *) -1");
  if (!step->failed)
    cut_at_break (step);
}
