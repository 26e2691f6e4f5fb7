/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Processes that may not be read, or not wholly, and recorded ones: what is missing is said. */

#include <glib/gstdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "atlas-error.h"
#include "live-common.h"

#define NOBODY 65534

/* Runs @check in a child without privileges; its assertions end it with another status. The child
 * does not come back to the test program. */
static void
run_as_nobody (void (*check) (gint pid), gint pid)
{
  pid_t child = fork ();
  int status;

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      if (setgid (NOBODY) != 0 || setuid (NOBODY) != 0 || prctl (PR_SET_DUMPABLE, 1) != 0)
        _exit (2);
      check (pid);
      _exit (0);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

static gboolean
skip_unless_root (void)
{
  if (geteuid () == 0)
    return FALSE;
  g_test_skip ("becoming another user takes root");
  return TRUE;
}

/* Everything that may be read of any process is there, and nothing else. */
static AtlasSnapshot *
take_denied (gint pid)
{
  g_autoptr (AtlasTarget) target = live_open (pid);
  AtlasSnapshot *snapshot = live_take (target, NULL, ATLAS_PAGE_METHOD_AUTO);

  g_assert_cmpint (atlas_snapshot_get_access (snapshot), ==, ATLAS_ACCESS_DENIED);
  g_assert_cmpuint (atlas_snapshot_get_n_regions (snapshot), ==, 0);
  g_assert_false (atlas_snapshot_is_complete (snapshot));
  g_assert_true (atlas_status_has (atlas_snapshot_get_status (snapshot), ATLAS_COUNTER_VM_RSS));
  g_assert_nonnull (atlas_limits_find (atlas_snapshot_get_limits (snapshot), "memlock"));
  return snapshot;
}

static void
check_other_user (gint pid)
{
  g_autoptr (AtlasSnapshot) snapshot = take_denied (pid);

  g_assert_true (live_has_problem (snapshot, "belongs to root"));
}

static void
test_other_user (void)
{
  g_autoptr (Helper) helper = NULL;

  if (skip_unless_root ())
    return;
  helper = helper_new ();
  run_as_nobody (check_other_user, helper_get_pid (helper));
}

static void
check_own_undumpable (gint pid)
{
  g_autoptr (AtlasSnapshot) snapshot = take_denied (pid);

  g_assert_true (live_has_problem (snapshot, "This process is yours"));
}

static void
test_own_undumpable (void)
{
  g_autoptr (Helper) helper = NULL;

  g_test_summary ("One's own process, but it changed its user");

  if (skip_unless_root ())
    return;
  helper = helper_new ();
  helper_do (helper, "user %d", NOBODY);
  run_as_nobody (check_own_undumpable, helper_get_pid (helper));
}

/* With a helper of its own: entries tell what is resident, but not zero from other shared pages. */
static void
check_unprivileged (gint pid)
{
  g_autoptr (Helper) helper = helper_new ();
  g_autoptr (AtlasTarget) target = live_open (helper_get_pid (helper));
  guint64 a = helper_map (helper, "a", 5, "");
  g_autoptr (AtlasSnapshot) by_entries = NULL;

  helper_do (helper, "nohugepage a 0 5");
  helper_do (helper, "read a 1 1");
  helper_do (helper, "write a 3 1");
  by_entries = live_take (target, NULL, ATLAS_PAGE_METHOD_PREAD);
  live_assert_pages (by_entries, a, helper_has_zero_page () ? ".A.a." : ".a.a.");
  g_assert_cmpuint (atlas_snapshot_get_told (by_entries) & (ATLAS_PAGE_ZERO | ATLAS_PAGE_HUGE), ==,
                    0);
  g_assert_true (live_has_problem (by_entries, "PAGEMAP_SCAN"));
  g_assert_true (atlas_snapshot_is_complete (by_entries));
  if (live_can_scan ())
    {
      g_autoptr (AtlasSnapshot) scanned = live_take (target, NULL, ATLAS_PAGE_METHOD_SCAN);

      live_assert_pages (scanned, a, ".z.a.");
      g_assert_null (atlas_snapshot_get_problems (scanned)[0]);
    }
}

static void
try_helper (gint pid)
{
  g_autofree char *path = g_test_build_filename (G_TEST_BUILT, "helpers", "atlas-helper", NULL);

  _exit (g_access (path, X_OK) == 0 ? 0 : 1);
}

static gboolean
can_nobody_run_helper (void)
{
  pid_t child = fork ();
  int status;

  if (child == 0)
    {
      if (setuid (NOBODY) != 0)
        _exit (1);
      try_helper (0);
    }
  waitpid (child, &status, 0);
  return WIFEXITED (status) && WEXITSTATUS (status) == 0;
}

static gpointer
kill_thread (gpointer helper)
{
  g_usleep ((gulong) g_random_int_range (0, 1500));
  helper_kill (helper, FALSE);
  return NULL;
}

/* Takes snapshots of a process until it has ended. */
static void
watch_to_end (Helper *helper, guint64 address, const char *expected)
{
  g_autoptr (AtlasTarget) target = live_open (helper_get_pid (helper));
  GThread *killer = g_thread_new ("killer", kill_thread, helper);
  AtlasAccess access = ATLAS_ACCESS_FULL;

  while (access == ATLAS_ACCESS_FULL)
    {
      g_autoptr (AtlasSnapshot) snapshot = live_take (target, NULL, ATLAS_PAGE_METHOD_AUTO);

      access = atlas_snapshot_get_access (snapshot);
      if (access == ATLAS_ACCESS_FULL)
        live_assert_pages (snapshot, address, expected);
    }
  g_assert_cmpint (access, ==, ATLAS_ACCESS_ZOMBIE);
  g_thread_join (killer);
}

static void
check_dying (gint pid)
{
  g_autofree char *expected = g_strnfill (64, 'a');

  for (guint i = 0; i < live_get_rounds (50, 500); i++)
    {
      g_autoptr (Helper) helper = helper_new ();
      guint64 a = helper_map (helper, "a", 64, "");

      helper_do (helper, "write a 0 64");
      watch_to_end (helper, a, expected);
    }
}

static void
test_dying (void)
{
  g_test_summary (
      "What ends while it is read is never shown as alive without memory, or as denied");

  check_dying (0);
}

static void
test_dying_unprivileged (void)
{
  g_test_summary ("The files of a process that has given back its memory belong to root");

  if (skip_unless_root ())
    return;
  if (!can_nobody_run_helper ())
    {
      g_test_skip ("the build directory is closed to other users");
      return;
    }
  run_as_nobody (check_dying, 0);
}

static void
test_unprivileged (void)
{
  if (skip_unless_root ())
    return;
  if (!can_nobody_run_helper ())
    {
      g_test_skip ("the build directory is closed to other users");
      return;
    }
  run_as_nobody (check_unprivileged, 0);
}

/* A recording of a living process: some of its files, copied. */
typedef struct
{
  char *root;
  char *directory;
  gint pid;
} Recording;

static const char *const recorded_files[] = { "status", "stat", "limits", "maps", "cmdline" };

static void
recording_init (Recording *recording, gint pid)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *number = g_strdup_printf ("%d", pid);

  recording->pid = pid;
  recording->root = g_dir_make_tmp ("atlas-live-XXXXXX", &error);
  g_assert_no_error (error);
  recording->directory = g_build_filename (recording->root, number, NULL);
  g_assert_cmpint (g_mkdir (recording->directory, 0755), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (recorded_files); i++)
    {
      g_autofree char *from = g_build_filename ("/proc", number, recorded_files[i], NULL);
      g_autofree char *to = g_build_filename (recording->directory, recorded_files[i], NULL);
      g_autofree char *text = NULL;
      gsize length;

      g_file_get_contents (from, &text, &length, &error);
      g_assert_no_error (error);
      g_file_set_contents (to, text, (gssize) length, &error);
      g_assert_no_error (error);
    }
}

