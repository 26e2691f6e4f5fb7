/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What each Vm line of status counts, in words and as a rule over pages. The rules follow the
 * kernel's own accounting (vm_stat_account, mm_counter_file, task_mem), so that a counter's pages
 * on the map add up to the number it shows. Where the kernel knows what a line of maps does not
 * say, the difference is named here:
 *
 * - A file of a tmpfs that is mounted elsewhere (/tmp, /run) is shared memory to the kernel; on the
 *   map its pages look like those of any file and light up for RssFile.
 * - VmExe is worked out from the bounds of the code that was loaded, VmLib is what is left of all
 *   code. A program that maps parts of its own file once more (node does) shows a little more for
 *   the one and less for the other on the map; their sum agrees.
 * - Pages of a device's memory (/dev/dri and the like) are mapped but in no Rss counter. Such
 *   mappings are told by their name.
 */

#include "atlas-config.h"

#include "atlas-counter.h"

#include "atlas-backing.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  const char *name;
  const char *title;
  const char *explanation;
} CounterText;

static const CounterText counter_texts[ATLAS_N_COUNTERS] = {
  [ATLAS_COUNTER_VM_PEAK] = { "VmPeak", N_ ("Largest address space"),
                              N_ ("The largest that VmSize has been since the program was started. It tells of the past, "
                                  "so no pages on the map make it up.") },
  [ATLAS_COUNTER_VM_SIZE] = { "VmSize", N_ ("Address space"),
                              N_ ("All address space that is mapped, whether or not there is memory behind it. mmap, brk "
                                  "and loading a library raise it, munmap lowers it; touching a page does not change it. "
                                  "RLIMIT_AS limits it.") },
  [ATLAS_COUNTER_VM_LCK] = { "VmLck", N_ ("Locked by mlock"),
                             N_ ("Address space that mlock or mlockall keeps from being swapped out. It counts whole "
                                 "locked regions; with MLOCK_ONFAULT that includes pages nobody has touched yet. "
                                 "RLIMIT_MEMLOCK limits it.") },
  [ATLAS_COUNTER_VM_PIN] = { "VmPin", N_ ("Pinned for devices"),
                             N_ ("Pages held at their physical place so that a device or the kernel can use them "
                                 "directly, for instance for RDMA or io_uring. The kernel does not say which pages, so "
                                 "none can be lit.") },
  [ATLAS_COUNTER_VM_HWM] = { "VmHWM", N_ ("Most ever resident"),
                             N_ ("The largest that VmRSS has been since the program was started, its high water mark. It "
                                 "tells of the past, so no pages on the map make it up.") },
  [ATLAS_COUNTER_VM_RSS] = { "VmRSS", N_ ("Resident now"),
                             N_ ("Pages that are in memory and mapped by this process: RssAnon, RssFile and RssShmem "
                                 "together. A page that several processes share counts in full for each of them; the "
                                 "zero page and hugetlb pages do not count. The kernel updates this number in batches "
                                 "for each thread and processor, so it can be some pages off.") },
  [ATLAS_COUNTER_RSS_ANON] = { "RssAnon", N_ ("Resident, anonymous"),
                               N_ ("Resident pages with no file behind them: heap, stacks, private mmap, and the private "
                                   "copies made when a page of a privately mapped file is written. A page that was only "
                                   "ever read is the zero page and does not count.") },
  [ATLAS_COUNTER_RSS_FILE] = { "RssFile", N_ ("Resident, from files"),
                               N_ ("Resident pages that are part of a file: program code, libraries, mapped files. The "
                                   "kernel can drop such a page when memory is short and read it again. Files of a tmpfs "
                                   "are RssShmem to the kernel; the map knows only those it can tell by their name.") },
  [ATLAS_COUNTER_RSS_SHMEM] = { "RssShmem", N_ ("Resident, shared memory"),
                                N_ ("Resident pages of shared memory: mmap with MAP_SHARED and MAP_ANONYMOUS, /dev/shm, "
                                    "memfd, System V segments, files of a tmpfs. Every process that maps such a page counts "
                                    "it in full.") },
  [ATLAS_COUNTER_VM_DATA] = { "VmData", N_ ("Private and writable"),
                              N_ ("Address space that is private and may be written, except the first thread’s stack: "
                                  "heap, data, anonymous mmap and other threads’ stacks. It counts address space, whether "
                                  "resident or not. RLIMIT_DATA limits it.") },
  [ATLAS_COUNTER_VM_STK] = { "VmStk", N_ ("First thread’s stack"),
                             N_ ("Address space of the first thread’s stack, [stack]. It grows by itself as it is used, "
                                 "up to RLIMIT_STACK. Other threads’ stacks are ordinary mmaps and count in VmData.") },
  [ATLAS_COUNTER_VM_EXE] = { "VmExe", N_ ("The program’s code"),
                             N_ ("Address space of the program’s own code, the executable part of its file. It is set "
                                 "when the program is started.") },
  [ATLAS_COUNTER_VM_LIB] = { "VmLib", N_ ("Other code"),
                             N_ ("All other address space that may be executed but not written: the libraries’ code and "
                                 "the kernel’s [vdso]. A library’s data is in VmData, not here.") },
  [ATLAS_COUNTER_VM_PTE] = { "VmPTE", N_ ("Page tables"),
                             N_ ("Memory the kernel spends on this process’s page tables, which say what is mapped "
                                 "where. It is the kernel’s own memory, so no pages on the map make it up. It grows with "
                                 "the address space that was touched.") },
  [ATLAS_COUNTER_VM_SWAP] = { "VmSwap", N_ ("Swapped out"),
                              N_ ("Anonymous pages that were moved to swap to make room. Touching one brings it back, at "
                                  "the price of a major fault. Shared memory in swap is not counted.") },
  [ATLAS_COUNTER_HUGETLB_PAGES] = { "HugetlbPages", N_ ("From the huge page pool"),
                                    N_ ("Resident pages from the reserved pool of huge pages (hugetlbfs, MAP_HUGETLB). They are "
                                        "in no Rss counter. Transparent huge pages are ordinary memory and not counted here.") },
};

