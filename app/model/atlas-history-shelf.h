/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Histories of processes that were looked at a while ago, so that whoever goes to and fro between a
 * process and its fork finds each as it was left. */

#pragma once

#include "atlas-history.h"

G_BEGIN_DECLS

typedef struct _AtlasHistoryShelf AtlasHistoryShelf;

AtlasHistoryShelf *atlas_history_shelf_new (void);
void atlas_history_shelf_free (AtlasHistoryShelf *self);

/* Keeps @history of the process @pid that began at @start_time, ticks since boot. Of many the one
 * that was put longest ago goes, and of each only the last snapshots stay. @history: (transfer
 * full)
 */
void atlas_history_shelf_put (AtlasHistoryShelf *self,
                              gint pid,
                              guint64 start_time,
                              AtlasHistory *history);
/* Gives that process's history back, with a gap at its end, or NULL. (transfer full) */
AtlasHistory *atlas_history_shelf_take (AtlasHistoryShelf *self, gint pid, guint64 start_time);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasHistoryShelf, atlas_history_shelf_free)

G_END_DECLS
