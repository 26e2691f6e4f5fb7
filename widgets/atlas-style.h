/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The style sheet of our own widgets. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Loads it for @display unless that was done before. */
void atlas_style_ensure (GdkDisplay *display);

G_END_DECLS
