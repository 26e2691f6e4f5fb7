/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Starts memory-atlas-lab and talks to it, for tests. Every command is answered before the call
 * returns. An answer that is not of the form that was agreed fails the test, whatever it says. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _Subject Subject;

typedef struct
{
  char *line; /* all of it */
  gboolean ok;
  char *error;     /* "ENOMEM", or NULL */
  char *call;      /* "mlock", or NULL */
  char *text;      /* "Cannot allocate memory", or NULL */
  char **comments; /* without "# " */
  guint64 minor, major;
} SubjectAnswer;

void subject_answer_free (SubjectAnswer *self);
/* The value of @field as a number, decimal or hexadecimal; fails the test where there is none. */
guint64 subject_answer_get_number (const SubjectAnswer *self, const char *field);
/* The value as it stands, or NULL. (transfer full) */
char *subject_answer_get_word (const SubjectAnswer *self, const char *field);

/* The program without sanitizers, with default options. */
Subject *subject_new (void);
/* @program and its options, up to NULL; @as_nobody: as an ordinary user, if we are not one. */
Subject *subject_new_with (const char *program, const char *const *options, gboolean as_nobody);
/* Ends it and waits for it. */
void subject_free (Subject *self);
gint subject_get_pid (Subject *self);
/* What it said when it was ready. */
const SubjectAnswer *subject_get_greeting (Subject *self);

SubjectAnswer *subject_ask (Subject *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* It must be ok. */
void subject_do (Subject *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* The same; gives one field of the answer. */
guint64 subject_get (Subject *self, const char *field, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
char *subject_get_text (Subject *self, const char *field, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
/* It must fail, with an error whose line begins with "error @expected". */
void subject_fail (Subject *self, const char *expected, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

/* Bytes as they are, without a newline; and then one answer. */
void subject_send (Subject *self, const char *bytes, gsize length);
SubjectAnswer *subject_receive (Subject *self);
/* Closes its input. */
void subject_hang_up (Subject *self);
/* Closes its output, which can't be read any more. */
void subject_stop_reading (Subject *self);
/* The rest of its output, up to its end. */
char *subject_drain (Subject *self);
/* Waits until it has ended; gives the status as of waitpid. */
int subject_wait (Subject *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Subject, subject_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SubjectAnswer, subject_answer_free)

G_END_DECLS
