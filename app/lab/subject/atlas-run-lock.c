/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Locking memory. The kernel locks pages: for memory of malloc's, those that hold it, with whatever
 * else lies on the first and the last. */

#include "atlas-command.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "atlas-answer.h"
#include "atlas-arguments.h"
#include "atlas-faults.h"
#include "atlas-lab-words.h"

/* What was done to @range, or that it failed. */
static void
answer_locking (const char *call, int result, const AtlasRange *range)
{
  if (result != 0)
    {
      atlas_answer_fail (errno, call);
      return;
    }
  atlas_answer_ok ();
  atlas_answer_address ("address", range->address);
  atlas_answer_number ("length", range->length);
}

/* "ID [from A to B]", the words behind it from @n_before on; false if refused. */
static bool
take_range (const char *call, const AtlasWords *words, int n_before, AtlasRange *range)
{
  AtlasAllocation *allocation = atlas_take_allocation (call, words->words[1]);
  AtlasWords rest = atlas_words_after (words, n_before);
  AtlasPages pages;

  if (allocation == NULL || !atlas_take_pages (call, &rest, allocation, &pages))
    return false;
  *range = atlas_pages_get_outer (&pages);
  return atlas_take_mapped (call, allocation, range);
}

void
atlas_run_mlock (const AtlasWords *words)
{
  bool on_fault = words->n_words > 2 && strcmp (words->words[2], "onfault") == 0;
  const char *call = on_fault ? "mlock2" : "mlock";
  AtlasRange range;
  int result;

  if (!take_range ("mlock", words, on_fault ? 3 : 2, &range))
    return;
  atlas_faults_begin ();
  if (on_fault)
    result = mlock2 (range.address, range.length, MLOCK_ONFAULT);
  else
    result = mlock (range.address, range.length);
  atlas_faults_end ();
  answer_locking (call, result, &range);
}

void
atlas_run_munlock (const AtlasWords *words)
{
  AtlasRange range;
  int result;

  if (!take_range ("munlock", words, 2, &range))
    return;
  atlas_faults_begin ();
  result = munlock (range.address, range.length);
  atlas_faults_end ();
  answer_locking ("munlock", result, &range);
}

static int
find_flag (const char *word)
{
  if (strcmp (word, "current") == 0)
    return MCL_CURRENT;
  if (strcmp (word, "future") == 0)
    return MCL_FUTURE;
  return strcmp (word, "onfault") == 0 ? MCL_ONFAULT : 0;
}

static bool
take_flags (const AtlasWords *words, int *flags)
{
  *flags = words->n_words == 1 ? MCL_CURRENT : 0;
  for (int i = 1; i < words->n_words; i++)
    {
      int flag = find_flag (words->words[i]);

      if (flag == 0)
        {
          atlas_answer_refuse ("mlockall", "\"", words->words[i],
                               "\" is neither current, future nor onfault", NULL);
          return false;
        }
      *flags |= flag;
    }
  return true;
}

void
atlas_run_mlockall (const AtlasWords *words)
{
  char text[ATLAS_LAB_FLAGS_SIZE];
  int flags;
  int result;

  if (!take_flags (words, &flags))
    return;
  atlas_faults_begin ();
  result = mlockall (flags);
  atlas_faults_end ();
  if (result != 0)
    {
      atlas_answer_fail (errno, "mlockall");
      return;
    }
  atlas_answer_ok ();
  atlas_answer_word ("flags", atlas_lab_lockall_text ((unsigned long) flags, text, sizeof text));
}

void
atlas_run_munlockall (const AtlasWords *words)
{
  int result;

  atlas_faults_begin ();
  result = munlockall ();
  atlas_faults_end ();
  if (result != 0)
    atlas_answer_fail (errno, "munlockall");
  else
    atlas_answer_ok ();
}
