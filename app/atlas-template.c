/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Ending composite widgets in one way. */

#include "atlas-template.h"

void
atlas_template_dispose (GtkWidget *widget, GType type)
{
  GtkWidget *child;

  gtk_widget_dispose_template (widget, type);
  while ((child = gtk_widget_get_first_child (widget)) != NULL)
    gtk_widget_unparent (child);
}
