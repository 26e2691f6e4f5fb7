/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Watches a list as a view does: it knows only what items-changed tells, and is compared with the
 * whole list after every signal. */

#pragma once

#include "atlas-process-list.h"

G_BEGIN_DECLS

/* One items-changed, as it was told. */
typedef struct
{
  guint position, n_removed, n_added;
} WatchRange;

typedef struct
{
  AtlasProcessList *list;
  GPtrArray *shadow; /* of AtlasProcess: the list as the signals tell it */
  GArray *ranges;    /* of WatchRange, since the last process_watch_refresh() began */
  guint n_changed;   /* AtlasProcess::changed since then */
  guint n_refreshed;
  gboolean any_changed; /* as the last `refreshed` said */
} ProcessWatch;

ProcessWatch *process_watch_new (AtlasProcfs *procfs);
/* Lets go of the list, which must end by it. */
void process_watch_free (ProcessWatch *watch);
/* Refreshes and waits until that is applied. */
void process_watch_refresh (ProcessWatch *watch);
/* Waits for the next `refreshed`. */
void process_watch_wait (ProcessWatch *watch);
void process_watch_assert_range (ProcessWatch *watch,
                                 guint index,
                                 guint position,
                                 guint n_removed,
                                 guint n_added);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ProcessWatch, process_watch_free)

G_END_DECLS
