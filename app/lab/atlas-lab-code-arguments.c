/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Words of commands to arguments of calls. */

#include "atlas-lab-code-table.h"

#include <string.h>
#include <sys/mman.h>

#include "atlas-lab-words.h"

gboolean
atlas_step_take_size (const AtlasStep *step, const char *word, guint64 *size)
{
  uint64_t bytes;

  if (!atlas_lab_size_parse (word, (gsize) step->code->page_size, &bytes))
    return FALSE;
  *size = bytes;
  return TRUE;
}

gboolean
atlas_step_take_range (const AtlasStep *step, guint index, guint64 *first, guint64 *end)
{
  return step->n_words == index + 4 && strcmp (step->words[index], "from") == 0
         && strcmp (step->words[index + 2], "to") == 0
         && g_ascii_string_to_unsigned (step->words[index + 1], 10, 0, G_MAXUINT64, first, NULL)
         && g_ascii_string_to_unsigned (step->words[index + 3], 10, 0, G_MAXUINT64, end, NULL);
}

static guint64
get_bytes (const AtlasMemory *memory)
{
  return memory->length > 0 ? memory->length : memory->size;
}

static char *
dup_part (AtlasStep *step, const AtlasMemory *memory, guint64 first, guint64 end)
{
  g_autofree char *length =
      end - first == 1 ? g_strdup ("page_size")
                       : g_strdup_printf ("%" G_GUINT64_FORMAT " * page_size", end - first);

  atlas_step_use (step, ATLAS_USES_PAGES);
  return g_strdup_printf ("(void *) page (%s, %" G_GUINT64_FORMAT "), %s", memory->variable, first,
                          length);
}

char *
atlas_step_dup_pages (AtlasStep *step, const AtlasMemory *memory, guint index)
{
  guint64 first, end;

  if (atlas_step_take_range (step, index, &first, &end) && first < end)
    return dup_part (step, memory, first, end);
  return g_strdup_printf ("%s, %" G_GUINT64_FORMAT, memory->variable, get_bytes (memory));
}

/* Neighbours share the first and the last page of what is not a mapping. */
char *
atlas_step_dup_whole_pages (AtlasStep *step, const AtlasMemory *memory, guint index)
{
  guint64 page_size = step->code->page_size;
  guint64 offset = memory->address % page_size;
  guint64 first = 0;
  guint64 end = G_MAXUINT64;

  if (memory->length > 0)
    return atlas_step_dup_pages (step, memory, index);
  if (atlas_step_take_range (step, index, &first, &end) && first >= end)
    return NULL;
  first = MAX (first, offset > 0 ? 1 : 0);
  end = MIN (end, (offset + memory->size) / page_size);
  return first < end ? dup_part (step, memory, first, end) : NULL;
}

char *
atlas_code_dup_flags (const char *text)
{
  g_auto (GStrv) names = g_strsplit (text, "|", -1);

  return g_strjoinv (" | ", names);
}

/* FALSE for a letter that is none. */
static gboolean
add_protection (char letter, unsigned long *bits)
{
  switch (letter)
    {
    case 'r':
      *bits |= PROT_READ;
      return TRUE;
    case 'w':
      *bits |= PROT_WRITE;
      return TRUE;
    case 'x':
      *bits |= PROT_EXEC;
      return TRUE;
    default:
      return FALSE;
    }
}

char *
atlas_step_dup_protection (const char *word)
{
  char text[ATLAS_LAB_FLAGS_SIZE];
  unsigned long bits = PROT_NONE;

  if (strcmp (word, "none") != 0)
    for (const char *p = word; *p != '\0'; p++)
      if (!add_protection (*p, &bits))
        return NULL;
  return atlas_code_dup_flags (atlas_lab_prot_text (bits, text, sizeof text));
}
