/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One list of words for the letters, for every place that shows one. */

#include "atlas-config.h"

#include "atlas-process-state.h"

#include <glib/gi18n-lib.h>

const char *
atlas_process_state_get_title (char state)
{
  switch (state)
    {
    case 'R':
      return _ ("running");
    case 'S':
      return _ ("sleeping");
    case 'D':
      return _ ("waiting for a device");
    case 'T':
      return _ ("stopped");
    case 't':
      return _ ("stopped (traced)");
    case 'Z':
      return _ ("zombie");
    case 'X':
    case 'x':
      return _ ("dead");
    case 'I':
      return _ ("idle");
    case 'P':
      return _ ("parked");
    default:
      return _ ("unknown");
    }
}

char *
atlas_process_state_describe (char state, const char *tracer)
{
  if (state == 't' && tracer != NULL)
    /* Translators: name of the program that traces the process */
    return g_strdup_printf (_ ("stopped, held by %s"), tracer);
  return g_strdup (atlas_process_state_get_title (state));
}
