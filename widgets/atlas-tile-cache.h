/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A tall picture, kept in tiles: bands of it as render nodes, painted when they first come into
 * sight and reused while one scrolls, hovers and selects. */

#pragma once

#include "atlas-widget-canvas.h"

G_BEGIN_DECLS

/* Paints what lies between @top and @bottom of the picture; the origin is the picture's. */
typedef void (*AtlasTilePaint) (AtlasCanvas *canvas, double top, double bottom, gpointer user_data);

typedef struct
{
  GtkWidget *widget; /* whose fonts are used; not owned */
  AtlasWidgetCanvas *canvas;
  AtlasTilePaint paint;
  gpointer user_data;
  GHashTable *tiles; /* number of the band from the top -> GskRenderNode */
} AtlasTileCache;

void atlas_tile_cache_init (AtlasTileCache *self,
                            GtkWidget *widget,
                            AtlasWidgetCanvas *canvas,
                            AtlasTilePaint paint,
                            gpointer user_data);
/* Appends what is between @top and @bottom of a picture @width pixels wide; @top comes to y 0. */
void atlas_tile_cache_snapshot (AtlasTileCache *self,
                                GtkSnapshot *snapshot,
                                double width,
                                double top,
                                double bottom);
/* Forgets what was painted. */
void atlas_tile_cache_drop (AtlasTileCache *self);
guint atlas_tile_cache_get_n_tiles (AtlasTileCache *self);
void atlas_tile_cache_clear (AtlasTileCache *self);

G_END_DECLS
