/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The kernel's filter that stops a program at its memory calls and at no others. */

#pragma once

/* For the calling thread and all that comes of it, through every exec. There must be a tracer: to
 * the program the calls do not exist without one. Gives 0 or an errno. */
int atlas_trace_filter_install (void);
