/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The cards of a session's map, scrolled. The widget owns place and motion: where the view is, what
 * stays put when the map is refreshed. What the map looks like is the drawing's business, and what
 * is selected the session's. Keys, pointer, zoom, painting and words have files of their own. */

#include "atlas-config.h"

#include "atlas-map-view-private.h"

#include <math.h>

#include "atlas-appearance.h"
#include "atlas-card-heading.h"
#include "atlas-same-look.h"
#include "atlas-style.h"

#define LABEL_GAP 10.0
#define LONGEST_LABEL "00000000"
#define LEAST_WIDTH 260
#define NATURAL_WIDTH 720
#define LEAST_HEIGHT 120
#define NATURAL_HEIGHT 480
#define JUST_REVEALED_US (G_USEC_PER_SEC / 2)

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

double
atlas_map_view_get_view_height (AtlasMapView *self)
{
  return gtk_widget_get_height (GTK_WIDGET (self));
}

double
atlas_map_view_get_value (AtlasMapView *self)
{
  return self->vadjustment != NULL ? gtk_adjustment_get_value (self->vadjustment) : 0.0;
}

/* On whole device pixels, or the cells blur while a flick comes to rest. */
double
atlas_map_view_get_top (AtlasMapView *self)
{
  double scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));

  return round (atlas_map_view_get_value (self) * scale) / scale;
}

void
atlas_map_view_set_value (AtlasMapView *self, double value)
{
  if (self->vadjustment != NULL)
    gtk_adjustment_set_value (self->vadjustment, value);
}

guint64
atlas_map_view_get_selected (AtlasMapView *self)
{
  return self->session != NULL ? atlas_session_get_selected (self->session) : 0;
}

AtlasCounter
atlas_map_view_get_highlight (AtlasMapView *self)
{
  return self->session != NULL ? atlas_session_get_highlight (self->session) : ATLAS_COUNTER_NONE;
}

AtlasSnapshot *
atlas_map_view_get_session_snapshot (AtlasMapView *self)
{
  return self->session != NULL ? atlas_session_get_snapshot (self->session) : NULL;
}

AtlasLabels *
atlas_map_view_get_labels (AtlasMapView *self)
{
  return self->session != NULL ? atlas_session_get_labels (self->session) : NULL;
}

gboolean
atlas_map_view_hit_view (AtlasMapView *self, double x, double y, AtlasMapHit *hit)
{
  return self->layout != NULL
         && atlas_map_layout_hit (self->layout, x, y + atlas_map_view_get_top (self), hit);
}

static void
report_focus (AtlasMapView *self)
{
  guint64 start = 0, end = 0;
  guint64 old_start, old_end;

  /* Where the map is not seen, something else is. */
  if (self->session == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;

  if (self->layout != NULL && atlas_map_view_get_view_height (self) > 0.0)
    atlas_map_layout_get_range (
        self->layout, atlas_map_view_get_top (self),
        atlas_map_view_get_top (self) + atlas_map_view_get_view_height (self), &start, &end);
  atlas_session_get_focus (self->session, &old_start, &old_end);
  if (start != old_start || end != old_end)
    atlas_session_set_focus (self->session, start, end);
}

static void
place_changed (AtlasMapView *self)
{
  atlas_map_view_drop_overlays (self);
  atlas_map_view_update_hover (self);
  report_focus (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
configure_adjustments (AtlasMapView *self, double value)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self));
  double height = atlas_map_view_get_view_height (self);
  double upper = self->layout != NULL ? ceil (atlas_map_layout_get_height (self->layout)) : 0.0;

  upper = fmax (upper, height);
  if (self->hadjustment != NULL)
    gtk_adjustment_configure (self->hadjustment, 0.0, 0.0, width, width * 0.1, width * 0.9, width);
  if (self->vadjustment != NULL)
    gtk_adjustment_configure (self->vadjustment, CLAMP (value, 0.0, upper - height), 0.0, upper,
                              height * 0.1, height * 0.9, height);
}

gboolean
atlas_map_view_is_in_view (AtlasMapView *self, const AtlasRect *rect)
{
  double top = atlas_map_view_get_value (self);

  return rect->y >= top && rect->y + rect->height <= top + atlas_map_view_get_view_height (self);
}

/* Layout */

static AtlasMapLayout *
make_layout (AtlasMapView *self, AtlasMapLayout *before)
{
  AtlasSnapshot *snapshot = atlas_map_view_get_session_snapshot (self);
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
    .line_height = atlas_card_heading_get_height (canvas, width),
    .label_width = ceil (atlas_canvas_measure (canvas, ATLAS_TEXT_MONO, LONGEST_LABEL) + LABEL_GAP),
    .margin = ATLAS_MAP_VIEW_MARGIN,
    .compact_line_height = canvas->line_height[ATLAS_TEXT_HEADING],
    .labels = atlas_map_view_get_labels (self),
  };
  return atlas_map_layout_new_after (before, snapshot, &parameters);
}