const char *
atlas_counter_get_name (AtlasCounter counter)
{
  g_return_val_if_fail (counter < ATLAS_N_COUNTERS, NULL);

  return counter_texts[counter].name;
}

const char *
atlas_counter_get_title (AtlasCounter counter)
{
  g_return_val_if_fail (counter < ATLAS_N_COUNTERS, NULL);

  return _ (counter_texts[counter].title);
}

const char *
atlas_counter_get_explanation (AtlasCounter counter)
{
  g_return_val_if_fail (counter < ATLAS_N_COUNTERS, NULL);

  return _ (counter_texts[counter].explanation);
}

AtlasCounter
atlas_counter_from_name (const char *name, gsize length)
{
  g_return_val_if_fail (name != NULL || length == 0, ATLAS_COUNTER_NONE);

  for (guint i = 0; i < ATLAS_N_COUNTERS; i++)
    {
      const char *known = counter_texts[i].name;
      if (strlen (known) == length && memcmp (known, name, length) == 0)
        return i;
    }
  return ATLAS_COUNTER_NONE;
}

gboolean
atlas_counter_has_pages (AtlasCounter counter)
{
  return counter < ATLAS_N_COUNTERS && counter != ATLAS_COUNTER_VM_PEAK
         && counter != ATLAS_COUNTER_VM_HWM && counter != ATLAS_COUNTER_VM_PIN
         && counter != ATLAS_COUNTER_VM_PTE;
}

static gboolean
is_code (const AtlasRegion *region)
{
  return (region->permissions & ATLAS_PERM_EXEC) && !(region->permissions & ATLAS_PERM_WRITE)
         && region->kind != ATLAS_KIND_STACK && !atlas_backing_is_gate (region);
}

static gboolean
is_private_writable (const AtlasRegion *region)
{
  return (region->permissions & ATLAS_PERM_WRITE) && !(region->permissions & ATLAS_PERM_SHARED)
         && region->kind != ATLAS_KIND_STACK;
}

#define BIT(counter) (1u << (counter))

