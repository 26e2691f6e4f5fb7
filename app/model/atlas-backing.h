/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What stands behind a region, told from its line of maps: shared memory, the pool of huge pages,
 * a device's own memory. The kernel knows from its structures; a reader has the name, the device
 * number and the alignment. */

#pragma once

#include "atlas-region.h"

G_BEGIN_DECLS

/* A file system in memory: MAP_SHARED|MAP_ANONYMOUS, /dev/shm, memfd, System V. Files of a tmpfs
 * mounted elsewhere cannot be told. */
gboolean atlas_backing_is_shared_memory (const AtlasRegion *region);
/* The reserved pool of huge pages: MAP_HUGETLB, SHM_HUGETLB, hugetlbfs at its usual places. */
gboolean atlas_backing_is_hugetlb (const AtlasRegion *region);
/* [vsyscall]: shown in maps, but no mapping of this process. */
gboolean atlas_backing_is_gate (const AtlasRegion *region);
/* Whether the kernel counts the resident pages of @region in VmRSS. Not those of hugetlb, of
 * [vvar], and of device memory, which have no struct page of their own. */
gboolean atlas_backing_is_in_rss (const AtlasRegion *region);

/* A name that maps shows although no file is meant: /dev/zero and /anon_hugepage. */
gboolean atlas_backing_is_anonymous_file (const AtlasRegion *region);

G_END_DECLS
