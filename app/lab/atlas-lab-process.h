/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A process of the lab: the one it began with, or a fork. And a thread of one. Main thread only. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define ATLAS_TYPE_LAB_PROCESS (atlas_lab_process_get_type ())
G_DECLARE_FINAL_TYPE (AtlasLabProcess, atlas_lab_process, ATLAS, LAB_PROCESS, GObject)

/* Properties, read-only, constant: name (string), pid (int). */

/* "" for the one it began with; "kid" for a fork, "kid/x" for a fork of that. */
const char *atlas_lab_process_get_name (AtlasLabProcess *self);
gint atlas_lab_process_get_pid (AtlasLabProcess *self);
/* Of AtlasLabAllocation, in the order in which they were made. (transfer none) */
GListModel *atlas_lab_process_get_allocations (AtlasLabProcess *self);
/* Of AtlasLabThread, all but the first. (transfer none) */
GListModel *atlas_lab_process_get_threads (AtlasLabProcess *self);

#define ATLAS_TYPE_LAB_THREAD (atlas_lab_thread_get_type ())
G_DECLARE_FINAL_TYPE (AtlasLabThread, atlas_lab_thread, ATLAS, LAB_THREAD, GObject)

/* Properties, read-only, constant: name (string), tid (int). */

const char *atlas_lab_thread_get_name (AtlasLabThread *self);
gint atlas_lab_thread_get_tid (AtlasLabThread *self);
/* An address in its stack; 0 when not known. */
guint64 atlas_lab_thread_get_stack (AtlasLabThread *self);

G_END_DECLS
