/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The spine of a session: click or drag to go there; watches what the cards show. */

#pragma once

#include <gtk/gtk.h>

#include "atlas-session.h"

G_BEGIN_DECLS

#define ATLAS_TYPE_SPINE_VIEW (atlas_spine_view_get_type ())
G_DECLARE_FINAL_TYPE (AtlasSpineView, atlas_spine_view, ATLAS, SPINE_VIEW, GtkWidget)

GtkWidget *atlas_spine_view_new (void);
void atlas_spine_view_set_session (AtlasSpineView *self,
                                   AtlasSession *session); /* property `session` */
/* Property `true-scale` (boolean). */

G_END_DECLS
