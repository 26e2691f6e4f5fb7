/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The regions as a table: the accessible equivalent of the map, to sort and filter. */

#pragma once

#include <gtk/gtk.h>

#include "atlas-session.h"

G_BEGIN_DECLS

#define ATLAS_TYPE_REGION_TABLE (atlas_region_table_get_type ())
G_DECLARE_FINAL_TYPE (AtlasRegionTable, atlas_region_table, ATLAS, REGION_TABLE, GtkWidget)

/* Signal `region-activated` (uint64 address): a row was opened, to be shown on the map. */
void atlas_region_table_set_session (AtlasRegionTable *self, AtlasSession *session);

G_END_DECLS
