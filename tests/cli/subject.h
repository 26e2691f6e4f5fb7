/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A process that did known things to its memory, and stands still while it is looked at. */

#pragma once

#include <glib.h>

#include "subject-facts.h"

G_BEGIN_DECLS

typedef struct
{
  int pid;
  char pid_text[16];
  guint64 anonymous; /* where its private mapping begins */
  guint64 shared;    /* where its shared one begins */
  int input;         /* it ends when this is closed */
} Subject;

/* @name: what it calls itself, or ""; @file: a file for it to make and to map, or NULL. It has been
 * stopped by SIGSTOP when this returns. */
Subject subject_start (const char *name, const char *file);
void subject_end (Subject *subject);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Subject, subject_end)

/* A whole file of /proc/PID, read by ourselves. */
char *subject_read (const Subject *subject, const char *file);

G_END_DECLS
