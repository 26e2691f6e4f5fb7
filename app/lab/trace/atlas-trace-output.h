/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where the lines go. */

#pragma once

#include <stdbool.h>
#include <stddef.h>

/* @where: the number of a descriptor that is open, or a file to be made; NULL: standard error. What
 * is opened or given (standard error aside) is not handed on to the traced program, so the reader
 * sees the end of it when the tracer ends. Ends the program where it cannot be. */
void atlas_trace_output_open (const char *where);
/* FALSE once the reader is gone or the disk is full: nothing need be put together any more. */
bool atlas_trace_output_is_open (void);
/* The whole @line, before it returns; blocks while the reader is slow. */
void atlas_trace_output_write (const char *line, size_t length);
