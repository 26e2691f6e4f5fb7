/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What keeps experiments from harming the rest of the machine. */

#pragma once

#include <stdint.h>
#include <sys/types.h>

#define ATLAS_ADDRESS_SPACE_DEFAULT UINT64_MAX
#define ATLAS_ADDRESS_SPACE_UNLIMITED (UINT64_MAX - 1)

/* Ends with the thread that forked this process, however that ends. @parent: who that was when this
 * was started; if it is another by now, the process ends at once. */
void atlas_protect_die_with (pid_t parent);

/* No core file, first to be killed when memory runs out, no new privileges, and at most
 * @address_space bytes of address space: by default the smaller of 1 GiB and a quarter of what is
 * available. A limit that is lower already stays. Errors: a text, else NULL. */
const char *atlas_protect_machine (uint64_t address_space);
