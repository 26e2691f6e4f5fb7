/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What --help prints. */

#pragma once

#include "atlas-cli.h"

G_BEGIN_DECLS

/* --help, which every command has. */
extern const GOptionEntry atlas_cli_common_options[];
/* Set by --help or -h. */
extern gboolean atlas_cli_help_option;

/* The whole program, every option of every command in it. */
char *atlas_cli_help (void);
char *atlas_cli_help_command (const AtlasCliCommand *command);

G_END_DECLS
