/* SPDX-License-Identifier: GPL-3.0-or-later */

/* An allocation in the lab's list: what was asked for, what came of it, how much of it is in
 * memory, and what can be done with it. */

#pragma once

#include <gtk/gtk.h>

#include "atlas-experiment.h"
#include "atlas-lab-allocation.h"

G_BEGIN_DECLS

#define ATLAS_TYPE_LAB_ROW (atlas_lab_row_get_type ())
G_DECLARE_FINAL_TYPE (AtlasLabRow, atlas_lab_row, ATLAS, LAB_ROW, GtkBox)

/* Its buttons activate "lab.run", "lab.type" and "lab.reveal". */
GtkWidget *atlas_lab_row_new (AtlasLabAllocation *allocation, AtlasExperiment *experiment);

G_END_DECLS
