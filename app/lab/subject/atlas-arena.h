/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which of malloc's arenas a piece of memory is from. */

#pragma once

#define ATLAS_ARENA_NAME_SIZE 24

/* "main", "mmap" (of its own, by mmap), the address of a thread's arena, or "unknown" where this is
 * not glibc's malloc. @memory is from malloc and in use. Gives @name. */
const char *atlas_arena_name (const void *memory, char name[ATLAS_ARENA_NAME_SIZE]);
