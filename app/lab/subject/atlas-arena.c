/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Read from the chunk's header, which lies before the memory: glibc's malloc.c, "flag bits" of the
 * size, and arena.c, heap_info. */

#include "atlas-arena.h"

#include <stdint.h>
#include <string.h>

#include "atlas-output.h"
#include "atlas-trap.h"

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)
#define IS_MMAPPED 2
#define NON_MAIN_ARENA 4
/* HEAP_MAX_SIZE: a thread's heap begins at a multiple of it, with the address of its arena. */
#define HEAP_MAX_SIZE ((uintptr_t) (sizeof (long) == 8 ? 64 : 1) << 20)

typedef struct
{
  const uintptr_t *heap;
  uintptr_t arena;
} Look;

static void
look (void *data)
{
  Look *self = data;

  self->arena = *(const volatile uintptr_t *) self->heap;
}

const char *
atlas_arena_name (const void *memory, char name[ATLAS_ARENA_NAME_SIZE])
{
  const size_t size = ((const size_t *) memory)[-1];
  Look self = { (const uintptr_t *) ((uintptr_t) memory / HEAP_MAX_SIZE * HEAP_MAX_SIZE), 0 };
  AtlasTrap trap;

  if (size & IS_MMAPPED)
    return strcpy (name, "mmap");
  if (!(size & NON_MAIN_ARENA))
    return strcpy (name, "main");
  /* glibc told to use huge pages of its own has heaps of another size */
  if (!atlas_trap_try (look, &self, &trap))
    return strcpy (name, "unknown");
  return atlas_hex_text (self.arena, name);
}
#else
const char *
atlas_arena_name (const void *memory, char name[ATLAS_ARENA_NAME_SIZE])
{
  return strcpy (name, "unknown");
}
#endif
