/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The one place that turns an errno of /proc into gone, denied or failed. */

#include "atlas-error.h"

#include <errno.h>

G_DEFINE_QUARK (atlas - proc - error - quark, atlas_proc_error)

static AtlasProcError
code_of_errno (int error_number)
{
  switch (error_number)
    {
    case ENOENT:
    case ESRCH:
      return ATLAS_PROC_ERROR_GONE;
    case EACCES:
    case EPERM:
      return ATLAS_PROC_ERROR_DENIED;
    default:
      return ATLAS_PROC_ERROR_FAILED;
    }
}

void
atlas_proc_error_set (GError **error, int error_number, const char *what)
{
  g_return_if_fail (what != NULL);

  g_set_error (error, ATLAS_PROC_ERROR, (gint) code_of_errno (error_number), "%s: %s", what,
               g_strerror (error_number));
}
