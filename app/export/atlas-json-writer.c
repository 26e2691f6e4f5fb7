/* SPDX-License-Identifier: GPL-3.0-or-later */

/* JSON as RFC 8259 has it, written as it comes. */

#include "atlas-json-writer.h"

#define BROKEN_LEVELS 2

void
atlas_json_writer_init (AtlasJsonWriter *self)
{
  g_return_if_fail (self != NULL);

  *self = (AtlasJsonWriter){ .text = g_string_new (NULL), .empty = TRUE };
}

void
atlas_json_writer_clear (AtlasJsonWriter *self)
{
  if (self->text != NULL)
    g_string_free (g_steal_pointer (&self->text), TRUE);
}

char *
atlas_json_writer_end (AtlasJsonWriter *self)
{
  g_return_val_if_fail (self != NULL && self->depth == 0, NULL);

  g_string_append_c (self->text, '\n');
  return g_string_free (g_steal_pointer (&self->text), FALSE);
}

static void
append_break (AtlasJsonWriter *self)
{
  if (self->depth <= BROKEN_LEVELS)
    g_string_append_printf (self->text, "\n%*s", (int) (2 * self->depth), "");
  else if (!self->empty)
    g_string_append_c (self->text, ' ');
}

/* C1 controls are legal in JSON, but a terminal may act on them; U+2028 and U+2029 break scripts
 * that evaluate JSON. */
static gboolean
must_escape (gunichar c)
{
  return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x2028 || c == 0x2029;
}

static void
append_character (GString *text, gunichar c)
{
  if (c == '"' || c == '\\')
    g_string_append_printf (text, "\\%c", (char) c);
  else if (must_escape (c))
    g_string_append_printf (text, "\\u%04x", c);
  else
    g_string_append_unichar (text, c);
}

static void
append_quoted (GString *text, const char *value)
{
  g_autofree char *valid = g_utf8_make_valid (value, -1);

  g_string_append_c (text, '"');
  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    append_character (text, g_utf8_get_char (p));
  g_string_append_c (text, '"');
}

static void
begin_value (AtlasJsonWriter *self, const char *name)
{
  if (self->depth > 0)
    {
      if (!self->empty)
        g_string_append_c (self->text, ',');
      append_break (self);
    }
  self->empty = FALSE;

  if (name == NULL)
    return;
  append_quoted (self->text, name);
  g_string_append (self->text, ": ");
}

static void
begin_container (AtlasJsonWriter *self, const char *name, char bracket)
{
  begin_value (self, name);
  g_string_append_c (self->text, bracket);
  self->depth++;
  self->empty = TRUE;
}

static void
end_container (AtlasJsonWriter *self, char bracket)
{
  gboolean was_empty = self->empty;

  g_return_if_fail (self->depth > 0);

  self->depth--;
  if (!was_empty && self->depth < BROKEN_LEVELS)
    append_break (self);
  g_string_append_c (self->text, bracket);
  self->empty = FALSE;
}

void
atlas_json_writer_begin_object (AtlasJsonWriter *self, const char *name)
{
  begin_container (self, name, '{');
}

void
atlas_json_writer_end_object (AtlasJsonWriter *self)
{
  end_container (self, '}');
}

void
atlas_json_writer_begin_array (AtlasJsonWriter *self, const char *name)
{
  begin_container (self, name, '[');
}

void
atlas_json_writer_end_array (AtlasJsonWriter *self)
{
  end_container (self, ']');
}

void
atlas_json_writer_string (AtlasJsonWriter *self, const char *name, const char *value)
{
  begin_value (self, name);
  append_quoted (self->text, value);
}

void
atlas_json_writer_uint (AtlasJsonWriter *self, const char *name, guint64 value)
{
  begin_value (self, name);
  g_string_append_printf (self->text, "%" G_GUINT64_FORMAT, value);
}

void
atlas_json_writer_boolean (AtlasJsonWriter *self, const char *name, gboolean value)
{
  begin_value (self, name);
  g_string_append (self->text, value ? "true" : "false");
}

void
atlas_json_writer_null (AtlasJsonWriter *self, const char *name)
{
  begin_value (self, name);
  g_string_append (self->text, "null");
}
