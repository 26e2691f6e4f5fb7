/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A filter for seccomp in its classic BPF. All but a few calls are decided by their number alone,
 * so newer kernels remember the answer and never run it for them. Calls of another architecture
 * (32-bit programs, int 0x80) and of x32 (numbers with a high bit) are let pass: their numbers mean
 * other calls. */

#include "atlas-trace-filter.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LOAD_AT(offset) ((struct sock_filter) BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offset))
#define LOAD(field) LOAD_AT (offsetof (struct seccomp_data, field))
#define RETURN(action) ((struct sock_filter) BPF_STMT (BPF_RET | BPF_K, action))
/* How many statements to skip, if so and else. */
#define IF_EQUAL(value, then, otherwise)                                                           \
  ((struct sock_filter) BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, value, then, otherwise))

static void
add (AtlasTraceFilter *filter, struct sock_filter statement)
{
  filter->statements[filter->length++] = statement;
}

/* The number is loaded; it still is when the next call's turn comes. */
static void
add_call (AtlasTraceFilter *filter, const AtlasTraceCall *call)
{
  add (filter, IF_EQUAL (call->number, 0, 1));
  add (filter, RETURN (SECCOMP_RET_TRACE));
}

/* Only where its third argument, both halves of it, is no null pointer. */
static void
add_call_that_sets (AtlasTraceFilter *filter, const AtlasTraceCall *call)
{
  add (filter, IF_EQUAL (call->number, 0, 6));
  add (filter, LOAD (args[2]));
  add (filter, IF_EQUAL (0, 0, 2));
  add (filter, LOAD_AT (offsetof (struct seccomp_data, args[2]) + 4));
  add (filter, IF_EQUAL (0, 1, 0));
  add (filter, RETURN (SECCOMP_RET_TRACE));
  add (filter, RETURN (SECCOMP_RET_ALLOW));
}

void
atlas_trace_filter_build (AtlasTraceFilter *filter)
{
  filter->length = 0;
  add (filter, LOAD (arch));
  add (filter, IF_EQUAL (ATLAS_TRACE_ARCHITECTURE, 1, 0));
  add (filter, RETURN (SECCOMP_RET_ALLOW));
  add (filter, LOAD (nr));
  for (size_t i = 0; i < atlas_trace_n_calls; i++)
    if (atlas_trace_calls[i].number == SYS_prlimit64)
      add_call_that_sets (filter, &atlas_trace_calls[i]);
    else
      add_call (filter, &atlas_trace_calls[i]);
  add (filter, RETURN (SECCOMP_RET_ALLOW));
}

static int
set_filter (const struct sock_fprog *program)
{
  /* else the processor is slowed down as for a sandbox of hostile code; unknown before 4.17 */
  long result =
      syscall (SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, program);

  if (result != 0 && errno == EINVAL)
    result = syscall (SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, program);
  return result == 0 ? 0 : errno;
}

int
atlas_trace_filter_install (void)
{
  AtlasTraceFilter filter;
  struct sock_fprog program;
  int problem;

  atlas_trace_filter_build (&filter);
  program = (struct sock_fprog){ .len = filter.length, .filter = filter.statements };
  problem = set_filter (&program);
  if (problem != EACCES)
    return problem;
  /* without privilege of its own it must renounce any more of it */
  if (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    return errno;
  return set_filter (&program);
}
