/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A command of the lab as its client understands it: to whom it goes and what it says. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Bytes of a line, without its newline, that the subject takes. */
#define ATLAS_LAB_COMMAND_MOST_BYTES 4095

typedef struct
{
  char *line;   /* as it was given */
  char **path;  /* the forks that it is handed on to, from the first to the last; may be empty */
  char *thread; /* the thread that does it, or NULL for the first one */
  char **words; /* what is to be done, quotes undone; empty when @wrong */
  char *rest;   /* the same as it was written */
  char *wrong;  /* what is wrong with its quotes, or NULL */
} AtlasLabCommand;

/* Whether @line is one that an answer comes to. Errors: G_IO_ERROR_INVALID_ARGUMENT for what is
 * blank or a comment, too long, no UTF-8, or more than one line. */
gboolean atlas_lab_command_check (const char *line, GError **error);
/* Whether a line of a script says nothing: blank, or a comment. */
gboolean atlas_lab_command_is_blank (const char *line);

/* @line has been checked. */
AtlasLabCommand *atlas_lab_command_parse (const char *line);
void atlas_lab_command_free (AtlasLabCommand *self);

/* Appends @word to a line that is being written, in quotes where it needs them. */
void atlas_lab_command_append_word (GString *line, const char *word);

/* The names of @path with "/" between them; "" for the process itself. */
char *atlas_lab_command_dup_process (const AtlasLabCommand *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasLabCommand, atlas_lab_command_free)

G_END_DECLS
