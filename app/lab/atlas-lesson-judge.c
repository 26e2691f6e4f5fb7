/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Each kind of expectation is held against the facts by a function of its own, which says in a
 * sentence what was seen, whether that is what was expected or not. Where the facts do not tell it
 * the result is unknown, with the reason. */

#include "atlas-config.h"

#include "atlas-lesson-result.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "atlas-format.h"
#include "atlas-lesson-amount.h"
#include "atlas-text.h"

#define KIB 1024

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

/* --- what came out --------------------------------------------------------------------------- */

/* @reason: taken */
static void
set_unknown (AtlasLessonResult *self, char *reason)
{
  self->verdict = ATLAS_VERDICT_UNKNOWN;
  self->reason = reason;
  self->seen = g_strdup ("");
}

/* Nothing to compare with: that itself is not as expected. @seen: taken */
static void
set_missing (AtlasLessonResult *self, char *seen)
{
  self->verdict = ATLAS_VERDICT_FAILED;
  self->seen = seen;
}

static gboolean
is_within (const AtlasExpectation *expectation, gint64 value)
{
  return value >= expectation->least && value <= expectation->most;
}

/* @seen: taken */
static void
set_value (AtlasLessonResult *self, gint64 value, char *seen)
{
  self->verdict =
      is_within (self->expectation, value) ? ATLAS_VERDICT_PASSED : ATLAS_VERDICT_FAILED;
  self->has_value = TRUE;
  self->value = value;
  self->seen = seen;
}

/* @seen: taken */
static void
set_word (AtlasLessonResult *self, const char *word, gboolean passed, char *seen)
{
  self->verdict = passed ? ATLAS_VERDICT_PASSED : ATLAS_VERDICT_FAILED;
  self->word = g_strdup (word);
  self->seen = seen;
}

/* --- counters -------------------------------------------------------------------------------- */

static char *
say_change (AtlasCounter counter, gint64 change)
{
  const char *name = atlas_counter_get_name (counter);
  g_autofree char *size = atlas_lesson_number_format (change, ATLAS_EXPECT_IN_BYTES);

  if (change == 0)
    return g_strdup_printf (_ ("%s did not change."), name);
  return g_strdup_printf (change > 0 ? _ ("%s grew by %s.") : _ ("%s shrank by %s."), name, size);
}

static char *
say_counter (AtlasCounter counter, gint64 value)
{
  g_autofree char *size = atlas_lesson_number_format (value, ATLAS_EXPECT_IN_BYTES);

  return g_strdup_printf (_ ("%s is %s."), atlas_counter_get_name (counter), size);
}

/* Counters that the kernel sums up late: status may be some pages behind (proc.rst). */
static gboolean
is_imprecise (AtlasCounter counter)
{
  return counter == ATLAS_COUNTER_VM_RSS || counter == ATLAS_COUNTER_RSS_ANON
         || counter == ATLAS_COUNTER_RSS_FILE || counter == ATLAS_COUNTER_RSS_SHMEM;
}

/* What the pages say, where status is behind. */
static void
set_exact (AtlasLessonResult *self, gint64 exact, gint64 told)
{
  const AtlasExpectation *expectation = self->expectation;
  g_autofree char *behind = atlas_expectation_format (expectation, told, NULL);

  set_value (self, exact,
             expectation->kind == ATLAS_EXPECT_CHANGE ? say_change (expectation->counter, exact)
                                                      : say_counter (expectation->counter, exact));
  self->reason = g_strdup_printf (_ ("Counted page by page. This kernel's own figure lags behind: "
                                     "it says %s."),
                                  behind);
}

static gint64
get_told (const AtlasStatus *status, AtlasCounter counter)
{
  return (gint64) status->kb[counter] * KIB;
}

static gboolean
check_counters (AtlasLessonResult *self, const AtlasLessonProcess *process)
{
  const AtlasExpectation *expectation = self->expectation;
  gboolean needs_before = expectation->kind == ATLAS_EXPECT_CHANGE;

  if (!process->has_after)
    set_missing (self, g_strdup (_ ("The process had ended, and has no counters any more.")));
  else if (needs_before && !process->has_before)
    set_missing (self, g_strdup (_ ("There was no such process before this step.")));
  else if (!atlas_status_has (&process->after, expectation->counter))
    set_unknown (self, g_strdup_printf (_ ("This kernel does not tell %s."),
                                        atlas_counter_get_name (expectation->counter)));
  else
    return TRUE;
  return FALSE;
}

