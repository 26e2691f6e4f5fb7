/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Holding an expectation against the facts, and a prediction against what was seen; for the run of
 * a lesson and for tests. */

#pragma once

#include "atlas-lesson-facts.h"
#include "atlas-lesson-outcome.h"

G_BEGIN_DECLS

/* Nothing but @facts is looked at. @expectation must outlive the result. */
AtlasLessonResult *atlas_lesson_judge (const AtlasExpectation *expectation,
                                       const AtlasLessonFacts *facts);
/* @typed: (nullable): what a person thought before */
void atlas_lesson_result_predict (AtlasLessonResult *self, const char *typed);
void atlas_lesson_result_free (AtlasLessonResult *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasLessonResult, atlas_lesson_result_free)

G_END_DECLS
