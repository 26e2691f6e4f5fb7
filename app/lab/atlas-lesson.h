/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A lesson: a CommonMark file that explains, gives commands to the lab and says what must be seen.
 *
 *     # Title
 *     The first paragraph is the summary; what follows is the introduction.
 *     ## Title of a step
 *     What to think about before, then fenced blocks:
 *     ```lab
 *     malloc a 256K
 *     ```
 *     ```expect
 *     requires thp            the step is skipped on a machine without it
 *     VmSize +260 KiB
 *     ```
 *     ```predict
 *     VmSize: a hint           what a person is asked to predict; without this block all that
 *     ```                      can be, where it says `none` nothing
 *     What follows the first lab block is said when it has been run.
 *
 * An `expect` block before the first step may hold `requires` alone: for all steps.
 *
 * A lesson is immutable. */

#pragma once

#include <gio/gio.h>

#include "atlas-lesson-block.h"
#include "atlas-lesson-expectation.h"

G_BEGIN_DECLS

/* One heading of the second level and what is below it. Owned by its lesson; read only. */
typedef struct
{
  char *title;             /* clean UTF-8 */
  guint line;              /* in the file, from 1 */
  GPtrArray *prose;        /* (element-type AtlasLessonBlock): said before it is run */
  GPtrArray *explanation;  /* (element-type AtlasLessonBlock): said when it has been */
  char **commands;         /* the lab's, without comments and empty lines */
  GPtrArray *expectations; /* (element-type AtlasExpectation), in the order of the file */
  char **requirements;     /* "thp", "hugetlb" ...; see atlas-lesson-needs.h */
} AtlasLessonStep;

#define ATLAS_TYPE_LESSON (atlas_lesson_get_type ())
G_DECLARE_FINAL_TYPE (AtlasLesson, atlas_lesson, ATLAS, LESSON, GObject)

/* Properties, read only: name, title, summary, path, n-steps (uint). */

/**
 * atlas_lesson_load:
 * @name: the name of one that is found in the folders ("heap-and-brk"), or the path of a file (it
 *   has a slash in it or ends in ".md")
 *
 * The name is the file's, without ".md" and without a number before it that gives the order:
 * "01-heap-and-brk.md" is "heap-and-brk".
 *
 * Errors: G_IO_ERROR_NOT_FOUND, others of G_IO_ERROR when it can't be read, INVALID_DATA: it is no
 * lesson, "heap.md, line 12: …".
 */
AtlasLesson *atlas_lesson_load (const char *name, GError **error);
/* From the text of a file; @path is for its name and for messages. Errors: INVALID_DATA. */
AtlasLesson *
atlas_lesson_new_from_data (const char *path, const char *data, gsize length, GError **error);

/**
 * atlas_lesson_list:
 * @problems: (out) (optional): NULL-terminated sentences, one for each file that is no lesson
 *
 * All of them, the program's own first and each folder's by file name; one's own stands for the
 * program's of the same name. Blocks for reading some small files.
 * Returns: (element-type AtlasLesson) (transfer full): may be empty
 */
GPtrArray *atlas_lesson_list (char ***problems);

/* Newly allocated. The program's own: $ATLAS_DATADIR/lessons, else data/lessons of the source tree
 * when the program is run where it was built, else DATADIR/memory-atlas/lessons. And one's own:
 * $XDG_DATA_HOME/memory-atlas/lessons. Neither need exist. */
char *atlas_lesson_dup_folder (void);
char *atlas_lesson_dup_own_folder (void);

const char *atlas_lesson_get_name (AtlasLesson *self); /* clean UTF-8, see below */
const char *atlas_lesson_get_title (AtlasLesson *self);
const char *atlas_lesson_get_summary (AtlasLesson *self);     /* plain, one line */
const char *atlas_lesson_get_path (AtlasLesson *self);        /* as opened */
GPtrArray *atlas_lesson_get_introduction (AtlasLesson *self); /* (element-type AtlasLessonBlock) */
guint atlas_lesson_get_n_steps (AtlasLesson *self);           /* at least 1 */
const AtlasLessonStep *atlas_lesson_get_step (AtlasLesson *self, guint index);

G_END_DECLS
