/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The counters across the top: each a toggle that lights the pages it counts, with the change since
 * the sample before. Scrolls sideways when there is not room for all. */

#pragma once

#include <gtk/gtk.h>

#include "atlas-session.h"

G_BEGIN_DECLS

#define ATLAS_TYPE_COUNTER_BAR (atlas_counter_bar_get_type ())
G_DECLARE_FINAL_TYPE (AtlasCounterBar, atlas_counter_bar, ATLAS, COUNTER_BAR, GtkWidget)

void atlas_counter_bar_set_session (AtlasCounterBar *self,
                                    AtlasSession *session); /* property `session` */

G_END_DECLS
