/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the program remembers between runs, and the look that follows from it. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The one instance, or NULL when the schema is not installed. (transfer none) */
GSettings *atlas_settings_get_default (void);
/* Lets style and palette of the whole program follow @settings and the desktop, from now on. */
void atlas_settings_bind_look (GSettings *settings);

G_END_DECLS
