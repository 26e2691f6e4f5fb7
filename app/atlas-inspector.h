/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The pane at the right: the selection explained, the counters, the limits, and a lesson while one
 * is taken. */

#pragma once

#include <gtk/gtk.h>

#include "atlas-experiment.h"
#include "atlas-lesson.h"

G_BEGIN_DECLS

#define ATLAS_TYPE_INSPECTOR (atlas_inspector_get_type ())
G_DECLARE_FINAL_TYPE (AtlasInspector, atlas_inspector, ATLAS, INSPECTOR, GtkWidget)

void atlas_inspector_set_session (AtlasInspector *self, AtlasSession *session);
/* Nothing to inspect: no process, or none read yet. */
void atlas_inspector_set_empty (AtlasInspector *self, gboolean empty);
/* Begins @lesson in a tab of its own; NULL: none is taken. Signal `lesson-closed`: the person is
 * through with it. */
void
atlas_inspector_set_lesson (AtlasInspector *self, AtlasExperiment *experiment, AtlasLesson *lesson);
gboolean atlas_inspector_has_lesson (AtlasInspector *self);

G_END_DECLS
