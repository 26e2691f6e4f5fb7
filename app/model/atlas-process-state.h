/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the state letter of /proc/PID/status says. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "running", "sleeping", "zombie" ..., translated, static; "unknown" for a letter that
 * proc(5) does not name. */
const char *atlas_process_state_get_title (char state);

G_END_DECLS
