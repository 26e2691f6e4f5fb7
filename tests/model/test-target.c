/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A process keeps its identity: what is read after it ended is an error, never another process. */

#include "fixture.h"
#include "scratch.h"

#include "atlas-error.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static AtlasTarget *
open_live (gint pid)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AtlasProcfs) procfs = atlas_procfs_new ("/proc", &error);
  AtlasTarget *target = atlas_target_new (procfs, pid, &error);

  g_assert_no_error (error);
  return target;
}

/* A child that waits until it is killed. */
static pid_t
start_child (void)
{
  pid_t pid = fork ();

  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    for (;;)
      pause ();
  return pid;
}

static void
assert_all_gone (AtlasTarget *target)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) read_error = NULL, open_error = NULL, link_error = NULL;

  g_assert_false (atlas_target_is_alive (target));
  g_assert_false (atlas_target_read (target, "status", G_MAXSIZE, text, &read_error));
  g_assert_error (read_error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_GONE);
  g_assert_cmpint (atlas_target_open (target, "maps", &open_error), ==, -1);
  g_assert_error (open_error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_GONE);
  g_assert_null (atlas_target_read_link (target, "exe", &link_error));
  g_assert_error (link_error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_GONE);
}

static void
test_life_and_death (void)
{
  pid_t pid = start_child ();
  g_autoptr (AtlasTarget) target = open_live (pid);
  siginfo_t end;

  g_assert_cmpint (atlas_target_get_pid (target), ==, pid);
  g_assert_true (atlas_target_is_alive (target));
  kill (pid, SIGKILL);
  g_assert_cmpint (waitid (P_PID, (id_t) pid, &end, WEXITED | WNOWAIT), ==, 0);
  g_assert_true (atlas_target_is_alive (target)); /* a zombie is still there */
  g_assert_cmpint (waitpid (pid, NULL, 0), ==, pid);
  assert_all_gone (target);
}

static void
test_gone_before (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AtlasProcfs) procfs = atlas_procfs_new ("/proc", &error);

  g_assert_null (atlas_target_new (procfs, G_MAXINT, &error));
  g_assert_error (error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_GONE);
}

static void
test_read (void)
{
  g_autoptr (AtlasTarget) target = open_live (getpid ());
  g_autoptr (AtlasTarget) again = atlas_target_ref (target);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  char name[4096] = "";

  g_assert_true (atlas_target_read (again, "status", G_MAXSIZE, text, &error));
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (text->str, "Name:\t"));
  g_autofree char *exe = atlas_target_read_link (target, "exe", &error);
  g_assert_no_error (error);
  g_assert_cmpint (readlink ("/proc/self/exe", name, sizeof name - 1), >, 0);
  g_assert_cmpstr (exe, ==, name);
  int fd = atlas_target_open (target, "maps", &error);
  g_assert_no_error (error);
  close (fd);
  g_assert_true (atlas_procfs_is_live (atlas_target_get_procfs (target)));
}

/* The message names the process: it may be shown beside others. */
static void
test_message (void)
{
  g_autoptr (AtlasTarget) target = open_live (getpid ());
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *pid = g_strdup_printf ("%d", getpid ());

  g_assert_false (atlas_target_read (target, "no-such-file", G_MAXSIZE, text, &error));
  g_assert_nonnull (strstr (error->message, pid));
  g_assert_nonnull (strstr (error->message, "no-such-file"));
}

static void
test_recorded (void)
{
  g_autoptr (Fixture) fixture = fixture_new ("odd-names");
  g_autoptr (AtlasTarget) target = fixture_open (fixture);
  g_autofree char *exe = atlas_target_read_link (target, "exe", NULL);

  g_assert_cmpuint (atlas_target_get_start_time (target), >, 0);
  g_assert_true (atlas_target_is_alive (target));
  g_assert_cmpstr (exe, ==, "/opt/demo/odd\nname (deleted)");
}

/* The same PID, another start time: another process. */
static void
test_start_time (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autoptr (AtlasTarget) target = scratch_open (scratch);

  g_assert_cmpuint (atlas_target_get_start_time (target), ==, 5);
  scratch_write (scratch, "maps", "");
  g_assert_true (atlas_target_is_alive (target));
  scratch_write_stat (scratch, 6);
  g_assert_false (atlas_target_is_alive (target));
}

static void
test_malformed (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autoptr (AtlasProcfs) procfs = atlas_procfs_new (scratch->root, NULL);
  g_autoptr (GError) error = NULL;

  scratch_write (scratch, "stat", "7 scratch\n");
  g_assert_null (atlas_target_new (procfs, 7, &error));
  g_assert_error (error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_MALFORMED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/target/life-and-death", test_life_and_death);
  g_test_add_func ("/model/target/gone-before", test_gone_before);
  g_test_add_func ("/model/target/read", test_read);
  g_test_add_func ("/model/target/message", test_message);
  g_test_add_func ("/model/target/recorded", test_recorded);
  g_test_add_func ("/model/target/start-time", test_start_time);
  g_test_add_func ("/model/target/malformed", test_malformed);
  return g_test_run ();
}
