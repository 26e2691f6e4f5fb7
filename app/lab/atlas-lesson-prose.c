/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Prose is walked without recursion, however deep lists and emphasis are nested in a file: lists
 * are counted, and emphasis below a depth nobody writes is dropped. Nothing of HTML is understood;
 * it is shown as the text it is. */

#include "atlas-config.h"

#include "atlas-lesson-prose.h"

#include <string.h>

#include "atlas-text.h"

#define DEEPEST_TAG 8
/* How far a list in lists is told apart from the one around it. */
#define DEEPEST_LIST 6

/* A paragraph that grows. */
typedef struct
{
  GString *text, *markup;
  guint tags; /* emphasis open around what comes next, shown or not */
} Inlines;

static void
init_inlines (Inlines *inlines)
{
  inlines->text = g_string_new (NULL);
  inlines->markup = g_string_new (NULL);
  inlines->tags = 0;
}

static void
clear_inlines (Inlines *inlines)
{
  g_string_free (inlines->text, TRUE);
  g_string_free (inlines->markup, TRUE);
}

static void
append_text (Inlines *inlines, const char *text)
{
  g_autofree char *clean = atlas_text_clean (text != NULL ? text : "", -1);
  g_autofree char *escaped = g_markup_escape_text (clean, -1);

  g_string_append (inlines->text, clean);
  g_string_append (inlines->markup, escaped);
}

static void
append_code (Inlines *inlines, const char *code)
{
  g_string_append_c (inlines->text, '`');
  g_string_append (inlines->markup, "<tt>");
  append_text (inlines, code);
  g_string_append (inlines->markup, "</tt>");
  g_string_append_c (inlines->text, '`');
}

/* Blanks and line ends of our own need no escape. */
static void
append_plain (Inlines *inlines, const char *plain)
{
  g_string_append (inlines->text, plain);
  g_string_append (inlines->markup, plain);
}

static void
append_tag (Inlines *inlines, const char *name, gboolean opens)
{
  if (!opens)
    inlines->tags--;
  if (inlines->tags < DEEPEST_TAG)
    g_string_append_printf (inlines->markup, opens ? "<%s>" : "</%s>", name);
  if (opens)
    inlines->tags++;
}

/* A link cannot be followed on paper: its address stands behind it. */
static void
append_address (Inlines *inlines, cmark_node *link)
{
  const char *url = cmark_node_get_url (link);

  if (url == NULL || *url == '\0' || g_str_has_suffix (inlines->text->str, url))
    return;
  append_plain (inlines, " (");
  append_text (inlines, url);
  append_plain (inlines, ")");
}

static void
append_inline (Inlines *inlines, cmark_node *node, gboolean entering)
{
  cmark_node_type type = cmark_node_get_type (node);

  if (type == CMARK_NODE_EMPH || type == CMARK_NODE_STRONG)
    append_tag (inlines, type == CMARK_NODE_EMPH ? "i" : "b", entering);
  else if (type == CMARK_NODE_LINK && !entering)
    append_address (inlines, node);
  else if (type == CMARK_NODE_CODE)
    append_code (inlines, cmark_node_get_literal (node));
  else if (type == CMARK_NODE_TEXT || type == CMARK_NODE_HTML_INLINE)
    append_text (inlines, cmark_node_get_literal (node));
  else if (type == CMARK_NODE_SOFTBREAK)
    append_plain (inlines, " ");
  else if (type == CMARK_NODE_LINEBREAK)
    append_plain (inlines, "\n");
}

static void
read_inlines (cmark_node *block, Inlines *inlines)
{
  cmark_iter *iter = cmark_iter_new (block);
  cmark_event_type event;

  while ((event = cmark_iter_next (iter)) != CMARK_EVENT_DONE)
    append_inline (inlines, cmark_iter_get_node (iter), event == CMARK_EVENT_ENTER);
  cmark_iter_free (iter);
}

char *
atlas_lesson_prose_dup_text (cmark_node *node)
{
  Inlines inlines;
  g_autofree char *text = NULL;

  init_inlines (&inlines);
  read_inlines (node, &inlines);
  text = g_strdelimit (g_strdup (inlines.text->str), "\n", ' ');
  clear_inlines (&inlines);
  return g_strdup (g_strstrip (text));
}

