/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reads the program's text, writes to its data, uses some stack, and goes once through what
 * surrounds each command, and through what is said of a failed one: a call that is refused costs
 * nothing then.
 *
 * Of the C library, all that is never written is read. The kernel maps it 64 KiB at a time, aligned
 * by the address, which differs in each process; so it would be chance which command brings a piece
 * of it into memory: a malloc that fails goes other ways than one that does not. Its data is left
 * as it is, and nothing of it is called that is not made for commands: what a first malloc writes
 * is true. */

#include "atlas-warm-up.h"

#include <errno.h>
#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "atlas-allocation.h"
#include "atlas-answer.h"
#include "atlas-faults.h"
#include "atlas-trap.h"

#define STACK_SIZE (64 * 1024)
/* As much as the variant of memset for large areas takes. */
#define ROOM_SIZE 8192

/* What has been made read-only once addresses were entered (RELRO); whole pages. */
typedef struct
{
  uintptr_t start, end;
} Sealed;

/* Between variables, too, where a sanitizer has them fenced. */
static __attribute__ ((no_sanitize_address)) void
read_pages (const volatile char *start, size_t size)
{
  for (size_t i = 0; i < size; i += atlas_page_size)
    (void) start[i];
}

/* A page of .bss that was only read is the kernel's page of zeros: it would be in no resident
 * counter until a command writes to it, and then count as that command's. */
static __attribute__ ((no_sanitize_address)) void
write_pages (volatile char *start, size_t size, const Sealed *sealed)
{
  for (size_t i = 0; i < size; i += atlas_page_size)
    {
      uintptr_t address = (uintptr_t) start + i;

      if (address < sealed->start || address >= sealed->end)
        start[i] = start[i];
    }
}

static Sealed
find_sealed (const struct dl_phdr_info *object)
{
  Sealed sealed = { 0, 0 };

  for (int i = 0; i < object->dlpi_phnum; i++)
    {
      const ElfW (Phdr) *segment = &object->dlpi_phdr[i];
      uintptr_t start = object->dlpi_addr + segment->p_vaddr;

      if (segment->p_type != PT_GNU_RELRO)
        continue;
      sealed.start = start / atlas_page_size * atlas_page_size;
      sealed.end = (start + segment->p_memsz) / atlas_page_size * atlas_page_size;
    }
  return sealed;
}

/* From where a page begins, so that the last one of a segment is not left out. */
static void
use_segment (const ElfW (Phdr) * segment, uintptr_t address, const Sealed *sealed)
{
  size_t before = address % atlas_page_size;
  volatile char *start = (volatile char *) (address - before);

  read_pages (start, segment->p_memsz + before);
  if (segment->p_flags & PF_W)
    write_pages (start, segment->p_memsz + before, sealed);
}

/* The first object is the program; what the others write to is theirs. */
static int
use_object_cb (struct dl_phdr_info *object, size_t size, void *user)
{
  const Sealed sealed = find_sealed (object);
  bool *is_library = user;

  for (int i = 0; i < object->dlpi_phnum; i++)
    {
      const ElfW (Phdr) *segment = &object->dlpi_phdr[i];
      const bool is_ours = !*is_library || (segment->p_flags & PF_W) == 0;

      if (segment->p_type == PT_LOAD && segment->p_flags & PF_R && is_ours)
        use_segment (segment, object->dlpi_addr + segment->p_vaddr, &sealed);
    }
  *is_library = true;
  return 0;
}

static __attribute__ ((noinline)) void
use_stack (void)
{
  volatile char room[STACK_SIZE];

  for (size_t i = 0; i < sizeof room; i += atlas_page_size)
    room[i] = 0;
}

static void
do_little (void *data)
{
  memset (data, 0, ROOM_SIZE);
}

/* The texts of errors lie in the C library. */
static void
practise_failing (void)
{
  static const int errors[] = { EPERM, ENOMEM, EINVAL };

  atlas_answer_begin ();
  for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
    atlas_answer_fail (errors[i], "warm-up");
  atlas_answer_forget ();
}

void
atlas_warm_up (void)
{
  static char room[ROOM_SIZE];
  bool is_library = false;
  AtlasTrap trap;

  dl_iterate_phdr (use_object_cb, &is_library);
  use_stack ();
  practise_failing ();
  atlas_faults_reset ();
  atlas_trap_run (do_little, room, &trap);
}
