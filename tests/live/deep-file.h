/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A file so many folders down that one read of maps, about 4 KiB, tells of one or two regions of it
 * only. What changes between two reads is what tears maps, so it tears many times as often as with
 * short names. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _DeepFile DeepFile;

/* @length: bytes, all of them zero. */
DeepFile *deep_file_new (guint64 length);
/* Removes it and the folders above it. */
void deep_file_free (DeepFile *self);
const char *deep_file_get_path (DeepFile *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeepFile, deep_file_free)

G_END_DECLS
