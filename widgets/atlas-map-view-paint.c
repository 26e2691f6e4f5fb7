/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Painting the map. Painted bands are kept as render nodes; selection, the hovered cell, what
 * changed and the ages of what was not read lately are drawn on top, so that moving the pointer
 * paints one cell, fading nothing, and a sample that found nothing new a few words. */

#include "atlas-config.h"

#include "atlas-map-view-private.h"

#include <math.h>

#include "atlas-map-painter.h"

/* What the overlay may paint beyond the cell it is about. */
#define OVERLAY_MARGIN 8.0
/* Of the accent over cells that changed, where it fades. */
#define FLASH_STRENGTH 0.6

static void
paint_map (AtlasCanvas *canvas, double top, double bottom, gpointer user_data)
{
  AtlasMapView *self = user_data;

  atlas_map_paint (canvas, self->layout, top, bottom, atlas_map_view_get_highlight (self));
}

static void
paint_selection (AtlasCanvas *canvas, const graphene_rect_t *area, gpointer user_data)
{
  AtlasMapView *self = user_data;

  cairo_translate (canvas->cr, 0.0, -atlas_map_view_get_top (self));
  atlas_map_paint_overlay (canvas, self->layout, atlas_map_view_get_selected (self), 0);
}

static void
paint_hover (AtlasCanvas *canvas, const graphene_rect_t *area, gpointer user_data)
{
  AtlasMapView *self = user_data;

  cairo_translate (canvas->cr, 0.0, -atlas_map_view_get_top (self));
  atlas_map_paint_overlay (canvas, self->layout, 0, self->hovered);
}

/* @rect of the layout, as far as it is seen, in the widget's coordinates. */
static gboolean
get_visible_area (AtlasMapView *self, const AtlasRect *rect, graphene_rect_t *area)
{
  graphene_rect_t view = GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (GTK_WIDGET (self)),
                                             (float) gtk_widget_get_height (GTK_WIDGET (self)));
  graphene_rect_t wanted = GRAPHENE_RECT_INIT (
      (float) (rect->x - OVERLAY_MARGIN),
      (float) (rect->y - atlas_map_view_get_top (self) - OVERLAY_MARGIN),
      (float) (rect->width + 2 * OVERLAY_MARGIN), (float) (rect->height + 2 * OVERLAY_MARGIN));

  return graphene_rect_intersection (&view, &wanted, area);
}

static void
snapshot_selection (AtlasMapView *self, GtkSnapshot *snapshot)
{
  guint64 selected = atlas_map_view_get_selected (self);
  graphene_rect_t area;
  AtlasCard card;

  if (selected == 0 || !atlas_map_layout_locate (self->layout, selected, NULL, &card)
      || !get_visible_area (self, &card.rect, &area))
    return;

  if (self->selection == NULL)
    self->selection =
        atlas_widget_canvas_record (&self->canvas, GTK_WIDGET (self), &area, paint_selection, self);
  gtk_snapshot_append_node (snapshot, self->selection);
}

static void
snapshot_hover (AtlasMapView *self, GtkSnapshot *snapshot)
{
  g_autoptr (GskRenderNode) node = NULL;
  graphene_rect_t area;
  AtlasRect cell;

  if (self->hovered == 0 || !atlas_map_layout_locate (self->layout, self->hovered, &cell, NULL)
      || !get_visible_area (self, &cell, &area))
    return;

  node = atlas_widget_canvas_record (&self->canvas, GTK_WIDGET (self), &area, paint_hover, self);
  gtk_snapshot_append_node (snapshot, node);
}

static void
paint_changes (AtlasCanvas *canvas, const graphene_rect_t *area, gpointer user_data)
{
  AtlasMapView *self = user_data;
  double top = atlas_map_view_get_top (self);

  cairo_translate (canvas->cr, 0.0, -top);
  atlas_map_paint_changes (canvas, self->layout, top, top + (double) area->size.height,
                           self->flash.changes, self->flash.steady ? 0.0 : FLASH_STRENGTH);
}

