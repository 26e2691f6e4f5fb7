/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The legend below the map: what occurs in the snapshot, in as many lines as the width needs. */

#include "atlas-config.h"

#include "atlas-legend-view.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "atlas-appearance.h"
#include "atlas-legend.h"
#include "atlas-widget-canvas.h"

#define LEAST_WIDTH 120
#define NATURAL_WIDTH 600

struct _AtlasLegendView
{
  GtkWidget parent_instance;

  AtlasSession *session;
  GSignalGroup *signals;
  GArray *items; /* AtlasLegendItem; NULL: nothing to explain */

  AtlasWidgetCanvas canvas;
  GskRenderNode *node; /* NULL: to be painted */
};

enum
{
  PROP_0,
  PROP_SESSION,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE (AtlasLegendView, atlas_legend_view, GTK_TYPE_WIDGET)

/* Labels are static, so the same item has the same pointer. */
static gboolean
same_items (GArray *a, GArray *b)
{
  if (a == NULL || b == NULL || a->len != b->len)
    return a == b;

  for (guint i = 0; i < a->len; i++)
    {
      const AtlasLegendItem *x = &g_array_index (a, AtlasLegendItem, i);
      const AtlasLegendItem *y = &g_array_index (b, AtlasLegendItem, i);

      if (x->is_kind != y->is_kind || x->kind != y->kind || x->label != y->label)
        return FALSE;
    }
  return TRUE;
}

static void
update_label (AtlasLegendView *self)
{
  g_autoptr (GString) label = g_string_new (_ ("Legend"));

  for (guint i = 0; self->items != NULL && i < self->items->len; i++)
    {
      g_string_append (label, i == 0 ? ": " : ", ");
      g_string_append (label, g_array_index (self->items, AtlasLegendItem, i).label);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label->str,
                                  -1);
}

static void
drop_node (AtlasLegendView *self)
{
  g_clear_pointer (&self->node, gsk_render_node_unref);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
snapshot_changed_cb (AtlasLegendView *self)
{
  AtlasSnapshot *snapshot =
      self->session != NULL ? atlas_session_get_snapshot (self->session) : NULL;
  g_autoptr (GArray) items = NULL;

  if (snapshot != NULL && atlas_snapshot_get_n_regions (snapshot) > 0)
    items = atlas_legend_collect (snapshot);
  if (same_items (items, self->items))
    return;

  g_clear_pointer (&self->items, g_array_unref);
  self->items = g_steal_pointer (&items);
  update_label (self);
  drop_node (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static void
paint_legend (AtlasCanvas *canvas, const graphene_rect_t *area, gpointer user_data)
{
  AtlasLegendView *self = user_data;

  atlas_legend_paint (canvas, self->items, 0.0, 0.0, area->size.width);
}

static void
atlas_legend_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  AtlasLegendView *self = ATLAS_LEGEND_VIEW (widget);
  graphene_rect_t area = GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (widget),
                                             (float) gtk_widget_get_height (widget));

  if (self->items == NULL || area.size.width < 1.0f || area.size.height < 1.0f)
    return;

  if (self->node == NULL)
    self->node = atlas_widget_canvas_record (&self->canvas, widget, &area, paint_legend, self);
  gtk_snapshot_append_node (snapshot, self->node);
}

static void
atlas_legend_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  drop_node (ATLAS_LEGEND_VIEW (widget));
}

static GtkSizeRequestMode
atlas_legend_view_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static int
measure_height (AtlasLegendView *self, int width)
{
  AtlasCanvas *canvas;

  if (self->items == NULL)
    return 0;

  canvas = atlas_widget_canvas_get (&self->canvas, GTK_WIDGET (self));
  return (int) ceil (
      atlas_legend_paint (canvas, self->items, 0.0, 0.0, width > 0 ? width : NATURAL_WIDTH));
}

static void
atlas_legend_view_measure (GtkWidget *widget,
                           GtkOrientation orientation,
                           int for_size,
                           int *minimum,
                           int *natural,
                           int *minimum_baseline,
                           int *natural_baseline)
{
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = LEAST_WIDTH;
      *natural = NATURAL_WIDTH;
    }
  else
    *minimum = *natural = measure_height (ATLAS_LEGEND_VIEW (widget), for_size);
}

static void
atlas_legend_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    g_value_set_object (value, ATLAS_LEGEND_VIEW (object)->session);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
atlas_legend_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    atlas_legend_view_set_session (ATLAS_LEGEND_VIEW (object), g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
atlas_legend_view_dispose (GObject *object)
{
  AtlasLegendView *self = ATLAS_LEGEND_VIEW (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->session);
  g_clear_pointer (&self->items, g_array_unref);
  g_clear_pointer (&self->node, gsk_render_node_unref);
  atlas_widget_canvas_clear (&self->canvas);

  G_OBJECT_CLASS (atlas_legend_view_parent_class)->dispose (object);
}

static void
atlas_legend_view_class_init (AtlasLegendViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = atlas_legend_view_dispose;
  object_class->get_property = atlas_legend_view_get_property;
  object_class->set_property = atlas_legend_view_set_property;
  widget_class->get_request_mode = atlas_legend_view_get_request_mode;
  widget_class->measure = atlas_legend_view_measure;
  widget_class->size_allocate = atlas_legend_view_size_allocate;
  widget_class->snapshot = atlas_legend_view_snapshot;

  properties[PROP_SESSION] =
      g_param_spec_object ("session", NULL, NULL, ATLAS_TYPE_SESSION,
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  gtk_widget_class_set_css_name (widget_class, "legendview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
atlas_legend_view_init (AtlasLegendView *self)
{
  self->signals = g_signal_group_new (ATLAS_TYPE_SESSION);
  g_signal_group_connect_swapped (self->signals, "notify::snapshot",
                                  G_CALLBACK (snapshot_changed_cb), self);
  g_signal_connect_object (atlas_appearance_get_default (), "changed", G_CALLBACK (drop_node), self,
                           G_CONNECT_SWAPPED);
  update_label (self);
}

void
atlas_legend_view_set_session (AtlasLegendView *self, AtlasSession *session)
{
  g_return_if_fail (ATLAS_IS_LEGEND_VIEW (self));
  g_return_if_fail (session == NULL || ATLAS_IS_SESSION (session));

  if (!g_set_object (&self->session, session))
    return;

  g_signal_group_set_target (self->signals, session);
  snapshot_changed_cb (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION]);
}
