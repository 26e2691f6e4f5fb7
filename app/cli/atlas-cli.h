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
  const char *lacking;         /* what to say to who gave too few of them, to be translated */
  guint n_arguments;           /* how many it needs, options aside */
  guint n_optional;            /* how many more it may have */
  gboolean takes_program;      /* the last one is a program: whatever follows is the program's */
  const GOptionEntry *options; /* its own; --help is everyone's */
  /* @arguments: (array zero-terminated=1); @status: (inout): the exit status where all went well,
   * preset to that. Prints by itself. */
  gboolean (*run) (char **arguments, int *status, GError **error);
} AtlasCliCommand;

extern const AtlasCliCommand atlas_cli_list;
extern const AtlasCliCommand atlas_cli_show;
extern const AtlasCliCommand atlas_cli_export;
extern const AtlasCliCommand atlas_cli_trace;
extern const AtlasCliCommand atlas_cli_lesson;

/* All of them, in the order of the help; NULL-terminated. */
extern const AtlasCliCommand *const atlas_cli_commands[];

G_END_DECLS
