/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Gone, denied and failed are told apart, and the message says what was tried and why not. */

#include "atlas-error.h"

#include <errno.h>

static void
test_codes (void)
{
  static const struct
  {
    int number;
    AtlasProcError code;
  } cases[] = {
    { ENOENT, ATLAS_PROC_ERROR_GONE },   { ESRCH, ATLAS_PROC_ERROR_GONE },
    { EACCES, ATLAS_PROC_ERROR_DENIED }, { EPERM, ATLAS_PROC_ERROR_DENIED },
    { EIO, ATLAS_PROC_ERROR_FAILED },    { ENOMEM, ATLAS_PROC_ERROR_FAILED },
    { EMFILE, ATLAS_PROC_ERROR_FAILED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      atlas_proc_error_set (&error, cases[i].number, "Could not do it");
      g_assert_error (error, ATLAS_PROC_ERROR, (gint) cases[i].code);
      g_autofree char *message =
          g_strconcat ("Could not do it: ", g_strerror (cases[i].number), NULL);
      g_assert_cmpstr (error->message, ==, message);
    }
  atlas_proc_error_set (NULL, ENOENT, "Nobody wants to know");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/error/codes", test_codes);
  return g_test_run ();
}
