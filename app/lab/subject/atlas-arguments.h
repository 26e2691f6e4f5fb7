/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What commands take: names, sizes, numbers, pages. Each function refuses what is wrong, in the
 * name of @call, and then gives false or NULL: the command has nothing more to do. */

#pragma once

#include "atlas-allocation.h"
#include "atlas-line.h"

/* Some pages of an allocation. */
typedef struct
{
  AtlasAllocation *allocation;
  size_t first, end; /* pages, the end not included */
} AtlasPages;

typedef struct
{
  char *address;
  size_t length;
} AtlasRange;

/* A name that may be given to something new, with room for it in the table. */
bool atlas_take_new_name (const char *call, const char *name);
AtlasAllocation *atlas_take_allocation (const char *call, const char *name);
/* The same, and it came from malloc, calloc, realloc or aligned_alloc. */
AtlasAllocation *atlas_take_malloced (const char *call, const char *name);

bool atlas_take_size (const char *call, const char *word, size_t *size);
bool atlas_take_number (const char *call, const char *word, size_t most, size_t *number);

/* "from A to B" at @words, which may not be there: then all of them. */
bool atlas_take_pages (const char *call,
                       const AtlasWords *words,
                       AtlasAllocation *allocation,
                       AtlasPages *pages);

/* The memory of whole pages: all that hold @pages, or, for memory that is not of mmap's, only those
 * that lie inside of it, so that nothing of its neighbours is touched. */
AtlasRange atlas_pages_get_outer (const AtlasPages *pages);
/* Refuses when there is no such page. */
bool atlas_take_inner (const char *call, const AtlasPages *pages, AtlasRange *range);
/* Refuses when a part of @range has been unmapped: what is there now may be another's. */
bool
atlas_take_mapped (const char *call, const AtlasAllocation *allocation, const AtlasRange *range);
/* Refuses when access to @range would be to what another has mapped into a hole of @allocation. To
 * an empty hole it is allowed, and raises a signal. */
bool
atlas_take_access (const char *call, const AtlasAllocation *allocation, const AtlasRange *range);
bool atlas_pages_are_all (const AtlasPages *pages);
