/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A lesson, step by step: what to think about, what will be done, what one predicts, and what was
 * seen. */

#pragma once

#include <gtk/gtk.h>

#include "atlas-experiment.h"
#include "atlas-lesson-run.h"

G_BEGIN_DECLS

#define ATLAS_TYPE_LESSON_PAGE (atlas_lesson_page_get_type ())
G_DECLARE_FINAL_TYPE (AtlasLessonPage, atlas_lesson_page, ATLAS, LESSON_PAGE, GtkWidget)

/* Begins @lesson; NULL: none. Signal `closed`: the person is through, or wants no more. */
void
atlas_lesson_page_begin (AtlasLessonPage *self, AtlasExperiment *experiment, AtlasLesson *lesson);

G_END_DECLS
