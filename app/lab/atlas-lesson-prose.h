/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From CommonMark's tree to blocks of prose. */

#pragma once

#include <cmark.h>

#include "atlas-lesson-block.h"

G_BEGIN_DECLS

/* Appends what @node, a block, and all below it say to @blocks (element-type AtlasLessonBlock). */
void atlas_lesson_prose_append (cmark_node *node, GPtrArray *blocks);
/* The text of @node's inlines on one line, clean: of a heading, of a paragraph. */
char *atlas_lesson_prose_dup_text (cmark_node *node);
/* @text, lines of code, clean: each line on its own, tabs kept as blanks. */
char *atlas_lesson_prose_clean_code (const char *text);

G_END_DECLS
