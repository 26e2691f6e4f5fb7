/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Killed by the kernel for lack of memory: a real cgroup with a real limit. Skipped where none can
 * be made. */

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "atlas-lab-oom.h"
#include "lab-driver.h"

#define LIMIT "67108864"

typedef struct
{
  char *directory; /* NULL: the reason why there is none is in @problem */
  const char *problem;
  AtlasLab *lab;
} Fixture;

static gboolean
write_file (const char *directory, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);

  /* not by g_file_set_contents(), which writes another file and renames it */
  FILE *file = g_fopen (path, "w");
  gboolean done = file != NULL && fputs (text, file) >= 0;

  return (file == NULL || fclose (file) == 0) && done;
}

static char *
find_top (gboolean *unified)
{
  g_autofree char *cgroup = NULL;
  g_autofree char *mounts = NULL;
  g_autofree char *own = NULL;
  char *top = NULL;

  if (g_file_get_contents ("/proc/self/cgroup", &cgroup, NULL, NULL)
      && g_file_get_contents ("/proc/self/mountinfo", &mounts, NULL, NULL))
    own = atlas_lab_cgroup_find (cgroup, mounts, &top, unified);
  return top;
}

static gboolean
limit (const char *directory, gboolean unified)
{
  if (unified)
    {
      write_file (directory, "memory.swap.max", "0");
      return write_file (directory, "memory.max", LIMIT);
    }
  return write_file (directory, "memory.limit_in_bytes", LIMIT);
}

static void
make_cgroup (Fixture *self)
{
  gboolean unified = FALSE;
  g_autofree char *top = find_top (&unified);
  g_autofree char *name = g_strdup_printf ("atlas-lab-%d", (int) getpid ());

  if (top == NULL)
    {
      self->problem = "there is no memory cgroup";
      return;
    }
  self->directory = g_build_filename (top, name, NULL);
  if (g_mkdir (self->directory, 0755) == 0 && limit (self->directory, unified))
    return;
  self->problem = "no memory cgroup can be made";
  g_rmdir (self->directory);
  g_clear_pointer (&self->directory, g_free);
}

static void
move (Fixture *self, gint pid)
{
  g_autofree char *text = g_strdup_printf ("%d", pid);

  g_assert_true (write_file (self->directory, "cgroup.procs", text));
}

static void
set_up (Fixture *self, gconstpointer data)
{
  make_cgroup (self);
  if (self->directory == NULL)
    return;
  self->lab = driver_new ();
  driver_start (self->lab);
  move (self, atlas_lab_get_pid (self->lab));
}

static gboolean
is_removed (gpointer directory)
{
  return g_rmdir (directory) == 0;
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  if (self->directory == NULL)
    return;
  driver_free (self->lab);
  driver_wait (is_removed, self->directory);
  g_free (self->directory);
}

static gboolean
skips (Fixture *self)
{
  if (self->directory == NULL)
    g_test_skip (self->problem);
  return self->directory == NULL;
}

#define ENDING "killed by the kernel: out of memory in its memory cgroup (limit 64 MiB)"

static void
test_killed (Fixture *self, gconstpointer data)
{
  g_autoptr (AtlasLabEvent) event = NULL;

  if (skips (self))
    return;
  driver_give (self->lab, "mmap m 200M");
  event = driver_run (self->lab, "touch m write");
  g_assert_false (atlas_lab_event_get_ok (event));
  g_assert_cmpstr (atlas_lab_event_get_error_name (event), ==, "SIGKILL");
  g_assert_cmpstr (atlas_lab_event_get_ending (event), ==, ENDING);
  driver_wait_for_state (self->lab, ATLAS_LAB_ENDED);
  g_assert_cmpstr (atlas_lab_get_ending (self->lab), ==, ENDING);
}

/* The one that takes the memory goes; the lab goes on. */
static void
test_fork_killed (Fixture *self, gconstpointer data)
{
  g_autoptr (AtlasLabEvent) event = NULL;

  if (skips (self))
    return;
  driver_give (self->lab, "mmap m 200M");
  driver_give (self->lab, "fork kid");
  event = driver_run (self->lab, "child kid touch m write");
  g_assert_false (atlas_lab_event_get_ok (event));
  g_assert_cmpstr (atlas_lab_event_get_ending (event), ==, ENDING);
  g_assert_cmpint (atlas_lab_get_state (self->lab), ==, ATLAS_LAB_READY);
  g_assert_cmpuint (g_list_model_get_n_items (atlas_lab_get_processes (self->lab)), ==, 1);
  driver_give (self->lab, "touch m read first");
}

/* By hand, though there was a kill before. */
static void
test_by_hand (Fixture *self, gconstpointer data)
{
  g_autoptr (AtlasLabEvent) event = NULL;

  if (skips (self))
    return;
  driver_give (self->lab, "mmap m 200M");
  driver_give (self->lab, "fork kid");
  event = driver_run (self->lab, "child kid touch m write");
  g_assert_cmpstr (atlas_lab_event_get_ending (event), ==, ENDING);
  driver_give (self->lab, "touch m read first");
  kill (atlas_lab_get_pid (self->lab), SIGKILL);
  driver_wait_for_state (self->lab, ATLAS_LAB_ENDED);
  g_assert_cmpstr (atlas_lab_get_ending (self->lab), ==, "killed by SIGKILL");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/lab/oom/killed", Fixture, NULL, set_up, test_killed, tear_down);
  g_test_add ("/lab/oom/fork-killed", Fixture, NULL, set_up, test_fork_killed, tear_down);
  g_test_add ("/lab/oom/by-hand", Fixture, NULL, set_up, test_by_hand, tear_down);
  return g_test_run ();
}
