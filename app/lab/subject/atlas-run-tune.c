/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How malloc is set. */

#include "atlas-command.h"

#include <limits.h>
#include <malloc.h>

#include "atlas-answer.h"
#include "atlas-arguments.h"
#include "atlas-faults.h"
#include "atlas-heap.h"
#include "atlas-lab-words.h"
#include "atlas-thresholds.h"

/* A size or a number, which may be negative: -1 is "never" to some parameters. */
static bool
take_value (const char *word, int *value)
{
  bool negative = *word == '-';
  size_t size;

  if (!atlas_take_size ("mallopt", word + negative, &size))
    return false;
  if (size > INT_MAX)
    {
      atlas_answer_refuse ("mallopt", word, " is more than it takes, which is an int", NULL);
      return false;
    }
  *value = negative ? -(int) size : (int) size;
  return true;
}

void
atlas_run_mallopt (const AtlasWords *words)
{
  const AtlasLabWord *parameter = atlas_lab_word_find (atlas_lab_mallopt, words->words[1]);
  int value;
  int result;

  if (parameter == NULL)
    {
      atlas_answer_refuse ("mallopt", "\"", words->words[1],
                           "\" is no parameter of it; see help mallopt", NULL);
      return;
    }
  if (!take_value (words->words[2], &value) || !atlas_heap_is_usable ("mallopt"))
    return;
  atlas_faults_begin ();
  result = mallopt (parameter->value, value);
  atlas_faults_end ();
  if (result != 0)
    atlas_answer_ok ();
  else
    atlas_answer_refuse ("mallopt", "the C library does not take ", words->words[2], " for ",
                         parameter->name, NULL);
}

void
atlas_run_malloc_trim (const AtlasWords *words)
{
  size_t pad = 0;
  int released;

  if (words->n_words > 1 && !atlas_take_size ("malloc_trim", words->words[1], &pad))
    return;
  if (!atlas_heap_is_usable ("malloc_trim"))
    return;
  atlas_faults_begin ();
  released = malloc_trim (pad);
  atlas_faults_end ();
  atlas_answer_ok ();
  atlas_answer_number ("released", released != 0);
}

void
atlas_run_thresholds (const AtlasWords *words)
{
  atlas_answer_ok ();
  atlas_thresholds_answer ();
}
