/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Building a step while its file is read; for atlas-lesson-reader.c. */

#pragma once

#include "atlas-lesson.h"

G_BEGIN_DECLS

AtlasLessonStep *atlas_lesson_step_new (const char *title, guint line);
void atlas_lesson_step_free (AtlasLessonStep *self);

/* Each takes one line of a fenced block, blanks around it dropped already; never an empty one or a
 * comment. Errors: INVALID_DATA, a sentence that does not name the line. */
gboolean atlas_lesson_step_add_command (AtlasLessonStep *self, const char *text, GError **error);
gboolean atlas_lesson_step_add_expected (AtlasLessonStep *self,
                                         const char *text,
                                         guint line,
                                         GError **error);
gboolean atlas_lesson_step_add_asked (AtlasLessonStep *self, const char *text, GError **error);
/* Before the first line of a `predict` block: nothing is asked but what that names. */
void atlas_lesson_step_ask_nothing (AtlasLessonStep *self);
/* When the step has all its lines. */
gboolean atlas_lesson_step_check (AtlasLessonStep *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasLessonStep, atlas_lesson_step_free)

G_END_DECLS
