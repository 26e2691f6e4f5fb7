/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What happens to the tracer happens to the program: signals are passed on, and where the program
 * is stopped by its terminal or killed, the tracer is, too. */

#pragma once

#include <stdbool.h>
#include <sys/types.h>

/* Passes on from now on, to @program. Call it right after the program was started: what was ignored
 * at the start is ignored by both. */
void atlas_trace_signals_forward (pid_t program);
/* The program was stopped by @signal. By one of a terminal's, the tracer stops as well, so that the
 * shell takes its terminal back; returns when both go on. */
void atlas_trace_signals_stop_along (pid_t program, int signal);
/* Ends the tracer as the program ended: @status is what wait gave. */
_Noreturn void atlas_trace_signals_end_alike (int status);
