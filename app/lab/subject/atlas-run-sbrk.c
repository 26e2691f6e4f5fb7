/* SPDX-License-Identifier: GPL-3.0-or-later */

/* sbrk. malloc moves the same break, and aborts when it finds it below its own memory: what is
 * given back must be what sbrk got, and last. */

#include "atlas-command.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "atlas-answer.h"
#include "atlas-arguments.h"
#include "atlas-faults.h"
#include "atlas-output.h"

static char *
do_sbrk (intptr_t increment)
{
  char *old;

  atlas_faults_begin ();
  old = sbrk (increment);
  atlas_faults_end ();
  if (old == (char *) -1)
    atlas_answer_fail (errno, "sbrk");
  return old;
}

static void
answer_break (const char *old, intptr_t increment)
{
  atlas_answer_ok ();
  atlas_answer_address ("address", old);
  atlas_answer_address ("break", old + increment);
}

static AtlasAllocation *
find_last (const char *end)
{
  for (size_t i = 0; i < atlas_allocation_count (); i++)
    {
      AtlasAllocation *allocation = atlas_allocation_get (i);

      if (allocation->origin == ATLAS_FROM_SBRK && allocation->address + allocation->size == end)
        return allocation;
    }
  return NULL;
}

/* How much lies before the break that sbrk got, and is all there. */
static size_t
measure_returnable (const char *end)
{
  size_t total = 0;
  const AtlasAllocation *last;

  while ((last = find_last (end - total)) != NULL && atlas_span_is_empty (&last->hole))
    total += last->size;
  return total;
}

static void
forget (const char *end, size_t size)
{
  AtlasAllocation *last;

  while (size > 0 && (last = find_last (end)) != NULL)
    {
      size_t step = last->size < size ? last->size : size;

      last->size -= step;
      last->length = last->size;
      end -= step;
      size -= step;
      if (last->size == 0)
        atlas_allocation_remove (last);
    }
}

/* How much may be given back: of all that sbrk got, or of what it got by the name of @name. */
static size_t
get_most (const char *name, const char *end)
{
  const AtlasAllocation *last;

  if (name == NULL)
    return measure_returnable (end);
  last = find_last (end);
  return last != NULL && strcmp (last->name, name) == 0 && atlas_span_is_empty (&last->hole)
             ? last->size
             : 0;
}

/* @name may be NULL. */
static void
give_back (const char *name, size_t size)
{
  size_t most = get_most (name, sbrk (0));
  char number[ATLAS_NUMBER_SIZE];
  char *old;

  if (name != NULL && atlas_take_allocation ("sbrk", name) == NULL)
    return;
  if (size > most)
    {
      atlas_answer_refuse ("sbrk", "right before the break lie ", atlas_number_text (most, number),
                           " bytes that sbrk got", name != NULL ? " as " : "",
                           name != NULL ? name : "", ", and no more can be given back", NULL);
      return;
    }
  old = do_sbrk (-(intptr_t) size);
  if (old == (char *) -1)
    return;
  forget (old, size);
  answer_break (old, -(intptr_t) size);
}

static void
grow (const char *name, size_t size)
{
  char *old;

  if (!atlas_take_new_name ("sbrk", name))
    return;
  old = do_sbrk ((intptr_t) size);
  if (old == (char *) -1)
    return;
  atlas_allocation_add (name, &(AtlasAllocation){ .call = "sbrk",
                                                  .origin = ATLAS_FROM_SBRK,
                                                  .address = old,
                                                  .size = size,
                                                  .length = size,
                                                  .unit = 1 });
  answer_break (old, (intptr_t) size);
}

/* Nothing, to learn where the break is. */
static void
ask (void)
{
  char *old = do_sbrk (0);

  if (old != (char *) -1)
    answer_break (old, 0);
}

/* sbrk ID SIZE | sbrk -SIZE | sbrk ID -SIZE | sbrk -- -SIZE | sbrk 0 */
void
atlas_run_sbrk (const AtlasWords *words)
{
  const char *amount = words->words[words->n_words - 1];
  const char *name = words->n_words == 3 ? words->words[1] : NULL;
  bool negative = *amount == '-';
  size_t size;

  if (name != NULL && strcmp (name, "--") == 0)
    name = NULL;
  if (!atlas_take_size ("sbrk", amount + (negative || *amount == '+'), &size))
    return;
  if (size > INTPTR_MAX)
    atlas_answer_refuse ("sbrk", amount, " is more than sbrk takes", NULL);
  else if (size == 0)
    ask ();
  else if (negative)
    give_back (name, size);
  else if (name == NULL)
    atlas_answer_refuse ("sbrk", "new memory needs a name: sbrk ID ", amount, NULL);
  else
    grow (name, size);
}
