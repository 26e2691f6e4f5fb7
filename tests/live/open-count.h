/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How often a file is opened, as the kernel counts it; to know what a reader does without asking
 * it. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _OpenCount OpenCount;

OpenCount *open_count_new (const char *path);
void open_count_free (OpenCount *self);
/* Since this was asked before. */
guint open_count_take (OpenCount *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpenCount, open_count_free)

G_END_DECLS
