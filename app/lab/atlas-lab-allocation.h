/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Memory that a lab process has, by the name that a person gave it. Its properties change in place;
 * when it is freed, it is removed from the model. Main thread only. */

#pragma once

#include "atlas-lab-event.h"

G_BEGIN_DECLS

#define ATLAS_TYPE_LAB_ALLOCATION (atlas_lab_allocation_get_type ())
G_DECLARE_FINAL_TYPE (AtlasLabAllocation, atlas_lab_allocation, ATLAS, LAB_ALLOCATION, GObject)

/* Resident pages were not asked for yet, or the kernel refused. */
#define ATLAS_LAB_PAGES_UNKNOWN G_MAXUINT64

/* Signal `changed`: once behind all the notifications of what the process told of it in one go.
 * Properties, read-only, all with notify: id, process, call (strings), requested, usable, address,
 * length (uint64), how (AtlasLabHow), arena (string), n-pages, resident-mincore, locked-pages
 * (uint64), locked (boolean). */

const char *atlas_lab_allocation_get_id (AtlasLabAllocation *self);
/* "" or the name of the fork that has it. */
const char *atlas_lab_allocation_get_process (AtlasLabAllocation *self);
/* The command it came from: "malloc", "mmap", "memfd", "sbrk" ... */
const char *atlas_lab_allocation_get_call (AtlasLabAllocation *self);
/* Bytes: that were asked for; that may be used (malloc_usable_size; of mappings, whole pages). */
guint64 atlas_lab_allocation_get_requested (AtlasLabAllocation *self);
guint64 atlas_lab_allocation_get_usable (AtlasLabAllocation *self);
/* Its first byte, as the process has it. */
guint64 atlas_lab_allocation_get_address (AtlasLabAllocation *self);
/* The pages that hold a byte of it: where the first begins, how many, how many bytes they are. */
guint64 atlas_lab_allocation_get_start (AtlasLabAllocation *self);
guint64 atlas_lab_allocation_get_n_pages (AtlasLabAllocation *self);
guint64 atlas_lab_allocation_get_length (AtlasLabAllocation *self);
AtlasLabHow atlas_lab_allocation_get_how (AtlasLabAllocation *self);
/* "main", "mmap", or the address of a thread's arena; NULL for what is not from malloc. */
const char *atlas_lab_allocation_get_arena (AtlasLabAllocation *self);
/* Resident pages by mincore, asked of the process itself; or ATLAS_LAB_PAGES_UNKNOWN. */
guint64 atlas_lab_allocation_get_resident (AtlasLabAllocation *self);
/* Pages of it that lie in locked regions (VmFlags lo in smaps), and whether all do. */
guint64 atlas_lab_allocation_get_locked_pages (AtlasLabAllocation *self);
gboolean atlas_lab_allocation_get_locked (AtlasLabAllocation *self);

/* What it is called on the map: "a · malloc 256 KiB". (transfer full) */
char *atlas_lab_allocation_dup_title (AtlasLabAllocation *self);

G_END_DECLS
