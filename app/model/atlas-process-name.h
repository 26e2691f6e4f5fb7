/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a process is called. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @name: raw, as in status. @command: clean, the arguments joined by blanks; may be "".
 * The kernel keeps 15 bytes of a name; where the command line has the whole of it, as the base name
 * of what was started, that is given. Clean UTF-8, newly allocated. */
char *atlas_process_name_complete (const char *name, const char *command);

G_END_DECLS
