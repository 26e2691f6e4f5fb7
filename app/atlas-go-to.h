/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Go to an address, or to a region by its name. */

#pragma once

#include <gtk/gtk.h>

#include "atlas-session.h"

G_BEGIN_DECLS

#define ATLAS_TYPE_GO_TO (atlas_go_to_get_type ())
G_DECLARE_FINAL_TYPE (AtlasGoTo, atlas_go_to, ATLAS, GO_TO, GtkPopover)

void atlas_go_to_set_session (AtlasGoTo *self, AtlasSession *session);
/* Pops up, empty and ready to be typed into. */
void atlas_go_to_open (AtlasGoTo *self);

G_END_DECLS
