/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A region's pages as one bar. A table shows dozens of them and refreshes once a second, so what
 * was painted is kept for as long as region, size, palette and highlight stay. */

#include "atlas-config.h"

#include "atlas-page-bar.h"

#include <glib/gi18n-lib.h>

#include "atlas-appearance.h"
#include "atlas-format.h"
#include "atlas-map-painter.h"
#include "atlas-widget-canvas.h"

#define BAR_HEIGHT 12
#define LEAST_WIDTH 48
#define NATURAL_WIDTH 160

struct _AtlasPageBar
{
  GtkWidget parent_instance;

  AtlasRegion *region;
  AtlasCounter highlight;

  AtlasWidgetCanvas canvas;
  GskRenderNode *node; /* NULL: to be painted */
};

enum
{
  PROP_0,
  PROP_REGION,
  PROP_HIGHLIGHT,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE (AtlasPageBar, atlas_page_bar, GTK_TYPE_WIDGET)

static void
drop_node (AtlasPageBar *self)
{
  g_clear_pointer (&self->node, gsk_render_node_unref);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
update_label (AtlasPageBar *self)
{
  g_autofree char *resident = NULL;
  g_autofree char *all = NULL;
  g_autofree char *label = NULL;
  AtlasPageCounts counts;

  if (self->region == NULL || self->region->pages == NULL)
    {
      gtk_accessible_reset_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL);
      return;
    }

  atlas_pages_count_all (self->region->pages, &counts);
  all = atlas_format_count (counts.pages);
  if (counts.unknown == counts.pages)
    {
      /* Translators: %s is a number of pages. */
      label = g_strdup_printf (_ ("%s pages, state unknown"), all);
    }
  else
    {
      resident = atlas_format_count (counts.resident);
      /* Translators: both are numbers of pages. */
      label = g_strdup_printf (_ ("%s of %s pages resident"), resident, all);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
paint_bar (AtlasCanvas *canvas, const graphene_rect_t *area, gpointer user_data)
{
  AtlasPageBar *self = user_data;

  atlas_page_bar_paint (canvas, self->region, self->highlight, area->size.width, area->size.height);
}

static void
atlas_page_bar_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  AtlasPageBar *self = ATLAS_PAGE_BAR (widget);
  graphene_rect_t area =
      GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (widget), BAR_HEIGHT);
  float y = (float) ((gtk_widget_get_height (widget) - BAR_HEIGHT) / 2);

  if (self->region == NULL || self->region->pages == NULL || area.size.width < 1.0f)
    return;

  if (self->node == NULL)
    self->node = atlas_widget_canvas_record (&self->canvas, widget, &area, paint_bar, self);

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (0, y));
  gtk_snapshot_append_node (snapshot, self->node);
  gtk_snapshot_restore (snapshot);
}

static void
atlas_page_bar_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  drop_node (ATLAS_PAGE_BAR (widget));
}

static void
atlas_page_bar_measure (GtkWidget *widget,
                        GtkOrientation orientation,
                        int for_size,
                        int *minimum,
                        int *natural,
                        int *minimum_baseline,
                        int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? LEAST_WIDTH : BAR_HEIGHT;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? NATURAL_WIDTH : BAR_HEIGHT;
}

static void
atlas_page_bar_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  AtlasPageBar *self = ATLAS_PAGE_BAR (object);

  switch (id)
    {
    case PROP_REGION:
      g_value_set_boxed (value, self->region);
      break;
    case PROP_HIGHLIGHT:
      g_value_set_uint (value, self->highlight);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
atlas_page_bar_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  AtlasPageBar *self = ATLAS_PAGE_BAR (object);

  switch (id)
    {
    case PROP_REGION:
      atlas_page_bar_set_region (self, g_value_get_boxed (value));
      break;
    case PROP_HIGHLIGHT:
      atlas_page_bar_set_highlight (self, (AtlasCounter) g_value_get_uint (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
atlas_page_bar_dispose (GObject *object)
{
  AtlasPageBar *self = ATLAS_PAGE_BAR (object);

  g_clear_pointer (&self->region, atlas_region_unref);
  g_clear_pointer (&self->node, gsk_render_node_unref);
  atlas_widget_canvas_clear (&self->canvas);

  G_OBJECT_CLASS (atlas_page_bar_parent_class)->dispose (object);
}

static void
atlas_page_bar_class_init (AtlasPageBarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = atlas_page_bar_dispose;
  object_class->get_property = atlas_page_bar_get_property;
  object_class->set_property = atlas_page_bar_set_property;
  widget_class->measure = atlas_page_bar_measure;
  widget_class->size_allocate = atlas_page_bar_size_allocate;
  widget_class->snapshot = atlas_page_bar_snapshot;

  properties[PROP_REGION] = g_param_spec_boxed ("region", NULL, NULL, ATLAS_TYPE_REGION, flags);
  properties[PROP_HIGHLIGHT] =
      g_param_spec_uint ("highlight", NULL, NULL, 0, ATLAS_COUNTER_NONE, ATLAS_COUNTER_NONE, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  gtk_widget_class_set_css_name (widget_class, "pagebar");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
atlas_page_bar_init (AtlasPageBar *self)
{
  self->highlight = ATLAS_COUNTER_NONE;
  g_signal_connect_object (atlas_appearance_get_default (), "changed", G_CALLBACK (drop_node), self,
                           G_CONNECT_SWAPPED);
}

GtkWidget *
atlas_page_bar_new (void)
{
  return g_object_new (ATLAS_TYPE_PAGE_BAR, NULL);
}

void
atlas_page_bar_set_region (AtlasPageBar *self, AtlasRegion *region)
{
  g_return_if_fail (ATLAS_IS_PAGE_BAR (self));

  if (self->region == region)
    return;

  g_clear_pointer (&self->region, atlas_region_unref);
  if (region != NULL)
    self->region = atlas_region_ref (region);
  update_label (self);
  drop_node (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REGION]);
}

void
atlas_page_bar_set_highlight (AtlasPageBar *self, AtlasCounter highlight)
{
  g_return_if_fail (ATLAS_IS_PAGE_BAR (self));
  g_return_if_fail (highlight <= ATLAS_COUNTER_NONE);

  if (self->highlight == highlight)
    return;

  self->highlight = highlight;
  drop_node (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HIGHLIGHT]);
}
