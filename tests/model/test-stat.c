/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Parsing stat: the name may hold anything, parentheses included. */

#include "atlas-error.h"
#include "atlas-stat.h"

#include <string.h>
#include <unistd.h>

#define UP_TO_22 " S 1 2 3 0 -1 4194304 100 7 5 8 1 2 3 4 20 0 1 0 123456"
#define REST                                                                                       \
  " 4096 10 18446744073709551615 11 12 13 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0 14 15 16 0 0 0 0\n"

static void
test_fields (void)
{
  const char *text = "42 (demo)" UP_TO_22 REST;
  g_autoptr (GError) error = NULL;
  AtlasStat stat;

  g_assert_true (atlas_stat_parse (text, strlen (text), &stat, &error));
  g_assert_no_error (error);
  g_assert_cmpint (stat.pid, ==, 42);
  g_assert_cmpstr (stat.name, ==, "demo");
  g_assert_cmpint (stat.state, ==, 'S');
  g_assert_cmphex (stat.flags, ==, 4194304);
  g_assert_cmpuint (stat.minor_faults, ==, 100);
  g_assert_cmpuint (stat.major_faults, ==, 5);
  g_assert_cmpuint (stat.start_time, ==, 123456);
  g_assert_cmpuint (stat.start_code, ==, 11);
  g_assert_cmpuint (stat.end_code, ==, 12);
  g_assert_cmpuint (stat.start_stack, ==, 13);
  g_assert_cmpuint (stat.start_data, ==, 14);
  g_assert_cmpuint (stat.end_data, ==, 15);
  g_assert_cmpuint (stat.start_brk, ==, 16);
}

static void
test_names (void)
{
  static const char *const names[] = { "", "a b", "a) R 1", "((", "))", "x (y) z", "\n\033\377" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *text = g_strdup_printf ("1 (%s)" UP_TO_22 "\n", names[i]);
      AtlasStat stat;
      g_assert_true (atlas_stat_parse (text, strlen (text), &stat, NULL));
      g_assert_cmpstr (stat.name, ==, names[i]);
      g_assert_cmpuint (stat.start_time, ==, 123456);
    }
}

static void
test_long_name (void)
{
  g_autofree char *name = g_strnfill (200, 'k');
  g_autofree char *text = g_strdup_printf ("1 (%s)" UP_TO_22 "\n", name);
  AtlasStat stat;

  g_assert_true (atlas_stat_parse (text, strlen (text), &stat, NULL));
  g_assert_cmpuint (strlen (stat.name), ==, sizeof stat.name - 1);
  g_assert_true (g_str_has_prefix (name, stat.name));
}

/* To those who may not know, the kernel writes 1 for the bounds of the code. */
static void
test_not_permitted (void)
{
  const char *text = "1 (x)" UP_TO_22 " 4096 10 9 1 1 0 0 0\n";
  AtlasStat stat;

  g_assert_true (atlas_stat_parse (text, strlen (text), &stat, NULL));
  g_assert_cmpuint (stat.start_code, ==, 0);
  g_assert_cmpuint (stat.end_code, ==, 0);
  g_assert_cmpuint (stat.start_brk, ==, 0);
}

static void
test_malformed (void)
{
  static const char *const texts[] = {
    "",
    "\n",
    "1",
    "1 (x",
    "1 x) S 1",
    ")(",
    "1 (x)",
    "1 (x) ",
    "1 (x) S",
    "x (x)" UP_TO_22 "\n",
    " (x)" UP_TO_22 "\n",
    "(x)" UP_TO_22 "\n",
    "1(x)" UP_TO_22 "\n",
    "99999999999 (x)" UP_TO_22 "\n",
    "1 (x) 5 1 2 3 0 -1 4194304 100 7 5 8 1 2 3 4 20 0 1 0 123456\n",
    "1 (x) S 1 2 3 0 -1 4194304 100 7 5 8 1 2 3 4 20 0 1 0\n",
    "1 (x) S 1 2 3 0 -1 4194304 many 7 5 8 1 2 3 4 20 0 1 0 123456\n",
    "1 (x) S 1 2 3 0 -1 4194304 1 7 5 8 1 2 3 4 20 0 1 0 99999999999999999999\n",
    "1 (x)" UP_TO_22 " 4096 what 9\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      static const AtlasStat zero;
      g_autoptr (GError) error = NULL;
      AtlasStat stat;
      memset (&stat, 0xff, sizeof stat);
      g_assert_false (atlas_stat_parse (texts[i], strlen (texts[i]), &stat, &error));
      g_assert_error (error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_MALFORMED);
      g_assert_cmpmem (&stat, sizeof stat, &zero, sizeof zero);
    }
}

static void
test_epoch (void)
{
  const char *text = "cpu  1 2 3\nnobtime 5\nbtime 1700000000\nprocesses 12\n";
  gdouble ticks = (gdouble) sysconf (_SC_CLK_TCK);

  g_assert_cmpfloat (atlas_stat_start_to_epoch (0, text, strlen (text)), ==, 1700000000);
  g_assert_cmpfloat_with_epsilon (atlas_stat_start_to_epoch (150, text, strlen (text)),
                                  1700000000 + 150 / ticks, 1e-6);
  g_assert_cmpfloat (atlas_stat_start_to_epoch (1, "cpu 1\n", 6), ==, 0);
  g_assert_cmpfloat (atlas_stat_start_to_epoch (1, "btime x\n", 8), ==, 0);
  g_assert_cmpfloat (atlas_stat_start_to_epoch (1, NULL, 0), ==, 0);
}

/* This very process began between the boot and now. */
static void
test_epoch_live (void)
{
  g_autofree char *proc_stat = NULL, *self = NULL;
  gsize proc_stat_length, self_length;
  AtlasStat stat;

  g_assert_true (g_file_get_contents ("/proc/stat", &proc_stat, &proc_stat_length, NULL));
  g_assert_true (g_file_get_contents ("/proc/self/stat", &self, &self_length, NULL));
  g_assert_true (atlas_stat_parse (self, self_length, &stat, NULL));
  g_assert_cmpint (stat.pid, ==, getpid ());
  gdouble began = atlas_stat_start_to_epoch (stat.start_time, proc_stat, proc_stat_length);
  gdouble now = (gdouble) g_get_real_time () / G_USEC_PER_SEC;
  g_assert_cmpfloat (began, >, 1000000000);
  /* btime is rounded to a second and moves when the clock is set. */
  g_assert_cmpfloat (began, <=, now + 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/stat/fields", test_fields);
  g_test_add_func ("/model/stat/names", test_names);
  g_test_add_func ("/model/stat/long-name", test_long_name);
  g_test_add_func ("/model/stat/not-permitted", test_not_permitted);
  g_test_add_func ("/model/stat/malformed", test_malformed);
  g_test_add_func ("/model/stat/epoch", test_epoch);
  g_test_add_func ("/model/stat/epoch-live", test_epoch_live);
  return g_test_run ();
}
