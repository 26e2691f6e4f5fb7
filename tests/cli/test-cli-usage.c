/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The edges of the program: wrong command lines, help and manual page, output that cannot be
 * written, and what it links. */

#include "atlas-config.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "runner.h"

typedef struct
{
  const char *name;
  const char *arguments[6];
  const char *mentioned;
} WrongUsage;

static const WrongUsage wrong_usages[] = {
  { "nothing", { NULL }, "command" },
  { "unknown-command", { "frobnicate" }, "frobnicate" },
  { "unknown-option", { "--frobnicate" }, "--frobnicate" },
  { "hostile-command", { "\x1b[31m\xff" }, "\\x1b[31m\\xff" },
  { "list-argument", { "list", "1" }, "1" },
  { "list-option", { "list", "--dark" }, "--dark" },
  { "show-nothing", { "show" }, "PID" },
  { "show-word", { "show", "bash" }, "bash" },
  { "show-empty", { "show", "" }, "process ID" },
  { "show-zero", { "show", "0" }, "0" },
  { "show-negative", { "show", "-5" }, "5" },
  { "show-negative-after-dashes", { "show", "--", "-5" }, "-5" },
  { "show-plus", { "show", "+5" }, "+5" },
  { "show-fraction", { "show", "1.5" }, "1.5" },
  { "show-hexadecimal", { "show", "0x1" }, "0x1" },
  { "show-trailing", { "show", "1 " }, "1 " },
  { "show-too-big", { "show", "2147483648" }, "2147483648" },
  { "show-far-too-big", { "show", "99999999999999999999999" }, "99999999999999999999999" },
  { "show-two", { "show", "1", "2" }, "2" },
  { "show-hostile", { "show", "1\x1b]0;x\x07\n\xe2\x80\xae" }, "\\x1b]0;x\\x07\\n\\u202e" },
  { "show-option", { "show", "1", "--width=400" }, "--width" },
  { "export-nothing", { "export" }, "PID" },
  { "export-no-file", { "export", "1" }, "-o" },
  { "export-no-file-value", { "export", "1", "-o" }, "-o" },
  { "export-no-ending", { "export", "1", "-o", "map" }, "map" },
  { "export-other-ending", { "export", "1", "-o", "map.gif" }, ".svg" },
  { "export-ending-in-folder", { "export", "1", "-o", "a.png/map" }, "map" },
  { "export-bad-pid", { "export", "x", "-o", "map.png" }, "x" },
  { "export-narrow", { "export", "1", "-o", "map.png", "--width=319" }, "--width" },
  { "export-wide", { "export", "1", "-o", "map.png", "--width=32001" }, "32000" },
  { "export-no-width", { "export", "1", "-o", "map.png", "--width=0" }, "--width" },
  { "export-negative", { "export", "1", "-o", "map.png", "--height=-1" }, "--height" },
  { "export-word", { "export", "1", "-o", "map.png", "--height=tall" }, "tall" },
  { "export-overflow", { "export", "1", "-o", "map.png", "--height=4294967616" }, "--height" },
  { "trace-nothing", { "trace" }, "program" },
  { "trace-dashes", { "trace", "--" }, "program" },
  { "trace-option", { "trace", "--frobnicate", "true" }, "--frobnicate" },
  { "trace-proc", { "trace", "--proc=/tmp", "true" }, "--proc" },
  { "trace-no-file", { "trace", "-o" }, "-o" },
  { "export-palette", { "export", "1", "-o", "map.png", "--palette=purple" }, "purple" },
};

static void
test_wrong_usage (gconstpointer data)
{
  const WrongUsage *wrong = data;
  g_auto (Outcome) outcome = run_cli_v (wrong->arguments);

  assert_fails (&outcome, 2, wrong->mentioned);
  g_assert_nonnull (strstr (outcome.err, "--help"));
  g_assert_cmpstr (outcome.out, ==, "");
}

/* Each option of the issue, by the command that has it. */
static const char *const options[][2] = {
  { "list", "--json" },        { "show", "--json" },       { "export", "-o, --output" },
  { "export", "--width" },     { "export", "--height" },   { "export", "--title" },
  { "export", "--dark" },      { "export", "--palette" },  { "list", "--proc" },
  { "show", "--proc" },        { "export", "--proc" },     { "list", "-h, --help" },
  { "show", "-h, --help" },    { "export", "-h, --help" }, { "trace", "--json" },
  { "trace", "-o, --output" }, { "trace", "--summary" },   { "trace", "-h, --help" },
};

static void
test_help (void)
{
  g_auto (Outcome) all = run_cli ("--help", NULL);
  g_auto (Outcome) short_form = run_cli ("-h", NULL);

  assert_succeeds (&all);
  assert_is_safe (all.out, all.length);
  g_assert_cmpstr (all.out, ==, short_form.out);
  g_assert_nonnull (strstr (all.out, "--version"));
  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    {
      g_auto (Outcome) one = run_cli (options[i][0], "--help", NULL);

      assert_succeeds (&one);
      g_assert_nonnull (strstr (one.out, options[i][1]));
      g_assert_nonnull (strstr (all.out, options[i][1]));
      g_assert_nonnull (strstr (all.out, options[i][0]));
    }
}

static void
test_version (void)
{
  g_auto (Outcome) outcome = run_cli ("--version", NULL);

  assert_succeeds (&outcome);
  g_assert_cmpstr (outcome.out, ==, "memory-atlas-cli " ATLAS_VERSION "\n");
}

