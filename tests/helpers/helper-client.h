/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Starts atlas-helper and talks to it, for tests. Every command is answered before the call
 * returns, so what was asked for is done. A command that is refused fails the test, except where
 * it is said that it may be. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _Helper Helper;

Helper *helper_new (void);
/* Ends it and waits for it. */
void helper_free (Helper *self);
gint helper_get_pid (Helper *self);
guint64 helper_get_page_size (Helper *self);

/* Does one command; gives the answer without its "ok ". */
char *helper_run (Helper *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* The same, where the answer is of no interest. */
void helper_do (Helper *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* The same, but gives NULL and the reason if it was refused. */
char *helper_try (Helper *self, char **reason, const char *format, ...) G_GNUC_PRINTF (3, 4);
/* "map NAME PAGES OPTIONS"; gives the address. */
guint64 helper_map (Helper *self, const char *name, guint64 pages, const char *options);
/* A command whose answer is a number: "fork", "zombie", "thread". */
gint helper_run_number (Helper *self, const char *command);

/* Has it start itself anew: the same process with other memory. */
void helper_exec (Helper *self);

/* Stops it and waits until it is stopped: nothing of it changes until it goes on. */
void helper_stop (Helper *self);
void helper_continue (Helper *self);
/* Kills it, and reaps it if @reap. */
void helper_kill (Helper *self, gboolean reap);

/* Whether this kernel maps its page of zeros where private memory is read before it was written.
 * Some guests of a hypervisor do without it: there such a page is at once one of the process's own,
 * as if it had been written. */
gboolean helper_has_zero_page (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Helper, helper_free)

G_END_DECLS
