/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is done to mappings that are there: munmap, mremap, mprotect. The table follows what the
 * kernel did. */

#include "atlas-command.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "atlas-answer.h"
#include "atlas-arguments.h"
#include "atlas-faults.h"
#include "atlas-output.h"
#include "atlas-protection.h"

static void
answer_range (const AtlasRange *range)
{
  atlas_answer_ok ();
  atlas_answer_address ("address", range->address);
  atlas_answer_number ("length", range->length);
}

/* "a.2", "a.3": the first that is free; false if it would be too long. */
static bool
find_name (const char *name, char rest[ATLAS_NAME_SIZE])
{
  char number[ATLAS_NUMBER_SIZE];

  for (unsigned n = 2;; n++)
    {
      atlas_number_text (n, number);
      if (strlen (name) + 1 + strlen (number) >= ATLAS_NAME_SIZE)
        return false;
      strcpy (rest, name);
      strcat (rest, ".");
      strcat (rest, number);
      if (atlas_allocation_find (rest) == NULL)
        return true;
    }
}

/* A name and a place for what is behind a hole in @name. */
static bool
take_rest (const char *name, char rest[ATLAS_NAME_SIZE])
{
  if (!find_name (name, rest))
    {
      atlas_answer_refuse ("munmap", "what is behind the hole would be called ", name,
                           ".2 or the like, and that is too long", NULL);
      return false;
    }
  return atlas_take_new_name ("munmap", rest);
}

static void
cut_to (AtlasAllocation *allocation, char *address, size_t length)
{
  size_t lost = (size_t) (address - allocation->address);

  allocation->address = address;
  allocation->size = allocation->size > lost ? allocation->size - lost : 0;
  allocation->length = length;
  if (allocation->size > length)
    allocation->size = length;
}

/* The table, after @range of a mapping is gone. @rest: the name of what is behind it. */
static void
forget_range (AtlasAllocation *allocation, const AtlasRange *range, const char *rest)
{
  char *end = allocation->address + allocation->length;
  char *hole_end = range->address + range->length;
  size_t before = (size_t) (range->address - allocation->address);
  AtlasAllocation behind = *allocation;

  if (range->address == allocation->address && hole_end >= end)
    {
      atlas_allocation_remove (allocation);
      return;
    }
  if (before == 0)
    {
      cut_to (allocation, hole_end, (size_t) (end - hole_end));
      return;
    }
  cut_to (allocation, allocation->address, before);
  if (hole_end >= end)
    return;
  cut_to (&behind, hole_end, (size_t) (end - hole_end));
  atlas_allocation_add (rest, &behind);
}

static int
do_munmap (const AtlasRange *range)
{
  int result;

  atlas_faults_begin ();
  result = munmap (range->address, range->length);
  atlas_faults_end ();
  return result;
}

/* Whether it goes on both before and behind. */
static bool
makes_hole (const AtlasPages *pages)
{
  return pages->first > 0 && pages->end < atlas_allocation_count_pages (pages->allocation);
}

static void
unmap_mapping (const AtlasPages *pages)
{
  AtlasRange range = atlas_pages_get_outer (pages);
  char rest[ATLAS_NAME_SIZE] = "";

  if (!atlas_take_mapped ("munmap", pages->allocation, &range)
      || (makes_hole (pages) && !take_rest (pages->allocation->name, rest)))
    return;
  if (do_munmap (&range) != 0)
    {
      atlas_answer_fail (errno, "munmap");
      return;
    }
  forget_range (pages->allocation, &range, rest);
  answer_range (&range);
  if (*rest != '\0')
    atlas_answer_word ("rest", rest);
}

/* Whole pages inside other memory: it keeps its name, but can't be freed any more. One hole is kept
 * track of. */
static void
unmap_inside (const AtlasPages *pages)
{
  AtlasAllocation *allocation = pages->allocation;
  AtlasSpan hole = allocation->hole;
  AtlasRange range;

  if (!atlas_take_inner ("munmap", pages, &range)
      || !atlas_take_mapped ("munmap", allocation, &range))
    return;
  if (!atlas_span_join (&hole, &(AtlasSpan){ range.address, range.address + range.length }))
    {
      atlas_answer_refuse ("munmap", "there is a hole in ", allocation->name,
                           " already; it can grow, but there can be no other", NULL);
      return;
    }
  if (do_munmap (&range) != 0)
    {
      atlas_answer_fail (errno, "munmap");
      return;
    }
  allocation->hole = hole;
  answer_range (&range);
}

