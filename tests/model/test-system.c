/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The machine: a recorded one is what was recorded, this one what uname and sysconf say. */

#include "fixture.h"

#include "atlas-system.h"

#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

static void
test_live (void)
{
  g_autoptr (AtlasProcfs) procfs = atlas_procfs_new ("/proc", NULL);
  g_autoptr (AtlasSystem) system = atlas_system_new (procfs);
  struct utsname names;

  g_assert_cmpint (uname (&names), ==, 0);
  g_autofree char *kernel = g_strconcat ("Linux ", names.release, NULL);
  g_assert_cmpstr (system->kernel, ==, kernel);
  g_assert_cmpuint (system->page_size, ==, (guint64) sysconf (_SC_PAGESIZE));
  g_assert_cmpuint (system->mem_total_kb, ==,
                    (guint64) sysconf (_SC_PHYS_PAGES) * (guint64) sysconf (_SC_PAGESIZE) / 1024);
  g_assert_cmpuint (system->mem_available_kb, >, 0);
  g_assert_cmpuint (system->mem_available_kb, <=, system->mem_total_kb);
  g_assert_cmpuint (strlen (system->libc), >, 0);
}

static void
test_recorded (void)
{
  g_autoptr (Fixture) fixture = fixture_new ("shell");
  g_autoptr (AtlasProcfs) procfs = atlas_procfs_new (fixture->root, NULL);
  g_autoptr (AtlasSystem) system = atlas_system_new (procfs);
  g_autofree char *path = g_build_filename (fixture->root, "meminfo", NULL);
  g_autofree char *meminfo = NULL;
  unsigned long long total, available;

  g_assert_true (g_file_get_contents (path, &meminfo, NULL, NULL));
  g_assert_cmpint (sscanf (strstr (meminfo, "MemTotal:"), "MemTotal: %llu", &total), ==, 1);
  g_assert_cmpint (sscanf (strstr (meminfo, "MemAvailable:"), "MemAvailable: %llu", &available), ==,
                   1);
  g_assert_cmpuint (system->mem_total_kb, ==, total);
  g_assert_cmpuint (system->mem_available_kb, ==, available);
  g_assert_true (g_str_has_prefix (system->kernel, "Linux 6."));
}

/* A tree without these files: what is not known is 0, and the kernel is this machine's. */
static void
test_missing (void)
{
  g_autoptr (Fixture) fixture = fixture_new ("torn");
  g_autoptr (AtlasProcfs) procfs = atlas_procfs_new (fixture->root, NULL);
  g_autoptr (AtlasSystem) system = atlas_system_new (procfs);

  g_assert_cmpuint (system->mem_total_kb, ==, 0);
  g_assert_true (g_str_has_prefix (system->kernel, "Linux "));
}

static void
test_users (void)
{
  struct passwd *account = getpwuid (getuid ());

  if (account != NULL)
    g_assert_cmpstr (atlas_user_name (getuid ()), ==, account->pw_name);
  g_assert_cmpstr (atlas_user_name (4000000001), ==, "4000000001");
  g_assert_true (atlas_user_name (4000000001) == atlas_user_name (4000000001));
}

static gpointer
ask_for_users (gpointer data)
{
  const char *first = NULL;

  for (guint i = 0; i < 2000; i++)
    first = atlas_user_name (4000000100 + i % 200);
  return (gpointer) first;
}

/* All threads are given the same text, which stays. */
static void
test_users_in_threads (void)
{
  GThread *threads[4];
  gpointer answers[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("asker", ask_for_users, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    answers[i] = g_thread_join (threads[i]);
  for (guint i = 1; i < G_N_ELEMENTS (threads); i++)
    g_assert_true (answers[i] == answers[0]);
  g_assert_cmpstr (answers[0], ==, "4000000299");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/system/live", test_live);
  g_test_add_func ("/model/system/recorded", test_recorded);
  g_test_add_func ("/model/system/missing", test_missing);
  g_test_add_func ("/model/system/users", test_users);
  g_test_add_func ("/model/system/users-in-threads", test_users_in_threads);
  return g_test_run ();
}
