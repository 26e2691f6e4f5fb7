/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Making an outcome: for the run alone. */

#pragma once

#include "atlas-lesson-outcome.h"

G_BEGIN_DECLS

/* @events, @results: (transfer full) */
AtlasLessonOutcome *
atlas_lesson_outcome_new (GPtrArray *events, GPtrArray *results, AtlasSnapshot *snapshot);
AtlasLessonOutcome *atlas_lesson_outcome_new_skipped (const char *reason);

G_END_DECLS
