/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Each line by a write of its own and before the traced thread goes on, so that who reads an answer
 * of the program can read what led to it, too. */

#include "atlas-trace-output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "atlas-trace-complain.h"

static int output = STDERR_FILENO;

static bool
is_number (const char *word)
{
  return word[0] != '\0' && word[strspn (word, "0123456789")] == '\0';
}

static int
parse_descriptor (const char *word)
{
  unsigned long number;

  errno = 0;
  number = strtoul (word, NULL, 10);
  if (errno != 0 || number > INT_MAX || fcntl ((int) number, F_GETFD) < 0)
    atlas_trace_die (ATLAS_TRACE_EXIT_FAILED, "--output: descriptor %s is not open", word);
  return (int) number;
}

/* Never as one of the three standard ones, should the caller have closed them. */
static int
open_file (const char *path)
{
  int file = open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0666);
  int moved = file >= 0 ? fcntl (file, F_DUPFD_CLOEXEC, STDERR_FILENO + 1) : -1;

  if (moved < 0)
    atlas_trace_die (ATLAS_TRACE_EXIT_FAILED, "--output: %s: %s", path, strerror (errno));
  close (file);
  return moved;
}

void
atlas_trace_output_open (const char *where)
{
  if (where == NULL)
    return;
  output = is_number (where) ? parse_descriptor (where) : open_file (where);
  if (output > STDERR_FILENO)
    fcntl (output, F_SETFD, FD_CLOEXEC);
}

bool
atlas_trace_output_is_open (void)
{
  return output >= 0;
}

/* Whoever made the pipe may have made it non-blocking. */
static void
wait_until_writable (void)
{
  struct pollfd wait = { .fd = output, .events = POLLOUT };

  poll (&wait, 1, -1);
}

/* The traced program goes on without: it is not its fault. */
static void
give_up (int problem)
{
  if (problem != EPIPE)
    atlas_trace_complain ("tracing goes on without output: %s", strerror (problem));
  output = -1;
}

void
atlas_trace_output_write (const char *line, size_t length)
{
  while (output >= 0 && length > 0)
    {
      ssize_t written = write (output, line, length);

      if (written > 0)
        {
          line += written;
          length -= (size_t) written;
        }
      else if (written < 0 && errno == EAGAIN)
        wait_until_writable ();
      else if (written < 0 && errno != EINTR)
        give_up (errno);
    }
}
