/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Two hundred of them are painted with each sample. Made of labels, each was drawn by three or four
 * nodes, and one that is dimmed on a surface of its own. */

#include "atlas-config.h"

#include "atlas-region-cell.h"

#include "atlas-appearance.h"

#define OLD_ALPHA 0.5

struct _AtlasRegionCell
{
  GtkWidget parent_instance;

  gboolean number, old;
  char *text;
  PangoLayout *layout; /* NULL: to be made when it is painted */
  int room;            /* pixels that it was made for */
  int left, extent;    /* pixels: where in the layout its text begins, and how wide that is */
  int height;          /* pixels; 0: not yet known */
};

G_DEFINE_FINAL_TYPE (AtlasRegionCell, atlas_region_cell, GTK_TYPE_WIDGET)

static void
set_attributes (PangoLayout *layout)
{
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
  pango_layout_set_attributes (layout, attributes);
}

static void
measure_text (AtlasRegionCell *self)
{
  PangoRectangle text;

  pango_layout_get_pixel_extents (self->layout, NULL, &text);
  self->left = text.x;
  self->extent = text.width;
}

/* Cut at its end where there is not room for all of it. */
static PangoLayout *
ensure_layout (AtlasRegionCell *self)
{
  if (self->layout != NULL)
    return self->layout;
  self->room = gtk_widget_get_width (GTK_WIDGET (self));
  self->layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), self->text);
  if (self->number)
    set_attributes (self->layout);
  measure_text (self);
  if (self->extent > self->room)
    {
      pango_layout_set_ellipsize (self->layout, PANGO_ELLIPSIZE_END);
      pango_layout_set_width (self->layout, self->room * PANGO_SCALE);
      measure_text (self);
    }
  return self->layout;
}

void
atlas_region_cell_paint (AtlasRegionCell *self, GtkSnapshot *snapshot, int x, int y)
{
  const AtlasColor *color = &atlas_appearance_get_palette (atlas_appearance_get_default ())->text;
  const GdkRGBA rgba = { (float) color->red, (float) color->green, (float) color->blue,
                         (float) (color->alpha * (self->old ? OLD_ALPHA : 1.0)) };
  gboolean mirrored = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  PangoLayout *layout;

  if (self->text == NULL)
    return;
  layout = ensure_layout (self);
  if (self->number != mirrored)
    x += self->room - self->extent;
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) (x - self->left), (float) y));
  gtk_snapshot_append_layout (snapshot, layout, &rgba);
  gtk_snapshot_restore (snapshot);
}

/* --- the widget ------------------------------------------------------------------------------ */

static void
queue_paint (AtlasRegionCell *self)
{
  GtkWidget *row = gtk_widget_get_parent (GTK_WIDGET (self));

  if (row != NULL)
    gtk_widget_queue_draw (row);
}

/* The row paints it. */
static void
atlas_region_cell_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
}

static int
measure_line (GtkWidget *widget)
{
  PangoContext *context = gtk_widget_get_pango_context (widget);
  PangoFontMetrics *metrics = pango_context_get_metrics (context, NULL, NULL);
  int height = pango_font_metrics_get_ascent (metrics) + pango_font_metrics_get_descent (metrics);

  pango_font_metrics_unref (metrics);
  return PANGO_PIXELS_CEIL (height);
}

static void
atlas_region_cell_measure (GtkWidget *widget,
                           GtkOrientation orientation,
                           int for_size,
                           int *minimum,
                           int *natural,
                           int *minimum_baseline,
                           int *natural_baseline)
{
  AtlasRegionCell *self = ATLAS_REGION_CELL (widget);

  if (self->height == 0)
    self->height = measure_line (widget);
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 0 : self->height;
}

static void
atlas_region_cell_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  AtlasRegionCell *self = ATLAS_REGION_CELL (widget);

  if (width != self->room)
    g_clear_object (&self->layout);
}

/* Font, direction or scale may be others from now on. */
static void
forget_font (AtlasRegionCell *self)
{
  self->height = 0;
  g_clear_object (&self->layout);
  queue_paint (self);
}

static void
atlas_region_cell_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (atlas_region_cell_parent_class)->css_changed (widget, change);
  forget_font (ATLAS_REGION_CELL (widget));
}

static void
atlas_region_cell_system_setting_changed (GtkWidget *widget, GtkSystemSetting setting)
{
  GTK_WIDGET_CLASS (atlas_region_cell_parent_class)->system_setting_changed (widget, setting);
  forget_font (ATLAS_REGION_CELL (widget));
}

static void
atlas_region_cell_direction_changed (GtkWidget *widget, GtkTextDirection before)
{
  GTK_WIDGET_CLASS (atlas_region_cell_parent_class)->direction_changed (widget, before);
  forget_font (ATLAS_REGION_CELL (widget));
}

static void
atlas_region_cell_dispose (GObject *object)
{
  g_clear_object (&ATLAS_REGION_CELL (object)->layout);
  G_OBJECT_CLASS (atlas_region_cell_parent_class)->dispose (object);
}

static void
atlas_region_cell_finalize (GObject *object)
{
  g_free (ATLAS_REGION_CELL (object)->text);
  G_OBJECT_CLASS (atlas_region_cell_parent_class)->finalize (object);
}

static void
atlas_region_cell_class_init (AtlasRegionCellClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = atlas_region_cell_dispose;
  G_OBJECT_CLASS (klass)->finalize = atlas_region_cell_finalize;
  widget_class->snapshot = atlas_region_cell_snapshot;
  widget_class->measure = atlas_region_cell_measure;
  widget_class->size_allocate = atlas_region_cell_size_allocate;
  widget_class->css_changed = atlas_region_cell_css_changed;
  widget_class->system_setting_changed = atlas_region_cell_system_setting_changed;
  widget_class->direction_changed = atlas_region_cell_direction_changed;

  gtk_widget_class_set_css_name (widget_class, "label");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GRID_CELL);
}

static void
atlas_region_cell_init (AtlasRegionCell *self)
{
}

GtkWidget *
atlas_region_cell_new (gboolean number, gboolean mono)
{
  AtlasRegionCell *self = g_object_new (ATLAS_TYPE_REGION_CELL, NULL);

  self->number = number;
  if (mono)
    gtk_widget_add_css_class (GTK_WIDGET (self), "address");
  return GTK_WIDGET (self);
}

const char *
atlas_region_cell_get_text (AtlasRegionCell *self)
{
  g_return_val_if_fail (ATLAS_IS_REGION_CELL (self), NULL);

  return self->text;
}

void
atlas_region_cell_set_text (AtlasRegionCell *self, const char *text)
{
  g_return_if_fail (ATLAS_IS_REGION_CELL (self));

  if (g_strcmp0 (self->text, text) == 0)
    return;
  g_free (self->text);
  self->text = g_strdup (text);
  g_clear_object (&self->layout);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, self->text,
                                  -1);
  queue_paint (self);
}

void
atlas_region_cell_set_old (AtlasRegionCell *self, gboolean old)
{
  g_return_if_fail (ATLAS_IS_REGION_CELL (self));

  if (self->old == old)
    return;
  self->old = old;
  queue_paint (self);
}
