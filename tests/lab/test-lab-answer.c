/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Answers of the subject, by their bytes. */

#include "atlas-lab-answer.h"

#include <string.h>

static AtlasLabAnswer *
parse (const char *text)
{
  return atlas_lab_answer_parse (text, strlen (text));
}

static void
test_ok (void)
{
  g_autoptr (AtlasLabAnswer) answer =
      parse ("ok address=0x5598a59ac2a0 size=102400 usable=102408 arena=main\tfaults=2 major=1");
  guint64 number = 0;

  g_assert_true (answer->ok);
  g_assert_null (answer->error_name);
  g_assert_cmpuint (answer->fields->len, ==, 4);
  g_assert_cmpstr (atlas_lab_answer_get (answer, "arena"), ==, "main");
  g_assert_null (atlas_lab_answer_get (answer, "aren"));
  g_assert_true (atlas_lab_answer_get_number (answer, "address", &number));
  g_assert_cmpuint (number, ==, G_GUINT64_CONSTANT (0x5598a59ac2a0));
  g_assert_true (atlas_lab_answer_get_number (answer, "size", &number));
  g_assert_cmpuint (number, ==, 102400);
  g_assert_false (atlas_lab_answer_get_number (answer, "arena", &number));
  g_assert_cmpuint (number, ==, 102400);
  g_assert_cmpuint (answer->minor_faults, ==, 2);
  g_assert_cmpuint (answer->major_faults, ==, 1);
}

static void
test_bare (void)
{
  g_autoptr (AtlasLabAnswer) with_tab = parse ("ok\tfaults=7 major=0");
  g_autoptr (AtlasLabAnswer) without = parse ("ok");

  g_assert_cmpuint (with_tab->minor_faults, ==, 7);
  g_assert_cmpuint (without->minor_faults, ==, 0);
  g_assert_cmpuint (without->fields->len, ==, 0);
}

static void
test_quoted (void)
{
  g_autoptr (AtlasLabAnswer) answer =
      parse ("ok a=\"one two\" b=\"q\\\"\\\\\\n\\t\\x41\\xff\" c=\"\" d=x=y\tfaults=0 major=0");

  g_assert_cmpstr (atlas_lab_answer_get (answer, "a"), ==, "one two");
  /* what a terminal must not see is shown as its escape */
  g_assert_cmpstr (atlas_lab_answer_get (answer, "b"), ==, "q\"\\\\n\\tA\\xff");
  g_assert_cmpstr (atlas_lab_answer_get (answer, "c"), ==, "");
  g_assert_cmpstr (atlas_lab_answer_get (answer, "d"), ==, "x=y");
}

/* What makes no sense ends the fields. */
static void
test_broken_fields (void)
{
  static const char *const texts[] = { "ok a=1 b",         "ok a=1 =2",       "ok a=1 b=\"open",
                                       "ok a=1 b=\"\\q\"", "ok a=1 b=\"\\x4", "ok a=1 \377=2" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (AtlasLabAnswer) answer = parse (texts[i]);

      g_assert_cmpuint (answer->fields->len, ==, 1);
      g_assert_cmpstr (atlas_lab_answer_get (answer, "a"), ==, "1");
    }
}

/* A child's answer comes with the numbers of those that passed it on behind it. */
static void
test_first (void)
{
  g_autoptr (AtlasLabAnswer) answer = parse ("ok pid=30 child=kid pid=20\tfaults=0 major=0");

  g_assert_cmpstr (atlas_lab_answer_get (answer, "pid"), ==, "30");
}

static void
test_error (void)
{
  g_autoptr (AtlasLabAnswer) answer =
      parse ("error ENOMEM mlock: Cannot allocate memory\tfaults=0 major=0");

  g_assert_false (answer->ok);
  g_assert_cmpstr (answer->error_name, ==, "ENOMEM");
  g_assert_cmpstr (answer->error_call, ==, "mlock");
  g_assert_cmpstr (answer->error_text, ==, "Cannot allocate memory");
  g_assert_false (atlas_lab_answer_is_refusal (answer));
}

