/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Random memory of a helper, of every kind that there is, to which random things were done; and
 * what each of its pages must therefore be. */

#pragma once

#include "live-common.h"

G_BEGIN_DECLS

typedef struct _Layout Layout;

/* Has @helper map and touch it. */
Layout *layout_new (Helper *helper);
void layout_free (Layout *self);
/* Holds every page against @snapshot. @seen: how many there were of each letter of
 * live_get_letter(). */
void layout_check (Layout *self, AtlasSnapshot *snapshot, guint seen[128]);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Layout, layout_free)

G_END_DECLS
