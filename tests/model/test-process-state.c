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

static void
assert_described (char state, const char *tracer, const char *words)
{
  g_autofree char *described = atlas_process_state_describe (state, tracer);

  g_assert_cmpstr (described, ==, words);
}

/* Whoever traces need not be a debugger. */
static void
test_tracer (void)
{
  assert_described ('t', NULL, "stopped (traced)");
  assert_described ('t', "memory-atlas-trace", "stopped, held by memory-atlas-trace");
  assert_described ('T', NULL, "stopped");
  assert_described ('S', "gdb", "sleeping");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/model/process-state", test_states);
  g_test_add_func ("/model/process-state/tracer", test_tracer);

  return g_test_run ();
}
