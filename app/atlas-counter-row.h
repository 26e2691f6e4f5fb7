/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One counter of status in full: names, amounts, what it means, and the switch that lights its
 * pages. */

#pragma once

#include <gtk/gtk.h>

#include "atlas-session.h"

G_BEGIN_DECLS

#define ATLAS_TYPE_COUNTER_ROW (atlas_counter_row_get_type ())
G_DECLARE_FINAL_TYPE (AtlasCounterRow, atlas_counter_row, ATLAS, COUNTER_ROW, GtkBox)

GtkWidget *atlas_counter_row_new (AtlasCounter counter, AtlasSession *session);
/* Shows what @snapshot says of it; hides itself if that has no such counter. */
void atlas_counter_row_show (AtlasCounterRow *self, AtlasSnapshot *snapshot);

G_END_DECLS
