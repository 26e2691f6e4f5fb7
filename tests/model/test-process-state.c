/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The words for the letters of proc(5). */

#include "atlas-process-state.h"

static void
test_states (void)
{
  const char letters[] = "RSDTtZXIP";

  g_assert_cmpstr (atlas_process_state_get_title ('R'), ==, "running");
  g_assert_cmpstr (atlas_process_state_get_title ('Z'), ==, "zombie");
  g_assert_cmpstr (atlas_process_state_get_title ('\033'), ==, "unknown");
  for (gsize i = 0; i + 1 < sizeof letters; i++)
    g_assert_cmpstr (atlas_process_state_get_title (letters[i]), !=, "unknown");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/model/process-state", test_states);

  return g_test_run ();
}
