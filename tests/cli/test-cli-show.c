/* SPDX-License-Identifier: GPL-3.0-or-later */

/* memory-atlas-cli show: its JSON against what this test reads of a process that stands still, and
 * against what that process did; and what it says when there is little or nothing to show. */

#include <json-glib/json-glib.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "helper-client.h"
#include "recorded.h"
#include "runner.h"
#include "subject.h"

#define HOSTILE_NAME "\x1b[31m\xff<&>"
#define HOSTILE_CLEAN "\\x1b[31m\\xff<&>"
#define HOSTILE_FILE "a\nb\x1b[2J\xe2\x80\xae\xff,\"'<&>"
/* The kernel writes the newline as \012. */
#define HOSTILE_FILE_CLEAN "a\\012b\\x1b[2J\\u202e\\xff,\"'<&>"

static JsonNode *
parse (const Outcome *outcome)
{
  g_autoptr (GError) error = NULL;
  JsonNode *node;

  assert_is_safe (outcome->out, outcome->length);
  node = json_from_string (outcome->out, &error);
  g_assert_no_error (error);
  g_assert_cmpint (json_object_get_int_member (json_node_get_object (node), "format"), ==, 1);
  return node;
}

/* One stopped subject and its JSON. */
typedef struct
{
  Subject subject;
  Outcome outcome;
  JsonNode *node;
  JsonObject *object;
  JsonArray *regions;
} Shown;

static Shown
show (const char *name, const char *file)
{
  Shown shown = { .subject = subject_start (name, file) };

  shown.outcome = run_cli ("show", shown.subject.pid_text, "--json", NULL);
  assert_succeeds (&shown.outcome);
  shown.node = parse (&shown.outcome);
  shown.object = json_node_get_object (shown.node);
  shown.regions = json_object_get_array_member (shown.object, "regions");
  return shown;
}

static void
shown_clear (Shown *shown)
{
  json_node_unref (shown->node);
  outcome_clear (&shown->outcome);
  subject_end (&shown->subject);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Shown, shown_clear)

static guint64
get_address (JsonObject *region, const char *name)
{
  const char *text = json_object_get_string_member (region, name);

  g_assert_true (g_str_has_prefix (text, "0x"));
  return g_ascii_strtoull (text, NULL, 16);
}

static JsonObject *
find_region (Shown *shown, guint64 start)
{
  for (guint i = 0; i < json_array_get_length (shown->regions); i++)
    {
      JsonObject *region = json_array_get_object_element (shown->regions, i);

      if (get_address (region, "start") == start)
        return region;
    }
  g_error ("no region begins at %" G_GINT64_MODIFIER "x", start);
}

/* The fields that format 1 promises, no more and no fewer. */
static void
assert_members (JsonObject *object, const char *names)
{
  g_auto (GStrv) wanted = g_strsplit (names, " ", -1);

  for (guint i = 0; wanted[i] != NULL; i++)
    if (!json_object_has_member (object, wanted[i]))
      g_error ("%s is missing", wanted[i]);
  g_assert_cmpuint (json_object_get_size (object), ==, g_strv_length (wanted));
}

static void
test_fields (void)
{
  g_auto (Shown) shown = show ("", NULL);

  assert_members (shown.object,
                  "format process system counters faults limits regions complete problems");
  assert_members (json_object_get_object_member (shown.object, "process"),
                  "pid name command state uid user start_time threads");
  assert_members (json_object_get_object_member (shown.object, "system"),
                  "kernel page_size libc time");
  assert_members (json_object_get_object_member (shown.object, "faults"), "minor major");
  assert_members (json_array_get_object_element (shown.regions, 0),
                  "start end permissions offset device inode name kind pages resident swapped "
                  "zero huge file shared unknown pages_age");
}

static void
test_counters (void)
{
  g_auto (Shown) shown = show ("", NULL);
  JsonObject *counters = json_object_get_object_member (shown.object, "counters");
  g_autofree char *status = subject_read (&shown.subject, "status");
  g_auto (GStrv) lines = g_strsplit (status, "\n", -1);
  guint n = 0;

  for (guint i = 0; lines[i] != NULL; i++)
    if (g_str_has_suffix (lines[i], " kB"))
      {
        char *colon = strchr (lines[i], ':');

        *colon = '\0';
        g_assert_cmpint (json_object_get_int_member (counters, lines[i]), ==,
                         strtoll (colon + 1, NULL, 10));
        n++;
      }
  g_assert_cmpuint (n, >, 10);
  g_assert_cmpuint (json_object_get_size (counters), ==, n);
}

