/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Files are there whole or not at all, and what was there before outlives a failure. */

#include "atlas-export.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runner.h"

static gboolean
write_text (const char *folder, const char *name, const char *text, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return atlas_export_write_bytes (path, bytes, error);
}

static void
assert_holds (const char *folder, const char *name, const char *text)
{
  g_autofree char *contents = read_file (folder, name, NULL);

  g_assert_cmpstr (contents, ==, text);
}

static mode_t
get_mode (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  struct stat about;

  g_assert_cmpint (lstat (path, &about), ==, 0);
  return about.st_mode & 07777;
}

static void
assert_refused (const char *folder, const char *name, gint code, const char *why)
{
  g_autoptr (GError) error = NULL;
  guint before = count_files (folder);

  g_assert_false (write_text (folder, name, "new", &error));
  g_assert_error (error, G_IO_ERROR, code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, why));
  g_assert_cmpuint (count_files (folder), ==, before);
}

static void
test_new (void)
{
  auto_folder folder = make_folder ();
  g_autoptr (GError) error = NULL;
  mode_t mask = umask (027);

  g_assert_true (write_text (folder, "a.csv", "hello", &error));
  umask (mask);
  g_assert_no_error (error);
  assert_holds (folder, "a.csv", "hello");
  g_assert_cmpint (get_mode (folder, "a.csv"), ==, 0640);
  g_assert_cmpuint (count_files (folder), ==, 1);
}

static void
test_replace_keeps_mode (void)
{
  auto_folder folder = make_folder ();
  g_autofree char *path = g_build_filename (folder, "a.csv", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (write_text (folder, "a.csv", "a rather long old text", &error));
  g_assert_cmpint (g_chmod (path, 0606), ==, 0);
  g_assert_true (write_text (folder, "a.csv", "new", &error));
  assert_holds (folder, "a.csv", "new");
  g_assert_cmpint (get_mode (folder, "a.csv"), ==, 0606);
  g_assert_cmpuint (count_files (folder), ==, 1);
}

static void
test_long_name (void)
{
  auto_folder folder = make_folder ();
  g_autofree char *most = g_strnfill (251, 'n');
  g_autofree char *name = g_strconcat (most, ".csv", NULL);
  g_autofree char *too_long = g_strconcat ("nn", name, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (write_text (folder, name, "x", &error));
  assert_refused (folder, too_long, G_IO_ERROR_FILENAME_TOO_LONG, "too long");
}

static void
test_symbolic_link (void)
{
  auto_folder folder = make_folder ();
  g_autofree char *link = g_build_filename (folder, "link.csv", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (write_text (folder, "real.csv", "old", &error));
  g_assert_cmpint (symlink ("real.csv", link), ==, 0);
  g_assert_true (write_text (folder, "link.csv", "new", &error));
  g_assert_true (g_file_test (link, G_FILE_TEST_IS_SYMLINK));
  assert_holds (folder, "real.csv", "new");
}

static void
test_dangling_link (void)
{
  auto_folder folder = make_folder ();
  g_autofree char *link = g_build_filename (folder, "link.csv", NULL);

  g_assert_cmpint (symlink ("nothing", link), ==, 0);
  assert_refused (folder, "link.csv", G_IO_ERROR_NOT_FOUND, "leads nowhere");
}

static void
test_not_a_file (void)
{
  auto_folder folder = make_folder ();
  g_autofree char *subfolder = g_build_filename (folder, "sub.csv", NULL);
  g_autofree char *fifo = g_build_filename (folder, "fifo.csv", NULL);

  g_assert_cmpint (g_mkdir (subfolder, 0700), ==, 0);
  assert_refused (folder, "sub.csv", G_IO_ERROR_IS_DIRECTORY, "folder");
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  assert_refused (folder, "fifo.csv", G_IO_ERROR_NOT_REGULAR_FILE, "regular");
  assert_refused (folder, "nowhere/a.csv", G_IO_ERROR_NOT_FOUND, "nowhere/a.csv");
}

/* The name in the message is made safe. */
static void
test_hostile_name (void)
{
  auto_folder folder = make_folder ();
  g_autoptr (GError) error = NULL;

  g_assert_false (write_text (folder, "no\x1b[31m/\xff.csv", "x", &error));
  assert_is_safe (error->message, strlen (error->message));
  g_assert_nonnull (strstr (error->message, "\\x1b[31m/\\xff.csv"));
}

/* In a child, for the limit to be its own. */
static void
test_file_size_limit (void)
{
  auto_folder folder = make_folder ();
  const struct rlimit limit = { 16, 16 };
  g_autoptr (GError) error = NULL;
  int pid, status;

  g_assert_true (write_text (folder, "a.csv", "old", &error));
  pid = fork ();
  if (pid == 0)
    {
      signal (SIGXFSZ, SIG_IGN);
      setrlimit (RLIMIT_FSIZE, &limit);
      _exit (write_text (folder, "a.csv", "longer than sixteen bytes", &error) ? 1 : 0);
    }
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  assert_holds (folder, "a.csv", "old");
  g_assert_cmpuint (count_files (folder), ==, 1);
}

static void
test_full_disk (void)
{
  auto_folder folder = make_folder ();
  g_autofree char *big = g_strnfill (256 * 1024, 'x');
  g_autoptr (GError) error = NULL;

  /* In a name space of our own, the disk goes away with us. */
  if (unshare (CLONE_NEWNS) != 0 || mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0
      || mount ("atlas-test", folder, "tmpfs", 0, "size=64k") != 0)
    {
      g_test_skip_printf ("a small disk cannot be mounted: %s", g_strerror (errno));
      return;
    }
  g_assert_true (write_text (folder, "a.csv", "old", &error));
  g_assert_false (write_text (folder, "a.csv", big, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  assert_holds (folder, "a.csv", "old");
  g_assert_cmpuint (count_files (folder), ==, 1);
  g_assert_cmpint (umount (folder), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/export/file/new", test_new);
  g_test_add_func ("/export/file/replace-keeps-mode", test_replace_keeps_mode);
  g_test_add_func ("/export/file/long-name", test_long_name);
  g_test_add_func ("/export/file/symbolic-link", test_symbolic_link);
  g_test_add_func ("/export/file/dangling-link", test_dangling_link);
  g_test_add_func ("/export/file/not-a-file", test_not_a_file);
  g_test_add_func ("/export/file/hostile-name", test_hostile_name);
  g_test_add_func ("/export/file/file-size-limit", test_file_size_limit);
  g_test_add_func ("/export/file/full-disk", test_full_disk);
  return g_test_run ();
}
