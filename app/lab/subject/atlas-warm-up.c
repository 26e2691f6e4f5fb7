/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reads the program's text and data, uses some stack, and goes once through what surrounds each
 * command. Else the C library is left as it is: what a first malloc costs is true. */

#include "atlas-warm-up.h"

#include <link.h>
#include <stdint.h>
#include <string.h>

#include "atlas-allocation.h"
#include "atlas-faults.h"
#include "atlas-trap.h"

#define STACK_SIZE (64 * 1024)
/* As much as the variant of memset for large areas takes. */
#define ROOM_SIZE 8192

/* Between variables, too, where a sanitizer has them fenced. */
static __attribute__ ((no_sanitize_address)) void
read_pages (const volatile char *start, size_t size)
{
  for (size_t i = 0; i < size; i += atlas_page_size)
    (void) start[i];
}

/* The first object is the program. */
static int
read_object_cb (struct dl_phdr_info *object, size_t size, void *user)
{
  for (int i = 0; i < object->dlpi_phnum; i++)
    {
      const ElfW (Phdr) *segment = &object->dlpi_phdr[i];

      if (segment->p_type == PT_LOAD && segment->p_flags & PF_R)
        read_pages ((const volatile char *) (object->dlpi_addr + segment->p_vaddr),
                    segment->p_memsz);
    }
  return 1;
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

void
atlas_warm_up (void)
{
  static char room[ROOM_SIZE];
  AtlasTrap trap;

  dl_iterate_phdr (read_object_cb, NULL);
  use_stack ();
  atlas_faults_reset ();
  atlas_trap_run (do_little, room, &trap);
}
