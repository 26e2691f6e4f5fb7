/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A lesson's prose: one paragraph, list item, heading, quotation or piece of code. Made from
 * CommonMark, but nothing of its marks is left: what a file holds reaches neither a terminal nor
 * Pango unescaped. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  ATLAS_LESSON_PARAGRAPH,
  ATLAS_LESSON_SUBHEADING, /* below a step's own heading */
  ATLAS_LESSON_ITEM,       /* of a list; marker is what stands before it, "" goes on with it */
  ATLAS_LESSON_QUOTE,
  ATLAS_LESSON_CODE, /* lines as they are, without a newline at the end */
} AtlasLessonBlockKind;

typedef struct
{
  AtlasLessonBlockKind kind;
  guint depth;  /* of lists in lists, 1 for an outermost item; else 0 */
  char *marker; /* "•", "1."; "" for what is no item */
  char *text;   /* clean UTF-8, emphasis dropped, `code` in backquotes; code as it is */
  char *markup; /* the same for Pango, all of it escaped; only <i>, <b> and <tt>, balanced */
} AtlasLessonBlock;

void atlas_lesson_block_free (AtlasLessonBlock *self);

G_END_DECLS
