/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The cards of a session's map, scrolled. The widget owns place and motion: where the view is, what
 * stays put when the map is refreshed or zoomed, what the pointer and the keys do. What the map
 * looks like is the drawing's business, and what is selected the session's.
 *
 * Painted bands are kept as render nodes; selection and the hovered cell are drawn on top, so that
 * moving the pointer paints one cell. */

#include "atlas-config.h"

#include "atlas-map-view.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "atlas-accessible-text.h"
#include "atlas-appearance.h"
#include "atlas-format.h"
#include "atlas-map-anchor.h"
#include "atlas-map-cursor.h"
#include "atlas-map-painter.h"
#include "atlas-page-text.h"
#include "atlas-same-look.h"
#include "atlas-style.h"
#include "atlas-tile-cache.h"
#include "atlas-tip.h"

#define MARGIN 10.0
#define LABEL_GAP 10.0
#define LONGEST_LABEL "00000000"
#define LEAST_WIDTH 260
#define NATURAL_WIDTH 720
#define LEAST_HEIGHT 120
#define NATURAL_HEIGHT 480
/* Room that stays round the cell cursor when it is scrolled into view. */
#define CURSOR_MARGIN 12.0
/* What the overlay may paint beyond the cell it is about. */
#define OVERLAY_MARGIN 8.0
/* Touchpads scroll by pixels: so many are one step of the wheel. */
#define PIXELS_PER_STEP 48.0

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
  int zoom;

  AtlasWidgetCanvas canvas;
  AtlasTileCache tiles;
  GskRenderNode *selection; /* of the overlay; NULL: to be painted */

  gboolean pointer_inside;
  double pointer_x, pointer_y;
  guint64 hovered;
  double goal_x; /* column that Up and Down keep to; negative: none */
  double scrolled;
  int pinch_zoom;
  double pan_value;
  guint64 to_reveal; /* as soon as there is a map; 0: nothing */

  AtlasTip tip;
  char *label;
  char *description;
};

enum
{
  PROP_0,
  PROP_SESSION,
  PROP_ZOOM,
  N_PROPERTIES,
  PROP_HADJUSTMENT = N_PROPERTIES,
  PROP_VADJUSTMENT,
  PROP_HSCROLL_POLICY,
  PROP_VSCROLL_POLICY,
};

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE_WITH_CODE (AtlasMapView,
                               atlas_map_view,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SCROLLABLE, NULL))

static gboolean
differ (double a, double b)
{
  return a < b || a > b;
}

/* Place */

static double
get_view_height (AtlasMapView *self)
{
  return gtk_widget_get_height (GTK_WIDGET (self));
}

static double
get_value (AtlasMapView *self)
{
  return self->vadjustment != NULL ? gtk_adjustment_get_value (self->vadjustment) : 0.0;
}

/* On whole device pixels, or the cells blur while a flick comes to rest. */
static double
get_top (AtlasMapView *self)
{
  double scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));

  return round (get_value (self) * scale) / scale;
}

static void
set_value (AtlasMapView *self, double value)
{
  if (self->vadjustment != NULL)
    gtk_adjustment_set_value (self->vadjustment, value);
}

static guint64
get_selected (AtlasMapView *self)
{
  return self->session != NULL ? atlas_session_get_selected (self->session) : 0;
}

static AtlasCounter
get_highlight (AtlasMapView *self)
{
  return self->session != NULL ? atlas_session_get_highlight (self->session) : ATLAS_COUNTER_NONE;
}

static AtlasSnapshot *
get_session_snapshot (AtlasMapView *self)
{
  return self->session != NULL ? atlas_session_get_snapshot (self->session) : NULL;
}

static gboolean
hit_view (AtlasMapView *self, double x, double y, AtlasMapHit *hit)
{
  return self->layout != NULL && atlas_map_layout_hit (self->layout, x, y + get_top (self), hit);
}

