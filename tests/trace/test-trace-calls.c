/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the lines say of calls, held against what the subject says that it called and got. */

#include "trace-runner.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>


/* An address as string or a number as number. */
static void
assert_result (JsonObject *line, const char *result)
{
  JsonNode *node = json_object_get_member (line, "result");

  if (g_str_has_prefix (result, "0x"))
    g_assert_cmpstr (json_node_get_string (node), ==, result);
  else
    {
      g_assert_cmpint (json_node_get_value_type (node), ==, G_TYPE_INT64);
      g_assert_cmpint (json_node_get_int (node), ==, g_ascii_strtoll (result, NULL, 10));
    }
}

static void
assert_error (JsonObject *line, int number)
{
  g_assert_cmpint (json_object_has_member (line, "error"), ==, number != 0);
  if (number == 0)
    return;
  g_assert_cmpstr (trace_string (line, "error"), ==, strerrorname_np (number));
  g_assert_cmpstr (trace_string (line, "message"), ==, strerrordesc_np (number));
}

static char *
argument_to_text (JsonNode *node)
{
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return json_node_dup_string (node);
  g_assert_cmpint (json_node_get_value_type (node), ==, G_TYPE_INT64);
  return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
}

/* The same words in "args", by name, as in "text". */
static void
assert_arguments (JsonObject *line)
{
  JsonObject *arguments = json_object_get_object_member (line, "args");
  g_autoptr (GList) names = json_object_get_members (arguments);
  g_autoptr (GString) text = g_string_new (trace_string (line, "call"));

  g_string_append (text, " (");
  for (GList *name = names; name != NULL; name = name->next)
    {
      g_autofree char *word = argument_to_text (json_object_get_member (arguments, name->data));

      g_string_append_printf (text, "%s%s", name != names ? ", " : "", word);
    }
  g_string_append_c (text, ')');
  g_assert_cmpstr (text->str, ==, trace_string (line, "text"));
}

/* Text, result, number of the error. */
static void
assert_as_said (JsonObject *line, const char *said)
{
  g_auto (GStrv) words = g_strsplit (said, "\t", 3);

  g_assert_cmpstr (trace_string (line, "text"), ==, words[0]);
  assert_result (line, words[1]);
  assert_error (line, atoi (words[2]));
  assert_arguments (line);
}

static void
test_each (void)
{
  TRACE_OR_SKIP ();
  g_auto (Trace) trace = trace_run ("calls", NULL);
  g_autoptr (GPtrArray) lines = trace_between_marks (&trace);
  g_auto (GStrv) said = g_strsplit (g_strchomp (trace.out), "\n", -1);

  g_assert_cmpint (trace.status, ==, 0);
  g_assert_cmpstr (trace.err, ==, "");
  g_assert_cmpuint (g_strv_length (said), >=, 50);
  for (guint i = 0; i < lines->len && said[i] != NULL; i++)
    assert_as_said (g_ptr_array_index (lines, i), said[i]);
  g_assert_cmpuint (lines->len, ==, g_strv_length (said));
}

/* Names and types are a promise to whoever reads the lines. */
static void
test_shape (void)
{
  TRACE_OR_SKIP ();
  gint64 before = g_get_real_time ();
  g_auto (Trace) trace = trace_run ("calls", NULL);
  g_autoptr (GPtrArray) lines = trace_between_marks (&trace);
  JsonObject *mmap = g_ptr_array_index (lines, 0);
  JsonObject *huge = g_ptr_array_index (lines, 4);
  JsonObject *arguments = json_object_get_object_member (mmap, "args");
  double time = json_object_get_double_member (mmap, "time") * G_USEC_PER_SEC;

  g_assert_cmpfloat (time, >=, (double) before - 1);
  g_assert_cmpfloat (time, <=, (double) g_get_real_time () + 1);
  g_assert_cmpstr (trace_string (mmap, "call"), ==, "mmap");
  g_assert_cmpstr (trace_string (mmap, "thread"), ==, "trace-subject");
  g_assert_cmpint (trace_number (mmap, "pid"), ==, trace_number (mmap, "tid"));
  g_assert_cmpstr (trace_string (arguments, "addr"), ==, "NULL");
  g_assert_cmpint (trace_number (arguments, "length"), ==, 65536);
  g_assert_cmpstr (trace_string (arguments, "prot"), ==, "PROT_READ|PROT_WRITE");
  g_assert_cmpstr (trace_string (arguments, "flags"), ==, "MAP_PRIVATE|MAP_ANONYMOUS");
  g_assert_cmpint (json_object_get_int_member (arguments, "fd"), ==, -1);
  g_assert_cmpint (trace_number (arguments, "offset"), ==, 0);
  /* beyond what all readers of JSON can hold */
  arguments = json_object_get_object_member (huge, "args");
  g_assert_cmpstr (trace_string (arguments, "length"), ==, "4611686018427387904");
}

