/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From what a person typed to a process that was read. */

#pragma once

#include "atlas-snapshot.h"

G_BEGIN_DECLS

/* --proc: the folder to read, "/proc" unless it was given. For the options of each command that
 * reads processes. */
extern char *atlas_cli_proc_option;
#define ATLAS_CLI_PROC_OPTION                                                                      \
  {                                                                                                \
    "proc", 0, 0, G_OPTION_ARG_FILENAME, &atlas_cli_proc_option,                                   \
        N_ ("Read DIR, a recorded tree of processes, instead of /proc"), N_ ("DIR")                \
  }

AtlasProcfs *atlas_cli_open_procfs (GError **error);
/* Reads the process whose PID is the text @pid, once and with all it can tell. Errors: usage, and
 * sentences for a person. */
AtlasSnapshot *atlas_cli_take_snapshot (const char *pid, GError **error);
/* FALSE, with the reason, when the memory of the process may not be read. */
gboolean atlas_cli_check_permitted (AtlasSnapshot *snapshot, GError **error);

G_END_DECLS
