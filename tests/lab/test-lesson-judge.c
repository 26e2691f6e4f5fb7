/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Judging by facts that are made by hand: what passes, what fails, and what cannot be known. */

#include "atlas-lesson-result.h"

#include <string.h>

#define KIB 1024
#define ALL_TOLD                                                                                   \
  (ATLAS_PAGE_RESIDENT | ATLAS_PAGE_SWAPPED | ATLAS_PAGE_ZERO | ATLAS_PAGE_HUGE | ATLAS_PAGE_FILE  \
   | ATLAS_PAGE_SHARED | ATLAS_PAGE_EXCLUSIVE)

typedef struct
{
  AtlasLessonFacts *facts;
  AtlasLessonProcess *process;
  AtlasExpectation *expectation;
  AtlasLessonResult *result;
} Judge;

static void
set_up (Judge *judge, gconstpointer data)
{
  memset (judge, 0, sizeof *judge);
  judge->facts = atlas_lesson_facts_new ();
  judge->process = atlas_lesson_facts_add_process (judge->facts, "");
  judge->process->has_before = judge->process->has_after = TRUE;
  judge->process->before.present = judge->process->after.present = G_MAXUINT32;
  judge->process->told = ALL_TOLD;
  judge->process->has_regions = TRUE;
}

static void
forget_result (Judge *judge)
{
  g_clear_pointer (&judge->result, atlas_lesson_result_free);
  g_clear_pointer (&judge->expectation, atlas_expectation_free);
}

static void
tear_down (Judge *judge, gconstpointer data)
{
  forget_result (judge);
  atlas_lesson_facts_free (judge->facts);
}

static const AtlasLessonResult *
judge_line (Judge *judge, const char *text)
{
  g_autoptr (GError) error = NULL;

  forget_result (judge);
  judge->expectation = atlas_expectation_parse (text, 1, &error);
  g_assert_no_error (error);
  judge->result = atlas_lesson_judge (judge->expectation, judge->facts);
  g_assert_nonnull (judge->result->seen);
  g_assert_nonnull (judge->result->seen_short);
  return judge->result;
}

static void
assert_verdict (Judge *judge, const char *text, AtlasVerdict verdict, const char *seen)
{
  const AtlasLessonResult *result = judge_line (judge, text);

  if (result->verdict != verdict || strcmp (result->seen, seen) != 0)
    g_error ("%s: %d “%s” (%s) instead of %d “%s”", text, (int) result->verdict, result->seen,
             result->reason, (int) verdict, seen);
  g_assert_cmpint (result->verdict == ATLAS_VERDICT_UNKNOWN, ==, *result->seen == '\0');
}

static void
assert_passed (Judge *judge, const char *text, const char *seen)
{
  assert_verdict (judge, text, ATLAS_VERDICT_PASSED, seen);
}

static void
assert_failed (Judge *judge, const char *text, const char *seen)
{
  assert_verdict (judge, text, ATLAS_VERDICT_FAILED, seen);
}

static void
assert_unknown (Judge *judge, const char *text, const char *reason)
{
  assert_verdict (judge, text, ATLAS_VERDICT_UNKNOWN, "");
  g_assert_nonnull (strstr (judge->result->reason, reason));
  g_assert_cmpstr (judge->result->seen_short, ==, "–");
}

static void
set_counter (Judge *judge, AtlasCounter counter, guint64 before_kb, guint64 after_kb)
{
  judge->process->before.kb[counter] = before_kb;
  judge->process->after.kb[counter] = after_kb;
}