char *
atlas_lesson_prose_clean_code (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (char **line = lines; *line != NULL; line++)
    {
      char *clean = atlas_text_clean (g_strdelimit (*line, "\t\r", ' '), -1);

      g_free (*line);
      *line = g_strchomp (clean);
    }
  return g_strchomp (g_strjoinv ("\n", lines));
}

/* --- blocks --- */

/* Where a walk stands. */
typedef struct
{
  GPtrArray *blocks;
  guint lists, quotes; /* open around what comes next */
  char *marker;        /* of the item that was entered and has nothing in it yet, or NULL */
} Walk;

static AtlasLessonBlock *
add_block (Walk *walk, AtlasLessonBlockKind kind)
{
  AtlasLessonBlock *block = g_new0 (AtlasLessonBlock, 1);

  if (kind == ATLAS_LESSON_PARAGRAPH && walk->lists > 0)
    kind = ATLAS_LESSON_ITEM;
  else if (kind == ATLAS_LESSON_PARAGRAPH && walk->quotes > 0)
    kind = ATLAS_LESSON_QUOTE;
  block->kind = kind;
  block->depth = MIN (walk->lists, DEEPEST_LIST);
  block->marker = walk->marker != NULL ? g_steal_pointer (&walk->marker) : g_strdup ("");
  g_ptr_array_add (walk->blocks, block);
  return block;
}

static void
add_inlines (Walk *walk, AtlasLessonBlockKind kind, cmark_node *node)
{
  AtlasLessonBlock *block = add_block (walk, kind);
  Inlines inlines;

  init_inlines (&inlines);
  read_inlines (node, &inlines);
  block->text = g_string_free (inlines.text, FALSE);
  block->markup = g_string_free (inlines.markup, FALSE);
}

static void
add_code (Walk *walk, cmark_node *node)
{
  const char *literal = cmark_node_get_literal (node);
  AtlasLessonBlock *block = add_block (walk, ATLAS_LESSON_CODE);

  block->text = atlas_lesson_prose_clean_code (literal != NULL ? literal : "");
  block->markup = g_markup_escape_text (block->text, -1);
}

/* Counted on the list itself: a file may have a hundred thousand items. */
static guint
take_item_number (cmark_node *list)
{
  guint n_before = GPOINTER_TO_UINT (cmark_node_get_user_data (list));

  cmark_node_set_user_data (list, GUINT_TO_POINTER (n_before + 1));
  return (guint) cmark_node_get_list_start (list) + n_before;
}

static void
enter_item (Walk *walk, cmark_node *item)
{
  cmark_node *list = cmark_node_parent (item);

  g_free (walk->marker);
  if (cmark_node_get_list_type (list) == CMARK_ORDERED_LIST)
    walk->marker = g_strdup_printf ("%u.", take_item_number (list));
  else
    walk->marker = g_strdup ("•");
}

static void
enter (Walk *walk, cmark_node *node)
{
  cmark_node_type type = cmark_node_get_type (node);

  if (type == CMARK_NODE_LIST)
    walk->lists++;
  else if (type == CMARK_NODE_BLOCK_QUOTE)
    walk->quotes++;
  else if (type == CMARK_NODE_ITEM)
    enter_item (walk, node);
  else if (type == CMARK_NODE_PARAGRAPH)
    add_inlines (walk, ATLAS_LESSON_PARAGRAPH, node);
  else if (type == CMARK_NODE_HEADING)
    add_inlines (walk, ATLAS_LESSON_SUBHEADING, node);
  else if (type == CMARK_NODE_CODE_BLOCK || type == CMARK_NODE_HTML_BLOCK)
    add_code (walk, node);
}

static void
leave (Walk *walk, cmark_node *node)
{
  cmark_node_type type = cmark_node_get_type (node);

  if (type == CMARK_NODE_LIST)
    walk->lists--;
  else if (type == CMARK_NODE_BLOCK_QUOTE)
    walk->quotes--;
  else if (type == CMARK_NODE_ITEM)
    g_clear_pointer (&walk->marker, g_free);
}

void
atlas_lesson_prose_append (cmark_node *node, GPtrArray *blocks)
{
  Walk walk = { .blocks = blocks };
  cmark_iter *iter = cmark_iter_new (node);
  cmark_event_type event;

  while ((event = cmark_iter_next (iter)) != CMARK_EVENT_DONE)
    if (event == CMARK_EVENT_ENTER)
      enter (&walk, cmark_iter_get_node (iter));
    else
      leave (&walk, cmark_iter_get_node (iter));
  cmark_iter_free (iter);
  g_free (walk.marker);
}
