/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a command of memory-atlas-cli is. Each has a file of its own; main.c finds the one that is
 * asked for, parses its options and turns its error into a line and an exit status. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define ATLAS_CLI_PROGRAM "memory-atlas-cli"

/* A promise to scripts. */
#define ATLAS_CLI_EXIT_OK 0
#define ATLAS_CLI_EXIT_FAILED 1 /* gone, denied, cannot write */
#define ATLAS_CLI_EXIT_USAGE 2

#define ATLAS_CLI_ERROR (atlas_cli_error_quark ())

typedef enum
{
  ATLAS_CLI_ERROR_USAGE,  /* the person got the command line wrong */
  ATLAS_CLI_ERROR_FAILED, /* the message is a whole sentence */
} AtlasCliError;

GQuark atlas_cli_error_quark (void);

typedef struct
{
  const char *name;
  const char *arguments;       /* as in its usage line: "PID -o FILE" */
  const char *summary;         /* one line, to be translated */
  guint n_arguments;           /* how many it needs, options aside */
  const GOptionEntry *options; /* its own; --proc and --help are everyone's */
  /* @arguments: (array length=n_arguments). Prints by itself. */
  gboolean (*run) (char **arguments, GError **error);
} AtlasCliCommand;

extern const AtlasCliCommand atlas_cli_list;
extern const AtlasCliCommand atlas_cli_show;
extern const AtlasCliCommand atlas_cli_export;

/* All of them, in the order of the help; NULL-terminated. */
extern const AtlasCliCommand *const atlas_cli_commands[];

G_END_DECLS
