/* SPDX-License-Identifier: GPL-3.0-or-later */

/* "What just happened": the C that a person's click was, the system calls that it became, page
 * faults, and the counters that moved; and beside them what was predicted. */

#pragma once

#include <gtk/gtk.h>

#include "atlas-experiment.h"

G_BEGIN_DECLS

#define ATLAS_TYPE_LAB_STRIP (atlas_lab_strip_get_type ())
G_DECLARE_FINAL_TYPE (AtlasLabStrip, atlas_lab_strip, ATLAS, LAB_STRIP, GtkWidget)

/* Once. */
void atlas_lab_strip_set_experiment (AtlasLabStrip *self, AtlasExperiment *experiment);

G_END_DECLS
