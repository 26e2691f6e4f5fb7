/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Parsing maps: names with anything in them, records that overlap, lines that are none. */

#include "atlas-maps.h"

#include <string.h>

static void
parse_one (const char *text, AtlasMapsRecord *record)
{
  AtlasMapsParser parser;
  AtlasMapsRecord more;

  atlas_maps_parser_init (&parser, text, strlen (text));
  g_assert_true (atlas_maps_parser_next (&parser, record));
  g_assert_false (atlas_maps_parser_next (&parser, &more));
  g_assert_cmpuint (parser.torn, ==, 0);
  g_assert_cmpuint (parser.malformed, ==, 0);
}

static void
assert_name (const AtlasMapsRecord *record, const char *name)
{
  g_assert_cmpmem (record->name, record->name_length, name, strlen (name));
}

static void
test_fields (void)
{
  AtlasMapsRecord record;

  parse_one (
      "7f2c1a000000-7f2c1a400000 rw-s 0002f000 fe:1a 4294967296                  /dev/shm/x\n",
      &record);
  g_assert_cmphex (record.start, ==, 0x7f2c1a000000);
  g_assert_cmphex (record.end, ==, 0x7f2c1a400000);
  g_assert_cmphex (record.offset, ==, 0x2f000);
  g_assert_cmphex (record.device_major, ==, 0xfe);
  g_assert_cmphex (record.device_minor, ==, 0x1a);
  g_assert_cmpuint (record.inode, ==, G_GUINT64_CONSTANT (4294967296));
  g_assert_cmpuint (record.permissions, ==, ATLAS_PERM_READ | ATLAS_PERM_WRITE | ATLAS_PERM_SHARED);
  assert_name (&record, "/dev/shm/x");
}

static void
test_names (void)
{
  static const char *const names[] = {
    "[heap]",        "/a b  c",   "/x (deleted) (deleted)", "/trailing blank ", "/line\\012x",
    "/\033[31m\377", "[anon: x]", "anon_inode:[perf_event]"
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *text = g_strdup_printf ("1000-2000 r--p 0 0:0 0    %s\n", names[i]);
      AtlasMapsRecord record;
      parse_one (text, &record);
      assert_name (&record, names[i]);
    }
}

static void
test_no_name (void)
{
  static const char *const lines[] = { "1000-2000 r--p 0 0:0 0\n", "1000-2000 r--p 0 0:0 0 \n",
                                       "1000-2000 r--p 0 0:0 0     \n" };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      AtlasMapsRecord record;
      parse_one (lines[i], &record);
      assert_name (&record, "");
    }
}

static void
test_permissions (void)
{
  for (guint i = 0; i < 16; i++)
    {
      char text[5];
      AtlasMapsRecord record;
      atlas_permissions_to_text (i, text);
      g_autofree char *line = g_strdup_printf ("1000-2000 %s 0 0:0 0\n", text);
      parse_one (line, &record);
      g_assert_cmpuint (record.permissions, ==, i);
      g_assert_cmpint (text[0], ==, i & 1 ? 'r' : '-');
      g_assert_cmpint (text[3], ==, i & 8 ? 's' : 'p');
    }
}

static void
test_extremes (void)
{
  AtlasMapsRecord record;

  parse_one ("0-1000 ---p ffffffffffffffff ffffffff:ffffffff 18446744073709551615 x\n", &record);
  g_assert_cmphex (record.start, ==, 0);
  g_assert_cmphex (record.offset, ==, G_MAXUINT64);
  g_assert_cmpuint (record.inode, ==, G_MAXUINT64);
  parse_one ("ffffffffff600000-fffffffffffff000 --xp 0 0:0 0 [vsyscall]\n", &record);
  g_assert_cmphex (record.end, ==, G_GUINT64_CONSTANT (0xfffffffffffff000));
}

static void
test_malformed (void)
{
  static const char *const lines[] = {
    "\n",
    "x\n",
    "1000\n",
    "1000-\n",
    "-2000 r--p 0 0:0 0\n",
    "2000-1000 r--p 0 0:0 0\n",
    "1000-1000 r--p 0 0:0 0\n",
    "1001-2000 r--p 0 0:0 0\n",
    "1000-2fff r--p 0 0:0 0\n",
    "10000000000000000-20000000000000000 r--p 0 0:0 0\n",
    "1000-10000000000002000 r--p 0 0:0 0\n",
    "1000-2000 r-- 0 0:0 0\n",
    "1000-2000 r--p\n",
    "1000-2000 r--p \n",
    "1000-2000 rwxq 0 0:0 0\n",
    "1000-2000 wr-p 0 0:0 0\n",
    "1000-2000  r--p 0 0:0 0\n",
    "1000-2000 r--p  0:0 0\n",
    "1000-2000 r--p 0 0 0\n",
    "1000-2000 r--p 0 0:0\n",
    "1000-2000 r--p 0 0:0 \n",
    "1000-2000 r--p 0 0:0 x\n",
    "1000-2000 r--p 0 0:0 0x\n",
    "1000-2000 r--p 0 100000000:0 0\n",
    "1000-2000 r--p 0 0:0 18446744073709551616\n",
    "1000-2000 r--p 0 0:0 0 /cut off",
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      AtlasMapsParser parser;
      AtlasMapsRecord record;
      atlas_maps_parser_init (&parser, lines[i], strlen (lines[i]));
      g_assert_false (atlas_maps_parser_next (&parser, &record));
      g_assert_cmpuint (parser.malformed, ==, 1);
      g_assert_cmpuint (parser.torn, ==, 0);
    }
}

