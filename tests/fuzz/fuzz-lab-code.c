/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Any lines as commands of the lab and their answers, by turns: they become C, whatever they are.
 */

#include "fuzz.h"

#include "atlas-lab-code.h"

#include <string.h>

const char fuzz_file[] = "lab-code";

static void
add (AtlasLabCode *code, const char *line, const char *answer_line)
{
  g_autoptr (AtlasLabCommand) command = NULL;
  g_autoptr (AtlasLabAnswer) answer = NULL;
  g_autofree char *shown = NULL;

  if (!atlas_lab_command_check (line, NULL))
    return;
  command = atlas_lab_command_parse (line);
  g_assert_nonnull (strstr (line, command->rest));
  if (answer_line != NULL)
    answer = atlas_lab_answer_parse (answer_line, strlen (answer_line));
  shown = atlas_lab_code_add (code, command, answer, NULL);
  g_assert_true (g_utf8_validate (shown, -1, NULL));
  g_assert_false (g_str_has_suffix (shown, "\n"));
}

/* Comments are closed, and each in its place: none is within another. */
static void
check_comments (const char *program)
{
  for (const char *start = program; (start = strstr (start, "\n/* ")) != NULL;)
    {
      const char *end = strstr (start, "*/");
      const char *next = strstr (start + 4, "/*");

      g_assert (end != NULL);
      g_assert_true (next == NULL || next > end);
      start = end;
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autoptr (AtlasLabCode) code = atlas_lab_code_new ();
  g_autofree char *program = NULL;

  for (guint i = 0; lines[i] != NULL && lines[i + 1] != NULL; i += 2)
    add (code, lines[i], lines[i + 1]);
  program = atlas_lab_code_dup_program (code);
  g_assert_true (g_utf8_validate (program, -1, NULL));
  check_comments (program);
  return 0;
}
