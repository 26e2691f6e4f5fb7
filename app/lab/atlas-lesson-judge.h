/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the files that judge share. */

#pragma once

#include "atlas-lesson-result.h"

G_BEGIN_DECLS

gboolean atlas_lesson_result_is_within (const AtlasExpectation *expectation, gint64 value);

/* Each says what came out. It cannot be known here. @reason: taken */
void atlas_lesson_result_set_unknown (AtlasLessonResult *self, char *reason);
/* Nothing to compare with: that itself is not as expected. @seen: taken */
void atlas_lesson_result_set_missing (AtlasLessonResult *self, char *seen);
/* @seen: taken */
void atlas_lesson_result_set_value (AtlasLessonResult *self, gint64 value, char *seen);
/* @seen: taken */
void atlas_lesson_result_set_word (AtlasLessonResult *self,
                                   const char *word,
                                   gboolean passed,
                                   char *seen);

/* atlas-lesson-judge-memory.c */
void atlas_lesson_judge_counter (AtlasLessonResult *self, const AtlasLessonProcess *process);
void atlas_lesson_judge_pages (AtlasLessonResult *self, const AtlasLessonProcess *process);
void atlas_lesson_judge_mincore (AtlasLessonResult *self, const AtlasLessonProcess *process);
void atlas_lesson_judge_locked (AtlasLessonResult *self, const AtlasLessonProcess *process);
void atlas_lesson_judge_how (AtlasLessonResult *self, const AtlasLessonProcess *process);

G_END_DECLS
