/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Opening a /proc and reading its files: limits, large files, and three ways not to get one. */

#include "atlas-error.h"
#include "atlas-procfs.h"

#include <glib/gstdio.h>
#include <linux/capability.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static AtlasProcfs *
open_live (void)
{
  g_autoptr (GError) error = NULL;
  AtlasProcfs *procfs = atlas_procfs_new ("/proc", &error);

  g_assert_no_error (error);
  return procfs;
}

static void
test_live (void)
{
  g_autoptr (AtlasProcfs) procfs = open_live ();
  g_autoptr (AtlasProcfs) again = atlas_procfs_ref (procfs);

  g_assert_true (atlas_procfs_is_live (procfs));
  g_assert_cmpint (atlas_procfs_get_fd (again), >=, 0);
}

static void
test_recorded (void)
{
  g_autofree char *root = g_test_build_filename (G_TEST_DIST, "fixtures", "shell", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (AtlasProcfs) procfs = atlas_procfs_new (root, &error);

  g_assert_no_error (error);
  g_assert_false (atlas_procfs_is_live (procfs));
}

static void
test_no_such_root (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (atlas_procfs_new ("/there/is/no/proc/here", &error));
  g_assert_error (error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_GONE);
}

static void
test_open_process (void)
{
  g_autoptr (AtlasProcfs) procfs = open_live ();
  g_autoptr (GError) error = NULL;
  int fd = atlas_procfs_open_process (procfs, getpid (), &error);

  g_assert_no_error (error);
  g_assert_cmpint (fd, >=, 0);
  close (fd);
  g_assert_cmpint (atlas_procfs_open_process (procfs, G_MAXINT, &error), ==, -1);
  g_assert_error (error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_GONE);
}

/* A file on disk of some size, read whole and cut. */
static void
test_limit (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *root = g_dir_make_tmp ("atlas-procfs-XXXXXX", &error);
  g_autofree char *path = g_build_filename (root, "file", NULL);
  g_autofree char *contents = g_malloc (100001);
  g_autoptr (GString) text = g_string_new ("what was there before");
  static const gsize limits[] = { 0, 1, 4095, 4096, 4097, 100000, 100001, 200000 };

  for (gsize i = 0; i < 100001; i++)
    contents[i] = (char) (i * 7);
  g_assert_true (g_file_set_contents (path, contents, 100001, &error));
  g_autoptr (AtlasProcfs) folder = atlas_procfs_new (root, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      int fd = atlas_procfs_get_fd (folder);
      g_assert_true (atlas_read_at (fd, "file", limits[i], text, &error));
      g_assert_no_error (error);
      g_assert_cmpmem (text->str, text->len, contents, MIN (limits[i], 100001));
      g_assert_cmpint (text->str[text->len], ==, '\0');
    }
  g_unlink (path);
  g_rmdir (root);
}

/* maps of a process with thousands of regions is read in thousands of pieces. */
static void
test_long_maps (void)
{
  enum
  {
    N = 4000
  };
  gsize page = (gsize) sysconf (_SC_PAGESIZE);
  g_autoptr (AtlasProcfs) procfs = open_live ();
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  char *memory = mmap (NULL, 2 * N * page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  guint n_lines = 0;

  g_assert_true (memory != MAP_FAILED);
  for (gsize i = 0; i < N; i++)
    g_assert_cmpint (mprotect (memory + 2 * i * page, page, PROT_NONE), ==, 0);
  g_assert_true (
      atlas_read_at (atlas_procfs_get_fd (procfs), "self/maps", G_MAXSIZE, text, &error));
  g_assert_no_error (error);
  for (gsize i = 0; i < text->len; i++)
    n_lines += text->str[i] == '\n';
  g_assert_cmpuint (n_lines, >=, 2 * N);
  g_assert_cmpint (text->str[text->len - 1], ==, '\n');
  munmap (memory, 2 * N * page);
}

static void
assert_error_of (const char *file, AtlasProcError code)
{
  g_autoptr (AtlasProcfs) procfs = open_live ();
  g_autoptr (GString) text = g_string_new ("something");
  g_autoptr (GError) error = NULL;

  g_assert_false (atlas_read_at (atlas_procfs_get_fd (procfs), file, G_MAXSIZE, text, &error));
  g_assert_error (error, ATLAS_PROC_ERROR, (gint) code);
  g_assert_cmpuint (text->len, ==, 0);
  g_assert_cmpstr (text->str, ==, "");
}

static void
test_errors (void)
{
  assert_error_of ("no/such/file", ATLAS_PROC_ERROR_GONE);
  assert_error_of ("self", ATLAS_PROC_ERROR_FAILED); /* a directory */
}

/* Without any capability even root may not look into a process that is not dumpable. */
static void
drop_privileges (void)
{
  struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
  struct __user_cap_data_struct none[2] = { { 0 } };

  g_assert_cmpint (syscall (SYS_capset, &header, none), ==, 0);
}

static pid_t
start_secretive_child (void)
{
  int ready[2];
  char byte;

  g_assert_cmpint (pipe (ready), ==, 0);
  pid_t pid = fork ();
  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    {
      prctl (PR_SET_DUMPABLE, 0);
      if (write (ready[1], "", 1) == 1)
        pause ();
      _exit (1);
    }
  g_assert_cmpint (read (ready[0], &byte, 1), ==, 1);
  close (ready[0]);
  close (ready[1]);
  return pid;
}

static void
test_denied (void)
{
  if (g_test_subprocess ())
    {
      drop_privileges ();
      pid_t pid = start_secretive_child ();
      g_autofree char *maps = g_strdup_printf ("%d/maps", pid);
      assert_error_of (maps, ATLAS_PROC_ERROR_DENIED);
      kill (pid, SIGKILL);
      waitpid (pid, NULL, 0);
      return;
    }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/procfs/live", test_live);
  g_test_add_func ("/model/procfs/recorded", test_recorded);
  g_test_add_func ("/model/procfs/no-such-root", test_no_such_root);
  g_test_add_func ("/model/procfs/open-process", test_open_process);
  g_test_add_func ("/model/procfs/limit", test_limit);
  g_test_add_func ("/model/procfs/long-maps", test_long_maps);
  g_test_add_func ("/model/procfs/errors", test_errors);
  g_test_add_func ("/model/procfs/denied", test_denied);
  return g_test_run ();
}