static void
judge_counter (AtlasLessonResult *self, const AtlasLessonProcess *process)
{
  const AtlasExpectation *expectation = self->expectation;
  AtlasCounter counter = expectation->counter;
  gboolean is_change = expectation->kind == ATLAS_EXPECT_CHANGE;
  gint64 told, exact;

  if (!check_counters (self, process))
    return;
  told = get_told (&process->after, counter);
  exact = (gint64) process->exact_after[counter];
  if (is_change)
    {
      told -= get_told (&process->before, counter);
      exact -= (gint64) process->exact_before[counter];
    }
  if (!is_within (expectation, told) && process->has_exact && is_imprecise (counter)
      && exact != told)
    set_exact (self, exact, told);
  else
    set_value (self, told, is_change ? say_change (counter, told) : say_counter (counter, told));
}

/* --- system calls ---------------------------------------------------------------------------- */

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
    set_word (self, call != NULL ? "yes" : "no", call == NULL, seen);
  else if (expectation->word == NULL)
    set_word (self, call != NULL ? "yes" : "no", call != NULL, seen);
  else if (call == NULL)
    set_missing (self, seen);
  else
    set_word (self, call->error != NULL ? call->error : "success",
              g_strcmp0 (call->error, expectation->word) == 0, seen);
}

/* --- pages ----------------------------------------------------------------------------------- */

/* Looks up the memory that is spoken of; else says that there is none. */
static const AtlasLessonRange *
take_range (AtlasLessonResult *self, const AtlasLessonProcess *process)
{
  const char *id = self->expectation->name;
  const AtlasLessonRange *range = atlas_lesson_process_find_range (process, id);

  if (range == NULL)
    set_missing (self, g_strdup_printf (_ ("There is nothing called “%s” then."), id));
  return range;
}

typedef struct
{
  const char *word;
  AtlasPageState needed; /* bits that must be told */
} PageWord;

static const PageWord page_words[] = {
  { "absent", 0 },
  { "resident", 0 },
  { "swapped", ATLAS_PAGE_SWAPPED },
  { "file", ATLAS_PAGE_FILE },
  { "zero", ATLAS_PAGE_ZERO },
  { "huge", ATLAS_PAGE_HUGE },
  { "shared", ATLAS_PAGE_SHARED },
  { "exclusive", ATLAS_PAGE_EXCLUSIVE },
};

static guint64
get_pages (const AtlasPageCounts *counts, const char *word)
{
  const guint64 numbers[G_N_ELEMENTS (page_words)] = {
    counts->pages - counts->resident - counts->swapped - counts->zero - counts->unknown,
    counts->resident,
    counts->swapped,
    counts->file,
    counts->zero,
    counts->huge,
    counts->shared,
    counts->exclusive
  };

  for (guint i = 0; i < G_N_ELEMENTS (page_words); i++)
    if (g_str_equal (page_words[i].word, word))
      return numbers[i];
  g_assert_not_reached ();
}

static AtlasPageState
get_needed (const char *word)
{
  for (guint i = 0; i < G_N_ELEMENTS (page_words); i++)
    if (g_str_equal (page_words[i].word, word))
      return page_words[i].needed;
  return 0;
}

/* Where zero pages are not told from others, they are counted among the resident ones. */
static gboolean
may_hold_zero_pages (const AtlasLessonRange *range, AtlasPageState told, const char *word)
{
  return range->is_anonymous && (told & ATLAS_PAGE_ZERO) == 0
         && (g_str_equal (word, "resident") || g_str_equal (word, "shared"));
}