static void
test_counters (Judge *judge, gconstpointer data)
{
  set_counter (judge, ATLAS_COUNTER_VM_SIZE, 1000, 1260);
  set_counter (judge, ATLAS_COUNTER_VM_LCK, 256, 128);
  assert_passed (judge, "VmSize +260 KiB", "VmSize grew by 260 KiB.");
  g_assert_cmpstr (judge->result->seen_short, ==, "+260 KiB");
  assert_failed (judge, "VmSize +256 KiB", "VmSize grew by 260 KiB.");
  assert_passed (judge, "VmSize >= +260 KiB", "VmSize grew by 260 KiB.");
  assert_failed (judge, "VmSize <= +259 KiB", "VmSize grew by 260 KiB.");
  assert_passed (judge, "VmSize +256 KiB .. +264 KiB", "VmSize grew by 260 KiB.");
  assert_passed (judge, "VmLck -128 KiB", "VmLck shrank by 128 KiB.");
  assert_passed (judge, "VmLck = 128 KiB", "VmLck is 128 KiB.");
  assert_failed (judge, "VmLck = 256 KiB", "VmLck is 128 KiB.");
  assert_passed (judge, "VmStk +0", "VmStk did not change.");
  judge->process->after.present = 0;
  assert_unknown (judge, "HugetlbPages +0", "does not tell HugetlbPages");
  judge->process->has_before = FALSE;
  assert_failed (judge, "VmSize +0", "There was no such process before this step.");
  judge->process->has_after = FALSE;
  assert_failed (judge, "VmSize +0", "The process had ended, and has no counters any more.");
}

/* Where status is behind, the pages decide; but only for what the kernel sums up late. */
static void
test_late_counters (Judge *judge, gconstpointer data)
{
  set_counter (judge, ATLAS_COUNTER_RSS_ANON, 100, 300);
  set_counter (judge, ATLAS_COUNTER_VM_LCK, 100, 300);
  assert_failed (judge, "RssAnon +256 KiB", "RssAnon grew by 200 KiB.");
  judge->process->has_exact = TRUE;
  judge->process->exact_before[ATLAS_COUNTER_RSS_ANON] = 100 * KIB;
  judge->process->exact_after[ATLAS_COUNTER_RSS_ANON] = 356 * KIB;
  judge->process->exact_after[ATLAS_COUNTER_VM_LCK] = 256 * KIB;
  assert_passed (judge, "RssAnon +256 KiB", "RssAnon grew by 256 KiB.");
  g_assert_nonnull (strstr (judge->result->reason, "+200 KiB"));
  assert_passed (judge, "RssAnon +200 KiB", "RssAnon grew by 200 KiB.");
  g_assert_null (judge->result->reason);
  assert_failed (judge, "RssAnon +4 KiB", "RssAnon grew by 256 KiB.");
  assert_passed (judge, "RssAnon = 356 KiB", "RssAnon is 356 KiB.");
  assert_failed (judge, "VmLck +256 KiB", "VmLck grew by 200 KiB.");
}

static void
test_calls (Judge *judge, gconstpointer data)
{
  atlas_lesson_process_add_call (judge->process, "mmap", "ENOMEM");
  atlas_lesson_process_add_call (judge->process, "mmap", NULL);
  assert_passed (judge, "syscall mmap", "mmap was called, and succeeded.");
  assert_passed (judge, "syscall mmap ENOMEM", "mmap was called, and failed with ENOMEM.");
  assert_failed (judge, "syscall mmap EAGAIN", "mmap was called, and succeeded.");
  assert_failed (judge, "no syscall mmap", "mmap was called, and succeeded.");
  assert_passed (judge, "no syscall brk", "brk was not called.");
  assert_failed (judge, "syscall brk", "brk was not called.");
  assert_failed (judge, "syscall brk ENOMEM", "brk was not called.");
  judge->facts->trace_problem = g_strdup ("Not traced.");
  assert_unknown (judge, "syscall mmap", "Not traced.");
  assert_unknown (judge, "no syscall mmap", "Not traced.");
  assert_unknown (judge, "how a brk", "Not traced.");
}

static AtlasLessonRange *
add_range (Judge *judge)
{
  AtlasLessonRange *range = atlas_lesson_process_add_range (judge->process, "a");

  range->n_pages = 64;
  range->is_anonymous = TRUE;
  range->pages = (AtlasPageCounts){
    .pages = 64, .resident = 32, .zero = 16, .swapped = 4, .shared = 30, .exclusive = 2, .huge = 8
  };
  return range;
}

