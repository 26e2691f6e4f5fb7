/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The inspector's third tab: the limits, and the room that is left under those on memory. */

#pragma once

#include <gtk/gtk.h>

#include "atlas-session.h"

G_BEGIN_DECLS

#define ATLAS_TYPE_LIMITS_PAGE (atlas_limits_page_get_type ())
G_DECLARE_FINAL_TYPE (AtlasLimitsPage, atlas_limits_page, ATLAS, LIMITS_PAGE, GtkWidget)

void atlas_limits_page_set_session (AtlasLimitsPage *self, AtlasSession *session);

G_END_DECLS