void
atlas_run_munmap (const AtlasWords *words)
{
  AtlasAllocation *allocation = atlas_take_allocation ("munmap", words->words[1]);
  AtlasWords rest = atlas_words_after (words, 2);
  AtlasPages pages;

  if (allocation == NULL || !atlas_take_pages ("munmap", &rest, allocation, &pages))
    return;
  if (allocation->origin == ATLAS_FROM_MMAP)
    unmap_mapping (&pages);
  else
    unmap_inside (&pages);
}

static void
answer_remapped (const AtlasAllocation *allocation, const char *old)
{
  atlas_answer_ok ();
  atlas_answer_address ("address", allocation->address);
  atlas_answer_number ("size", allocation->size);
  atlas_answer_number ("length", allocation->length);
  atlas_answer_word ("moved", allocation->address != old ? "yes" : "no");
}

static void
remap (AtlasAllocation *allocation, size_t size, int flags)
{
  char *old = allocation->address;
  char *memory;

  atlas_faults_begin ();
  memory = mremap (old, allocation->length, size, flags);
  atlas_faults_end ();
  if (memory == MAP_FAILED)
    {
      atlas_answer_fail (errno, "mremap");
      return;
    }
  allocation->address = memory;
  allocation->size = size;
  allocation->length = (size + allocation->unit - 1) / allocation->unit * allocation->unit;
  if (!atlas_span_is_empty (&allocation->not_forked))
    allocation->not_forked = (AtlasSpan){ memory, memory + allocation->length };
  answer_remapped (allocation, old);
}

void
atlas_run_mremap (const AtlasWords *words)
{
  AtlasAllocation *allocation = atlas_take_allocation ("mremap", words->words[1]);
  bool may_move = words->n_words == 4;
  size_t size;

  if (allocation == NULL || !atlas_take_size ("mremap", words->words[2], &size))
    return;
  if (may_move && strcmp (words->words[3], "maymove") != 0)
    atlas_answer_refuse ("mremap", "\"", words->words[3], "\": here only \"maymove\" may stand",
                         NULL);
  else if (allocation->origin != ATLAS_FROM_MMAP)
    atlas_answer_refuse ("mremap", allocation->name,
                         " is not from mmap; realloc resizes what is "
                         "from malloc",
                         NULL);
  else if (atlas_take_mapped ("mremap", allocation,
                              &(AtlasRange){ allocation->address, allocation->length }))
    remap (allocation, size, may_move ? MREMAP_MAYMOVE : 0);
}

/* Memory of malloc's must be all readable and writable again before it can be freed. A call that
 * failed may have gone half the way. */
static void
note_protection (const AtlasPages *pages, int protection, bool done)
{
  const int needed = PROT_READ | PROT_WRITE;

  if ((protection & needed) != needed)
    pages->allocation->hurt |= ATLAS_HURT_PROTECTED;
  else if (done && atlas_pages_are_all (pages))
    pages->allocation->hurt &= ~(unsigned) ATLAS_HURT_PROTECTED;
}

void
atlas_run_mprotect (const AtlasWords *words)
{
  AtlasAllocation *allocation = atlas_take_allocation ("mprotect", words->words[1]);
  AtlasWords rest = atlas_words_after (words, 3);
  AtlasPages pages;
  AtlasRange range;
  int protection;
  int result;

  if (allocation == NULL || !atlas_take_protection ("mprotect", words->words[2], &protection)
      || !atlas_take_pages ("mprotect", &rest, allocation, &pages)
      || !atlas_take_inner ("mprotect", &pages, &range)
      || !atlas_take_mapped ("mprotect", allocation, &range))
    return;
  atlas_faults_begin ();
  result = mprotect (range.address, range.length, protection);
  atlas_faults_end ();
  note_protection (&pages, protection, result == 0);
  if (result != 0)
    atlas_answer_fail (errno, "mprotect");
  else
    answer_range (&range);
}
