/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One way to read digits, bounded by the end of the bytes and by 64 bits. */

#include "atlas-number.h"

gboolean
atlas_number_take (const char **cursor, const char *end, guint64 *number)
{
  const char *p = *cursor;
  guint64 value = 0;

  for (; p < end && g_ascii_isdigit (*p); p++)
    if (!g_uint64_checked_mul (&value, value, 10)
        || !g_uint64_checked_add (&value, value, (guint64) (*p - '0')))
      return FALSE;
  if (p == *cursor)
    return FALSE;
  *cursor = p;
  *number = value;
  return TRUE;
}

gboolean
atlas_number_take_padded (const char **cursor, const char *end, guint64 *number)
{
  const char *p = *cursor;

  while (p < end && (*p == ' ' || *p == '\t'))
    p++;
  if (!atlas_number_take (&p, end, number))
    return FALSE;
  *cursor = p;
  return TRUE;
}
