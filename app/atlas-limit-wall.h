/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A limit as the wall that it is: what is used before it, and what was asked for and did not fit.
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ATLAS_TYPE_LIMIT_WALL (atlas_limit_wall_get_type ())
G_DECLARE_FINAL_TYPE (AtlasLimitWall, atlas_limit_wall, ATLAS, LIMIT_WALL, GtkWidget)

/* Bytes. @limit: its name, "RLIMIT_MEMLOCK"; @counter: what it bounds, "VmLck". */
GtkWidget *atlas_limit_wall_new (const char *limit,
                                 const char *counter,
                                 guint64 used,
                                 guint64 asked,
                                 guint64 soft);

/* The same in words. (transfer full) */
char *atlas_limit_wall_describe (const char *limit,
                                 const char *counter,
                                 guint64 used,
                                 guint64 asked,
                                 guint64 soft);

G_END_DECLS
