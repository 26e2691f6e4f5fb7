/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Resource limits. */

#include "atlas-command.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>

#include "atlas-answer.h"
#include "atlas-arguments.h"
#include "atlas-faults.h"
#include "atlas-lab-words.h"
#include "atlas-output.h"

static const AtlasLabWord *
take_limit (const char *call, const char *word)
{
  const AtlasLabWord *limit = atlas_lab_word_find (atlas_lab_rlimits, word);

  if (limit == NULL)
    atlas_answer_refuse (call, "\"", word, "\" is no limit; see help ", call, NULL);
  return limit;
}

static const char *
limit_text (rlim_t value, char text[ATLAS_NUMBER_SIZE])
{
  return value == RLIM_INFINITY ? "unlimited" : atlas_number_text (value, text);
}

static void
answer_limit (const AtlasLabWord *limit)
{
  char text[ATLAS_NUMBER_SIZE];
  struct rlimit now;

  if (getrlimit ((__rlimit_resource_t) limit->value, &now) != 0)
    {
      atlas_answer_fail (errno, "getrlimit");
      return;
    }
  atlas_answer_ok ();
  atlas_answer_word ("name", limit->word);
  atlas_answer_word ("soft", limit_text (now.rlim_cur, text));
  atlas_answer_word ("hard", limit_text (now.rlim_max, text));
}

/* All in one line: NAME=SOFT:HARD. */
static void
answer_all (void)
{
  char text[ATLAS_NUMBER_SIZE];
  struct rlimit now;

  atlas_answer_ok ();
  for (const AtlasLabWord *limit = atlas_lab_rlimits; limit->word != NULL; limit++)
    if (getrlimit ((__rlimit_resource_t) limit->value, &now) == 0)
      {
        atlas_answer_word (limit->word, limit_text (now.rlim_cur, text));
        atlas_output_text (":");
        atlas_output_text (limit_text (now.rlim_max, text));
      }
}

void
atlas_run_getrlimit (const AtlasWords *words)
{
  const AtlasLabWord *limit;

  if (words->n_words == 1)
    {
      answer_all ();
      return;
    }
  limit = take_limit ("getrlimit", words->words[1]);
  if (limit != NULL)
    answer_limit (limit);
}

static bool
take_value (const char *word, rlim_t *value)
{
  size_t size;

  if (strcmp (word, "unlimited") == 0)
    {
      *value = RLIM_INFINITY;
      return true;
    }
  if (!atlas_take_size ("setrlimit", word, &size))
    return false;
  *value = size;
  return true;
}

void
atlas_run_setrlimit (const AtlasWords *words)
{
  const AtlasLabWord *limit = take_limit ("setrlimit", words->words[1]);
  struct rlimit wish;
  int result;

  if (limit == NULL)
    return;
  if (getrlimit ((__rlimit_resource_t) limit->value, &wish) != 0)
    {
      atlas_answer_fail (errno, "getrlimit");
      return;
    }
  if (!take_value (words->words[2], &wish.rlim_cur)
      || (words->n_words > 3 && !take_value (words->words[3], &wish.rlim_max)))
    return;
  atlas_faults_begin ();
  result = setrlimit ((__rlimit_resource_t) limit->value, &wish);
  atlas_faults_end ();
  if (result != 0)
    atlas_answer_fail (errno, "setrlimit");
  else
    answer_limit (limit);
}
