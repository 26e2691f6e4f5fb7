/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a step can require of the machine: `requires thp`. Found out from the kernel, and said in a
 * person's words where it is missing. */

#pragma once

#include <gio/gio.h>

#include "atlas-procfs.h"

G_BEGIN_DECLS

/* Whether there is such a requirement. Errors: INVALID_DATA, a sentence that names all. */
gboolean atlas_lesson_need_check (const char *name, GError **error);
/* Why this machine, or this user on it, has not what @name stands for; NULL: it has. Newly
 * allocated, translated. Reads some small files. */
char *atlas_lesson_need_dup_missing (const char *name, AtlasProcfs *procfs);

G_END_DECLS
