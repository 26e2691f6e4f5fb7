/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the JSON writer writes, read back by json-glib. */

#include "atlas-json-writer.h"

#include <json-glib/json-glib.h>
#include <string.h>

static JsonNode *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  JsonNode *node = json_from_string (text, &error);

  g_assert_no_error (error);
  g_assert_nonnull (node);
  return node;
}

static char *
write_string (const char *value)
{
  g_auto (AtlasJsonWriter) writer = { 0 };

  atlas_json_writer_init (&writer);
  atlas_json_writer_begin_array (&writer, NULL);
  atlas_json_writer_string (&writer, NULL, value);
  atlas_json_writer_end_array (&writer);
  return atlas_json_writer_end (&writer);
}

static void
test_strings (void)
{
  static const char *const values[] = { "",
                                        "plain",
                                        "\"quoted\"",
                                        "back\\slash",
                                        "a\nb\tc\x1b[31m",
                                        "\xc2\x9b;31m",
                                        "\x7f",
                                        "ümläut 漢字 \xf0\x9f\x90\xa7",
                                        "line\xe2\x80\xa8separator",
                                        "</script>" };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autofree char *text = write_string (values[i]);
      g_autoptr (JsonNode) node = parse (text);

      g_assert_cmpstr (json_array_get_string_element (json_node_get_array (node), 0), ==,
                       values[i]);
      g_assert_null (strchr (text, '\x1b'));
      g_assert_null (strstr (text, "\xc2\x9b"));
      g_assert_null (strstr (text, "\xe2\x80\xa8"));
    }
}

static void
test_invalid_utf8 (void)
{
  g_autofree char *text = write_string ("a\xff"
                                        "b");

  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_nonnull (strstr (text, "a\xef\xbf\xbd"
                                  "b"));
}

static void
test_numbers (void)
{
  g_auto (AtlasJsonWriter) writer = { 0 };
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object;

  atlas_json_writer_init (&writer);
  atlas_json_writer_begin_object (&writer, NULL);
  atlas_json_writer_uint (&writer, "zero", 0);
  atlas_json_writer_uint (&writer, "most signed", G_MAXINT64);
  atlas_json_writer_uint (&writer, "most", G_MAXUINT64);
  atlas_json_writer_boolean (&writer, "yes", TRUE);
  atlas_json_writer_boolean (&writer, "no", FALSE);
  atlas_json_writer_null (&writer, "nothing");
  atlas_json_writer_end_object (&writer);
  text = atlas_json_writer_end (&writer);

  g_assert_nonnull (strstr (text, "\"most\": 18446744073709551615"));
  node = parse (text);
  object = json_node_get_object (node);
  g_assert_cmpint (json_object_get_int_member (object, "zero"), ==, 0);
  g_assert_cmpint (json_object_get_int_member (object, "most signed"), ==, G_MAXINT64);
  g_assert_true (json_object_get_boolean_member (object, "yes"));
  g_assert_false (json_object_get_boolean_member (object, "no"));
  g_assert_true (json_object_get_null_member (object, "nothing"));
}

/* The layout is for people and for grep: a region stays on its line. */
static void
test_layout (void)
{
  g_auto (AtlasJsonWriter) writer = { 0 };
  g_autofree char *text = NULL;

  atlas_json_writer_init (&writer);
  atlas_json_writer_begin_object (&writer, NULL);
  atlas_json_writer_begin_array (&writer, "rows");
  for (guint i = 1; i <= 2; i++)
    {
      atlas_json_writer_begin_object (&writer, NULL);
      atlas_json_writer_uint (&writer, "a", i);
      atlas_json_writer_uint (&writer, "b", i);
      atlas_json_writer_end_object (&writer);
    }
  atlas_json_writer_end_array (&writer);
  atlas_json_writer_begin_object (&writer, "none");
  atlas_json_writer_end_object (&writer);
  atlas_json_writer_begin_array (&writer, "empty");
  atlas_json_writer_end_array (&writer);
  atlas_json_writer_end_object (&writer);
  text = atlas_json_writer_end (&writer);

  g_assert_cmpstr (text, ==,
                   "{\n"
                   "  \"rows\": [\n"
                   "    {\"a\": 1, \"b\": 1},\n"
                   "    {\"a\": 2, \"b\": 2}\n"
                   "  ],\n"
                   "  \"none\": {},\n"
                   "  \"empty\": []\n"
                   "}\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/export/json-writer/strings", test_strings);
  g_test_add_func ("/export/json-writer/invalid-utf8", test_invalid_utf8);
  g_test_add_func ("/export/json-writer/numbers", test_numbers);
  g_test_add_func ("/export/json-writer/layout", test_layout);
  return g_test_run ();
}
