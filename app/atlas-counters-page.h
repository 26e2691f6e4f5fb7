/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The inspector's second tab: every memory counter of the process, explained. */

#pragma once

#include <gtk/gtk.h>

#include "atlas-session.h"

G_BEGIN_DECLS

#define ATLAS_TYPE_COUNTERS_PAGE (atlas_counters_page_get_type ())
G_DECLARE_FINAL_TYPE (AtlasCountersPage, atlas_counters_page, ATLAS, COUNTERS_PAGE, GtkWidget)

void atlas_counters_page_set_session (AtlasCountersPage *self, AtlasSession *session);

G_END_DECLS
