/* SPDX-License-Identifier: GPL-3.0-or-later */

/* "Why is VmRSS 612 MiB?": resident memory by kind of region, each with a bar. */

#pragma once

#include <gtk/gtk.h>

#include "atlas-snapshot.h"

G_BEGIN_DECLS

#define ATLAS_TYPE_BREAKDOWN (atlas_breakdown_get_type ())
G_DECLARE_FINAL_TYPE (AtlasBreakdown, atlas_breakdown, ATLAS, BREAKDOWN, GtkWidget)

void atlas_breakdown_show (AtlasBreakdown *self, AtlasSnapshot *snapshot);

G_END_DECLS
