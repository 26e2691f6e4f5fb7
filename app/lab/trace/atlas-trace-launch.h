/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Starting the program to be traced. */

#pragma once

#include <sys/types.h>

/* Starts @argv, found as a shell would, attached from its first instruction on. It ends should the
 * tracer end, at any time. Gives its PID; ends the tracer where the kernel refuses. A program that
 * cannot be run says so itself and ends with status 126 or 127. */
pid_t atlas_trace_launch (char **argv);