static void
recording_write (Recording *recording, const char *file, const char *text)
{
  g_autofree char *path = g_build_filename (recording->directory, file, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static void
recording_clear (Recording *recording)
{
  for (guint i = 0; i < G_N_ELEMENTS (recorded_files); i++)
    {
      g_autofree char *path = g_build_filename (recording->directory, recorded_files[i], NULL);

      g_unlink (path);
    }
  g_rmdir (recording->directory);
  g_rmdir (recording->root);
  g_free (recording->directory);
  g_free (recording->root);
}

static AtlasTarget *
recording_open (Recording *recording)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AtlasProcfs) procfs = atlas_procfs_new (recording->root, &error);
  AtlasTarget *target;

  g_assert_no_error (error);
  target = atlas_target_new (procfs, recording->pid, &error);
  g_assert_no_error (error);
  return target;
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Recording, recording_clear)

static void
test_recording (void)
{
  g_autoptr (Helper) helper = helper_new ();
  g_autoptr (AtlasSnapshot) live = NULL;
  g_autoptr (AtlasSnapshot) recorded = NULL;
  g_autoptr (AtlasTarget) target = NULL;
  g_auto (Recording) recording;

  g_test_summary ("A recording without pagemap: the regions, and unknown pages");

  helper_stop (helper);
  live = live_take_helper (helper);
  recording_init (&recording, helper_get_pid (helper));
  target = recording_open (&recording);
  recorded = live_take (target, NULL, ATLAS_PAGE_METHOD_AUTO);
  g_assert_cmpint (atlas_snapshot_get_access (recorded), ==, ATLAS_ACCESS_FULL);
  g_assert_cmpuint (atlas_snapshot_get_n_regions (recorded), ==,
                    atlas_snapshot_get_n_regions (live));
  g_assert_cmpuint (atlas_snapshot_get_counts (recorded)->unknown, ==,
                    atlas_snapshot_get_counts (live)->pages);
  g_assert_cmpuint (atlas_snapshot_get_status (recorded)->kb[ATLAS_COUNTER_VM_RSS], ==,
                    atlas_snapshot_get_status (live)->kb[ATLAS_COUNTER_VM_RSS]);
  g_assert_cmpstr (atlas_snapshot_get_command (recorded), ==, atlas_snapshot_get_command (live));
  g_assert_cmpuint (atlas_snapshot_get_told (recorded), ==, 0);
  g_assert_false (atlas_snapshot_is_complete (recorded));
  g_assert_true (live_has_problem (recorded, "recording without pagemap"));
}

