/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where an allocation is put together: the call, how much, what is done to the pages, and what the
 * person thinks will happen. */

#pragma once

#include <gtk/gtk.h>

#include "atlas-experiment.h"

G_BEGIN_DECLS

#define ATLAS_TYPE_LAB_FORM (atlas_lab_form_get_type ())
G_DECLARE_FINAL_TYPE (AtlasLabForm, atlas_lab_form, ATLAS, LAB_FORM, GtkWidget)

/* Once. */
void atlas_lab_form_set_experiment (AtlasLabForm *self, AtlasExperiment *experiment);

G_END_DECLS
