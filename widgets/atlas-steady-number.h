/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A number that changes with each sample, on one line. When a label changes, GTK measures and lays
 * out all that holds it, up to the window; this only paints itself. It has room for a number of
 * characters, whatever it says; more once it said something longer, and not less again. It is a
 * GtkInscription, so that assistive tools read it as a label. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkWidget *atlas_steady_number_new (guint n_chars);
/* @xalign: on which side of its room it stands, as a label's. */
void atlas_steady_number_set (GtkInscription *number, float xalign, const char *text);

G_END_DECLS
