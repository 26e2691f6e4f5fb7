/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Predictions as people type them. */

#include "atlas-guess.h"

static const struct
{
  const char *text;
  gint64 kb;
} RIGHT[] = {
  { "0", 0 },
  { "+0", 0 },
  { "256", 256 },
  { "+260 KiB", 260 },
  { "  +260KiB ", 260 },
  { "-1M", -1024 },
  { "−1 MiB", -1024 },
  { "- 4 K", -4 },
  { "1,028", 1028 },
  { "1,028 KiB", 1028 },
  { "1.5M", 1536 },
  { "2G", 2 * 1024 * 1024 },
  { "4096 B", 4 },
};

static const char *const WRONG[] = {
  "",
  " ",
  "+",
  "-",
  "?",
  "many",
  "KiB",
  "5-3",
  "+-5",
  "--5",
  "5+",
  "1.2.3",
  "12X",
  "0x",
  "1e3",
  "17000000000000000000",
  "99999999999G",
  "5 KiB 3",
};

static void
test_right (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (RIGHT); i++)
    {
      gint64 kb = -77;

      g_test_message ("“%s”", RIGHT[i].text);
      g_assert_true (atlas_guess_parse_kb (RIGHT[i].text, &kb));
      g_assert_cmpint (kb, ==, RIGHT[i].kb);
    }
}

static void
test_wrong (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (WRONG); i++)
    {
      gint64 kb = -77;

      g_test_message ("“%s”", WRONG[i]);
      g_assert_false (atlas_guess_parse_kb (WRONG[i], &kb));
      g_assert_cmpint (kb, ==, -77);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/guess/right", test_right);
  g_test_add_func ("/app/guess/wrong", test_wrong);
  return g_test_run ();
}
