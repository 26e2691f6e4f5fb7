/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A canvas for a widget: with its fonts, in the palette of the day, painting into render nodes that
 * can be kept. */

#pragma once

#include <gtk/gtk.h>

#include "atlas-canvas.h"

G_BEGIN_DECLS

typedef struct
{
  AtlasCanvas canvas;
  PangoContext *context; /* what the fonts were made from; NULL: not made yet */
  guint serial;          /* of the context then */
  guint generation;      /* rises when the fonts change */
} AtlasWidgetCanvas;

/* Paints onto canvas->cr; its origin is the widget's (or whatever the caller translates to). */
typedef void (*AtlasWidgetPaint) (AtlasCanvas *canvas,
                                  const graphene_rect_t *area,
                                  gpointer user_data);

/* Ready to measure with; valid until the widget's font changes. */
AtlasCanvas *atlas_widget_canvas_get (AtlasWidgetCanvas *self, GtkWidget *widget);
/* What @paint paints within @area. (transfer full) */
GskRenderNode *atlas_widget_canvas_record (AtlasWidgetCanvas *self,
                                           GtkWidget *widget,
                                           const graphene_rect_t *area,
                                           AtlasWidgetPaint paint,
                                           gpointer user_data);
void atlas_widget_canvas_clear (AtlasWidgetCanvas *self);

G_END_DECLS
