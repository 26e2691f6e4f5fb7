/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The sidebar: the list of processes, to search, sort and choose from. */

#pragma once

#include <gtk/gtk.h>

#include "atlas-session.h"

G_BEGIN_DECLS

#define ATLAS_TYPE_PROCESS_PANE (atlas_process_pane_get_type ())
G_DECLARE_FINAL_TYPE (AtlasProcessPane, atlas_process_pane, ATLAS, PROCESS_PANE, GtkWidget)

/* Choosing a row sets the PID of @session, and the other way round. */
void atlas_process_pane_set_session (AtlasProcessPane *self, AtlasSession *session);
/* The list is read each 2 seconds while it is seen and @active. */
void atlas_process_pane_set_active (AtlasProcessPane *self, gboolean active);
void atlas_process_pane_refresh (AtlasProcessPane *self);
/* Now, or as soon as the pane is shown. */
void atlas_process_pane_focus_search (AtlasProcessPane *self);

G_END_DECLS
