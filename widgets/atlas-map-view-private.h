/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the parts of the map view share. */

#pragma once

#include "atlas-flash.h"
#include "atlas-map-anchor.h"
#include "atlas-map-view.h"
#include "atlas-tile-cache.h"
#include "atlas-tip.h"
#include "atlas-widget-canvas.h"

G_BEGIN_DECLS

/* Around and between cards, pixels. */
#define ATLAS_MAP_VIEW_MARGIN 10.0

/* About what the map is zoomed, and how far on that is. */
typedef struct
{
  AtlasMapAnchor anchor;
  double where;   /* pixels below the view's top at which it stays */
  gboolean held;  /* for as long as the following stay the same */
  double x, y;    /* of the pointer */
  double value;   /* of the adjustment */
  double pinched; /* zoom when the fingers came down */
  guint tick;     /* of the animation; 0: none */
  double from, to;
  gint64 begin; /* frame time, microseconds */
} AtlasMapViewZooming;

struct _AtlasMapView
{
  GtkWidget parent_instance;

  AtlasSession *session;
  GSignalGroup *signals;

  GtkAdjustment *hadjustment;
  GtkAdjustment *vadjustment;
  GtkScrollablePolicy hscroll_policy;
  GtkScrollablePolicy vscroll_policy;

  AtlasMapLayout *layout; /* NULL: nothing to show */
  guint generation;       /* of the fonts that it was made with */
  double zoom;
  AtlasMapViewZooming zooming;

  AtlasWidgetCanvas canvas;
  AtlasTileCache tiles;
  GHashTable *ages;         /* index of a card to GskRenderNode, of those that say their age */
  GskRenderNode *selection; /* of the overlay; NULL: to be painted */
  AtlasFlash flash;
  GskRenderNode *changes; /* what it points out; NULL: to be painted */

  gboolean pointer_inside;
  double pointer_x, pointer_y;
  guint64 hovered;
  double goal_x; /* column that Up and Down keep to; negative: none */
  double pan_value;
  guint64 to_reveal;  /* as soon as there is a map; 0: nothing */
  guint64 revealed;   /* last; 0: nothing */
  gint64 revealed_at; /* monotonic microseconds */

  AtlasTip tip;
  char *label;
  char *description;
};

/* Place; pixels. The top is the adjustment's value, on whole device pixels. */
double atlas_map_view_get_view_height (AtlasMapView *self);
double atlas_map_view_get_value (AtlasMapView *self);
void atlas_map_view_set_value (AtlasMapView *self, double value);
double atlas_map_view_get_top (AtlasMapView *self);
/* What is at @x, @y of the widget. */
gboolean atlas_map_view_hit_view (AtlasMapView *self, double x, double y, AtlasMapHit *hit);
gboolean atlas_map_view_is_in_view (AtlasMapView *self, const AtlasRect *rect);
/* Makes the layout anew such that the place @anchor comes @where pixels below the view's top;
 * without an anchor the view begins at the top. */
void atlas_map_view_replace_layout (AtlasMapView *self, const AtlasMapAnchor *anchor, double where);
void atlas_map_view_get_zoom_range (AtlasMapView *self, int *least, int *most);

/* The session's; what it would be without one if there is none. */
guint64 atlas_map_view_get_selected (AtlasMapView *self);
AtlasCounter atlas_map_view_get_highlight (AtlasMapView *self);
AtlasSnapshot *atlas_map_view_get_session_snapshot (AtlasMapView *self);
AtlasLabels *atlas_map_view_get_labels (AtlasMapView *self);

/* Pointer, keys, zoom. */
void atlas_map_view_add_pointer (AtlasMapView *self);
void atlas_map_view_update_hover (AtlasMapView *self);
void atlas_map_view_install_keys (GtkWidgetClass *widget_class);
void atlas_map_view_install_zoom (GtkWidgetClass *widget_class);
void atlas_map_view_add_zoom (AtlasMapView *self);
void atlas_map_view_update_zoom_actions (AtlasMapView *self);
/* Stops what moves. */
void atlas_map_view_forget_zooming (AtlasMapView *self);

/* Painting. */
void atlas_map_view_init_painting (AtlasMapView *self);
void atlas_map_view_drop_painted (AtlasMapView *self);
/* What is on top of the map at the place it is scrolled to. */
void atlas_map_view_drop_overlays (AtlasMapView *self);
/* What cards say of their age only. */
void atlas_map_view_drop_ages (AtlasMapView *self);
void atlas_map_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot);

/* Words. */
void atlas_map_view_update_accessible (AtlasMapView *self);
gboolean atlas_map_view_query_tooltip (GtkWidget *widget,
                                       int x,
                                       int y,
                                       gboolean keyboard,
                                       GtkTooltip *tooltip);

G_END_DECLS
