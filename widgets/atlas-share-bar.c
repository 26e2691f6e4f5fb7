/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A slim bar filled by a share. Progress bars of the toolkit are too tall for a row of a list and
 * know no colours of kinds. */

#include "atlas-config.h"

#include "atlas-share-bar.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "atlas-appearance.h"

#define LEAST_WIDTH 24
#define NATURAL_WIDTH 96
#define TROUGH_ALPHA 0.14

struct _AtlasShareBar
{
  GtkWidget parent_instance;

  double share;
  AtlasKind kind;
};

enum
{
  PROP_0,
  PROP_SHARE,
  PROP_KIND,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE (AtlasShareBar, atlas_share_bar, GTK_TYPE_WIDGET)

static void
update_label (AtlasShareBar *self)
{
  /* Translators: a share of something, in whole per cent. */
  g_autofree char *label = g_strdup_printf (_ ("%d %%"), (int) lround (self->share * 100.0));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static GdkRGBA
to_rgba (const AtlasColor *color, double alpha)
{
  return (GdkRGBA){ (float) color->red, (float) color->green, (float) color->blue,
                    (float) (color->alpha * alpha) };
}

static void
fill_rounded (GtkSnapshot *snapshot, double x, double y, double width, const GdkRGBA *color)
{
  graphene_rect_t area =
      GRAPHENE_RECT_INIT ((float) x, (float) y, (float) width, ATLAS_SHARE_BAR_HEIGHT);
  GskRoundedRect outline;

  gsk_rounded_rect_init_from_rect (&outline, &area, ATLAS_SHARE_BAR_HEIGHT / 2.0f);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  gtk_snapshot_append_color (snapshot, color, &area);
  gtk_snapshot_pop (snapshot);
}

static void
paint (GtkSnapshot *snapshot, double x, double y, double width, double share, AtlasKind kind)
{
  const AtlasPalette *palette = atlas_appearance_get_palette (atlas_appearance_get_default ());
  const AtlasColor *color = kind < ATLAS_N_KINDS ? &palette->kind[kind] : &palette->accent;
  GdkRGBA trough = to_rgba (&palette->text, TROUGH_ALPHA);
  GdkRGBA fill = to_rgba (color, 1.0);

  fill_rounded (snapshot, x, y, width, &trough);
  /* However little it is, something is not nothing. */
  if (share > 0.0)
    fill_rounded (snapshot, x, y, fmax (2.0, width * share), &fill);
}

static void
atlas_share_bar_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  AtlasShareBar *self = ATLAS_SHARE_BAR (widget);
  double y = floor ((gtk_widget_get_height (widget) - ATLAS_SHARE_BAR_HEIGHT) / 2.0);

  paint (snapshot, 0.0, y, gtk_widget_get_width (widget), self->share, self->kind);
}

static void
atlas_share_bar_measure (GtkWidget *widget,
                         GtkOrientation orientation,
                         int for_size,
                         int *minimum,
                         int *natural,
                         int *minimum_baseline,
                         int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? LEAST_WIDTH : ATLAS_SHARE_BAR_HEIGHT;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? NATURAL_WIDTH : ATLAS_SHARE_BAR_HEIGHT;
}

static void
atlas_share_bar_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  AtlasShareBar *self = ATLAS_SHARE_BAR (object);

  switch (id)
    {
    case PROP_SHARE:
      g_value_set_double (value, self->share);
      break;
    case PROP_KIND:
      g_value_set_uint (value, self->kind);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
atlas_share_bar_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  AtlasShareBar *self = ATLAS_SHARE_BAR (object);

  switch (id)
    {
    case PROP_SHARE:
      atlas_share_bar_set_share (self, g_value_get_double (value));
      break;
    case PROP_KIND:
      atlas_share_bar_set_kind (self, (AtlasKind) g_value_get_uint (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
atlas_share_bar_class_init (AtlasShareBarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = atlas_share_bar_get_property;
  object_class->set_property = atlas_share_bar_set_property;
  widget_class->measure = atlas_share_bar_measure;
  widget_class->snapshot = atlas_share_bar_snapshot;

  properties[PROP_SHARE] = g_param_spec_double ("share", NULL, NULL, 0.0, 1.0, 0.0, flags);
  properties[PROP_KIND] =
      g_param_spec_uint ("kind", NULL, NULL, 0, ATLAS_N_KINDS, ATLAS_N_KINDS, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  gtk_widget_class_set_css_name (widget_class, "sharebar");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
atlas_share_bar_init (AtlasShareBar *self)
{
  self->kind = ATLAS_N_KINDS;
  g_signal_connect_object (atlas_appearance_get_default (), "changed",
                           G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
  update_label (self);
}

GtkWidget *
atlas_share_bar_new (void)
{
  return g_object_new (ATLAS_TYPE_SHARE_BAR, NULL);
}

void
atlas_share_bar_set_share (AtlasShareBar *self, double share)
{
  g_return_if_fail (ATLAS_IS_SHARE_BAR (self));

  share = isnan (share) ? 0.0 : CLAMP (share, 0.0, 1.0);
  if (!(share < self->share || share > self->share))
    return;

  self->share = share;
  update_label (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SHARE]);
}

void
atlas_share_bar_set_kind (AtlasShareBar *self, AtlasKind kind)
{
  g_return_if_fail (ATLAS_IS_SHARE_BAR (self));
  g_return_if_fail (kind <= ATLAS_N_KINDS);

  if (self->kind == kind)
    return;

  self->kind = kind;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_KIND]);
}

void
atlas_share_bar_paint (GtkSnapshot *snapshot, double x, double y, double width, double share)
{
  g_return_if_fail (GTK_IS_SNAPSHOT (snapshot));

  paint (snapshot, x, y, width, share, ATLAS_N_KINDS);
}
