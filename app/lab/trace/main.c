/* SPDX-License-Identifier: GPL-3.0-or-later */

/* memory-atlas-trace: runs a program and writes a line for each of its system calls on memory. libc
 * only: what it does of its own between two stops is time that the program waits. */

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "atlas-trace-complain.h"
#include "atlas-trace-launch.h"
#include "atlas-trace-loop.h"
#include "atlas-trace-options.h"
#include "atlas-trace-output.h"
#include "atlas-trace-signals.h"

/* The parent may have ended before it could be asked for. */
static void
die_with (pid_t parent)
{
  if (parent == 0)
    return;
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  if (getppid () != parent)
    exit (ATLAS_TRACE_EXIT_FAILED);
}

int
main (int argc, char **argv)
{
  AtlasTraceOptions options = { 0 };
  pid_t program;
  int problem;

  atlas_trace_options_parse (&options, argc, argv);
  die_with (options.parent);
  atlas_trace_output_open (options.output);
  program = atlas_trace_launch (options.program);
  problem = atlas_trace_signals_forward (program, getpid ());
  if (problem != 0)
    atlas_trace_die (ATLAS_TRACE_EXIT_FAILED, "pidfd_open: %s", strerror (problem));
  atlas_trace_signals_end_alike (atlas_trace_loop (program));
}
