/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "atlas-config.h"

#include "atlas-cli-lesson-report.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "atlas-cli-prose.h"
#include "atlas-format.h"
#include "atlas-lab-event.h"
#include "atlas-text.h"

#define INDENT "   "
#define CODE_INDENT 6
#define KIB 1024

/* Prose is read in lines of this length at most. */
#define WIDEST_PROSE 88
#define NARROWEST_PROSE 30

static guint
get_prose_width (guint width)
{
  return width == 0 ? WIDEST_PROSE : CLAMP (width, NARROWEST_PROSE, WIDEST_PROSE);
}

/* --- prose --- */

static void
append_block (GString *text, const AtlasLessonBlock *block, guint width)
{
  g_autofree char *blanks = g_strnfill (2 * block->depth, ' ');
  g_autofree char *first = NULL;

  if (block->kind == ATLAS_LESSON_CODE)
    {
      atlas_cli_prose_append_code (text, block->text, CODE_INDENT + 2 * block->depth);
      return;
    }
  if (block->kind == ATLAS_LESSON_ITEM && *block->marker != '\0')
    first = g_strconcat (INDENT, blanks + 2, block->marker, " ", NULL);
  else
    first = g_strconcat (INDENT, blanks, block->kind == ATLAS_LESSON_QUOTE ? "> " : "", NULL);
  atlas_cli_prose_append (text, first, block->text, width);
}

/* Items of a list stand together, all else apart. */
static void
append_blocks (GString *text, GPtrArray *blocks, guint width)
{
  guint prose_width = get_prose_width (width);

  for (guint i = 0; i < blocks->len; i++)
    {
      const AtlasLessonBlock *block = g_ptr_array_index (blocks, i);
      const AtlasLessonBlock *before = i > 0 ? g_ptr_array_index (blocks, i - 1) : NULL;

      if (before == NULL || block->kind != ATLAS_LESSON_ITEM || before->kind != ATLAS_LESSON_ITEM)
        g_string_append_c (text, '\n');
      append_block (text, block, prose_width);
    }
}

char *
atlas_cli_lesson_report_beginning (AtlasLesson *lesson, guint width)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%s\n\n", atlas_lesson_get_title (lesson));
  atlas_cli_prose_append (text, INDENT, atlas_lesson_get_summary (lesson), get_prose_width (width));
  append_blocks (text, atlas_lesson_get_introduction (lesson), width);
  return g_string_free (text, FALSE);
}

/* --- what happened --- */

static void
append_code (GString *text, AtlasLabEvent *event, guint width)
{
  const char *code = atlas_lab_event_get_code (event);

  if (code != NULL && *code != '\0')
    atlas_cli_prose_append_facts (text, code, CODE_INDENT, width);
}

static void
append_calls (GString *text, AtlasLabEvent *event, guint width)
{
  GPtrArray *calls = atlas_lab_event_get_calls (event);

  for (guint i = 0; i < calls->len; i++)
    {
      const AtlasLabCall *call = g_ptr_array_index (calls, i);
      g_autofree char *line = g_strdup_printf ("%s = %s", call->text, call->result);

      if (call->kind == ATLAS_LAB_CALL_SYSTEM)
        atlas_cli_prose_append_facts (text, line, CODE_INDENT, width);
    }
}

/* "usable=102408  arena=main": of the answer, what the step speaks of. */
static void
append_answer (GString *text, AtlasLabEvent *event, const AtlasLessonStep *step, guint width)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < step->expectations->len; i++)
    {
      const AtlasExpectation *expectation = g_ptr_array_index (step->expectations, i);
      const char *value = NULL;

      if (expectation->kind == ATLAS_EXPECT_ANSWER)
        value = atlas_lab_event_get_field (event, expectation->name);
      if (value != NULL)
        g_ptr_array_add (items, g_strdup_printf ("%s=%s", expectation->name, value));
    }
  if (items->len > 0)
    atlas_cli_prose_append_items (text, items, CODE_INDENT, width);
}

static char *
say_faults (guint64 faults)
{
  g_autofree char *count = atlas_format_count (faults);

  return g_strdup_printf (ngettext ("%s page fault", "%s page faults", (gulong) faults), count);
}

/* "VmSize +260 KiB  RssAnon +4 KiB  2 page faults" */
static void
append_changes (GString *text, AtlasLabEvent *event, guint width)
{
  guint64 faults =
      atlas_lab_event_get_minor_faults (event) + atlas_lab_event_get_major_faults (event);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_free);

  for (AtlasCounter counter = 0; counter < ATLAS_N_COUNTERS; counter++)
    {
      gint64 change = atlas_lab_event_get_change (event, counter);
      g_autofree char *shown = atlas_format_bytes_change (change * KIB);

      if (change != 0)
        g_ptr_array_add (items, g_strdup_printf ("%s %s", atlas_counter_get_name (counter), shown));
    }
  if (faults > 0)
    g_ptr_array_add (items, say_faults (faults));
  if (items->len > 0)
    atlas_cli_prose_append_items (text, items, CODE_INDENT, width);
}

