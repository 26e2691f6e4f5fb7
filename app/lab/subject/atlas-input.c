/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading lines: what is behind a newline stays in the buffer for the next call. A byte order mark,
 * with which files of other systems begin, is skipped. */

#include "atlas-input.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "atlas-line.h"

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

static char buffer[ATLAS_LINE_MOST_BYTES + 1]; /* a line and its newline */
static size_t start, end;                      /* what was read and not yet given */
static bool skipping;                          /* the rest of a line that is too long */
static bool has_begun;                         /* a line was given */

/* False at the end of input. */
static bool
read_more (void)
{
  ssize_t length;

  memmove (buffer, buffer + start, end - start);
  end -= start;
  start = 0;
  do
    length = read (STDIN_FILENO, buffer + end, sizeof buffer - end);
  while (length < 0 && errno == EINTR);
  if (length <= 0)
    return false;
  end += (size_t) length;
  return true;
}

static AtlasInput
give_line (char *newline, const char **line)
{
  char *text = buffer + start;

  if (!has_begun && strncmp (text, BYTE_ORDER_MARK, strlen (BYTE_ORDER_MARK)) == 0)
    text += strlen (BYTE_ORDER_MARK);
  has_begun = true;
  start = (size_t) (newline + 1 - buffer);
  *newline = '\0';
  *line = text;
  return strlen (text) == (size_t) (newline - text) ? ATLAS_INPUT_LINE : ATLAS_INPUT_NUL;
}

AtlasInput
atlas_input_read (const char **line)
{
  for (;;)
    {
      char *newline = memchr (buffer + start, '\n', end - start);

      if (newline != NULL && !skipping)
        return give_line (newline, line);
      if (newline != NULL)
        {
          start = (size_t) (newline + 1 - buffer);
          skipping = false;
        }
      else if (skipping || end - start == sizeof buffer)
        {
          bool was_skipping = skipping;

          start = end;
          skipping = true;
          if (!was_skipping)
            return ATLAS_INPUT_TOO_LONG;
        }
      if (newline == NULL && !read_more ())
        return end > start && !skipping ? ATLAS_INPUT_CUT : ATLAS_INPUT_END;
    }
}

void
atlas_input_drop (void)
{
  start = end = 0;
  skipping = false;
}
