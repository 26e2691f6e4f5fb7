/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A heading that folds away what is below it. No GtkExpander: with check buttons in it, GTK 4.8 is
 * critical of Tab while it is closed. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* For templates, as handler of `toggled` of a GtkToggleButton with @arrow in it: the arrow points
 * down while the button is active, and to what is folded else. */
void atlas_fold_toggled_cb (GtkToggleButton *button, GtkImage *arrow);

G_END_DECLS
