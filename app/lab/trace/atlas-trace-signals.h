/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What happens to the tracer happens to the program: signals are passed on, and where the program
 * is stopped by its terminal or killed, the tracer is, too. The same holds for whoever runs the
 * tracer. */

#pragma once

#include <stdbool.h>
#include <sys/types.h>

/* Passes signals on to @child from now on, but not what a terminal sent or what is traced by
 * @tracer: those have reached the program. Call it right after @child was started, which has
 * inherited what is ignored. Gives 0 or an errno. */
int atlas_trace_signals_forward (pid_t child, pid_t tracer);
/* Whether @signal stops what is in the background or is sent there by a key. */
bool atlas_trace_signals_is_of_terminal (int signal);
/* @child was stopped and that was waited for: stops as well, so that the shell takes its terminal
 * back; returns when both go on. */
void atlas_trace_signals_stop_with (pid_t child);
/* Ends this process as the program ended: @status is what wait gave. */
_Noreturn void atlas_trace_signals_end_alike (int status);
