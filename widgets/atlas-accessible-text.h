/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Labels and descriptions for those who cannot see the drawing. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Sets LABEL or DESCRIPTION to @text (transfer full) (nullable), which @current keeps. Does nothing
 * when it is that already: screen readers speak whenever it is set. */
void atlas_accessible_text_set (GtkWidget *widget,
                                GtkAccessibleProperty property,
                                char **current,
                                char *text);

G_END_DECLS
