/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading /proc/meminfo without stdio. Lines are "MemAvailable:   12345 kB". */

#include "atlas-meminfo.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Gives the text behind "KEY:" at the beginning of a line. */
static const char *
find_value (const char *text, const char *key)
{
  size_t length = strlen (key);

  while (text != NULL && (strncmp (text, key, length) != 0 || text[length] != ':'))
    {
      text = strchr (text, '\n');
      text = text != NULL ? text + 1 : NULL;
    }
  return text != NULL ? text + length + 1 : NULL;
}

bool
atlas_meminfo_read (const char *key, uint64_t *bytes)
{
  char text[4096];
  int fd = open ("/proc/meminfo", O_RDONLY | O_CLOEXEC);
  ssize_t length = fd >= 0 ? read (fd, text, sizeof text - 1) : -1;
  const char *value;
  uint64_t number = 0;

  if (fd >= 0)
    close (fd);
  text[length > 0 ? length : 0] = '\0';
  value = find_value (text, key);
  if (value == NULL)
    return false;
  for (value += strspn (value, " "); *value >= '0' && *value <= '9'; value++)
    number = number * 10 + (uint64_t) (*value - '0');
  *bytes = number * 1024;
  return true;
}
