/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a process is called. */

#pragma once

#include "atlas-procfs.h"

G_BEGIN_DECLS

/* @name: raw, as in status. @command: clean, the arguments joined by blanks; may be "".
 * The kernel keeps 15 bytes of a name; where the command line has the whole of it, as the base name
 * of what was started, that is given. Clean UTF-8, newly allocated. */
char *atlas_process_name_complete (const char *name, const char *command);

/* What process @pid is called, the same way; NULL where that cannot be read. */
char *atlas_process_name_read (AtlasProcfs *procfs, gint pid);

G_END_DECLS
