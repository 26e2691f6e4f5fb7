/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The history of a session: VmSize, VmRSS, VmLck and VmSwap over the last minutes. Dragging on it
 * shows the map as it was then; the right edge, Escape or End is now again. Left and Right go from
 * sample to sample, with Ctrl from one thing that was done to the process to the next. */

#pragma once

#include <gtk/gtk.h>

#include "atlas-session.h"

G_BEGIN_DECLS

#define ATLAS_TYPE_HISTORY_VIEW (atlas_history_view_get_type ())
G_DECLARE_FINAL_TYPE (AtlasHistoryView, atlas_history_view, ATLAS, HISTORY_VIEW, GtkWidget)

void atlas_history_view_set_session (AtlasHistoryView *self,
                                     AtlasSession *session); /* property `session` */

G_END_DECLS
