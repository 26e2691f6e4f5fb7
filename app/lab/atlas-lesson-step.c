/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A step of a lesson, line by line. */

#include "atlas-config.h"

#include "atlas-lesson-step.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "atlas-lesson-needs.h"
#include "atlas-text.h"

/* The lab takes no longer ones. */
#define LONGEST_COMMAND 4095

AtlasLessonStep *
atlas_lesson_step_new (const char *title, guint line)
{
  AtlasLessonStep *self = g_new0 (AtlasLessonStep, 1);

  self->title = g_strdup (title);
  self->line = line;
  self->prose = g_ptr_array_new_with_free_func ((GDestroyNotify) atlas_lesson_block_free);
  self->explanation = g_ptr_array_new_with_free_func ((GDestroyNotify) atlas_lesson_block_free);
  self->expectations = g_ptr_array_new_with_free_func ((GDestroyNotify) atlas_expectation_free);
  self->commands = g_new0 (char *, 1);
  self->requirements = g_new0 (char *, 1);
  return self;
}

void
atlas_lesson_step_free (AtlasLessonStep *self)
{
  g_free (self->title);
  g_ptr_array_unref (self->prose);
  g_ptr_array_unref (self->explanation);
  g_ptr_array_unref (self->expectations);
  g_strfreev (self->commands);
  g_strfreev (self->requirements);
  g_free (self);
}

static void
append_string (char ***strings, const char *text)
{
  guint n_strings = g_strv_length (*strings);

  *strings = g_renew (char *, *strings, n_strings + 2);
  (*strings)[n_strings] = g_strdup (text);
  (*strings)[n_strings + 1] = NULL;
}

gboolean
atlas_lesson_step_add_command (AtlasLessonStep *self, const char *text, GError **error)
{
  g_autofree char *clean = atlas_text_clean (text, -1);

  if (strlen (text) > LONGEST_COMMAND)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 _ ("The lab takes commands of at most %d bytes"), LONGEST_COMMAND);
  else if (!g_str_equal (clean, text))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 _ ("“%s” has characters in it that cannot be seen"), clean);
  else
    {
      append_string (&self->commands, text);
      return TRUE;
    }
  return FALSE;
}

static gboolean
add_requirement (AtlasLessonStep *self, const char *words, GError **error)
{
  g_auto (GStrv) names = g_strsplit_set (words, " \t", -1);

  for (char **name = names; *name != NULL; name++)
    if (**name != '\0' && !atlas_lesson_need_check (*name, error))
      return FALSE;
    else if (**name != '\0')
      append_string (&self->requirements, *name);
  return TRUE;
}

/* What is asked when a file does not choose: all but what one would have to guess. */
static gboolean
is_good_question (const AtlasExpectation *expectation)
{
  return expectation->kind != ATLAS_EXPECT_SYSCALL && expectation->kind != ATLAS_EXPECT_NO_SYSCALL
         && expectation->kind != ATLAS_EXPECT_ANSWER && expectation->kind != ATLAS_EXPECT_OK;
}

gboolean
atlas_lesson_step_add_expected (AtlasLessonStep *self, const char *text, guint line, GError **error)
{
  AtlasExpectation *expectation;

  if (g_str_has_prefix (text, "requires ") || g_str_equal (text, "requires"))
    return add_requirement (self, text + strlen ("requires"), error);
  expectation = atlas_expectation_parse (text, line, error);
  if (expectation == NULL)
    return FALSE;
  expectation->asked = is_good_question (expectation);
  g_ptr_array_add (self->expectations, expectation);
  return TRUE;
}

void
atlas_lesson_step_ask_nothing (AtlasLessonStep *self)
{
  for (guint i = 0; i < self->expectations->len; i++)
    {
      AtlasExpectation *expectation = g_ptr_array_index (self->expectations, i);
      expectation->asked = FALSE;
    }
}

/* Whether @text begins with the words of @start, "answer arena" with that of "answer arena=main".
 */
static gboolean
begins_with (const char *text, const char *start)
{
  gsize length = strlen (start);

  return strncmp (text, start, length) == 0 && strchr (" =", text[length]) != NULL;
}

/* Up to the colon that the hint follows; the one of "child b:" is not it. */
static char *
split_hint (const char *text, const char **hint)
{
  const char *from = g_str_has_prefix (text, "child ") ? strchr (text, ':') : NULL;
  const char *colon = strchr (from != NULL ? from + 1 : text, ':');

  *hint = colon != NULL ? colon + 1 + strspn (colon + 1, " \t") : "";
  return g_strchomp (colon != NULL ? g_strndup (text, (gsize) (colon - text)) : g_strdup (text));
}

gboolean
atlas_lesson_step_add_asked (AtlasLessonStep *self, const char *text, GError **error)
{
  const char *hint;
  g_autofree char *start = split_hint (text, &hint);
  gboolean found = g_str_equal (text, "none");

  for (guint i = 0; i < self->expectations->len && !found; i++)
    {
      AtlasExpectation *expectation = g_ptr_array_index (self->expectations, i);

      found = !expectation->asked && begins_with (expectation->text, start);
      if (!found)
        continue;
      expectation->asked = TRUE;
      expectation->hint = *hint != '\0' ? atlas_text_clean (hint, -1) : NULL;
    }
  if (!found)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 _ ("No line of the expect block before this one begins with “%s”"), start);
  return found;
}

gboolean
atlas_lesson_step_check (AtlasLessonStep *self, GError **error)
{
  if (self->commands[0] != NULL || self->expectations->len == 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               _ ("The step “%s” expects something, but has no lab block: nothing is done in it"),
               self->title);
  return FALSE;
}
