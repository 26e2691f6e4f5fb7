/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The table of calls. Numbers beyond 424 are the same on every architecture, so the newer calls are
 * known even where the headers are older than the kernel. */

#include "atlas-trace-calls.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#ifndef SYS_process_madvise
#define SYS_process_madvise 440
#endif
#ifndef SYS_memfd_secret
#define SYS_memfd_secret 447
#endif
#ifndef SYS_process_mrelease
#define SYS_process_mrelease 448
#endif
#ifndef SYS_set_mempolicy_home_node
#define SYS_set_mempolicy_home_node 450
#endif
#ifndef SYS_map_shadow_stack
#define SYS_map_shadow_stack 453
#endif
#ifndef SYS_mseal
#define SYS_mseal 462
#endif
#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP 4
#endif

#define N_NUMBERS 512

#define ADDRESS atlas_trace_value_address
#define SIZE atlas_trace_value_size
#define INTEGER atlas_trace_value_int
#define PROTECTION atlas_trace_value_protection

const AtlasTraceCall atlas_trace_calls[] = {
  { "mmap",
    SYS_mmap,
    ADDRESS,
    { { "addr", ADDRESS },
      { "length", SIZE },
      { "prot", PROTECTION },
      { "flags", atlas_trace_value_map },
      { "fd", INTEGER },
      { "offset", SIZE } } },
  { "munmap", SYS_munmap, INTEGER, { { "addr", ADDRESS }, { "length", SIZE } } },
  { "brk", SYS_brk, ADDRESS, { { "addr", ADDRESS } } },
  { "mprotect",
    SYS_mprotect,
    INTEGER,
    { { "addr", ADDRESS }, { "length", SIZE }, { "prot", PROTECTION } } },
  { "madvise",
    SYS_madvise,
    INTEGER,
    { { "addr", ADDRESS }, { "length", SIZE }, { "advice", atlas_trace_value_advice } } },
  { "mremap",
    SYS_mremap,
    ADDRESS,
    { { "old_address", ADDRESS },
      { "old_size", SIZE },
      { "new_size", SIZE },
      { "flags", atlas_trace_value_remap },
      { "new_address", ADDRESS } } },
  { "mlock", SYS_mlock, INTEGER, { { "addr", ADDRESS }, { "length", SIZE } } },
  { "mlock2",
    SYS_mlock2,
    INTEGER,
    { { "addr", ADDRESS }, { "length", SIZE }, { "flags", atlas_trace_value_lock } } },
  { "munlock", SYS_munlock, INTEGER, { { "addr", ADDRESS }, { "length", SIZE } } },
  { "mlockall", SYS_mlockall, INTEGER, { { "flags", atlas_trace_value_lock_all } } },
  { "munlockall", SYS_munlockall, INTEGER, { { NULL } } },
  { "mincore",
    SYS_mincore,
    INTEGER,
    { { "addr", ADDRESS }, { "length", SIZE }, { "vec", ADDRESS } } },
  { "msync",
    SYS_msync,
    INTEGER,
    { { "addr", ADDRESS }, { "length", SIZE }, { "flags", atlas_trace_value_sync } } },
  { "pkey_mprotect",
    SYS_pkey_mprotect,
    INTEGER,
    { { "addr", ADDRESS }, { "length", SIZE }, { "prot", PROTECTION }, { "pkey", INTEGER } } },
  { "mseal",
    SYS_mseal,
    INTEGER,
    { { "addr", ADDRESS }, { "length", SIZE }, { "flags", INTEGER } } },
  { "process_madvise",
    SYS_process_madvise,
    INTEGER,
    { { "pidfd", INTEGER },
      { "iovec", atlas_trace_value_ranges },
      { "n", SIZE },
      { "advice", atlas_trace_value_advice },
      { "flags", INTEGER } } },
  { "process_mrelease",
    SYS_process_mrelease,
    INTEGER,
    { { "pidfd", INTEGER }, { "flags", INTEGER } } },
  { "remap_file_pages",
    SYS_remap_file_pages,
    INTEGER,
    { { "addr", ADDRESS },
      { "size", SIZE },
      { "prot", PROTECTION },
      { "pgoff", SIZE },
      { "flags", atlas_trace_value_map } } },
  { "memfd_create",
    SYS_memfd_create,
    INTEGER,
    { { "name", atlas_trace_value_string }, { "flags", atlas_trace_value_memfd } } },
  { "memfd_secret", SYS_memfd_secret, INTEGER, { { "flags", atlas_trace_value_secret } } },
  { "userfaultfd", SYS_userfaultfd, INTEGER, { { "flags", atlas_trace_value_fault } } },
  { "shmat",
    SYS_shmat,
    ADDRESS,
    { { "shmid", INTEGER }, { "addr", ADDRESS }, { "flags", atlas_trace_value_attach } } },
  { "shmdt", SYS_shmdt, INTEGER, { { "addr", ADDRESS } } },
  { "map_shadow_stack",
    SYS_map_shadow_stack,
    ADDRESS,
    { { "addr", ADDRESS }, { "size", SIZE }, { "flags", atlas_trace_value_shadow } } },
  { "mbind",
    SYS_mbind,
    INTEGER,
    { { "addr", ADDRESS },
      { "length", SIZE },
      { "mode", atlas_trace_value_policy },
      { "nodemask", ADDRESS },
      { "maxnode", SIZE },
      { "flags", atlas_trace_value_policy_flags } } },
  { "set_mempolicy",
    SYS_set_mempolicy,
    INTEGER,
    { { "mode", atlas_trace_value_policy }, { "nodemask", ADDRESS }, { "maxnode", SIZE } } },
  { "set_mempolicy_home_node",
    SYS_set_mempolicy_home_node,
    INTEGER,
    { { "addr", ADDRESS }, { "length", SIZE }, { "home_node", SIZE }, { "flags", INTEGER } } },
  { "migrate_pages",
    SYS_migrate_pages,
    INTEGER,
    { { "pid", INTEGER },
      { "maxnode", SIZE },
      { "old_nodes", ADDRESS },
      { "new_nodes", ADDRESS } } },
  { "move_pages",
    SYS_move_pages,
    INTEGER,
    { { "pid", INTEGER },
      { "count", SIZE },
      { "pages", ADDRESS },
      { "nodes", ADDRESS },
      { "status", ADDRESS },
      { "flags", atlas_trace_value_policy_flags } } },
  { "prlimit64",
    SYS_prlimit64,
    INTEGER,
    { { "pid", INTEGER },
      { "resource", atlas_trace_value_resource },
      { "new_limit", atlas_trace_value_limit },
      { "old_limit", ADDRESS } } },
  { "setrlimit",
    SYS_setrlimit,
    INTEGER,
    { { "resource", atlas_trace_value_resource }, { "limit", atlas_trace_value_limit } } },
  /* with CAP_IPC_LOCK goes the right to lock beyond RLIMIT_MEMLOCK */
  { "capset",
    SYS_capset,
    INTEGER,
    { { "header", atlas_trace_value_capability_header },
      { "data", atlas_trace_value_capabilities } } },
};

