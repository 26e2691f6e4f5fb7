/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reads a lesson's file. libcmark does the CommonMark; here its outermost blocks are gone through
 * once: headings begin steps, fenced blocks of three names are taken apart line by line, the rest
 * is prose. A file that is wrong is refused with the line, and not half understood. */

#include "atlas-config.h"

#include "atlas-lesson-reader.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "atlas-lesson-prose.h"
#include "atlas-lesson-step.h"
#include "atlas-text.h"

typedef enum
{
  FENCE_NONE, /* code to look at */
  FENCE_LAB,
  FENCE_EXPECT,
  FENCE_PREDICT
} Fence;

typedef struct
{
  const char *file;
  AtlasLessonContent *content;
  AtlasLessonStep *step;   /* the last one, or NULL before the first */
  AtlasLessonStep *common; /* what is required of all of them */
  gboolean chosen;         /* it has had a predict block */
} Reader;

void
atlas_lesson_content_clear (AtlasLessonContent *content)
{
  g_clear_pointer (&content->title, g_free);
  g_clear_pointer (&content->summary, g_free);
  g_clear_pointer (&content->introduction, g_ptr_array_unref);
  g_clear_pointer (&content->steps, g_ptr_array_unref);
}

/* What the problem quotes of the file is made safe here. */
static gboolean
fail_at (Reader *reader, guint line, const char *problem, GError **error)
{
  g_autofree char *clean = atlas_text_clean (problem, -1);

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _ ("%s, line %u: %s"), reader->file,
               line, clean);
  return FALSE;
}

/* The same, for a sentence that came as an error. */
static gboolean
pass_on (Reader *reader, guint line, GError *problem, GError **error)
{
  g_autoptr (GError) owned = problem;

  return fail_at (reader, line, owned->message, error);
}

static guint
get_line (cmark_node *node)
{
  return (guint) MAX (cmark_node_get_start_line (node), 1);
}

static const char *const needs_step =
    N_ ("This block belongs to a step: a heading with ## comes before it. (Only `requires` can "
        "stand here, and is then meant for all steps.)");

/* --- fenced blocks --- */

/* Before the first step stand only requirements, which are then those of each. */
static AtlasLessonStep *
get_reading_step (Reader *reader)
{
  return reader->step != NULL ? reader->step : reader->common;
}

/* The first word behind the fence. */
static Fence
get_fence (cmark_node *node)
{
  static const char *const names[] = { NULL, "lab", "expect", "predict" };
  const char *info = cmark_node_get_fence_info (node);
  gsize length = info != NULL ? strcspn (info, " \t") : 0;

  for (Fence fence = FENCE_LAB; fence <= FENCE_PREDICT; fence++)
    if (strlen (names[fence]) == length && strncmp (names[fence], info, length) == 0)
      return fence;
  return FENCE_NONE;
}

static gboolean
read_line (Reader *reader, Fence fence, const char *text, guint line, GError **error)
{
  g_autoptr (GError) problem = NULL;
  gboolean done = FALSE;

  if (*text == '\0' || *text == '#')
    return TRUE;
  if (fence == FENCE_LAB)
    done = atlas_lesson_step_add_command (reader->step, text, &problem);
  else if (fence == FENCE_EXPECT)
    done = atlas_lesson_step_add_expected (get_reading_step (reader), text, line, &problem);
  else
    done = atlas_lesson_step_add_asked (reader->step, text, &problem);
  return done || pass_on (reader, line, g_steal_pointer (&problem), error);
}

static gboolean
read_fence (Reader *reader, cmark_node *node, Fence fence, GError **error)
{
  const char *literal = cmark_node_get_literal (node);
  g_auto (GStrv) lines = g_strsplit (literal != NULL ? literal : "", "\n", -1);

  if (reader->step == NULL && fence != FENCE_EXPECT)
    return fail_at (reader, get_line (node), _ (needs_step), error);
  if (fence == FENCE_PREDICT && !reader->chosen)
    {
      atlas_lesson_step_ask_nothing (reader->step);
      reader->chosen = TRUE;
    }
  for (guint i = 0; lines[i] != NULL; i++)
    if (!read_line (reader, fence, g_strstrip (lines[i]), get_line (node) + 1 + i, error))
      return FALSE;
  return reader->common->expectations->len == 0
         || fail_at (reader, get_line (node), _ (needs_step), error);
}

/* In a list or a quotation such a block would be taken for prose, and nothing would be run. */
static gboolean
check_prose (Reader *reader, cmark_node *node, GError **error)
{
  cmark_iter *iter = cmark_iter_new (node);
  cmark_event_type event;
  gboolean fine = TRUE;

  while (fine && (event = cmark_iter_next (iter)) != CMARK_EVENT_DONE)
    {
      cmark_node *inner = cmark_iter_get_node (iter);

      if (event == CMARK_EVENT_ENTER && cmark_node_get_type (inner) == CMARK_NODE_CODE_BLOCK
          && get_fence (inner) != FENCE_NONE)
        fine = fail_at (reader, get_line (inner),
                        _ ("A lab, expect or predict block must not be in a list or quotation"),
                        error);
    }
  cmark_iter_free (iter);
  return fine;
}

