/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Changes as people write them. */

#include "atlas-guess.h"

#include <string.h>
#include <unistd.h>

#include "atlas-lab-words.h"

/* Takes a sign off the beginning; TRUE for a minus. */
static gboolean
take_sign (const char **text)
{
  gunichar c;

  while (g_unichar_isspace (g_utf8_get_char (*text)))
    *text = g_utf8_next_char (*text);
  c = g_utf8_get_char (*text);
  if (c == '+' || c == '-' || c == 0x2212)
    *text = g_utf8_next_char (*text);
  return c == '-' || c == 0x2212;
}

char *
atlas_guess_strip_size (const char *text)
{
  GString *bare = g_string_new (NULL);

  g_return_val_if_fail (text != NULL, g_string_free (bare, FALSE));

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c != ',' && !g_unichar_isspace (c))
        g_string_append_unichar (bare, c);
    }
  return g_string_free (bare, FALSE);
}

gboolean
atlas_guess_parse_kb (const char *text, gint64 *kb)
{
  gboolean negative;
  g_autofree char *bare = NULL;
  uint64_t bytes;

  g_return_val_if_fail (text != NULL && kb != NULL, FALSE);

  negative = take_sign (&text);
  bare = atlas_guess_strip_size (text);
  if (bare[0] == '\0')
    return FALSE;
  if (strspn (bare, "0123456789") == strlen (bare))
    {
      g_autofree char *with_unit = g_strconcat (bare, "K", NULL);

      g_free (bare);
      bare = g_steal_pointer (&with_unit);
    }
  if (!atlas_lab_size_parse (bare, (size_t) sysconf (_SC_PAGESIZE), &bytes) || bytes > G_MAXINT64)
    return FALSE;
  *kb = (gint64) (bytes / 1024) * (negative ? -1 : 1);
  return TRUE;
}
