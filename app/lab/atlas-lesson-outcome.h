/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What happened in one step of a lesson: the events of its commands, the memory afterwards, and for
 * each expectation what was seen. All of it was read; nothing comes from the lesson or from a
 * prediction. Immutable, but for the predictions, which stand beside. */

#pragma once

#include "atlas-lesson.h"
#include "atlas-snapshot.h"

G_BEGIN_DECLS

typedef enum
{
  ATLAS_VERDICT_PASSED,
  ATLAS_VERDICT_FAILED,
  ATLAS_VERDICT_UNKNOWN, /* cannot be judged on this machine; neither of the two */
} AtlasVerdict;

GType atlas_verdict_get_type (void);
#define ATLAS_TYPE_VERDICT (atlas_verdict_get_type ())

typedef enum
{
  ATLAS_PREDICTION_NONE,
  ATLAS_PREDICTION_RIGHT, /* what was seen; where a range is expected, anything in it */
  ATLAS_PREDICTION_WRONG,
  ATLAS_PREDICTION_OPEN,    /* nothing was seen to judge it by */
  ATLAS_PREDICTION_UNCLEAR, /* what was typed is no answer to the question */
} AtlasPrediction;

GType atlas_prediction_get_type (void);
#define ATLAS_TYPE_PREDICTION (atlas_prediction_get_type ())

typedef struct
{
  const AtlasExpectation *expectation; /* the step's, or one that is meant though not written */
  AtlasVerdict verdict;
  char *seen;         /* a sentence: "VmSize grew by 260 KiB." "" if unknown */
  char *reason;       /* unknown: why; passed or failed: what to know about it, or NULL */
  gboolean has_value; /* value holds what was seen, in the expectation's unit */
  gint64 value;
  char *word;       /* what was seen where it is a word, or NULL */
  char *seen_short; /* "+260 KiB", "mmap"; "–" if unknown */
  char *predicted;  /* as typed, clean; or NULL */
  AtlasPrediction prediction;
} AtlasLessonResult;

#define ATLAS_TYPE_LESSON_OUTCOME (atlas_lesson_outcome_get_type ())
G_DECLARE_FINAL_TYPE (AtlasLessonOutcome, atlas_lesson_outcome, ATLAS, LESSON_OUTCOME, GObject)

/* Why the step was not run ("This machine has no transparent huge pages (…)"), or NULL. It has then
 * neither events nor results. */
const char *atlas_lesson_outcome_get_skipped (AtlasLessonOutcome *self);
/* (element-type AtlasLabEvent): one for each command that was run; fewer than the step has when the
 * process died. */
GPtrArray *atlas_lesson_outcome_get_events (AtlasLessonOutcome *self);
/* (element-type AtlasLessonResult): for each expectation of the step, in its order; then `ok`, when
 * the step says nothing of success and failure, but only if that failed. */
GPtrArray *atlas_lesson_outcome_get_results (AtlasLessonOutcome *self);
/* The subject after the step, or NULL: skipped, or it died. */
AtlasSnapshot *atlas_lesson_outcome_get_snapshot (AtlasLessonOutcome *self);
/* No result FAILED. */
gboolean atlas_lesson_outcome_is_expected (AtlasLessonOutcome *self);

G_END_DECLS