static void
test_identity (void)
{
  g_auto (Shown) shown = show ("subject here", NULL);
  JsonObject *process = json_object_get_object_member (shown.object, "process");
  JsonObject *faults = json_object_get_object_member (shown.object, "faults");
  g_autofree char *stat = subject_read (&shown.subject, "stat");
  g_auto (GStrv) fields = g_strsplit (strrchr (stat, ')') + 2, " ", -1);

  g_assert_cmpint (json_object_get_int_member (process, "pid"), ==, shown.subject.pid);
  g_assert_cmpstr (json_object_get_string_member (process, "name"), ==, "subject here");
  g_assert_cmpstr (json_object_get_string_member (process, "command"), ==,
                   CLI_SUBJECT " subject here");
  g_assert_cmpstr (json_object_get_string_member (process, "state"), ==, "T");
  g_assert_cmpint (json_object_get_int_member (process, "uid"), ==, getuid ());
  g_assert_cmpint (json_object_get_int_member (process, "threads"), ==, 1);
  /* Fields 22, 10 and 12; the first here is the third. */
  g_assert_cmpint (json_object_get_int_member (process, "start_time"), ==,
                   strtoll (fields[19], NULL, 10));
  g_assert_cmpint (json_object_get_int_member (faults, "minor"), ==, strtoll (fields[7], NULL, 10));
  g_assert_cmpint (json_object_get_int_member (faults, "major"), ==, strtoll (fields[9], NULL, 10));
}

static void
assert_limit (JsonObject *limit, const char *member, const char *text)
{
  if (g_str_equal (text, "unlimited"))
    g_assert_true (json_object_get_null_member (limit, member));
  else
    g_assert_cmpint (json_object_get_int_member (limit, member), ==, strtoll (text, NULL, 10));
}

static void
test_limits (void)
{
  static const char *const names[][2] = {
    { "as", "Max address space" },    { "data", "Max data size" },
    { "stack", "Max stack size" },    { "memlock", "Max locked memory" },
    { "core", "Max core file size" }, { "nofile", "Max open files" },
  };
  g_auto (Shown) shown = show ("", NULL);
  JsonObject *limits = json_object_get_object_member (shown.object, "limits");
  g_autofree char *text = subject_read (&shown.subject, "limits");

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      JsonObject *limit = json_object_get_object_member (limits, names[i][0]);
      const char *line = strstr (text, names[i][1]);
      char soft[32], hard[32];

      g_assert_cmpint (sscanf (line + strlen (names[i][1]), "%31s %31s", soft, hard), ==, 2);
      assert_limit (limit, "soft", soft);
      assert_limit (limit, "hard", hard);
    }
  g_assert_cmpuint (json_object_get_size (limits), ==, 16);
}

static void
compare_mapping (JsonObject *region, const char *line)
{
  unsigned long long start, end, offset, inode;
  char permissions[5], device[16];

  g_assert_cmpint (sscanf (line, "%llx-%llx %4s %llx %15s %llu", &start, &end, permissions, &offset,
                           device, &inode),
                   ==, 6);
  g_assert_cmphex (get_address (region, "start"), ==, start);
  g_assert_cmphex (get_address (region, "end"), ==, end);
  g_assert_cmpstr (json_object_get_string_member (region, "permissions"), ==, permissions);
  g_assert_cmpint (json_object_get_int_member (region, "offset"), ==, (gint64) offset);
  g_assert_cmpstr (json_object_get_string_member (region, "device"), ==, device);
  g_assert_cmpint (json_object_get_int_member (region, "inode"), ==, (gint64) inode);
  g_assert_cmpint (json_object_get_int_member (region, "pages"), ==,
                   (gint64) (end - start) / sysconf (_SC_PAGESIZE));
}