/* NULL: it can be judged. */
static char *
find_reason (const AtlasLessonProcess *process,
             const AtlasLessonRange *range,
             const AtlasExpectation *expectation,
             guint64 n_pages)
{
  AtlasPageState needed = get_needed (expectation->word);

  if (range->pages.unknown > 0)
    return g_strdup_printf (_ ("The states of these pages could not be read."));
  if ((process->told & needed) != needed && (needed & (ATLAS_PAGE_ZERO | ATLAS_PAGE_HUGE)) != 0)
    return g_strdup_printf (_ ("This kernel does not tell zero and huge pages from others without "
                               "privilege (it is older than Linux 6.7)."));
  if ((process->told & needed) != needed)
    return g_strdup_printf (_ ("This kernel does not tell which pages are %s."), expectation->word);
  if (may_hold_zero_pages (range, process->told, expectation->word)
      && !is_within (expectation, (gint64) n_pages))
    return g_strdup_printf (_ ("This kernel does not tell zero pages from resident ones without "
                               "privilege (it is older than Linux 6.7)."));
  return NULL;
}

static void
judge_pages (AtlasLessonResult *self, const AtlasLessonProcess *process)
{
  const AtlasExpectation *expectation = self->expectation;
  const AtlasLessonRange *range = take_range (self, process);
  g_autofree char *count = NULL;
  g_autofree char *all = NULL;
  guint64 n_pages;
  char *reason;

  if (range == NULL)
    return;
  n_pages = get_pages (&range->pages, expectation->word);
  reason = find_reason (process, range, expectation, n_pages);
  if (reason != NULL)
    {
      set_unknown (self, reason);
      return;
    }
  count = atlas_format_count (n_pages);
  all = atlas_format_count (range->pages.pages);
  set_value (self, (gint64) n_pages,
             g_strdup_printf (_ ("Pages of “%s” that are %s: %s of %s."), expectation->name,
                              expectation->word, count, all));
}

static void
judge_mincore (AtlasLessonResult *self, const AtlasLessonProcess *process)
{
  const AtlasLessonRange *range = take_range (self, process);
  g_autofree char *count = NULL;
  g_autofree char *all = NULL;

  if (range == NULL)
    return;
  if (range->mincore == G_MAXUINT64)
    {
      set_unknown (self, g_strdup (_ ("mincore gave no answer.")));
      return;
    }
  count = atlas_format_count (range->mincore);
  all = atlas_format_count (range->n_pages);
  set_value (
      self, (gint64) range->mincore,
      g_strdup_printf (_ ("Pages of “%s” in memory by mincore: %s of %s."), range->id, count, all));
}

static void
judge_locked (AtlasLessonResult *self, const AtlasLessonProcess *process)
{
  const AtlasLessonRange *range = take_range (self, process);
  const char *word;

  if (range == NULL)
    return;
  if (range->locked == ATLAS_LOCKED_UNKNOWN)
    {
      set_unknown (self, g_strdup (_ ("Which regions are locked could not be read.")));
      return;
    }
  word = range->locked == ATLAS_LOCKED_YES ? "yes" : "no";
  set_word (self, word, g_str_equal (word, self->expectation->word),
            g_strdup_printf (range->locked == ATLAS_LOCKED_YES ? _ ("“%s” is locked.")
                                                               : _ ("“%s” is not locked."),
                             range->id));
}

static char *
say_how (const char *id, const char *how)
{
  if (g_str_equal (how, ATLAS_LESSON_FREE))
    return g_strdup_printf (_ ("“%s” is from memory that malloc had: no call was made for it."),
                            id);
  if (g_str_equal (how, ATLAS_LESSON_ARENA))
    return g_strdup_printf (_ ("“%s” is from a thread's arena, which was extended."), id);
  return g_strdup_printf (_ ("“%s” was obtained by %s."), id, how);
}

static void
judge_how (AtlasLessonResult *self, const AtlasLessonProcess *process)
{
  const AtlasLessonRange *range = take_range (self, process);

  if (range == NULL)
    return;
  if (range->how == NULL)
    set_missing (self, g_strdup_printf (_ ("“%s” is not from malloc."), range->id));
  else
    set_word (self, range->how, g_str_equal (range->how, self->expectation->word),
              say_how (range->id, range->how));
}

