/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One reading of all processes, from trees of which the test knows every byte. */

#include "atlas-config.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <grp.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "atlas-error.h"
#include "atlas-process-scan.h"
#include "process-tree.h"

#define NOBODY 65534

static GPtrArray *
scan (ProcessTree *tree, AtlasProcessCache *cache)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *infos = atlas_process_scan (tree->procfs, cache, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (infos);
  return infos;
}

static const AtlasProcessInfo *
find (const GPtrArray *infos, gint pid)
{
  for (guint i = 0; i < infos->len; i++)
    {
      const AtlasProcessInfo *info = g_ptr_array_index (infos, i);
      if (info->pid == pid)
        return info;
    }
  return NULL;
}

/* One that must be there. */
static const AtlasProcessInfo *
get (const GPtrArray *infos, gint pid)
{
  const AtlasProcessInfo *info = find (infos, pid);

  if (info == NULL)
    g_error ("process %d is not in the list", pid);
  return info;
}

static void
test_numbers (void)
{
  g_autoptr (ProcessTree) tree = process_tree_new ();
  const TreeProcess written = {
    .pid = 4211,
    .start_time = 987654,
    .name = "firefox",
    .command = "/usr/lib/firefox|--new-window|a b",
    .state = 'R',
    .uid = 1000,
    .threads = 61,
    .vm_size = 3250586,
    .vm_rss = 626688,
    .vm_swap = 12288,
    .vm_lck = 280,
  };

  process_tree_put (tree, &written);
  g_autoptr (GPtrArray) infos = scan (tree, NULL);
  g_assert_cmpuint (infos->len, ==, 1);
  const AtlasProcessInfo *info = g_ptr_array_index (infos, 0);
  g_assert_cmpint (info->pid, ==, 4211);
  g_assert_cmpuint (info->start_time, ==, 987654);
  g_assert_cmpint (info->state, ==, 'R');
  g_assert_cmpuint (info->uid, ==, 1000);
  g_assert_cmpuint (info->threads, ==, 61);
  g_assert_cmpuint (info->vm_size, ==, 3250586);
  g_assert_cmpuint (info->vm_rss, ==, 626688);
  g_assert_cmpuint (info->vm_swap, ==, 12288);
  g_assert_cmpuint (info->vm_lck, ==, 280);
  g_assert_false (info->kernel_thread);
  g_assert_false (info->unreadable);
  g_assert_cmpstr (info->name, ==, "firefox");
  g_assert_cmpstr (info->command, ==, "/usr/lib/firefox --new-window a b");
}

static void
test_order (void)
{
  g_autoptr (ProcessTree) tree = process_tree_new ();
  static const gint pids[] = { 1000, 9, 10, 2, 32768, 100 };
  static const gint ascending[] = { 2, 9, 10, 100, 1000, 32768 };
  static const char *const others[] = { "self", "sys", "12x",         "0",          "007",
                                        "-5",   "+6",  "99999999999", "4294967299", " 8" };

  for (guint i = 0; i < G_N_ELEMENTS (pids); i++)
    process_tree_put (tree, &(TreeProcess){ .pid = pids[i], .name = "one", .command = "" });
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    process_tree_make_directory (tree, others[i]);

  g_autoptr (GPtrArray) infos = scan (tree, NULL);
  g_assert_cmpuint (infos->len, ==, G_N_ELEMENTS (ascending));
  for (guint i = 0; i < infos->len; i++)
    g_assert_cmpint (((AtlasProcessInfo *) g_ptr_array_index (infos, i))->pid, ==, ascending[i]);
}

static void
test_empty (void)
{
  g_autoptr (ProcessTree) tree = process_tree_new ();
  g_autoptr (GPtrArray) infos = scan (tree, NULL);

  g_assert_cmpuint (infos->len, ==, 0);
}

