/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Growing text. The numbers are written by hand: a traced program waits for each line, and printf
 * takes as long as a system call. */

#include "atlas-trace-text.h"

#include <stdlib.h>
#include <string.h>

#include "atlas-trace-complain.h"

#define FIRST_ROOM 512

static void
make_room (AtlasTraceText *self, size_t more)
{
  size_t room = self->room > 0 ? self->room : FIRST_ROOM;

  while (room - self->length < more)
    room *= 2;
  if (room == self->room)
    return;
  self->bytes = realloc (self->bytes, room);
  if (self->bytes == NULL)
    atlas_trace_die (ATLAS_TRACE_EXIT_FAILED, "there is no memory left");
  self->room = room;
}

void
atlas_trace_text_clear (AtlasTraceText *self)
{
  self->length = 0;
}

void
atlas_trace_text_free (AtlasTraceText *self)
{
  free (self->bytes);
  *self = (AtlasTraceText){ 0 };
}

void
atlas_trace_text_add_bytes (AtlasTraceText *self, const char *bytes, size_t length)
{
  if (length == 0)
    return;
  make_room (self, length);
  memcpy (self->bytes + self->length, bytes, length);
  self->length += length;
}

void
atlas_trace_text_add_byte (AtlasTraceText *self, char byte)
{
  atlas_trace_text_add_bytes (self, &byte, 1);
}

void
atlas_trace_text_add (AtlasTraceText *self, const char *string)
{
  atlas_trace_text_add_bytes (self, string, strlen (string));
}

static void
add_digits (AtlasTraceText *self, uint64_t number, unsigned base)
{
  char digits[20];
  size_t first = sizeof digits;

  do
    {
      digits[--first] = "0123456789abcdef"[number % base];
      number /= base;
    }
  while (number > 0);
  atlas_trace_text_add_bytes (self, digits + first, sizeof digits - first);
}

void
atlas_trace_text_add_unsigned (AtlasTraceText *self, uint64_t number)
{
  add_digits (self, number, 10);
}

void
atlas_trace_text_add_signed (AtlasTraceText *self, int64_t number)
{
  if (number < 0)
    atlas_trace_text_add_byte (self, '-');
  add_digits (self, number < 0 ? -(uint64_t) number : (uint64_t) number, 10);
}

void
atlas_trace_text_add_hexadecimal (AtlasTraceText *self, uint64_t number)
{
  atlas_trace_text_add (self, "0x");
  add_digits (self, number, 16);
}
