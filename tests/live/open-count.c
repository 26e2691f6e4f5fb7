/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "open-count.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/inotify.h>
#include <unistd.h>

struct _OpenCount
{
  int inotify;
  int file; /* held, without having been opened to read: the kernel may forget a file of /proc */
};

OpenCount *
open_count_new (const char *path)
{
  OpenCount *self = g_new (OpenCount, 1);

  self->file = open (path, O_PATH | O_CLOEXEC);
  self->inotify = inotify_init1 (IN_NONBLOCK | IN_CLOEXEC);
  g_assert_cmpint (self->file, >=, 0);
  /* the kernel makes one of equal events that follow one another, so there are others in between */
  g_assert_cmpint (inotify_add_watch (self->inotify, path, IN_OPEN | IN_CLOSE), >=, 0);
  return self;
}

void
open_count_free (OpenCount *self)
{
  close (self->inotify);
  close (self->file);
  g_free (self);
}

/* Events of a file that is watched itself have no name behind them. */
guint
open_count_take (OpenCount *self)
{
  struct inotify_event event;
  guint n = 0;
  ssize_t got;

  while ((got = read (self->inotify, &event, sizeof event)) == sizeof event)
    n += (event.mask & IN_OPEN) != 0;
  g_assert_true (got < 0 && errno == EAGAIN);
  return n;
}