static void
test_pages (Judge *judge, gconstpointer data)
{
  AtlasLessonRange *range = add_range (judge);

  assert_passed (judge, "pages a resident 32", "Pages of “a” that are resident: 32 of 64.");
  assert_failed (judge, "pages a resident 33", "Pages of “a” that are resident: 32 of 64.");
  assert_passed (judge, "pages a absent 12", "Pages of “a” that are absent: 12 of 64.");
  assert_passed (judge, "pages a zero 16", "Pages of “a” that are zero: 16 of 64.");
  assert_passed (judge, "pages a swapped >= 4", "Pages of “a” that are swapped: 4 of 64.");
  assert_passed (judge, "pages a shared 30", "Pages of “a” that are shared: 30 of 64.");
  assert_passed (judge, "pages a exclusive 2", "Pages of “a” that are exclusive: 2 of 64.");
  assert_passed (judge, "pages a huge 8", "Pages of “a” that are huge: 8 of 64.");
  assert_passed (judge, "pages a file 0", "Pages of “a” that belong to a file: 0 of 64.");
  assert_failed (judge, "pages b file 0", "There is nothing called “b” then.");
  range->pages.unknown = 1;
  assert_unknown (judge, "pages a resident 32", "could not be read");
}

/* A kernel before 6.7, and one without the bit for sharing. */
static void
test_untold_pages (Judge *judge, gconstpointer data)
{
  AtlasLessonRange *range = add_range (judge);

  judge->process->told = ATLAS_PAGE_RESIDENT | ATLAS_PAGE_SWAPPED | ATLAS_PAGE_FILE;
  assert_unknown (judge, "pages a zero 16", "Linux 6.7");
  assert_unknown (judge, "pages a huge 8", "Linux 6.7");
  assert_unknown (judge, "pages a shared 30", "which pages are shared");
  assert_unknown (judge, "pages a exclusive 2", "which pages are exclusive");
  assert_unknown (judge, "pages a resident 0", "zero pages");
  assert_passed (judge, "pages a resident 32", "Pages of “a” that are resident: 32 of 64.");
  range->is_anonymous = FALSE;
  assert_failed (judge, "pages a resident 0", "Pages of “a” that are resident: 32 of 64.");
}

static void
test_range (Judge *judge, gconstpointer data)
{
  AtlasLessonRange *range = add_range (judge);

  assert_unknown (judge, "mincore a 3", "mincore gave no answer");
  range->mincore = 3;
  assert_passed (judge, "mincore a 3", "Pages of “a” in memory by mincore: 3 of 64.");
  range->locked = ATLAS_LOCKED_UNKNOWN;
  assert_unknown (judge, "locked a yes", "locked");
  range->locked = ATLAS_LOCKED_YES;
  assert_passed (judge, "locked a yes", "“a” is locked.");
  assert_failed (judge, "locked a no", "“a” is locked.");
  assert_failed (judge, "locked b no", "There is nothing called “b” then.");
  assert_failed (judge, "how a brk", "“a” is not from malloc.");
  range->how = ATLAS_LESSON_MMAP;
  assert_failed (judge, "how a brk", "“a” was obtained by mmap.");
  assert_passed (judge, "how a mmap", "“a” was obtained by mmap.");
  range->how = ATLAS_LESSON_FREE;
  assert_passed (judge, "how a free",
                 "“a” is from memory that malloc had: no call was made for it.");
}

