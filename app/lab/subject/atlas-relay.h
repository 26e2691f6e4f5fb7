/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Passing on the answer of a child, with the child's name in it. */

#pragma once

#include <stdbool.h>
#include <sys/types.h>

typedef enum
{
  ATLAS_RELAY_OK,    /* an answer that begins with ok, all of it */
  ATLAS_RELAY_ERROR, /* another one */
  ATLAS_RELAY_CUT,   /* the end came in the middle of one that was passed on, which was ended */
  ATLAS_RELAY_NONE,  /* the end came before any */
} AtlasRelay;

/* Reads lines from @from up to the answer, and passes them on; the answer gets " child=NAME pid=N".
 * The end of it is left to atlas_output_flush(). */
AtlasRelay atlas_relay (int from, const char *name, pid_t pid);
