/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The same programs under strace, without randomized addresses: the same calls in the same order,
 * with the same arguments and results. */

#include "trace-runner.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <unistd.h>

/* Addresses are the same in each run only where nothing is random, and not each machine allows
 * that.
 */
static gboolean
is_comparable (void)
{
  g_autofree char *strace = g_find_program_in_path ("strace");

  if (strace == NULL)
    g_test_skip ("there is no strace");
  else if (personality (ADDR_NO_RANDOMIZE) == -1)
    g_test_skip ("addresses are random on this machine");
  else
    return trace_is_possible ();
  return FALSE;
}

/* "mmap(NULL, 8192, …, 3, 0x26000) = 0x7f…" as "mmap (NULL, 8192, …, 3, 155648) = 0x7f…"; strace
 * writes offsets in hexadecimal, sets of flags in another order, and errors with their text. */
static char *
normalize_strace (const char *line)
{
  g_autoptr (GRegex) offset = g_regex_new (", 0x([0-9a-f]+)\\) = ", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *name = g_strndup (line, strcspn (line, "("));
  g_autofree char *rest = g_strdup (line + strlen (name));
  char *error = strstr (rest, " (");

  if (error != NULL && strstr (rest, ") = -1 ") != NULL)
    *error = '\0';
  if (g_str_equal (name, "mmap") && g_regex_match (offset, rest, 0, &match))
    {
      g_autofree char *digits = g_match_info_fetch (match, 1);
      g_autofree char *decimal =
          g_strdup_printf (", %" G_GUINT64_FORMAT ") = ", g_ascii_strtoull (digits, NULL, 16));
      g_autofree char *replaced = g_regex_replace_literal (offset, rest, -1, 0, decimal, 0, NULL);

      return g_strdup_printf ("%s %s", name, replaced);
    }
  return g_strdup_printf ("%s %s", name, rest);
}

static int
compare_words (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* Flags in the order of the alphabet. */
static gboolean
sort_flags_cb (const GMatchInfo *match, GString *into, gpointer user_data)
{
  g_autofree char *flags = g_match_info_fetch (match, 0);
  g_auto (GStrv) words = g_strsplit (flags, "|", -1);
  g_autofree char *sorted = NULL;

  qsort (words, g_strv_length (words), sizeof *words, compare_words);
  sorted = g_strjoinv ("|", words);
  g_string_append (into, sorted);
  return FALSE;
}

static char *
sort_flags (const char *line)
{
  g_autoptr (GRegex) regex = g_regex_new ("[A-Z_0-9]+(\\|[A-Z_0-9]+)+", 0, 0, NULL);

  return g_regex_replace_eval (regex, line, -1, 0, 0, sort_flags_cb, NULL, NULL);
}

/* What is ours in the same form. */
static char *
format_line (JsonObject *line)
{
  JsonNode *result = json_object_get_member (line, "result");
  g_autofree char *value = NULL;

  if (json_node_get_value_type (result) == G_TYPE_STRING)
    value = json_node_dup_string (result);
  else
    value = g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (result));
  return g_strdup_printf ("%s = %s%s%s", trace_string (line, "text"), value,
                          json_object_has_member (line, "error") ? " " : "",
                          trace_string (line, "error"));
}

static GPtrArray *
collect_ours (const char *const *argv)
{
  g_auto (Trace) trace = trace_run_program (argv);
  GPtrArray *calls = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < trace.lines->len; i++)
    {
      JsonObject *line = g_ptr_array_index (trace.lines, i);
      g_autofree char *text = NULL;

      if (!json_object_has_member (line, "call"))
        continue;
      text = format_line (line);
      g_ptr_array_add (calls, sort_flags (text));
    }
  return calls;
}

/* The calls that both know, so that other versions of strace are no matter. */
#define CALLS "brk,mmap,munmap,mprotect,madvise,mremap,mlock,munlock"

static GPtrArray *
collect_theirs (const char *const *argv)
{
  g_autofree char *folder = g_dir_make_tmp ("atlas-strace-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "out", NULL);
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  GPtrArray *calls = g_ptr_array_new_with_free_func (g_free);
  const char *const strace[] = { "strace", "-a1", "-e", "trace=" CALLS, "-o", path };
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (strace); i++)
    g_ptr_array_add (words, (gpointer) strace[i]);
  for (; *argv != NULL; argv++)
    g_ptr_array_add (words, (gpointer) *argv);
  g_ptr_array_add (words, NULL);
  g_assert_true (g_spawn_sync (NULL, (char **) words->pdata, NULL,
                               G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL,
                               NULL, NULL, NULL));
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_unlink (path);
  g_rmdir (folder);
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (strstr (lines[i], ") = ") != NULL)
      {
        g_autofree char *line = normalize_strace (lines[i]);

        g_ptr_array_add (calls, sort_flags (line));
      }
  return calls;
}

static void
compare (const char *const *argv)
{
  g_autoptr (GPtrArray) ours = collect_ours (argv);
  g_autoptr (GPtrArray) theirs = collect_theirs (argv);

  g_assert_cmpuint (ours->len, >, 10);
  for (guint i = 0; i < MIN (ours->len, theirs->len); i++)
    g_assert_cmpstr (g_ptr_array_index (ours, i), ==, g_ptr_array_index (theirs, i));
  g_assert_cmpuint (ours->len, ==, theirs->len);
}

static void
test_ls (void)
{
  const char *const argv[] = { "ls", "/usr/lib", NULL };

  if (is_comparable ())
    compare (argv);
}

static void
test_allocations (void)
{
  const char *const argv[] = { "sort", "/proc/self/maps", "/usr/share/dict/nothing", NULL };

  if (is_comparable ())
    compare (argv);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trace/strace/ls", test_ls);
  g_test_add_func ("/trace/strace/allocations", test_allocations);
  return g_test_run ();
}