static void
test_answers (Judge *judge, gconstpointer data)
{
  AtlasLessonAnswer *answer = atlas_lesson_process_add_answer (judge->process, "malloc a 1K");

  answer->ok = TRUE;
  answer->minor_faults = 2;
  answer = atlas_lesson_process_add_answer (judge->process, "malloc b 1K");
  answer->ok = TRUE;
  answer->minor_faults = 3;
  answer->major_faults = 1;
  g_hash_table_insert (answer->fields, g_strdup ("arena"), g_strdup ("main\033"));
  g_hash_table_insert (answer->fields, g_strdup ("usable"), g_strdup ("1032"));
  assert_passed (judge, "ok", "All commands succeeded.");
  assert_failed (judge, "error ENOMEM", "The last command succeeded.");
  g_assert_cmpstr (judge->result->word, ==, "success");
  assert_passed (judge, "faults 5", "Minor page faults: 5.");
  assert_failed (judge, "major faults 0", "Major page faults: 1.");
  assert_passed (judge, "answer usable >= 1000", "In the answer, usable is 1032.");
  assert_passed (judge, "answer usable=1032", "In the answer, usable is 1032.");
  assert_failed (judge, "answer usable 1024", "In the answer, usable is 1032.");
  assert_failed (judge, "answer arena=main", "In the answer, arena is main\\x1b.");
  assert_failed (judge, "answer arena 1", "In the answer, arena is main\\x1b.");
  assert_failed (judge, "answer size 1", "The answer says nothing of size.");
}

static void
fail (AtlasLessonAnswer *answer, const char *name)
{
  answer->error_name = g_strdup (name);
  answer->error_text = g_strdup ("mlock: No.");
}

static void
test_errors (Judge *judge, gconstpointer data)
{
  AtlasLessonAnswer *first = atlas_lesson_process_add_answer (judge->process, "mmap a 1M");
  AtlasLessonAnswer *last = atlas_lesson_process_add_answer (judge->process, "mlock a");

  first->ok = TRUE;
  fail (last, "ENOMEM");
  assert_passed (judge, "error ENOMEM", "“mlock a” failed with ENOMEM (mlock: No.).");
  assert_failed (judge, "error EPERM", "“mlock a” failed with ENOMEM (mlock: No.).");
  assert_failed (judge, "ok", "“mlock a” failed with ENOMEM (mlock: No.).");
  last->refused = TRUE;
  assert_failed (judge, "error ENOMEM", "“mlock a” failed with ENOMEM (mlock: No.).");
  last->refused = FALSE;
  first->ok = FALSE;
  fail (first, "EINVAL");
  assert_failed (judge, "error ENOMEM", "“mmap a 1M” failed with EINVAL (mlock: No.).");
}

static void
test_children (Judge *judge, gconstpointer data)
{
  AtlasLessonProcess *child = atlas_lesson_facts_add_process (judge->facts, "b");
  AtlasLessonAnswer *answer = atlas_lesson_process_add_answer (child, "child b free a");

  g_assert_true (atlas_lesson_facts_add_process (judge->facts, "b") == child);
  fail (answer, "SIGSEGV");
  answer->minor_faults = 7;
  assert_failed (judge, "ok", "“child b free a” failed with SIGSEGV (mlock: No.).");
  assert_passed (judge, "child b: error SIGSEGV",
                 "“child b free a” failed with SIGSEGV (mlock: No.).");
  assert_failed (judge, "error SIGSEGV", "No command was done.");
  assert_passed (judge, "child b: faults 7", "Minor page faults: 7.");
  assert_passed (judge, "faults 0", "Minor page faults: 0.");
  assert_failed (judge, "child c: faults 0", "There is no process called “c”.");
  assert_passed (judge, "child c: ok", "All commands succeeded.");
}

