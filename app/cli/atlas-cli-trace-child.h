/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The tracer, run as a child whose lines are read. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  GPid pid;
  int lines; /* read end */
} AtlasCliTracer;

/* Starts the tracer on @program, a command line. From now on signals are passed on to it, and it
 * ends with this process. Errors: what spawning gives, and sentences. */
gboolean atlas_cli_tracer_start (AtlasCliTracer *tracer, char **program, GError **error);
/* Waits for its end; gives its exit status, or does not return where a signal was its end: this
 * process then ends by the same. */
int atlas_cli_tracer_wait (AtlasCliTracer *tracer);

G_END_DECLS
