/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Scripts of the lab's commands, from files. */

#pragma once

#include <gtk/gtk.h>

#include "atlas-experiment.h"

G_BEGIN_DECLS

typedef void (*AtlasScriptFunc) (const char *sentence, gpointer data);

/* Asks which file, and runs it in the process that is there, or in a fresh one: names that a script
 * gives may be taken already. @said is told how it ended, with @object, which is held meanwhile. */
void atlas_script_dialog_run (GtkWindow *parent,
                              AtlasExperiment *experiment,
                              AtlasScriptFunc said,
                              gpointer object);
/* What it does once @file was chosen. */
void atlas_script_dialog_run_file (AtlasExperiment *experiment,
                                   GFile *file,
                                   gboolean fresh,
                                   AtlasScriptFunc said,
                                   gpointer object);

G_END_DECLS