/* --- answers --------------------------------------------------------------------------------- */

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
    set_missing (self, say_failure (earlier));
  else if (last == NULL)
    set_missing (self, g_strdup (_ ("No command was done.")));
  else if (last->ok)
    set_word (self, "success", FALSE, g_strdup (_ ("The last command succeeded.")));
  else
    set_word (self, last->error_name,
              !last->refused && g_str_equal (last->error_name, self->expectation->word),
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
      set_word (self, failure->error_name, FALSE, say_failure (failure));
      return;
    }
  set_word (self, "success", TRUE, g_strdup (_ ("All commands succeeded.")));
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
      set_missing (self, g_strdup_printf (_ ("The answer says nothing of %s."), expectation->name));
      return;
    }
  clean = atlas_text_clean_short (text, -1, 60);
  seen = g_strdup_printf (_ ("The answer says of %s: %s."), expectation->name, clean);
  if (expectation->word != NULL)
    set_word (self, clean, g_str_equal (text, expectation->word), g_steal_pointer (&seen));
  else if (g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, &number, NULL))
    set_value (self, (gint64) number, g_steal_pointer (&seen));
  else
    set_missing (self, g_steal_pointer (&seen));
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
  set_value (self, (gint64) sum,
             g_strdup_printf (
                 is_minor ? _ ("Minor page faults: %s.") : _ ("Major page faults: %s."), count));
}

/* --- regions and limits ---------------------------------------------------------------------- */

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
      set_unknown (self, g_strdup (_ ("The regions of the process could not be read.")));
      return;
    }
  for (guint i = 0; i < process->regions->len && !found; i++)
    found = is_called (g_ptr_array_index (process->regions, i), expectation->name);
  word = found ? "exists" : "gone";
  set_word (self, word, g_str_equal (word, expectation->word),
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
      set_unknown (self, g_strdup (_ ("The limits of the process could not be read.")));
      return;
    }
  if (limit->soft > G_MAXINT64)
    {
      set_word (self, "unlimited", expectation->word != NULL,
                g_strdup_printf (_ ("The soft limit %s is unlimited."), expectation->name));
      return;
    }
  size = atlas_lesson_number_format ((gint64) limit->soft, expectation->unit);
  set_value (self, (gint64) limit->soft,
             g_strdup_printf (_ ("The soft limit %s is %s."), expectation->name, size));
  if (expectation->word != NULL)
    self->verdict = ATLAS_VERDICT_FAILED;
}

/* --- all of them ----------------------------------------------------------------------------- */

static void
judge_kind (AtlasLessonResult *self, const AtlasLessonProcess *process)
{
  static void (*const judges[ATLAS_N_EXPECTS]) (AtlasLessonResult *, const AtlasLessonProcess *) = {
    [ATLAS_EXPECT_CHANGE] = judge_counter, [ATLAS_EXPECT_VALUE] = judge_counter,
    [ATLAS_EXPECT_SYSCALL] = judge_call,   [ATLAS_EXPECT_NO_SYSCALL] = judge_call,
    [ATLAS_EXPECT_PAGES] = judge_pages,    [ATLAS_EXPECT_MINCORE] = judge_mincore,
    [ATLAS_EXPECT_ERROR] = judge_error,    [ATLAS_EXPECT_ANSWER] = judge_answer,
    [ATLAS_EXPECT_FAULTS] = judge_faults,  [ATLAS_EXPECT_MAJOR_FAULTS] = judge_faults,
    [ATLAS_EXPECT_REGION] = judge_region,  [ATLAS_EXPECT_LOCKED] = judge_locked,
    [ATLAS_EXPECT_LIMIT] = judge_limit,    [ATLAS_EXPECT_HOW] = judge_how,
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
    set_unknown (self, g_strdup (facts->trace_problem));
  else if (process == NULL)
    set_missing (self, *expectation->process != '\0' ? g_strdup_printf (
                           _ ("There is no process called “%s”."), expectation->process)
                                                     : g_strdup (_ ("There is no process.")));
  else
    judge_kind (self, process);
  self->seen_short = self->has_value || self->word != NULL
                         ? atlas_expectation_format (expectation, self->value, self->word)
                         : g_strdup ("–");
  return self;
}

/* --- predictions ----------------------------------------------------------------------------- */

static gboolean
is_right (const AtlasLessonResult *self, gint64 value, const char *word)
{
  if (word != NULL || self->word != NULL)
    return g_strcmp0 (word, self->word) == 0;
  if (value == self->value)
    return TRUE;
  /* a range, and not a number: whoever is within it has understood */
  return self->verdict == ATLAS_VERDICT_PASSED && is_within (self->expectation, value);
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
