/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Words and quotes as the subject has them, and the prefixes "child NAME" and "thread NAME". */

#include "atlas-config.h"

#include "atlas-lab-command.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  char *text;
  gsize start; /* in the line */
} Word;

static gboolean
is_blank (char c)
{
  return c == ' ' || c == '\t' || c == '\r';
}

static const char *
skip_blanks (const char *p)
{
  while (is_blank (*p))
    p++;
  return p;
}

gboolean
atlas_lab_command_is_blank (const char *line)
{
  const char *start = skip_blanks (line);

  return *start == '\0' || *start == '#';
}

gboolean
atlas_lab_command_check (const char *line, GError **error)
{
  const char *problem = NULL;

  if (strchr (line, '\n') != NULL)
    problem = _ ("A command is one line");
  else if (atlas_lab_command_is_blank (line))
    problem = _ ("There is no command in this line");
  else if (strlen (line) > ATLAS_LAB_COMMAND_MOST_BYTES)
    problem = _ ("The line is longer than 4,095 bytes");
  else if (!g_utf8_validate (line, -1, NULL))
    problem = _ ("The line is not valid UTF-8; other bytes are written \\xHH within quotes");
  if (problem != NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, problem);
  return problem == NULL;
}

/* --- words --- */

/* Reads what follows a backslash; gives where it ends, or NULL. */
static const char *
take_escape (const char *p, GString *word)
{
  static const char names[] = "\"\\nt";
  static const char bytes[] = "\"\\\n\t";
  const char *name = *p != '\0' ? strchr (names, *p) : NULL;

  if (name != NULL)
    {
      g_string_append_c (word, bytes[name - names]);
      return p + 1;
    }
  if (*p != 'x' || !g_ascii_isxdigit (p[1]) || !g_ascii_isxdigit (p[2]))
    return NULL;
  g_string_append_c (word, (char) (g_ascii_xdigit_value (p[1]) << 4 | g_ascii_xdigit_value (p[2])));
  return p + 3;
}

/* NULL when the quotes are wrong. */
static const char *
take_word (const char *p, GString *word)
{
  gboolean quoted = FALSE;

  while (p != NULL && *p != '\0' && (quoted || !is_blank (*p)))
    if (*p == '"')
      {
        quoted = !quoted;
        p++;
      }
    else if (quoted && *p == '\\')
      p = take_escape (p + 1, word);
    else
      g_string_append_c (word, *p++);
  return quoted ? NULL : p;
}

void
atlas_lab_command_append_word (GString *line, const char *word)
{
  g_return_if_fail (line != NULL && word != NULL);

  if (*word != '\0' && strpbrk (word, " \t\r\n\"\\") == NULL)
    {
      g_string_append (line, word);
      return;
    }
  g_string_append_c (line, '"');
  for (const char *p = word; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p))
      g_string_append_printf (line, "\\x%02x", (guint) (guchar) *p);
    else
      {
        if (*p == '"' || *p == '\\')
          g_string_append_c (line, '\\');
        g_string_append_c (line, *p);
      }
  g_string_append_c (line, '"');
}

static void
clear_word (gpointer data)
{
  g_free (((Word *) data)->text);
}

/* NULL when the quotes are wrong. */
static GArray *
split (const char *line)
{
  g_autoptr (GArray) words = g_array_new (FALSE, FALSE, sizeof (Word));

  g_array_set_clear_func (words, clear_word);
  for (const char *p = skip_blanks (line); *p != '\0'; p = skip_blanks (p))
    {
      gsize start = (gsize) (p - line);
      g_autoptr (GString) text = g_string_new (NULL);

      p = take_word (p, text);
      if (p == NULL)
        return NULL;
      g_array_append_val (words, ((Word){ g_string_free (g_steal_pointer (&text), FALSE), start }));
    }
  return g_steal_pointer (&words);
}

/* --- prefixes --- */

static const char *
word_at (const GArray *words, guint index)
{
  return g_array_index (words, Word, index).text;
}

static gboolean
is_thread_prefix (const GArray *words, guint first)
{
  gboolean starts = words->len - first == 3
                    && (strcmp (word_at (words, first + 1), "start") == 0
                        || strcmp (word_at (words, first + 1), "stop") == 0);

  return strcmp (word_at (words, first), "thread") == 0 && !starts;
}

/* Takes one prefix at @first; gives whether there was one. */
static gboolean
take_prefix (AtlasLabCommand *self, const GArray *words, guint first, GPtrArray *path)
{
  if (words->len - first < 3)
    return FALSE;
  if (strcmp (word_at (words, first), "child") == 0)
    {
      g_ptr_array_add (path, g_strdup (word_at (words, first + 1)));
      g_clear_pointer (&self->thread, g_free);
      return TRUE;
    }
  if (!is_thread_prefix (words, first))
    return FALSE;
  g_free (self->thread);
  self->thread = g_strdup (word_at (words, first + 1));
  return TRUE;
}

static char **
dup_words (const GArray *words, guint first)
{
  g_autoptr (GPtrArray) copy = g_ptr_array_new ();

  for (guint i = first; i < words->len; i++)
    g_ptr_array_add (copy, g_strdup (word_at (words, i)));
  g_ptr_array_add (copy, NULL);
  return (char **) g_ptr_array_steal (copy, NULL);
}

AtlasLabCommand *
atlas_lab_command_parse (const char *line)
{
  AtlasLabCommand *self = g_new0 (AtlasLabCommand, 1);
  g_autoptr (GArray) words = split (line);
  g_autoptr (GPtrArray) path = g_ptr_array_new ();
  guint first = 0;

  self->line = g_strdup (line);
  if (words != NULL)
    while (take_prefix (self, words, first, path))
      first += 2;
  else
    {
      words = g_array_new (FALSE, FALSE, sizeof (Word));
      self->wrong = g_strdup (_ ("A quotation mark is not closed, or a backslash within quotes is "
                                 "followed by something unknown"));
    }
  g_ptr_array_add (path, NULL);
  self->path = (char **) g_ptr_array_steal (path, NULL);
  self->words = dup_words (words, first);
  self->rest =
      g_strdup (line + (first < words->len ? g_array_index (words, Word, first).start : 0));
  return self;
}

void
atlas_lab_command_free (AtlasLabCommand *self)
{
  g_free (self->line);
  g_strfreev (self->path);
  g_free (self->thread);
  g_strfreev (self->words);
  g_free (self->rest);
  g_free (self->wrong);
  g_free (self);
}

char *
atlas_lab_command_dup_process (const AtlasLabCommand *self)
{
  return g_strjoinv ("/", self->path);
}