static void
test_hostile_names (void)
{
  g_autoptr (ProcessTree) tree = process_tree_new ();
  static const struct
  {
    const char *raw, *clean;
  } cases[] = {
    { "", "" },
    { "x) R 1 (", "x) R 1 (" },
    { "a\nb", "a\\nb" },
    { "back\\slash", "back\\slash" },
    { "\x1b[31mred", "\\x1b[31mred" },
    { "<b>&amp;", "<b>&amp;" },
    { "\xff\xfe", "\\xff\\xfe" },
    { "\xe2\x80\xaetxt.exe", "\\u202etxt.exe" },
    { "\xc3\xa9t\xc3\xa9", "\xc3\xa9t\xc3\xa9" },
    { "State:\tZ", "State:\\tZ" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    process_tree_put (tree, &(TreeProcess){ .pid = (gint) i + 1,
                                            .start_time = 5,
                                            .name = cases[i].raw,
                                            .command = cases[i].raw,
                                            .uid = 3 });
  g_autoptr (GPtrArray) infos = scan (tree, NULL);
  g_assert_cmpuint (infos->len, ==, G_N_ELEMENTS (cases));
  for (guint i = 0; i < infos->len; i++)
    {
      const AtlasProcessInfo *info = g_ptr_array_index (infos, i);
      g_assert_cmpstr (info->name, ==, cases[i].clean);
      g_assert_cmpstr (info->command, ==, cases[i].clean);
      g_assert_cmpint (info->state, ==, 'S');
      g_assert_cmpuint (info->start_time, ==, 5);
      g_assert_cmpuint (info->uid, ==, 3);
    }
}

static void
test_kernel_thread (void)
{
  g_autoptr (ProcessTree) tree = process_tree_new ();

  process_tree_put (tree, &(TreeProcess){ .pid = 2,
                                          .name = "kworker/u8:2-events_unbound",
                                          .state = 'I',
                                          .command = "",
                                          .kernel_thread = TRUE });
  g_autoptr (GPtrArray) infos = scan (tree, NULL);
  const AtlasProcessInfo *info = get (infos, 2);
  g_assert_true (info->kernel_thread);
  g_assert_cmpstr (info->name, ==, "kworker/u8:2-events_unbound");
  g_assert_cmpstr (info->command, ==, "");
  g_assert_cmpuint (info->vm_size, ==, 0);
}

/* It has no memory lines either, but it was an ordinary process. */
static void
test_zombie (void)
{
  g_autoptr (ProcessTree) tree = process_tree_new ();

  process_tree_put (tree, &(TreeProcess){ .pid = 7, .name = "sh", .state = 'Z', .command = "" });
  g_autoptr (GPtrArray) infos = scan (tree, NULL);
  const AtlasProcessInfo *info = get (infos, 7);
  g_assert_false (info->kernel_thread);
  g_assert_cmpint (info->state, ==, 'Z');
  g_assert_cmpuint (info->vm_rss, ==, 0);
}

static void
test_commands (void)
{
  g_autoptr (ProcessTree) tree = process_tree_new ();
  g_autofree char *endless = g_strnfill (200000, 'x');
  const TreeProcess process = { .pid = 1, .name = "one" };

  process_tree_put (tree, &process);
  for (gint pid = 2; pid <= 5; pid++)
    process_tree_put (tree, &(TreeProcess){ .pid = pid, .name = "one" });
  process_tree_put_file (tree, 2, "cmdline", "title: busy\0\0\0\0\0", 16);
  process_tree_put_file (tree, 3, "cmdline", "a\0\0b\nc\0\xff", 8);
  process_tree_put_file (tree, 4, "cmdline", endless, -1);
  process_tree_put_file (tree, 5, "cmdline", "", 0);

  g_autoptr (GPtrArray) infos = scan (tree, NULL);
  g_assert_cmpstr (get (infos, 1)->command, ==, "");
  g_assert_cmpstr (get (infos, 2)->command, ==, "title: busy");
  g_assert_cmpstr (get (infos, 3)->command, ==, "a  b\\nc \\xff");
  g_assert_true (g_str_has_suffix (get (infos, 4)->command, "x…"));
  g_assert_cmpuint (strlen (get (infos, 4)->command), <, 200000);
  g_assert_cmpstr (get (infos, 5)->command, ==, "");
}

/* A directory whose files are not there is what a process that ended in between looks like. */
static void
test_vanished (void)
{
  g_autoptr (ProcessTree) tree = process_tree_new ();

  process_tree_put (tree, &(TreeProcess){ .pid = 5, .name = "here", .command = "" });
  process_tree_make_directory (tree, "6");
  process_tree_put_file (tree, 7, "stat", "7 (half) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 9 0\n",
                         -1);
  g_autoptr (GPtrArray) infos = scan (tree, NULL);
  g_assert_cmpuint (infos->len, ==, 1);
  g_assert_cmpstr (get (infos, 5)->name, ==, "here");
}

static void
assert_unreadable (const AtlasProcessInfo *info, guint uid)
{
  g_assert_true (info->unreadable);
  g_assert_cmpstr (info->name, ==, "?");
  g_assert_cmpstr (info->command, ==, "");
  g_assert_cmpint (info->state, ==, '?');
  g_assert_cmpuint (info->uid, ==, uid);
  g_assert_cmpuint (info->start_time, ==, 0);
  g_assert_cmpuint (info->vm_rss, ==, 0);
}

static void
test_malformed (void)
{
  g_autoptr (ProcessTree) tree = process_tree_new ();

  for (gint pid = 1; pid <= 4; pid++)
    process_tree_put (tree, &(TreeProcess){ .pid = pid, .name = "one", .command = "one" });
  process_tree_put_file (tree, 1, "status", "nonsense", -1);
  process_tree_put_file (tree, 2, "stat", "nonsense", -1);
  process_tree_put_file (tree, 3, "status", "", 0);

  g_autoptr (GPtrArray) infos = scan (tree, NULL);
  g_assert_cmpuint (infos->len, ==, 4);
  for (gint pid = 1; pid <= 3; pid++)
    assert_unreadable (get (infos, pid), getuid ());
  g_assert_false (get (infos, 4)->unreadable);
}

/* Root may read everything, so it looks as someone else. */
static gboolean
become_somebody (void)
{
  if (geteuid () != 0 || seteuid (NOBODY) == 0)
    return TRUE;
  g_test_skip ("cannot look as another user here");
  return FALSE;
}

static void
become_oneself (void)
{
  if (getuid () == 0)
    g_assert_cmpint (seteuid (0), ==, 0);
}

static void
test_denied (void)
{
  g_autoptr (ProcessTree) tree = process_tree_new ();
  g_autofree char *closed = process_tree_get_path (tree, 12);
  g_autofree char *file = g_strdup_printf ("%s/13/status", tree->root);

  for (gint pid = 11; pid <= 13; pid++)
    process_tree_put (tree, &(TreeProcess){ .pid = pid, .name = "one", .command = "one" });
  g_assert_cmpint (g_chmod (tree->root, 0755), ==, 0);
  g_assert_cmpint (g_chmod (closed, 0), ==, 0);
  g_assert_cmpint (g_chmod (file, 0), ==, 0);

  if (!become_somebody ())
    return;
  g_autoptr (GPtrArray) infos = scan (tree, NULL);
  become_oneself ();
  g_assert_cmpuint (infos->len, ==, 3);
  g_assert_false (get (infos, 11)->unreadable);
  assert_unreadable (get (infos, 12), getuid ());
  assert_unreadable (get (infos, 13), getuid ());
}

enum
{
  CHILD_FINE,
  CHILD_CANNOT = 77
};

/* In a child: a /proc of its own, mounted with @option, looked at by a stranger (in no group
 * either: the group root may see all). */
static int
look_at_hidden (const char *place, const char *option, gboolean listed)
{
  g_autoptr (GError) error = NULL;

  if (unshare (CLONE_NEWNS) != 0 || mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0
      || mount ("proc", place, "proc", 0, option) != 0)
    return CHILD_CANNOT;
  g_autoptr (AtlasProcfs) procfs = atlas_procfs_new (place, &error);
  if (procfs == NULL || setgroups (0, NULL) != 0 || setresgid (NOBODY, NOBODY, NOBODY) != 0
      || setresuid (NOBODY, NOBODY, NOBODY) != 0)
    return CHILD_CANNOT;
  g_autoptr (GPtrArray) infos = atlas_process_scan (procfs, NULL, NULL, &error);
  g_assert_no_error (error);

  if (listed)
    assert_unreadable (get (infos, getppid ()), 0);
  else
    g_assert_null (find (infos, getppid ()));
  return CHILD_FINE;
}

static void
look_at_hidden_in_child (const char *option, gboolean listed)
{
  g_autofree char *place = g_dir_make_tmp ("atlas-proc-XXXXXX", NULL);
  g_assert_cmpint (g_chmod (place, 0755), ==, 0);

  pid_t child = fork ();
  if (child == 0)
    _exit (look_at_hidden (place, option, listed));
  int status = 0;
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_cmpint (g_rmdir (place), ==, 0);
  g_assert_true (WIFEXITED (status));
  if (WEXITSTATUS (status) == CHILD_CANNOT)
    g_test_skip ("may not mount a /proc with hidepid here");
  else
    g_assert_cmpint (WEXITSTATUS (status), ==, CHILD_FINE);
}

static void
test_hidepid_closed (void)
{
  look_at_hidden_in_child ("hidepid=1", TRUE);
}

static void
test_hidepid_invisible (void)
{
  look_at_hidden_in_child ("hidepid=2", FALSE);
}

static const char *
scan_command (ProcessTree *tree, AtlasProcessCache *cache, gint pid)
{
  g_autoptr (GPtrArray) infos = scan (tree, cache);
  const AtlasProcessInfo *info = get (infos, pid);

  return g_intern_string (info->command);
}

/* A PID that went over, an exec, a new name: what was known before holds no more. */
static void
test_command_follows (void)
{
  g_autoptr (ProcessTree) tree = process_tree_new ();
  g_autoptr (AtlasProcessCache) cache = atlas_process_cache_new ();
  TreeProcess process = {
    .pid = 3, .start_time = 1, .name = "sh", .command = "first", .start_stack = 7000
  };

  process_tree_put (tree, &process);
  g_assert_cmpstr (scan_command (tree, cache, 3), ==, "first");
  process.command = "second";
  process.start_time = 2;
  process_tree_put (tree, &process);
  g_assert_cmpstr (scan_command (tree, cache, 3), ==, "second");
  process.command = "third";
  process.start_stack = 8000;
  process_tree_put (tree, &process);
  g_assert_cmpstr (scan_command (tree, cache, 3), ==, "third");
  process.command = "fourth";
  process.name = "bash";
  process_tree_put (tree, &process);
  g_assert_cmpstr (scan_command (tree, cache, 3), ==, "fourth");
}

/* Nothing tells that a process gave itself a new title: seen late, but seen; not read each time. */
static void
test_command_cached (void)
{
  g_autoptr (ProcessTree) tree = process_tree_new ();
  g_autoptr (AtlasProcessCache) cache = atlas_process_cache_new ();
  TreeProcess process = { .pid = 3, .start_time = 1, .name = "nginx", .command = "before" };
  guint n_before = 0, n_after = 0;

  process_tree_put (tree, &process);
  scan_command (tree, cache, 3);
  process.command = "after";
  process_tree_put (tree, &process);
  for (guint i = 0; i < 16; i++)
    if (strcmp (scan_command (tree, cache, 3), "before") == 0)
      n_before++;
    else
      n_after++;
  g_assert_cmpuint (n_before, >, 0);
  g_assert_cmpuint (n_after, >, 0);
  g_assert_cmpstr (scan_command (tree, cache, 3), ==, "after");
}

/* What is handed out stays, whatever becomes of the cache. */
static void
test_outlives_cache (void)
{
  g_autoptr (ProcessTree) tree = process_tree_new ();
  AtlasProcessCache *cache = atlas_process_cache_new ();

  process_tree_put (tree, &(TreeProcess){ .pid = 3, .name = "one", .command = "one|two" });
  g_autoptr (GPtrArray) first = scan (tree, cache);
  g_autoptr (GPtrArray) second = scan (tree, cache);
  process_tree_remove (tree, 3);
  g_autoptr (GPtrArray) third = scan (tree, cache);
  atlas_process_cache_free (cache);
  g_assert_cmpstr (get (first, 3)->command, ==, "one two");
  g_assert_cmpstr (get (second, 3)->name, ==, "one");
  g_assert_cmpuint (third->len, ==, 0);
}

static void
test_cancelled (void)
{
  g_autoptr (ProcessTree) tree = process_tree_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  process_tree_put (tree, &(TreeProcess){ .pid = 3, .name = "one", .command = "" });
  g_cancellable_cancel (cancellable);
  g_assert_null (atlas_process_scan (tree->procfs, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static int
next_descriptor (void)
{
  int fd = open ("/dev/null", O_RDONLY | O_CLOEXEC);
  g_assert_cmpint (fd, >=, 0);
  close (fd);
  return fd;
}

/* Out of descriptors, nothing can be said; an empty list would say that all have ended. */
static void
test_no_descriptors (void)
{
  g_autoptr (ProcessTree) tree = process_tree_new ();
  struct rlimit usual, tight;

  process_tree_put (tree, &(TreeProcess){ .pid = 3, .name = "one", .command = "" });
  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &usual), ==, 0);
  for (guint spare = 0; spare <= 2; spare++)
    {
      g_autoptr (GError) error = NULL;
      tight = usual;
      tight.rlim_cur = (rlim_t) next_descriptor () + spare;
      g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &tight), ==, 0);
      g_autoptr (GPtrArray) infos = atlas_process_scan (tree->procfs, NULL, NULL, &error);
      g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &usual), ==, 0);
      if (spare == 2)
        {
          g_assert_no_error (error);
          g_assert_cmpuint (infos->len, ==, 1);
        }
      else
        {
          g_assert_error (error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_FAILED);
          g_assert_null (infos);
        }
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/processes/scan/numbers", test_numbers);
  g_test_add_func ("/processes/scan/order", test_order);
  g_test_add_func ("/processes/scan/empty", test_empty);
  g_test_add_func ("/processes/scan/hostile-names", test_hostile_names);
  g_test_add_func ("/processes/scan/kernel-thread", test_kernel_thread);
  g_test_add_func ("/processes/scan/zombie", test_zombie);
  g_test_add_func ("/processes/scan/commands", test_commands);
  g_test_add_func ("/processes/scan/vanished", test_vanished);
  g_test_add_func ("/processes/scan/malformed", test_malformed);
  g_test_add_func ("/processes/scan/denied", test_denied);
  g_test_add_func ("/processes/scan/hidepid-closed", test_hidepid_closed);
  g_test_add_func ("/processes/scan/hidepid-invisible", test_hidepid_invisible);
  g_test_add_func ("/processes/scan/command-follows", test_command_follows);
  g_test_add_func ("/processes/scan/command-cached", test_command_cached);
  g_test_add_func ("/processes/scan/outlives-cache", test_outlives_cache);
  g_test_add_func ("/processes/scan/cancelled", test_cancelled);
  g_test_add_func ("/processes/scan/no-descriptors", test_no_descriptors);
  return g_test_run ();
}