static void
update_hover (AtlasMapView *self)
{
  AtlasMapHit hit;
  guint64 hovered = 0;

  if (self->pointer_inside && hit_view (self, self->pointer_x, self->pointer_y, &hit)
      && hit.on_cell)
    hovered = hit.address;
  if (self->hovered == hovered)
    return;

  self->hovered = hovered;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
report_focus (AtlasMapView *self)
{
  guint64 start = 0, end = 0;
  guint64 old_start, old_end;

  if (self->session == NULL)
    return;

  if (self->layout != NULL && get_view_height (self) > 0.0)
    atlas_map_layout_get_range (self->layout, get_top (self),
                                get_top (self) + get_view_height (self), &start, &end);
  atlas_session_get_focus (self->session, &old_start, &old_end);
  if (start != old_start || end != old_end)
    atlas_session_set_focus (self->session, start, end);
}

static void
place_changed (AtlasMapView *self)
{
  g_clear_pointer (&self->selection, gsk_render_node_unref);
  update_hover (self);
  report_focus (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
configure_adjustments (AtlasMapView *self, double value)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self));
  double height = get_view_height (self);
  double upper = self->layout != NULL ? ceil (atlas_map_layout_get_height (self->layout)) : 0.0;

  upper = fmax (upper, height);
  if (self->hadjustment != NULL)
    gtk_adjustment_configure (self->hadjustment, 0.0, 0.0, width, width * 0.1, width * 0.9, width);
  if (self->vadjustment != NULL)
    gtk_adjustment_configure (self->vadjustment, CLAMP (value, 0.0, upper - height), 0.0, upper,
                              height * 0.1, height * 0.9, height);
}

/* Layout */

static AtlasMapLayout *
make_layout (AtlasMapView *self)
{
  AtlasSnapshot *snapshot = get_session_snapshot (self);
  AtlasCanvas *canvas;
  AtlasMapParameters parameters;
  int width = gtk_widget_get_width (GTK_WIDGET (self));

  if (snapshot == NULL || width <= 0 || atlas_snapshot_get_n_regions (snapshot) == 0)
    return NULL;

  canvas = atlas_widget_canvas_get (&self->canvas, GTK_WIDGET (self));
  self->generation = self->canvas.generation;
  parameters = (AtlasMapParameters){
    .width = width,
    .zoom = self->zoom,
    .line_height = ceil (canvas->line_height[ATLAS_TEXT_HEADING]),
    .label_width = ceil (atlas_canvas_measure (canvas, ATLAS_TEXT_MONO, LONGEST_LABEL) + LABEL_GAP),
    .margin = MARGIN,
  };
  return atlas_map_layout_new (snapshot, &parameters);
}

/* Whether what was painted of @a is right for @b. */
static gboolean
layouts_look_same (AtlasMapLayout *a, AtlasMapLayout *b)
{
  const AtlasMapParameters *p = atlas_map_layout_get_parameters (a);
  const AtlasMapParameters *q = atlas_map_layout_get_parameters (b);

  return p->zoom == q->zoom && !differ (p->width, q->width)
         && !differ (p->line_height, q->line_height) && !differ (p->label_width, q->label_width)
         && atlas_snapshots_look_same (atlas_map_layout_get_snapshot (a),
                                       atlas_map_layout_get_snapshot (b));
}

static void
drop_painted (AtlasMapView *self)
{
  atlas_tile_cache_drop (&self->tiles);
  g_clear_pointer (&self->selection, gsk_render_node_unref);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
get_zoom_range (AtlasMapView *self, int *least, int *most)
{
  *least = *most = self->zoom;
  if (self->layout != NULL)
    atlas_map_layout_get_zoom_range (self->layout, least, most);
}

static void
update_actions (AtlasMapView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  int least, most;

  get_zoom_range (self, &least, &most);
  gtk_widget_action_set_enabled (widget, "map.zoom-in", self->zoom < most);
  gtk_widget_action_set_enabled (widget, "map.zoom-out", self->zoom > least);
  gtk_widget_action_set_enabled (widget, "map.zoom-reset", self->zoom != 0);
}

static void
reveal_pending (AtlasMapView *self)
{
  guint64 address = self->to_reveal;

  if (address == 0 || self->layout == NULL)
    return;

  self->to_reveal = 0;
  atlas_map_view_scroll_to (self, address);
}

/* Makes the layout anew such that the place @anchor comes @where pixels below the view's top;
 * without an anchor the view begins at the top. */
static void
replace_layout (AtlasMapView *self, const AtlasMapAnchor *anchor, double where)
{
  g_autoptr (AtlasMapLayout) old = g_steal_pointer (&self->layout);
  double value = 0.0;

  self->layout = make_layout (self);
  if (self->layout != NULL && anchor != NULL)
    value = atlas_map_anchor_find (self->layout, anchor) - where;
  if (old == NULL || self->layout == NULL || !layouts_look_same (old, self->layout))
    drop_painted (self);

  configure_adjustments (self, value);
  update_actions (self);
  place_changed (self);
  reveal_pending (self);
}

/* The same, with what is at the top of the view staying there. */
static void
refresh_layout (AtlasMapView *self)
{
  AtlasMapAnchor anchor;
  gboolean anchored =
      self->layout != NULL && atlas_map_anchor_take (self->layout, -1.0, get_value (self), &anchor);

  replace_layout (self, anchored ? &anchor : NULL, 0.0);
}

/* Zoom */

static int
clamp_zoom (AtlasMapView *self, int zoom)
{
  int least, most;

  get_zoom_range (self, &least, &most);
  return CLAMP (zoom, least, most);
}

static void
zoom_to (AtlasMapView *self, int zoom, const AtlasMapAnchor *anchor, double where)
{
  if (self->zoom == zoom)
    return;

  self->zoom = zoom;
  self->goal_x = -1.0;
  replace_layout (self, anchor, where);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ZOOM]);
}