/* Whether what was painted of @a is right for @b. */
static gboolean
layouts_look_same (AtlasMapLayout *a, AtlasMapLayout *b)
{
  const AtlasMapParameters *p = atlas_map_layout_get_parameters (a);
  const AtlasMapParameters *q = atlas_map_layout_get_parameters (b);

  return !differ (p->zoom, q->zoom) && !differ (p->width, q->width)
         && !differ (p->line_height, q->line_height) && !differ (p->label_width, q->label_width)
         && atlas_labels_equal (p->labels, q->labels)
         && atlas_snapshots_look_same (atlas_map_layout_get_snapshot (a),
                                       atlas_map_layout_get_snapshot (b));
}

void
atlas_map_view_get_zoom_range (AtlasMapView *self, int *least, int *most)
{
  *least = *most = 0;
  if (self->layout != NULL)
    atlas_map_layout_get_zoom_range (self->layout, least, most);
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
void
atlas_map_view_replace_layout (AtlasMapView *self, const AtlasMapAnchor *anchor, double where)
{
  g_autoptr (AtlasMapLayout) old = g_steal_pointer (&self->layout);
  double value = 0.0;

  self->layout = make_layout (self, old);
  if (self->layout != NULL && anchor != NULL)
    value = atlas_map_anchor_find (self->layout, anchor) - where;
  if (old == NULL || self->layout == NULL || !layouts_look_same (old, self->layout))
    atlas_map_view_drop_painted (self);
  atlas_map_view_drop_ages (self);

  configure_adjustments (self, value);
  atlas_map_view_update_zoom_actions (self);
  place_changed (self);
  reveal_pending (self);
}

/* The same, with what is at the top of the view staying there. */
static void
refresh_layout (AtlasMapView *self)
{
  AtlasMapAnchor anchor;
  gboolean anchored =
      self->layout != NULL
      && atlas_map_anchor_take (self->layout, -1.0, atlas_map_view_get_value (self), &anchor);

  atlas_map_view_replace_layout (self, anchored ? &anchor : NULL, 0.0);
}

/* The session's news */

static gboolean
is_of_another_process (AtlasMapView *self)
{
  AtlasSnapshot *before, *after;

  if (self->layout == NULL)
    return TRUE;

  before = atlas_map_layout_get_snapshot (self->layout);
  after = atlas_map_view_get_session_snapshot (self);
  return after == NULL || atlas_snapshot_get_pid (before) != atlas_snapshot_get_pid (after)
         || atlas_snapshot_get_start_time (before) != atlas_snapshot_get_start_time (after);
}

static void
snapshot_changed_cb (AtlasMapView *self)
{
  if (is_of_another_process (self))
    atlas_map_view_replace_layout (self, NULL, 0.0);
  else
    refresh_layout (self);
  atlas_map_view_update_accessible (self);
}

static void
labels_changed_cb (AtlasMapView *self)
{
  refresh_layout (self);
  atlas_map_view_update_accessible (self);
}

static void
changes_changed_cb (AtlasMapView *self)
{
  g_clear_pointer (&self->changes, gsk_render_node_unref);
  atlas_flash_set (&self->flash, atlas_session_get_changes (self->session));
}

static void
selection_changed_cb (AtlasMapView *self)
{
  self->goal_x = -1.0;
  g_clear_pointer (&self->selection, gsk_render_node_unref);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  atlas_map_view_update_accessible (self);
}

static void
reveal_cb (AtlasMapView *self, guint64 address)
{
  atlas_map_view_scroll_to (self, address);
  self->revealed = address;
  self->revealed_at = g_get_monotonic_time ();
}

/* What is revealed and what takes room from the map can have the same cause. */
static void
reveal_again (AtlasMapView *self)
{
  if (self->revealed != 0 && g_get_monotonic_time () - self->revealed_at < JUST_REVEALED_US)
    atlas_map_view_scroll_to (self, self->revealed);
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

  configure_adjustments (self, atlas_map_view_get_value (self));
  place_changed (self);
  reveal_pending (self);
  reveal_again (self);
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

static void
atlas_map_view_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (atlas_map_view_parent_class)->map (widget);
  report_focus (ATLAS_MAP_VIEW (widget));
}

static void
scrub_cb (AtlasMapView *self, guint64 address)
{
  double y;

  if (self->layout == NULL || !atlas_map_layout_get_y (self->layout, address, &y))
    return;

  atlas_map_view_forget_zooming (self);
  atlas_map_view_set_value (self, y - atlas_map_view_get_view_height (self) / 2.0);
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
      g_value_set_double (value, self->zoom);
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

  atlas_map_view_forget_zooming (self);
  atlas_flash_clear (&self->flash);
  g_clear_object (&self->signals);
  g_clear_object (&self->session);
  set_adjustment (self, &self->hadjustment, NULL);
  set_adjustment (self, &self->vadjustment, NULL);
  g_clear_pointer (&self->layout, atlas_map_layout_unref);
  g_clear_pointer (&self->selection, gsk_render_node_unref);
  g_clear_pointer (&self->changes, gsk_render_node_unref);
  atlas_tile_cache_drop (&self->tiles);
  atlas_map_view_drop_ages (self);
  atlas_widget_canvas_clear (&self->canvas);
  atlas_tip_clear (&self->tip);

  G_OBJECT_CLASS (atlas_map_view_parent_class)->dispose (object);
}

static void
atlas_map_view_finalize (GObject *object)
{
  AtlasMapView *self = ATLAS_MAP_VIEW (object);

  atlas_tile_cache_clear (&self->tiles);
  g_hash_table_unref (self->ages);
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
  properties[PROP_ZOOM] = g_param_spec_double ("zoom", NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, 0.0,
                                               G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  g_object_class_override_property (object_class, PROP_HADJUSTMENT, "hadjustment");
  g_object_class_override_property (object_class, PROP_VADJUSTMENT, "vadjustment");
  g_object_class_override_property (object_class, PROP_HSCROLL_POLICY, "hscroll-policy");
  g_object_class_override_property (object_class, PROP_VSCROLL_POLICY, "vscroll-policy");
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
  widget_class->map = atlas_map_view_map;
  widget_class->measure = atlas_map_view_measure;
  widget_class->size_allocate = atlas_map_view_size_allocate;
  widget_class->snapshot = atlas_map_view_snapshot;
  widget_class->query_tooltip = atlas_map_view_query_tooltip;

  install_properties (object_class);
  atlas_map_view_install_zoom (widget_class);
  atlas_map_view_install_keys (widget_class);

  gtk_widget_class_set_css_name (widget_class, "mapview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
watch_session (AtlasMapView *self)
{
  self->signals = g_signal_group_new (ATLAS_TYPE_SESSION);
  g_signal_group_connect_swapped (self->signals, "notify::snapshot",
                                  G_CALLBACK (snapshot_changed_cb), self);
  g_signal_group_connect_swapped (self->signals, "notify::labels", G_CALLBACK (labels_changed_cb),
                                  self);
  g_signal_group_connect_swapped (self->signals, "notify::changes", G_CALLBACK (changes_changed_cb),
                                  self);
  g_signal_group_connect_swapped (self->signals, "notify::selected-address",
                                  G_CALLBACK (selection_changed_cb), self);
  g_signal_group_connect_swapped (self->signals, "notify::highlight",
                                  G_CALLBACK (atlas_map_view_drop_painted), self);
  g_signal_group_connect_swapped (self->signals, "reveal", G_CALLBACK (reveal_cb), self);
  g_signal_group_connect_swapped (self->signals, "scrub", G_CALLBACK (scrub_cb), self);
}

static void
atlas_map_view_init (AtlasMapView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  self->goal_x = -1.0;
  atlas_map_view_init_painting (self);
  watch_session (self);
  atlas_map_view_add_pointer (self);
  atlas_map_view_add_zoom (self);

  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_set_has_tooltip (widget, TRUE);
  gtk_widget_set_overflow (widget, GTK_OVERFLOW_HIDDEN);
  /* Memory has an order of its own, whatever way the language runs. */
  gtk_widget_set_direction (widget, GTK_TEXT_DIR_LTR);
  atlas_style_ensure (gtk_widget_get_display (widget));
  g_signal_connect_object (atlas_appearance_get_default (), "changed",
                           G_CALLBACK (atlas_map_view_drop_painted), self, G_CONNECT_SWAPPED);
  atlas_map_view_update_zoom_actions (self);
  atlas_map_view_update_accessible (self);
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
  self->revealed = 0;
  self->goal_x = -1.0;
  atlas_map_view_forget_zooming (self);
  g_signal_group_set_target (self->signals, session);
  atlas_flash_set (&self->flash, NULL);
  atlas_map_view_replace_layout (self, NULL, 0.0);
  atlas_map_view_update_accessible (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION]);
}

double
atlas_map_view_get_zoom (AtlasMapView *self)
{
  g_return_val_if_fail (ATLAS_IS_MAP_VIEW (self), 0.0);

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

/* As little motion as shows all of it; none where it does not fit. */
static void
show_whole_card (AtlasMapView *self, const AtlasCard *card)
{
  double height = atlas_map_view_get_view_height (self);

  if (atlas_map_view_is_in_view (self, &card->rect) || card->rect.height > height)
    return;
  if (card->rect.y < atlas_map_view_get_value (self))
    atlas_map_view_set_value (self, card->rect.y);
  else
    atlas_map_view_set_value (self, card->rect.y + card->rect.height - height);
}

void
atlas_map_view_scroll_to (AtlasMapView *self, guint64 address)
{
  AtlasRect cell;
  AtlasCard card;

  g_return_if_fail (ATLAS_IS_MAP_VIEW (self));

  if (self->layout == NULL || atlas_map_view_get_view_height (self) <= 0.0)
    {
      self->to_reveal = address;
      return;
    }

  address = find_near (atlas_map_layout_get_snapshot (self->layout), address);
  if (!atlas_map_layout_locate (self->layout, address, &cell, &card))
    return;

  if (atlas_map_view_is_in_view (self, &cell))
    show_whole_card (self, &card);
  else
    atlas_map_view_set_value (self, cell.y + cell.height / 2.0
                                        - atlas_map_view_get_view_height (self) / 2.0);
}
