/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Lines out of pieces. */

#include "atlas-lab-lines.h"

#include <string.h>

void
atlas_lab_line_free (AtlasLabLine *line)
{
  g_free (line->text);
  g_free (line);
}

void
atlas_lab_lines_init (AtlasLabLines *self, gsize most)
{
  *self = (AtlasLabLines){ .most = most, .partial = g_string_new (NULL) };
  g_queue_init (&self->whole);
}

void
atlas_lab_lines_clear (AtlasLabLines *self)
{
  g_string_free (self->partial, TRUE);
  self->partial = NULL;
  g_queue_clear_full (&self->whole, (GDestroyNotify) atlas_lab_line_free);
}

static void
add_piece (AtlasLabLines *self, const char *bytes, gsize length)
{
  gsize room = self->most - self->partial->len;

  g_string_append_len (self->partial, bytes, (gssize) MIN (length, room));
  self->cut = self->cut || length > room;
}

static void
end_line (AtlasLabLines *self)
{
  AtlasLabLine *line = g_new (AtlasLabLine, 1);

  line->length = self->partial->len;
  line->cut = self->cut;
  line->text = g_string_free (self->partial, FALSE);
  g_queue_push_tail (&self->whole, line);
  self->partial = g_string_new (NULL);
  self->cut = FALSE;
}

void
atlas_lab_lines_add (AtlasLabLines *self, const char *bytes, gsize length)
{
  while (length > 0)
    {
      const char *newline = memchr (bytes, '\n', length);
      gsize piece = newline != NULL ? (gsize) (newline - bytes) : length;

      add_piece (self, bytes, piece);
      if (newline == NULL)
        return;
      end_line (self);
      bytes = newline + 1;
      length -= piece + 1;
    }
}

AtlasLabLine *
atlas_lab_lines_next (AtlasLabLines *self)
{
  return g_queue_pop_head (&self->whole);
}