static void
test_regions_and_limits (Judge *judge, gconstpointer data)
{
  AtlasLimit limits[] = { { .name = (char *) "memlock", .soft = 8 * KIB * KIB },
                          { .name = (char *) "as", .soft = ATLAS_LIMIT_UNLIMITED } };

  g_ptr_array_add (judge->process->regions, g_strdup ("[heap]"));
  g_ptr_array_add (judge->process->regions, g_strdup ("/lib/libc.so.6"));
  assert_passed (judge, "region [heap] exists", "There is a region “[heap]”.");
  assert_passed (judge, "region libc.so.6 exists", "There is a region “libc.so.6”.");
  assert_failed (judge, "region [stack] exists", "There is no region “[stack]”.");
  assert_passed (judge, "region heap gone", "There is no region “heap”.");
  judge->process->has_regions = FALSE;
  assert_unknown (judge, "region [heap] gone", "regions");
  assert_unknown (judge, "limit memlock 8 MiB", "limits");
  judge->process->limits = (AtlasLimits){ limits, G_N_ELEMENTS (limits) };
  assert_passed (judge, "limit memlock 8 MiB", "The soft limit “memlock” is 8 MiB.");
  assert_failed (judge, "limit memlock 4 MiB", "The soft limit “memlock” is 8 MiB.");
  assert_failed (judge, "limit memlock unlimited", "The soft limit “memlock” is 8 MiB.");
  assert_passed (judge, "limit as unlimited", "The soft limit “as” is unlimited.");
  assert_failed (judge, "limit as 1 MiB", "The soft limit “as” is unlimited.");
  judge->process->limits = (AtlasLimits){ 0 };
}

static void
assert_prediction (Judge *judge, const char *text, const char *typed, AtlasPrediction prediction)
{
  judge_line (judge, text);
  g_assert_cmpint (judge->result->prediction, ==, ATLAS_PREDICTION_NONE);
  atlas_lesson_result_predict (judge->result, typed);
  g_assert_cmpint (judge->result->prediction, ==, prediction);
}

/* Held against what was seen, not against what the lesson expects. */
static void
test_predictions (Judge *judge, gconstpointer data)
{
  set_counter (judge, ATLAS_COUNTER_VM_SIZE, 1000, 1260);
  add_range (judge)->how = ATLAS_LESSON_MMAP;
  assert_prediction (judge, "VmSize +260 KiB", "260K", ATLAS_PREDICTION_RIGHT);
  assert_prediction (judge, "VmSize +256 KiB", "260K", ATLAS_PREDICTION_RIGHT);
  assert_prediction (judge, "VmSize +256 KiB", "256K", ATLAS_PREDICTION_WRONG);
  assert_prediction (judge, "VmSize +250 KiB .. +300 KiB", "290K", ATLAS_PREDICTION_RIGHT);
  assert_prediction (judge, "VmSize +270 KiB .. +300 KiB", "290K", ATLAS_PREDICTION_WRONG);
  assert_prediction (judge, "VmSize +260 KiB", "some", ATLAS_PREDICTION_UNCLEAR);
  g_assert_cmpstr (judge->result->predicted, ==, "some");
  assert_prediction (judge, "how a brk", "mmap", ATLAS_PREDICTION_RIGHT);
  assert_prediction (judge, "how a brk", "brk", ATLAS_PREDICTION_WRONG);
  assert_prediction (judge, "syscall mmap", "no", ATLAS_PREDICTION_RIGHT);
  assert_prediction (judge, "mincore a 3", "3", ATLAS_PREDICTION_OPEN);
  assert_prediction (judge, "mincore a 3", NULL, ATLAS_PREDICTION_NONE);
}

static void
add (const char *path, void (*test) (Judge *, gconstpointer))
{
  g_test_add (path, Judge, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/lesson/judge/counters", test_counters);
  add ("/lesson/judge/late-counters", test_late_counters);
  add ("/lesson/judge/calls", test_calls);
  add ("/lesson/judge/pages", test_pages);
  add ("/lesson/judge/untold-pages", test_untold_pages);
  add ("/lesson/judge/range", test_range);
  add ("/lesson/judge/answers", test_answers);
  add ("/lesson/judge/errors", test_errors);
  add ("/lesson/judge/children", test_children);
  add ("/lesson/judge/regions-and-limits", test_regions_and_limits);
  add ("/lesson/judge/predictions", test_predictions);
  return g_test_run ();
}
