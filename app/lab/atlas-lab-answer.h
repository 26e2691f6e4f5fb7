/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the subject answers, parsed:
 *   # text that people may read, before the answer of some commands
 *   ok [name=value]...<TAB>faults=N major=N
 *   error NAME CALL: TEXT<TAB>faults=N major=N */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  ATLAS_LAB_LINE_NONSENSE, /* nothing that the subject would write */
  ATLAS_LAB_LINE_COMMENT,
  ATLAS_LAB_LINE_ANSWER,
} AtlasLabLineKind;

typedef struct
{
  char *name;
  char *value; /* quotes and escapes undone; clean UTF-8 */
} AtlasLabField;

/* All texts are valid UTF-8, safe to show. */
typedef struct
{
  gboolean ok;
  char *error_name; /* "ENOMEM", "SIGSEGV"; NULL when ok */
  char *error_call; /* "mlock" */
  char *error_text; /* "Cannot allocate memory" */
  GArray *fields;   /* of AtlasLabField, in their order */
  guint64 minor_faults, major_faults;
} AtlasLabAnswer;

AtlasLabLineKind atlas_lab_line_get_kind (const char *text, gsize length);

/* NULL when it is no answer. Fields that make no sense, and those behind them, are left out.
 * @text, of @length bytes, need not be terminated. */
AtlasLabAnswer *atlas_lab_answer_parse (const char *text, gsize length);
void atlas_lab_answer_free (AtlasLabAnswer *self);

/* The first field called @name, or NULL. (transfer none) */
const char *atlas_lab_answer_get (const AtlasLabAnswer *self, const char *name);
/* Its value as a number, decimal or hexadecimal with 0x; FALSE, and nothing set, when there is no
 * such field or it is no number. */
gboolean
atlas_lab_answer_get_number (const AtlasLabAnswer *self, const char *name, guint64 *number);

/* Whether the lab itself refused the command, so that nothing was called: a wrong line, or what
 * would have made the subject crash. A call that failed has the C library's text for its error. */
gboolean atlas_lab_answer_is_refusal (const AtlasLabAnswer *self);

/* A comment line ("# allocation name=a call=malloc") without its "# ", as fields; the words that
 * are none come before them in @word. */
AtlasLabAnswer *atlas_lab_comment_parse (const char *text, gsize length, char **word);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasLabAnswer, atlas_lab_answer_free)

G_END_DECLS
