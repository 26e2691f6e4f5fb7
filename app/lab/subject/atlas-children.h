/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The processes that a person forked. */

#pragma once

#include <stddef.h>

/* Those that live. */
size_t atlas_child_count (void);
/* "# child" lines, of those that ended as well. */
void atlas_child_list (void);
/* Kills and reaps them: this process is about to end. */
void atlas_child_end_all (void);
