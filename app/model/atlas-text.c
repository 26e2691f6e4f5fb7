/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Foreign bytes made safe, once, at the edge where they are shown. Almost every name is plain
 * ASCII, so that is found out first and copied. */

#include "atlas-text.h"

#include <string.h>

static gboolean
is_plain_ascii (const char *bytes, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (bytes[i] < 0x20 || bytes[i] > 0x7e)
      return FALSE;
  return TRUE;
}

/* Characters that paint nothing although Unicode files them under letters and marks, or has not
 * given them out yet. */
static gboolean
is_blank_filler (gunichar c)
{
  return c == 0x034f || c == 0x115f || c == 0x1160 || c == 0x17b4 || c == 0x17b5 || c == 0x2065
         || c == 0x3164 || c == 0xffa0 || (c >= 0xfff0 && c < 0xfff9)
         || (c >= 0xe0000 && c < 0xe0100);
}

/* Unicode's class "format" holds the bidi marks, the zero-width ones, the soft hyphen, the byte
 * order mark and the tag characters. */
static gboolean
is_unsafe (gunichar c)
{
  GUnicodeType type = g_unichar_type (c);

  return type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT || type == G_UNICODE_LINE_SEPARATOR
         || type == G_UNICODE_PARAGRAPH_SEPARATOR || type == G_UNICODE_SURROGATE
         || is_blank_filler (c);
}

static void
append_escape (GString *clean, gunichar c)
{
  if (c == '\n')
    g_string_append (clean, "\\n");
  else if (c == '\t')
    g_string_append (clean, "\\t");
  else if (c == '\r')
    g_string_append (clean, "\\r");
  else if (c < 0x80)
    g_string_append_printf (clean, "\\x%02x", c);
  else if (c <= 0xffff)
    g_string_append_printf (clean, "\\u%04x", c);
  else
    g_string_append_printf (clean, "\\U%08x", c);
}

static void
append_valid (GString *clean, const char *text, const char *end)
{
  while (text < end)
    {
      const char *next = g_utf8_next_char (text);
      gunichar c = g_utf8_get_char (text);
      if (is_unsafe (c))
        append_escape (clean, c);
      else
        g_string_append_len (clean, text, next - text);
      text = next;
    }
}

char *
atlas_text_clean (const char *bytes, gssize length)
{
  if (bytes == NULL)
    return g_strdup ("");

  gsize size = length < 0 ? strlen (bytes) : (gsize) length;
  if (is_plain_ascii (bytes, size))
    return g_strndup (bytes, size);

  GString *clean = g_string_sized_new (2 * size);
  const char *end = bytes + size;
  while (bytes < end)
    {
      const char *valid_end;
      g_utf8_validate_len (bytes, (gsize) (end - bytes), &valid_end);
      append_valid (clean, bytes, valid_end);
      if (valid_end < end)
        g_string_append_printf (clean, "\\x%02x", (guchar) *valid_end++);
      bytes = valid_end;
    }
  return g_string_free (clean, FALSE);
}

char *
atlas_text_clean_short (const char *bytes, gssize length, guint max_chars)
{
  g_autofree char *clean = atlas_text_clean (bytes, length);
  glong n_chars = g_utf8_strlen (clean, -1);

  if (n_chars <= (glong) max_chars)
    return g_steal_pointer (&clean);
  if (max_chars == 0)
    return g_strdup ("");

  glong head = (glong) max_chars / 2;
  glong tail = (glong) max_chars - 1 - head;
  const char *head_end = g_utf8_offset_to_pointer (clean, head);
  const char *tail_start = g_utf8_offset_to_pointer (head_end, n_chars - head - tail);
  return g_strdup_printf ("%.*s…%s", (int) (head_end - clean), clean, tail_start);
}
