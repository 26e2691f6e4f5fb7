/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A strip across the top of the main area that says what happened. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ATLAS_TYPE_NOTICE (atlas_notice_get_type ())
G_DECLARE_FINAL_TYPE (AtlasNotice, atlas_notice, ATLAS, NOTICE, GtkWidget)

/* @text: (nullable): plain; none hides it. */
void atlas_notice_say (AtlasNotice *self, const char *text);

G_END_DECLS
