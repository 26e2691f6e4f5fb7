/* SPDX-License-Identifier: GPL-3.0-or-later */

/* getrusage before and after. Its results lie in static memory that reset has written before, so
 * that counting takes no fault itself, in a fresh child neither. */

#include "atlas-faults.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>

#define STACK_SIZE (16 * 1024)
#define STACK_STEP 1024

static struct rusage before, after;
static uint64_t minor, major;

/* What is called while faults are counted needs some stack; it is made ready before. */
static __attribute__ ((noinline)) void
use_stack (void)
{
  volatile char room[STACK_SIZE];

  for (size_t i = 0; i < sizeof room; i += STACK_STEP)
    room[i] = 0;
}

void
atlas_faults_reset (void)
{
  use_stack ();
  memset (&before, 0, sizeof before);
  memset (&after, 0, sizeof after);
  minor = major = 0;
}

void
atlas_faults_begin (void)
{
  int saved = errno;

  getrusage (RUSAGE_SELF, &before);
  errno = saved;
}

void
atlas_faults_end (void)
{
  int saved = errno;

  getrusage (RUSAGE_SELF, &after);
  minor += (uint64_t) (after.ru_minflt - before.ru_minflt);
  major += (uint64_t) (after.ru_majflt - before.ru_majflt);
  errno = saved;
}

uint64_t
atlas_faults_get_minor (void)
{
  return minor;
}

uint64_t
atlas_faults_get_major (void)
{
  return major;
}
