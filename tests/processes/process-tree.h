/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A recorded /proc that a test writes itself: what it put there is what must be read. */

#pragma once

#include <glib.h>

#include "atlas-procfs.h"

G_BEGIN_DECLS

typedef struct
{
  gint pid;
  guint64 start_time;
  const char *name;                         /* raw bytes */
  const char *command;                      /* arguments, "|" between them; NULL: no such file */
  char state;                               /* 0: S */
  guint uid, threads;                       /* threads 0: 1 */
  guint64 vm_size, vm_rss, vm_swap, vm_lck; /* kB */
  guint64 start_stack;
  gboolean kernel_thread;
} TreeProcess;

typedef struct
{
  char *root;
  AtlasProcfs *procfs;
} ProcessTree;

ProcessTree *process_tree_new (void);
void process_tree_free (ProcessTree *tree);
/* Writes it, in the place of one with the same PID. */
void process_tree_put (ProcessTree *tree, const TreeProcess *process);
/* Writes one file of a process as it is given. */
void process_tree_put_file (ProcessTree *tree,
                            gint pid,
                            const char *file,
                            const char *data,
                            gssize length);
void process_tree_make_directory (ProcessTree *tree, const char *name);
void process_tree_remove (ProcessTree *tree, gint pid);
/* Path of a process's directory. */
char *process_tree_get_path (ProcessTree *tree, gint pid);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ProcessTree, process_tree_free)

G_END_DECLS
