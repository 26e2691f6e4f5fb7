/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Sets accessible text only when it changes. */

#include "atlas-accessible-text.h"

void
atlas_accessible_text_set (GtkWidget *widget,
                           GtkAccessibleProperty property,
                           char **current,
                           char *text)
{
  g_autofree char *wanted = text;

  g_return_if_fail (GTK_IS_WIDGET (widget));

  if (g_strcmp0 (*current, wanted) == 0)
    return;

  g_free (*current);
  *current = g_steal_pointer (&wanted);
  if (*current != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (widget), property, *current, -1);
  else
    gtk_accessible_reset_property (GTK_ACCESSIBLE (widget), property);
}
