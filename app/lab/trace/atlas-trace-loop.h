/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Watching the program and all that comes of it until the last of them has ended. */

#pragma once

#include <sys/types.h>

/* @program: as launched. Gives its status as wait gave it; what it left behind is traced to its
 * end, too. */
int atlas_trace_loop (pid_t program);
