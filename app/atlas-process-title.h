/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The title of the window: "firefox — 4211", and below it "1,486 regions · running · updated 0.3 s
 * ago". The window's own title follows. */

#pragma once

#include <adwaita.h>

#include "atlas-session.h"

G_BEGIN_DECLS

#define ATLAS_TYPE_PROCESS_TITLE (atlas_process_title_get_type ())
G_DECLARE_FINAL_TYPE (AtlasProcessTitle, atlas_process_title, ATLAS, PROCESS_TITLE, GtkWidget)

/* Once. */
void atlas_process_title_set_session (AtlasProcessTitle *self, AtlasSession *session);
/* Calls the process @name from now on; NULL: by its own name. */
void atlas_process_title_set_name (AtlasProcessTitle *self, const char *name);

G_END_DECLS
