/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A label that takes no room while there is nothing to say. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Shows @text, or hides the label where that is NULL. */
void atlas_optional_label_set (GtkLabel *label, const char *text);

G_END_DECLS