static void
test_start_and_exit (void)
{
  TRACE_OR_SKIP ();
  g_auto (Trace) trace = trace_run ("calls", NULL);
  JsonObject *start = g_ptr_array_index (trace.lines, 0);
  JsonObject *end = g_ptr_array_index (trace.lines, trace.lines->len - 1);
  g_autofree char *program = realpath (SUBJECT, NULL);

  g_assert_true (trace_is_event (start, "start"));
  g_assert_cmpstr (trace_string (start, "program"), ==, program);
  g_assert_true (trace_is_event (end, "exit"));
  g_assert_cmpint (trace_number (end, "status"), ==, 0);
  g_assert_cmpint (trace_number (end, "pid"), ==, trace_number (start, "pid"));
}

static void
test_file (void)
{
  TRACE_OR_SKIP ();
  g_autofree char *folder = g_dir_make_tmp ("atlas-trace-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "with \"quotes\"\n\xff\x1b", NULL);
  g_autofree char *shown = g_build_filename (folder, "with \"quotes\"\n\\xff\x1b", NULL);
  g_autofree char *deleted = g_strconcat (shown, " (deleted)", NULL);
  const char *files[] = { shown, "/memfd:gone (deleted)", "", deleted };
  g_autofree char *contents = g_malloc0 (8192);

  g_assert_true (g_file_set_contents (path, contents, 8192, NULL));
  g_auto (Trace) trace = trace_run ("file", path, NULL);
  g_autoptr (GPtrArray) lines = trace_between_marks (&trace);
  g_rmdir (folder);

  g_assert_cmpint (trace.status, ==, 0);
  g_assert_cmpuint (lines->len, ==, G_N_ELEMENTS (files));
  for (guint i = 0; i < lines->len; i++)
    {
      JsonObject *line = g_ptr_array_index (lines, i);

      g_assert_cmpstr (trace_string (line, "call"), ==, "mmap");
      g_assert_cmpstr (trace_string (line, "file"), ==, files[i]);
    }
}

/* Each as it is given and as it must arrive; the kernel cuts after 15 bytes. */
static const char *const names[][2] = {
  { "plain", "plain" },
  { "quo\"te \\ back", "quo\"te \\ back" },
  { "new\nline\ttab", "new\nline\ttab" },
  { "\x1b[31mred\x7f", "\x1b[31mred\x7f" },
  { "\xff\xfe bytes", "\\xff\\xfe bytes" },
  { "cut \xe2\x82", "cut \\xe2\\x82" },
  { "long \xc0\xaf", "long \\xc0\\xaf" },
  { "sur \xed\xa0\x80", "sur \\xed\\xa0\\x80" },
  { "big \xf4\x90\x80\x80", "big \\xf4\\x90\\x80\\x80" },
  { "c1 \xc2\x9b"
    "2J",
    "c1 \xc2\x9b"
    "2J" },
  { "\xe2\x80\xae<b>&\xf0\x9f\x90\x98", "\xe2\x80\xae<b>&\xf0\x9f\x90\x98" },
  { "ends in line\n", "ends in line\n" },
  { "\xc3\xa4 15 bytes long is", "\xc3\xa4 15 bytes lon" },
  { "", "" },
};

static void
test_names (void)
{
  TRACE_OR_SKIP ();
  const char *words[G_N_ELEMENTS (names) + 2] = { "names" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    words[i + 1] = names[i][0];
  g_auto (Trace) trace = trace_run_v (words);
  g_autoptr (GPtrArray) lines = trace_between_marks (&trace);

  g_assert_cmpint (trace.status, ==, 0);
  g_assert_cmpuint (lines->len, ==, G_N_ELEMENTS (names));
  for (guint i = 0; i < lines->len; i++)
    g_assert_cmpstr (trace_string (g_ptr_array_index (lines, i), "thread"), ==, names[i][1]);
}

/* A number that means mmap here means something else there. */
static void
test_foreign (gconstpointer which)
{
  TRACE_OR_SKIP ();
  g_auto (Trace) trace = trace_run ("foreign", which, NULL);

  if (trace.status == SUBJECT_CANNOT)
    {
      g_test_skip ("this machine has no such calls");
      return;
    }
  g_autoptr (GPtrArray) lines = trace_between_marks (&trace);
  g_assert_cmpint (trace.status, ==, 0);
  g_assert_cmpuint (lines->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trace/calls/each", test_each);
  g_test_add_func ("/trace/calls/shape", test_shape);
  g_test_add_func ("/trace/calls/start-and-exit", test_start_and_exit);
  g_test_add_func ("/trace/calls/file", test_file);
  g_test_add_func ("/trace/calls/names", test_names);
  g_test_add_data_func ("/trace/calls/x32", "x32", test_foreign);
  g_test_add_data_func ("/trace/calls/32-bit", "32-bit", test_foreign);
  return g_test_run ();
}
