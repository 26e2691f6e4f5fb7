/* SPDX-License-Identifier: GPL-3.0-or-later */

/* malloc and its family. What would have free or realloc crash is refused: an abort of the C
 * library's can't be caught. */

#include "atlas-command.h"

#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>

#include "atlas-answer.h"
#include "atlas-arena.h"
#include "atlas-arguments.h"
#include "atlas-heap.h"
#include "atlas-trap.h"

/* One call of the family, and what came of it. */
typedef struct
{
  enum
  {
    MALLOC,
    CALLOC,
    REALLOC,
    ALIGNED_ALLOC,
    FREE
  } which;
  void *old;
  size_t first, second; /* arguments */
  void *result;
  int error;
} Call;

static void
do_call (void *data)
{
  Call *call = data;

  errno = 0;
  if (call->which == MALLOC)
    call->result = malloc (call->first);
  else if (call->which == CALLOC)
    call->result = calloc (call->first, call->second);
  else if (call->which == REALLOC)
    call->result = realloc (call->old, call->first);
  else if (call->which == ALIGNED_ALLOC)
    call->result = aligned_alloc (call->first, call->second);
  else
    free (call->old);
  call->error = errno;
}

/* False if it has been answered that it failed. */
static bool
run_call (const char *name, Call *call)
{
  AtlasTrap trap;

  if (!atlas_heap_is_usable (name))
    return false;
  if (!atlas_trap_run (do_call, call, &trap))
    {
      atlas_heap_give_up ();
      atlas_trap_answer (name, &trap, NULL);
    }
  else if (call->which != FREE && call->result == NULL
           && !(call->which == REALLOC && call->first == 0))
    atlas_answer_fail (call->error != 0 ? call->error : ENOMEM, name);
  else
    return true;
  return false;
}

static void
answer_memory (const AtlasAllocation *allocation)
{
  char arena[ATLAS_ARENA_NAME_SIZE];

  atlas_answer_ok ();
  atlas_answer_address ("address", allocation->address);
  atlas_answer_number ("size", allocation->size);
  atlas_answer_number ("usable", allocation->usable);
  atlas_answer_word ("arena", atlas_arena_name (allocation->address, arena));
}

/* A call that gives new memory of @size bytes for the second word. */
static void
allocate (const AtlasWords *words, Call *call, size_t size)
{
  const char *name = atlas_command_find (words->words[0])->name;

  if (!run_call (name, call))
    return;
  answer_memory (atlas_allocation_add (
      words->words[1], &(AtlasAllocation){ .call = name,
                                           .origin = ATLAS_FROM_MALLOC,
                                           .address = call->result,
                                           .size = size,
                                           .usable = malloc_usable_size (call->result),
                                           .length = size,
                                           .unit = 1 }));
}

void
atlas_run_malloc (const AtlasWords *words)
{
  Call call = { .which = MALLOC };

  if (atlas_take_new_name ("malloc", words->words[1])
      && atlas_take_size ("malloc", words->words[2], &call.first))
    allocate (words, &call, call.first);
}

/* calloc ID SIZE | calloc ID N SIZE */
void
atlas_run_calloc (const AtlasWords *words)
{
  Call call = { .which = CALLOC, .first = 1 };

  if (atlas_take_new_name ("calloc", words->words[1])
      && (words->n_words == 3
          || atlas_take_number ("calloc", words->words[2], SIZE_MAX / 16, &call.first))
      && atlas_take_size ("calloc", words->words[words->n_words - 1], &call.second))
    allocate (words, &call, call.first * call.second);
}

void
atlas_run_aligned_alloc (const AtlasWords *words)
{
  Call call = { .which = ALIGNED_ALLOC };

  if (atlas_take_new_name ("aligned_alloc", words->words[1])
      && atlas_take_size ("aligned_alloc", words->words[2], &call.first)
      && atlas_take_size ("aligned_alloc", words->words[3], &call.second))
    allocate (words, &call, call.second);
}

