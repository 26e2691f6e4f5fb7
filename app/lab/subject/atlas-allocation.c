/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The table of allocations, without a gap, in the order in which they were made. */

#include "atlas-allocation.h"

#include <stdint.h>
#include <string.h>

size_t atlas_page_size;

static AtlasAllocation table[ATLAS_MOST_ALLOCATIONS];
static size_t n_rows;

static bool
is_name_byte (char c)
{
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'
         || c == '-' || c == '.';
}

bool
atlas_name_is_valid (const char *name)
{
  size_t length = strlen (name);

  if (length == 0 || length >= ATLAS_NAME_SIZE || *name == '-')
    return false;
  for (; *name != '\0'; name++)
    if (!is_name_byte (*name))
      return false;
  return true;
}

AtlasAllocation *
atlas_allocation_find (const char *name)
{
  for (size_t i = 0; i < n_rows; i++)
    if (strcmp (table[i].name, name) == 0)
      return &table[i];
  return NULL;
}

size_t
atlas_allocation_count (void)
{
  return n_rows;
}

AtlasAllocation *
atlas_allocation_get (size_t index)
{
  return &table[index];
}

bool
atlas_allocation_is_full (void)
{
  return n_rows == ATLAS_MOST_ALLOCATIONS;
}

AtlasAllocation *
atlas_allocation_add (const char *name, const AtlasAllocation *allocation)
{
  AtlasAllocation *row = &table[n_rows++];

  *row = *allocation;
  strcpy (row->name, name);
  return row;
}

void
atlas_allocation_remove (AtlasAllocation *allocation)
{
  size_t n_behind = (size_t) (table + n_rows - (allocation + 1));

  memmove (allocation, allocation + 1, n_behind * sizeof *allocation);
  n_rows--;
}

static char *
page_of (const char *address)
{
  return (char *) ((uintptr_t) address / atlas_page_size * atlas_page_size);
}

size_t
atlas_allocation_count_pages (const AtlasAllocation *allocation)
{
  const char *end = allocation->address + allocation->length;

  if (allocation->length == 0)
    return 0;
  return (size_t) (page_of (end - 1) - page_of (allocation->address)) / atlas_page_size + 1;
}

char *
atlas_allocation_get_page (const AtlasAllocation *allocation, size_t index)
{
  return page_of (allocation->address) + index * atlas_page_size;
}

size_t
atlas_allocation_find_page (const AtlasAllocation *allocation, const char *address)
{
  return (size_t) (page_of (address) - page_of (allocation->address)) / atlas_page_size;
}

bool
atlas_allocation_holds (const AtlasAllocation *allocation, const char *address)
{
  return address >= allocation->address && address < allocation->address + allocation->length;
}

bool
atlas_span_is_empty (const AtlasSpan *span)
{
  return span->start == span->end;
}

bool
atlas_span_meets (const AtlasSpan *span, const AtlasSpan *other)
{
  return span->start < other->end && other->start < span->end;
}

bool
atlas_span_join (AtlasSpan *span, const AtlasSpan *other)
{
  if (atlas_span_is_empty (span))
    *span = *other;
  if (other->start > span->end || span->start > other->end)
    return false;
  if (other->start < span->start)
    span->start = other->start;
  if (other->end > span->end)
    span->end = other->end;
  return true;
}

void
atlas_allocation_notice_fork (void)
{
  for (size_t i = 0; i < n_rows; i++)
    {
      AtlasSpan *hole = &table[i].hole;
      AtlasSpan lost = table[i].not_forked;

      if (atlas_span_is_empty (&lost) || atlas_span_join (hole, &lost))
        continue;
      /* two holes are taken for one: more is refused than need be */
      hole->start = lost.start < hole->start ? lost.start : hole->start;
      hole->end = lost.end > hole->end ? lost.end : hole->end;
    }
}
