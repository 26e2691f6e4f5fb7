/* SPDX-License-Identifier: GPL-3.0-or-later */

/* memory-atlas-cli list, against a recorded tree and against processes that are there. */

#include <json-glib/json-glib.h>
#include <stdlib.h>
#include <string.h>

#include "recorded.h"
#include "runner.h"
#include "subject.h"

#define HOSTILE_NAME                                                                               \
  "\x1b[31m\xff\n\xc2\x9b"                                                                         \
  "<&>"
#define HOSTILE_CLEAN "\\x1b[31m\\xff\\n\\u009b<&>"

static void
test_table (void)
{
  auto_folder root = make_folder ();
  g_auto (Outcome) outcome = { 0 };

  recorded_write (root);
  outcome = run_cli ("list", "--proc", root, NULL);
  assert_succeeds (&outcome);
  assert_is_safe (outcome.out, outcome.length);
  g_assert_cmpstr (outcome.out, ==,
                   " PID  USER     STATE     RESIDENT     SIZE    SWAP  LOCKED  NAME\n"
                   "   2  root     sleeping         –        –       –       –  [kthreadd]\n"
                   "  77  root     zombie           –        –       –       –  undead\n"
                   "1234  4000000  sleeping   800 KiB  1.2 MiB  12 KiB   4 KiB  "
                   "we\\x1bi\\xffd<&>\"'\n");
}

static Outcome
run_list_with (const char *variable, const char *value, const char *root)
{
  g_autofree char *setting = g_strconcat (variable, "=", value, NULL);
  const char *argv[] = { "env", setting, ATLAS_CLI, "list", "--proc", root, NULL };

  return run_program (argv);
}

static void
test_unreadable (void)
{
  auto_folder root = make_folder ();
  g_auto (Outcome) outcome = { 0 };

  recorded_write_unparsable (root);
  outcome = run_cli ("list", "--proc", root, NULL);
  assert_succeeds (&outcome);
  g_assert_nonnull (strstr (outcome.out, "unknown         ?     ?     ?       ?  ?\n"));
}

