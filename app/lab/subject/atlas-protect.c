/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Limits and habits, set before anything else is done. Children inherit all but the end with their
 * parent. */

#include "atlas-protect.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "atlas-allocation.h"
#include "atlas-meminfo.h"

#define MOST_ADDRESS_SPACE (UINT64_C (1) << 30)

void
atlas_protect_die_with (pid_t parent)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  if (getppid () != parent)
    _exit (0);
}

static rlim_t
get_default_address_space (void)
{
  uint64_t available = 4 * MOST_ADDRESS_SPACE;
  uint64_t size;

  atlas_meminfo_read ("MemAvailable", &available);
  size = available / 4 < MOST_ADDRESS_SPACE ? available / 4 : MOST_ADDRESS_SPACE;
  return size / atlas_page_size * atlas_page_size;
}

/* Only the soft limit: lessons are about meeting it, and about raising it. */
static const char *
limit_address_space (uint64_t wish)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_AS, &limit) != 0)
    return "the limit on address space can't be told";
  if (wish == ATLAS_ADDRESS_SPACE_UNLIMITED)
    limit.rlim_cur = limit.rlim_max;
  else if (wish != ATLAS_ADDRESS_SPACE_DEFAULT)
    limit.rlim_cur = wish;
  else if (limit.rlim_cur > get_default_address_space ())
    limit.rlim_cur = get_default_address_space ();
  return setrlimit (RLIMIT_AS, &limit) == 0 ? NULL : "the limit on address space can't be set";
}

static bool
volunteer_for_the_oom_killer (void)
{
  int fd = open ("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  bool done = fd >= 0 && write (fd, "1000", 4) == 4;

  if (fd >= 0)
    close (fd);
  return done;
}

const char *
atlas_protect_machine (uint64_t address_space)
{
  const struct rlimit none = { 0, 0 };

  if (setrlimit (RLIMIT_CORE, &none) != 0)
    return "the limit on core files can't be set";
  if (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    return "new privileges can't be given up";
  /* without /proc there is no such file; the limit on address space holds all the same */
  (void) volunteer_for_the_oom_killer ();
  return limit_address_space (address_space);
}
