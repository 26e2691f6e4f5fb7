/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From a lab to the facts of a step; for the run of a lesson. */

#pragma once

#include "atlas-lab.h"
#include "atlas-lesson-facts.h"
#include "atlas-lesson.h"

G_BEGIN_DECLS

/* AtlasLessonReading by name of process, "" for the subject. */
GHashTable *atlas_lesson_readings_new (void);

/* Reads all processes of @lab in a thread. */
void atlas_lesson_gather_readings (AtlasLab *lab,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
/* A process that has ended meanwhile is left out; of another one that can't be read, errors: those
 * of atlas_snapshot_take(). (transfer full) */
GHashTable *atlas_lesson_gather_readings_finish (GAsyncResult *result, GError **error);

/* What @step expects something of. @before, @after: readings; @events: of AtlasLabEvent, those of
 * the step. (transfer full) */
AtlasLessonFacts *atlas_lesson_gather_facts (AtlasLab *lab,
                                             const AtlasLessonStep *step,
                                             GHashTable *before,
                                             GHashTable *after,
                                             GPtrArray *events);

G_END_DECLS
