/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A program as a job in a terminal of its own. */

#pragma once

#include <glib.h>
#include <sys/types.h>

G_BEGIN_DECLS

typedef struct
{
  pid_t shell;
  int terminal; /* the other side of it: what is written here was typed */
  int reports;  /* a line "stopped" each time the job stops */
  gint job;     /* PID */
  gint pid;     /* of the subject of the tests, which the job runs */
} Session;

/* @argv: runs the subject, which must say "ready PID". */
Session session_start (const char *const *argv);
/* Waits for the end of the job; gives its exit status or -SIGNAL. */
int session_end (Session *session);

G_END_DECLS
