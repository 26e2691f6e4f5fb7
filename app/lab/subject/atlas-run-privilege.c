/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Giving up privileges: root may lock as much as it likes, so that to be held by a limit it has to
 * become as others are first. */

#include "atlas-command.h"

#include <errno.h>
#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "atlas-answer.h"
#include "atlas-faults.h"

/* By the call itself: the C library has no function for it. Of the thread that does it. */
void
atlas_run_dropcaps (const AtlasWords *words)
{
  struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
  const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { 0 };
  long result;

  (void) words;
  atlas_faults_begin ();
  result = syscall (SYS_capset, &header, none);
  atlas_faults_end ();
  if (result != 0)
    atlas_answer_fail (errno, "capset");
  else
    atlas_answer_ok ();
}
