/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The table of what was allocated, by name. It is static and written only by commands that
 * succeeded, so it always says what is there. */

#pragma once

#include <stdbool.h>
#include <stddef.h>

#define ATLAS_MOST_ALLOCATIONS 1024
#define ATLAS_NAME_SIZE 32 /* with the NUL */

typedef enum
{
  ATLAS_FROM_MALLOC, /* freed by free */
  ATLAS_FROM_MMAP,   /* whole pages, unmapped by munmap */
  ATLAS_FROM_SBRK,   /* given back by a negative sbrk */
} AtlasOrigin;

/* What was done to whole pages inside memory of malloc's, so that it would crash on them, here or
 * in a child, when they are freed and used for others. */
typedef enum
{
  ATLAS_HURT_PROTECTED = 1 << 0, /* by mprotect */
  ATLAS_HURT_GUARDED = 1 << 1,   /* by madvise guard_install */
  ATLAS_HURT_WIPED = 1 << 2,     /* in children, by madvise wipeonfork */
} AtlasHurt;

/* Some addresses; none when both are the same. */
typedef struct
{
  char *start, *end;
} AtlasSpan;

typedef struct
{
  char name[ATLAS_NAME_SIZE];
  const char *call; /* the command it came from, a constant */
  AtlasOrigin origin;
  char *address;
  size_t size;    /* bytes that were asked for */
  size_t usable;  /* what malloc_usable_size said, for ATLAS_FROM_MALLOC */
  size_t length;  /* bytes mapped, for ATLAS_FROM_MMAP; else the size */
  size_t unit;    /* bytes of which the length is a multiple: a page, a huge page, or 1 */
  unsigned hurt;  /* AtlasHurt */
  AtlasSpan hole; /* unmapped, though the table goes on having it: others may be mapped there now */
  AtlasSpan not_forked; /* by madvise dontfork: a hole in children */
} AtlasAllocation;

/* Bytes of a page. */
extern size_t atlas_page_size;

/* Letters, digits, "_", "-" and "."; no "-" first; at most 31. */
bool atlas_name_is_valid (const char *name);

/* NULL when there is none of that name. */
AtlasAllocation *atlas_allocation_find (const char *name);
size_t atlas_allocation_count (void);
/* In the order in which they were made. */
AtlasAllocation *atlas_allocation_get (size_t index);
bool atlas_allocation_is_full (void);

/* Adds a copy of @allocation, under @name, which is valid and not in use. */
AtlasAllocation *atlas_allocation_add (const char *name, const AtlasAllocation *allocation);
void atlas_allocation_remove (AtlasAllocation *allocation);

/* The pages that hold it, or a part of it: their number, the one at @index (which may begin before
 * the allocation), and which one holds @address. */
size_t atlas_allocation_count_pages (const AtlasAllocation *allocation);
char *atlas_allocation_get_page (const AtlasAllocation *allocation, size_t index);
size_t atlas_allocation_find_page (const AtlasAllocation *allocation, const char *address);
bool atlas_allocation_holds (const AtlasAllocation *allocation, const char *address);

bool atlas_span_is_empty (const AtlasSpan *span);
bool atlas_span_meets (const AtlasSpan *span, const AtlasSpan *other);
/* False, and nothing done, if the two would not be one without a gap. */
bool atlas_span_join (AtlasSpan *span, const AtlasSpan *other);

/* What a child finds after fork: memory that was not inherited is not there. */
void atlas_allocation_notice_fork (void);
