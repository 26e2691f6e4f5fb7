/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A file that whoever opens it has to wait at, so that a test can change the world between the
 * opening and the bytes, and then says what they are. It is a named pipe. One reading passes it;
 * for the next there is to be another gate, or a file, before the first is let through. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _Gate Gate;

/* In place of what is at @path. */
Gate *gate_new (const char *path);
/* Ends what still waits; the path stays as it is. */
void gate_free (Gate *self);

/* Waits until somebody has opened it; fails the test after a minute. There is nothing at its path
 * then. */
void gate_meet (Gate *self);
/* Bytes for the one who was met, and waits until they were read; may be called again for what the
 * next read gives. */
void gate_say (Gate *self, const char *text);
/* The end of the file. */
void gate_end (Gate *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Gate, gate_free)

G_END_DECLS
