/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From the text of a file to what a lesson holds; for atlas-lesson.c. */

#pragma once

#include "atlas-lesson.h"

G_BEGIN_DECLS

/* Longest file that is taken for a lesson, bytes. */
#define ATLAS_LESSON_LONGEST (256 * 1024)

typedef struct
{
  char *title, *summary;
  GPtrArray *introduction; /* (element-type AtlasLessonBlock) */
  GPtrArray *steps;        /* (element-type AtlasLessonStep) */
} AtlasLessonContent;

/* @file: what to call it in messages. Errors: INVALID_DATA, "heap.md, line 12: …". @content is
 * empty then. */
gboolean atlas_lesson_read (const char *file,
                            const char *data,
                            gsize length,
                            AtlasLessonContent *content,
                            GError **error);
void atlas_lesson_content_clear (AtlasLessonContent *content);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AtlasLessonContent, atlas_lesson_content_clear)

G_END_DECLS
