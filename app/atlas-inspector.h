/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The pane at the right: the selection explained, the counters, the limits. */

#pragma once

#include <gtk/gtk.h>

#include "atlas-session.h"

G_BEGIN_DECLS

#define ATLAS_TYPE_INSPECTOR (atlas_inspector_get_type ())
G_DECLARE_FINAL_TYPE (AtlasInspector, atlas_inspector, ATLAS, INSPECTOR, GtkWidget)

void atlas_inspector_set_session (AtlasInspector *self, AtlasSession *session);
/* Nothing to inspect: no process, or none read yet. */
void atlas_inspector_set_empty (AtlasInspector *self, gboolean empty);

G_END_DECLS