/* Nothing that comes after a malformed line is lost. */
static void
test_goes_on (void)
{
  const char *text = "1000-2000 r--p 0 0:0 0 a\nnonsense\n2000-3000 r--p 0 0:0 0 b\n";
  AtlasMapsParser parser;
  AtlasMapsRecord record;

  atlas_maps_parser_init (&parser, text, strlen (text));
  g_assert_true (atlas_maps_parser_next (&parser, &record));
  g_assert_true (atlas_maps_parser_next (&parser, &record));
  assert_name (&record, "b");
  g_assert_false (atlas_maps_parser_next (&parser, &record));
  g_assert_cmpuint (parser.malformed, ==, 1);
}

/* Each line has numbers of its own, whatever the one before it had. */
static void
test_alike (void)
{
  static const struct
  {
    const char *line;
    gboolean valid;
    guint64 offset, inode;
    guint32 device_major, device_minor;
    const char *name;
  } lines[] = {
    { "1000-2000 rw-p\n", FALSE, 0, 0, 0, 0, NULL },
    { "1000-2000 rw-p 0 0:0 0\n", TRUE, 0, 0, 0, 0, "" },
    { "2000-3000 r--p 0 0:0 0\n", TRUE, 0, 0, 0, 0, "" },
    { "3000-4000 r--p 4000 8:1 77 /a\n", TRUE, 0x4000, 77, 8, 1, "/a" },
    { "4000-5000 r--p 4000 8:1 77 /a\n", TRUE, 0x4000, 77, 8, 1, "/a" },
    { "5000-6000 r--p 5000 8:1 77 /a\n", TRUE, 0x5000, 77, 8, 1, "/a" },
    { "6000-7000 r--p 5000 8:1 77 /b\n", TRUE, 0x5000, 77, 8, 1, "/b" },
    { "7000-8000 r--p 5000 8:x 77 /b\n", FALSE, 0, 0, 0, 0, NULL },
    { "7000-8000 r--p 5000 8:x 77 /b\n", FALSE, 0, 0, 0, 0, NULL },
    { "7000-8000 r--p 5000 8:1 77 /b\n", TRUE, 0x5000, 77, 8, 1, "/b" },
    { "8000-9000 r--p\n", FALSE, 0, 0, 0, 0, NULL },
    { "8000-9000 r--p 0 0:0 0     \n", TRUE, 0, 0, 0, 0, "" },
    { "9000-a000 r--p 0 0:0 0 [heap]\n", TRUE, 0, 0, 0, 0, "[heap]" },
  };
  g_autoptr (GString) text = g_string_new (NULL);
  AtlasMapsParser parser;
  AtlasMapsRecord record;
  guint n_malformed = 0;

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    g_string_append (text, lines[i].line);
  atlas_maps_parser_init (&parser, text->str, text->len);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      n_malformed += !lines[i].valid;
      if (!lines[i].valid)
        continue;
      g_assert_true (atlas_maps_parser_next (&parser, &record));
      g_assert_cmpuint (parser.malformed, ==, n_malformed);
      g_assert_cmphex (record.offset, ==, lines[i].offset);
      g_assert_cmpuint (record.inode, ==, lines[i].inode);
      g_assert_cmpuint (record.device_major, ==, lines[i].device_major);
      g_assert_cmpuint (record.device_minor, ==, lines[i].device_minor);
      assert_name (&record, lines[i].name);
    }
  g_assert_false (atlas_maps_parser_next (&parser, &record));
}

static void
test_torn (void)
{
  static const struct
  {
    const char *second;
    gboolean left; /* whether anything of it is left behind 1000-5000 */
    guint64 start, end, offset;
  } cases[] = {
    { "3000-8000 r--p 0 0:0 0\n", TRUE, 0x5000, 0x8000, 0 },
    { "3000-8000 r--p 10000 8:1 5 /f\n", TRUE, 0x5000, 0x8000, 0x12000 },
    { "0-8000 r--p 0 8:1 5 /f\n", TRUE, 0x5000, 0x8000, 0x5000 },
    { "3000-5000 r--p 0 0:0 0\n", FALSE, 0, 0, 0 },
    { "1000-5000 r--p 0 0:0 0\n", FALSE, 0, 0, 0 },
    { "0-1000 r--p 0 0:0 0\n", FALSE, 0, 0, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strconcat ("1000-5000 r--p 0 0:0 0\n", cases[i].second, NULL);
      AtlasMapsParser parser;
      AtlasMapsRecord record;
      atlas_maps_parser_init (&parser, text, strlen (text));
      g_assert_true (atlas_maps_parser_next (&parser, &record));
      g_assert_cmpint (atlas_maps_parser_next (&parser, &record), ==, cases[i].left);
      g_assert_cmpuint (parser.torn, ==, 1);
      if (!cases[i].left)
        continue;
      g_assert_cmphex (record.start, ==, cases[i].start);
      g_assert_cmphex (record.end, ==, cases[i].end);
      g_assert_cmphex (record.offset, ==, cases[i].offset);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/maps/fields", test_fields);
  g_test_add_func ("/model/maps/names", test_names);
  g_test_add_func ("/model/maps/no-name", test_no_name);
  g_test_add_func ("/model/maps/permissions", test_permissions);
  g_test_add_func ("/model/maps/extremes", test_extremes);
  g_test_add_func ("/model/maps/malformed", test_malformed);
  g_test_add_func ("/model/maps/goes-on", test_goes_on);
  g_test_add_func ("/model/maps/alike", test_alike);
  g_test_add_func ("/model/maps/torn", test_torn);
  return g_test_run ();
}
