/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The kernel's filter that stops a program at its memory calls and at no others. */

#pragma once

#include <linux/filter.h>

#include "atlas-trace-calls.h"

/* For each call at most 8 statements, and 5 around them. */
#define ATLAS_TRACE_MOST_STATEMENTS (8 * ATLAS_TRACE_MOST_CALLS + 5)

typedef struct
{
  struct sock_filter statements[ATLAS_TRACE_MOST_STATEMENTS];
  unsigned short length;
} AtlasTraceFilter;

void atlas_trace_filter_build (AtlasTraceFilter *filter);

/* For the calling thread and all that comes of it, through every exec. There must be a tracer: to
 * the program the calls do not exist without one. Gives 0 or an errno. */
int atlas_trace_filter_install (void);
