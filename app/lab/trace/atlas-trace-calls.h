/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The system calls that change or ask for memory, or what a process may have of it, and what their
 * arguments mean. */

#pragma once

#include <linux/audit.h>
#include <stddef.h>
#include <stdint.h>

#include "atlas-trace-values.h"

#if defined(__x86_64__)
#define ATLAS_TRACE_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ATLAS_TRACE_ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "Unknown architecture: say which numbers of system calls are this one's"
#endif

#define ATLAS_TRACE_MOST_CALLS 40
#define ATLAS_TRACE_MOST_ARGUMENTS 6

typedef struct
{
  const char *name;
  AtlasTraceValue value;
} AtlasTraceArgument;

typedef struct
{
  const char *name;
  int number;
  AtlasTraceValue result;
  AtlasTraceArgument arguments[ATLAS_TRACE_MOST_ARGUMENTS]; /* up to the first without a name */
} AtlasTraceCall;

/* Those that are called most are first. */
extern const AtlasTraceCall atlas_trace_calls[];
extern const size_t atlas_trace_n_calls;

/* NULL if it is none of them. */
const AtlasTraceCall *atlas_trace_call_find (uint64_t number);
/* How many of its arguments have a meaning: mremap has a fifth only where its flags say so. */
unsigned atlas_trace_call_count_arguments (const AtlasTraceCall *call, const uint64_t *values);
