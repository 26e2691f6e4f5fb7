/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A filter for seccomp in its classic BPF. All but a few calls are decided by their number alone,
 * so newer kernels remember the answer and never run it for them. Calls of another architecture
 * (32-bit programs, int 0x80) and of x32 (numbers with a high bit) are let pass: their numbers mean
 * other calls. */

#include "atlas-trace-filter.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "atlas-trace-calls.h"

#define LOAD(field) BPF_STMT (BPF_LD | BPF_W | BPF_ABS, offsetof (struct seccomp_data, field))
#define RETURN(action) BPF_STMT (BPF_RET | BPF_K, action)
/* How many statements to skip, if so and else. */
#define IF_EQUAL(value, then, otherwise)                                                           \
  BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, value, then, otherwise)

/* For each call at most 7, and 5 around them. */
#define MOST_STATEMENTS (7 * ATLAS_TRACE_MOST_CALLS + 5)

typedef struct
{
  struct sock_filter statements[MOST_STATEMENTS];
  unsigned short length;
} Program;

static void
add (Program *program, struct sock_filter statement)
{
  program->statements[program->length++] = statement;
}

/* The number is loaded; it still is when the next call's turn comes. */
static void
add_call (Program *program, const AtlasTraceCall *call)
{
  add (program, (struct sock_filter) IF_EQUAL (call->number, 0, 1));
  add (program, (struct sock_filter) RETURN (SECCOMP_RET_TRACE));
}

/* Only where its third argument is no null pointer; both halves, so the order of bytes is no
 * matter.
 */
static void
add_call_that_sets (Program *program, const AtlasTraceCall *call)
{
  add (program, (struct sock_filter) IF_EQUAL (call->number, 0, 6));
  add (program, (struct sock_filter) BPF_STMT (BPF_LD | BPF_W | BPF_ABS,
                                               offsetof (struct seccomp_data, args[2])));
  add (program, (struct sock_filter) IF_EQUAL (0, 0, 2));
  add (program, (struct sock_filter) BPF_STMT (BPF_LD | BPF_W | BPF_ABS,
                                               offsetof (struct seccomp_data, args[2]) + 4));
  add (program, (struct sock_filter) IF_EQUAL (0, 1, 0));
  add (program, (struct sock_filter) RETURN (SECCOMP_RET_TRACE));
  add (program, (struct sock_filter) RETURN (SECCOMP_RET_ALLOW));
}

static void
build (Program *program)
{
  program->length = 0;
  add (program, (struct sock_filter) LOAD (arch));
  add (program, (struct sock_filter) IF_EQUAL (ATLAS_TRACE_ARCHITECTURE, 1, 0));
  add (program, (struct sock_filter) RETURN (SECCOMP_RET_ALLOW));
  add (program, (struct sock_filter) LOAD (nr));
  for (size_t i = 0; i < atlas_trace_n_calls; i++)
    if (atlas_trace_calls[i].number == SYS_prlimit64)
      add_call_that_sets (program, &atlas_trace_calls[i]);
    else
      add_call (program, &atlas_trace_calls[i]);
  add (program, (struct sock_filter) RETURN (SECCOMP_RET_ALLOW));
}

static int
set_filter (const struct sock_fprog *filter)
{
  /* else the processor is slowed down as for a sandbox of hostile code; unknown before 4.17 */
  long result =
      syscall (SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, filter);

  if (result != 0 && errno == EINVAL)
    result = syscall (SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, filter);
  return result == 0 ? 0 : errno;
}

int
atlas_trace_filter_install (void)
{
  Program program;
  struct sock_fprog filter = { .filter = program.statements };
  int problem;

  build (&program);
  filter.len = program.length;
  problem = set_filter (&filter);
  if (problem != EACCES)
    return problem;
  /* without privilege of its own it must renounce any more of it */
  if (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    return errno;
  return set_filter (&filter);
}
