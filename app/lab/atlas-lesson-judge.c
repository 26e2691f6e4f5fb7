/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Each kind of expectation is held against the facts by a function of its own, which says in a
 * sentence what was seen, whether that is what was expected or not. Where the facts do not tell it
 * the result is unknown, with the reason. */

#include "atlas-config.h"

#include "atlas-lesson-judge.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "atlas-format.h"
#include "atlas-lesson-amount.h"
#include "atlas-text.h"

/* --- system calls --- */

/* The last of that name that failed with @error (NULL: any at all); else the last of that name. */
static const AtlasLessonCall *
find_call (const AtlasLessonProcess *process, const char *name, const char *error)
{
  const AtlasLessonCall *last = NULL;

  for (guint i = 0; i < process->calls->len; i++)
    {
      const AtlasLessonCall *call = g_ptr_array_index (process->calls, i);

      if (!g_str_equal (call->name, name))
        continue;
      if (error != NULL && g_strcmp0 (call->error, error) == 0)
        return call;
      last = call;
    }
  return last;
}

static char *
say_call (const char *name, const AtlasLessonCall *call)
{
  if (call == NULL)
    return g_strdup_printf (_ ("%s was not called."), name);
  if (call->error != NULL)
    return g_strdup_printf (_ ("%s was called, and failed with %s."), name, call->error);
  return g_strdup_printf (_ ("%s was called, and succeeded."), name);
}

static void
judge_call (AtlasLessonResult *self, const AtlasLessonProcess *process)
{
  const AtlasExpectation *expectation = self->expectation;
  const AtlasLessonCall *call = find_call (process, expectation->name, expectation->word);
  char *seen = say_call (expectation->name, call);

  if (expectation->kind == ATLAS_EXPECT_NO_SYSCALL)
    atlas_lesson_result_set_word (self, call != NULL ? "yes" : "no", call == NULL, seen);
  else if (expectation->word == NULL)
    atlas_lesson_result_set_word (self, call != NULL ? "yes" : "no", call != NULL, seen);
  else if (call == NULL)
    atlas_lesson_result_set_missing (self, seen);
  else
    atlas_lesson_result_set_word (self, call->error != NULL ? call->error : "success",
                                  g_strcmp0 (call->error, expectation->word) == 0, seen);
}

/* --- answers --- */

static const AtlasLessonAnswer *
get_last_answer (const AtlasLessonProcess *process)
{
  guint n_answers = process->answers->len;

  return n_answers > 0 ? g_ptr_array_index (process->answers, n_answers - 1) : NULL;
}

/* The first that failed; @but_last: not the last one. */
static const AtlasLessonAnswer *
find_failure (const AtlasLessonProcess *process, gboolean but_last)
{
  guint end = process->answers->len - (but_last && process->answers->len > 0 ? 1 : 0);

  for (guint i = 0; i < end; i++)
    {
      const AtlasLessonAnswer *answer = g_ptr_array_index (process->answers, i);

      if (!answer->ok)
        return answer;
    }
  return NULL;
}

static char *
say_failure (const AtlasLessonAnswer *answer)
{
  g_autofree char *command = atlas_text_clean_short (answer->command, -1, 60);
  g_autofree char *text =
      atlas_text_clean (answer->error_text != NULL ? answer->error_text : "", -1);

  return g_strdup_printf (_ ("“%s” failed with %s (%s)."), command, answer->error_name, text);
}

static void
judge_error (AtlasLessonResult *self, const AtlasLessonProcess *process)
{
  const AtlasLessonAnswer *earlier = find_failure (process, TRUE);
  const AtlasLessonAnswer *last = get_last_answer (process);

  if (earlier != NULL)
    atlas_lesson_result_set_missing (self, say_failure (earlier));
  else if (last == NULL)
    atlas_lesson_result_set_missing (self, g_strdup (_ ("No command was done.")));
  else if (last->ok)
    atlas_lesson_result_set_word (self, "success", FALSE,
                                  g_strdup (_ ("The last command succeeded.")));
  else
    atlas_lesson_result_set_word (self, last->error_name,
                                  !last->refused
                                      && g_str_equal (last->error_name, self->expectation->word),
                                  say_failure (last));
}