/* --- the outermost blocks --- */

static gboolean
finish_step (Reader *reader, GError **error)
{
  g_autoptr (GError) problem = NULL;

  if (reader->step == NULL || atlas_lesson_step_check (reader->step, &problem))
    return TRUE;
  return pass_on (reader, reader->step->line, g_steal_pointer (&problem), error);
}

static gboolean
read_title (Reader *reader, cmark_node *heading, GError **error)
{
  if (reader->content->title != NULL)
    return fail_at (reader, get_line (heading),
                    _ ("A lesson has one title with #; its steps have ##"), error);
  reader->content->title = atlas_lesson_prose_dup_text (heading);
  return *reader->content->title != '\0'
         || fail_at (reader, get_line (heading), _ ("The title is empty"), error);
}

static gboolean
begin_step (Reader *reader, cmark_node *heading, GError **error)
{
  g_autofree char *title = atlas_lesson_prose_dup_text (heading);

  if (*title == '\0')
    return fail_at (reader, get_line (heading), _ ("The title of this step is empty"), error);
  if (reader->content->summary == NULL)
    return fail_at (reader, get_line (heading),
                    _ ("Between the title and the first step stands a paragraph that says what "
                       "the lesson is about"),
                    error);
  if (!finish_step (reader, error))
    return FALSE;
  reader->step = atlas_lesson_step_new (title, get_line (heading));
  g_strfreev (reader->step->requirements);
  reader->step->requirements = g_strdupv (reader->common->requirements);
  reader->chosen = FALSE;
  g_ptr_array_add (reader->content->steps, reader->step);
  return TRUE;
}

static gboolean
read_prose (Reader *reader, cmark_node *node, GError **error)
{
  AtlasLessonContent *content = reader->content;
  AtlasLessonStep *step = reader->step;

  if (!check_prose (reader, node, error))
    return FALSE;
  if (content->summary == NULL && cmark_node_get_type (node) == CMARK_NODE_PARAGRAPH)
    content->summary = atlas_lesson_prose_dup_text (node);
  else if (step == NULL)
    atlas_lesson_prose_append (node, content->introduction);
  else
    atlas_lesson_prose_append (node, step->commands[0] == NULL ? step->prose : step->explanation);
  return TRUE;
}

static gboolean
read_block (Reader *reader, cmark_node *node, GError **error)
{
  cmark_node_type type = cmark_node_get_type (node);
  int level = type == CMARK_NODE_HEADING ? cmark_node_get_heading_level (node) : 0;
  Fence fence = type == CMARK_NODE_CODE_BLOCK ? get_fence (node) : FENCE_NONE;

  if (reader->content->title == NULL && level != 1)
    return fail_at (reader, get_line (node), _ ("A lesson begins with its title: # Title"), error);
  if (level == 1)
    return read_title (reader, node, error);
  if (level == 2)
    return begin_step (reader, node, error);
  if (fence != FENCE_NONE)
    return read_fence (reader, node, fence, error);
  return read_prose (reader, node, error);
}

static gboolean
read_document (Reader *reader, cmark_node *document, GError **error)
{
  for (cmark_node *node = cmark_node_first_child (document); node != NULL;
       node = cmark_node_next (node))
    if (!read_block (reader, node, error))
      return FALSE;
  if (reader->content->title == NULL)
    return fail_at (reader, 1, _ ("This file is empty"), error);
  if (reader->step == NULL)
    return fail_at (reader, 1, _ ("This lesson has no step: a heading with ## begins one"), error);
  return finish_step (reader, error);
}

/* What a text file may hold; libcmark would replace the rest without a word. */
static gboolean
check_text (Reader *reader, const char *data, gsize length, GError **error)
{
  const char *end;
  guint line = 1;

  if (length > ATLAS_LESSON_LONGEST)
    return fail_at (reader, 1, _ ("This file is too long for a lesson"), error);
  if (g_utf8_validate (data, (gssize) length, &end))
    return TRUE;
  for (const char *p = data; p < end; p++)
    line += *p == '\n';
  return fail_at (reader, line, _ ("This is no text in UTF-8"), error);
}

gboolean
atlas_lesson_read (const char *file,
                   const char *data,
                   gsize length,
                   AtlasLessonContent *content,
                   GError **error)
{
  g_auto (AtlasLessonContent) read = { 0 };
  g_autoptr (AtlasLessonStep) common = atlas_lesson_step_new ("", 1);
  Reader reader = { .file = file, .content = &read, .common = common };
  cmark_node *document;
  gboolean done;

  memset (content, 0, sizeof *content);
  if (!check_text (&reader, data, length, error))
    return FALSE;
  read.introduction = g_ptr_array_new_with_free_func ((GDestroyNotify) atlas_lesson_block_free);
  read.steps = g_ptr_array_new_with_free_func ((GDestroyNotify) atlas_lesson_step_free);
  document = cmark_parse_document (data, length, CMARK_OPT_DEFAULT);
  done = read_document (&reader, document, error);
  cmark_node_free (document);
  if (done)
    {
      *content = read;
      memset (&read, 0, sizeof read);
    }
  return done;
}
