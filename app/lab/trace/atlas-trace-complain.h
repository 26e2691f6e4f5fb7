/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the tracer says for itself, and what its exit status means. */

#pragma once

/* As env and strace have it; anything else is the traced program's own status. */
#define ATLAS_TRACE_EXIT_FAILED 125    /* wrong usage, or the tracer itself could not go on */
#define ATLAS_TRACE_EXIT_REFUSED 126   /* the program is no program, or may not be traced */
#define ATLAS_TRACE_EXIT_NOT_FOUND 127 /* there is no such program */

/* A line on standard error, with the program's name in front of it. */
void atlas_trace_complain (const char *format, ...) __attribute__ ((format (printf, 1, 2)));
/* The same, and the end; what is traced ends with the tracer. */
_Noreturn void atlas_trace_die (int status, const char *format, ...)
    __attribute__ ((format (printf, 2, 3)));
