/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where the memory cgroup is, from what the kernel says. */

#include "atlas-lab-oom.h"

static const char unified_mounts[] =
    "25 1 0:22 / /proc rw,nosuid - proc proc rw\n"
    "31 25 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n";

static const char hybrid_mounts[] =
    "30 22 0:27 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755\n"
    "31 30 0:28 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu\n"
    "34 30 0:31 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n"
    "40 30 0:37 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n";

static const char container_mounts[] =
    "34 30 0:31 /docker/abc /sys/fs/my\\040cgroup rw,relatime - cgroup cgroup rw,cpu,memory\n";

static void
assert_found (const char *cgroup,
              const char *mounts,
              const char *directory,
              const char *top,
              gboolean unified)
{
  g_autofree char *found_top = NULL;
  gboolean found_unified = FALSE;
  g_autofree char *found = atlas_lab_cgroup_find (cgroup, mounts, &found_top, &found_unified);

  g_assert_cmpstr (found, ==, directory);
  g_assert_cmpstr (found_top, ==, top);
  if (directory != NULL)
    g_assert_cmpint (found_unified, ==, unified);
}

static void
test_find (void)
{
  assert_found ("0::/user.slice/a.scope\n", unified_mounts, "/sys/fs/cgroup/user.slice/a.scope",
                "/sys/fs/cgroup", TRUE);
  assert_found ("0::/\n", unified_mounts, "/sys/fs/cgroup", "/sys/fs/cgroup", TRUE);
  assert_found ("9:name=systemd:/\n4:memory:/a/b\n1:cpu:/\n0::/\n", hybrid_mounts,
                "/sys/fs/cgroup/memory/a/b", "/sys/fs/cgroup/memory", FALSE);
  assert_found ("4:cpu,memory:/docker/abc/x\n", container_mounts, "/sys/fs/my cgroup/x",
                "/sys/fs/my cgroup", FALSE);
  /* one that lies outside of what is mounted */
  assert_found ("4:memory:/elsewhere\n", container_mounts, "/sys/fs/my cgroup", "/sys/fs/my cgroup",
                FALSE);
  assert_found ("4:memory:/docker/abcd\n", container_mounts, "/sys/fs/my cgroup",
                "/sys/fs/my cgroup", FALSE);
}

static void
test_nothing (void)
{
  assert_found ("", unified_mounts, NULL, NULL, FALSE);
  assert_found ("nonsense\n0:\n", unified_mounts, NULL, NULL, FALSE);
  assert_found ("0::/\n", "", NULL, NULL, FALSE);
  assert_found ("0::/\n", "1 2 3\n - \n", NULL, NULL, FALSE);
  assert_found ("0::/../../x\n", unified_mounts, NULL, NULL, FALSE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lab/cgroup/find", test_find);
  g_test_add_func ("/lab/cgroup/nothing", test_nothing);
  return g_test_run ();
}