static void
zoom_about_point (AtlasMapView *self, int zoom, double x, double y)
{
  AtlasMapAnchor anchor;

  if (self->layout != NULL
      && atlas_map_anchor_take (self->layout, x, get_value (self) + y, &anchor))
    zoom_to (self, clamp_zoom (self, zoom), &anchor, y);
}

static gboolean
is_in_view (AtlasMapView *self, const AtlasRect *rect)
{
  double top = get_value (self);

  return rect->y >= top && rect->y + rect->height <= top + get_view_height (self);
}

static void
zoom_about_cursor (AtlasMapView *self, int zoom)
{
  guint64 selected = get_selected (self);
  AtlasMapAnchor anchor;
  AtlasRect cell;

  if (self->layout == NULL)
    return;

  zoom = clamp_zoom (self, zoom);
  if (selected != 0 && atlas_map_layout_locate (self->layout, selected, &cell, NULL)
      && is_in_view (self, &cell)
      && atlas_map_anchor_take_address (self->layout, selected, &anchor))
    zoom_to (self, zoom, &anchor, cell.y + anchor.offset - get_value (self));
  else
    zoom_about_point (self, zoom, gtk_widget_get_width (GTK_WIDGET (self)) / 2.0,
                      get_view_height (self) / 2.0);
}

static void
zoom_in_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AtlasMapView *self = ATLAS_MAP_VIEW (widget);

  zoom_about_cursor (self, self->zoom + 1);
}

static void
zoom_out_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AtlasMapView *self = ATLAS_MAP_VIEW (widget);

  zoom_about_cursor (self, self->zoom - 1);
}

static void
zoom_reset_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  zoom_about_cursor (ATLAS_MAP_VIEW (widget), 0);
}

/* The session's news */

static char *
dup_label (AtlasMapView *self)
{
  AtlasSnapshot *snapshot = get_session_snapshot (self);
  g_autofree char *count = NULL;

  if (snapshot == NULL)
    return g_strdup (_ ("Memory map"));

  count = atlas_format_count (atlas_snapshot_get_n_regions (snapshot));
  /* Translators: name of a process, number of regions. */
  return g_strdup_printf (_ ("Memory map of %s, %s regions"), atlas_snapshot_get_name (snapshot),
                          count);
}

