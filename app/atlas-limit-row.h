/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A limit on memory: how much of it is used, and how much room is left. */

#pragma once

#include <gtk/gtk.h>

#include "atlas-snapshot.h"

G_BEGIN_DECLS

#define ATLAS_TYPE_LIMIT_ROW (atlas_limit_row_get_type ())
G_DECLARE_FINAL_TYPE (AtlasLimitRow, atlas_limit_row, ATLAS, LIMIT_ROW, GtkBox)

/* @name: of the limit, "memlock"; @counter: what it bounds. */
GtkWidget *atlas_limit_row_new (const char *name, AtlasCounter counter, const char *explanation);
void atlas_limit_row_show (AtlasLimitRow *self, AtlasSnapshot *snapshot);

/* "8 MiB", "1,024", "unlimited" */
char *atlas_limit_format (const AtlasLimit *limit, guint64 value);

G_END_DECLS
