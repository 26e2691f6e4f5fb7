/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Painting the map. Painted bands are kept as render nodes; selection, the hovered cell and what
 * changed are drawn on top, so that moving the pointer paints one cell and fading paints nothing.
 */

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
  atlas_map_view_drop_overlays (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
atlas_map_view_init_painting (AtlasMapView *self)
{
  atlas_tile_cache_init (&self->tiles, GTK_WIDGET (self), &self->canvas, paint_map, self);
  atlas_flash_init (&self->flash, GTK_WIDGET (self));
}
