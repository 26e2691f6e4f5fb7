/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whatever bytes come in, what goes out can be shown. */

#include "atlas-text.h"

#include <string.h>

static void
test_examples (void)
{
  static const struct
  {
    const char *bytes;
    gssize length;
    const char *clean;
  } cases[] = {
    { "libc.so.6", -1, "libc.so.6" },
    { "", -1, "" },
    { NULL, -1, "" },
    { "naïve 日本 🙂", -1, "naïve 日本 🙂" },
    { "line\nbreak\ttab\rreturn", -1, "line\\nbreak\\ttab\\rreturn" },
    { "\033[31mred", -1, "\\x1b[31mred" },
    { "del\177", -1, "del\\x7f" },
    { "nul\0in it", 9, "nul\\x00in it" },
    { "c1\302\23331m", -1, "c1\\u009b31m" },
    { "not \377\376 utf-8", -1, "not \\xff\\xfe utf-8" },
    { "cut \342\200", -1, "cut \\xe2\\x80" },
    { "bidi \342\200\256txt", -1, "bidi \\u202etxt" },
    { "zero\342\200\213width", -1, "zero\\u200bwidth" },
    { "\357\273\277bom", -1, "\\ufeffbom" },
    { "line\342\200\250separator", -1, "line\\u2028separator" },
    { "tag\363\240\201\201", -1, "tag\\U000e0041" },
    { "overlong \300\257", -1, "overlong \\xc0\\xaf" },
    { "surrogate \355\240\200", -1, "surrogate \\xed\\xa0\\x80" },
    { "back\\slash \\012", -1, "back\\slash \\012" },
    { "only the first", 4, "only" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *clean = atlas_text_clean (cases[i].bytes, cases[i].length);
      g_assert_cmpstr (clean, ==, cases[i].clean);
    }
}

/* What the terminal, pango or a reader's eye would act upon: written down from Unicode, not asked
 * of the code under test. */
static gboolean
is_dangerous (gunichar c)
{
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x00ad || c == 0x061c || c == 0x180e
         || (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e)
         || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb)
         || (c >= 0xe0001 && c <= 0xe007f) || c == 0x115f || c == 0x1160 || c == 0x3164
         || c == 0xffa0;
}

static void
test_every_character (void)
{
  for (gunichar c = 0; c <= 0x10ffff; c++)
    {
      char bytes[8];
      if (c >= 0xd800 && c < 0xe000)
        continue;
      gint length = g_unichar_to_utf8 (c, bytes);
      g_autofree char *clean = atlas_text_clean (bytes, length);
      g_assert_true (g_utf8_validate (clean, -1, NULL));
      for (const char *p = clean; *p != '\0'; p = g_utf8_next_char (p))
        g_assert_false (is_dangerous (g_utf8_get_char (p)));
      if (!is_dangerous (c) && g_unichar_isprint (c) && g_unichar_type (c) != G_UNICODE_FORMAT)
        g_assert_true (clean[0] != '\\' || c == '\\' || c == 0x034f || c == 0x17b4 || c == 0x17b5);
    }
}

static void
test_every_pair (void)
{
  for (guint i = 0; i < 65536; i++)
    {
      const char bytes[] = { (char) (i >> 8), (char) (i & 0xff) };
      g_autofree char *clean = atlas_text_clean (bytes, 2);
      g_autofree char *again = atlas_text_clean (clean, -1);
      g_assert_true (g_utf8_validate (clean, -1, NULL));
      g_assert_cmpuint (strlen (clean), >=, 2);
      g_assert_cmpstr (again, ==, clean);
    }
}

static void
test_short (void)
{
  static const struct
  {
    const char *bytes;
    guint max_chars;
    const char *clean;
  } cases[] = {
    { "short", 5, "short" },        { "abcdefghij", 5, "ab…ij" },   { "abcdefghij", 6, "abc…ij" },
    { "abcdefghij", 1, "…" },       { "abcdefghij", 2, "a…" },      { "abcdefghij", 0, "" },
    { "日本語日本語", 3, "日…語" }, { "a\nb\nc", 20, "a\\nb\\nc" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *clean = atlas_text_clean_short (cases[i].bytes, -1, cases[i].max_chars);
      g_assert_cmpstr (clean, ==, cases[i].clean);
      g_assert_cmpint (g_utf8_strlen (clean, -1), <=, cases[i].max_chars);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/text/examples", test_examples);
  g_test_add_func ("/model/text/every-character", test_every_character);
  g_test_add_func ("/model/text/every-pair", test_every_pair);
  g_test_add_func ("/model/text/short", test_short);
  return g_test_run ();
}
