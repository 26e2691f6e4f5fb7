/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Parsing smaps, and reading the one block that is asked for. Sums over whole recorded processes
 * are in test-fixtures. */

#include "fixture.h"
#include "scratch.h"

#include "atlas-error.h"
#include "atlas-smaps.h"

#include <string.h>
#include <unistd.h>

#define BLOCK                                                                                      \
  "1000-5000 rw-p 00000000 00:00 0                          [heap]\n"                              \
  "Size:                 16 kB\n"                                                                  \
  "Rss:                  12 kB\n"                                                                  \
  "Pss:                   4 kB\n"                                                                  \
  "NewThing:              7 kB\n"                                                                  \
  "Locked:                0 kB\n"                                                                  \
  "THPeligible:           1\n"                                                                     \
  "ProtectionKey:         0\n"                                                                     \
  "VmFlags: rd wr mr lo ac \n"

static void
test_block (void)
{
  const char *text = BLOCK "6000-7000 r--p 00000000 00:00 0\nSize:   4 kB\n";
  AtlasSmapsParser parser;
  AtlasSmaps smaps;

  atlas_smaps_parser_init (&parser, text, strlen (text));
  g_assert_true (atlas_smaps_parser_next (&parser, &smaps));
  g_assert_cmphex (smaps.start, ==, 0x1000);
  g_assert_cmphex (smaps.end, ==, 0x5000);
  g_assert_cmpuint (smaps.size, ==, 16);
  g_assert_cmpuint (smaps.rss, ==, 12);
  g_assert_cmpuint (smaps.pss, ==, 4);
  g_assert_true (atlas_smaps_has (&smaps, "Locked"));
  g_assert_false (atlas_smaps_has (&smaps, "KSM"));
  g_assert_false (atlas_smaps_has (&smaps, "NewThing"));
  g_assert_true (smaps.thp_eligible);
  g_assert_cmpstr (smaps.flags, ==, "rd wr mr lo ac");
  g_assert_true (atlas_smaps_has_flag (&smaps, "rd"));
  g_assert_true (atlas_smaps_has_flag (&smaps, "lo"));
  g_assert_true (atlas_smaps_has_flag (&smaps, "ac"));
  g_assert_false (atlas_smaps_has_flag (&smaps, "ht"));
  g_assert_false (atlas_smaps_has_flag (&smaps, "d "));

  g_assert_true (atlas_smaps_parser_next (&parser, &smaps));
  g_assert_cmpuint (smaps.size, ==, 4);
  g_assert_false (atlas_smaps_has (&smaps, "Rss"));
  g_assert_cmpstr (smaps.flags, ==, "");
  g_assert_false (atlas_smaps_parser_next (&parser, &smaps));
}

/* Lines that belong to no block, numbers that are none: passed over. */
static void
test_nonsense (void)
{
  static const char *const texts[] = { "", "Rss: 1 kB\n", "\n\n", "nonsense\nRss: 4 kB\n" };
  AtlasSmapsParser parser;
  AtlasSmaps smaps;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      atlas_smaps_parser_init (&parser, texts[i], strlen (texts[i]));
      g_assert_false (atlas_smaps_parser_next (&parser, &smaps));
    }
  const char *text = "Rss: 1 kB\n1000-2000 r--p 0 0:0 0\nRss: many kB\nNo colon\nPss: 5 kB";
  atlas_smaps_parser_init (&parser, text, strlen (text));
  g_assert_true (atlas_smaps_parser_next (&parser, &smaps));
  g_assert_false (atlas_smaps_has (&smaps, "Rss"));
  g_assert_cmpuint (smaps.pss, ==, 5);
  g_assert_false (atlas_smaps_parser_next (&parser, &smaps));
}

static void
test_long_flags (void)
{
  g_autofree char *many = g_strnfill (500, 'x');
  g_autofree char *text = g_strdup_printf ("1000-2000 r--p 0 0:0 0\nVmFlags: %s\n", many);
  AtlasSmapsParser parser;
  AtlasSmaps smaps;

  atlas_smaps_parser_init (&parser, text, strlen (text));
  g_assert_true (atlas_smaps_parser_next (&parser, &smaps));
  g_assert_cmpuint (strlen (smaps.flags), ==, sizeof smaps.flags - 1);
}

/* Every region of a recorded process, asked for by its first and by its last byte, and what lies
 * between regions. */
