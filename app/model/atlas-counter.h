/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The counters of /proc/PID/status: names, what they mean, and which pages they count.
 * Source: Documentation/filesystems/proc.rst, fs/proc/task_mmu.c (task_mem). */

#pragma once

#include "atlas-region.h"

G_BEGIN_DECLS

/* In the kernel's order. */
typedef enum
{
  ATLAS_COUNTER_VM_PEAK,
  ATLAS_COUNTER_VM_SIZE,
  ATLAS_COUNTER_VM_LCK,
  ATLAS_COUNTER_VM_PIN,
  ATLAS_COUNTER_VM_HWM,
  ATLAS_COUNTER_VM_RSS,
  ATLAS_COUNTER_RSS_ANON,
  ATLAS_COUNTER_RSS_FILE,
  ATLAS_COUNTER_RSS_SHMEM,
  ATLAS_COUNTER_VM_DATA,
  ATLAS_COUNTER_VM_STK,
  ATLAS_COUNTER_VM_EXE,
  ATLAS_COUNTER_VM_LIB,
  ATLAS_COUNTER_VM_PTE,
  ATLAS_COUNTER_VM_SWAP,
  ATLAS_COUNTER_HUGETLB_PAGES,
  ATLAS_N_COUNTERS,
  ATLAS_COUNTER_NONE = ATLAS_N_COUNTERS
} AtlasCounter;

/* The kernel's own name, "VmRSS". */
const char *atlas_counter_get_name (AtlasCounter counter);
/* Three or four words, translated: "Resident now". */
const char *atlas_counter_get_title (AtlasCounter counter);
/* One to three sentences, translated: what it counts, what it does not, what moves it. */
const char *atlas_counter_get_explanation (AtlasCounter counter);
/* ATLAS_COUNTER_NONE when @name (not NUL-terminated, @length bytes) is none of them. */
AtlasCounter atlas_counter_from_name (const char *name, gsize length);

/* Whether pages on the map make up the number. False for peaks, VmPin and VmPTE, whose pages the
 * kernel does not tell: their toggle explains instead of lighting anything. */
gboolean atlas_counter_has_pages (AtlasCounter counter);

/* Whether a page of @region in @state is one of those that @counter counts. VmSize, VmLck, VmData,
 * VmStk, VmExe and VmLib count address space, so every page of the region, resident or not. */
gboolean
atlas_counter_counts (AtlasCounter counter, const AtlasRegion *region, AtlasPageState state);

/* How many of the @n_pages pages of @region from @first on are counted; in O(log runs). */
guint64 atlas_counter_count_pages (AtlasCounter counter,
                                   const AtlasRegion *region,
                                   guint64 first,
                                   guint64 n_pages);

/* Adds what each counter counts in @region, all of whose pages come to @counts, to @sums; or takes
 * it away. */
void atlas_counter_add_region (const AtlasRegion *region,
                               const AtlasPageCounts *counts,
                               gboolean take_away,
                               guint64 sums[ATLAS_N_COUNTERS]);

G_END_DECLS