static void
update_accessible (AtlasMapView *self)
{
  AtlasSnapshot *snapshot = get_session_snapshot (self);
  guint64 selected = get_selected (self);
  char *description = NULL;

  if (snapshot != NULL && selected != 0)
    description = atlas_page_text_describe (snapshot, selected);
  atlas_accessible_text_set (GTK_WIDGET (self), GTK_ACCESSIBLE_PROPERTY_LABEL, &self->label,
                             dup_label (self));
  atlas_accessible_text_set (GTK_WIDGET (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                             &self->description, description);
}

static gboolean
is_of_another_process (AtlasMapView *self)
{
  AtlasSnapshot *before, *after;

  if (self->layout == NULL)
    return TRUE;

  before = atlas_map_layout_get_snapshot (self->layout);
  after = get_session_snapshot (self);
  return after == NULL || atlas_snapshot_get_pid (before) != atlas_snapshot_get_pid (after)
         || atlas_snapshot_get_start_time (before) != atlas_snapshot_get_start_time (after);
}

static void
snapshot_changed_cb (AtlasMapView *self)
{
  if (is_of_another_process (self))
    replace_layout (self, NULL, 0.0);
  else
    refresh_layout (self);
  update_accessible (self);
}

static void
selection_changed_cb (AtlasMapView *self)
{
  self->goal_x = -1.0;
  g_clear_pointer (&self->selection, gsk_render_node_unref);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  update_accessible (self);
}

static void
reveal_cb (AtlasMapView *self, guint64 address)
{
  atlas_map_view_scroll_to (self, address);
}

/* Keys */

/* A cell of the first row brings its card's heading with it. */
static void
scroll_to_cell (AtlasMapView *self, guint64 address)
{
  AtlasRect cell;
  AtlasCard card;
  double top, bottom;

  if (self->vadjustment == NULL || !atlas_map_layout_locate (self->layout, address, &cell, &card))
    return;

  top = cell.y - CURSOR_MARGIN;
  bottom = cell.y + cell.height + CURSOR_MARGIN;
  if (cell.y < card.grid.y + cell.height / 2.0)
    top = card.rect.y - MARGIN / 2.0;
  if (bottom - top > get_view_height (self))
    top = cell.y;
  gtk_adjustment_clamp_page (self->vadjustment, top, bottom);
}

static guint64
move_cursor (AtlasMapView *self, AtlasMapMove move, double *goal_x)
{
  guint64 from = get_selected (self);
  AtlasRect before, after;
  guint64 to;

  if (from == 0 || !atlas_map_layout_locate (self->layout, from, &before, NULL))
    return atlas_map_cursor_first_below (self->layout, get_top (self));

  to = atlas_map_cursor_move (self->layout, from, move, get_view_height (self), goal_x);
  if ((move == ATLAS_MAP_MOVE_PAGE_UP || move == ATLAS_MAP_MOVE_PAGE_DOWN)
      && atlas_map_layout_locate (self->layout, to, &after, NULL))
    set_value (self, get_value (self) + after.y - before.y);
  return to;
}

static gboolean
move_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  AtlasMapView *self = ATLAS_MAP_VIEW (widget);
  double goal_x = self->goal_x;
  guint64 address;

  if (self->session == NULL || self->layout == NULL)
    return FALSE;

  address = move_cursor (self, (AtlasMapMove) g_variant_get_int32 (args), &goal_x);
  atlas_session_select (self->session, address);
  self->goal_x = goal_x;
  scroll_to_cell (self, address);
  return TRUE;
}

static gboolean
escape_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  AtlasMapView *self = ATLAS_MAP_VIEW (widget);

  if (get_highlight (self) == ATLAS_COUNTER_NONE)
    return FALSE;

  atlas_session_set_highlight (self->session, ATLAS_COUNTER_NONE);
  return TRUE;
}

/* Pointer */

static void
motion_cb (AtlasMapView *self, double x, double y)
{
  self->pointer_inside = TRUE;
  self->pointer_x = x;
  self->pointer_y = y;
  update_hover (self);
}

static void
leave_cb (AtlasMapView *self)
{
  self->pointer_inside = FALSE;
  update_hover (self);
}

static void
pressed_cb (AtlasMapView *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
}

/* On release, so that a finger that pans selects nothing. */
static void
released_cb (AtlasMapView *self, int n_press, double x, double y)
{
  AtlasMapHit hit;

  if (self->session != NULL && hit_view (self, x, y, &hit))
    atlas_session_select (self->session, hit.address);
}

static gboolean
scroll_cb (AtlasMapView *self, double dx, double dy, GtkEventControllerScroll *controller)
{
  GdkModifierType state =
      gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));
  int steps;

  if ((state & GDK_CONTROL_MASK) == 0)
    {
      self->scrolled = 0.0;
      return FALSE;
    }

  if (gtk_event_controller_scroll_get_unit (controller) == GDK_SCROLL_UNIT_SURFACE)
    dy /= PIXELS_PER_STEP;
  self->scrolled += dy;
  steps = (int) self->scrolled;
  self->scrolled -= steps;
  if (steps != 0)
    zoom_about_point (self, self->zoom - steps, self->pointer_x, self->pointer_y);
  return TRUE;
}

static void
pinch_begin_cb (AtlasMapView *self)
{
  self->pinch_zoom = self->zoom;
}

static void
pinch_cb (AtlasMapView *self, double scale, GtkGesture *gesture)
{
  double x, y;

  if (scale <= 0.0 || !gtk_gesture_get_bounding_box_center (gesture, &x, &y))
    return;

  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  zoom_about_point (self, self->pinch_zoom + (int) lround (log2 (scale)), x, y);
}

