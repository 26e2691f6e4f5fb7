/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether malloc can be called. A call of its that ended by a signal has left a lock held, and the
 * next one would wait for ever. */

#pragma once

#include <stdbool.h>

void atlas_heap_give_up (void);
/* Refuses in the name of @call when malloc was given up. */
bool atlas_heap_is_usable (const char *call);
