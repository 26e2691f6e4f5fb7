/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Bands of a tall picture as render nodes. Because a node stays the same object from frame to
 * frame, the renderer uploads it once and finds nothing to redraw in it. Each band has its own
 * origin: a map of terabytes is taller than single precision, which nodes are placed in, can tell
 * apart. */

#include "atlas-tile-cache.h"

#include <math.h>

#define TILE_HEIGHT 256
/* Kept beyond what is seen, above and below. */
#define SPARE_TILES 4

typedef struct
{
  AtlasTileCache *cache;
  double top;
} Tile;

static void
paint_tile (AtlasCanvas *canvas, const graphene_rect_t *area, gpointer user_data)
{
  const Tile *tile = user_data;

  cairo_translate (canvas->cr, 0.0, -tile->top);
  tile->cache->paint (canvas, tile->top, tile->top + TILE_HEIGHT, tile->cache->user_data);
}

static GskRenderNode *
get_tile (AtlasTileCache *self, gint64 number, double width)
{
  GskRenderNode *node = g_hash_table_lookup (self->tiles, &number);

  if (node == NULL)
    {
      graphene_rect_t area = GRAPHENE_RECT_INIT (0, 0, (float) width, TILE_HEIGHT);
      Tile tile = { self, (double) number * TILE_HEIGHT };

      node = atlas_widget_canvas_record (self->canvas, self->widget, &area, paint_tile, &tile);
      g_hash_table_insert (self->tiles, g_memdup2 (&number, sizeof number), node);
    }
  return node;
}

static void
forget_far_tiles (AtlasTileCache *self, gint64 first, gint64 last)
{
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, self->tiles);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      gint64 number = *(const gint64 *) key;

      if (number < first - SPARE_TILES || number > last + SPARE_TILES)
        g_hash_table_iter_remove (&iter);
    }
}

void
atlas_tile_cache_init (AtlasTileCache *self,
                       GtkWidget *widget,
                       AtlasWidgetCanvas *canvas,
                       AtlasTilePaint paint,
                       gpointer user_data)
{
  self->widget = widget;
  self->canvas = canvas;
  self->paint = paint;
  self->user_data = user_data;
  self->tiles = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free,
                                       (GDestroyNotify) gsk_render_node_unref);
}

void
atlas_tile_cache_snapshot (AtlasTileCache *self,
                           GtkSnapshot *snapshot,
                           double width,
                           double top,
                           double bottom)
{
  gint64 first = (gint64) floor (top / TILE_HEIGHT);
  gint64 last = (gint64) ceil (bottom / TILE_HEIGHT) - 1;

  for (gint64 i = first; i <= last; i++)
    {
      gtk_snapshot_save (snapshot);
      gtk_snapshot_translate (snapshot,
                              &GRAPHENE_POINT_INIT (0, (float) ((double) i * TILE_HEIGHT - top)));
      gtk_snapshot_append_node (snapshot, get_tile (self, i, width));
      gtk_snapshot_restore (snapshot);
    }
  forget_far_tiles (self, first, last);
}

void
atlas_tile_cache_drop (AtlasTileCache *self)
{
  g_hash_table_remove_all (self->tiles);
}

guint
atlas_tile_cache_get_n_tiles (AtlasTileCache *self)
{
  return g_hash_table_size (self->tiles);
}

void
atlas_tile_cache_clear (AtlasTileCache *self)
{
  g_clear_pointer (&self->tiles, g_hash_table_unref);
}
