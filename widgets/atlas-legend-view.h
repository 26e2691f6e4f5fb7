/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The legend below the map: what occurs in the snapshot, wrapped to the width. */

#pragma once

#include <gtk/gtk.h>

#include "atlas-session.h"

G_BEGIN_DECLS

#define ATLAS_TYPE_LEGEND_VIEW (atlas_legend_view_get_type ())
G_DECLARE_FINAL_TYPE (AtlasLegendView, atlas_legend_view, ATLAS, LEGEND_VIEW, GtkWidget)

void atlas_legend_view_set_session (AtlasLegendView *self,
                                    AtlasSession *session); /* property `session` */

G_END_DECLS
