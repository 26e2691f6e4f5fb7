/* SPDX-License-Identifier: GPL-3.0-or-later */

/* memory-atlas-cli lesson, with lessons of its own: what it prints, what it exits with, and the
 * pictures. Those that come with the program are tests by themselves. */

#include "runner.h"

#include <glib/gstdio.h>
#include <string.h>

#define HEAD "# A <title>\n\nThe summary.\n\n## First step\n\nBefore `it`.\n\n"
#define GOOD                                                                                       \
  HEAD "```lab\nmmap a 64p\ntouch a write\n```\n\n```expect\nsyscall mmap\npages a resident 64\n"  \
       "```\n\n- One\n- Two\n\n## Second step\n\n```lab\nmunmap a\n```\n\n```expect\n"             \
       "syscall munmap\n```\n"
#define WRONG HEAD "```lab\nmmap a 64p\n```\n\n```expect\nsyscall mmap\npages a resident 64\n```\n"

static char *
write_lesson (const char *folder, const char *text)
{
  char *path = g_build_filename (folder, "01-mine.md", NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  return path;
}

static void
assert_has (const Outcome *outcome, const char *text)
{
  if (strstr (outcome->out, text) == NULL)
    g_error ("“%s” is not in\n%s", text, outcome->out);
}

static void
test_good (void)
{
  auto_folder folder = make_folder ();
  g_autofree char *path = write_lesson (folder, GOOD);
  g_auto (Outcome) outcome = run_cli ("lesson", path, NULL);

  assert_succeeds (&outcome);
  assert_is_safe (outcome.out, outcome.length);
  assert_has (&outcome, "A <title>\n\n   The summary.\n\n1. First step\n\n   Before `it`.\n");
  assert_has (&outcome, "   > touch a write\n      for (size_t i = 0;");
  assert_has (&outcome, " = 0x");
  assert_has (&outcome, "64 page faults");
  assert_has (&outcome, "   ✓ Pages of “a” that are resident: exactly 64.\n");
  assert_has (&outcome, "\n   • One\n   • Two\n");
  assert_has (&outcome, "\n2. Second step\n");
  assert_has (&outcome, "\n2 steps: 3 as expected, 0 not.\n");
}

static gboolean
run_in_columns (const char *columns, const char *path, Outcome *outcome)
{
  g_autofree char *setting = g_strconcat ("COLUMNS=", columns, NULL);
  const char *words[] = { "env", setting, ATLAS_CLI, "lesson", path, NULL };

  *outcome = run_program (words);
  return outcome->status == 0;
}

/* Calls and counters in whole lines where somebody may search them, in short ones for a terminal.
 */
static void
test_width (void)
{
  auto_folder folder = make_folder ();
  g_autofree char *path = write_lesson (folder, GOOD);
  g_auto (Outcome) whole = run_cli ("lesson", path, NULL);
  g_auto (Outcome) broken = { 0 };
  g_auto (GStrv) lines = NULL;

  assert_has (&whole, "PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x");
  g_assert_true (run_in_columns ("60", path, &broken));
  lines = g_strsplit (broken.out, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    g_assert_cmpint (g_utf8_strlen (*line, -1), <=, 60);
  assert_has (&broken, "\n      mmap (NULL, ");
  assert_has (&broken, "\n          ");
}

/* What a machine can't show is not told as if it had been. */
static void
test_skipped (void)
{
  auto_folder folder = make_folder ();
  g_autofree char *path = write_lesson (
      folder, HEAD "```lab\nmmap a 64p\n```\n\n```expect\nrequires hugetlb\n```\n\nThere.\n");
  g_auto (Outcome) outcome = run_cli ("lesson", path, NULL);

  assert_succeeds (&outcome);
  if (strstr (outcome.out, "1 step skipped") == NULL)
    g_test_skip ("this machine has huge pages set aside");
  else
    assert_has (&outcome, "\n\n   Where it can be run:\n\n   There.\n");
}

static void
test_answer (void)
{
  auto_folder folder = make_folder ();
  g_autofree char *path = write_lesson (
      folder, HEAD "```lab\nmallopt mmap_threshold 64K\nthresholds\n```\n\n"
                   "```expect\nanswer mmap_threshold = 65536\nanswer dynamic=no\n```\n");
  g_auto (Outcome) outcome = run_cli ("lesson", path, NULL);

  assert_succeeds (&outcome);
  assert_has (&outcome, "   > thresholds\n      mmap_threshold=65536  dynamic=no\n");
}

/* A lesson that is not true fails, and says what was seen. */
static void
test_wrong (void)
{
  auto_folder folder = make_folder ();
  g_autofree char *path = write_lesson (folder, WRONG);
  g_auto (Outcome) outcome = run_cli ("lesson", path, NULL);

  g_assert_cmpint (outcome.status, ==, 1);
  g_assert_cmpstr (outcome.err, ==, "");
  assert_has (&outcome, "   ✗ Pages of “a” that are resident: exactly 64. But: Pages of “a”");
  assert_has (&outcome, "\n1 step: 1 as expected, 1 not.\n");
}

static void
test_not_read (void)
{
  auto_folder folder = make_folder ();
  g_autofree char *path = write_lesson (folder, HEAD "```lab\nx\n```\n```expect\nVmSise +0\n```\n");
  g_auto (Outcome) malformed = run_cli ("lesson", path, NULL);
  g_auto (Outcome) unknown = run_cli ("lesson", "no-such-lesson", NULL);
  g_auto (Outcome) missing = run_cli ("lesson", "./no-such-lesson.md", NULL);

  assert_fails (&malformed, 1, "01-mine.md, line 13: ");
  assert_fails (&unknown, 1, "no-such-lesson");
  assert_fails (&missing, 1, "no-such-lesson.md");
}

static void
test_usage (void)
{
  g_auto (Outcome) many = run_cli ("lesson", "fork", "mlock", NULL);
  g_auto (Outcome) format = run_cli ("lesson", "fork", "--format", "pdf", NULL);
  g_auto (Outcome) option = run_cli ("lesson", "--loud", NULL);
  g_auto (Outcome) help = run_cli ("lesson", "--help", NULL);

  assert_fails (&many, 2, "mlock");
  assert_fails (&format, 2, "pdf");
  assert_fails (&option, 2, "--loud");
  assert_succeeds (&help);
  assert_has (&help, "lesson [NAME|FILE]");
}

static void
test_list (void)
{
  g_auto (Outcome) bare = run_cli ("lesson", NULL);
  g_auto (Outcome) list = run_cli ("lesson", "--list", NULL);
  g_auto (GStrv) lines = g_strsplit (g_strchomp (bare.out), "\n", -1);

  assert_succeeds (&bare);
  assert_succeeds (&list);
  g_assert_cmpuint (g_strv_length (lines), ==, 12);
  g_assert_true (g_str_has_prefix (lines[0], "heap-and-brk "));
  g_assert_true (g_str_has_suffix (lines[0], "The heap and brk"));
}

static void
assert_begins (const char *folder, const char *name, const char *bytes, gsize n_bytes)
{
  gsize length;
  g_autofree char *data = read_file (folder, name, &length);

  g_assert_cmpuint (length, >, 1000);
  g_assert_cmpint (memcmp (data, bytes, n_bytes), ==, 0);
}

static void
test_export (void)
{
  auto_folder folder = make_folder ();
  g_autofree char *path = write_lesson (folder, GOOD);
  g_autofree char *pictures = g_build_filename (folder, "a", "b", NULL);
  g_auto (Outcome) png = run_cli ("lesson", path, "--export", pictures, NULL);
  g_auto (Outcome) svg = run_cli ("lesson", "--format=svg", "--export", pictures, path, NULL);
  g_autofree char *text = NULL;

  assert_succeeds (&png);
  assert_succeeds (&svg);
  g_assert_cmpuint (count_files (pictures), ==, 4);
  assert_begins (pictures, "mine-01.png", "\x89PNG", 4);
  assert_begins (pictures, "mine-02.png", "\x89PNG", 4);
  assert_begins (pictures, "mine-02.svg", "<?xml", 5);
  text = read_file (pictures, "mine-01.svg", NULL);
  g_assert_nonnull (strstr (text, "First step"));
  g_assert_nonnull (strstr (text, "a · mmap 256 KiB"));
  remove_folder (pictures);
}

static void
test_export_impossible (void)
{
  auto_folder folder = make_folder ();
  g_autofree char *path = write_lesson (folder, GOOD);
  g_auto (Outcome) file = run_cli ("lesson", path, "--export", path, NULL);
  g_auto (Outcome) below = run_cli ("lesson", path, "--export", "/proc/none", NULL);

  g_assert_cmpint (file.status, ==, 1);
  assert_fails (&below, 1, "/proc/none");
}

/* Whatever a lesson holds, the terminal is safe. */
static void
test_hostile (void)
{
  auto_folder folder = make_folder ();
  g_autofree char *path =
      write_lesson (folder, "# T\xe2\x80\xae\n\nS \033]0;x\007\n\n## A \xc2\x9b\n\n"
                            "```lab\nmmap a 4K file=/none\\x1b\nhelp\n```\n");
  g_auto (Outcome) outcome = run_cli ("lesson", path, NULL);

  g_assert_cmpint (outcome.status, ==, 1);
  assert_is_safe (outcome.out, outcome.length);
  assert_has (&outcome, "All commands succeed. But: ");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/lesson/good", test_good);
  g_test_add_func ("/cli/lesson/width", test_width);
  g_test_add_func ("/cli/lesson/skipped", test_skipped);
  g_test_add_func ("/cli/lesson/answer", test_answer);
  g_test_add_func ("/cli/lesson/wrong", test_wrong);
  g_test_add_func ("/cli/lesson/not-read", test_not_read);
  g_test_add_func ("/cli/lesson/usage", test_usage);
  g_test_add_func ("/cli/lesson/list", test_list);
  g_test_add_func ("/cli/lesson/export", test_export);
  g_test_add_func ("/cli/lesson/export-impossible", test_export_impossible);
  g_test_add_func ("/cli/lesson/hostile", test_hostile);
  return g_test_run ();
}
