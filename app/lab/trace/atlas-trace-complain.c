/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Standard error is the traced program's, too: a line is written at once, so that it stays one. */

#include "atlas-trace-complain.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

static void
write_line (const char *format, va_list arguments)
{
  char line[1024] = "memory-atlas-trace: ";
  size_t prefix = sizeof "memory-atlas-trace: " - 1;
  size_t room = sizeof line - prefix - 1;
  int length = vsnprintf (line + prefix, room, format, arguments);
  size_t used = length < 0 ? 0 : (size_t) length < room ? (size_t) length : room - 1;

  line[prefix + used] = '\n';
  if (write (STDERR_FILENO, line, prefix + used + 1) < 0)
    return;
}

void
atlas_trace_complain (const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  write_line (format, arguments);
  va_end (arguments);
}

_Noreturn void
atlas_trace_die (int status, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  write_line (format, arguments);
  va_end (arguments);
  _exit (status);
}
