/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the state letter of /proc/PID/status says. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "running", "sleeping", "zombie" ..., translated, static; "unknown" for a letter that
 * proc(5) does not name. */
const char *atlas_process_state_get_title (char state);
/* The same, and by whom it is held where @tracer is known (nullable, clean): it may be a debugger
 * or any other program that traces. Newly allocated. */
char *atlas_process_state_describe (char state, const char *tracer);

G_END_DECLS