static void
append_failure (GString *text, AtlasLabEvent *event)
{
  const char *ending = atlas_lab_event_get_ending (event);
  const char *problem = atlas_lab_event_get_error_text (event);

  if (atlas_lab_event_get_ok (event))
    return;
  g_string_append_printf (text, "%*s%s", CODE_INDENT, "", atlas_lab_event_get_error_name (event));
  if (ending != NULL || problem != NULL)
    g_string_append_printf (text, ": %s", ending != NULL ? ending : problem);
  g_string_append_c (text, '\n');
}

static void
append_event (GString *text, AtlasLabEvent *event, const AtlasLessonStep *step, guint width)
{
  const char *told = atlas_lab_event_get_text (event);

  g_string_append_printf (text, INDENT "> %s\n", atlas_lab_event_get_command (event));
  append_code (text, event, width);
  append_calls (text, event, width);
  append_failure (text, event);
  append_answer (text, event, step, width);
  append_changes (text, event, width);
  if (told != NULL)
    atlas_cli_prose_append_code (text, told, CODE_INDENT);
}

/* --- what came of it --- */

/* Where the locale has no such signs, words that cannot be mistaken for one another. */
static const char *
get_sign (AtlasVerdict verdict)
{
  static const char *const signs[] = { "✓", "✗", "?" };
  static const char *const words[] = { "[ok]", "[no]", "[??]" };

  return g_get_charset (NULL) ? signs[verdict] : words[verdict];
}

static void
append_result (GString *text, const AtlasLessonResult *result, guint width)
{
  g_autofree char *sentence = atlas_expectation_dup_sentence (result->expectation);
  g_autofree char *first = g_strdup_printf (INDENT "%s ", get_sign (result->verdict));
  g_autoptr (GString) words = g_string_new (sentence);

  if (result->verdict == ATLAS_VERDICT_FAILED)
    {
      g_string_append_c (words, ' ');
      g_string_append_printf (words, _ ("But: %s"), result->seen);
    }
  if (result->reason != NULL)
    g_string_append_printf (words, " (%s)", result->reason);
  atlas_cli_prose_append (text, first, words->str, width);
}

static void
append_outcome (GString *text,
                AtlasLessonOutcome *outcome,
                const AtlasLessonStep *step,
                guint width)
{
  guint prose_width = get_prose_width (width);
  GPtrArray *events = atlas_lesson_outcome_get_events (outcome);
  GPtrArray *results = atlas_lesson_outcome_get_results (outcome);
  const char *skipped = atlas_lesson_outcome_get_skipped (outcome);

  g_string_append_c (text, '\n');
  if (skipped != NULL)
    {
      g_autofree char *sentence = g_strdup_printf (_ ("Skipped: %s"), skipped);
      g_autofree char *first = g_strdup_printf (INDENT "%s ", get_sign (ATLAS_VERDICT_UNKNOWN));

      atlas_cli_prose_append (text, first, sentence, prose_width);
    }
  for (guint i = 0; i < events->len; i++)
    append_event (text, g_ptr_array_index (events, i), step, width);
  if (events->len > 0 && results->len > 0)
    g_string_append_c (text, '\n');
  for (guint i = 0; i < results->len; i++)
    append_result (text, g_ptr_array_index (results, i), prose_width);
}

char *
atlas_cli_lesson_report_step (AtlasLesson *lesson,
                              guint index,
                              AtlasLessonOutcome *outcome,
                              guint width)
{
  const AtlasLessonStep *step = atlas_lesson_get_step (lesson, index);
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "\n%u. %s\n", index + 1, step->title);
  append_blocks (text, step->prose, width);
  if (step->commands[0] != NULL)
    append_outcome (text, outcome, step, width);
  if (atlas_lesson_outcome_get_skipped (outcome) != NULL && step->explanation->len > 0)
    g_string_append_printf (text, "\n" INDENT "%s\n", _ ("Where it can be run:"));
  append_blocks (text, step->explanation, width);
  return g_string_free (text, FALSE);
}

char *
atlas_cli_lesson_report_end (AtlasLessonRun *run)
{
  GString *text = g_string_new ("\n");
  guint n_steps = atlas_lesson_get_n_steps (atlas_lesson_run_get_lesson (run));
  guint passed, failed, unknown, skipped;

  atlas_lesson_run_count (run, &passed, &failed, &unknown, &skipped);
  g_string_append_printf (text, ngettext ("%u step: ", "%u steps: ", n_steps), n_steps);
  g_string_append_printf (text, _ ("%u as expected, %u not"), passed, failed);
  if (unknown > 0)
    g_string_append_printf (text, _ (", %u could not be judged here"), unknown);
  if (skipped > 0)
    g_string_append_printf (text, ngettext (", %u step skipped", ", %u steps skipped", skipped),
                            skipped);
  g_string_append (text, ".\n");
  return g_string_free (text, FALSE);
}
