/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Runs the built memory-atlas-cli as a person or a script would, and tells what came of it. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  int status;   /* exit status; -SIGNAL when a signal ended it */
  char *out;    /* standard output, NUL-terminated */
  gsize length; /* its bytes */
  char *err;    /* standard error */
} Outcome;

void outcome_clear (Outcome *outcome);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, outcome_clear)

/* Arguments up to NULL. */
Outcome run_cli (const char *argument, ...) G_GNUC_NULL_TERMINATED;
Outcome run_cli_v (const char *const *arguments);
/* The same as the user nobody. Only root can; see can_be_nobody(). */
Outcome run_cli_as_nobody (const char *argument, ...) G_GNUC_NULL_TERMINATED;
/* With standard output going to @fd, which is taken. */
Outcome run_cli_into (int fd, const char *argument, ...) G_GNUC_NULL_TERMINATED;
/* FALSE after skipping the test with the reason. */
gboolean can_be_nobody (void);
/* Any program found in PATH. */
Outcome run_program (const char *const *argv);

/* Exit status, and nothing but one clean line on standard error. */
void assert_fails (const Outcome *outcome, int status, const char *mentioned);
void assert_succeeds (const Outcome *outcome);
/* Valid UTF-8 without any control character but newline (and carriage return before one). */
void assert_is_safe (const char *text, gsize length);

/* A new folder for the test; removed with all in it by remove_folder(). */
char *make_folder (void);
void remove_folder (const char *folder);
G_GNUC_UNUSED static inline void
remove_and_free (char **folder)
{
  if (*folder != NULL)
    remove_folder (*folder);
  g_free (*folder);
}
#define auto_folder __attribute__ ((cleanup (remove_and_free))) char *
/* Names in @folder, hidden ones included. */
guint count_files (const char *folder);
char *read_file (const char *folder, const char *name, gsize *length);

G_END_DECLS
