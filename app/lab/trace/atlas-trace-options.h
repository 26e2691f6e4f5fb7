/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The command line of the tracer. */

#pragma once

#include <sys/types.h>

typedef struct
{
  const char *output; /* a descriptor's number or a file; NULL: standard error */
  pid_t parent;       /* to end with; 0: with nobody */
  char **program;     /* and its arguments */
} AtlasTraceOptions;

/* Answers --help and --version by itself and ends; ends with a complaint for what is wrong. */
void atlas_trace_options_parse (AtlasTraceOptions *options, int argc, char **argv);
