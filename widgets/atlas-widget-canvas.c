/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Ties the drawing, which knows no widgets, to one: its fonts are made again when the widget's
 * change, and its palette is looked up each time. */

#include "atlas-widget-canvas.h"

#include "atlas-appearance.h"

AtlasCanvas *
atlas_widget_canvas_get (AtlasWidgetCanvas *self, GtkWidget *widget)
{
  PangoContext *context = gtk_widget_get_pango_context (widget);
  const AtlasPalette *palette = atlas_appearance_get_palette (atlas_appearance_get_default ());
  guint serial = pango_context_get_serial (context);

  if (self->context != context || self->serial != serial)
    {
      guint generation = self->generation + 1;

      atlas_widget_canvas_clear (self);
      atlas_canvas_init (&self->canvas, NULL, context, palette);
      self->context = g_object_ref (context);
      self->serial = pango_context_get_serial (context);
      self->generation = generation;
    }

  self->canvas.palette = palette;
  return &self->canvas;
}

GskRenderNode *
atlas_widget_canvas_record (AtlasWidgetCanvas *self,
                            GtkWidget *widget,
                            const graphene_rect_t *area,
                            AtlasWidgetPaint paint,
                            gpointer user_data)
{
  AtlasCanvas *canvas = atlas_widget_canvas_get (self, widget);
  GskRenderNode *node = gsk_cairo_node_new (area);
  cairo_t *cr = gsk_cairo_node_get_draw_context (node);

  canvas->cr = cr;
  paint (canvas, area, user_data);
  canvas->cr = NULL;
  cairo_destroy (cr);

  return node;
}

void
atlas_widget_canvas_clear (AtlasWidgetCanvas *self)
{
  if (self->context == NULL)
    return;

  atlas_canvas_clear (&self->canvas);
  g_clear_object (&self->context);
}
