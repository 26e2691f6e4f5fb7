/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The bar is as long as all that would have been needed, so the wall stands where it fell short. */

#include "atlas-config.h"

#include "atlas-limit-wall.h"

#include <glib/gi18n-lib.h>

#include "atlas-format.h"

#define BAR_HEIGHT 14
#define WALL_WIDTH 4
#define WALL_OVERHANG 4
#define STRIPE 8.0f

struct _AtlasLimitWall
{
  GtkWidget parent_instance;

  guint64 used, asked, soft;
};

G_DEFINE_FINAL_TYPE (AtlasLimitWall, atlas_limit_wall, GTK_TYPE_WIDGET)

static const GdkRGBA TROUGH = { 1, 1, 1, 0.14f };
static const GdkRGBA USED = { 0.38f, 0.63f, 0.92f, 1 };
static const GdkRGBA ASKED = { 1, 0.48f, 0.39f, 1 };
static const GdkRGBA ASKED_GAP = { 1, 0.48f, 0.39f, 0.35f };
static const GdkRGBA WALL = { 1, 1, 1, 1 };

static float
get_x (AtlasLimitWall *self, double bytes)
{
  double needed = (double) self->used + (double) self->asked;
  double whole = MAX ((double) self->soft, needed) * 1.04;

  return whole > 0 ? (float) (bytes / whole * gtk_widget_get_width (GTK_WIDGET (self))) : 0;
}

static void
fill (GtkSnapshot *snapshot, const GdkRGBA *color, float from, float to, float y, float height)
{
  if (to > from)
    gtk_snapshot_append_color (snapshot, color, &GRAPHENE_RECT_INIT (from, y, to - from, height));
}

/* What was asked for is striped: it is not there. */
static void
stripe (GtkSnapshot *snapshot, float from, float to, float y)
{
  const GskColorStop stops[] = {
    { 0, ASKED }, { 0.5f, ASKED }, { 0.5f, ASKED_GAP }, { 1, ASKED_GAP }
  };

  if (to > from)
    gtk_snapshot_append_repeating_linear_gradient (
        snapshot, &GRAPHENE_RECT_INIT (from, y, to - from, BAR_HEIGHT),
        &GRAPHENE_POINT_INIT (from, y), &GRAPHENE_POINT_INIT (from + STRIPE, y + STRIPE), stops,
        G_N_ELEMENTS (stops));
}

static void
atlas_limit_wall_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  AtlasLimitWall *self = ATLAS_LIMIT_WALL (widget);
  float used = get_x (self, (double) self->used);
  float needed = get_x (self, (double) self->used + (double) self->asked);
  float wall = get_x (self, (double) self->soft);

  fill (snapshot, &TROUGH, 0, (float) gtk_widget_get_width (widget), WALL_OVERHANG, BAR_HEIGHT);
  fill (snapshot, &USED, 0, used, WALL_OVERHANG, BAR_HEIGHT);
  stripe (snapshot, used, needed, WALL_OVERHANG);
  fill (snapshot, &WALL, wall - WALL_WIDTH / 2.0f, wall + WALL_WIDTH / 2.0f, 0,
        BAR_HEIGHT + 2 * WALL_OVERHANG);
}

static void
atlas_limit_wall_measure (GtkWidget *widget,
                          GtkOrientation orientation,
                          int for_size,
                          int *minimum,
                          int *natural,
                          int *minimum_baseline,
                          int *natural_baseline)
{
  gboolean across = orientation == GTK_ORIENTATION_HORIZONTAL;

  *minimum = across ? 120 : BAR_HEIGHT + 2 * WALL_OVERHANG;
  *natural = across ? 320 : BAR_HEIGHT + 2 * WALL_OVERHANG;
}

static void
atlas_limit_wall_class_init (AtlasLimitWallClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = atlas_limit_wall_snapshot;
  widget_class->measure = atlas_limit_wall_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
atlas_limit_wall_init (AtlasLimitWall *self)
{
}

/* "RLIMIT_MEMLOCK is 8 MiB. VmLck is 7.9 MiB, so 100 KiB are left; 1 MiB was asked for." */
char *
atlas_limit_wall_describe (const char *limit,
                           const char *counter,
                           guint64 used,
                           guint64 asked,
                           guint64 soft)
{
  g_autofree char *soft_text = atlas_format_bytes (soft);
  g_autofree char *used_text = atlas_format_bytes (used);
  g_autofree char *asked_text = atlas_format_bytes (asked);
  g_autofree char *left = atlas_format_bytes (soft > used ? soft - used : 0);

  return g_strdup_printf (_ ("%s is %s. %s is %s, so %s are left; %s more were asked for."), limit,
                          soft_text, counter, used_text, left, asked_text);
}

GtkWidget *
atlas_limit_wall_new (const char *limit,
                      const char *counter,
                      guint64 used,
                      guint64 asked,
                      guint64 soft)
{
  AtlasLimitWall *self = g_object_new (ATLAS_TYPE_LIMIT_WALL, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  g_autofree char *text = atlas_limit_wall_describe (limit, counter, used, asked, soft);
  GtkWidget *label = gtk_label_new (text);

  self->used = used;
  self->asked = asked;
  self->soft = soft;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "caption");
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self));
  gtk_box_append (GTK_BOX (box), label);
  return box;
}