static void
test_torn (void)
{
  g_autoptr (Helper) helper = helper_new ();
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  g_autoptr (AtlasTarget) target = NULL;
  g_auto (Recording) recording;

  recording_init (&recording, helper_get_pid (helper));
  recording_write (&recording, "maps",
                   "10000000-10010000 rw-p 00000000 00:00 0 \n"
                   "10008000-10020000 rw-p 00000000 00:00 0 \n"
                   "what is this\n"
                   "10030000-10040000 rw-p 00000000 00:00 0 \n");
  target = recording_open (&recording);
  snapshot = live_take (target, NULL, ATLAS_PAGE_METHOD_AUTO);
  live_check_shape (snapshot);
  g_assert_cmpuint (atlas_snapshot_get_n_regions (snapshot), ==, 3);
  g_assert_false (atlas_snapshot_is_complete (snapshot));
  g_assert_true (live_has_problem (snapshot, "overlapped"));
  g_assert_true (live_has_problem (snapshot, "made no sense"));
}

static void
test_empty_maps (void)
{
  g_autoptr (Helper) helper = helper_new ();
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  g_autoptr (AtlasTarget) target = NULL;
  g_auto (Recording) recording;

  recording_init (&recording, helper_get_pid (helper));
  recording_write (&recording, "maps", "");
  target = recording_open (&recording);
  snapshot = live_take (target, NULL, ATLAS_PAGE_METHOD_AUTO);
  g_assert_cmpuint (atlas_snapshot_get_n_regions (snapshot), ==, 0);
  g_assert_false (atlas_snapshot_is_complete (snapshot));
  g_assert_true (live_has_problem (snapshot, "empty"));
}

static void
test_other_process (void)
{
  g_autoptr (Helper) helper = helper_new ();
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  g_autoptr (AtlasTarget) target = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Recording) recording;

  g_test_summary ("The same number with another start time is another process");

  recording_init (&recording, helper_get_pid (helper));
  target = recording_open (&recording);
  recording_write (&recording, "stat",
                   "1 (x) S 1 1 1 0 -1 0 1 0 0 0 1 1 0 0 20 0 1 0 7 1000 10 0 1 1 1 1 1 0 0 0 0 0 "
                   "0 0 0 17 0 0 0 0 0 0 1 1 1 1 1 1 1 0\n");
  snapshot = atlas_snapshot_take (target, NULL, NULL, NULL, &error);
  g_assert_error (error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_GONE);
  g_assert_null (snapshot);
}

static void
test_malformed (void)
{
  g_autoptr (Helper) helper = helper_new ();
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  g_autoptr (AtlasTarget) target = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Recording) recording;

  recording_init (&recording, helper_get_pid (helper));
  target = recording_open (&recording);
  recording_write (&recording, "status", "what is this\n");
  snapshot = atlas_snapshot_take (target, NULL, NULL, NULL, &error);
  g_assert_error (error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_MALFORMED);
  g_assert_null (snapshot);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/live/access/other-user", test_other_user);
  g_test_add_func ("/live/access/own-undumpable", test_own_undumpable);
  g_test_add_func ("/live/access/unprivileged", test_unprivileged);
  g_test_add_func ("/live/access/dying", test_dying);
  g_test_add_func ("/live/access/dying-unprivileged", test_dying_unprivileged);
  g_test_add_func ("/live/access/recording", test_recording);
  g_test_add_func ("/live/access/torn", test_torn);
  g_test_add_func ("/live/access/empty-maps", test_empty_maps);
  g_test_add_func ("/live/access/other-process", test_other_process);
  g_test_add_func ("/live/access/malformed", test_malformed);

  return g_test_run ();
}
