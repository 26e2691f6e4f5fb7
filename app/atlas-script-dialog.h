/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Scripts of the lab's commands, from files. */

#pragma once

#include <gtk/gtk.h>

#include "atlas-lab.h"

G_BEGIN_DECLS

typedef void (*AtlasScriptFunc) (const char *sentence, gpointer data);

/* Asks which file, and runs it in a process that is there. @said is told how it ended, with
 * @object, which is held meanwhile. */
void
atlas_script_dialog_run (GtkWindow *parent, AtlasLab *lab, AtlasScriptFunc said, gpointer object);
/* What it does once @file was chosen. */
void
atlas_script_dialog_run_file (AtlasLab *lab, GFile *file, AtlasScriptFunc said, gpointer object);

G_END_DECLS
