/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Arguments and results of calls, as a C programmer writes them. */

#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "atlas-trace-text.h"

/* Writes @values[0], an argument or a result, and reads what it points to from thread @tid; what
 * belongs to it is in the arguments behind it. Gives whether it is a number that JSON can hold. */
typedef bool (*AtlasTraceValue) (AtlasTraceText *text, const uint64_t *values, pid_t tid);

bool atlas_trace_value_address (AtlasTraceText *text, const uint64_t *values, pid_t tid);
bool atlas_trace_value_size (AtlasTraceText *text, const uint64_t *values, pid_t tid);
bool atlas_trace_value_int (AtlasTraceText *text, const uint64_t *values, pid_t tid);
/* A pointer to a string, to a struct rlimit, to an array of struct iovec with its length behind. */
bool atlas_trace_value_string (AtlasTraceText *text, const uint64_t *values, pid_t tid);
bool atlas_trace_value_limit (AtlasTraceText *text, const uint64_t *values, pid_t tid);
bool atlas_trace_value_ranges (AtlasTraceText *text, const uint64_t *values, pid_t tid);
/* Those of capset; how much the second points to is said in the first, which lies before it. */
bool atlas_trace_value_capability_header (AtlasTraceText *text, const uint64_t *values, pid_t tid);
bool atlas_trace_value_capabilities (AtlasTraceText *text, const uint64_t *values, pid_t tid);
/* Flags and the like. */
bool atlas_trace_value_protection (AtlasTraceText *text, const uint64_t *values, pid_t tid);
bool atlas_trace_value_map (AtlasTraceText *text, const uint64_t *values, pid_t tid);
bool atlas_trace_value_remap (AtlasTraceText *text, const uint64_t *values, pid_t tid);
bool atlas_trace_value_advice (AtlasTraceText *text, const uint64_t *values, pid_t tid);
bool atlas_trace_value_lock (AtlasTraceText *text, const uint64_t *values, pid_t tid);
bool atlas_trace_value_lock_all (AtlasTraceText *text, const uint64_t *values, pid_t tid);
bool atlas_trace_value_resource (AtlasTraceText *text, const uint64_t *values, pid_t tid);
bool atlas_trace_value_sync (AtlasTraceText *text, const uint64_t *values, pid_t tid);
bool atlas_trace_value_attach (AtlasTraceText *text, const uint64_t *values, pid_t tid);
bool atlas_trace_value_memfd (AtlasTraceText *text, const uint64_t *values, pid_t tid);
bool atlas_trace_value_secret (AtlasTraceText *text, const uint64_t *values, pid_t tid);
bool atlas_trace_value_fault (AtlasTraceText *text, const uint64_t *values, pid_t tid);
bool atlas_trace_value_shadow (AtlasTraceText *text, const uint64_t *values, pid_t tid);
bool atlas_trace_value_policy (AtlasTraceText *text, const uint64_t *values, pid_t tid);
bool atlas_trace_value_policy_flags (AtlasTraceText *text, const uint64_t *values, pid_t tid);
