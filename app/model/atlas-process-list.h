/* SPDX-License-Identifier: GPL-3.0-or-later */

/* All processes of a /proc as a GListModel of AtlasProcess, ordered by PID. Read off the main
 * thread; a refresh touches only what changed: items-changed for processes that came or went,
 * AtlasProcess::changed for those whose numbers moved. */

#pragma once

#include "atlas-process-scan.h"

G_BEGIN_DECLS

#define ATLAS_TYPE_PROCESS_LIST (atlas_process_list_get_type ())
G_DECLARE_FINAL_TYPE (AtlasProcessList, atlas_process_list, ATLAS, PROCESS_LIST, GObject)

/* Signal `refreshed` (gboolean any_changed) after each refresh is applied, or has failed: see
 * atlas_process_list_get_error(). */
AtlasProcessList *atlas_process_list_new (AtlasProcfs *procfs);
/* Asks for a reading; answered on the main context. At most one is under way, none queue up. */
void atlas_process_list_refresh (AtlasProcessList *self);
/* NULL when it is not (or no longer) there. (transfer none) */
AtlasProcess *atlas_process_list_find (AtlasProcessList *self, gint pid);
/* Largest VmRSS of all, kB: full length of the rows' bars. */
guint64 atlas_process_list_get_max_rss (AtlasProcessList *self);
/* The last error of reading /proc itself, or NULL. The processes read before stay. */
const GError *atlas_process_list_get_error (AtlasProcessList *self);

G_END_DECLS
