/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The pages that each counter lights on a living process: as many as the process made, and as many
 * as the kernel counts. For address space the kernel's number is in status, and exact; for resident
 * pages that one is counted in batches, so the sums over smaps are the oracle. */

#include "atlas-smaps.h"
#include "atlas-snapshot.h"
#include "helper-client.h"

#include <string.h>

typedef struct
{
  guint64 rss, anonymous, swap, locked, hugetlb; /* kB */
} SmapsSums;

static AtlasTarget *
open_target (Helper *helper)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AtlasProcfs) procfs = atlas_procfs_new ("/proc", &error);
  AtlasTarget *target = atlas_target_new (procfs, helper_get_pid (helper), &error);

  g_assert_no_error (error);
  return target;
}

static void
add_up_smaps (AtlasTarget *target, SmapsSums *sums)
{
  g_autoptr (GString) text = g_string_new (NULL);
  AtlasSmapsParser parser;
  AtlasSmaps smaps;

  memset (sums, 0, sizeof *sums);
  g_assert_true (atlas_target_read (target, "smaps", G_MAXSIZE, text, NULL));
  atlas_smaps_parser_init (&parser, text->str, text->len);
  while (atlas_smaps_parser_next (&parser, &smaps))
    {
      sums->rss += smaps.rss;
      sums->anonymous += smaps.anonymous;
      sums->swap += smaps.swap;
      sums->hugetlb += smaps.private_hugetlb + smaps.shared_hugetlb;
      if (atlas_smaps_has_flag (&smaps, "lo"))
        sums->locked += smaps.size;
    }
}

static guint64
count_kb (AtlasSnapshot *snapshot, AtlasCounter counter)
{
  return atlas_snapshot_count (snapshot, counter) * atlas_snapshot_get_page_size (snapshot) / 1024;
}

