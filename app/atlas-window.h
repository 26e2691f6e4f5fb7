/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The window: sidebar, counters, spine, cards or table, inspector, all of one session. */

#pragma once

#include <adwaita.h>

#include "atlas-session.h"

G_BEGIN_DECLS

#define ATLAS_TYPE_WINDOW (atlas_window_get_type ())
G_DECLARE_FINAL_TYPE (AtlasWindow, atlas_window, ATLAS, WINDOW, AdwApplicationWindow)

AtlasWindow *atlas_window_new (GtkApplication *application, AtlasProcfs *procfs);
void atlas_window_show_process (AtlasWindow *self, gint pid);
/* A fresh process in the lab, and @lesson (nullable: its name, or a file) with it. */
void atlas_window_start_lab (AtlasWindow *self, const char *lesson);
/* (transfer none) */
AtlasSession *atlas_window_get_session (AtlasWindow *self);

G_END_DECLS
