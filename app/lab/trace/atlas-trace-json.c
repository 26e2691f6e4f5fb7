/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Writing JSON. Most of what is written is plain ASCII, which is copied as it stands. */

#include "atlas-trace-json.h"

#include <stdbool.h>
#include <string.h>

/* Bytes of the character of UTF-8 at @bytes; 0 where there is none: cut off, longer than need be, a
 * surrogate, beyond U+10FFFF. */
static size_t
measure_character (const unsigned char *bytes, size_t length)
{
  static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
  size_t size = bytes[0] < 0x80   ? 1
                : bytes[0] < 0xc2 ? 0
                : bytes[0] < 0xe0 ? 2
                : bytes[0] < 0xf0 ? 3
                : bytes[0] < 0xf5 ? 4
                                  : 0;
  uint32_t c = bytes[0] & (0x7fu >> size);

  if (size < 2)
    return size;
  if (size > length)
    return 0;
  for (size_t i = 1; i < size; i++)
    {
      if ((bytes[i] & 0xc0) != 0x80)
        return 0;
      c = c << 6 | (bytes[i] & 0x3f);
    }
  return c < least[size] || (c >= 0xd800 && c < 0xe000) || c > 0x10ffff ? 0 : size;
}

static bool
is_plain (unsigned char byte)
{
  return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

/* "\u001b", or for a byte that is no character "\\xff". */
static void
add_escape (AtlasTraceText *text, const char *prefix, unsigned value)
{
  const char digits[] = "0123456789abcdef";

  atlas_trace_text_add (text, prefix);
  atlas_trace_text_add_byte (text, digits[value >> 4 & 15]);
  atlas_trace_text_add_byte (text, digits[value & 15]);
}

/* What is not plain; gives how many bytes it took. */
static size_t
add_character (AtlasTraceText *text, const unsigned char *bytes, size_t length)
{
  size_t size = measure_character (bytes, length);

  if (size == 0)
    add_escape (text, "\\\\x", bytes[0]);
  else if (bytes[0] == '"' || bytes[0] == '\\')
    atlas_trace_text_add_bytes (text, bytes[0] == '"' ? "\\\"" : "\\\\", 2);
  else if (size == 1)
    add_escape (text, "\\u00", bytes[0]);
  else if (bytes[0] == 0xc2 && bytes[1] < 0xa0)
    add_escape (text, "\\u00", bytes[1]);
  else
    atlas_trace_text_add_bytes (text, (const char *) bytes, size);
  return size == 0 ? 1 : size;
}

void
atlas_trace_json_add_string (AtlasTraceText *text, const char *bytes, size_t length)
{
  const unsigned char *p = (const unsigned char *) bytes;
  const unsigned char *end = p + length;

  atlas_trace_text_add_byte (text, '"');
  while (p < end)
    {
      const unsigned char *plain = p;

      while (p < end && is_plain (*p))
        p++;
      atlas_trace_text_add_bytes (text, (const char *) plain, (size_t) (p - plain));
      if (p < end)
        p += add_character (text, p, (size_t) (end - p));
    }
  atlas_trace_text_add_byte (text, '"');
}

void
atlas_trace_json_add_name (AtlasTraceText *text, const char *name)
{
  atlas_trace_text_add_bytes (text, ",\"", 2);
  atlas_trace_text_add (text, name);
  atlas_trace_text_add_bytes (text, "\":", 2);
}

void
atlas_trace_json_add_member (AtlasTraceText *text, const char *name, const char *value)
{
  atlas_trace_json_add_name (text, name);
  atlas_trace_json_add_string (text, value, strlen (value));
}

void
atlas_trace_json_add_number (AtlasTraceText *text, const char *name, int64_t value)
{
  atlas_trace_json_add_name (text, name);
  atlas_trace_text_add_signed (text, value);
}
