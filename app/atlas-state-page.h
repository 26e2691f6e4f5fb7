/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the main area says when there is no map to show: what is the matter, and what would help. */

#pragma once

#include <gtk/gtk.h>

#include "atlas-session.h"

G_BEGIN_DECLS

#define ATLAS_TYPE_STATE_PAGE (atlas_state_page_get_type ())
G_DECLARE_FINAL_TYPE (AtlasStatePage, atlas_state_page, ATLAS, STATE_PAGE, GtkWidget)

/* Whether @session has a map to show; a map of a process that ended counts. */
gboolean atlas_state_page_has_map (AtlasSession *session);
/* Says what is the matter with @session. */
void atlas_state_page_show (AtlasStatePage *self, AtlasSession *session);
/* Whether an empty page speaks of the lab instead of the list of processes; from the next showing
 * on. */
void atlas_state_page_set_lab (AtlasStatePage *self, gboolean lab);

G_END_DECLS
