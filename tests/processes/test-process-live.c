/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The list of this machine, and children in it that do what they are told. What the kernel says of
 * them is read here once more, by other means than the program's own. */

#include "atlas-config.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "process-child.h"
#include "process-watch.h"

#define NOBODY 65534

static ProcessWatch *
watch_machine (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AtlasProcfs) procfs = atlas_procfs_new ("/proc", &error);

  g_assert_no_error (error);
  g_assert_true (atlas_procfs_is_live (procfs));
  return process_watch_new (procfs);
}

static char *
read_kernel (gint pid, const char *file, gsize *length)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/%s", pid, file);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (!g_file_get_contents (path, &text, length, &error))
    g_error ("%s", error->message);
  return g_steal_pointer (&text);
}

/* The number behind "\nKEY:". */
static guint64
kernel_says (gint pid, const char *key)
{
  g_autofree char *status = read_kernel (pid, "status", NULL);
  g_autofree char *pattern = g_strdup_printf ("\n%s:", key);
  const char *line = strstr (status, pattern);

  g_assert_nonnull (line);
  return g_ascii_strtoull (line + strlen (pattern), NULL, 10);
}

/* Field 22 of stat; the state behind the last ")" is field 3. */
static guint64
kernel_start_time (gint pid)
{
  g_autofree char *stat = read_kernel (pid, "stat", NULL);
  g_auto (GStrv) fields = g_strsplit (strrchr (stat, ')') + 2, " ", -1);

  return g_ascii_strtoull (fields[22 - 3], NULL, 10);
}

static const AtlasProcessInfo *
get_info (ProcessWatch *watch, gint pid)
{
  AtlasProcess *process = atlas_process_list_find (watch->list, pid);
  g_assert_nonnull (process);
  return atlas_process_get_info (process);
}

/* The child sleeps, so its numbers stand still. */
static void
assert_as_kernel_says (const AtlasProcessInfo *info)
{
  g_assert_cmpuint (info->vm_size, ==, kernel_says (info->pid, "VmSize"));
  g_assert_cmpuint (info->vm_rss, ==, kernel_says (info->pid, "VmRSS"));
  g_assert_cmpuint (info->vm_swap, ==, kernel_says (info->pid, "VmSwap"));
  g_assert_cmpuint (info->vm_lck, ==, kernel_says (info->pid, "VmLck"));
  g_assert_cmpuint (info->threads, ==, kernel_says (info->pid, "Threads"));
  g_assert_cmpuint (info->start_time, ==, kernel_start_time (info->pid));
}

static void
test_child_comes (void)
{
  g_autoptr (ProcessWatch) watch = watch_machine ();

  process_watch_refresh (watch);
  g_autoptr (Child) child = child_new ();
  g_assert_null (atlas_process_list_find (watch->list, child->pid));
  process_watch_refresh (watch);
  const AtlasProcessInfo *info = get_info (watch, child->pid);
  g_assert_cmpstr (info->name, ==, CHILD_NAME);
  g_assert_cmpuint (info->uid, ==, getuid ());
  g_assert_cmpint (info->state, ==, 'S');
  g_assert_cmpuint (info->threads, ==, 1);
  g_assert_false (info->kernel_thread);
  g_assert_false (info->unreadable);
  g_assert_cmpuint (info->vm_rss, >, 0);
  assert_as_kernel_says (info);
}

static void
test_child_command (void)
{
  g_autoptr (ProcessWatch) watch = watch_machine ();
  g_autoptr (Child) child = child_new ();
  gsize length;
  g_autofree char *raw = read_kernel (child->pid, "cmdline", &length);

  for (gsize i = 0; i + 1 < length; i++)
    if (raw[i] == '\0')
      raw[i] = ' ';
  process_watch_refresh (watch);
  g_assert_cmpstr (get_info (watch, child->pid)->command, ==, raw);
  g_assert_nonnull (strstr (raw, "test-process-live"));
}

static void
test_child_grows (void)
{
  g_autoptr (ProcessWatch) watch = watch_machine ();
  g_autoptr (Child) child = child_new ();

  process_watch_refresh (watch);
  AtlasProcess *process = atlas_process_list_find (watch->list, child->pid);
  guint64 size = get_info (watch, child->pid)->vm_size;
  guint64 rss = get_info (watch, child->pid)->vm_rss;
  g_assert_true (child_order (child, CHILD_TOUCH));
  process_watch_refresh (watch);

  g_assert_true (atlas_process_list_find (watch->list, child->pid) == process);
  const AtlasProcessInfo *info = atlas_process_get_info (process);
  assert_as_kernel_says (info);
  g_assert_cmpuint (info->vm_size, >=, size + CHILD_TOUCH_KB);
  /* proc(5): the resident counters may be off by some pages for each processor. */
  g_assert_cmpuint (info->vm_rss + 1024, >=, rss + CHILD_TOUCH_KB);
  g_assert_cmpuint (watch->n_changed, >, 0);
  g_assert_cmpuint (atlas_process_list_get_max_rss (watch->list), >=, info->vm_rss);
}

