/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SIGSEGV and SIGBUS that a command raises by its own access are part of the experiment: they are
 * caught, answered, and the process lives on. Elsewhere they end it as usual. */

#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "atlas-allocation.h"

#define ATLAS_TRAP_STACK_SIZE (32 * 1024)

typedef struct
{
  int signal, code; /* SIGSEGV, SEGV_ACCERR */
  char *address;    /* of the access */
} AtlasTrap;

/* Catches the signals from now on, on an alternate stack of the calling thread's: @stack, of
 * ATLAS_TRAP_STACK_SIZE bytes. */
void atlas_trap_init (void);
void atlas_trap_use_stack (void *stack);
/* No more, since it goes. */
void atlas_trap_drop_stack (void);

/* Does @work and counts its page faults. False if a signal ended it. */
bool atlas_trap_run (void (*work) (void *data), void *data, AtlasTrap *trap);
/* The same, not counted. */
bool atlas_trap_try (void (*work) (void *data), void *data, AtlasTrap *trap);

/* "no permission at 0x7f… (SEGV_ACCERR), page 0 of a"; @allocation may be NULL. */
void atlas_trap_answer (const char *call, const AtlasTrap *trap, const AtlasAllocation *allocation);