/* Of all processes, unless one of them is named. */
static void
judge_ok (AtlasLessonResult *self, const AtlasLessonFacts *facts)
{
  const char *process = self->expectation->process;

  for (guint i = 0; i < facts->processes->len; i++)
    {
      const AtlasLessonProcess *candidate = g_ptr_array_index (facts->processes, i);
      const AtlasLessonAnswer *failure = find_failure (candidate, FALSE);

      if (failure == NULL || (*process != '\0' && !g_str_equal (candidate->name, process)))
        continue;
      atlas_lesson_result_set_word (self, failure->error_name, FALSE, say_failure (failure));
      return;
    }
  atlas_lesson_result_set_word (self, "success", TRUE, g_strdup (_ ("All commands succeeded.")));
}

static void
judge_answer (AtlasLessonResult *self, const AtlasLessonProcess *process)
{
  const AtlasExpectation *expectation = self->expectation;
  const AtlasLessonAnswer *last = get_last_answer (process);
  const char *text = last != NULL ? g_hash_table_lookup (last->fields, expectation->name) : NULL;
  g_autofree char *clean = NULL;
  g_autofree char *seen = NULL;
  guint64 number;

  if (text == NULL)
    {
      atlas_lesson_result_set_missing (
          self, g_strdup_printf (_ ("The answer says nothing of %s."), expectation->name));
      return;
    }
  clean = atlas_text_clean_short (text, -1, 60);
  seen = g_strdup_printf (_ ("In the answer, %s is %s."), expectation->name, clean);
  if (expectation->word != NULL)
    atlas_lesson_result_set_word (self, clean, g_str_equal (text, expectation->word),
                                  g_steal_pointer (&seen));
  else if (g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, &number, NULL))
    atlas_lesson_result_set_value (self, (gint64) number, g_steal_pointer (&seen));
  else
    atlas_lesson_result_set_missing (self, g_steal_pointer (&seen));
}

static void
judge_faults (AtlasLessonResult *self, const AtlasLessonProcess *process)
{
  gboolean is_minor = self->expectation->kind == ATLAS_EXPECT_FAULTS;
  g_autofree char *count = NULL;
  guint64 sum = 0;

  for (guint i = 0; i < process->answers->len; i++)
    {
      const AtlasLessonAnswer *answer = g_ptr_array_index (process->answers, i);

      sum += is_minor ? answer->minor_faults : answer->major_faults;
    }
  count = atlas_format_count (sum);
  atlas_lesson_result_set_value (
      self, (gint64) sum,
      g_strdup_printf (is_minor ? _ ("Minor page faults: %s.") : _ ("Major page faults: %s."),
                       count));
}

/* --- regions and limits --- */

/* The whole name, or the file's name in its folder. */
static gboolean
is_called (const char *region, const char *name)
{
  const char *slash = strrchr (region, '/');

  return g_str_equal (region, name) || (slash != NULL && g_str_equal (slash + 1, name));
}

static void
judge_region (AtlasLessonResult *self, const AtlasLessonProcess *process)
{
  const AtlasExpectation *expectation = self->expectation;
  gboolean found = FALSE;
  const char *word;

  if (!process->has_regions)
    {
      atlas_lesson_result_set_unknown (
          self, g_strdup (_ ("The regions of the process could not be read.")));
      return;
    }
  for (guint i = 0; i < process->regions->len && !found; i++)
    found = is_called (g_ptr_array_index (process->regions, i), expectation->name);
  word = found ? "exists" : "gone";
  atlas_lesson_result_set_word (
      self, word, g_str_equal (word, expectation->word),
      g_strdup_printf (found ? _ ("There is a region “%s”.") : _ ("There is no region “%s”."),
                       expectation->name));
}

