/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A command line for the lab, with the lines before at the arrow keys. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ATLAS_TYPE_LAB_CONSOLE (atlas_lab_console_get_type ())
G_DECLARE_FINAL_TYPE (AtlasLabConsole, atlas_lab_console, ATLAS, LAB_CONSOLE, GtkWidget)

/* Signal `command` (const char *line): Enter. */
/* Puts @text there to be completed by hand. */
void atlas_lab_console_type (AtlasLabConsole *self, const char *text);

G_END_DECLS
