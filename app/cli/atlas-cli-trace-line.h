/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A line of the tracer as people read it. */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Appends @line, which is an object of the tracer's, with a newline: when, who, what. @begun: when
 * the first line was written, in the tracer's seconds. */
void atlas_cli_trace_line_append (GString *text, JsonObject *line, double begun);

G_END_DECLS
