/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A lesson while it is taken: runs its steps one after the other in a lab and keeps what happened.
 * One goes back by starting a fresh process and doing the steps before once more. Main thread;
 * nothing blocks. While a step is run nobody else may give the lab commands. */

#pragma once

#include "atlas-lesson-outcome.h"

G_BEGIN_DECLS

typedef struct _AtlasLab AtlasLab;

#define ATLAS_TYPE_LESSON_RUN (atlas_lesson_run_get_type ())
G_DECLARE_FINAL_TYPE (AtlasLessonRun, atlas_lesson_run, ATLAS, LESSON_RUN, GObject)

/* Properties with notify: position (uint: how many steps were done, and so the index of the next),
 * busy (bool). Read only: lesson, lab.
 * Signals: step-started (uint index), step-done (uint index, AtlasLessonOutcome): also for the
 * steps that are done once more when one goes back. */
AtlasLessonRun *atlas_lesson_run_new (AtlasLesson *lesson, AtlasLab *lab);

AtlasLesson *atlas_lesson_run_get_lesson (AtlasLessonRun *self);
AtlasLab *atlas_lesson_run_get_lab (AtlasLessonRun *self);
guint atlas_lesson_run_get_position (AtlasLessonRun *self);
gboolean atlas_lesson_run_is_busy (AtlasLessonRun *self);
gboolean atlas_lesson_run_is_finished (AtlasLessonRun *self); /* no step is left */

/* What a person thinks that step @step's expectation @index will be; NULL or "" takes it back. It
 * is kept until changed, when one goes back as well, and stands in the step's results. Setting it
 * after the step was run changes nothing of that outcome. */
void
atlas_lesson_run_predict (AtlasLessonRun *self, guint step, guint index, const char *prediction);
/* As typed, or NULL. */
const char *atlas_lesson_run_get_prediction (AtlasLessonRun *self, guint step, guint index);

/* Runs the step at position; before the first one a fresh process is started. When the lab's
 * process is another one by now, the steps before are done once more in a fresh one. Errors: the
 * process could not be started or read; G_IO_ERROR_PENDING: one is being run; G_IO_ERROR_CLOSED:
 * the lesson is finished. Otherwise than expected is no error: see the outcome. */
void atlas_lesson_run_step_async (AtlasLessonRun *self,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
/* (transfer full) */
AtlasLessonOutcome *
atlas_lesson_run_step_finish (AtlasLessonRun *self, GAsyncResult *result, GError **error);

/* Makes @position the next step to be run: a fresh process, and all before it once more. 0 starts
 * again from the beginning. @position must not be more than it is now. Errors: as a step's. */
void atlas_lesson_run_back_async (AtlasLessonRun *self,
                                  guint position,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean atlas_lesson_run_back_finish (AtlasLessonRun *self, GAsyncResult *result, GError **error);

/* Of a step that was run, or NULL. (transfer none) */
AtlasLessonOutcome *atlas_lesson_run_get_outcome (AtlasLessonRun *self, guint step);
/* Of all that was run so far: how many expectations passed, failed and were unknown, and how many
 * steps were skipped. Each may be NULL. */
void atlas_lesson_run_count (AtlasLessonRun *self,
                             guint *passed,
                             guint *failed,
                             guint *unknown,
                             guint *skipped);

G_END_DECLS
