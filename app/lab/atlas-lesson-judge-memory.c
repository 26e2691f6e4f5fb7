/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Counters, and the pages of an allocation. */

#include "atlas-config.h"

#include "atlas-lesson-judge.h"

#include <glib/gi18n-lib.h>

#include "atlas-format.h"
#include "atlas-lesson-amount.h"

#define KIB 1024

/* --- counters --- */

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

  atlas_lesson_result_set_value (self, exact,
                                 expectation->kind == ATLAS_EXPECT_CHANGE
                                     ? say_change (expectation->counter, exact)
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
    atlas_lesson_result_set_missing (
        self, g_strdup (_ ("The process had ended, and has no counters any more.")));
  else if (needs_before && !process->has_before)
    atlas_lesson_result_set_missing (self,
                                     g_strdup (_ ("There was no such process before this step.")));
  else if (!atlas_status_has (&process->after, expectation->counter))
    atlas_lesson_result_set_unknown (
        self, g_strdup_printf (_ ("This kernel does not tell %s."),
                               atlas_counter_get_name (expectation->counter)));
  else
    return TRUE;
  return FALSE;
}

void
atlas_lesson_judge_counter (AtlasLessonResult *self, const AtlasLessonProcess *process)
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
  if (!atlas_lesson_result_is_within (expectation, told) && process->has_exact
      && is_imprecise (counter) && exact != told)
    set_exact (self, exact, told);
  else
    atlas_lesson_result_set_value (
        self, told, is_change ? say_change (counter, told) : say_counter (counter, told));
}

/* --- pages --- */

/* Looks up the memory that is spoken of; else says that there is none. */
static const AtlasLessonRange *
take_range (AtlasLessonResult *self, const AtlasLessonProcess *process)
{
  const char *id = self->expectation->name;
  const AtlasLessonRange *range = atlas_lesson_process_find_range (process, id);

  if (range == NULL)
    atlas_lesson_result_set_missing (
        self, g_strdup_printf (_ ("There is nothing called “%s” then."), id));
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
      && !atlas_lesson_result_is_within (expectation, (gint64) n_pages))
    return g_strdup_printf (_ ("This kernel does not tell zero pages from resident ones without "
                               "privilege (it is older than Linux 6.7)."));
  return NULL;
}

static char *
say_pages (const AtlasExpectation *expectation, guint64 n_pages, guint64 n_all)
{
  g_autofree char *count = atlas_format_count (n_pages);
  g_autofree char *all = atlas_format_count (n_all);

  if (g_str_equal (expectation->word, "file"))
    return g_strdup_printf (_ ("Pages of “%s” that belong to a file: %s of %s."), expectation->name,
                            count, all);
  return g_strdup_printf (_ ("Pages of “%s” that are %s: %s of %s."), expectation->name,
                          expectation->word, count, all);
}

void
atlas_lesson_judge_pages (AtlasLessonResult *self, const AtlasLessonProcess *process)
{
  const AtlasExpectation *expectation = self->expectation;
  const AtlasLessonRange *range = take_range (self, process);
  guint64 n_pages;
  char *reason;

  if (range == NULL)
    return;
  n_pages = get_pages (&range->pages, expectation->word);
  reason = find_reason (process, range, expectation, n_pages);
  if (reason != NULL)
    {
      atlas_lesson_result_set_unknown (self, reason);
      return;
    }
  atlas_lesson_result_set_value (self, (gint64) n_pages,
                                 say_pages (expectation, n_pages, range->pages.pages));
}

void
atlas_lesson_judge_mincore (AtlasLessonResult *self, const AtlasLessonProcess *process)
{
  const AtlasLessonRange *range = take_range (self, process);
  g_autofree char *count = NULL;
  g_autofree char *all = NULL;

  if (range == NULL)
    return;
  if (range->mincore == G_MAXUINT64)
    {
      atlas_lesson_result_set_unknown (self, g_strdup (_ ("mincore gave no answer.")));
      return;
    }
  count = atlas_format_count (range->mincore);
  all = atlas_format_count (range->n_pages);
  atlas_lesson_result_set_value (
      self, (gint64) range->mincore,
      g_strdup_printf (_ ("Pages of “%s” in memory by mincore: %s of %s."), range->id, count, all));
}

void
atlas_lesson_judge_locked (AtlasLessonResult *self, const AtlasLessonProcess *process)
{
  const AtlasLessonRange *range = take_range (self, process);
  const char *word;

  if (range == NULL)
    return;
  if (range->locked == ATLAS_LOCKED_UNKNOWN)
    {
      atlas_lesson_result_set_unknown (
          self, g_strdup (_ ("Which regions are locked could not be read.")));
      return;
    }
  word = range->locked == ATLAS_LOCKED_YES ? "yes" : "no";
  atlas_lesson_result_set_word (self, word, g_str_equal (word, self->expectation->word),
                                g_strdup_printf (range->locked == ATLAS_LOCKED_YES
                                                     ? _ ("“%s” is locked.")
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

void
atlas_lesson_judge_how (AtlasLessonResult *self, const AtlasLessonProcess *process)
{
  const AtlasLessonRange *range = take_range (self, process);

  if (range == NULL)
    return;
  if (range->how == NULL)
    atlas_lesson_result_set_missing (self,
                                     g_strdup_printf (_ ("“%s” is not from malloc."), range->id));
  else
    atlas_lesson_result_set_word (self, range->how,
                                  g_str_equal (range->how, self->expectation->word),
                                  say_how (range->id, range->how));
}
