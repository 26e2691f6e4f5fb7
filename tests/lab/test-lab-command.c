/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Lines of commands to whom they go and what they say. */

#include "atlas-lab-code.h"
#include "atlas-lab-command.h"

static void
assert_command (const char *line, const char *process, const char *thread, const char *words)
{
  g_autoptr (AtlasLabCommand) command = atlas_lab_command_parse (line);
  g_autofree char *path = atlas_lab_command_dup_process (command);
  g_autofree char *joined = g_strjoinv ("|", command->words);

  g_assert_cmpstr (path, ==, process);
  g_assert_cmpstr (command->thread, ==, thread);
  g_assert_cmpstr (joined, ==, words);
  g_assert_null (command->wrong);
}

static void
test_prefixes (void)
{
  assert_command ("malloc a 100K", "", NULL, "malloc|a|100K");
  assert_command ("  malloc\ta  1\r", "", NULL, "malloc|a|1");
  assert_command ("child kid touch a write", "kid", NULL, "touch|a|write");
  assert_command ("thread t malloc c 1", "", "t", "malloc|c|1");
  assert_command ("child a child b thread t free x", "a/b", "t", "free|x");
  assert_command ("thread t child k list", "k", NULL, "list");
  assert_command ("thread start t", "", NULL, "thread|start|t");
  assert_command ("thread stop t", "", NULL, "thread|stop|t");
  assert_command ("child k thread start t", "k", NULL, "thread|start|t");
  /* not enough for a prefix */
  assert_command ("child kid", "", NULL, "child|kid");
  assert_command ("thread t", "", NULL, "thread|t");
  assert_command ("fork kid", "", NULL, "fork|kid");
}

static void
test_quotes (void)
{
  assert_command ("mmap a 1p file=\"/a b\"", "", NULL, "mmap|a|1p|file=/a b");
  assert_command ("a \"\" b", "", NULL, "a||b");
  assert_command ("x \"a\\\"\\\\\\n\\t\\x41\"", "", NULL, "x|a\"\\\n\tA");
  assert_command ("x a\\b", "", NULL, "x|a\\b");
}

/* What is written comes back, in one line that may be given. */
static void
test_written (void)
{
  static const char *const words[] = {
    "plain", "",         "two words", " ",       "a\tb",   "a\nb",       "a\rb",  "\"",
    "\\",    "a\\\"b\\", "#not",      "x=\"y\"", "\x1b[m", "Grüße dich", "\\x41", "'",
  };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      GString *line = g_string_new ("mmap a 1p file=");
      g_autofree char *expected = g_strconcat ("file=", words[i], NULL);
      g_autofree char *text = NULL;
      g_autoptr (AtlasLabCommand) command = NULL;
      g_autoptr (GError) error = NULL;

      atlas_lab_command_append_word (line, words[i]);
      text = g_string_free (line, FALSE);
      g_assert_true (atlas_lab_command_check (text, &error));
      g_assert_no_error (error);
      command = atlas_lab_command_parse (text);
      g_assert_null (command->wrong);
      g_assert_cmpuint (g_strv_length (command->words), ==, 4);
      g_assert_cmpstr (command->words[3], ==, expected);
    }
}

static void
test_wrong_quotes (void)
{
  static const char *const lines[] = { "a \"b", "a \"\\q\"", "a \"\\x4\"", "a \"\\" };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (AtlasLabCommand) command = atlas_lab_command_parse (lines[i]);

      g_assert_nonnull (command->wrong);
      g_assert_cmpuint (g_strv_length (command->words), ==, 0);
    }
}

static void
test_rest (void)
{
  g_autoptr (AtlasLabCommand) command = atlas_lab_command_parse ("child kid  touch a \"write\"");

  g_assert_cmpstr (command->rest, ==, "touch a \"write\"");
}

static void
test_check (void)
{
  static const char *const wrong[] = { "", " \t", "# a", " #", "a\nb", "a\n", "\377" };
  g_autofree char *longest = g_strnfill (ATLAS_LAB_COMMAND_MOST_BYTES, 'a');
  g_autofree char *too_long = g_strnfill (ATLAS_LAB_COMMAND_MOST_BYTES + 1, 'a');

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (atlas_lab_command_check (wrong[i], &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
    }
  g_assert_true (atlas_lab_command_check (longest, NULL));
  g_assert_false (atlas_lab_command_check (too_long, NULL));
}

static void
test_verbs (void)
{
  g_assert_null (atlas_lab_verb_find ("bogus"));
  g_assert_true (atlas_lab_verb_find ("malloc")->flags & ATLAS_LAB_VERB_ALLOCATES);
  g_assert_false (atlas_lab_verb_find ("touch")->flags & ATLAS_LAB_VERB_CHANGES);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lab/command/prefixes", test_prefixes);
  g_test_add_func ("/lab/command/quotes", test_quotes);
  g_test_add_func ("/lab/command/written", test_written);
  g_test_add_func ("/lab/command/wrong-quotes", test_wrong_quotes);
  g_test_add_func ("/lab/command/rest", test_rest);
  g_test_add_func ("/lab/command/check", test_check);
  g_test_add_func ("/lab/command/verbs", test_verbs);
  return g_test_run ();
}