/* The counters of address space, as bits: all of a region counts or none of it. */
static guint
get_address_space_counters (const AtlasRegion *region)
{
  guint counters = atlas_backing_is_gate (region) ? 0 : BIT (ATLAS_COUNTER_VM_SIZE);

  if (region->locked == ATLAS_LOCKED_YES)
    counters |= BIT (ATLAS_COUNTER_VM_LCK);
  if (is_private_writable (region))
    counters |= BIT (ATLAS_COUNTER_VM_DATA);
  if (region->kind == ATLAS_KIND_STACK)
    counters |= BIT (ATLAS_COUNTER_VM_STK);
  if (is_code (region))
    counters |=
        BIT (region->kind == ATLAS_KIND_PROGRAM ? ATLAS_COUNTER_VM_EXE : ATLAS_COUNTER_VM_LIB);
  return counters;
}

static gboolean
counts_address_space (AtlasCounter counter, const AtlasRegion *region)
{
  return (get_address_space_counters (region) & BIT (counter)) != 0;
}

/* What of a region the counters of pages go by. */
typedef struct
{
  gboolean in_rss, shared_memory, hugetlb;
} Backing;

static Backing
get_backing (const AtlasRegion *region)
{
  return (Backing){ atlas_backing_is_in_rss (region), atlas_backing_is_shared_memory (region),
                    atlas_backing_is_hugetlb (region) };
}

/* Picks out of @counts what a counter of pages counts. One rule for a page and for many. */
static guint64
pick (AtlasCounter counter, Backing backing, const AtlasPageCounts *counts)
{
  if (counter == ATLAS_COUNTER_VM_SWAP)
    return counts->swapped;
  if (counter == ATLAS_COUNTER_HUGETLB_PAGES)
    return backing.hugetlb ? counts->resident : 0;
  if (!backing.in_rss)
    return 0;
  if (counter == ATLAS_COUNTER_VM_RSS)
    return counts->resident;
  if (counter == ATLAS_COUNTER_RSS_ANON)
    return counts->resident - MIN (counts->resident, counts->file);
  if (counter == ATLAS_COUNTER_RSS_FILE)
    return backing.shared_memory ? 0 : counts->file;
  if (counter == ATLAS_COUNTER_RSS_SHMEM)
    return backing.shared_memory ? counts->file : 0;
  return 0;
}

gboolean
atlas_counter_counts (AtlasCounter counter, const AtlasRegion *region, AtlasPageState state)
{
  g_return_val_if_fail (region != NULL, FALSE);

  gboolean resident = (state & ATLAS_PAGE_RESIDENT) != 0;
  const AtlasPageCounts one = {
    .pages = 1,
    .resident = resident,
    .swapped = (state & ATLAS_PAGE_SWAPPED) != 0,
    .file = resident && (state & ATLAS_PAGE_FILE),
  };
  return counts_address_space (counter, region) || pick (counter, get_backing (region), &one) > 0;
}

guint64
atlas_counter_count_pages (AtlasCounter counter,
                           const AtlasRegion *region,
                           guint64 first,
                           guint64 n_pages)
{
  g_return_val_if_fail (region != NULL && region->pages != NULL, 0);

  AtlasPageCounts counts;
  if (counts_address_space (counter, region))
    {
      guint64 all = atlas_pages_get_n_pages (region->pages);
      return first < all ? MIN (n_pages, all - first) : 0;
    }
  atlas_pages_count (region->pages, first, n_pages, &counts);
  return pick (counter, get_backing (region), &counts);
}

void
atlas_counter_add_region (const AtlasRegion *region,
                          const AtlasPageCounts *counts,
                          gboolean take_away,
                          guint64 sums[ATLAS_N_COUNTERS])
{
  g_return_if_fail (region != NULL && counts != NULL && sums != NULL);

  static const AtlasCounter of_pages[] = { ATLAS_COUNTER_VM_RSS,   ATLAS_COUNTER_RSS_ANON,
                                           ATLAS_COUNTER_RSS_FILE, ATLAS_COUNTER_RSS_SHMEM,
                                           ATLAS_COUNTER_VM_SWAP,  ATLAS_COUNTER_HUGETLB_PAGES };
  Backing backing = get_backing (region);
  guint64 sign = take_away ? G_MAXUINT64 : 1;

  for (guint whole = get_address_space_counters (region); whole != 0; whole &= whole - 1)
    sums[g_bit_nth_lsf (whole, -1)] += sign * counts->pages;
  for (guint i = 0; i < G_N_ELEMENTS (of_pages); i++)
    sums[of_pages[i]] += sign * pick (of_pages[i], backing, counts);
}