static void
test_cut_to_width (void)
{
  auto_folder root = make_folder ();
  g_auto (Outcome) outcome = { 0 };
  g_auto (GStrv) lines = NULL;

  recorded_write (root);
  outcome = run_list_with ("COLUMNS", "72", root);
  assert_succeeds (&outcome);
  lines = g_strsplit (outcome.out, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    g_assert_cmpint (g_utf8_strlen (lines[i], -1), <=, 72);
  g_assert_nonnull (strstr (outcome.out, "we\\x1bi\\xff…\n"));
}

/* A locale without UTF-8 gets plain text, and no byte that it would take for a control. */
static void
test_plain_locale (void)
{
  auto_folder root = make_folder ();
  g_auto (Outcome) outcome = { 0 };

  recorded_write (root);
  outcome = run_list_with ("LC_ALL", "C", root);
  assert_succeeds (&outcome);
  for (gsize i = 0; i < outcome.length; i++)
    g_assert_cmpint (outcome.out[i], >, 0);
  g_assert_nonnull (strstr (outcome.out, "[kthreadd]"));
}

static JsonNode *
parse (const Outcome *outcome)
{
  g_autoptr (GError) error = NULL;
  JsonNode *node = json_from_string (outcome->out, &error);

  assert_succeeds (outcome);
  assert_is_safe (outcome->out, outcome->length);
  g_assert_no_error (error);
  return node;
}

static JsonObject *
find_process (JsonNode *node, gint64 pid)
{
  JsonObject *list = json_node_get_object (node);
  JsonArray *processes = json_object_get_array_member (list, "processes");

  g_assert_cmpint (json_object_get_int_member (list, "format"), ==, 1);
  for (guint i = 0; i < json_array_get_length (processes); i++)
    {
      JsonObject *process = json_array_get_object_element (processes, i);

      if (json_object_get_int_member (process, "pid") == pid)
        return process;
    }
  g_error ("process %d is not listed", (int) pid);
}

static void
test_json_recorded (void)
{
  auto_folder root = make_folder ();
  g_auto (Outcome) outcome = { 0 };
  g_autoptr (JsonNode) node = NULL;
  JsonObject *process, *counters;

  recorded_write (root);
  recorded_write_unparsable (root);
  outcome = run_cli ("list", "--json", "--proc", root, NULL);
  node = parse (&outcome);
  process = find_process (node, 1234);
  counters = json_object_get_object_member (process, "counters");
  g_assert_cmpstr (json_object_get_string_member (process, "name"), ==, RECORDED_NAME_CLEAN);
  g_assert_cmpstr (json_object_get_string_member (process, "command"), ==, "/opt/\\x1b[31mweird");
  g_assert_cmpstr (json_object_get_string_member (process, "state"), ==, "S");
  g_assert_cmpint (json_object_get_int_member (process, "uid"), ==, 4000000);
  g_assert_cmpstr (json_object_get_string_member (process, "user"), ==, "4000000");
  g_assert_cmpint (json_object_get_int_member (process, "start_time"), ==, 5000);
  g_assert_cmpint (json_object_get_int_member (process, "threads"), ==, 3);
  g_assert_cmpint (json_object_get_int_member (counters, "VmRSS"), ==, 800);
  g_assert_cmpint (json_object_get_int_member (counters, "VmSize"), ==, 1200);
  g_assert_cmpint (json_object_get_int_member (counters, "VmSwap"), ==, 12);
  g_assert_cmpint (json_object_get_int_member (counters, "VmLck"), ==, 4);

  process = find_process (node, 2);
  g_assert_true (json_object_get_boolean_member (process, "kernel_thread"));
  g_assert_cmpuint (json_object_get_size (json_object_get_object_member (process, "counters")), ==,
                    0);
  g_assert_false (json_object_get_boolean_member (find_process (node, 666), "readable"));
  g_assert_cmpstr (json_object_get_string_member (find_process (node, 77), "state"), ==, "Z");
}

static gint64
read_kb (const char *status, const char *name)
{
  g_autofree char *start = g_strconcat ("\n", name, ":", NULL);
  const char *line = strstr (status, start);

  g_assert_nonnull (line);
  return strtoll (line + strlen (start), NULL, 10);
}

static void
test_json_live (void)
{
  static const char *const names[] = { "VmSize", "VmLck", "VmRSS", "VmSwap" };
  g_auto (Subject) subject = subject_start (HOSTILE_NAME, NULL);
  g_autofree char *status = subject_read (&subject, "status");
  g_auto (Outcome) outcome = run_cli ("list", "--json", NULL);
  g_autoptr (JsonNode) node = parse (&outcome);
  JsonObject *process = find_process (node, subject.pid);
  JsonObject *counters = json_object_get_object_member (process, "counters");

  g_assert_cmpstr (json_object_get_string_member (process, "name"), ==, HOSTILE_CLEAN);
  g_assert_cmpstr (json_object_get_string_member (process, "state"), ==, "T");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_cmpint (json_object_get_int_member (counters, names[i]), ==,
                     read_kb (status, names[i]));
}

static void
test_table_live (void)
{
  g_auto (Subject) subject = subject_start (HOSTILE_NAME, NULL);
  g_auto (Outcome) outcome = run_cli ("list", NULL);

  assert_succeeds (&outcome);
  assert_is_safe (outcome.out, outcome.length);
  g_assert_nonnull (strstr (outcome.out, subject.pid_text));
  g_assert_nonnull (strstr (outcome.out, HOSTILE_CLEAN "\n"));
}

static void
test_no_proc (void)
{
  g_auto (Outcome) outcome = run_cli ("list", "--proc=/nowhere/at/all", NULL);

  assert_fails (&outcome, 1, "/nowhere/at/all");
  g_assert_cmpstr (outcome.out, ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/list/table", test_table);
  g_test_add_func ("/cli/list/unreadable", test_unreadable);
  g_test_add_func ("/cli/list/cut-to-width", test_cut_to_width);
  g_test_add_func ("/cli/list/plain-locale", test_plain_locale);
  g_test_add_func ("/cli/list/json-recorded", test_json_recorded);
  g_test_add_func ("/cli/list/json-live", test_json_live);
  g_test_add_func ("/cli/list/table-live", test_table_live);
  g_test_add_func ("/cli/list/no-proc", test_no_proc);
  return g_test_run ();
}
