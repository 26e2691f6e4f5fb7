/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Words and quotes. */

#include "atlas-line.h"

#include <stdbool.h>
#include <string.h>

static char text[ATLAS_LINE_MOST_BYTES + 1];
static char *found[ATLAS_LINE_MOST_WORDS];
static uint16_t starts[ATLAS_LINE_MOST_WORDS];

static bool
is_blank (char c)
{
  return c == ' ' || c == '\t' || c == '\r';
}

static int
hex_digit (char c)
{
  const char *digits = "0123456789abcdef";
  const char *digit = c >= '0' ? strchr (digits, c | 0x20) : NULL;

  return digit != NULL ? (int) (digit - digits) : -1;
}

/* Reads what follows a backslash; gives where it ends, or NULL. */
static const char *
read_escape (const char *p, char *byte)
{
  static const char names[] = "\"\\nt";
  static const char bytes[] = "\"\\\n\t";
  const char *name = *p != '\0' ? strchr (names, *p) : NULL;

  if (name != NULL)
    {
      *byte = bytes[name - names];
      return p + 1;
    }
  if (*p != 'x' || hex_digit (p[1]) < 0 || hex_digit (p[2]) < 0)
    return NULL;
  *byte = (char) (hex_digit (p[1]) << 4 | hex_digit (p[2]));
  return *byte != '\0' ? p + 3 : NULL;
}

/* Reads one word from @p on to @to, and ends it there; NULL and @wrong if that fails. */
static const char *
read_word (const char *p, char **to, const char **wrong)
{
  bool quoted = false;

  for (; *p != '\0' && (quoted || !is_blank (*p)); (*to)++)
    {
      while (*p == '"')
        {
          quoted = !quoted;
          p++;
        }
      if (*p == '\0' || (!quoted && is_blank (*p)))
        break;
      **to = *p++;
      if (!quoted || (*to)[0] != '\\')
        continue;
      p = read_escape (p, *to);
      if (p == NULL)
        {
          *wrong = "in quotes, \\ is followed by \", \\, n, t or xHH";
          return NULL;
        }
    }
  *(*to)++ = '\0';
  *wrong = quoted ? "a quote is not closed" : NULL;
  return quoted ? NULL : p;
}

const char *
atlas_line_split (const char *line, AtlasWords *words)
{
  char *to = text;
  const char *wrong = NULL;
  int n = 0;

  for (const char *p = line; p != NULL;)
    {
      while (is_blank (*p))
        p++;
      if (*p == '\0')
        break;
      if (n == ATLAS_LINE_MOST_WORDS)
        return "too many words";
      starts[n] = (uint16_t) (p - line);
      found[n++] = to;
      p = read_word (p, &to, &wrong);
    }
  *words = (AtlasWords){ line, found, starts, n };
  return wrong;
}

AtlasWords
atlas_words_after (const AtlasWords *words, int n)
{
  return (AtlasWords){ words->line, words->words + n, words->starts + n, words->n_words - n };
}