static void
pan_begin_cb (AtlasMapView *self, double x, double y, GtkGesture *gesture)
{
  self->pan_value = get_value (self);
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "grabbing");
}

static void
pan_update_cb (AtlasMapView *self, double x, double y)
{
  set_value (self, self->pan_value - y);
}

static void
pan_end_cb (AtlasMapView *self)
{
  gtk_widget_set_cursor (GTK_WIDGET (self), NULL);
}

/* Tooltip */

static gboolean
hit_selected (AtlasMapView *self, AtlasMapHit *hit)
{
  guint64 selected = get_selected (self);
  AtlasRect cell;

  return selected != 0 && self->layout != NULL
         && atlas_map_layout_locate (self->layout, selected, &cell, NULL)
         && atlas_map_layout_hit (self->layout, cell.x + cell.width / 2.0,
                                  cell.y + cell.height / 2.0, hit);
}

static void
set_tip_area (AtlasMapView *self, GtkTooltip *tooltip, const AtlasMapHit *hit)
{
  double top = get_top (self);
  AtlasRect cell;
  AtlasCard card;
  GdkRectangle area;

  if (!atlas_map_layout_locate (self->layout, hit->address, &cell, &card))
    return;

  if (!hit->on_cell)
    cell = (AtlasRect){ card.rect.x, card.rect.y, card.rect.width, card.grid.y - card.rect.y };
  area = (GdkRectangle){ (int) floor (cell.x), (int) floor (cell.y - top), (int) ceil (cell.width),
                         (int) ceil (cell.height) };
  gtk_tooltip_set_tip_area (tooltip, &area);
}

static gboolean
atlas_map_view_query_tooltip (GtkWidget *widget,
                              int x,
                              int y,
                              gboolean keyboard,
                              GtkTooltip *tooltip)
{
  AtlasMapView *self = ATLAS_MAP_VIEW (widget);
  g_auto (GStrv) lines = NULL;
  AtlasMapHit hit;

  if (keyboard ? !hit_selected (self, &hit) : !hit_view (self, x, y, &hit))
    return FALSE;

  lines = atlas_page_text_tooltip (atlas_map_layout_get_snapshot (self->layout), hit.region,
                                   hit.address, hit.on_cell ? hit.n_pages : 0);
  atlas_tip_show (&self->tip, tooltip, (const char *const *) lines);
  set_tip_area (self, tooltip, &hit);
  return TRUE;
}

/* Painting */

static void
paint_map (AtlasCanvas *canvas, double top, double bottom, gpointer user_data)
{
  AtlasMapView *self = user_data;

  atlas_map_paint (canvas, self->layout, top, bottom, get_highlight (self));
}

static void
paint_selection (AtlasCanvas *canvas, const graphene_rect_t *area, gpointer user_data)
{
  AtlasMapView *self = user_data;

  cairo_translate (canvas->cr, 0.0, -get_top (self));
  atlas_map_paint_overlay (canvas, self->layout, get_selected (self), 0);
}

static void
paint_hover (AtlasCanvas *canvas, const graphene_rect_t *area, gpointer user_data)
{
  AtlasMapView *self = user_data;

  cairo_translate (canvas->cr, 0.0, -get_top (self));
  atlas_map_paint_overlay (canvas, self->layout, 0, self->hovered);
}

/* @rect of the layout, as far as it is seen, in the widget's coordinates. */
static gboolean
get_visible_area (AtlasMapView *self, const AtlasRect *rect, graphene_rect_t *area)
{
  graphene_rect_t view = GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (GTK_WIDGET (self)),
                                             (float) gtk_widget_get_height (GTK_WIDGET (self)));
  graphene_rect_t wanted = GRAPHENE_RECT_INIT (
      (float) (rect->x - OVERLAY_MARGIN), (float) (rect->y - get_top (self) - OVERLAY_MARGIN),
      (float) (rect->width + 2 * OVERLAY_MARGIN), (float) (rect->height + 2 * OVERLAY_MARGIN));

  return graphene_rect_intersection (&view, &wanted, area);
}

static void
snapshot_selection (AtlasMapView *self, GtkSnapshot *snapshot)
{
  guint64 selected = get_selected (self);
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
atlas_map_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  AtlasMapView *self = ATLAS_MAP_VIEW (widget);
  double top = get_top (self);
  double bottom;

  if (self->layout == NULL)
    return;

  bottom = fmin (top + get_view_height (self), atlas_map_layout_get_height (self->layout));
  atlas_tile_cache_snapshot (&self->tiles, snapshot, gtk_widget_get_width (widget), top, bottom);
  snapshot_selection (self, snapshot);
  snapshot_hover (self, snapshot);
}

