/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Writes the files that a snapshot is read from. */

#include "recording.h"

#include "atlas-snapshot-private.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define ENTRY_PRESENT (G_GUINT64_CONSTANT (1) << 63)
#define ENTRY_FILE (G_GUINT64_CONSTANT (1) << 61)

#define NOBODY 65534

static const char status_text[] = "Name:\tshell\n"
                                  "State:\tS (sleeping)\n"
                                  "Tgid:\t4211\n"
                                  "Pid:\t4211\n"
                                  "PPid:\t1\n"
                                  "Uid:\t0\t0\t0\t0\n"
                                  "VmPeak:\t    8000 kB\n"
                                  "VmSize:\t    7680 kB\n"
                                  "VmLck:\t       0 kB\n"
                                  "VmPin:\t       0 kB\n"
                                  "VmHWM:\t    5400 kB\n"
                                  "VmRSS:\t    5224 kB\n"
                                  "RssAnon:\t    1900 kB\n"
                                  "RssFile:\t    3324 kB\n"
                                  "RssShmem:\t       0 kB\n"
                                  "VmData:\t    2500 kB\n"
                                  "VmStk:\t     132 kB\n"
                                  "VmExe:\t     700 kB\n"
                                  "VmLib:\t    2100 kB\n"
                                  "VmPTE:\t      60 kB\n"
                                  "VmSwap:\t       0 kB\n"
                                  "HugetlbPages:\t       0 kB\n"
                                  "Threads:\t1\n";

static const char stat_text[] =
    "4211 (shell) S 1 4211 4211 0 -1 4194304 100 0 2 0 3 4 0 0 20 0 1 0 8000 7864320 1306 "
    "18446744073709551615 1 2 3 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n";

static const char limits_text[] =
    "Limit                     Soft Limit           Hard Limit           Units     \n"
    "Max locked memory         8388608              8388608              bytes     \n";

static void
write_file (const char *directory, const char *file, const char *contents)
{
  g_autofree char *path = g_build_filename (directory, file, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, contents, -1, &error);
  g_assert_no_error (error);
}

Recording *
recording_new (gboolean with_pages)
{
  Recording *self = g_new0 (Recording, 1);
  g_autofree char *kernel = NULL;
  g_autoptr (GError) error = NULL;

  self->root = g_dir_make_tmp ("atlas-recording-XXXXXX", &error);
  g_assert_no_error (error);
  self->directory = g_strdup_printf ("%s/%d", self->root, RECORDING_PID);
  kernel = g_build_filename (self->root, "sys", "kernel", NULL);
  g_assert_cmpint (g_mkdir (self->directory, 0755), ==, 0);
  g_assert_cmpint (g_mkdir_with_parents (kernel, 0755), ==, 0);
  write_file (kernel, "osrelease", "6.18.99-recorded\n");
  write_file (self->root, "stat", "cpu  1 2 3 4\nbtime 1700000000\n");
  recording_write (self, "status", status_text);
  recording_write (self, "stat", stat_text);
  recording_write (self, "limits", limits_text);
  recording_write (self, "cmdline", "/bin/shell --login");
  self->maps = g_string_new (NULL);
  self->page_size = (guint64) sysconf (_SC_PAGESIZE);
  self->pagemap = -1;
  if (with_pages)
    {
      g_autofree char *path = g_build_filename (self->directory, "pagemap", NULL);
      self->pagemap = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
      g_assert_cmpint (self->pagemap, >=, 0);
    }
  return self;
}

/* Depth first; the tree is ours and has no links. */
static void
remove_tree (const char *path)
{
  g_autoptr (GDir) directory = g_dir_open (path, 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *inner = g_build_filename (path, name, NULL);
      remove_tree (inner);
    }
  g_assert_cmpint (g_remove (path), ==, 0);
}

void
recording_free (Recording *self)
{
  if (self->pagemap >= 0)
    close (self->pagemap);
  remove_tree (self->root);
  g_string_free (self->maps, TRUE);
  g_free (self->directory);
  g_free (self->root);
  g_free (self);
}

void
recording_write (Recording *self, const char *file, const char *contents)
{
  write_file (self->directory, file, contents);
}

/* The file is as long as the last region's last entry, or reading it would end early, and
 * elsewhere a hole. */
static void
write_entries (Recording *self,
               guint64 start,
               guint64 n_pages,
               guint64 n_resident,
               gboolean is_file)
{
  guint64 first = start / self->page_size;
  g_autofree guint64 *entries = g_new0 (guint64, n_pages);
  gsize length = (gsize) n_pages * sizeof *entries;

  for (guint64 i = 0; i < n_resident; i++)
    entries[i] = ENTRY_PRESENT | (is_file ? ENTRY_FILE : 0);
  g_assert_cmpint (pwrite (self->pagemap, entries, length, (off_t) (first * sizeof *entries)), ==,
                   (gssize) length);
}

void
recording_add (Recording *self,
               guint64 start,
               guint64 n_pages,
               const char *permissions,
               guint inode,
               const char *name,
               guint64 n_resident)
{
  guint64 end = start + n_pages * self->page_size;

  g_string_append_printf (self->maps,
                          "%08" G_GINT64_MODIFIER "x-%08" G_GINT64_MODIFIER "x %s 00000000 %s %u",
                          start, end, permissions, inode == 0 ? "00:00" : "08:01", inode);
  g_string_append_printf (self->maps, "%s%s\n", name[0] == '\0' ? "" : "    ", name);
  if (self->pagemap >= 0 && start <= G_MAXINT64)
    write_entries (self, start, n_pages, n_resident, inode != 0);
}

