/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One process in the sidebar: name, PID, how much, and a bar. */

#pragma once

#include <gtk/gtk.h>

#include "atlas-process-key.h"

G_BEGIN_DECLS

#define ATLAS_TYPE_PROCESS_ROW (atlas_process_row_get_type ())
G_DECLARE_FINAL_TYPE (AtlasProcessRow, atlas_process_row, ATLAS, PROCESS_ROW, GtkWidget)

GtkWidget *atlas_process_row_new (void);
/* Shows @process (NULL: nothing) as it is now; @most, kB, is a full bar. */
void atlas_process_row_show (AtlasProcessRow *self,
                             AtlasProcess *process,
                             AtlasProcessKey key,
                             guint64 most);
AtlasProcess *atlas_process_row_get_process (AtlasProcessRow *self);

G_END_DECLS
