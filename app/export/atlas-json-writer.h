/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Writes JSON text value by value. Nothing is built up in between: a process with 60,000 regions
 * costs its text and no more, and unsigned 64-bit integers (limits, inodes, offsets) keep every
 * digit. Containers at the top two levels are broken into lines, deeper ones stay on one line. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  GString *text;
  guint depth;
  gboolean empty; /* nothing yet in the innermost container */
} AtlasJsonWriter;

void atlas_json_writer_init (AtlasJsonWriter *self);
void atlas_json_writer_clear (AtlasJsonWriter *self);
/* What was written, a newline at the end; the writer is empty after that. */
char *atlas_json_writer_end (AtlasJsonWriter *self);

/* @name: (nullable): NULL at the top and in arrays. */
void atlas_json_writer_begin_object (AtlasJsonWriter *self, const char *name);
void atlas_json_writer_end_object (AtlasJsonWriter *self);
void atlas_json_writer_begin_array (AtlasJsonWriter *self, const char *name);
void atlas_json_writer_end_array (AtlasJsonWriter *self);

/* Bytes that are no UTF-8 become U+FFFD; control characters are escaped, C1 ones as well, so that
 * the text is safe on a terminal. */
void atlas_json_writer_string (AtlasJsonWriter *self, const char *name, const char *value);
void atlas_json_writer_uint (AtlasJsonWriter *self, const char *name, guint64 value);
void atlas_json_writer_boolean (AtlasJsonWriter *self, const char *name, gboolean value);
void atlas_json_writer_null (AtlasJsonWriter *self, const char *name);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AtlasJsonWriter, atlas_json_writer_clear)

G_END_DECLS