/* What stands in the way of giving it back to malloc, and what takes that away. */
typedef struct
{
  const char *state;
  const char *remedy, *remedy_end; /* "mprotect ID rw" */
} Obstacle;

static const Obstacle *
find_obstacle (const AtlasAllocation *allocation)
{
  static const Obstacle unmapped = { "unmapped", NULL, NULL };
  static const Obstacle is_protected = { "protected", "mprotect ", " rw" };
  static const Obstacle guarded = { "guarded", "madvise ", " guard_remove" };
  static const Obstacle not_forked = { "not inherited by children", "madvise ", " dofork" };
  static const Obstacle wiped = { "wiped in children", "madvise ", " keeponfork" };

  if (!atlas_span_is_empty (&allocation->hole))
    return &unmapped;
  if (allocation->hurt & ATLAS_HURT_PROTECTED)
    return &is_protected;
  if (allocation->hurt & ATLAS_HURT_GUARDED)
    return &guarded;
  if (!atlas_span_is_empty (&allocation->not_forked))
    return &not_forked;
  return allocation->hurt & ATLAS_HURT_WIPED ? &wiped : NULL;
}

/* Whether malloc can still use all of it: it writes into what is freed, and uses it for others. */
static bool
check_whole (const char *call, const AtlasAllocation *allocation)
{
  const Obstacle *obstacle = find_obstacle (allocation);
  const char *name = allocation->name;

  if (obstacle == NULL)
    return true;
  if (obstacle->remedy == NULL)
    atlas_answer_refuse (call, "a part of ", name, " is ", obstacle->state,
                         "; malloc would crash on it", NULL);
  else
    atlas_answer_refuse (call, "a part of ", name, " is ", obstacle->state,
                         "; malloc would crash on it; first: ", obstacle->remedy, name,
                         obstacle->remedy_end, NULL);
  return false;
}

static void
answer_moved (const AtlasAllocation *allocation, const char *old)
{
  answer_memory (allocation);
  atlas_answer_word ("moved", allocation->address != old ? "yes" : "no");
}

/* realloc to nothing frees. */
static void
answer_freed (AtlasAllocation *allocation)
{
  atlas_allocation_remove (allocation);
  atlas_answer_ok ();
  atlas_answer_address ("address", NULL);
  atlas_answer_number ("size", 0);
  atlas_answer_word ("freed", "yes");
}

void
atlas_run_realloc (const AtlasWords *words)
{
  AtlasAllocation *allocation = atlas_take_malloced ("realloc", words->words[1]);
  Call call = { .which = REALLOC };
  const char *old;

  if (allocation == NULL || !atlas_take_size ("realloc", words->words[2], &call.first)
      || !check_whole ("realloc", allocation))
    return;
  old = call.old = allocation->address;
  if (!run_call ("realloc", &call))
    return;
  if (call.result == NULL)
    {
      answer_freed (allocation);
      return;
    }
  allocation->address = call.result;
  allocation->size = allocation->length = call.first;
  allocation->usable = malloc_usable_size (call.result);
  answer_moved (allocation, old);
}

void
atlas_run_free (const AtlasWords *words)
{
  AtlasAllocation *allocation = atlas_take_malloced ("free", words->words[1]);
  Call call = { .which = FREE };

  if (allocation == NULL || !check_whole ("free", allocation))
    return;
  call.old = allocation->address;
  if (!run_call ("free", &call))
    return;
  atlas_allocation_remove (allocation);
  atlas_answer_ok ();
}

void
atlas_run_usable (const AtlasWords *words)
{
  const AtlasAllocation *allocation = atlas_take_malloced ("usable", words->words[1]);

  if (allocation == NULL)
    return;
  /* others may be mapped there by now, and some mallocs abort when asked */
  if (!atlas_span_is_empty (&allocation->hole))
    {
      atlas_answer_refuse ("usable", "a part of ", allocation->name,
                           " is unmapped; malloc can't be asked about it any more", NULL);
      return;
    }
  atlas_answer_ok ();
  atlas_answer_number ("usable", malloc_usable_size (allocation->address));
}
