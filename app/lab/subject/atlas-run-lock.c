/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Locking memory. The kernel is given addresses as a program gives them, and rounds to pages by
 * itself: for memory of malloc's, those that hold it, with whatever else lies on the first and the
 * last. */

#include "atlas-command.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include "atlas-answer.h"
#include "atlas-arguments.h"
#include "atlas-faults.h"
#include "atlas-lab-words.h"

/* The memory that a call names, and the pages that the kernel takes it for. */
typedef struct
{
  AtlasRange named, pages;
} Target;

/* As mlock(2) rounds: even of no bytes, one page if they do not lie where it begins. */
static AtlasRange
round_as_kernel (const AtlasRange *named)
{
  size_t before = (uintptr_t) named->address % atlas_page_size;
  size_t n_pages = (before + named->length + atlas_page_size - 1) / atlas_page_size;

  return (AtlasRange){ named->address - before, n_pages * atlas_page_size };
}

/* What was done to @target, or that it failed. */
static void
answer_locking (const char *call, int result, const Target *target)
{
  if (result != 0)
    {
      atlas_answer_fail (errno, call);
      return;
    }
  atlas_answer_ok ();
  atlas_answer_address ("address", target->pages.address);
  atlas_answer_number ("length", target->pages.length);
}

/* "ID [from A to B]", the words behind it from @n_before on; false if refused. */
static bool
take_target (const char *call, const AtlasWords *words, int n_before, Target *target)
{
  AtlasAllocation *allocation = atlas_take_allocation (call, words->words[1]);
  AtlasWords rest = atlas_words_after (words, n_before);
  AtlasPages pages;

  if (allocation == NULL || !atlas_take_pages (call, &rest, allocation, &pages))
    return false;
  if (rest.n_words > 0)
    target->named = atlas_pages_get_outer (&pages);
  else
    target->named = (AtlasRange){ allocation->address, allocation->length };
  target->pages = round_as_kernel (&target->named);
  return atlas_take_mapped (call, allocation, &target->pages);
}

void
atlas_run_mlock (const AtlasWords *words)
{
  bool on_fault = words->n_words > 2 && strcmp (words->words[2], "onfault") == 0;
  const char *call = on_fault ? "mlock2" : "mlock";
  Target target;
  int result;

  if (!take_target ("mlock", words, on_fault ? 3 : 2, &target))
    return;
  atlas_faults_begin ();
  if (on_fault)
    result = mlock2 (target.named.address, target.named.length, MLOCK_ONFAULT);
  else
    result = mlock (target.named.address, target.named.length);
  atlas_faults_end ();
  answer_locking (call, result, &target);
}

void
atlas_run_munlock (const AtlasWords *words)
{
  Target target;
  int result;

  if (!take_target ("munlock", words, 2, &target))
    return;
  atlas_faults_begin ();
  result = munlock (target.named.address, target.named.length);
  atlas_faults_end ();
  answer_locking ("munlock", result, &target);
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
