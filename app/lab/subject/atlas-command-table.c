/* SPDX-License-Identifier: GPL-3.0-or-later */

/* All that one can say, in the order in which help tells it. */

#include "atlas-command.h"

#include <stddef.h>

#define SIZES                                                                                      \
  "SIZE is in bytes: 131072, 131,072, 100K, 256KiB, 1.5MB, 64p (pages), 0x1000. K, KB and KiB\n"   \
  "are 1,024, and so on for M, G and T."
#define PAGES                                                                                      \
  "Pages are counted from 0, the page that holds its first byte; B is not included any more."
#define INNER                                                                                      \
  "Of memory that is not from mmap, only the pages that lie wholly inside are meant: its\n"        \
  "neighbours share the first and the last one. The answer says which bytes those were."

const AtlasCommand atlas_commands[] = {
  { "malloc", 3, 3, "malloc ID SIZE", "memory from malloc, called ID from then on",
    SIZES
    "\nThe answer says which arena it is from: main (the heap), mmap (a mapping of its own),\n"
    "or the address of a thread's.",
    atlas_run_malloc },
  { "calloc", 3, 4, "calloc ID [N] SIZE", "memory for N times SIZE bytes, or once, all zero", SIZES,
    atlas_run_calloc },
  { "realloc", 3, 3, "realloc ID SIZE", "another size for it, perhaps at another place",
    SIZES "\nThe answer says moved=yes or no. Size 0 frees it.", atlas_run_realloc },
  { "aligned_alloc", 4, 4, "aligned_alloc ID ALIGN SIZE",
    "memory that begins at a multiple of ALIGN", SIZES, atlas_run_aligned_alloc },
  { "free", 2, 2, "free ID", "gives memory back to malloc", NULL, atlas_run_free },
  { "usable", 2, 2, "usable ID", "how many bytes of it may be used (malloc_usable_size)", NULL,
    atlas_run_usable },
  { "mmap", 3, 16, "mmap ID SIZE [OPTION...]", "a mapping, anonymous and private unless told other",
    "shared          changes are seen by children, and go to the file\n"
    "file=PATH       of a file; offset=SIZE: from there on\n"
    "populate        all pages at once\n"
    "locked          and locked\n"
    "noreserve       not counted for overcommitting\n"
    "huge            of huge pages that the system has set aside (MAP_HUGETLB)\n"
    "stack           MAP_STACK\n"
    "fixed=ADDRESS   exactly there, if nothing else is (MAP_FIXED_NOREPLACE)\n"
    "prot=rw         r, w, x in any combination, or none",
    atlas_run_mmap },
  { "memfd", 3, 3, "memfd ID SIZE", "a shared mapping of a file that exists in memory only", SIZES,
    atlas_run_memfd },
  { "munmap", 2, 6, "munmap ID [from A to B]", "unmaps it, or some pages of it",
    PAGES "\nWhat lies behind a hole gets a name of its own: rest=ID.2\n" INNER
          "\nIt can't be freed or asked about after that: malloc might crash.",
    atlas_run_munmap },
  { "mremap", 3, 4, "mremap ID SIZE [maymove]", "another size for a mapping",
    "Without maymove it fails where there is no room behind it.", atlas_run_mremap },
  { "mprotect", 3, 7, "mprotect ID PROT [from A to B]",
    "what may be done with it: rw, r, rwx, none", PAGES "\n" INNER, atlas_run_mprotect },
  { "sbrk", 2, 3, "sbrk ID SIZE | sbrk [ID] -SIZE | sbrk 0",
    "moves the break, where the heap ends; tells where it was",
    "What is given back must have been got by sbrk and lie last: the rest is malloc's.",
    atlas_run_sbrk },
  { "touch", 3, 7, "touch ID read|write [all|first|every N|from A to B|random PERCENT]",
    "reads or writes one byte of each page, or of some",
    PAGES "\nThe pages that random selects are the same each time.", atlas_run_touch },
  { "fill", 3, 3, "fill ID BYTE", "writes BYTE, 0 to 255, into all of it", NULL, atlas_run_fill },
  { "mlock", 2, 7, "mlock ID [onfault] [from A to B]", "locks its pages into memory",
    "onfault: only when they come into memory (mlock2).\n" PAGES
    "\nAll pages that hold a byte of it are locked, the first and last of memory from malloc too.",
    atlas_run_mlock },
  { "munlock", 2, 6, "munlock ID [from A to B]", "unlocks them", PAGES, atlas_run_munlock },
  { "mlockall", 1, 4, "mlockall [current] [future] [onfault]", "locks all memory of the process",
    "Without a word: current.", atlas_run_mlockall },
  { "munlockall", 1, 1, "munlockall", "unlocks all", NULL, atlas_run_munlockall },
  { "madvise", 3, 7, "madvise ID ADVICE [from A to B]", "tells the kernel how it is used",
    "ADVICE: normal random sequential willneed dontneed free remove dontfork dofork mergeable\n"
    "unmergeable hugepage nohugepage dontdump dodump wipeonfork keeponfork cold pageout\n"
    "populate_read populate_write dontneed_locked collapse guard_install guard_remove\n" PAGES
    "\n" INNER,
    atlas_run_madvise },
  { "mincore", 2, 2, "mincore ID", "which pages are in memory",
    "map=64x1,3x0 are 64 pages that are, and then 3 that are not.", atlas_run_mincore },
  { "mallopt", 3, 3, "mallopt NAME VALUE", "sets a parameter of malloc",
    "NAME: mmap_threshold mmap_max trim_threshold top_pad mxfast arena_test arena_max perturb\n"
    "check_action. VALUE is a size or a number, and may be negative.",
    atlas_run_mallopt },
  { "thresholds", 1, 1, "thresholds", "the thresholds that malloc goes by now",
    "dynamic=yes: they move when memory of mmap's is freed. Read where glibc keeps them; unknown\n"
    "where it keeps them elsewhere.",
    atlas_run_thresholds },
  { "malloc_trim", 1, 2, "malloc_trim [PAD]", "gives free memory back to the kernel", NULL,
    atlas_run_malloc_trim },
  { "malloc_stats", 1, 1, "malloc_stats", "malloc's statistics, as text", NULL,
    atlas_run_malloc_stats },
  { "malloc_info", 1, 1, "malloc_info", "malloc's state, as XML", NULL, atlas_run_malloc_info },
  { "mallinfo", 1, 1, "mallinfo", "malloc's sums, of the main arena (mallinfo2)", NULL,
    atlas_run_mallinfo },
  { "getrlimit", 1, 2, "getrlimit [NAME]", "limits: one, or all as NAME=SOFT:HARD",
    "NAME: as core cpu data fsize locks memlock msgqueue nice nofile nproc rss rtprio rttime\n"
    "sigpending stack",
    atlas_run_getrlimit },
  { "setrlimit", 3, 4, "setrlimit NAME SOFT [HARD]", "sets a limit; unlimited is one, too",
    "Without HARD, that stays. Names: help getrlimit.", atlas_run_setrlimit },
  { "dropcaps", 1, 1, "dropcaps", "gives up all capabilities (capset)",
    "Root is then bound by limits as others are; for others nothing changes. It cannot be undone.",
    atlas_run_dropcaps },
  { "thread", 3, ATLAS_LINE_MOST_WORDS, "thread start|stop NAME | thread NAME COMMAND...",
    "starts and ends a thread; has it do a command",
    "exit as its command ends the thread. Children that it forked end with it.", atlas_run_thread },
  { "fork", 2, 2, "fork NAME", "forks a child that waits for commands", NULL, atlas_run_fork },
  { "child", 3, ATLAS_LINE_MOST_WORDS, "child NAME COMMAND...", "has a child do a command",
    "The answer is the child's, with child=NAME pid=N in it.", atlas_run_child },
  { "overflow", 1, 2, "overflow [SIZE]", "uses up the stack, or SIZE bytes of it", "At most 1 GiB.",
    atlas_run_overflow },
  { "list", 1, 1, "list", "all allocations, threads and children", NULL, atlas_run_list },
  { "help", 1, 2, "help [COMMAND]", "this, or more about one command", NULL, atlas_run_help },
  { "exit", 1, 2, "exit [STATUS]", "ends the process; in a thread, that thread", NULL,
    atlas_run_exit },
  { NULL, 0, 0, NULL, NULL, NULL, NULL },
};
