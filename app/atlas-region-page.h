/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The inspector's first tab: the selected region in sentences and numbers, or the process as a
 * whole, and what its resident memory is made of. */

#pragma once

#include <gtk/gtk.h>

#include "atlas-session.h"

G_BEGIN_DECLS

#define ATLAS_TYPE_REGION_PAGE (atlas_region_page_get_type ())
G_DECLARE_FINAL_TYPE (AtlasRegionPage, atlas_region_page, ATLAS, REGION_PAGE, GtkWidget)

void atlas_region_page_set_session (AtlasRegionPage *self, AtlasSession *session);

G_END_DECLS
