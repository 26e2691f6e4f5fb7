/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Each kind has words and a letter of its own; the ids are a promise to scripts. */

#include "atlas-kind.h"

#include <string.h>

static void
test_ids (void)
{
  static const char *const ids[ATLAS_N_KINDS] = { "heap",         "anonymous", "shared", "program",
                                                  "data",         "library",   "file",   "stack",
                                                  "thread-stack", "kernel",    "guard" };

  for (guint i = 0; i < ATLAS_N_KINDS; i++)
    g_assert_cmpstr (atlas_kind_get_id (i), ==, ids[i]);
}

static void
test_words (void)
{
  for (guint i = 0; i < ATLAS_N_KINDS; i++)
    {
      g_assert_cmpuint (strlen (atlas_kind_get_title (i)), >, 0);
      g_assert_true (g_str_has_suffix (atlas_kind_get_explanation (i), "."));
      g_assert_true (g_ascii_isupper (atlas_kind_get_letter (i)));
      for (guint k = 0; k < i; k++)
        {
          g_assert_cmpint (atlas_kind_get_letter (i), !=, atlas_kind_get_letter (k));
          g_assert_cmpstr (atlas_kind_get_title (i), !=, atlas_kind_get_title (k));
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/kind/ids", test_ids);
  g_test_add_func ("/model/kind/words", test_words);
  return g_test_run ();
}