/* Takes a snapshot of the helper, stopped, and holds every counter against the kernel's. */
static AtlasSnapshot *
take_checked (Helper *helper)
{
  g_autoptr (AtlasTarget) target = open_target (helper);
  g_autoptr (GError) error = NULL;
  SmapsSums sums;
  static const AtlasCounter exact[] = { ATLAS_COUNTER_VM_SIZE,      ATLAS_COUNTER_VM_LCK,
                                        ATLAS_COUNTER_VM_DATA,      ATLAS_COUNTER_VM_STK,
                                        ATLAS_COUNTER_VM_EXE,       ATLAS_COUNTER_VM_LIB,
                                        ATLAS_COUNTER_HUGETLB_PAGES };

  helper_stop (helper);
  AtlasSnapshot *snapshot = atlas_snapshot_take (target, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  add_up_smaps (target, &sums);
  helper_continue (helper);

  const AtlasStatus *status = atlas_snapshot_get_status (snapshot);
  for (guint i = 0; i < G_N_ELEMENTS (exact); i++)
    {
      g_test_message ("%s", atlas_counter_get_name (exact[i]));
      g_assert_cmpuint (count_kb (snapshot, exact[i]), ==, status->kb[exact[i]]);
    }
  g_assert_cmpuint (count_kb (snapshot, ATLAS_COUNTER_VM_RSS), ==, sums.rss);
  g_assert_cmpuint (count_kb (snapshot, ATLAS_COUNTER_RSS_ANON), ==, sums.anonymous);
  g_assert_cmpuint (count_kb (snapshot, ATLAS_COUNTER_RSS_FILE)
                        + count_kb (snapshot, ATLAS_COUNTER_RSS_SHMEM),
                    ==, sums.rss - sums.anonymous);
  g_assert_cmpuint (count_kb (snapshot, ATLAS_COUNTER_VM_SWAP), ==, sums.swap);
  g_assert_cmpuint (count_kb (snapshot, ATLAS_COUNTER_VM_LCK), ==, sums.locked);
  g_assert_cmpuint (count_kb (snapshot, ATLAS_COUNTER_HUGETLB_PAGES), ==, sums.hugetlb);
  return snapshot;
}

/* A helper whose own pages have all been touched: it did each thing once. */
static Helper *
start_helper (void)
{
  Helper *helper = helper_new ();

  helper_map (helper, "w", 4, "shared memfd=label");
  helper_do (helper, "nohugepage w 0 1");
  helper_do (helper, "read w 0 1");
  helper_do (helper, "write w 0 1");
  helper_do (helper, "lock w 0 1");
  helper_do (helper, "unmap w 0 4");
  return helper;
}

/* By how many pages a counter grew. */
static gint64
growth (AtlasSnapshot *before, AtlasSnapshot *after, AtlasCounter counter)
{
  return (gint64) atlas_snapshot_count (after, counter)
         - (gint64) atlas_snapshot_count (before, counter);
}

static void
test_anonymous (void)
{
  g_autoptr (Helper) helper = start_helper ();
  g_autoptr (AtlasSnapshot) before = take_checked (helper);
  gint resident;

  helper_map (helper, "a", 100, "");
  helper_do (helper, "nohugepage a 0 100");
  helper_do (helper, "write a 0 10");
  helper_do (helper, "read a 20 30");
  helper_do (helper, "lock a 60 5");
  g_autoptr (AtlasSnapshot) after = take_checked (helper);
  g_assert_cmpint (growth (before, after, ATLAS_COUNTER_VM_SIZE), ==, 100);
  g_assert_cmpint (growth (before, after, ATLAS_COUNTER_VM_DATA), ==, 100);
  g_assert_cmpint (growth (before, after, ATLAS_COUNTER_VM_LCK), ==, 5);
  /* What was only read is the zero page, and counts nowhere. */
  resident = helper_has_zero_page () ? 15 : 45;
  g_assert_cmpint (growth (before, after, ATLAS_COUNTER_RSS_ANON), ==, resident);
  g_assert_cmpint (growth (before, after, ATLAS_COUNTER_VM_RSS), ==, resident);
}

static void
test_shared (void)
{
  g_autoptr (Helper) helper = start_helper ();
  g_autoptr (AtlasSnapshot) before = take_checked (helper);

  helper_map (helper, "s", 50, "shared");
  helper_do (helper, "nohugepage s 0 50");
  helper_do (helper, "write s 0 7");
  helper_map (helper, "m", 20, "shared memfd=label");
  helper_do (helper, "write m 3 4");
  g_autoptr (AtlasSnapshot) after = take_checked (helper);
  g_assert_cmpint (growth (before, after, ATLAS_COUNTER_VM_SIZE), ==, 70);
  g_assert_cmpint (growth (before, after, ATLAS_COUNTER_VM_DATA), ==, 0);
  g_assert_cmpint (growth (before, after, ATLAS_COUNTER_RSS_SHMEM), ==, 11);
  g_assert_cmpint (growth (before, after, ATLAS_COUNTER_RSS_ANON), ==, 0);
}

/* A private copy of a page of a file is no page of that file any more. */
static void
test_copy_on_write (void)
{
  g_autoptr (Helper) helper = start_helper ();
  g_autoptr (AtlasSnapshot) before = take_checked (helper);

  helper_map (helper, "m", 20, "memfd=label");
  helper_do (helper, "write m 0 3");
  g_autoptr (AtlasSnapshot) after = take_checked (helper);
  g_assert_cmpint (growth (before, after, ATLAS_COUNTER_VM_DATA), ==, 20);
  g_assert_cmpint (growth (before, after, ATLAS_COUNTER_RSS_ANON), ==, 3);
  /* The kernel maps what surrounds a page that was touched as it likes. */
  g_assert_cmpint (growth (before, after, ATLAS_COUNTER_RSS_SHMEM), >=, 0);
}

static void
test_hugetlb (void)
{
  g_autoptr (Helper) helper = start_helper ();
  g_autofree char *reason = NULL;
  g_autoptr (AtlasSnapshot) before = take_checked (helper);
  g_autofree char *mapped = helper_try (helper, &reason, "map h 512 hugetlb");

  if (mapped == NULL)
    {
      g_test_skip ("This machine has no huge pages reserved (/proc/sys/vm/nr_hugepages)");
      return;
    }
  helper_do (helper, "write h 0 1");
  g_autoptr (AtlasSnapshot) after = take_checked (helper);
  g_assert_cmpint (growth (before, after, ATLAS_COUNTER_HUGETLB_PAGES), ==, 512);
  g_assert_cmpint (growth (before, after, ATLAS_COUNTER_VM_RSS), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/counter/live/anonymous", test_anonymous);
  g_test_add_func ("/model/counter/live/shared", test_shared);
  g_test_add_func ("/model/counter/live/copy-on-write", test_copy_on_write);
  g_test_add_func ("/model/counter/live/hugetlb", test_hugetlb);
  return g_test_run ();
}