static void
test_child_locks (void)
{
  g_autoptr (ProcessWatch) watch = watch_machine ();
  g_autoptr (Child) child = child_new ();

  if (!child_order (child, CHILD_LOCK))
    {
      g_test_skip ("not a single page may be locked here");
      return;
    }
  process_watch_refresh (watch);
  g_assert_cmpuint (get_info (watch, child->pid)->vm_lck, ==,
                    (guint64) sysconf (_SC_PAGESIZE) / 1024);
}

static void
test_child_threads (void)
{
  g_autoptr (ProcessWatch) watch = watch_machine ();
  g_autoptr (Child) child = child_new ();

  g_assert_true (child_order (child, CHILD_THREADS));
  process_watch_refresh (watch);
  g_assert_cmpuint (get_info (watch, child->pid)->threads, ==, 1 + CHILD_N_THREADS);
}

static void
count_cb (gpointer object, GParamSpec *pspec, guint *count)
{
  (*count)++;
}

static void
test_child_renames (void)
{
  g_autoptr (ProcessWatch) watch = watch_machine ();
  g_autoptr (Child) child = child_new ();
  guint n_named = 0;

  process_watch_refresh (watch);
  AtlasProcess *process = atlas_process_list_find (watch->list, child->pid);
  g_signal_connect (process, "notify::name", G_CALLBACK (count_cb), &n_named);
  g_assert_true (child_order (child, CHILD_RENAME));
  process_watch_refresh (watch);
  g_assert_true (atlas_process_list_find (watch->list, child->pid) == process);
  g_assert_cmpstr (atlas_process_get_name (process), ==, "renamed\\n<b>");
  g_assert_cmpuint (n_named, ==, 1);
}

/* Another program, the same process. */
static void
test_child_execs (void)
{
  g_autoptr (ProcessWatch) watch = watch_machine ();
  g_autoptr (Child) child = child_new ();

  process_watch_refresh (watch);
  AtlasProcess *process = atlas_process_list_find (watch->list, child->pid);
  g_assert_true (child_order (child, CHILD_EXEC));
  process_watch_refresh (watch);
  g_assert_true (atlas_process_list_find (watch->list, child->pid) == process);
  g_assert_cmpstr (atlas_process_get_name (process), ==, "cat");
  g_assert_cmpstr (atlas_process_get_command (process), ==, "cat -u");
}

static void
test_child_changes_user (void)
{
  g_autoptr (ProcessWatch) watch = watch_machine ();
  g_autoptr (Child) child = child_new ();

  process_watch_refresh (watch);
  if (!child_order (child, CHILD_NOBODY))
    {
      g_test_skip ("only root can become another user");
      return;
    }
  process_watch_refresh (watch);
  g_assert_cmpuint (get_info (watch, child->pid)->uid, ==, NOBODY);
}

static void
test_child_ends (void)
{
  g_autoptr (ProcessWatch) watch = watch_machine ();
  g_autoptr (Child) child = child_new ();
  pid_t pid = child->pid;

  process_watch_refresh (watch);
  g_autoptr (AtlasProcess) process = g_object_ref (atlas_process_list_find (watch->list, pid));
  child_end (child);
  process_watch_refresh (watch);
  g_assert_true (atlas_process_list_find (watch->list, pid) == process);
  g_assert_cmpint (atlas_process_get_info (process)->state, ==, 'Z');
  g_assert_cmpuint (atlas_process_get_info (process)->vm_size, ==, 0);
  g_assert_false (atlas_process_get_info (process)->kernel_thread);

  child_reap (child);
  process_watch_refresh (watch);
  g_assert_null (atlas_process_list_find (watch->list, pid));
  g_assert_false (g_ptr_array_find (watch->shadow, process, NULL));
}

/* Tries until the kernel's clock has ticked on, which start times are counted in. */
static Child *
take_pid_again (pid_t pid, guint64 start_time)
{
  for (;;)
    {
      Child *child = child_new_with_pid (pid);
      if (child == NULL || kernel_start_time (pid) != start_time)
        return child;
      child_free (child);
    }
}

