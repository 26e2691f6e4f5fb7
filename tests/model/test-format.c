/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Numbers as people read them. */

#include "atlas-format.h"

#include <glib/gstdio.h>
#include <locale.h>

#define KIB G_GUINT64_CONSTANT (1024)
#define MIB (1024 * KIB)
#define GIB (1024 * MIB)
#define TIB (1024 * GIB)

static void
assert_text (char *found, const char *expected)
{
  g_assert_cmpstr (found, ==, expected);
  g_free (found);
}

static void
test_bytes (void)
{
  static const struct
  {
    guint64 bytes;
    const char *text;
  } cases[] = {
    { 0, "0 B" },
    { 1, "1 B" },
    { 512, "512 B" },
    { 1023, "1,023 B" },
    { KIB, "1 KiB" },
    { KIB + 1, "1.0 KiB" },
    { 1536, "1.5 KiB" },
    { 4 * KIB, "4 KiB" },
    { 100 * KIB, "100 KiB" },
    { 102 * KIB - 1, "102 KiB" },
    { 99 * KIB + 973, "100 KiB" },
    { 99 * KIB + 972, "99.9 KiB" },
    { 612 * KIB + 300, "612 KiB" },
    { 1023 * KIB, "1,023 KiB" },
    { 1023 * KIB + 511, "1,023 KiB" },
    { 1023 * KIB + 512, "1.0 MiB" },
    { MIB - 1, "1.0 MiB" },
    { MIB, "1 MiB" },
    { 12 * MIB + 300 * KIB, "12.3 MiB" },
    { GIB - 1, "1.0 GiB" },
    { 3 * GIB + 100 * MIB, "3.1 GiB" },
    { 2 * TIB, "2 TiB" },
    { 42 * TIB + 1, "42.0 TiB" },
    { 1024 * TIB, "1 PiB" },
    { 128 * TIB, "128 TiB" },
    { 1024 * 1024 * TIB, "1 EiB" },
    { G_MAXUINT64, "16.0 EiB" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_text (atlas_format_bytes (cases[i].bytes), cases[i].text);
}

/* Whatever the number: never more than 1,023 of a unit, and never 1,024. */
static void
test_bytes_units (void)
{
  for (guint shift = 0; shift < 64; shift++)
    for (gint off = -3; off <= 3; off++)
      {
        guint64 bytes = (G_GUINT64_CONSTANT (1) << shift) + (guint64) off;
        g_autofree char *text = atlas_format_bytes (bytes);
        g_assert_false (g_str_has_prefix (text, "1,024"));
        g_assert_false (g_str_has_prefix (text, "1024"));
        g_assert_cmpint (g_utf8_strlen (text, -1), <=, 9);
      }
}

static void
test_kb (void)
{
  assert_text (atlas_format_kb (0), "0 kB");
  assert_text (atlas_format_kb (1028), "1,028 kB");
  assert_text (atlas_format_kb (1234567890), "1,234,567,890 kB");
  assert_text (atlas_format_kb_change (0), "±0 kB");
  assert_text (atlas_format_kb_change (1028), "+1,028 kB");
  assert_text (atlas_format_kb_change (-4), "−4 kB");
  assert_text (atlas_format_kb_change (G_MININT64), "−9,223,372,036,854,775,808 kB");
  assert_text (atlas_format_bytes_change (0), "");
  assert_text (atlas_format_bytes_change (2 * (gint64) MIB + 100 * (gint64) KIB), "+2.1 MiB");
  assert_text (atlas_format_bytes_change (-4096), "−4 KiB");
  assert_text (atlas_format_bytes_change (G_MININT64), "−8 EiB");
}

static void
test_count (void)
{
  assert_text (atlas_format_count (0), "0");
  assert_text (atlas_format_count (999), "999");
  assert_text (atlas_format_count (1000), "1,000");
  assert_text (atlas_format_count (123456), "123,456");
  assert_text (atlas_format_count (G_MAXUINT64), "18,446,744,073,709,551,615");
}

static void
test_share (void)
{
  static const struct
  {
    guint64 part, whole;
    const char *text;
  } cases[] = {
    { 0, 0, "–" },
    { 5, 0, "–" },
    { 0, 10, "0 %" },
    { 1, 1000, "<1 %" },
    { 5, 1000, "1 %" },
    { 38, 100, "38 %" },
    { 1, 3, "33 %" },
    { 2, 3, "67 %" },
    { 99, 100, "99 %" },
    { 999, 1000, ">99 %" },
    { 10, 10, "100 %" },
    { 12, 10, "120 %" },
    { 1, G_MAXUINT64, "<1 %" },
    { G_MAXUINT64, G_MAXUINT64, "100 %" },
    { G_MAXUINT64 - 1, G_MAXUINT64, ">99 %" },
    { G_MAXUINT64 / 2, G_MAXUINT64, "50 %" },
    { 3000, 2, "150,000 %" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_text (atlas_format_share (cases[i].part, cases[i].whole), cases[i].text);
}

static void
test_addresses (void)
{
  assert_text (atlas_format_address (0), "00000000");
  assert_text (atlas_format_address (0x55f01c2e0000), "55f01c2e0000");
  assert_text (atlas_format_address (G_MAXUINT64), "ffffffffffffffff");
  assert_text (atlas_format_range (0x1000, 0x7f2c1a400000), "00001000–7f2c1a400000");
}

static void
test_scale (void)
{
  assert_text (atlas_format_scale (1, 4096), "1 cell = 1 page");
  assert_text (atlas_format_scale (512, 4096), "1 cell = 512 pages (2 MiB)");
  assert_text (atlas_format_scale (1024, 16384), "1 cell = 1,024 pages (16 MiB)");
}

static void
test_time (void)
{
  g_autoptr (GDateTime) time = g_date_time_new_local (2026, 11, 23, 14, 5, 9);
  gint64 seconds = g_date_time_to_unix (time);

  assert_text (atlas_format_time (seconds * G_USEC_PER_SEC), "2026-11-23 14:05:09");
  assert_text (atlas_format_time (seconds * G_USEC_PER_SEC + 999999), "2026-11-23 14:05:09");
  assert_text (atlas_format_time (seconds * G_USEC_PER_SEC - 1), "2026-11-23 14:05:08");
  assert_text (atlas_format_time (G_MAXINT64), "–");
}

static void
test_duration (void)
{
  static const struct
  {
    gint64 us;
    const char *text;
  } cases[] = {
    { -5, "0.0 s" },
    { 0, "0.0 s" },
    { 300000, "0.3 s" },
    { 9999999, "9.9 s" },
    { 10 * G_TIME_SPAN_SECOND, "10 s" },
    { 60 * G_TIME_SPAN_SECOND - 1, "59 s" },
    { 4 * G_TIME_SPAN_MINUTE, "4 min" },
    { 60 * G_TIME_SPAN_MINUTE - 1, "59 min" },
    { 2 * G_TIME_SPAN_HOUR, "2 h" },
    { 24 * G_TIME_SPAN_HOUR, "1 day" },
    { 3 * G_TIME_SPAN_DAY, "3 days" },
    { 4000 * G_TIME_SPAN_DAY, "4,000 days" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_text (atlas_format_duration (cases[i].us), cases[i].text);
}

static void
test_milliseconds (void)
{
  assert_text (atlas_format_milliseconds (-1), "0.0 ms");
  assert_text (atlas_format_milliseconds (0), "0.0 ms");
  assert_text (atlas_format_milliseconds (12399), "12.3 ms");
  assert_text (atlas_format_milliseconds (1234567), "1,234.5 ms");
}

static void
test_parse_address (void)
{
  static const struct
  {
    const char *text;
    guint64 address;
  } good[] = {
    { "0", 0 },
    { "55f01c2e0000", 0x55f01c2e0000 },
    { "0x55F01C2E0000", 0x55f01c2e0000 },
    { "0X7f", 0x7f },
    { "  7f2c_1a00_0000  ", 0x7f2c1a000000 },
    { "ffffffffffffffff", G_MAXUINT64 },
    { "7f2c1a000000–7f2c1a400000", 0x7f2c1a000000 },
    { "7f2c1a000000-7f2c1a400000", 0x7f2c1a000000 },
    { "0x1000 – 0x2000", 0x1000 },
    { "7f0000000000-7f0000001000 r-xp 00000000 fe:00 12 /lib/x.so\n", 0x7f0000000000 },
  };
  static const char *const bad[] = { "",
                                     " ",
                                     "0x",
                                     "x",
                                     "heap",
                                     "[heap]",
                                     "add to list",
                                     "12g",
                                     "1000-",
                                     "-1",
                                     "_12",
                                     "1000-2000rwx",
                                     "–1000",
                                     "1000 2000",
                                     "10000000000000000" };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      guint64 address = 1;
      g_assert_true (atlas_parse_address (good[i].text, &address));
      g_assert_cmphex (address, ==, good[i].address);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      guint64 address = 42;
      g_assert_false (atlas_parse_address (bad[i], &address));
      g_assert_cmpuint (address, ==, 42);
    }
}

/* What is formatted can be typed back in. */
static void
test_round_trip (void)
{
  for (guint i = 0; i < 1000; i++)
    {
      guint64 start = (guint64) (guint) g_test_rand_int () << 32 | (guint) g_test_rand_int ();
      g_autofree char *text = atlas_format_range (start, start + 1);
      guint64 address;
      g_assert_true (atlas_parse_address (text, &address));
      g_assert_cmphex (address, ==, start);
    }
}

typedef struct
{
  const char *name;
  const char *source; /* of the locale's way with numbers, for localedef */
  const char *count, *bytes;
} Locale;

/* Of made-up countries, since which locales are installed differs. */
static const Locale locales[] = {
  { "points", "decimal_point \",\"\nthousands_sep \".\"\ngrouping 3;3\n", "1.234.567", "1,5 KiB" },
  { "pairs", "decimal_point \".\"\nthousands_sep \",\"\ngrouping 3;2\n", "12,34,567", "1.5 KiB" },
  { "nothing", "decimal_point \",\"\nthousands_sep \"\"\ngrouping -1\n", "1\u202f234\u202f567",
    "1,5 KiB" },
};

static void
run_tool (const char *const *arguments)
{
  g_spawn_sync (NULL, (char **) arguments, NULL,
                G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL | G_SPAWN_STDOUT_TO_DEV_NULL, NULL,
                NULL, NULL, NULL, NULL, NULL);
}

static void
test_locale (gconstpointer data)
{
  const Locale *it = data;
  g_autofree char *root = g_dir_make_tmp ("atlas-locale-XXXXXX", NULL);
  g_autofree char *folder = g_build_filename (root, "made_UP", NULL);
  g_autofree char *source = g_build_filename (root, "source", NULL);
  g_autofree char *text = g_strconcat ("LC_NUMERIC\n", it->source, "END LC_NUMERIC\n", NULL);
  const char *make[] = { "localedef", "-c", "-i", source, folder, NULL };
  const char *clean_up[] = { "rm", "-rf", root, NULL };

  g_assert_true (g_file_set_contents (source, text, -1, NULL));
  run_tool (make);
  g_setenv ("LOCPATH", root, TRUE);
  if (setlocale (LC_NUMERIC, "made_UP") == NULL)
    g_test_skip ("This C library has no localedef");
  else
    {
      assert_text (atlas_format_count (1234567), it->count);
      assert_text (atlas_format_bytes (1536), it->bytes);
    }
  setlocale (LC_NUMERIC, "C");
  g_unsetenv ("LOCPATH");
  run_tool (clean_up);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/format/bytes", test_bytes);
  g_test_add_func ("/model/format/bytes-units", test_bytes_units);
  g_test_add_func ("/model/format/kb", test_kb);
  g_test_add_func ("/model/format/count", test_count);
  g_test_add_func ("/model/format/share", test_share);
  g_test_add_func ("/model/format/addresses", test_addresses);
  g_test_add_func ("/model/format/scale", test_scale);
  g_test_add_func ("/model/format/time", test_time);
  g_test_add_func ("/model/format/duration", test_duration);
  g_test_add_func ("/model/format/milliseconds", test_milliseconds);
  g_test_add_func ("/model/format/parse-address", test_parse_address);
  g_test_add_func ("/model/format/round-trip", test_round_trip);
  for (guint i = 0; i < G_N_ELEMENTS (locales); i++)
    {
      g_autofree char *path = g_strconcat ("/model/format/locale/", locales[i].name, NULL);
      g_test_add_data_func (path, &locales[i], test_locale);
    }
  return g_test_run ();
}
