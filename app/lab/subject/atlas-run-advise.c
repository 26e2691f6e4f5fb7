/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Telling the kernel what will be needed, and asking it what is there. */

#include "atlas-command.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "atlas-answer.h"
#include "atlas-arguments.h"
#include "atlas-faults.h"
#include "atlas-lab-words.h"
#include "atlas-output.h"

#define GUARD_INSTALL 102
#define GUARD_REMOVE 103
/* Pages asked about at a time. */
#define MINCORE_PAGES 4096

/* Neighbouring pages of the same state: "64x1". */
typedef struct
{
  size_t n_pages;
  int state;
  bool first;
} Run;

static unsigned char states[MINCORE_PAGES];

/* What is taken back counts only if it is taken back of all; a call that failed may have gone half
 * the way. */
static void
note_advice (const AtlasPages *pages, const AtlasSpan *not_forked, int advice, bool done)
{
  AtlasAllocation *allocation = pages->allocation;
  bool all = done && atlas_pages_are_all (pages);

  if (advice == GUARD_INSTALL)
    allocation->hurt |= ATLAS_HURT_GUARDED;
  else if (advice == GUARD_REMOVE && all)
    allocation->hurt &= ~(unsigned) ATLAS_HURT_GUARDED;
  else if (advice == MADV_WIPEONFORK)
    allocation->hurt |= ATLAS_HURT_WIPED;
  else if (advice == MADV_KEEPONFORK && all)
    allocation->hurt &= ~(unsigned) ATLAS_HURT_WIPED;
  else if (advice == MADV_DONTFORK)
    allocation->not_forked = *not_forked;
  else if (advice == MADV_DOFORK && all)
    allocation->not_forked = (AtlasSpan){ NULL, NULL };
}

/* Of memory that children do not get, one part is kept track of. */
static bool
take_advice (const AtlasAllocation *allocation,
             const AtlasRange *range,
             int advice,
             AtlasSpan *not_forked)
{
  *not_forked = allocation->not_forked;
  if (!atlas_take_mapped ("madvise", allocation, range))
    return false;
  if (advice != MADV_DONTFORK
      || atlas_span_join (not_forked,
                          &(AtlasSpan){ range->address, range->address + range->length }))
    return true;
  atlas_answer_refuse ("madvise", "another part of ", allocation->name,
                       " is not inherited already, and the two do not meet", NULL);
  return false;
}

static void
advise (const AtlasPages *pages, const AtlasRange *range, int advice)
{
  AtlasSpan not_forked;
  int result;

  if (!take_advice (pages->allocation, range, advice, &not_forked))
    return;
  atlas_faults_begin ();
  result = madvise (range->address, range->length, advice);
  atlas_faults_end ();
  note_advice (pages, &not_forked, advice, result == 0);
  if (result != 0)
    {
      atlas_answer_fail (errno, "madvise");
      return;
    }
  atlas_answer_ok ();
  atlas_answer_address ("address", range->address);
  atlas_answer_number ("length", range->length);
}

void
atlas_run_madvise (const AtlasWords *words)
{
  AtlasAllocation *allocation = atlas_take_allocation ("madvise", words->words[1]);
  const AtlasLabWord *advice = atlas_lab_word_find (atlas_lab_advice, words->words[2]);
  AtlasWords rest = atlas_words_after (words, 3);
  AtlasPages pages;
  AtlasRange range;

  if (allocation == NULL)
    return;
  if (advice == NULL)
    atlas_answer_refuse ("madvise", "\"", words->words[2],
                         "\" is no advice known here; see help madvise", NULL);
  else if (atlas_take_pages ("madvise", &rest, allocation, &pages)
           && atlas_take_inner ("madvise", &pages, &range))
    advise (&pages, &range, advice->value);
}

static void
write_run (Run *run)
{
  if (run->n_pages == 0)
    return;
  if (!run->first)
    atlas_output_text (",");
  atlas_output_number (run->n_pages);
  atlas_output_text (run->state ? "x1" : "x0");
  run->n_pages = 0;
  run->first = false;
}

static void
add_to_run (Run *run, int state)
{
  if (run->state != state)
    write_run (run);
  run->state = state;
  run->n_pages++;
}

/* Asks about the part of @range from byte @done on that the buffer has room for, into states; gives
 * its length, or 0 when that fails. */
static size_t
ask_part (const AtlasRange *range, size_t done)
{
  const size_t most = sizeof states * atlas_page_size;
  const size_t left = range->length - done;
  const size_t length = left < most ? left : most;

  return mincore (range->address + done, length, states) == 0 ? length : 0;
}

static int
ask (const AtlasRange *range, size_t *resident)
{
  *resident = 0;
  for (size_t done = 0, length; done < range->length; done += length)
    {
      length = ask_part (range, done);
      if (length == 0)
        return -1;
      for (size_t i = 0; i < length / atlas_page_size; i++)
        *resident += states[i] & 1;
    }
  return 0;
}

/* How many came before which, and the answer may be longer than any buffer: so what did not fit
 * into one is asked again. */
static void
answer_map (const AtlasRange *range)
{
  const bool is_known = range->length <= sizeof states * atlas_page_size;
  Run run = { .first = true };

  atlas_output_text (" map=");
  for (size_t done = 0, length; done < range->length; done += length)
    {
      length = is_known ? range->length : ask_part (range, done);
      if (length == 0)
        break;
      for (size_t i = 0; i < length / atlas_page_size; i++)
        add_to_run (&run, states[i] & 1);
    }
  write_run (&run);
  if (run.first)
    atlas_output_text ("none");
}

void
atlas_run_mincore (const AtlasWords *words)
{
  AtlasAllocation *allocation = atlas_take_allocation ("mincore", words->words[1]);
  AtlasPages pages;
  AtlasRange range;
  size_t resident;
  int result;

  if (allocation == NULL)
    return;
  pages = (AtlasPages){ allocation, 0, atlas_allocation_count_pages (allocation) };
  range = atlas_pages_get_outer (&pages);
  memset (states, 0, sizeof states);
  atlas_faults_begin ();
  result = ask (&range, &resident);
  atlas_faults_end ();
  if (result != 0)
    {
      atlas_answer_fail (errno, "mincore");
      return;
    }
  atlas_answer_ok ();
  atlas_answer_number ("pages", pages.end);
  atlas_answer_number ("resident", resident);
  answer_map (&range);
}
