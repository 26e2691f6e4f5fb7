/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Any bytes as a lesson, and as a line of what one expects. */

#include "fuzz.h"

#include <gio/gio.h>
#include <string.h>

#include "atlas-lesson.h"

/* The lessons that come with the program. */
const char fuzz_file[] = "../../../data/lessons";

static void
check_text (const char *text)
{
  g_assert_true (g_utf8_validate (text, -1, NULL));
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      g_assert_true (c == '\n' || (c >= 0x20 && (c < 0x7f || c >= 0xa0)));
      g_assert_false (c >= 0x202a && c <= 0x202e);
    }
}

/* What Pango would refuse. */
static void
check_markup (const char *markup)
{
  static const GMarkupParser parser = { NULL };
  GMarkupParseContext *context = g_markup_parse_context_new (&parser, 0, NULL, NULL);
  g_autofree char *whole = g_strdup_printf ("<m>%s</m>", markup);

  check_text (markup);
  g_assert_true (g_markup_parse_context_parse (context, whole, -1, NULL));
  g_assert_true (g_markup_parse_context_end_parse (context, NULL));
  g_markup_parse_context_free (context);
}

static void
check_blocks (GPtrArray *blocks)
{
  for (guint i = 0; i < blocks->len; i++)
    {
      const AtlasLessonBlock *block = g_ptr_array_index (blocks, i);

      check_text (block->text);
      check_text (block->marker);
      check_markup (block->markup);
    }
}

static void
check_expectation (const AtlasExpectation *expectation)
{
  g_autofree char *sentence = atlas_expectation_dup_sentence (expectation);
  g_autofree char *question = atlas_expectation_dup_question (expectation);
  g_autofree char *value = atlas_expectation_format (expectation, expectation->least, NULL);
  g_autoptr (AtlasExpectation) again = NULL;

  check_text (sentence);
  check_text (question);
  check_text (value);
  check_text (expectation->text);
  g_assert_cmpint (expectation->least, <=, expectation->most);
  again = atlas_expectation_parse (expectation->text, 1, NULL);
  g_assert_nonnull (again);
  g_assert_cmpint (again->least, ==, expectation->least);
}

static void
check_lesson (AtlasLesson *lesson)
{
  check_text (atlas_lesson_get_title (lesson));
  check_text (atlas_lesson_get_summary (lesson));
  check_blocks (atlas_lesson_get_introduction (lesson));
  for (guint i = 0; i < atlas_lesson_get_n_steps (lesson); i++)
    {
      const AtlasLessonStep *step = atlas_lesson_get_step (lesson, i);

      check_text (step->title);
      check_blocks (step->prose);
      check_blocks (step->explanation);
      for (char **command = step->commands; *command != NULL; command++)
        check_text (*command);
      for (guint j = 0; j < step->expectations->len; j++)
        check_expectation (g_ptr_array_index (step->expectations, j));
    }
}

/* Also as what a person predicts. */
static void
check_line (const char *line)
{
  g_autoptr (AtlasExpectation) bytes = atlas_expectation_parse ("VmSize +0", 1, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (AtlasExpectation) parsed = atlas_expectation_parse (line, 1, &error);
  g_autofree char *word = NULL;
  gint64 value;

  if (parsed != NULL)
    check_expectation (parsed);
  else
    check_text (error->message);
  atlas_expectation_read_prediction (bytes, line, &value, &word);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AtlasLesson) lesson =
      atlas_lesson_new_from_data ("x.md", (const char *) data, size, &error);
  g_autofree char *text = g_strndup ((const char *) data, MIN (size, 2000));
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  if (lesson != NULL)
    check_lesson (lesson);
  else
    check_text (error->message);
  for (char **line = lines; *line != NULL; line++)
    check_line (*line);
  return 0;
}