static void
test_regions (void)
{
  g_auto (Shown) shown = show ("", NULL);
  g_autofree char *maps = subject_read (&shown.subject, "maps");
  g_auto (GStrv) lines = g_strsplit (g_strchomp (maps), "\n", -1);
  guint n = g_strv_length (lines);

  g_assert_cmpuint (json_array_get_length (shown.regions), ==, n);
  for (guint i = 0; i < n; i++)
    {
      JsonObject *region = json_array_get_object_element (shown.regions, i);

      compare_mapping (region, lines[i]);
      if (strlen (lines[i]) > 73)
        g_assert_cmpstr (json_object_get_string_member (region, "name"), ==, lines[i] + 73);
    }
  g_assert_true (json_object_get_boolean_member (shown.object, "complete"));
}

/* smaps counts the same pages by another way: Rss, Swap. What the kernel maps for itself (vdso) is
 * in no Rss. */
static void
test_resident_against_smaps (void)
{
  g_auto (Shown) shown = show ("", NULL);
  g_autofree char *smaps = subject_read (&shown.subject, "smaps");
  const char *at = smaps;

  for (guint i = 0; i < json_array_get_length (shown.regions); i++)
    {
      JsonObject *region = json_array_get_object_element (shown.regions, i);
      gint64 page_kb = sysconf (_SC_PAGESIZE) / 1024;

      at = strstr (at, "\nRss:");
      g_assert_nonnull (at);
      at += strlen ("\nRss:");
      if (g_str_equal (json_object_get_string_member (region, "kind"), "kernel"))
        continue;
      g_assert_cmpint (json_object_get_int_member (region, "resident") * page_kb, ==,
                       strtoll (at, NULL, 10));
    }
}

/* Kernels before 6.7 tell these to root only. */
static void
assert_told (JsonObject *region, const char *name, gint64 pages)
{
  if (json_object_get_null_member (region, name))
    g_test_message ("%s is not told here", name);
  else
    g_assert_cmpint (json_object_get_int_member (region, name), ==, pages);
}

/* What the subject did is what is said. */
static void
test_pages (void)
{
  g_auto (Shown) shown = show ("", NULL);
  JsonObject *region = find_region (&shown, shown.subject.anonymous);
  gint64 zero = helper_has_zero_page () ? SUBJECT_READ : 0;
  gboolean zero_told = !json_object_get_null_member (region, "zero");

  g_assert_cmpstr (json_object_get_string_member (region, "kind"), ==, "anonymous");
  g_assert_cmpint (json_object_get_int_member (region, "pages"), ==, SUBJECT_PAGES);
  g_assert_cmpint (json_object_get_int_member (region, "resident"), ==,
                   SUBJECT_WRITTEN + SUBJECT_READ - (zero_told ? zero : 0));
  assert_told (region, "zero", zero);
  assert_told (region, "huge", 0);
  g_assert_cmpint (json_object_get_int_member (region, "shared"), ==, 0);
  g_assert_cmpint (json_object_get_int_member (region, "file"), ==, 0);
  g_assert_cmpint (json_object_get_int_member (region, "swapped"), ==, 0);
  g_assert_cmpint (json_object_get_int_member (region, "unknown"), ==, 0);
  g_assert_cmpint (json_object_get_int_member (region, "pages_age"), ==, 0);

  region = find_region (&shown, shown.subject.shared);
  g_assert_cmpstr (json_object_get_string_member (region, "kind"), ==, "shared");
  g_assert_cmpint (json_object_get_int_member (region, "resident"), ==, SUBJECT_SHARED_WRITTEN);
  g_assert_cmpint (json_object_get_int_member (region, "shared"), ==, SUBJECT_SHARED_TWICE);
  g_assert_cmpint (json_object_get_int_member (region, "file"), ==, SUBJECT_SHARED_WRITTEN);
}

