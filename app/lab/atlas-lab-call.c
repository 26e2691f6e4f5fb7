/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A traced call, as values. */

#include "atlas-lab-call.h"

#include <string.h>

AtlasLabCall *
atlas_lab_call_copy (const AtlasLabCall *self)
{
  AtlasLabCall *copy = g_memdup2 (self, sizeof *self);

  copy->name = g_strdup (self->name);
  copy->text = g_strdup (self->text);
  copy->result = g_strdup (self->result);
  copy->thread = g_strdup (self->thread);
  copy->error = g_strdup (self->error);
  copy->message = g_strdup (self->message);
  copy->arguments = g_strdupv (self->arguments);
  copy->file = g_strdup (self->file);
  return copy;
}

void
atlas_lab_call_free (AtlasLabCall *self)
{
  g_free (self->name);
  g_free (self->text);
  g_free (self->result);
  g_free (self->thread);
  g_free (self->error);
  g_free (self->message);
  g_strfreev (self->arguments);
  g_free (self->file);
  g_free (self);
}

const char *
atlas_lab_call_get_argument (const AtlasLabCall *self, const char *name)
{
  for (char **pair = self->arguments; pair != NULL && *pair != NULL; pair += 2)
    if (strcmp (pair[0], name) == 0)
      return pair[1];
  return NULL;
}

static gboolean
parse_number (const char *text, guint64 *number)
{
  if (text == NULL)
    return FALSE;
  if (strcmp (text, "NULL") == 0)
    {
      *number = 0;
      return TRUE;
    }
  if (g_str_has_prefix (text, "0x"))
    return g_ascii_string_to_unsigned (text + 2, 16, 0, G_MAXUINT64, number, NULL);
  return g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT64, number, NULL);
}

gboolean
atlas_lab_call_get_number (const AtlasLabCall *self, const char *name, guint64 *number)
{
  return parse_number (atlas_lab_call_get_argument (self, name), number);
}

gboolean
atlas_lab_call_get_result (const AtlasLabCall *self, guint64 *number)
{
  return !self->failed && parse_number (self->result, number);
}
