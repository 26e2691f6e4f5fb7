/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading words and saying what is wrong with them. */

#include "atlas-arguments.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "atlas-answer.h"
#include "atlas-lab-words.h"
#include "atlas-output.h"

bool
atlas_take_new_name (const char *call, const char *name)
{
  if (!atlas_name_is_valid (name))
    atlas_answer_refuse (call, "\"", name,
                         "\" is no name: letters, digits, _ - . and at most 31, no - first", NULL);
  else if (atlas_allocation_find (name) != NULL)
    atlas_answer_refuse (call, "there is an allocation called ", name, " already", NULL);
  else if (atlas_allocation_is_full ())
    atlas_answer_refuse (call, "there are 1024 allocations already, and no room for more", NULL);
  else
    return true;
  return false;
}

AtlasAllocation *
atlas_take_allocation (const char *call, const char *name)
{
  AtlasAllocation *allocation = atlas_allocation_find (name);

  if (allocation == NULL)
    atlas_answer_refuse (call, "no allocation is called \"", name, "\"", NULL);
  return allocation;
}

AtlasAllocation *
atlas_take_malloced (const char *call, const char *name)
{
  AtlasAllocation *allocation = atlas_take_allocation (call, name);

  if (allocation == NULL || allocation->origin == ATLAS_FROM_MALLOC)
    return allocation;
  atlas_answer_refuse (call, name, " is not from malloc but from ", allocation->call,
                       allocation->origin == ATLAS_FROM_MMAP ? "; munmap gives it back"
                                                             : "; a negative sbrk gives it back",
                       NULL);
  return NULL;
}

bool
atlas_take_size (const char *call, const char *word, size_t *size)
{
  uint64_t bytes;

  if (atlas_lab_size_parse (word, atlas_page_size, &bytes) && bytes <= SIZE_MAX)
    {
      *size = (size_t) bytes;
      return true;
    }
  atlas_answer_refuse (call, "\"", word, "\" is no size: write 131072, 100K, 1.5MiB, 64p", NULL);
  return false;
}

bool
atlas_take_number (const char *call, const char *word, size_t most, size_t *number)
{
  char text[ATLAS_NUMBER_SIZE];
  uint64_t value = 0;
  const char *p = word;

  for (; *p >= '0' && *p <= '9' && value <= most; p++)
    value = value * 10 + (uint64_t) (*p - '0');
  if (p > word && *p == '\0' && value <= most)
    {
      *number = (size_t) value;
      return true;
    }
  atlas_answer_refuse (call, "\"", word, "\" is no number from 0 to ",
                       atlas_number_text (most, text), NULL);
  return false;
}

bool
atlas_take_pages (const char *call,
                  const AtlasWords *words,
                  AtlasAllocation *allocation,
                  AtlasPages *pages)
{
  size_t n_pages = atlas_allocation_count_pages (allocation);
  char text[ATLAS_NUMBER_SIZE];

  *pages = (AtlasPages){ allocation, 0, n_pages };
  if (words->n_words == 0)
    return true;
  if (words->n_words != 4 || strcmp (words->words[0], "from") != 0
      || strcmp (words->words[2], "to") != 0)
    {
      atlas_answer_refuse (call, "\"", words->words[0], "\": here only \"from A to B\" may stand",
                           NULL);
      return false;
    }
  if (!atlas_take_number (call, words->words[1], SIZE_MAX / 16, &pages->first)
      || !atlas_take_number (call, words->words[3], SIZE_MAX / 16, &pages->end))
    return false;
  if (pages->first < pages->end && pages->end <= n_pages)
    return true;
  atlas_answer_refuse (call, "no pages from ", words->words[1], " to ", words->words[3], ": ",
                       allocation->name, " has ", atlas_number_text (n_pages, text),
                       ", the last one named is not included", NULL);
  return false;
}

AtlasRange
atlas_pages_get_outer (const AtlasPages *pages)
{
  return (AtlasRange){ atlas_allocation_get_page (pages->allocation, pages->first),
                       (pages->end - pages->first) * atlas_page_size };
}

/* Where a page begins, at @address or next to it: behind, or before. */
static char *
round_up (char *address)
{
  return (char *) (((uintptr_t) address + atlas_page_size - 1) / atlas_page_size * atlas_page_size);
}

static char *
round_down (char *address)
{
  return (char *) ((uintptr_t) address / atlas_page_size * atlas_page_size);
}

bool
atlas_take_inner (const char *call, const AtlasPages *pages, AtlasRange *range)
{
  const AtlasAllocation *allocation = pages->allocation;
  AtlasRange outer = atlas_pages_get_outer (pages);
  char *least = round_up (allocation->address);
  char *most = round_down (allocation->address + allocation->length);
  char *start = outer.address > least ? outer.address : least;
  char *end = outer.address + outer.length < most ? outer.address + outer.length : most;

  if (allocation->origin == ATLAS_FROM_MMAP)
    *range = outer;
  else if (start < end)
    *range = (AtlasRange){ start, (size_t) (end - start) };
  else
    {
      atlas_answer_refuse (call, "no whole page lies inside ", allocation->name, " there", NULL);
      return false;
    }
  return true;
}

bool
atlas_take_mapped (const char *call, const AtlasAllocation *allocation, const AtlasRange *range)
{
  const AtlasSpan span = { range->address, range->address + range->length };

  if (!atlas_span_meets (&allocation->hole, &span))
    return true;
  atlas_answer_refuse (call, "a part of ", allocation->name, " there is unmapped", NULL);
  return false;
}

/* Has the kernel read there: it says EFAULT where that can't be, and else that the request, which
 * is none, is wrong. */
static bool
is_readable (const char *address)
{
  const int no_request = -1;

  return syscall (SYS_rt_sigprocmask, no_request, address, NULL, 8) != 0 && errno != EFAULT;
}

bool
atlas_take_access (const char *call, const AtlasAllocation *allocation, const AtlasRange *range)
{
  const AtlasSpan span = { range->address, range->address + range->length };
  const AtlasSpan *hole = &allocation->hole;
  char text[ATLAS_NUMBER_SIZE];

  for (char *page = hole->start; page < hole->end; page += atlas_page_size)
    {
      const AtlasSpan one = { page, page + atlas_page_size };

      if (!atlas_span_meets (&one, &span) || !is_readable (page))
        continue;
      atlas_answer_error ("EFAULT", call, "something else is mapped at ",
                          atlas_hex_text ((uintptr_t) page, text), ", where ", allocation->name,
                          " was unmapped", NULL);
      return false;
    }
  return true;
}

bool
atlas_pages_are_all (const AtlasPages *pages)
{
  return pages->first == 0 && pages->end == atlas_allocation_count_pages (pages->allocation);
}
