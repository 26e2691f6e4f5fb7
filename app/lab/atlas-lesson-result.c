/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What came of an expectation, and of a prediction of it. */

#include "atlas-config.h"

#include "atlas-lesson-judge.h"

#include "atlas-text.h"

void
atlas_lesson_result_free (AtlasLessonResult *self)
{
  g_free (self->seen);
  g_free (self->reason);
  g_free (self->word);
  g_free (self->seen_short);
  g_free (self->predicted);
  g_free (self);
}

void
atlas_lesson_result_set_unknown (AtlasLessonResult *self, char *reason)
{
  self->verdict = ATLAS_VERDICT_UNKNOWN;
  self->reason = reason;
  self->seen = g_strdup ("");
}

void
atlas_lesson_result_set_missing (AtlasLessonResult *self, char *seen)
{
  self->verdict = ATLAS_VERDICT_FAILED;
  self->seen = seen;
}

gboolean
atlas_lesson_result_is_within (const AtlasExpectation *expectation, gint64 value)
{
  return value >= expectation->least && value <= expectation->most;
}

void
atlas_lesson_result_set_value (AtlasLessonResult *self, gint64 value, char *seen)
{
  self->verdict = atlas_lesson_result_is_within (self->expectation, value) ? ATLAS_VERDICT_PASSED
                                                                           : ATLAS_VERDICT_FAILED;
  self->has_value = TRUE;
  self->value = value;
  self->seen = seen;
}

void
atlas_lesson_result_set_word (AtlasLessonResult *self,
                              const char *word,
                              gboolean passed,
                              char *seen)
{
  self->verdict = passed ? ATLAS_VERDICT_PASSED : ATLAS_VERDICT_FAILED;
  self->word = g_strdup (word);
  self->seen = seen;
}

/* --- predictions --- */

static gboolean
is_right (const AtlasLessonResult *self, gint64 value, const char *word)
{
  if (word != NULL || self->word != NULL)
    return g_strcmp0 (word, self->word) == 0;
  if (value == self->value)
    return TRUE;
  /* a range, and not a number: whoever is within it has understood */
  return self->verdict == ATLAS_VERDICT_PASSED
         && atlas_lesson_result_is_within (self->expectation, value);
}

void
atlas_lesson_result_predict (AtlasLessonResult *self, const char *typed)
{
  g_autofree char *word = NULL;
  gint64 value = 0;

  g_clear_pointer (&self->predicted, g_free);
  self->prediction = ATLAS_PREDICTION_NONE;
  if (typed == NULL)
    return;
  self->predicted = atlas_text_clean (typed, -1);
  if (!atlas_expectation_read_prediction (self->expectation, typed, &value, &word))
    self->prediction = ATLAS_PREDICTION_UNCLEAR;
  else if (!self->has_value && self->word == NULL)
    self->prediction = ATLAS_PREDICTION_OPEN;
  else
    self->prediction =
        is_right (self, value, word) ? ATLAS_PREDICTION_RIGHT : ATLAS_PREDICTION_WRONG;
}
