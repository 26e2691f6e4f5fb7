/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Parsing /proc/PID/limits: columns of words, the title with blanks in it. The title ends where the
 * first value begins, a number or "unlimited". */

#include "atlas-config.h"

#include "atlas-limits.h"

#include "atlas-error.h"
#include "atlas-number.h"
#include "atlas-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const struct
{
  const char *title;
  const char *name;
} known_limits[] = {
  { "Max cpu time", "cpu" },
  { "Max file size", "fsize" },
  { "Max data size", "data" },
  { "Max stack size", "stack" },
  { "Max core file size", "core" },
  { "Max resident set", "rss" },
  { "Max processes", "nproc" },
  { "Max open files", "nofile" },
  { "Max locked memory", "memlock" },
  { "Max address space", "as" },
  { "Max file locks", "locks" },
  { "Max pending signals", "sigpending" },
  { "Max msgqueue size", "msgqueue" },
  { "Max nice priority", "nice" },
  { "Max realtime priority", "rtprio" },
  { "Max realtime timeout", "rttime" },
};

typedef struct
{
  const char *start;
  gsize length;
} Word;

static gboolean
take_word (const char **cursor, const char *end, Word *word)
{
  const char *p = *cursor;

  while (p < end && *p == ' ')
    p++;
  word->start = p;
  while (p < end && *p != ' ')
    p++;
  word->length = (gsize) (p - word->start);
  *cursor = p;
  return word->length > 0;
}

static gboolean
word_is (const Word *word, const char *text)
{
  return word->length == strlen (text) && memcmp (word->start, text, word->length) == 0;
}

static gboolean
parse_value (const Word *word, guint64 *value)
{
  const char *cursor = word->start;
  const char *end = word->start + word->length;

  if (!word_is (word, "unlimited"))
    return atlas_number_take (&cursor, end, value) && cursor == end;
  *value = ATLAS_LIMIT_UNLIMITED;
  return TRUE;
}

/* "Max new thing" gives "new-thing". */
static char *
make_name (const char *title)
{
  for (gsize i = 0; i < G_N_ELEMENTS (known_limits); i++)
    if (strcmp (known_limits[i].title, title) == 0)
      return g_strdup (known_limits[i].name);

  const char *rest = g_str_has_prefix (title, "Max ") ? title + strlen ("Max ") : title;
  char *name = g_ascii_strdown (rest, -1);
  return g_strdelimit (name, " ", '-');
}

static gboolean
parse_line (const char *line, const char *end, AtlasLimit *limit)
{
  const char *cursor = line;
  const char *title_end = line;
  Word word;

  while (take_word (&cursor, end, &word) && !parse_value (&word, &limit->soft))
    title_end = word.start + word.length;
  if (title_end == line || word.length == 0 || !take_word (&cursor, end, &word)
      || !parse_value (&word, &limit->hard))
    return FALSE;
  limit->is_bytes = take_word (&cursor, end, &word) && word_is (&word, "bytes");
  limit->title = atlas_text_clean (line, title_end - line);
  limit->name = make_name (limit->title);
  return TRUE;
}

static gboolean
parse_lines (const char *data, const char *end, GArray *found)
{
  for (gboolean head = TRUE; data < end; head = FALSE)
    {
      const char *newline = memchr (data, '\n', (gsize) (end - data));
      const char *line_end = newline != NULL ? newline : end;
      AtlasLimit limit = { 0 };
      if (head && (line_end - data < 5 || memcmp (data, "Limit", 5) != 0))
        return FALSE;
      if (!head && !parse_line (data, line_end, &limit))
        return FALSE;
      if (!head)
        g_array_append_val (found, limit);
      data = newline != NULL ? newline + 1 : end;
    }
  return found->len > 0;
}

gboolean
atlas_limits_parse (const char *data, gsize length, AtlasLimits *limits, GError **error)
{
  g_return_val_if_fail (limits != NULL && (data != NULL || length == 0), FALSE);

  GArray *found = g_array_new (FALSE, FALSE, sizeof (AtlasLimit));
  gboolean sane = length > 0 && parse_lines (data, data + length, found);

  limits->n_limits = found->len;
  limits->limits = (AtlasLimit *) (gpointer) g_array_free (found, FALSE);
  if (sane)
    return TRUE;
  atlas_limits_clear (limits);
  g_set_error_literal (error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_MALFORMED,
                       _ ("The limits file of the process makes no sense"));
  return FALSE;
}

void
atlas_limits_copy (const AtlasLimits *from, AtlasLimits *to)
{
  g_return_if_fail (from != NULL && to != NULL);

  to->n_limits = from->n_limits;
  to->limits = g_memdup2 (from->limits, from->n_limits * sizeof *from->limits);
  for (guint i = 0; i < to->n_limits; i++)
    {
      to->limits[i].name = g_strdup (from->limits[i].name);
      to->limits[i].title = g_strdup (from->limits[i].title);
    }
}

gboolean
atlas_limits_equal (const AtlasLimits *a, const AtlasLimits *b)
{
  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  if (a->n_limits != b->n_limits)
    return FALSE;
  for (guint i = 0; i < a->n_limits; i++)
    if (a->limits[i].soft != b->limits[i].soft || a->limits[i].hard != b->limits[i].hard
        || a->limits[i].is_bytes != b->limits[i].is_bytes
        || !g_str_equal (a->limits[i].title, b->limits[i].title))
      return FALSE;
  return TRUE;
}

void
atlas_limits_clear (AtlasLimits *limits)
{
  g_return_if_fail (limits != NULL);

  for (guint i = 0; i < limits->n_limits; i++)
    {
      g_free (limits->limits[i].name);
      g_free (limits->limits[i].title);
    }
  g_free (limits->limits);
  memset (limits, 0, sizeof *limits);
}

const AtlasLimit *
atlas_limits_find (const AtlasLimits *limits, const char *name)
{
  g_return_val_if_fail (limits != NULL && name != NULL, NULL);

  for (guint i = 0; i < limits->n_limits; i++)
    if (strcmp (limits->limits[i].name, name) == 0)
      return &limits->limits[i];
  return NULL;
}
