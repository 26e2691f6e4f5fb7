/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Parsing answers. The subject is a process that people do anything to, so its bytes are taken for
 * what they are and never trusted. */

#include "atlas-lab-answer.h"

#include <string.h>

#include "atlas-lab-words.h"
#include "atlas-text.h"

/* More are dropped: getrlimit has the most, 16. */
#define MOST_FIELDS 256

typedef struct
{
  const char *next, *end;
} Cursor;

static void
clear_field (gpointer data)
{
  AtlasLabField *field = data;

  g_free (field->name);
  g_free (field->value);
}

static gboolean
has_prefix (const char *text, gsize length, const char *prefix)
{
  gsize n = strlen (prefix);

  return length >= n && memcmp (text, prefix, n) == 0;
}

/* "ok" or "error" as a word of its own. */
static gboolean
begins_with_word (const char *text, gsize length, const char *word)
{
  gsize n = strlen (word);

  return has_prefix (text, length, word) && (length == n || text[n] == ' ' || text[n] == '\t');
}

AtlasLabLineKind
atlas_lab_line_get_kind (const char *text, gsize length)
{
  if (begins_with_word (text, length, "ok") || has_prefix (text, length, "error "))
    return ATLAS_LAB_LINE_ANSWER;
  if (has_prefix (text, length, "# ") || (length == 1 && *text == '#'))
    return ATLAS_LAB_LINE_COMMENT;
  return ATLAS_LAB_LINE_NONSENSE;
}

static AtlasLabAnswer *
answer_new (void)
{
  AtlasLabAnswer *self = g_new0 (AtlasLabAnswer, 1);

  self->fields = g_array_new (FALSE, FALSE, sizeof (AtlasLabField));
  g_array_set_clear_func (self->fields, clear_field);
  return self;
}

void
atlas_lab_answer_free (AtlasLabAnswer *self)
{
  g_free (self->error_name);
  g_free (self->error_call);
  g_free (self->error_text);
  g_array_unref (self->fields);
  g_free (self);
}

/* --- fields --- */

static gboolean
is_name_byte (char c)
{
  return g_ascii_isalnum (c) || c == '_';
}

static gboolean
take_name (Cursor *cursor, char **name)
{
  const char *start = cursor->next;

  while (cursor->next < cursor->end && is_name_byte (*cursor->next))
    cursor->next++;
  if (cursor->next == start || cursor->next == cursor->end || *cursor->next != '=')
    {
      cursor->next = start;
      return FALSE;
    }
  *name = g_strndup (start, (gsize) (cursor->next - start));
  cursor->next++;
  return TRUE;
}

static int
hex_value (const Cursor *cursor, gsize offset)
{
  return (gsize) (cursor->end - cursor->next) > offset ? g_ascii_xdigit_value (cursor->next[offset])
                                                       : -1;
}

/* What stands behind a backslash. */
static gboolean
take_escape (Cursor *cursor, GString *value)
{
  static const char names[] = "\"\\ntr";
  static const char bytes[] = "\"\\\n\t\r";
  const char *name;

  if (cursor->next == cursor->end)
    return FALSE;
  name = *cursor->next != '\0' ? strchr (names, *cursor->next) : NULL;
  if (name != NULL)
    {
      g_string_append_c (value, bytes[name - names]);
      cursor->next++;
      return TRUE;
    }
  if (*cursor->next != 'x' || hex_value (cursor, 1) < 0 || hex_value (cursor, 2) < 0)
    return FALSE;
  g_string_append_c (value, (char) (hex_value (cursor, 1) << 4 | hex_value (cursor, 2)));
  cursor->next += 3;
  return TRUE;
}

static gboolean
take_quoted (Cursor *cursor, GString *value)
{
  while (cursor->next < cursor->end)
    {
      char c = *cursor->next++;

      if (c == '"')
        return TRUE;
      if (c != '\\')
        g_string_append_c (value, c);
      else if (!take_escape (cursor, value))
        return FALSE;
    }
  return FALSE;
}

static gboolean
take_value (Cursor *cursor, GString *value)
{
  const char *start = cursor->next;

  if (start < cursor->end && *start == '"')
    {
      cursor->next++;
      return take_quoted (cursor, value);
    }
  while (cursor->next < cursor->end && *cursor->next != ' ')
    cursor->next++;
  g_string_append_len (value, start, (gssize) (cursor->next - start));
  return TRUE;
}

static void
skip_blanks (Cursor *cursor)
{
  while (cursor->next < cursor->end && *cursor->next == ' ')
    cursor->next++;
}

