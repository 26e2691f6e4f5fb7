/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The window that says what this program is, and on what it runs. */

#pragma once

#include <gtk/gtk.h>

#include "atlas-procfs.h"

G_BEGIN_DECLS

/* @parent: (nullable) */
void atlas_about_present (GtkWindow *parent, AtlasProcfs *procfs);

G_END_DECLS