const size_t atlas_trace_n_calls = sizeof atlas_trace_calls / sizeof atlas_trace_calls[0];

_Static_assert(sizeof atlas_trace_calls / sizeof atlas_trace_calls[0] <= ATLAS_TRACE_MOST_CALLS,
               "ATLAS_TRACE_MOST_CALLS is too small");

/* Places in the table by number, one more than they are. */
static unsigned char places[N_NUMBERS];

static void
fill_places (void)
{
  for (size_t i = 0; i < atlas_trace_n_calls; i++)
    places[atlas_trace_calls[i].number] = (unsigned char) (i + 1);
}

const AtlasTraceCall *
atlas_trace_call_find (uint64_t number)
{
  if (places[SYS_mmap] == 0)
    fill_places ();
  if (number >= N_NUMBERS || places[number] == 0)
    return NULL;
  return &atlas_trace_calls[places[number] - 1];
}

unsigned
atlas_trace_call_count_arguments (const AtlasTraceCall *call, const uint64_t *values)
{
  unsigned n = 0;

  while (n < ATLAS_TRACE_MOST_ARGUMENTS && call->arguments[n].name != NULL)
    n++;
  if (call->number == SYS_mremap && (values[3] & (MREMAP_FIXED | MREMAP_DONTUNMAP)) == 0)
    n--;
  return n;
}