static gboolean
take_field (Cursor *cursor, AtlasLabField *field)
{
  g_autofree char *name = NULL;
  g_autoptr (GString) value = g_string_new (NULL);

  skip_blanks (cursor);
  if (!take_name (cursor, &name) || !take_value (cursor, value))
    return FALSE;
  field->name = g_steal_pointer (&name);
  field->value = atlas_text_clean (value->str, (gssize) value->len);
  return TRUE;
}

static void
take_fields (AtlasLabAnswer *self, const char *text, const char *end)
{
  Cursor cursor = { text, end };
  AtlasLabField field;

  while (self->fields->len < MOST_FIELDS && take_field (&cursor, &field))
    g_array_append_val (self->fields, field);
}

/* --- the answer --- */

/* NAME CALL: TEXT; where that is not its form, all of it is the text. */
static void
take_error (AtlasLabAnswer *self, const char *text, const char *end)
{
  const char *blank = memchr (text, ' ', (gsize) (end - text));
  const char *call = blank != NULL ? blank + 1 : end;
  const char *colon = memchr (call, ':', (gsize) (end - call));

  if (colon == NULL)
    {
      self->error_name = g_strdup ("EINVAL");
      self->error_call = g_strdup ("line");
      self->error_text = atlas_text_clean (text, end - text);
      return;
    }
  self->error_name = atlas_text_clean (text, blank - text);
  self->error_call = atlas_text_clean (call, colon - call);
  for (colon++; colon < end && *colon == ' '; colon++)
    ;
  self->error_text = atlas_text_clean (colon, end - colon);
}

static void
take_faults (AtlasLabAnswer *self, const char *text, const char *end)
{
  g_autoptr (AtlasLabAnswer) counts = answer_new ();

  take_fields (counts, text, end);
  atlas_lab_answer_get_number (counts, "faults", &self->minor_faults);
  atlas_lab_answer_get_number (counts, "major", &self->major_faults);
}

AtlasLabAnswer *
atlas_lab_answer_parse (const char *text, gsize length)
{
  const char *tab = memchr (text, '\t', length);
  const char *end = tab != NULL ? tab : text + length;
  AtlasLabAnswer *self;

  if (atlas_lab_line_get_kind (text, length) != ATLAS_LAB_LINE_ANSWER)
    return NULL;
  self = answer_new ();
  self->ok = *text == 'o';
  if (self->ok)
    take_fields (self, text + strlen ("ok"), end);
  else
    take_error (self, text + strlen ("error "), MAX (end, text + strlen ("error ")));
  if (tab != NULL)
    take_faults (self, tab + 1, text + length);
  return self;
}

const char *
atlas_lab_answer_get (const AtlasLabAnswer *self, const char *name)
{
  for (guint i = 0; i < self->fields->len; i++)
    {
      const AtlasLabField *field = &g_array_index (self->fields, AtlasLabField, i);

      if (strcmp (field->name, name) == 0)
        return field->value;
    }
  return NULL;
}

gboolean
atlas_lab_answer_get_number (const AtlasLabAnswer *self, const char *name, guint64 *number)
{
  const char *value = atlas_lab_answer_get (self, name);
  guint base = 10;

  if (value == NULL)
    return FALSE;
  if (g_str_has_prefix (value, "0x"))
    {
      value += 2;
      base = 16;
    }
  return g_ascii_string_to_unsigned (value, base, 0, G_MAXUINT64, number, NULL);
}

/* As the subject has it: never translated. */
static const char *
describe_error (int number)
{
#ifdef __GLIBC__
  const char *text = strerrordesc_np (number);

  return text != NULL ? text : "unknown error";
#else
  return strerror (number);
#endif
}

gboolean
atlas_lab_answer_is_refusal (const AtlasLabAnswer *self)
{
  int number;

  if (self->ok || g_str_has_prefix (self->error_name, "SIG"))
    return FALSE;
  number = atlas_lab_errno_number (self->error_name);
  if (number == 0)
    return !g_ascii_isdigit (*self->error_name);
  return strcmp (self->error_text, describe_error (number)) != 0;
}

/* --- comments --- */

AtlasLabAnswer *
atlas_lab_comment_parse (const char *text, gsize length, char **word)
{
  const char *blank = memchr (text, ' ', length);
  const char *end = blank != NULL ? blank : text + length;
  AtlasLabAnswer *self = answer_new ();

  self->ok = TRUE;
  *word = atlas_text_clean (text, end - text);
  take_fields (self, end, text + length);
  return self;
}