static void
judge_limit (AtlasLessonResult *self, const AtlasLessonProcess *process)
{
  const AtlasExpectation *expectation = self->expectation;
  const AtlasLimit *limit = atlas_limits_find (&process->limits, expectation->name);
  g_autofree char *size = NULL;

  if (limit == NULL)
    {
      atlas_lesson_result_set_unknown (
          self, g_strdup (_ ("The limits of the process could not be read.")));
      return;
    }
  if (limit->soft > G_MAXINT64)
    {
      atlas_lesson_result_set_word (
          self, "unlimited", expectation->word != NULL,
          g_strdup_printf (_ ("The soft limit “%s” is unlimited."), expectation->name));
      return;
    }
  size = atlas_lesson_number_format ((gint64) limit->soft, expectation->unit);
  atlas_lesson_result_set_value (
      self, (gint64) limit->soft,
      g_strdup_printf (_ ("The soft limit “%s” is %s."), expectation->name, size));
  if (expectation->word != NULL)
    self->verdict = ATLAS_VERDICT_FAILED;
}

/* --- all of them --- */

static void
judge_kind (AtlasLessonResult *self, const AtlasLessonProcess *process)
{
  static void (*const judges[ATLAS_N_EXPECTS]) (AtlasLessonResult *, const AtlasLessonProcess *) = {
    [ATLAS_EXPECT_CHANGE] = atlas_lesson_judge_counter,
    [ATLAS_EXPECT_VALUE] = atlas_lesson_judge_counter,
    [ATLAS_EXPECT_SYSCALL] = judge_call,
    [ATLAS_EXPECT_NO_SYSCALL] = judge_call,
    [ATLAS_EXPECT_PAGES] = atlas_lesson_judge_pages,
    [ATLAS_EXPECT_MINCORE] = atlas_lesson_judge_mincore,
    [ATLAS_EXPECT_ERROR] = judge_error,
    [ATLAS_EXPECT_ANSWER] = judge_answer,
    [ATLAS_EXPECT_FAULTS] = judge_faults,
    [ATLAS_EXPECT_MAJOR_FAULTS] = judge_faults,
    [ATLAS_EXPECT_REGION] = judge_region,
    [ATLAS_EXPECT_LOCKED] = atlas_lesson_judge_locked,
    [ATLAS_EXPECT_LIMIT] = judge_limit,
    [ATLAS_EXPECT_HOW] = atlas_lesson_judge_how,
  };

  judges[self->expectation->kind](self, process);
}

static gboolean
needs_trace (const AtlasExpectation *expectation)
{
  return expectation->kind == ATLAS_EXPECT_SYSCALL || expectation->kind == ATLAS_EXPECT_NO_SYSCALL
         || expectation->kind == ATLAS_EXPECT_HOW;
}

AtlasLessonResult *
atlas_lesson_judge (const AtlasExpectation *expectation, const AtlasLessonFacts *facts)
{
  const AtlasLessonProcess *process = atlas_lesson_facts_find (facts, expectation->process);
  AtlasLessonResult *self = g_new0 (AtlasLessonResult, 1);

  self->expectation = expectation;
  if (expectation->kind == ATLAS_EXPECT_OK)
    judge_ok (self, facts);
  else if (needs_trace (expectation) && facts->trace_problem != NULL)
    atlas_lesson_result_set_unknown (self, g_strdup (facts->trace_problem));
  else if (process == NULL)
    atlas_lesson_result_set_missing (
        self, *expectation->process != '\0'
                  ? g_strdup_printf (_ ("There is no process called “%s”."), expectation->process)
                  : g_strdup (_ ("There is no process.")));
  else
    judge_kind (self, process);
  self->seen_short = self->has_value || self->word != NULL
                         ? atlas_expectation_format (expectation, self->value, self->word)
                         : g_strdup ("–");
  return self;
}
