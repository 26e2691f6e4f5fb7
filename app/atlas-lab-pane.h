/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The sidebar's page for the lab: a process of one's own, what to allocate, what was allocated, and
 * all else that can be asked of it. */

#pragma once

#include <gtk/gtk.h>

#include "atlas-experiment.h"

G_BEGIN_DECLS

#define ATLAS_TYPE_LAB_PANE (atlas_lab_pane_get_type ())
G_DECLARE_FINAL_TYPE (AtlasLabPane, atlas_lab_pane, ATLAS, LAB_PANE, GtkWidget)

/* Once. Signals: `lesson` (const char *name), one was chosen; `said` (const char *sentence), to be
 * shown for a moment. */
void atlas_lab_pane_set_experiment (AtlasLabPane *self, AtlasExperiment *experiment);
/* Gives the keys to its command line, where there is a process. */
void atlas_lab_pane_focus_console (AtlasLabPane *self);

G_END_DECLS