static void
test_hostile_names (void)
{
  auto_folder folder = make_folder ();
  g_autofree char *file = g_build_filename (folder, HOSTILE_FILE, NULL);
  g_autofree char *wanted = g_build_filename (folder, HOSTILE_FILE_CLEAN, NULL);
  g_auto (Shown) shown = show (HOSTILE_NAME, file);
  g_auto (Outcome) report = run_cli ("show", shown.subject.pid_text, NULL);
  JsonObject *process = json_object_get_object_member (shown.object, "process");
  gboolean found = FALSE;

  g_assert_cmpstr (json_object_get_string_member (process, "name"), ==, HOSTILE_CLEAN);
  for (guint i = 0; i < json_array_get_length (shown.regions); i++)
    {
      JsonObject *region = json_array_get_object_element (shown.regions, i);

      found |= g_str_equal (json_object_get_string_member (region, "name"), wanted);
    }
  g_assert_true (found);

  assert_succeeds (&report);
  assert_is_safe (report.out, report.length);
  g_assert_true (g_str_has_prefix (report.out, HOSTILE_CLEAN " (process "));
  g_assert_nonnull (strstr (report.out, wanted));
}

/* Everything in the report of a tree in which every number is known. */
static void
test_report (void)
{
  static const char *const wanted[] = {
    RECORDED_NAME_CLEAN " (process 1234)\n",
    "  Command  /opt/\\x1b[31mweird\n",
    "  User     4000000 (4000000)\n",
    "  State    S (sleeping)\n",
    "  Started  2023-11-14 22:",
    "  Threads  3\n",
    "Linux 6.1.0-recorded",
    "  VmPeak    1,500 kB  ",
    "  VmRSS       800 kB  ",
    "  VmFuture     77 kB  ",
    "  minor  4,711  ",
    "  major     42  ",
    "  stack        8 MiB  unlimited  Max stack size\n",
    "Regions: 4\n",
    "  00400000–00402000          r-xp   8 KiB   unknown  unknown  program  /opt/a b,\"c\" \\xff\\x1b[31m\\012\n",
    "  01000000–01003000          rw-p  12 KiB   unknown  unknown  heap     [heap]\n",
    "Problems\n",
    "pagemap",
  };
  auto_folder root = make_folder ();
  g_auto (Outcome) outcome = { 0 };

  recorded_write (root);
  outcome = run_cli ("show", RECORDED_PROGRAM, "--proc", root, NULL);
  assert_succeeds (&outcome);
  assert_is_safe (outcome.out, outcome.length);
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    if (strstr (outcome.out, wanted[i]) == NULL)
      g_error ("not there: %s\nbut:\n%s", wanted[i], outcome.out);
}

/* No pagemap: unknown, and null where a number would be made up; numbers beyond 2^63 keep every
 * digit. */
static void
test_json_recorded (void)
{
  auto_folder root = make_folder ();
  g_auto (Outcome) outcome = { 0 };
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object, *region;

  recorded_write (root);
  outcome = run_cli ("show", RECORDED_PROGRAM, "--json", "--proc", root, NULL);
  assert_succeeds (&outcome);
  node = parse (&outcome);
  object = json_node_get_object (node);
  region = json_array_get_object_element (json_object_get_array_member (object, "regions"), 1);
  g_assert_cmpint (json_object_get_int_member (region, "pages"), ==, 3);
  g_assert_cmpint (json_object_get_int_member (region, "unknown"), ==, 3);
  g_assert_cmpint (json_object_get_int_member (region, "resident"), ==, 0);
  g_assert_true (json_object_get_null_member (region, "zero"));
  g_assert_true (json_object_get_null_member (region, "shared"));
  g_assert_true (json_object_get_null_member (region, "pages_age"));
  g_assert_false (json_object_get_boolean_member (object, "complete"));
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, "problems")), >,
                    0);
  g_assert_cmpint (
      json_object_get_int_member (json_object_get_object_member (object, "counters"), "VmFuture"),
      ==, 77);
  g_assert_nonnull (strstr (outcome.out, "\"inode\": 18446744073709551615"));
  g_assert_nonnull (
      strstr (outcome.out, "\"memlock\": {\"soft\": 65536, \"hard\": 18446744073709551614}"));
}

