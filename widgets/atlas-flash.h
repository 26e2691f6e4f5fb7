/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How long a widget points out what changed: for about a second, fading; or, where the person
 * wants no motion (gtk-enable-animations), until it is told something else. What it looks like is
 * the widget's business. */

#pragma once

#include <gtk/gtk.h>

#include "atlas-page-changes.h"

G_BEGIN_DECLS

typedef struct
{
  GtkWidget *widget;         /* not owned */
  AtlasPageChanges *changes; /* to be pointed out; NULL: nothing */
  gboolean steady;
  guint tick;   /* 0: none */
  gint64 begin; /* frame time, microseconds; 0: with the next frame */
  double opacity;
} AtlasFlash;

void atlas_flash_init (AtlasFlash *self, GtkWidget *widget);
/* Begins anew, or ends with NULL. What is not seen does not fade: it is over. */
void atlas_flash_set (AtlasFlash *self, AtlasPageChanges *changes);
/* With how much strength to point: 0 not at all, 1 fully. */
double atlas_flash_get_opacity (const AtlasFlash *self);
void atlas_flash_clear (AtlasFlash *self);

G_END_DECLS
