/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Names of the flags that only the tracer meets; the others are the whole lab's. Numbers from
 * include/uapi/linux of the kernel, written down here, as the headers of the system may be older
 * than it. */

#include "atlas-trace-values.h"

#include <fcntl.h>

/* As for mmap: the logarithm of the size of huge pages. */
#define HUGE_SHIFT 26
#define HUGE_MASK 0x3fu

typedef struct
{
  uint32_t bits;
  const char *name;
} Flag;

static const Flag sync_flags[] = {
  { 1, "MS_ASYNC" },
  { 2, "MS_INVALIDATE" },
  { 4, "MS_SYNC" },
  { 0, NULL },
};

static const Flag attach_flags[] = {
  { 010000, "SHM_RDONLY" }, { 020000, "SHM_RND" }, { 040000, "SHM_REMAP" },
  { 0100000, "SHM_EXEC" },  { 0, NULL },
};

#define MEMFD_HUGETLB 4u
static const Flag memfd_flags[] = {
  { 1, "MFD_CLOEXEC" },     { 2, "MFD_ALLOW_SEALING" }, { MEMFD_HUGETLB, "MFD_HUGETLB" },
  { 8, "MFD_NOEXEC_SEAL" }, { 16, "MFD_EXEC" },         { 0, NULL },
};

static const Flag secret_flags[] = { { O_CLOEXEC, "O_CLOEXEC" }, { 0, NULL } };

static const Flag fault_flags[] = {
  { O_CLOEXEC, "O_CLOEXEC" },
  { O_NONBLOCK, "O_NONBLOCK" },
  { 1, "UFFD_USER_MODE_ONLY" },
  { 0, NULL },
};

static const Flag shadow_flags[] = {
  { 1, "SHADOW_STACK_SET_TOKEN" },
  { 2, "SHADOW_STACK_SET_MARKER" },
  { 0, NULL },
};

static const Flag move_flags[] = {
  { 1, "MPOL_MF_STRICT" },
  { 2, "MPOL_MF_MOVE" },
  { 4, "MPOL_MF_MOVE_ALL" },
  { 0, NULL },
};

#define MODE_FLAGS (7u << 13)
static const Flag mode_flags[] = {
  { 1u << 15, "MPOL_F_STATIC_NODES" },
  { 1u << 14, "MPOL_F_RELATIVE_NODES" },
  { 1u << 13, "MPOL_F_NUMA_BALANCING" },
  { 0, NULL },
};

static const char *const modes[] = {
  "MPOL_DEFAULT",        "MPOL_PREFERRED",           "MPOL_BIND", "MPOL_INTERLEAVE", "MPOL_LOCAL",
  "MPOL_PREFERRED_MANY", "MPOL_WEIGHTED_INTERLEAVE",
};

/* "MS_SYNC|MS_INVALIDATE", what has no name in hexadecimal, "0" for none. */
static bool
add_flags (AtlasTraceText *text, const Flag *table, uint32_t bits)
{
  const char *separator = "";

  if (bits == 0)
    atlas_trace_text_add_byte (text, '0');
  for (; table->name != NULL; table++)
    if ((bits & table->bits) != 0)
      {
        atlas_trace_text_add (text, separator);
        atlas_trace_text_add (text, table->name);
        bits &= ~table->bits;
        separator = "|";
      }
  if (bits == 0)
    return false;
  atlas_trace_text_add (text, separator);
  atlas_trace_text_add_hexadecimal (text, bits);
  return false;
}

bool
atlas_trace_value_sync (AtlasTraceText *text, const uint64_t *values, pid_t tid)
{
  return add_flags (text, sync_flags, (uint32_t) values[0]);
}

bool
atlas_trace_value_attach (AtlasTraceText *text, const uint64_t *values, pid_t tid)
{
  return add_flags (text, attach_flags, (uint32_t) values[0]);
}

bool
atlas_trace_value_memfd (AtlasTraceText *text, const uint64_t *values, pid_t tid)
{
  uint32_t flags = (uint32_t) values[0];
  uint32_t huge = (flags & MEMFD_HUGETLB) != 0 ? flags >> HUGE_SHIFT & HUGE_MASK : 0;

  add_flags (text, memfd_flags, flags & ~(huge << HUGE_SHIFT));
  if (huge == 0)
    return false;
  atlas_trace_text_add_byte (text, '|');
  atlas_trace_text_add_unsigned (text, huge);
  atlas_trace_text_add (text, "<<MFD_HUGE_SHIFT");
  return false;
}

bool
atlas_trace_value_secret (AtlasTraceText *text, const uint64_t *values, pid_t tid)
{
  return add_flags (text, secret_flags, (uint32_t) values[0]);
}

bool
atlas_trace_value_fault (AtlasTraceText *text, const uint64_t *values, pid_t tid)
{
  return add_flags (text, fault_flags, (uint32_t) values[0]);
}

bool
atlas_trace_value_shadow (AtlasTraceText *text, const uint64_t *values, pid_t tid)
{
  return add_flags (text, shadow_flags, (uint32_t) values[0]);
}

bool
atlas_trace_value_policy_flags (AtlasTraceText *text, const uint64_t *values, pid_t tid)
{
  return add_flags (text, move_flags, (uint32_t) values[0]);
}

/* A mode and flags in one number: "MPOL_BIND|MPOL_F_STATIC_NODES". */
bool
atlas_trace_value_policy (AtlasTraceText *text, const uint64_t *values, pid_t tid)
{
  uint32_t flags = (uint32_t) values[0] & MODE_FLAGS;
  uint32_t mode = (uint32_t) values[0] & ~MODE_FLAGS;

  if (mode < sizeof modes / sizeof modes[0])
    atlas_trace_text_add (text, modes[mode]);
  else
    atlas_trace_text_add_hexadecimal (text, mode);
  if (flags == 0)
    return false;
  atlas_trace_text_add_byte (text, '|');
  return add_flags (text, mode_flags, flags);
}
