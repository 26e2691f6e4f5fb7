/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A region's pages as one bar; for rows of the table. */

#pragma once

#include <gtk/gtk.h>

#include "atlas-session.h"

G_BEGIN_DECLS

#define ATLAS_TYPE_PAGE_BAR (atlas_page_bar_get_type ())
G_DECLARE_FINAL_TYPE (AtlasPageBar, atlas_page_bar, ATLAS, PAGE_BAR, GtkWidget)

GtkWidget *atlas_page_bar_new (void);
void atlas_page_bar_set_region (AtlasPageBar *self, AtlasRegion *region); /* (nullable) */
void atlas_page_bar_set_highlight (AtlasPageBar *self, AtlasCounter highlight);

G_END_DECLS