static void
test_pid_goes_over (void)
{
  g_autoptr (ProcessWatch) watch = watch_machine ();
  g_autoptr (Child) first = child_new ();
  pid_t pid = first->pid;

  process_watch_refresh (watch);
  g_autoptr (AtlasProcess) process = g_object_ref (atlas_process_list_find (watch->list, pid));
  child_reap (first);
  g_autoptr (Child) second = take_pid_again (pid, atlas_process_get_info (process)->start_time);
  if (second == NULL)
    {
      g_autofree char *reason =
          g_strdup_printf ("cannot choose a PID here: %s", g_strerror (errno));
      g_test_skip (reason);
      return;
    }
  g_assert_cmpint (second->pid, ==, pid);
  process_watch_refresh (watch);
  g_assert_nonnull (atlas_process_list_find (watch->list, pid));
  g_assert_true (atlas_process_list_find (watch->list, pid) != process);
}

/* Many at once come and go; each signal is checked by the watch. */
static void
test_crowd (void)
{
  g_autoptr (ProcessWatch) watch = watch_machine ();
  g_autoptr (GPtrArray) crowd = g_ptr_array_new_with_free_func ((GDestroyNotify) child_free);

  for (guint round = 0; round < 10; round++)
    {
      for (guint i = 0; i < 10; i++)
        g_ptr_array_add (crowd, child_new ());
      process_watch_refresh (watch);
      for (guint i = 0; i < crowd->len; i++)
        {
          pid_t pid = ((Child *) g_ptr_array_index (crowd, i))->pid;
          g_assert_cmpstr (get_info (watch, pid)->name, ==, CHILD_NAME);
        }
      for (guint i = 0; i < 5; i++)
        g_ptr_array_remove_index (crowd, (guint) g_test_rand_int_range (0, (gint) crowd->len));
    }
}

/* Of all that were there before and are still there, none is missing. */
static void
test_none_missing (void)
{
  g_autoptr (ProcessWatch) watch = watch_machine ();
  g_autoptr (GDir) directory = g_dir_open ("/proc", 0, NULL);
  g_autoptr (GArray) pids = g_array_new (FALSE, FALSE, sizeof (gint));

  for (const char *name = g_dir_read_name (directory); name != NULL;
       name = g_dir_read_name (directory))
    {
      gint pid = (gint) g_ascii_strtoll (name, NULL, 10);
      if (pid > 0)
        g_array_append_val (pids, pid);
    }
  process_watch_refresh (watch);
  g_assert_cmpuint (pids->len, >, 0);
  for (guint i = 0; i < pids->len; i++)
    {
      g_autofree char *path = g_strdup_printf ("/proc/%d/stat", g_array_index (pids, gint, i));
      g_assert_true (atlas_process_list_find (watch->list, g_array_index (pids, gint, i)) != NULL
                     || !g_file_test (path, G_FILE_TEST_EXISTS));
    }
  g_assert_nonnull (atlas_process_list_find (watch->list, getpid ()));
}

static void
test_kernel_threads (void)
{
  g_autoptr (ProcessWatch) watch = watch_machine ();

  process_watch_refresh (watch);
  AtlasProcess *process = atlas_process_list_find (watch->list, 2);
  if (process == NULL || strcmp (atlas_process_get_name (process), "kthreadd") != 0)
    {
      g_test_skip ("no kernel thread is to be seen from here");
      return;
    }
  g_assert_true (atlas_process_get_info (process)->kernel_thread);
  g_assert_cmpstr (atlas_process_get_command (process), ==, "");
  g_assert_false (get_info (watch, getpid ())->kernel_thread);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/processes/live/child-comes", test_child_comes);
  g_test_add_func ("/processes/live/child-command", test_child_command);
  g_test_add_func ("/processes/live/child-grows", test_child_grows);
  g_test_add_func ("/processes/live/child-locks", test_child_locks);
  g_test_add_func ("/processes/live/child-threads", test_child_threads);
  g_test_add_func ("/processes/live/child-renames", test_child_renames);
  g_test_add_func ("/processes/live/child-execs", test_child_execs);
  g_test_add_func ("/processes/live/child-changes-user", test_child_changes_user);
  g_test_add_func ("/processes/live/child-ends", test_child_ends);
  g_test_add_func ("/processes/live/pid-goes-over", test_pid_goes_over);
  g_test_add_func ("/processes/live/crowd", test_crowd);
  g_test_add_func ("/processes/live/none-missing", test_none_missing);
  g_test_add_func ("/processes/live/kernel-threads", test_kernel_threads);
  return g_test_run ();
}
