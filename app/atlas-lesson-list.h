/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The lessons there are, as buttons. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Fills @box with a button for each lesson, which activates "lab.lesson" with its name. */
void atlas_lesson_list_fill (GtkBox *box);

G_END_DECLS
