/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Writes status and stat the way fs/proc/array.c does, with lines around them that are not ours. */

#include "process-tree.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

/* status escapes newline and backslash; stat does not. */
static char *
escape_name (const char *name)
{
  g_autoptr (GString) escaped = g_string_new (name);

  g_string_replace (escaped, "\\", "\\\\", 0);
  g_string_replace (escaped, "\n", "\\n", 0);
  return g_strdup (escaped->str);
}

static void
append_memory (GString *text, const TreeProcess *process)
{
  g_string_append_printf (text,
                          "VmPeak:\t%8" G_GUINT64_FORMAT " kB\nVmSize:\t%8" G_GUINT64_FORMAT
                          " kB\nVmLck:\t%8" G_GUINT64_FORMAT " kB\nVmPin:\t       0 kB\n",
                          process->vm_size, process->vm_size, process->vm_lck);
  g_string_append_printf (text,
                          "VmHWM:\t%8" G_GUINT64_FORMAT " kB\nVmRSS:\t%8" G_GUINT64_FORMAT
                          " kB\nRssAnon:\t%8" G_GUINT64_FORMAT " kB\nVmSwap:\t%8" G_GUINT64_FORMAT
                          " kB\n",
                          process->vm_rss, process->vm_rss, process->vm_rss, process->vm_swap);
}

static char *
make_status (const TreeProcess *process)
{
  g_autofree char *name = escape_name (process->name);
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (text,
                          "Name:\t%s\nUmask:\t0022\nState:\t%c (some)\nTgid:\t%d\nNgid:\t0\n"
                          "Pid:\t%d\nPPid:\t1\nTracerPid:\t0\nUid:\t%u\t77\t78\t79\n"
                          "Gid:\t0\t0\t0\t0\nFDSize:\t64\nGroups:\t0 4 24 \nKthread:\t%d\n",
                          name, process->state, process->pid, process->pid, process->uid,
                          process->kernel_thread ? 1 : 0);
  if (!process->kernel_thread && process->state != 'Z')
    append_memory (text, process);
  g_string_append_printf (text, "CoreDumping:\t0\nThreads:\t%u\nSigQ:\t0/96365\n",
                          process->threads);
  return g_strdup (text->str);
}

static char *
make_stat (const TreeProcess *process)
{
  return g_strdup_printf ("%d (%s) %c 1 1 1 0 -1 %u 11 0 12 0 1 2 0 0 20 0 %u 0 %" G_GUINT64_FORMAT
                          " 1000 10 18446744073709551615 4096 8192 %" G_GUINT64_FORMAT
                          " 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0 1 2 3 4 5 6 7 0\n",
                          process->pid, process->name, process->state,
                          process->kernel_thread ? 0x00208040u : 0x00400000u, process->threads,
                          process->start_time, process->start_stack);
}

static void
put_command (ProcessTree *tree, gint pid, const char *command)
{
  g_autofree char *bytes = g_strdup (command);
  gsize length = strlen (bytes);

  for (gsize i = 0; i < length; i++)
    if (bytes[i] == '|')
      bytes[i] = '\0';
  process_tree_put_file (tree, pid, "cmdline", bytes, length > 0 ? (gssize) length + 1 : 0);
}

static void
remove_file (const char *path)
{
  g_chmod (path, 0700);
  g_autoptr (GDir) directory = g_dir_open (path, 0, NULL);

  for (const char *name = directory != NULL ? g_dir_read_name (directory) : NULL; name != NULL;
       name = g_dir_read_name (directory))
    {
      g_autofree char *inside = g_build_filename (path, name, NULL);
      remove_file (inside);
    }
  g_assert_cmpint (g_remove (path), ==, 0);
}

ProcessTree *
process_tree_new (void)
{
  g_autoptr (GError) error = NULL;
  ProcessTree *tree = g_new0 (ProcessTree, 1);

  tree->root = g_dir_make_tmp ("atlas-processes-XXXXXX", &error);
  g_assert_no_error (error);
  tree->procfs = atlas_procfs_new (tree->root, &error);
  g_assert_no_error (error);
  return tree;
}

void
process_tree_free (ProcessTree *tree)
{
  remove_file (tree->root);
  atlas_procfs_unref (tree->procfs);
  g_free (tree->root);
  g_free (tree);
}

char *
process_tree_get_path (ProcessTree *tree, gint pid)
{
  return g_strdup_printf ("%s/%d", tree->root, pid);
}

void
process_tree_make_directory (ProcessTree *tree, const char *name)
{
  g_autofree char *path = g_build_filename (tree->root, name, NULL);
  g_assert_cmpint (g_mkdir_with_parents (path, 0755), ==, 0);
}

void
process_tree_put_file (ProcessTree *tree,
                       gint pid,
                       const char *file,
                       const char *data,
                       gssize length)
{
  g_autofree char *directory = process_tree_get_path (tree, pid);
  g_autofree char *path = g_build_filename (directory, file, NULL);

  g_assert_cmpint (g_mkdir_with_parents (directory, 0755), ==, 0);
  FILE *stream = g_fopen (path, "we");
  g_assert_nonnull (stream);
  gsize size = length < 0 ? strlen (data) : (gsize) length;
  g_assert_cmpuint (fwrite (data, 1, size, stream), ==, size);
  g_assert_cmpint (fclose (stream), ==, 0);
}

void
process_tree_put (ProcessTree *tree, const TreeProcess *process)
{
  TreeProcess whole = *process;

  whole.state = process->state != '\0' ? process->state : 'S';
  whole.threads = process->threads != 0 ? process->threads : 1;
  g_autofree char *status = make_status (&whole);
  g_autofree char *stat = make_stat (&whole);
  process_tree_put_file (tree, process->pid, "status", status, -1);
  process_tree_put_file (tree, process->pid, "stat", stat, -1);
  if (process->command != NULL)
    put_command (tree, process->pid, process->command);
}

void
process_tree_remove (ProcessTree *tree, gint pid)
{
  g_autofree char *path = process_tree_get_path (tree, pid);
  remove_file (path);
}
