/* SPDX-License-Identifier: GPL-3.0-or-later */

/* libadwaita has a banner from 1.3 on only, and GTK's info bar is on its way out. */

#include "atlas-config.h"

#include "atlas-notice.h"
#include "atlas-template.h"

struct _AtlasNotice
{
  GtkWidget parent_instance;

  GtkRevealer *revealer;
  GtkLabel *label;
};

G_DEFINE_FINAL_TYPE (AtlasNotice, atlas_notice, GTK_TYPE_WIDGET)

void
atlas_notice_say (AtlasNotice *self, const char *text)
{
  g_return_if_fail (ATLAS_IS_NOTICE (self));

  /* Gone at once, but it slides in: it is to be noticed. */
  gtk_label_set_text (self->label, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self), text != NULL);
  gtk_revealer_set_reveal_child (self->revealer, text != NULL);
}

static void
atlas_notice_dispose (GObject *object)
{
  atlas_template_dispose (GTK_WIDGET (object), ATLAS_TYPE_NOTICE);
  G_OBJECT_CLASS (atlas_notice_parent_class)->dispose (object);
}

static void
atlas_notice_class_init (AtlasNoticeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = atlas_notice_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_ALERT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/memoryatlas/MemoryAtlas/atlas-notice.ui");
  gtk_widget_class_bind_template_child (widget_class, AtlasNotice, revealer);
  gtk_widget_class_bind_template_child (widget_class, AtlasNotice, label);
}

static void
atlas_notice_init (AtlasNotice *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
