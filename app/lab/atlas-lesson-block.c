/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "atlas-lesson-block.h"

void
atlas_lesson_block_free (AtlasLessonBlock *self)
{
  g_free (self->marker);
  g_free (self->text);
  g_free (self->markup);
  g_free (self);
}
