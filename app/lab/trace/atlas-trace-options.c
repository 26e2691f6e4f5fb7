/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Options end with the first word that is none: what follows is the program's own. */

#include "atlas-config.h"
#include "atlas-trace-options.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "atlas-trace-complain.h"

static const char help[] =
    "Usage: memory-atlas-trace [OPTION]... [--] PROGRAM [ARGUMENT]...\n"
    "\n"
    "Runs PROGRAM and writes a line of JSON for each of its system calls on memory.\n"
    "\n"
    "  -o, --output=FD|FILE        Write to an open descriptor or to a file (standard error)\n"
    "      --die-with-parent=PID   End, and PROGRAM too, when the caller PID ends\n"
    "  -h, --help                  Show this help\n"
    "      --version               Show the version\n"
    "\n"
    "Exit status: that of PROGRAM, which may be a signal; 125 the tracer failed;\n"
    "126 PROGRAM cannot be run or traced; 127 there is no PROGRAM.\n";

enum
{
  OPTION_PARENT = 256,
  OPTION_VERSION,
};

static const struct option table[] = {
  { "output", required_argument, NULL, 'o' },
  { "die-with-parent", required_argument, NULL, OPTION_PARENT },
  { "help", no_argument, NULL, 'h' },
  { "version", no_argument, NULL, OPTION_VERSION },
  { NULL, 0, NULL, 0 },
};

static _Noreturn void
print (const char *text)
{
  if (fputs (text, stdout) < 0 || fflush (stdout) != 0)
    exit (ATLAS_TRACE_EXIT_FAILED);
  exit (EXIT_SUCCESS);
}

static pid_t
parse_pid (const char *word)
{
  char *end;
  long number;

  errno = 0;
  number = strtol (word, &end, 10);
  if (errno != 0 || end == word || *end != '\0' || number < 1 || number > INT_MAX)
    atlas_trace_die (ATLAS_TRACE_EXIT_FAILED, "--die-with-parent: %s is no process ID", word);
  return (pid_t) number;
}

/* getopt has said by then what is wrong. */
static _Noreturn void
refuse (void)
{
  atlas_trace_complain ("see memory-atlas-trace --help");
  exit (ATLAS_TRACE_EXIT_FAILED);
}

static void
take (AtlasTraceOptions *options, int option)
{
  switch (option)
    {
    case 'o':
      options->output = optarg;
      break;
    case OPTION_PARENT:
      options->parent = parse_pid (optarg);
      break;
    case 'h':
      print (help);
    case OPTION_VERSION:
      print ("memory-atlas-trace " ATLAS_VERSION "\n");
    default:
      refuse ();
    }
}

void
atlas_trace_options_parse (AtlasTraceOptions *options, int argc, char **argv)
{
  int option;

  while ((option = getopt_long (argc, argv, "+o:h", table, NULL)) != -1)
    take (options, option);
  if (optind < argc)
    options->program = argv + optind;
  else
    {
      atlas_trace_complain ("no program was given");
      refuse ();
    }
}