static void
atlas_map_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  AtlasMapView *self = ATLAS_MAP_VIEW (widget);

  atlas_widget_canvas_get (&self->canvas, widget);
  if (self->layout == NULL || self->generation != self->canvas.generation
      || differ (atlas_map_layout_get_parameters (self->layout)->width, width))
    {
      refresh_layout (self);
      return;
    }

  configure_adjustments (self, get_value (self));
  place_changed (self);
  reveal_pending (self);
}

static void
atlas_map_view_measure (GtkWidget *widget,
                        GtkOrientation orientation,
                        int for_size,
                        int *minimum,
                        int *natural,
                        int *minimum_baseline,
                        int *natural_baseline)
{
  gboolean horizontal = orientation == GTK_ORIENTATION_HORIZONTAL;

  *minimum = horizontal ? LEAST_WIDTH : LEAST_HEIGHT;
  *natural = horizontal ? NATURAL_WIDTH : NATURAL_HEIGHT;
}

/* Object */

static void
set_adjustment (AtlasMapView *self, GtkAdjustment **current, GtkAdjustment *adjustment)
{
  if (*current == adjustment)
    return;

  if (*current != NULL)
    g_signal_handlers_disconnect_by_data (*current, self);
  g_set_object (current, adjustment);
  if (adjustment == NULL)
    return;

  configure_adjustments (self, 0.0);
  g_signal_connect_swapped (adjustment, "value-changed", G_CALLBACK (place_changed), self);
}

