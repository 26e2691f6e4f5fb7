/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A lesson and what happened in it, as text that people read. All clean UTF-8; @width: columns to
 * break lines at; 0: nobody said how many there are. Prose is broken in any case. */

#pragma once

#include "atlas-lesson-run.h"

G_BEGIN_DECLS

/* Title, summary and introduction. */
char *atlas_cli_lesson_report_beginning (AtlasLesson *lesson, guint width);
/* The step at @index: what is said before, each command with the C that it is, its system calls and
 * what it changed, each expectation with what was seen, and what is said afterwards. */
char *atlas_cli_lesson_report_step (AtlasLesson *lesson,
                                    guint index,
                                    AtlasLessonOutcome *outcome,
                                    guint width);
/* "7 steps: 31 as expected, 0 not, 2 could not be judged here, 1 step skipped." */
char *atlas_cli_lesson_report_end (AtlasLessonRun *run);

G_END_DECLS