static guint64
add_library (Recording *self, guint64 start, guint inode, const char *name)
{
  static const struct
  {
    const char *permissions;
    guint64 n_pages, n_resident;
  } parts[] = {
    { "r--p", 38, 30 }, { "r-xp", 341, 200 }, { "r--p", 83, 40 }, { "r--p", 4, 4 }, { "rw-p", 2, 2 }
  };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      recording_add (self, start, parts[i].n_pages, parts[i].permissions, inode, name,
                     parts[i].n_resident);
      start += parts[i].n_pages * self->page_size;
    }
  return start;
}

void
recording_add_shell (Recording *self)
{
  guint64 next;

  recording_add (self, 0x55f01c080000, 47, "r--p", 11, "/usr/bin/shell", 40);
  recording_add (self, 0x55f01c0af000, 200, "r-xp", 11, "/usr/bin/shell", 180);
  recording_add (self, 0x55f01c177000, 60, "r--p", 11, "/usr/bin/shell", 10);
  recording_add (self, 0x55f01c1b4000, 4, "r--p", 11, "/usr/bin/shell", 4);
  recording_add (self, 0x55f01c1b8000, 9, "rw-p", 11, "/usr/bin/shell", 9);
  recording_add (self, 0x55f01c1c1000, 11, "rw-p", 0, "", 6);
  recording_add (self, 0x55f01c2e0000, 400, "rw-p", 0, "[heap]", 328);
  recording_add (self, 0x7f2c1a000000, 1024, "rw-p", 0, "", 0);
  next = add_library (self, 0x7f2c1b000000, 12, "/usr/lib/x86_64-linux-gnu/libc.so.6");
  recording_add (self, next, 13, "rw-p", 0, "", 5);
  add_library (self, 0x7f2c1b800000, 13, "/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2");
  recording_add (self, 0x7ffc10000000, 33, "rw-p", 0, "[stack]", 9);
  recording_add (self, 0x7ffc101f0000, 2, "r-xp", 0, "[vdso]", 1);
  recording_add (self, 0xffffffffff600000, 1, "--xp", 0, "[vsyscall]", 0);
}

void
recording_add_many (Recording *self, guint n)
{
  static const char *const permissions[] = { "r--p", "rw-p" };
  guint64 start = 0x7f0000000000;

  for (guint i = 0; i < n; i++)
    {
      guint64 n_pages = 1 + i % 8;

      recording_add (self, start, n_pages, permissions[i % 2], 0, "", i % (n_pages + 1));
      start += n_pages * self->page_size;
    }
}

void
recording_make_kernel_thread (Recording *self)
{
  recording_write (self, "status",
                   "Name:\tkworker/0:1\nState:\tI (idle)\nTgid:\t4211\nPid:\t4211\nPPid:\t2\n"
                   "Kthread:\t1\nUid:\t0\t0\t0\t0\nThreads:\t1\n");
  recording_write (self, "stat",
                   "4211 (kworker/0:1) I 2 0 0 0 -1 69238880 0 0 0 0 0 0 0 0 20 0 1 0 8000 0 0 0 "
                   "0 0 0 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n");
  recording_write (self, "cmdline", "");
}

void
recording_make_zombie (Recording *self)
{
  recording_write (self, "status",
                   "Name:\tshell\nState:\tZ (zombie)\nTgid:\t4211\nPid:\t4211\nPPid:\t1\n"
                   "Uid:\t0\t0\t0\t0\nThreads:\t1\n");
  recording_write (self, "stat",
                   "4211 (shell) Z 1 4211 4211 0 -1 4194304 100 0 2 0 3 4 0 0 20 0 1 0 8000 0 0 0 "
                   "0 0 0 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n");
  recording_write (self, "cmdline", "");
}

/* No file is closed to root, so root becomes somebody else while it reads. */
static void
set_denied (Recording *self, gboolean denied)
{
  g_autofree char *maps = g_build_filename (self->directory, "maps", NULL);

  if (!self->denied)
    return;
  if (!denied && geteuid () != getuid ())
    g_assert_cmpint (seteuid (getuid ()), ==, 0);
  g_assert_cmpint (g_chmod (self->root, 0755), ==, 0);
  g_assert_cmpint (g_chmod (maps, denied ? 0 : 0644), ==, 0);
  if (denied && geteuid () == 0)
    g_assert_cmpint (seteuid (NOBODY), ==, 0);
}

AtlasSnapshot *
recording_take (Recording *self)
{
  return recording_take_after (self, NULL);
}

AtlasSnapshot *
recording_take_after (Recording *self, AtlasSnapshot *before)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AtlasProcfs) procfs = NULL;
  g_autoptr (AtlasTarget) target = NULL;
  AtlasSnapshot *snapshot;

  recording_write (self, "maps", self->maps->str);
  procfs = atlas_procfs_new (self->root, &error);
  g_assert_no_error (error);
  target = atlas_target_new (procfs, RECORDING_PID, &error);
  g_assert_no_error (error);
  set_denied (self, TRUE);
  snapshot = atlas_snapshot_take (target, before, NULL, NULL, &error);
  set_denied (self, FALSE);
  g_assert_no_error (error);
  return snapshot;
}

void
recording_set_age (AtlasSnapshot *snapshot, guint64 start, guint64 end, gint64 age)
{
  gint64 time = age == ATLAS_AGE_UNREAD ? 0 : snapshot->monotonic - age;

  snapshot->interval = G_USEC_PER_SEC;
  snapshot->duration = 0;
  snapshot->unfinished |= age == ATLAS_AGE_UNREAD;
  atlas_page_ages_set (&snapshot->ages, start, end, time);
  atlas_snapshot_note_oldest (snapshot);
}