static void
atlas_map_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  AtlasMapView *self = ATLAS_MAP_VIEW (object);

  switch (id)
    {
    case PROP_SESSION:
      g_value_set_object (value, self->session);
      break;
    case PROP_ZOOM:
      g_value_set_int (value, self->zoom);
      break;
    case PROP_HADJUSTMENT:
      g_value_set_object (value, self->hadjustment);
      break;
    case PROP_VADJUSTMENT:
      g_value_set_object (value, self->vadjustment);
      break;
    case PROP_HSCROLL_POLICY:
      g_value_set_enum (value, self->hscroll_policy);
      break;
    case PROP_VSCROLL_POLICY:
      g_value_set_enum (value, self->vscroll_policy);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
atlas_map_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  AtlasMapView *self = ATLAS_MAP_VIEW (object);

  switch (id)
    {
    case PROP_SESSION:
      atlas_map_view_set_session (self, g_value_get_object (value));
      break;
    case PROP_HADJUSTMENT:
      set_adjustment (self, &self->hadjustment, g_value_get_object (value));
      break;
    case PROP_VADJUSTMENT:
      set_adjustment (self, &self->vadjustment, g_value_get_object (value));
      break;
    case PROP_HSCROLL_POLICY:
      self->hscroll_policy = (GtkScrollablePolicy) g_value_get_enum (value);
      break;
    case PROP_VSCROLL_POLICY:
      self->vscroll_policy = (GtkScrollablePolicy) g_value_get_enum (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
atlas_map_view_dispose (GObject *object)
{
  AtlasMapView *self = ATLAS_MAP_VIEW (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->session);
  set_adjustment (self, &self->hadjustment, NULL);
  set_adjustment (self, &self->vadjustment, NULL);
  g_clear_pointer (&self->layout, atlas_map_layout_unref);
  g_clear_pointer (&self->selection, gsk_render_node_unref);
  atlas_tile_cache_drop (&self->tiles);
  atlas_widget_canvas_clear (&self->canvas);
  atlas_tip_clear (&self->tip);

  G_OBJECT_CLASS (atlas_map_view_parent_class)->dispose (object);
}

static void
atlas_map_view_finalize (GObject *object)
{
  AtlasMapView *self = ATLAS_MAP_VIEW (object);

  atlas_tile_cache_clear (&self->tiles);
  g_free (self->label);
  g_free (self->description);

  G_OBJECT_CLASS (atlas_map_view_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *object_class)
{
  properties[PROP_SESSION] =
      g_param_spec_object ("session", NULL, NULL, ATLAS_TYPE_SESSION,
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_ZOOM] = g_param_spec_int ("zoom", NULL, NULL, G_MININT, G_MAXINT, 0,
                                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  g_object_class_override_property (object_class, PROP_HADJUSTMENT, "hadjustment");
  g_object_class_override_property (object_class, PROP_VADJUSTMENT, "vadjustment");
  g_object_class_override_property (object_class, PROP_HSCROLL_POLICY, "hscroll-policy");
  g_object_class_override_property (object_class, PROP_VSCROLL_POLICY, "vscroll-policy");
}

static void
add_move (GtkWidgetClass *widget_class,
          guint keyval,
          guint keypad_keyval,
          GdkModifierType modifiers,
          AtlasMapMove move)
{
  gtk_widget_class_add_binding (widget_class, keyval, modifiers, move_cb, "i", (int) move);
  gtk_widget_class_add_binding (widget_class, keypad_keyval, modifiers, move_cb, "i", (int) move);
}

static void
add_moves (GtkWidgetClass *klass)
{
  add_move (klass, GDK_KEY_Left, GDK_KEY_KP_Left, 0, ATLAS_MAP_MOVE_LEFT);
  add_move (klass, GDK_KEY_Right, GDK_KEY_KP_Right, 0, ATLAS_MAP_MOVE_RIGHT);
  add_move (klass, GDK_KEY_Up, GDK_KEY_KP_Up, 0, ATLAS_MAP_MOVE_UP);
  add_move (klass, GDK_KEY_Down, GDK_KEY_KP_Down, 0, ATLAS_MAP_MOVE_DOWN);
  add_move (klass, GDK_KEY_Page_Up, GDK_KEY_KP_Page_Up, 0, ATLAS_MAP_MOVE_PAGE_UP);
  add_move (klass, GDK_KEY_Page_Down, GDK_KEY_KP_Page_Down, 0, ATLAS_MAP_MOVE_PAGE_DOWN);
  add_move (klass, GDK_KEY_Home, GDK_KEY_KP_Home, 0, ATLAS_MAP_MOVE_REGION_START);
  add_move (klass, GDK_KEY_End, GDK_KEY_KP_End, 0, ATLAS_MAP_MOVE_REGION_END);
  add_move (klass, GDK_KEY_Home, GDK_KEY_KP_Home, GDK_CONTROL_MASK, ATLAS_MAP_MOVE_MAP_START);
  add_move (klass, GDK_KEY_End, GDK_KEY_KP_End, GDK_CONTROL_MASK, ATLAS_MAP_MOVE_MAP_END);
}

/* With Control as well as without: both are what other programs use. */
static void
add_zoom (GtkWidgetClass *widget_class, guint keyval, const char *action)
{
  gtk_widget_class_add_binding_action (widget_class, keyval, 0, action, NULL);
  gtk_widget_class_add_binding_action (widget_class, keyval, GDK_CONTROL_MASK, action, NULL);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "map.zoom-in", NULL, zoom_in_action);
  gtk_widget_class_install_action (widget_class, "map.zoom-out", NULL, zoom_out_action);
  gtk_widget_class_install_action (widget_class, "map.zoom-reset", NULL, zoom_reset_action);

  add_zoom (widget_class, GDK_KEY_plus, "map.zoom-in");
  add_zoom (widget_class, GDK_KEY_equal, "map.zoom-in");
  add_zoom (widget_class, GDK_KEY_KP_Add, "map.zoom-in");
  add_zoom (widget_class, GDK_KEY_minus, "map.zoom-out");
  add_zoom (widget_class, GDK_KEY_KP_Subtract, "map.zoom-out");
  add_zoom (widget_class, GDK_KEY_0, "map.zoom-reset");
  add_zoom (widget_class, GDK_KEY_KP_0, "map.zoom-reset");
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, escape_cb, NULL);
}

static void
atlas_map_view_class_init (AtlasMapViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = atlas_map_view_dispose;
  object_class->finalize = atlas_map_view_finalize;
  object_class->get_property = atlas_map_view_get_property;
  object_class->set_property = atlas_map_view_set_property;
  widget_class->measure = atlas_map_view_measure;
  widget_class->size_allocate = atlas_map_view_size_allocate;
  widget_class->snapshot = atlas_map_view_snapshot;
  widget_class->query_tooltip = atlas_map_view_query_tooltip;

  install_properties (object_class);
  install_actions (widget_class);
  add_moves (widget_class);

  gtk_widget_class_set_css_name (widget_class, "mapview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
add_pointer (AtlasMapView *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *scroll =
      gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);
  GtkGesture *click = gtk_gesture_click_new ();

  g_signal_connect_swapped (motion, "enter", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);

  g_signal_connect_swapped (scroll, "scroll", G_CALLBACK (scroll_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), scroll);

  g_signal_connect_swapped (click, "pressed", G_CALLBACK (pressed_cb), self);
  g_signal_connect_swapped (click, "released", G_CALLBACK (released_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}

static void
add_gestures (AtlasMapView *self)
{
  GtkGesture *pinch = gtk_gesture_zoom_new ();
  GtkGesture *pan = gtk_gesture_drag_new ();

  g_signal_connect_swapped (pinch, "begin", G_CALLBACK (pinch_begin_cb), self);
  g_signal_connect_swapped (pinch, "scale-changed", G_CALLBACK (pinch_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (pinch));

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (pan), GDK_BUTTON_MIDDLE);
  g_signal_connect_swapped (pan, "drag-begin", G_CALLBACK (pan_begin_cb), self);
  g_signal_connect_swapped (pan, "drag-update", G_CALLBACK (pan_update_cb), self);
  g_signal_connect_swapped (pan, "drag-end", G_CALLBACK (pan_end_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (pan));
}

static void
watch_session (AtlasMapView *self)
{
  self->signals = g_signal_group_new (ATLAS_TYPE_SESSION);
  g_signal_group_connect_swapped (self->signals, "notify::snapshot",
                                  G_CALLBACK (snapshot_changed_cb), self);
  g_signal_group_connect_swapped (self->signals, "notify::selected-address",
                                  G_CALLBACK (selection_changed_cb), self);
  g_signal_group_connect_swapped (self->signals, "notify::highlight", G_CALLBACK (drop_painted),
                                  self);
  g_signal_group_connect_swapped (self->signals, "reveal", G_CALLBACK (reveal_cb), self);
}

static void
atlas_map_view_init (AtlasMapView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  self->goal_x = -1.0;
  atlas_tile_cache_init (&self->tiles, widget, &self->canvas, paint_map, self);
  watch_session (self);
  add_pointer (self);
  add_gestures (self);

  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_set_has_tooltip (widget, TRUE);
  gtk_widget_set_overflow (widget, GTK_OVERFLOW_HIDDEN);
  /* Memory has an order of its own, whatever way the language runs. */
  gtk_widget_set_direction (widget, GTK_TEXT_DIR_LTR);
  atlas_style_ensure (gtk_widget_get_display (widget));
  g_signal_connect_object (atlas_appearance_get_default (), "changed", G_CALLBACK (drop_painted),
                           self, G_CONNECT_SWAPPED);
  update_actions (self);
  update_accessible (self);
}

/* Public */

GtkWidget *
atlas_map_view_new (void)
{
  return g_object_new (ATLAS_TYPE_MAP_VIEW, NULL);
}

void
atlas_map_view_set_session (AtlasMapView *self, AtlasSession *session)
{
  g_return_if_fail (ATLAS_IS_MAP_VIEW (self));
  g_return_if_fail (session == NULL || ATLAS_IS_SESSION (session));

  if (!g_set_object (&self->session, session))
    return;

  self->to_reveal = 0;
  self->goal_x = -1.0;
  g_signal_group_set_target (self->signals, session);
  replace_layout (self, NULL, 0.0);
  update_accessible (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION]);
}

int
atlas_map_view_get_zoom (AtlasMapView *self)
{
  g_return_val_if_fail (ATLAS_IS_MAP_VIEW (self), 0);

  return self->zoom;
}

/* The first page of the region above an address that is not mapped, or of the highest one. */
static guint64
find_near (AtlasSnapshot *snapshot, guint64 address)
{
  guint index;

  if (atlas_snapshot_find (snapshot, address, &index))
    return address;

  index = MIN (index, atlas_snapshot_get_n_regions (snapshot) - 1);
  return atlas_snapshot_get_region (snapshot, index)->start;
}

void
atlas_map_view_scroll_to (AtlasMapView *self, guint64 address)
{
  AtlasRect cell;

  g_return_if_fail (ATLAS_IS_MAP_VIEW (self));

  if (self->layout == NULL || get_view_height (self) <= 0.0)
    {
      self->to_reveal = address;
      return;
    }

  address = find_near (atlas_map_layout_get_snapshot (self->layout), address);
  if (!atlas_map_layout_locate (self->layout, address, &cell, NULL) || is_in_view (self, &cell))
    return;

  set_value (self, cell.y + cell.height / 2.0 - get_view_height (self) / 2.0);
}
