/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A /proc tree made for one test: one process, files as the test wants them. */

#pragma once

#include "atlas-target.h"

G_BEGIN_DECLS

typedef struct
{
  char *root, *folder;
} Scratch;

/* Has a stat; its process is 7. */
Scratch *scratch_new (void);
void scratch_free (Scratch *self);
void scratch_write (const Scratch *self, const char *file, const char *text);
void scratch_write_stat (const Scratch *self, guint64 start_time);
AtlasTarget *scratch_open (const Scratch *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Scratch, scratch_free)

G_END_DECLS