static void
snapshot_changes (AtlasMapView *self, GtkSnapshot *snapshot)
{
  GtkWidget *widget = GTK_WIDGET (self);
  graphene_rect_t area = GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (widget),
                                             (float) gtk_widget_get_height (widget));
  double opacity = atlas_flash_get_opacity (&self->flash);

  if (opacity <= 0.0)
    return;

  if (self->changes == NULL)
    self->changes = atlas_widget_canvas_record (&self->canvas, widget, &area, paint_changes, self);
  gtk_snapshot_push_opacity (snapshot, opacity);
  gtk_snapshot_append_node (snapshot, self->changes);
  gtk_snapshot_pop (snapshot);
}

typedef struct
{
  AtlasMapView *self;
  guint index; /* of the card */
  AtlasRect heading;
} Age;

static void
paint_age (AtlasCanvas *canvas, const graphene_rect_t *area, gpointer user_data)
{
  const Age *age = user_data;

  cairo_translate (canvas->cr, -age->heading.x, -age->heading.y);
  atlas_map_paint_age (canvas, age->self->layout, age->index);
}

/* As with bands, its origin is its own. */
static GskRenderNode *
get_age_node (AtlasMapView *self, guint index, const AtlasRect *heading)
{
  GskRenderNode *node = g_hash_table_lookup (self->ages, GUINT_TO_POINTER (index));
  graphene_rect_t area = GRAPHENE_RECT_INIT (0, 0, (float) heading->width, (float) heading->height);
  Age age = { self, index, *heading };

  if (node != NULL)
    return node;
  node = atlas_widget_canvas_record (&self->canvas, GTK_WIDGET (self), &area, paint_age, &age);
  g_hash_table_insert (self->ages, GUINT_TO_POINTER (index), node);
  return node;
}

static void
snapshot_age (AtlasMapView *self, GtkSnapshot *snapshot, guint index, const AtlasRect *heading)
{
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (
      snapshot, &GRAPHENE_POINT_INIT ((float) heading->x,
                                      (float) (heading->y - atlas_map_view_get_top (self))));
  gtk_snapshot_append_node (snapshot, get_age_node (self, index, heading));
  gtk_snapshot_restore (snapshot);
}

/* Of the cards that are seen. */
static void
snapshot_ages (AtlasMapView *self, GtkSnapshot *snapshot, double top, double bottom)
{
  AtlasSnapshot *shown = atlas_map_layout_get_snapshot (self->layout);
  guint n_cards = atlas_map_layout_get_n_cards (self->layout);

  if (!atlas_snapshot_is_unfinished (shown)
      && !atlas_snapshot_is_old (shown, atlas_snapshot_get_oldest_age (shown)))
    return;
  for (guint i = atlas_map_layout_find_card (self->layout, top); i < n_cards; i++)
    {
      AtlasCard card;

      atlas_map_layout_get_card (self->layout, i, &card);
      if (card.rect.y >= bottom)
        break;
      if (atlas_map_has_age (self->layout, i))
        snapshot_age (self, snapshot, i, &card.heading);
    }
}

void
atlas_map_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  AtlasMapView *self = ATLAS_MAP_VIEW (widget);
  double top = atlas_map_view_get_top (self);
  double bottom;

  if (self->layout == NULL)
    return;

  bottom = fmin (top + atlas_map_view_get_view_height (self),
                 atlas_map_layout_get_height (self->layout));
  atlas_tile_cache_snapshot (&self->tiles, snapshot, gtk_widget_get_width (widget), top, bottom);
  snapshot_ages (self, snapshot, top, bottom);
  snapshot_changes (self, snapshot);
  snapshot_selection (self, snapshot);
  snapshot_hover (self, snapshot);
}

void
atlas_map_view_drop_overlays (AtlasMapView *self)
{
  g_clear_pointer (&self->selection, gsk_render_node_unref);
  g_clear_pointer (&self->changes, gsk_render_node_unref);
}

void
atlas_map_view_drop_painted (AtlasMapView *self)
{
  atlas_tile_cache_drop (&self->tiles);
  atlas_map_view_drop_ages (self);
  atlas_map_view_drop_overlays (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
atlas_map_view_drop_ages (AtlasMapView *self)
{
  g_hash_table_remove_all (self->ages);
}

void
atlas_map_view_init_painting (AtlasMapView *self)
{
  atlas_tile_cache_init (&self->tiles, GTK_WIDGET (self), &self->canvas, paint_map, self);
  atlas_flash_init (&self->flash, GTK_WIDGET (self));
  self->ages = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) gsk_render_node_unref);
}
