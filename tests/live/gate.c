/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Opening a named pipe to read waits until somebody opens it to write, and the other way round: two
 * threads that meet at one know that both are there. */

#include "gate.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATIENCE_US (60 * G_USEC_PER_SEC)
#define LOOK_AGAIN_US 100

struct _Gate
{
  char *path;
  int fd; /* to write into, once somebody was met */
};

Gate *
gate_new (const char *path)
{
  Gate *self = g_new (Gate, 1);
  g_autofree char *beside = g_strconcat (path, ".new", NULL);

  self->path = g_strdup (path);
  self->fd = -1;
  g_assert_cmpint (mkfifo (beside, 0600), ==, 0);
  g_assert_cmpint (g_rename (beside, path), ==, 0);
  return self;
}

void
gate_free (Gate *self)
{
  if (self->fd >= 0)
    close (self->fd);
  g_free (self->path);
  g_free (self);
}

/* Only so can it be done with a bound: an opening that waits would wait for ever. */
static int
open_when_met (const char *path)
{
  gint64 end = g_get_monotonic_time () + PATIENCE_US;
  int fd;

  while ((fd = open (path, O_WRONLY | O_NONBLOCK | O_CLOEXEC)) < 0)
    {
      g_assert_true (errno == ENXIO || errno == EINTR);
      if (g_get_monotonic_time () > end)
        g_error ("Nobody came to read %s", path);
      g_usleep (LOOK_AGAIN_US);
    }
  return fd;
}

void
gate_meet (Gate *self)
{
  g_assert_cmpint (self->fd, ==, -1);

  self->fd = open_when_met (self->path);
  g_assert_cmpint (fcntl (self->fd, F_SETFL, 0), ==, 0);
  g_assert_cmpint (g_unlink (self->path), ==, 0);
}

static void
wait_until_taken (Gate *self)
{
  gint64 end = g_get_monotonic_time () + PATIENCE_US;
  int left = 0;

  while (ioctl (self->fd, FIONREAD, &left) == 0 && left > 0)
    {
      if (g_get_monotonic_time () > end)
        g_error ("Nobody read what was said at %s", self->path);
      g_usleep (LOOK_AGAIN_US);
    }
}

void
gate_say (Gate *self, const char *text)
{
  gsize length = strlen (text);

  for (gsize done = 0; done < length;)
    {
      ssize_t wrote = write (self->fd, text + done, length - done);

      g_assert_true (wrote > 0 || errno == EINTR);
      done += (gsize) MAX (wrote, 0);
    }
  wait_until_taken (self);
}

void
gate_end (Gate *self)
{
  g_assert_cmpint (self->fd, >=, 0);

  close (self->fd);
  self->fd = -1;
}
