/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Bytes to lines. */

#include "atlas-lab-lines.h"

#include <string.h>

static void
assert_next (AtlasLabLines *lines, const char *text, gboolean cut)
{
  g_autoptr (AtlasLabLine) line = atlas_lab_lines_next (lines);

  g_assert (line != NULL);
  g_assert_cmpmem (line->text, line->length, text, strlen (text));
  g_assert_cmpint (line->text[line->length], ==, '\0');
  g_assert_cmpint (line->cut, ==, cut);
}

static void
test_pieces (void)
{
  AtlasLabLines lines;

  atlas_lab_lines_init (&lines, 100);
  atlas_lab_lines_add (&lines, "on", 2);
  g_assert_null (atlas_lab_lines_next (&lines));
  atlas_lab_lines_add (&lines, "e\n\ntwo\nthr", 10);
  assert_next (&lines, "one", FALSE);
  assert_next (&lines, "", FALSE);
  assert_next (&lines, "two", FALSE);
  g_assert_null (atlas_lab_lines_next (&lines));
  atlas_lab_lines_add (&lines, "ee\n", 3);
  assert_next (&lines, "three", FALSE);
  atlas_lab_lines_add (&lines, "left", 4);
  atlas_lab_lines_clear (&lines);
}

static void
test_nul (void)
{
  AtlasLabLines lines;

  atlas_lab_lines_init (&lines, 100);
  atlas_lab_lines_add (&lines, "a\0b\n", 4);
  g_autoptr (AtlasLabLine) line = atlas_lab_lines_next (&lines);
  g_assert_cmpmem (line->text, line->length, "a\0b", 3);
  atlas_lab_lines_clear (&lines);
}

/* Ten megabytes without an end take the room of one line. */
static void
test_long (void)
{
  AtlasLabLines lines;
  g_autofree char *chunk = g_strnfill (64 * 1024, 'x');

  atlas_lab_lines_init (&lines, 8);
  for (guint i = 0; i < 160; i++)
    atlas_lab_lines_add (&lines, chunk, 64 * 1024);
  g_assert_null (atlas_lab_lines_next (&lines));
  g_assert_cmpuint (lines.partial->allocated_len, <, 1024);
  atlas_lab_lines_add (&lines, "\nnext\n12345678\n123456789\n", 25);
  assert_next (&lines, "xxxxxxxx", TRUE);
  assert_next (&lines, "next", FALSE);
  assert_next (&lines, "12345678", FALSE);
  assert_next (&lines, "12345678", TRUE);
  atlas_lab_lines_clear (&lines);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lab/lines/pieces", test_pieces);
  g_test_add_func ("/lab/lines/nul", test_nul);
  g_test_add_func ("/lab/lines/long", test_long);
  return g_test_run ();
}
