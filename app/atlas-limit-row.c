/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A limit that bounds a counter. Soft is what counts; up to hard the process may raise it. */

#include "atlas-config.h"

#include "atlas-limit-row.h"

#include <glib/gi18n-lib.h>

#include "atlas-format.h"
#include "atlas-share-bar.h"

struct _AtlasLimitRow
{
  GtkBox parent_instance;

  GtkLabel *name_label;
  GtkLabel *use_label;
  AtlasShareBar *bar;
  GtkLabel *hard_label;
  GtkLabel *room_label;
  GtkLabel *explanation_label;

  char *name;
  AtlasCounter counter;
};

G_DEFINE_FINAL_TYPE (AtlasLimitRow, atlas_limit_row, GTK_TYPE_BOX)

char *
atlas_limit_format (const AtlasLimit *limit, guint64 value)
{
  g_return_val_if_fail (limit, NULL);

  if (value == ATLAS_LIMIT_UNLIMITED)
    return g_strdup (_ ("unlimited"));
  return limit->is_bytes ? atlas_format_bytes (value) : atlas_format_count (value);
}

static char *
describe_room (const AtlasLimit *limit, guint64 used)
{
  g_autofree char *left = NULL;

  if (limit->soft == ATLAS_LIMIT_UNLIMITED)
    return g_strdup ("");
  if (used > limit->soft)
    return g_strdup (_ ("over the limit"));
  left = atlas_format_bytes (limit->soft - used);
  return g_strdup_printf (_ ("%s left"), left);
}

static double
get_share (const AtlasLimit *limit, guint64 used)
{
  if (limit->soft == ATLAS_LIMIT_UNLIMITED)
    return 0;
  return limit->soft > 0 ? MIN (1, (double) used / (double) limit->soft) : used > 0;
}

static void
show_use (AtlasLimitRow *self, const AtlasLimit *limit, gboolean known, guint64 used)
{
  g_autofree char *soft = atlas_limit_format (limit, limit->soft);
  g_autofree char *hard = atlas_limit_format (limit, limit->hard);
  g_autofree char *now = known ? atlas_format_bytes (used) : g_strdup (_ ("unknown"));
  /* Translators: used, and the limit: "1 MiB of 8 MiB" */
  g_autofree char *use = g_strdup_printf (_ ("%s of %s"), now, soft);
  g_autofree char *hard_text = g_strdup_printf (_ ("hard limit %s"), hard);
  g_autofree char *room = known ? describe_room (limit, used) : g_strdup ("");

  gtk_label_set_text (self->use_label, use);
  gtk_label_set_text (self->hard_label, hard_text);
  gtk_label_set_text (self->room_label, room);
  atlas_share_bar_set_share (self->bar, known ? get_share (limit, used) : 0);
}

void
atlas_limit_row_show (AtlasLimitRow *self, AtlasSnapshot *snapshot)
{
  const AtlasLimit *limit;
  const AtlasStatus *status;

  g_return_if_fail (ATLAS_IS_LIMIT_ROW (self));
  g_return_if_fail (snapshot);

  limit = atlas_limits_find (atlas_snapshot_get_limits (snapshot), self->name);
  status = atlas_snapshot_get_status (snapshot);
  gtk_widget_set_visible (GTK_WIDGET (self), limit != NULL);
  if (limit)
    show_use (self, limit, atlas_status_has (status, self->counter),
              status->kb[self->counter] * 1024);
}

static void
atlas_limit_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), ATLAS_TYPE_LIMIT_ROW);
  G_OBJECT_CLASS (atlas_limit_row_parent_class)->dispose (object);
}

static void
atlas_limit_row_finalize (GObject *object)
{
  g_free (ATLAS_LIMIT_ROW (object)->name);
  G_OBJECT_CLASS (atlas_limit_row_parent_class)->finalize (object);
}

static void
atlas_limit_row_class_init (AtlasLimitRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = atlas_limit_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = atlas_limit_row_finalize;

  g_type_ensure (ATLAS_TYPE_SHARE_BAR);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/memoryatlas/MemoryAtlas/atlas-limit-row.ui");
  gtk_widget_class_bind_template_child (widget_class, AtlasLimitRow, name_label);
  gtk_widget_class_bind_template_child (widget_class, AtlasLimitRow, use_label);
  gtk_widget_class_bind_template_child (widget_class, AtlasLimitRow, bar);
  gtk_widget_class_bind_template_child (widget_class, AtlasLimitRow, hard_label);
  gtk_widget_class_bind_template_child (widget_class, AtlasLimitRow, room_label);
  gtk_widget_class_bind_template_child (widget_class, AtlasLimitRow, explanation_label);
}

static void
atlas_limit_row_init (AtlasLimitRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
atlas_limit_row_new (const char *name, AtlasCounter counter, const char *explanation)
{
  AtlasLimitRow *self = g_object_new (ATLAS_TYPE_LIMIT_ROW, NULL);
  g_autofree char *upper = g_ascii_strup (name, -1);
  g_autofree char *title = g_strconcat ("RLIMIT_", upper, NULL);

  self->name = g_strdup (name);
  self->counter = counter;
  gtk_label_set_text (self->name_label, title);
  gtk_label_set_text (self->explanation_label, explanation);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->bar), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  -1);
  return GTK_WIDGET (self);
}