/* Every long option of the help is in the manual page, and no other. */
static GHashTable *
collect_options (const char *text, const char *pattern)
{
  g_autoptr (GRegex) regex = g_regex_new (pattern, 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  GHashTable *found = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (g_regex_match (regex, text, 0, &match); g_match_info_matches (match);
       g_match_info_next (match, NULL))
    g_hash_table_add (found, g_match_info_fetch (match, 1));
  return found;
}

static void
assert_has_all (GHashTable *there, GHashTable *wanted, const char *where)
{
  GHashTableIter iter;
  gpointer option;

  g_hash_table_iter_init (&iter, wanted);
  while (g_hash_table_iter_next (&iter, &option, NULL))
    if (!g_hash_table_contains (there, option))
      g_error ("--%s is not in %s", (char *) option, where);
}

static void
test_manual (void)
{
  g_auto (Outcome) help = run_cli ("--help", NULL);
  g_autofree char *manual = read_file (MAN_FOLDER, "memory-atlas-cli.1", NULL);
  g_autoptr (GHashTable) in_help = collect_options (help.out, "--([a-z]+)");
  g_autoptr (GHashTable) in_manual = collect_options (manual, "Fl Fl ([a-z]+)");

  g_assert_cmpuint (g_hash_table_size (in_help), >=, 10);
  assert_has_all (in_manual, in_help, "the manual page");
  assert_has_all (in_help, in_manual, "the help");
}

/* The pages themselves are well formed. */
static void
test_manual_format (void)
{
  static const char *const pages[] = { "memory-atlas-cli.1", "memory-atlas-lesson.5",
                                       "memory-atlas-trace.1", "memory-atlas.1" };
  g_autofree char *groff = g_find_program_in_path ("groff");

  if (groff == NULL)
    {
      g_test_skip ("there is no groff");
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      g_autofree char *path = g_build_filename (MAN_FOLDER, pages[i], NULL);
      const char *argv[] = { groff, "-mdoc", "-ww", "-z", path, NULL };
      g_auto (Outcome) outcome = run_program (argv);

      assert_succeeds (&outcome);
    }
}

static int
open_full (void)
{
  return open ("/dev/full", O_WRONLY | O_CLOEXEC);
}

static int
open_broken_pipe (void)
{
  int ends[2];

  g_assert_cmpint (pipe2 (ends, O_CLOEXEC), ==, 0);
  close (ends[0]);
  return ends[1];
}

static const char *const printing[][3] = {
  { "--help" },      { "--version" },      { "show", "--help" },       { "list" },
  { "show", "PID" }, { "list", "--json" }, { "show", "PID", "--json" }
};

/* The test itself is the process that is shown. */
static void
fail_to_print (int (*open_output) (void), const char *why)
{
  g_autofree char *pid = g_strdup_printf ("%d", getpid ());

  for (guint i = 0; i < G_N_ELEMENTS (printing); i++)
    {
      const char *second = printing[i][1];
      g_auto (Outcome) outcome = run_cli_into (
          open_output (), printing[i][0],
          second != NULL && g_str_equal (second, "PID") ? pid : second, printing[i][2], NULL);

      assert_fails (&outcome, 1, why);
    }
}

static void
test_full_output (void)
{
  fail_to_print (open_full, "No space left on device");
}

static void
test_closed_pipe (void)
{
  fail_to_print (open_broken_pipe, "Broken pipe");
}

/* With no standard output at all, the next file opened must not become it. */
static void
test_no_output (void)
{
  const char *argv[] = { "sh", "-c", "exec \"$0\" list >&-", ATLAS_CLI, NULL };
  g_auto (Outcome) outcome = run_program (argv);

  assert_fails (&outcome, 1, "Bad file descriptor");
}

static void
test_no_gtk (void)
{
  const char *argv[] = { "ldd", ATLAS_CLI, NULL };
  g_autofree char *ldd = g_find_program_in_path ("ldd");
  g_auto (Outcome) outcome = { 0 };

  if (ldd == NULL)
    {
      g_test_skip ("there is no ldd");
      return;
    }
  outcome = run_program (argv);
  assert_succeeds (&outcome);
  g_assert_nonnull (strstr (outcome.out, "libglib-2.0"));
  g_assert_null (strstr (outcome.out, "libgtk"));
  g_assert_null (strstr (outcome.out, "libadwaita"));
  g_assert_null (strstr (outcome.out, "libgdk"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (wrong_usages); i++)
    {
      g_autofree char *path = g_strconcat ("/cli/usage/wrong/", wrong_usages[i].name, NULL);

      g_test_add_data_func (path, &wrong_usages[i], test_wrong_usage);
    }
  g_test_add_func ("/cli/usage/help", test_help);
  g_test_add_func ("/cli/usage/version", test_version);
  g_test_add_func ("/cli/usage/manual", test_manual);
  g_test_add_func ("/cli/usage/manual-format", test_manual_format);
  g_test_add_func ("/cli/usage/full-output", test_full_output);
  g_test_add_func ("/cli/usage/closed-pipe", test_closed_pipe);
  g_test_add_func ("/cli/usage/no-output", test_no_output);
  g_test_add_func ("/cli/usage/no-gtk", test_no_gtk);
  return g_test_run ();
}
