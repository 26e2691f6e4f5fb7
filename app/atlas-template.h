/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The end of a composite widget. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* For dispose: clears the template's children, and lets go of those at the top that no field is
 * bound to, which gtk_widget_dispose_template() of GTK 4.8 leaves where they are. */
void atlas_template_dispose (GtkWidget *widget, GType type);

G_END_DECLS