static void
test_read_region (void)
{
  g_autoptr (Fixture) fixture = fixture_new ("threads");
  g_autoptr (AtlasTarget) target = fixture_open (fixture);
  g_autoptr (GPtrArray) regions = fixture_read_regions (fixture, NULL);

  for (guint i = 0; i < regions->len; i++)
    {
      const AtlasRegion *region = g_ptr_array_index (regions, i);
      g_autoptr (GError) error = NULL;
      AtlasSmaps first, last;
      g_assert_true (atlas_smaps_read_region (target, region->start, &first, &error));
      g_assert_true (atlas_smaps_read_region (target, region->end - 1, &last, &error));
      g_assert_no_error (error);
      g_assert_cmpmem (&first, sizeof first, &last, sizeof last);
      g_assert_cmphex (first.start, ==, region->start);
      g_assert_cmpuint (first.size, ==, (region->end - region->start) / 1024);
      g_assert_cmpuint (strlen (first.flags), >, 0);
    }
}

static void
assert_gone (AtlasTarget *target, guint64 address)
{
  g_autoptr (GError) error = NULL;
  AtlasSmaps smaps;

  g_assert_false (atlas_smaps_read_region (target, address, &smaps, &error));
  g_assert_error (error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_GONE);
}

static void
test_nothing_there (void)
{
  g_autoptr (Fixture) threads = fixture_new ("threads");
  g_autoptr (AtlasTarget) target = fixture_open (threads);
  g_autoptr (Fixture) empty = fixture_new ("empty-maps");
  g_autoptr (AtlasTarget) empty_target = fixture_open (empty);
  g_autoptr (Fixture) torn = fixture_new ("torn");
  g_autoptr (AtlasTarget) torn_target = fixture_open (torn);

  assert_gone (target, 0);
  assert_gone (target, 0x600000000000);
  assert_gone (target, G_MAXUINT64);
  assert_gone (empty_target, 0x1000);
  /* Has no smaps at all. */
  assert_gone (torn_target, 0x1000);
}

static void
test_malformed (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autoptr (GError) error = NULL;
  AtlasSmaps smaps;

  scratch_write (scratch, "smaps", "1000-2000 r--p 0 0:0 0\n\n");
  g_autoptr (AtlasTarget) target = scratch_open (scratch);
  g_assert_false (atlas_smaps_read_region (target, 0x1000, &smaps, &error));
  g_assert_error (error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_MALFORMED);
}

/* Larger than what is read at once: wherever a piece ends, within a block, a line or a number, the
 * block is whole. */
static void
test_large (void)
{
  enum
  {
    N = 2000
  };
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 1; i <= N; i++)
    g_string_append_printf (text,
                            "%x000-%x000 rw-p 00000000 00:00 0\nSize: 4 kB\nRss: %u kB\n"
                            "Pss: 3 kB\nLocked: %u kB\nVmFlags: rd lo\n",
                            i, i + 1, i, i + 7);
  scratch_write (scratch, "smaps", text->str);
  g_autoptr (AtlasTarget) target = scratch_open (scratch);
  for (guint i = 1; i <= N; i += 3)
    {
      AtlasSmaps smaps;
      g_assert_true (atlas_smaps_read_region (target, (guint64) i << 12, &smaps, NULL));
      g_assert_cmpuint (smaps.rss, ==, i);
      g_assert_cmpuint (smaps.locked, ==, i + 7);
      g_assert_true (atlas_smaps_has_flag (&smaps, "lo"));
    }
}

/* This process' own stack, against what is known of it. */
static void
test_live (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AtlasProcfs) procfs = atlas_procfs_new ("/proc", &error);
  g_autoptr (AtlasTarget) target = atlas_target_new (procfs, getpid (), &error);
  AtlasSmaps smaps;
  int here = 0;

  g_assert_no_error (error);
  g_assert_true (atlas_smaps_read_region (target, (guint64) (gsize) &here, &smaps, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (smaps.start, <=, (guint64) (gsize) &here);
  g_assert_cmpuint (smaps.end, >, (guint64) (gsize) &here);
  g_assert_cmpuint (smaps.kernel_page_size * 1024, ==, (guint64) sysconf (_SC_PAGESIZE));
  g_assert_cmpuint (smaps.rss, >=, 4);
  g_assert_true (atlas_smaps_has_flag (&smaps, "wr"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/smaps/block", test_block);
  g_test_add_func ("/model/smaps/nonsense", test_nonsense);
  g_test_add_func ("/model/smaps/long-flags", test_long_flags);
  g_test_add_func ("/model/smaps/read-region", test_read_region);
  g_test_add_func ("/model/smaps/nothing-there", test_nothing_there);
  g_test_add_func ("/model/smaps/malformed", test_malformed);
  g_test_add_func ("/model/smaps/large", test_large);
  g_test_add_func ("/model/smaps/live", test_live);
  return g_test_run ();
}
