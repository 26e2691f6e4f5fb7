/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A row of the list: what it says of itself, when it says that it changed, what finds it. */

#include "atlas-config.h"

#include <pwd.h>
#include <unistd.h>

#include "atlas-process.h"

typedef struct
{
  guint n_changed, n_named;
} Heard;

static AtlasProcessInfo *
make_info (const char *name, const char *command, guint64 vm_rss)
{
  AtlasProcessInfo *info = g_new0 (AtlasProcessInfo, 1);

  info->pid = 4211;
  info->start_time = 9;
  info->state = 'S';
  info->uid = getuid ();
  info->threads = 1;
  info->vm_rss = vm_rss;
  info->name = g_ref_string_new (name);
  info->command = g_ref_string_new (command);
  return info;
}

static void
changed_cb (AtlasProcess *process, Heard *heard)
{
  heard->n_changed++;
}

static void
notify_name_cb (AtlasProcess *process, GParamSpec *pspec, Heard *heard)
{
  heard->n_named++;
}

static AtlasProcess *
make_process (Heard *heard)
{
  AtlasProcess *process = atlas_process_new (make_info ("firefox", "/usr/bin/firefox -P", 100));

  g_signal_connect (process, "changed", G_CALLBACK (changed_cb), heard);
  g_signal_connect (process, "notify::name", G_CALLBACK (notify_name_cb), heard);
  return process;
}

static void
test_getters (void)
{
  Heard heard = { 0 };
  g_autoptr (AtlasProcess) process = make_process (&heard);
  struct passwd *account = getpwuid (getuid ());
  g_autofree char *name = NULL;

  g_object_get (process, "name", &name, NULL);
  g_assert_cmpstr (name, ==, "firefox");
  g_assert_cmpint (atlas_process_get_pid (process), ==, 4211);
  g_assert_cmpstr (atlas_process_get_name (process), ==, "firefox");
  g_assert_cmpstr (atlas_process_get_command (process), ==, "/usr/bin/firefox -P");
  g_assert_cmpuint (atlas_process_get_info (process)->vm_rss, ==, 100);
  if (account != NULL)
    g_assert_cmpstr (atlas_process_get_user (process), ==, account->pw_name);
}

static void
test_same_is_silent (void)
{
  Heard heard = { 0 };
  g_autoptr (AtlasProcess) process = make_process (&heard);

  g_assert_false (
      atlas_process_update (process, make_info ("firefox", "/usr/bin/firefox -P", 100)));
  g_assert_cmpuint (heard.n_changed, ==, 0);
  g_assert_cmpuint (heard.n_named, ==, 0);
}

static void
test_number_moves (void)
{
  Heard heard = { 0 };
  g_autoptr (AtlasProcess) process = make_process (&heard);

  g_assert_true (atlas_process_update (process, make_info ("firefox", "/usr/bin/firefox -P", 101)));
  g_assert_cmpuint (atlas_process_get_info (process)->vm_rss, ==, 101);
  g_assert_cmpuint (heard.n_changed, ==, 1);
  g_assert_cmpuint (heard.n_named, ==, 0);
}

/* Every field a row may show. */
static void
test_each_field_counts (void)
{
  for (guint field = 0; field < 9; field++)
    {
      Heard heard = { 0 };
      g_autoptr (AtlasProcess) process = make_process (&heard);
      AtlasProcessInfo *info = make_info ("firefox", "/usr/bin/firefox -P", 100);
      info->state = field == 0 ? 'R' : 'S';
      info->kernel_thread = field == 1;
      info->unreadable = field == 2;
      info->uid += field == 3 ? 1 : 0;
      info->threads += field == 4 ? 1 : 0;
      info->vm_size = field == 5 ? 1 : 0;
      info->vm_swap = field == 6 ? 1 : 0;
      info->vm_lck = field == 7 ? 1 : 0;
      info->vm_rss += field == 8 ? 1 : 0;
      g_assert_true (atlas_process_update (process, info));
      g_assert_cmpuint (heard.n_changed, ==, 1);
    }
}

static void
test_rename (void)
{
  Heard heard = { 0 };
  g_autoptr (AtlasProcess) process = make_process (&heard);

  g_assert_true (atlas_process_matches (process, "firefox"));
  g_assert_true (atlas_process_update (process, make_info ("Web Content", "plugin", 100)));
  g_assert_cmpuint (heard.n_changed, ==, 1);
  g_assert_cmpuint (heard.n_named, ==, 1);
  g_assert_false (atlas_process_matches (process, "firefox"));
  g_assert_true (atlas_process_matches (process, "web plugin"));
}

static void
test_new_command (void)
{
  Heard heard = { 0 };
  g_autoptr (AtlasProcess) process = make_process (&heard);

  g_assert_false (atlas_process_matches (process, "busy"));
  g_assert_true (atlas_process_update (process, make_info ("firefox", "busy", 100)));
  g_assert_cmpuint (heard.n_changed, ==, 1);
  g_assert_cmpuint (heard.n_named, ==, 0);
  g_assert_true (atlas_process_matches (process, "busy"));
}

static void
test_matches (void)
{
  Heard heard = { 0 };
  g_autoptr (AtlasProcess) process = make_process (&heard);
  g_autofree char *user = g_strdup (atlas_process_get_user (process));

  g_assert_true (atlas_process_matches (process, ""));
  g_assert_true (atlas_process_matches (process, "  \t"));
  g_assert_true (atlas_process_matches (process, "fire"));
  g_assert_true (atlas_process_matches (process, "FireFOX"));
  g_assert_true (atlas_process_matches (process, "4211"));
  g_assert_true (atlas_process_matches (process, "21"));
  g_assert_true (atlas_process_matches (process, "usr -p"));
  g_assert_true (atlas_process_matches (process, user));
  g_assert_true (atlas_process_matches (process, " bin   4211 fox "));
  g_assert_false (atlas_process_matches (process, "fire 4212"));
  g_assert_false (atlas_process_matches (process, "chrome"));
  /* Words stay within one field. */
  g_assert_false (atlas_process_matches (process, "firefox/usr"));
  g_assert_false (atlas_process_matches (process, "-P4211"));
}

static void
test_matches_other_scripts (void)
{
  g_autoptr (AtlasProcess) process =
      atlas_process_new (make_info ("Stra\xc3\x9f"
                                    "e",
                                    "\xef\xac\x81le R\xc3\xa9sum\xc3\xa9", 1));

  g_assert_true (atlas_process_matches (process, "STRASSE"));
  g_assert_true (atlas_process_matches (process, "stra\xc3\x9f"
                                                 "e"));
  g_assert_true (atlas_process_matches (process, "file"));
  /* The accent as a character of its own. */
  g_assert_true (atlas_process_matches (process, "re\xcc\x81sume\xcc\x81"));
  /* Words parted by an ideographic space. */
  g_assert_true (atlas_process_matches (process, "file\xe3\x80\x80strasse"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/processes/process/getters", test_getters);
  g_test_add_func ("/processes/process/same-is-silent", test_same_is_silent);
  g_test_add_func ("/processes/process/number-moves", test_number_moves);
  g_test_add_func ("/processes/process/each-field-counts", test_each_field_counts);
  g_test_add_func ("/processes/process/rename", test_rename);
  g_test_add_func ("/processes/process/new-command", test_new_command);
  g_test_add_func ("/processes/process/matches", test_matches);
  g_test_add_func ("/processes/process/matches-other-scripts", test_matches_other_scripts);
  return g_test_run ();
}
