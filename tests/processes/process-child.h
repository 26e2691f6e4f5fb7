/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A child that does what it is told and answers when it has: one order, one answer. */

#pragma once

#include <glib.h>
#include <sys/types.h>

G_BEGIN_DECLS

typedef enum
{
  CHILD_RENAME = 'n', /* to "renamed\n<b>" */
  CHILD_TOUCH = 't',  /* 16 MiB more */
  CHILD_LOCK = 'l',   /* locks a page */
  CHILD_THREADS = 'h',
  CHILD_NOBODY = 'u', /* becomes another user; only root can */
  CHILD_EXEC = 'e',   /* becomes "cat -u", which answers what it is written */
} ChildOrder;

typedef struct
{
  pid_t pid;
  int channel;
} Child;

#define CHILD_NAME "atlas-child"
#define CHILD_NEW_NAME "renamed\n<b>"
#define CHILD_TOUCH_KB (16 * 1024)
#define CHILD_N_THREADS 3

Child *child_new (void);
/* The same with a PID of one's choice; NULL with errno where that is not to be had. */
Child *child_new_with_pid (pid_t pid);
/* Waits until it was done and the child sleeps. Gives FALSE when the child says that it could not.
 */
gboolean child_order (Child *child, ChildOrder order);
/* Ends it; it stays a zombie until it is reaped. */
void child_end (Child *child);
void child_reap (Child *child);
/* Ends and reaps, if that was not done. */
void child_free (Child *child);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Child, child_free)

G_END_DECLS
