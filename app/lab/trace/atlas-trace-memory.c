/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The thread stands still while it is read; others of its process may write meanwhile, as they may
 * while the kernel reads the same. */

#include "atlas-trace-memory.h"

#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static ssize_t
read_some (pid_t tid, uint64_t address, void *into, size_t size)
{
  struct iovec local = { into, size };
  struct iovec remote = { (void *) (uintptr_t) address, size };

  return process_vm_readv (tid, &local, 1, &remote, 1, 0);
}

bool
atlas_trace_memory_read (pid_t tid, uint64_t address, void *into, size_t size)
{
  return address != 0 && read_some (tid, address, into, size) == (ssize_t) size;
}

/* What is asked for never crosses into the next page, which may not be there. */
static size_t
measure_page (uint64_t address, size_t room)
{
  uint64_t page = (uint64_t) sysconf (_SC_PAGESIZE);
  uint64_t left = page - address % page;

  return left < room ? (size_t) left : room;
}

ssize_t
atlas_trace_memory_read_string (pid_t tid,
                                uint64_t address,
                                char *into,
                                size_t room,
                                bool *complete)
{
  size_t length = 0;

  *complete = false;
  while (address != 0 && length < room)
    {
      size_t size = measure_page (address + length, room - length);
      ssize_t got = read_some (tid, address + length, into + length, size);
      const char *end = got > 0 ? memchr (into + length, '\0', (size_t) got) : NULL;

      if (end != NULL)
        {
          *complete = true;
          return end - into;
        }
      if (got <= 0)
        break;
      length += (size_t) got;
    }
  return length > 0 ? (ssize_t) length : -1;
}