static void
test_error_without_form (void)
{
  g_autoptr (AtlasLabAnswer) answer = parse ("error something\377");
  g_autoptr (AtlasLabAnswer) empty = parse ("error ");

  g_assert_cmpstr (answer->error_name, ==, "EINVAL");
  g_assert_cmpstr (answer->error_text, ==, "something\\xff");
  g_assert_cmpstr (empty->error_text, ==, "");
}

static void
assert_refusal (const char *text, gboolean refusal)
{
  g_autoptr (AtlasLabAnswer) answer = parse (text);

  g_assert_cmpint (atlas_lab_answer_is_refusal (answer), ==, refusal);
}

static void
test_refusal (void)
{
  assert_refusal ("ok", FALSE);
  assert_refusal ("error EINVAL madvise: Invalid argument", FALSE);
  assert_refusal ("error EINVAL free: no allocation is called \"b\"", TRUE);
  assert_refusal ("error EINVAL line: a quote is not closed", TRUE);
  assert_refusal ("error EDEADLK thread: t is busy with this very command", TRUE);
  assert_refusal ("error SIGSEGV touch: no permission at 0x7f (SEGV_ACCERR), page 0 of a", FALSE);
  assert_refusal ("error ENOENT open: No such file or directory", FALSE);
  assert_refusal ("error 524 mmap: unknown error", FALSE);
  assert_refusal ("error EBOGUS mmap: whatever", TRUE);
}

static void
test_kinds (void)
{
  static const struct
  {
    const char *text;
    AtlasLabLineKind kind;
  } lines[] = { { "ok", ATLAS_LAB_LINE_ANSWER },      { "ok a=1", ATLAS_LAB_LINE_ANSWER },
                { "ok\t", ATLAS_LAB_LINE_ANSWER },    { "error E a: b", ATLAS_LAB_LINE_ANSWER },
                { "# ", ATLAS_LAB_LINE_COMMENT },     { "#", ATLAS_LAB_LINE_COMMENT },
                { "# text", ATLAS_LAB_LINE_COMMENT }, { "", ATLAS_LAB_LINE_NONSENSE },
                { "okay", ATLAS_LAB_LINE_NONSENSE },  { " ok", ATLAS_LAB_LINE_NONSENSE },
                { "error", ATLAS_LAB_LINE_NONSENSE }, { "#text", ATLAS_LAB_LINE_NONSENSE } };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      gsize length = strlen (lines[i].text);
      g_autoptr (AtlasLabAnswer) answer = atlas_lab_answer_parse (lines[i].text, length);

      g_assert_cmpint (atlas_lab_line_get_kind (lines[i].text, length), ==, lines[i].kind);
      g_assert_cmpint (answer != NULL, ==, lines[i].kind == ATLAS_LAB_LINE_ANSWER);
    }
}

static void
test_comment (void)
{
  const char *text = "allocation name=a call=malloc address=0x10 size=3";
  g_autofree char *word = NULL;
  g_autoptr (AtlasLabAnswer) comment = atlas_lab_comment_parse (text, strlen (text), &word);

  g_assert_cmpstr (word, ==, "allocation");
  g_assert_cmpstr (atlas_lab_answer_get (comment, "call"), ==, "malloc");
}

/* A malicious one costs no more than it may. */
static void
test_many_fields (void)
{
  g_autoptr (GString) text = g_string_new ("ok");
  g_autoptr (AtlasLabAnswer) answer = NULL;

  for (guint i = 0; i < 100000; i++)
    g_string_append_printf (text, " f%u=%u", i, i);
  answer = atlas_lab_answer_parse (text->str, text->len);
  g_assert_cmpuint (answer->fields->len, ==, 256);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lab/answer/ok", test_ok);
  g_test_add_func ("/lab/answer/bare", test_bare);
  g_test_add_func ("/lab/answer/quoted", test_quoted);
  g_test_add_func ("/lab/answer/broken-fields", test_broken_fields);
  g_test_add_func ("/lab/answer/first", test_first);
  g_test_add_func ("/lab/answer/error", test_error);
  g_test_add_func ("/lab/answer/error-without-form", test_error_without_form);
  g_test_add_func ("/lab/answer/refusal", test_refusal);
  g_test_add_func ("/lab/answer/kinds", test_kinds);
  g_test_add_func ("/lab/answer/comment", test_comment);
  g_test_add_func ("/lab/answer/many-fields", test_many_fields);
  return g_test_run ();
}