static void
test_without_memory (void)
{
  static const char *const pids[] = { RECORDED_ZOMBIE, RECORDED_KERNEL_THREAD };
  static const char *const words[] = { "zombie", "kernel thread" };
  auto_folder root = make_folder ();

  recorded_write (root);
  for (guint i = 0; i < G_N_ELEMENTS (pids); i++)
    {
      g_auto (Outcome) report = run_cli ("show", pids[i], "--proc", root, NULL);
      g_auto (Outcome) json = run_cli ("show", pids[i], "--json", "--proc", root, NULL);
      g_autoptr (JsonNode) node = parse (&json);
      JsonObject *object = json_node_get_object (node);

      assert_succeeds (&report);
      assert_succeeds (&json);
      g_assert_nonnull (strstr (report.out, words[i]));
      g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, "regions")),
                        ==, 0);
      g_assert_cmpuint (json_object_get_size (json_object_get_object_member (object, "counters")),
                        ==, 0);
    }
}

static void
test_zombie_live (void)
{
  g_auto (Outcome) outcome = { 0 };
  g_autofree char *pid_text = NULL;
  siginfo_t about;
  int pid = fork ();

  if (pid == 0)
    _exit (0);
  g_assert_cmpint (waitid (P_PID, (id_t) pid, &about, WEXITED | WNOWAIT), ==, 0);
  pid_text = g_strdup_printf ("%d", pid);
  outcome = run_cli ("show", pid_text, NULL);
  waitpid (pid, NULL, 0);
  assert_succeeds (&outcome);
  g_assert_nonnull (strstr (outcome.out, "Z (zombie)"));
}

static void
test_gone (void)
{
  g_auto (Outcome) outcome = { 0 };
  g_autofree char *pid_text = NULL;
  int pid = fork ();

  if (pid == 0)
    _exit (0);
  waitpid (pid, NULL, 0);
  pid_text = g_strdup_printf ("%d", pid);
  outcome = run_cli ("show", pid_text, NULL);
  assert_fails (&outcome, 1, pid_text);
  g_assert_cmpstr (outcome.out, ==, "");
}

static void
test_most_pid (void)
{
  g_auto (Outcome) outcome = run_cli ("show", "2147483647", NULL);

  assert_fails (&outcome, 1, "There is no process 2147483647");
}

static void
test_malformed (void)
{
  auto_folder root = make_folder ();
  g_auto (Outcome) outcome = { 0 };

  recorded_write_unparsable (root);
  outcome = run_cli ("show", RECORDED_UNPARSABLE, "--proc", root, NULL);
  assert_fails (&outcome, 1, NULL);
  g_assert_cmpstr (outcome.out, ==, "");
}

/* What is open to everyone is shown, and yet it is a failure. */
static void
test_denied (void)
{
  g_auto (Subject) subject = { 0 };
  g_auto (Outcome) report = { 0 }, json = { 0 };
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object;

  if (!can_be_nobody ())
    return;
  subject = subject_start (HOSTILE_NAME, NULL);
  report = run_cli_as_nobody ("show", subject.pid_text, NULL);
  assert_fails (&report, 1, "may not be read");
  assert_is_safe (report.out, report.length);
  g_assert_nonnull (strstr (report.out, "VmRSS"));

  json = run_cli_as_nobody ("show", subject.pid_text, "--json", NULL);
  assert_fails (&json, 1, "root");
  node = parse (&json);
  object = json_node_get_object (node);
  g_assert_false (json_object_get_boolean_member (object, "complete"));
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, "regions")), ==,
                    0);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, "problems")), >,
                    0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/show/fields", test_fields);
  g_test_add_func ("/cli/show/counters", test_counters);
  g_test_add_func ("/cli/show/identity", test_identity);
  g_test_add_func ("/cli/show/limits", test_limits);
  g_test_add_func ("/cli/show/regions", test_regions);
  g_test_add_func ("/cli/show/resident-against-smaps", test_resident_against_smaps);
  g_test_add_func ("/cli/show/pages", test_pages);
  g_test_add_func ("/cli/show/hostile-names", test_hostile_names);
  g_test_add_func ("/cli/show/report", test_report);
  g_test_add_func ("/cli/show/json-recorded", test_json_recorded);
  g_test_add_func ("/cli/show/without-memory", test_without_memory);
  g_test_add_func ("/cli/show/zombie-live", test_zombie_live);
  g_test_add_func ("/cli/show/gone", test_gone);
  g_test_add_func ("/cli/show/most-pid", test_most_pid);
  g_test_add_func ("/cli/show/malformed", test_malformed);
  g_test_add_func ("/cli/show/denied", test_denied);
  return g_test_run ();
}
