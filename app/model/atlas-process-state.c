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
      return _ ("stopped by a debugger");
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
