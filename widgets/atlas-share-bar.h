/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A slim bar, filled by a share, with an optional colour of a kind: resident size of a process,
 * a kind's part of VmRSS, a limit's use. */

#pragma once

#include <gtk/gtk.h>

#include "atlas-kind.h"

G_BEGIN_DECLS

#define ATLAS_TYPE_SHARE_BAR (atlas_share_bar_get_type ())
G_DECLARE_FINAL_TYPE (AtlasShareBar, atlas_share_bar, ATLAS, SHARE_BAR, GtkWidget)

GtkWidget *atlas_share_bar_new (void);
/* @share 0 to 1. Property `share`. */
void atlas_share_bar_set_share (AtlasShareBar *self, double share);
/* ATLAS_N_KINDS: the accent colour. */
void atlas_share_bar_set_kind (AtlasShareBar *self, AtlasKind kind);

/* Paints such a bar in the accent colour, for widgets that have no room for one more; its height is
 * ATLAS_SHARE_BAR_HEIGHT. */
#define ATLAS_SHARE_BAR_HEIGHT 6
void atlas_share_bar_paint (GtkSnapshot *snapshot, double x, double y, double width, double share);

G_END_DECLS
