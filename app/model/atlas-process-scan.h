/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One reading of all the processes of a /proc, blocking: for a worker thread or a command that runs
 * once. */

#pragma once

#include <gio/gio.h>

#include "atlas-process.h"
#include "atlas-procfs.h"

G_BEGIN_DECLS

/* Reads all processes, blocking; ascending by PID. @cache (nullable, from atlas_process_cache_new)
 * keeps command lines of processes seen before. Free with g_ptr_array_unref(): of AtlasProcessInfo.
 * Processes that vanish meanwhile are left out; those that may not be read are there, marked
 * unreadable. Errors: /proc itself cannot be read, G_IO_ERROR_CANCELLED. */
typedef struct _AtlasProcessCache AtlasProcessCache;
AtlasProcessCache *atlas_process_cache_new (void);
void atlas_process_cache_free (AtlasProcessCache *cache);
GPtrArray *atlas_process_scan (AtlasProcfs *procfs,
                               AtlasProcessCache *cache,
                               GCancellable *cancellable,
                               GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasProcessCache, atlas_process_cache_free)

G_END_DECLS
