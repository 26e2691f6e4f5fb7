/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Bytes of a pipe put together to lines. Whoever writes into the pipe is not trusted: a line
 * without an end takes no more memory than a long one may. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  char *text;   /* without its newline, NUL-terminated; may hold NUL as well */
  gsize length; /* bytes */
  gboolean cut; /* it was longer, and the rest was dropped */
} AtlasLabLine;

void atlas_lab_line_free (AtlasLabLine *line);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasLabLine, atlas_lab_line_free)

typedef struct
{
  gsize most;       /* bytes of a line that are kept */
  GString *partial; /* the line that has no end yet */
  gboolean cut;
  GQueue whole; /* of AtlasLabLine */
} AtlasLabLines;

void atlas_lab_lines_init (AtlasLabLines *self, gsize most);
void atlas_lab_lines_clear (AtlasLabLines *self);
void atlas_lab_lines_add (AtlasLabLines *self, const char *bytes, gsize length);
/* The next whole line, or NULL. (transfer full) */
AtlasLabLine *atlas_lab_lines_next (AtlasLabLines *self);

G_END_DECLS
