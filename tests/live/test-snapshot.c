/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Snapshots of a process that did exactly what it was told to. */

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "atlas-error.h"
#include "live-common.h"

#define HUGE_PAGES 512

static guint64 page_size;

static char *
repeat (char letter, guint count)
{
  return g_strnfill (count, letter);
}

static guint64
get_kb (AtlasSnapshot *snapshot, AtlasCounter counter)
{
  return atlas_snapshot_get_status (snapshot)->kb[counter];
}

/* Takes a snapshot of a stopped process and holds all of it against smaps. */
static AtlasSnapshot *
take_checked (Helper *helper)
{
  AtlasSnapshot *snapshot;

  helper_stop (helper);
  snapshot = live_take_helper (helper);
  live_check_shape (snapshot);
  live_check_smaps (snapshot, helper_get_pid (helper));
  g_assert_true (atlas_snapshot_is_complete (snapshot));
  g_assert_cmpint (atlas_snapshot_get_access (snapshot), ==, ATLAS_ACCESS_FULL);
  helper_continue (helper);
  return snapshot;
}

static void
test_identity (void)
{
  g_autoptr (Helper) helper = helper_new ();
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  const AtlasLimit *limit;

  helper_do (helper, "comm some-name");
  snapshot = take_checked (helper);
  g_assert_cmpint (atlas_snapshot_get_pid (snapshot), ==, helper_get_pid (helper));
  g_assert_cmpstr (atlas_snapshot_get_name (snapshot), ==, "some-name");
  g_assert_true (g_str_has_suffix (atlas_snapshot_get_command (snapshot), "/atlas-helper"));
  g_assert_cmpstr (atlas_snapshot_get_user (snapshot), ==, g_get_user_name ());
  g_assert_cmpuint (atlas_snapshot_get_page_size (snapshot), ==, helper_get_page_size (helper));
  g_assert_cmpuint (atlas_snapshot_get_stat (snapshot)->start_time, ==,
                    atlas_snapshot_get_start_time (snapshot));
  g_assert_cmpfloat (atlas_snapshot_get_start_epoch (snapshot), >, 1.0e9);
  g_assert_nonnull (atlas_snapshot_get_system (snapshot)->kernel);
  limit = atlas_limits_find (atlas_snapshot_get_limits (snapshot), "memlock");
  g_assert_nonnull (limit);
}

static void
test_anonymous (void)
{
  g_autoptr (Helper) helper = helper_new ();
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  guint64 a = helper_map (helper, "a", 20, "");
  AtlasRegion *region;

  g_test_summary ("Read is the zero page, written is resident, the rest is absent");

  helper_do (helper, "nohugepage a 0 20");
  helper_do (helper, "read a 2 4");
  helper_do (helper, "write a 5 3");
  helper_do (helper, "write a 10 10 3");
  helper_do (helper, "dontneed a 6 1");
  snapshot = take_checked (helper);
  live_assert_pages (snapshot, a, "..zzza.a..a..a..a..a");
  region = live_find (snapshot, a);
  g_assert_cmpint (region->kind, ==, ATLAS_KIND_ANONYMOUS);
  g_assert_cmpint (region->locked, ==, ATLAS_LOCKED_NO);
}

static void
test_lock (void)
{
  g_autoptr (Helper) helper = helper_new ();
  g_autoptr (AtlasSnapshot) locked = NULL;
  g_autoptr (AtlasSnapshot) unlocked = NULL;
  guint64 a = helper_map (helper, "a", 12, "");

  g_test_summary ("mlock makes pages resident, and its regions are told");

  helper_do (helper, "lock a 4 4");
  locked = take_checked (helper);
  live_assert_pages (locked, a, "....aaaa....");
  g_assert_cmpint (live_find (locked, a)->locked, ==, ATLAS_LOCKED_NO);
  g_assert_cmpint (live_find (locked, a + 4 * page_size)->locked, ==, ATLAS_LOCKED_YES);
  g_assert_cmpuint (live_find (locked, a + 4 * page_size)->start, ==, a + 4 * page_size);
  g_assert_cmpint (live_find (locked, a + 8 * page_size)->locked, ==, ATLAS_LOCKED_NO);
  g_assert_cmpuint (get_kb (locked, ATLAS_COUNTER_VM_LCK), ==, 4 * page_size / 1024);
  g_assert_cmpuint (atlas_snapshot_count (locked, ATLAS_COUNTER_VM_LCK), ==, 4);

  helper_do (helper, "unlock a 4 4");
  unlocked = take_checked (helper);
  live_assert_pages (unlocked, a, "....aaaa....");
  g_assert_cmpint (live_find (unlocked, a + 4 * page_size)->locked, ==, ATLAS_LOCKED_NO);
  g_assert_cmpuint (atlas_snapshot_count (unlocked, ATLAS_COUNTER_VM_LCK), ==, 0);
}

static void
test_lock_onfault (void)
{
  g_autoptr (Helper) helper = helper_new ();
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  guint64 a = helper_map (helper, "a", 4, "");

  g_test_summary ("MLOCK_ONFAULT counts as locked before anything is resident");

  helper_do (helper, "lock-onfault a 0 4");
  helper_do (helper, "write a 1 1");
  snapshot = take_checked (helper);
  live_assert_pages (snapshot, a, ".a..");
  g_assert_cmpint (live_find (snapshot, a)->locked, ==, ATLAS_LOCKED_YES);
  g_assert_cmpuint (get_kb (snapshot, ATLAS_COUNTER_VM_LCK), ==, 4 * page_size / 1024);
}

static void
test_lock_moved (void)
{
  g_autoptr (Helper) helper = helper_new ();
  g_autoptr (AtlasTarget) target = live_open (helper_get_pid (helper));
  g_autoptr (AtlasSnapshot) first = NULL;
  g_autoptr (AtlasSnapshot) second = NULL;
  guint64 a = helper_map (helper, "a", 4, "shared");
  guint64 b = helper_map (helper, "b", 4, "shared");
  gboolean moved;

  g_test_summary ("A lock that moves to another region shows in no counter, but it shows");

  helper_do (helper, "lock a 0 4");
  first = live_take (target, NULL, ATLAS_PAGE_METHOD_AUTO);
  g_assert_cmpint (live_find (first, a)->locked, ==, ATLAS_LOCKED_YES);
  g_assert_cmpint (live_find (first, b)->locked, ==, ATLAS_LOCKED_NO);
  helper_do (helper, "unlock a 0 4");
  helper_do (helper, "lock b 0 4");
  do
    {
      g_autoptr (AtlasSnapshot) before =
          second != NULL ? g_steal_pointer (&second) : atlas_snapshot_ref (first);

      second = live_take (target, before, ATLAS_PAGE_METHOD_AUTO);
      moved = live_find (second, b)->locked == ATLAS_LOCKED_YES;
    }
  while (!moved);
  g_assert_cmpint (live_find (second, a)->locked, ==, ATLAS_LOCKED_NO);
}

static void
test_shared (void)
{
  g_autoptr (Helper) helper = helper_new ();
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  guint64 a = helper_map (helper, "a", 6, "shared");
  guint64 b = helper_map (helper, "b", 3, "shared memfd=some-label");

  helper_do (helper, "read a 0 2");
  helper_do (helper, "write a 3 2");
  helper_do (helper, "write b 1 1");
  snapshot = take_checked (helper);
  live_assert_pages (snapshot, a, "ff.ff.");
  live_assert_pages (snapshot, b, ".f.");
  g_assert_cmpint (live_find (snapshot, a)->kind, ==, ATLAS_KIND_SHARED);
  g_assert_cmpint (live_find (snapshot, b)->kind, ==, ATLAS_KIND_SHARED);
}

static void
test_fork (void)
{
  g_autoptr (Helper) helper = helper_new ();
  g_autoptr (AtlasSnapshot) forked = NULL;
  g_autoptr (AtlasSnapshot) written = NULL;
  g_autoptr (AtlasSnapshot) reaped = NULL;
  guint64 a = helper_map (helper, "a", 6, "");

  g_test_summary ("After fork pages are shared until one side writes or ends");

  helper_do (helper, "write a 0 4");
  helper_do (helper, "fork");
  forked = take_checked (helper);
  live_assert_pages (forked, a, "AAAA..");
  helper_do (helper, "write a 1 1");
  helper_do (helper, "write a 5 1");
  written = take_checked (helper);
  live_assert_pages (written, a, "AaAA.a");
  helper_do (helper, "reap");
  reaped = take_checked (helper);
  live_assert_pages (reaped, a, "aaaa.a");
}

/* A file of @n_pages pages. */
static char *
make_file (guint n_pages)
{
  g_autofree char *contents = g_malloc (n_pages * page_size);
  g_autoptr (GError) error = NULL;
  char *path = NULL;
  int fd = g_file_open_tmp (LIVE_FILE_PREFIX "XXXXXX", &path, &error);

  g_assert_no_error (error);
  memset (contents, 7, n_pages * page_size);
  g_assert_cmpint (write (fd, contents, n_pages * page_size), ==, (gssize) (n_pages * page_size));
  close (fd);
  return path;
}

static void
test_file (void)
{
  const guint n_pages = 40;
  g_autofree char *path = make_file (n_pages);
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *options = g_strdup_printf ("file=%s", path);
  g_autoptr (Helper) helper = helper_new ();
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  g_autofree char *described = NULL;
  g_autofree char *title = NULL;
  guint64 a = helper_map (helper, "a", n_pages, options);
  AtlasRegion *region;

  g_test_summary ("Written pages of a private file mapping are anonymous, the others the file's");

  helper_do (helper, "read a 0 3");
  helper_do (helper, "write a 1 1");
  helper_do (helper, "write a 30 2");
  snapshot = take_checked (helper);
  described = live_describe (snapshot, a, n_pages);
  /* the kernel maps what it has around a page that is read, so other pages may be there as well */
  for (guint i = 0; i < n_pages; i++)
    {
      gboolean written = i == 1 || i == 30 || i == 31;
      gboolean read = i == 0 || i == 2;

      g_assert_nonnull (strchr (written ? "a" : read ? "fF" : "fF.", described[i]));
    }
  region = live_find (snapshot, a);
  title = atlas_region_dup_title (region);
  g_assert_cmpint (region->kind, ==, ATLAS_KIND_FILE);
  g_assert_cmpstr (title, ==, base);
  g_unlink (path);
}

static guint64
get_anon_huge_kb (Helper *helper, guint64 address)
{
  g_autoptr (AtlasTarget) target = live_open (helper_get_pid (helper));
  g_autoptr (GError) error = NULL;
  AtlasSmaps smaps;

  atlas_smaps_read_region (target, address, &smaps, &error);
  g_assert_no_error (error);
  return smaps.anon_huge_pages;
}

static void
test_huge (void)
{
  g_autoptr (Helper) helper = helper_new ();
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  g_autofree char *huge = repeat ('h', HUGE_PAGES);
  guint64 a = helper_map (helper, "a", 3 * HUGE_PAGES, "align=512");
  char letter;

  g_test_summary ("Transparent huge pages: written, and of zeros");

  helper_do (helper, "hugepage a 0 1536");
  helper_do (helper, "write a 0 1");
  helper_do (helper, "read a 1024 1");
  if (get_anon_huge_kb (helper, a) == 0)
    {
      g_test_skip ("the kernel gave no transparent huge page");
      return;
    }
  snapshot = take_checked (helper);
  live_assert_pages (snapshot, a, huge);
  live_assert_pages (snapshot, a + HUGE_PAGES * page_size, "....");
  /* where huge zero pages are switched off it is a small one */
  letter = live_get_letter (atlas_pages_get_state (live_find (snapshot, a)->pages, 1024));
  g_assert_nonnull (strchr (helper_has_zero_page () ? "Zz" : "ha", letter));
  if (letter == 'Z')
    {
      g_autofree char *zeros = repeat ('Z', HUGE_PAGES);

      live_assert_pages (snapshot, a + 2 * HUGE_PAGES * page_size, zeros);
    }
}

static const char hugetlb_setting[] = "/proc/sys/vm/nr_hugepages";

static gint
get_hugetlb (void)
{
  g_autofree char *text = NULL;

  return g_file_get_contents (hugetlb_setting, &text, NULL, NULL) ? atoi (text) : -1;
}

static void
set_hugetlb (gint count)
{
  FILE *file = g_fopen (hugetlb_setting, "w");

  if (file == NULL)
    return;
  fprintf (file, "%d\n", count);
  fclose (file);
}

static void
check_hugetlb (void)
{
  g_autoptr (Helper) helper = helper_new ();
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  g_autofree char *anonymous = repeat ('h', HUGE_PAGES);
  g_autofree char *shared = repeat ('g', HUGE_PAGES);
  guint64 a = helper_map (helper, "a", HUGE_PAGES, "hugetlb");
  guint64 b = helper_map (helper, "b", HUGE_PAGES, "hugetlb shared");

  helper_do (helper, "write a 0 1");
  helper_do (helper, "write b 0 1");
  snapshot = take_checked (helper);
  live_assert_pages (snapshot, a, anonymous);
  live_assert_pages (snapshot, b, shared);
  g_assert_true (live_find (snapshot, a)->hugetlb);
  g_assert_true (live_find (snapshot, b)->hugetlb);
  g_assert_cmpuint (get_kb (snapshot, ATLAS_COUNTER_HUGETLB_PAGES), ==,
                    2 * HUGE_PAGES * page_size / 1024);
}

static void
test_hugetlb (void)
{
  gint before = get_hugetlb ();

  g_test_summary ("Huge pages set aside");

  if (before >= 0)
    set_hugetlb (before + 2);
  if (before >= 0 && get_hugetlb () >= before + 2)
    check_hugetlb ();
  else
    g_test_skip ("no huge pages could be set aside: that takes root, and free memory");
  if (before >= 0)
    set_hugetlb (before);
}

static void
test_swap (void)
{
  g_autoptr (Helper) helper = NULL;
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  g_autofree char *described = NULL;
  guint64 a;

  if (!live_has_swap ())
    {
      g_test_skip ("there is no swap on this machine");
      return;
    }
  helper = helper_new ();
  a = helper_map (helper, "a", 64, "");
  helper_do (helper, "nohugepage a 0 64");
  helper_do (helper, "write a 8 32");
  helper_do (helper, "pageout a 0 64");
  snapshot = take_checked (helper);
  described = live_describe (snapshot, a, 64);
  /* the kernel may keep some; smaps was asked about the sum */
  for (guint i = 0; i < 64; i++)
    g_assert_nonnull (strchr (i >= 8 && i < 40 ? "sa" : ".", described[i]));
  if (strchr (described, 's') == NULL)
    g_test_skip ("the kernel swapped nothing out");
}

static void
test_guard (void)
{
  const AtlasPageMethod methods[] = { ATLAS_PAGE_METHOD_AUTO, ATLAS_PAGE_METHOD_PREAD };
  g_autoptr (Helper) helper = helper_new ();
  g_autoptr (AtlasTarget) target = live_open (helper_get_pid (helper));
  g_autofree char *reason = NULL;
  g_autofree char *answer = NULL;
  guint64 a = helper_map (helper, "a", 6, "");

  g_test_summary ("Guard pages are marked in the tables like swapped ones, but are not");

  helper_do (helper, "write a 0 6");
  answer = helper_try (helper, &reason, "guard a 2 2");
  if (answer == NULL)
    {
      g_test_skip ("this kernel has no MADV_GUARD_INSTALL");
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (methods); i++)
    {
      g_autoptr (AtlasSnapshot) snapshot = live_take (target, NULL, methods[i]);

      live_assert_pages (snapshot, a, "aa..aa");
      g_assert_cmpuint (atlas_snapshot_get_counts (snapshot)->swapped, ==, 0);
    }
}

static void
test_names (void)
{
  g_autoptr (Helper) helper = helper_new ();
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  g_autofree char *heap_title = NULL;
  g_autofree char *plain_title = NULL;
  g_autofree char *answer = helper_run (helper, "brk 3");
  g_autofree char *label = NULL;
  g_autofree char *reason = NULL;
  guint64 heap = g_ascii_strtoull (answer, NULL, 16);
  guint64 a = helper_map (helper, "a", 3, "");
  guint64 b = helper_map (helper, "b", 3, "read");

  helper_do (helper, "thread");
  label = helper_try (helper, &reason, "label a 0 3 pool");
  snapshot = take_checked (helper);
  heap_title = atlas_region_dup_title (live_find (snapshot, heap));
  plain_title = atlas_region_dup_title (live_find (snapshot, b));
  g_assert_cmpint (live_find (snapshot, heap)->kind, ==, ATLAS_KIND_HEAP);
  g_assert_cmpstr (heap_title, ==, "[heap]");
  g_assert_cmpstr (plain_title, ==, "anonymous mmap");
  g_assert_cmpuint (atlas_snapshot_get_kind_counts (snapshot, ATLAS_KIND_THREAD_STACK)->pages, >,
                    0);
  g_assert_cmpuint (atlas_snapshot_get_kind_counts (snapshot, ATLAS_KIND_STACK)->resident, >, 0);
  if (label != NULL)
    {
      g_autofree char *title = atlas_region_dup_title (live_find (snapshot, a));

      g_assert_cmpstr (title, ==, "[anon:pool]");
    }
}

static void
test_sums (void)
{
  g_autoptr (Helper) helper = helper_new ();
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  AtlasPageCounts sum = { 0 };
  guint64 kinds = 0;

  g_test_summary ("The sums are those of the regions, and VmSize is all that is mapped");

  helper_map (helper, "a", 100, "");
  helper_map (helper, "r", 1000, "none");
  helper_do (helper, "write a 10 50");
  helper_do (helper, "thread");
  snapshot = take_checked (helper);
  for (guint i = 0; i < atlas_snapshot_get_n_regions (snapshot); i++)
    {
      AtlasRegion *region = atlas_snapshot_get_region (snapshot, i);
      AtlasPageCounts counts;

      atlas_pages_count_all (region->pages, &counts);
      sum.pages += counts.pages;
      sum.resident += counts.resident;
      if (!g_str_equal (region->name, "[vsyscall]"))
        kinds += counts.pages;
    }
  g_assert_cmpuint (sum.pages, ==, atlas_snapshot_get_counts (snapshot)->pages);
  g_assert_cmpuint (sum.resident, ==, atlas_snapshot_get_counts (snapshot)->resident);
  g_assert_cmpuint (kinds * page_size / 1024, ==, get_kb (snapshot, ATLAS_COUNTER_VM_SIZE));
  g_assert_cmpuint (atlas_snapshot_count (snapshot, ATLAS_COUNTER_VM_SIZE) * page_size / 1024, ==,
                    get_kb (snapshot, ATLAS_COUNTER_VM_SIZE));
}

static void
test_find (void)
{
  g_autoptr (Helper) helper = helper_new ();
  g_autoptr (AtlasSnapshot) snapshot = live_take_helper (helper);
  guint n_regions = atlas_snapshot_get_n_regions (snapshot);
  guint index;

  for (guint i = 0; i < n_regions; i++)
    {
      AtlasRegion *region = atlas_snapshot_get_region (snapshot, i);

      g_assert_true (atlas_snapshot_find (snapshot, region->start, &index));
      g_assert_cmpuint (index, ==, i);
      g_assert_true (atlas_snapshot_find (snapshot, region->end - 1, &index));
      g_assert_cmpuint (index, ==, i);
    }
  g_assert_false (atlas_snapshot_find (snapshot, 0, &index));
  g_assert_cmpuint (index, ==, 0);
  g_assert_false (atlas_snapshot_find (snapshot, G_MAXUINT64, &index));
  g_assert_cmpuint (index, ==, n_regions);
}

static void
test_unchanged (void)
{
  g_autoptr (Helper) helper = helper_new ();
  g_autoptr (AtlasTarget) target = live_open (helper_get_pid (helper));
  g_autoptr (AtlasSnapshot) first = NULL;
  g_autoptr (AtlasSnapshot) second = NULL;
  g_autoptr (AtlasSnapshot) third = NULL;
  guint64 a = helper_map (helper, "a", 10, "");
  guint64 b = helper_map (helper, "b", 10, "shared");
  guint n_regions, n_shared = 0;

  g_test_summary ("What did not change is the same object in the next snapshot");

  helper_stop (helper);
  first = live_take (target, NULL, ATLAS_PAGE_METHOD_AUTO);
  second = live_take (target, first, ATLAS_PAGE_METHOD_AUTO);
  n_regions = atlas_snapshot_get_n_regions (first);
  g_assert_cmpuint (atlas_snapshot_get_n_regions (second), ==, n_regions);
  for (guint i = 0; i < n_regions; i++)
    if (live_is_sharing_stable (atlas_snapshot_get_region (first, i)))
      g_assert_true (atlas_snapshot_get_region (first, i) == atlas_snapshot_get_region (second, i));

  helper_continue (helper);
  helper_do (helper, "write a 3 1");
  helper_map (helper, "c", 1, "shared");
  helper_stop (helper);
  third = live_take (target, second, ATLAS_PAGE_METHOD_AUTO);
  live_check_smaps (third, helper_get_pid (helper));
  g_assert_true (live_find (third, a) != live_find (second, a));
  live_assert_pages (second, a, "..........");
  live_assert_pages (third, a, "...a......");
  g_assert_true (live_find (third, b) == live_find (second, b));
  for (guint i = 0; i < n_regions; i++)
    {
      guint index;
      AtlasRegion *region = atlas_snapshot_get_region (second, i);

      if (atlas_snapshot_find (third, region->start, &index))
        n_shared += atlas_snapshot_get_region (third, index) == region;
    }
  g_assert_cmpuint (n_shared, >, n_regions / 2);
}

static void
test_same_maps (void)
{
  g_autoptr (Helper) helper = helper_new ();
  g_autoptr (AtlasTarget) target = live_open (helper_get_pid (helper));
  g_autoptr (AtlasSnapshot) first = NULL;
  g_autoptr (AtlasSnapshot) second = NULL;
  g_autoptr (AtlasSnapshot) third = NULL;
  guint64 a = helper_map (helper, "a", 10, "");

  g_test_summary ("Pages change where maps does not: the snapshot before stays as it was");

  helper_do (helper, "write a 1 1");
  first = live_take (target, NULL, ATLAS_PAGE_METHOD_AUTO);
  helper_do (helper, "write a 3 1");
  second = live_take (target, first, ATLAS_PAGE_METHOD_AUTO);
  live_assert_pages (first, a, ".a........");
  live_assert_pages (second, a, ".a.a......");
  g_assert_cmpint (live_find (second, a)->kind, ==, ATLAS_KIND_ANONYMOUS);
  g_assert_cmpint (live_find (second, a)->pages_time, >, live_find (first, a)->pages_time);
  g_assert_true (atlas_snapshot_has_same_regions (first, second));

  helper_map (helper, "b", 1, "shared");
  third = live_take (target, second, ATLAS_PAGE_METHOD_AUTO);
  g_assert_false (atlas_snapshot_has_same_regions (second, third));
}

static void
test_selected (void)
{
  g_autoptr (Helper) helper = helper_new ();
  g_autoptr (AtlasTarget) target = live_open (helper_get_pid (helper));
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  g_autoptr (GError) error = NULL;
  guint64 a = helper_map (helper, "a", 10, "shared");
  AtlasSnapshotOptions options = { .selected_address = a + 5 * page_size };

  helper_do (helper, "write a 0 7");
  snapshot = atlas_snapshot_take (target, NULL, &options, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (atlas_snapshot_get_smaps (snapshot));
  g_assert_cmpuint (atlas_snapshot_get_smaps (snapshot)->start, ==, a);
  g_assert_cmpuint (atlas_snapshot_get_smaps (snapshot)->rss, ==, 7 * page_size / 1024);
  g_assert_cmpuint (atlas_snapshot_get_told (snapshot) & (ATLAS_PAGE_SHARED | ATLAS_PAGE_EXCLUSIVE),
                    ==, 0);
}

static void
test_gone (void)
{
  g_autoptr (Helper) helper = helper_new ();
  g_autoptr (AtlasTarget) target = live_open (helper_get_pid (helper));
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  g_autoptr (GError) error = NULL;

  helper_kill (helper, TRUE);
  snapshot = atlas_snapshot_take (target, NULL, NULL, NULL, &error);
  g_assert_error (error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_GONE);
  g_assert_null (snapshot);
}

static void
test_zombie (void)
{
  g_autoptr (Helper) helper = helper_new ();
  g_autoptr (AtlasTarget) target = live_open (helper_get_pid (helper));
  g_autoptr (AtlasSnapshot) before = live_take (target, NULL, ATLAS_PAGE_METHOD_AUTO);
  g_autoptr (AtlasSnapshot) snapshot = NULL;

  helper_kill (helper, FALSE);
  snapshot = live_take (target, before, ATLAS_PAGE_METHOD_AUTO);
  g_assert_cmpint (atlas_snapshot_get_access (snapshot), ==, ATLAS_ACCESS_ZOMBIE);
  g_assert_cmpuint (atlas_snapshot_get_n_regions (snapshot), ==, 0);
  g_assert_cmpstr (atlas_snapshot_get_name (snapshot), ==, "atlas-helper");
}

static void
test_cancelled (void)
{
  g_autoptr (Helper) helper = helper_new ();
  g_autoptr (AtlasTarget) target = live_open (helper_get_pid (helper));
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  snapshot = atlas_snapshot_take (target, NULL, NULL, cancellable, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (snapshot);
}

static void
test_kernel_thread (void)
{
  g_autoptr (AtlasTarget) target = atlas_target_new (live_get_procfs (), 2, NULL);
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  g_autofree char *link = g_file_read_link ("/proc/2/exe", NULL);

  if (target == NULL || link != NULL)
    {
      g_test_skip ("no kernel threads are to be seen here");
      return;
    }
  snapshot = live_take (target, NULL, ATLAS_PAGE_METHOD_AUTO);
  g_assert_cmpint (atlas_snapshot_get_access (snapshot), ==, ATLAS_ACCESS_KERNEL_THREAD);
  g_assert_cmpstr (atlas_snapshot_get_name (snapshot), ==, "kthreadd");
  g_assert_cmpuint (atlas_snapshot_get_n_regions (snapshot), ==, 0);
  g_assert_true (atlas_snapshot_is_complete (snapshot));
}

static void
test_exec (void)
{
  g_autoptr (Helper) helper = helper_new ();
  g_autoptr (AtlasTarget) target = live_open (helper_get_pid (helper));
  g_autoptr (AtlasSnapshot) before = NULL;
  g_autoptr (AtlasSnapshot) after = NULL;
  guint64 a = helper_map (helper, "a", 10, "");
  g_autoptr (GError) error = NULL;
  g_autoptr (AtlasPageReader) reader = NULL;
  AtlasPages *pages[1];
  AtlasRegion *regions[1];

  g_test_summary ("A process that starts another program is the same process with other memory");

  before = live_take (target, NULL, ATLAS_PAGE_METHOD_AUTO);
  reader = atlas_page_reader_new (target, ATLAS_PAGE_METHOD_AUTO, &error);
  g_assert_no_error (error);
  helper_exec (helper);
  after = live_take (target, before, ATLAS_PAGE_METHOD_AUTO);
  g_assert_cmpint (atlas_snapshot_get_access (after), ==, ATLAS_ACCESS_FULL);
  g_assert_false (atlas_snapshot_find (after, a, NULL));

  /* page tables opened before are those of an address space that is no more */
  regions[0] = live_find (before, a);
  g_assert_false (atlas_page_reader_read (reader, regions, 1, FALSE, NULL, NULL, pages, &error));
  g_assert_error (error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_GONE);
  g_assert_null (pages[0]);
}

static void
test_changing (void)
{
  g_autoptr (Helper) helper = helper_new ();
  g_autoptr (AtlasTarget) target = live_open (helper_get_pid (helper));
  g_autoptr (AtlasSnapshot) previous = NULL;
  guint64 a = helper_map (helper, "a", 8, "shared");

  g_test_summary ("A process that changes all the time is read without confusion");

  helper_do (helper, "write a 1 2");
  helper_do (helper, "churn 7");
  for (guint i = 0; i < 200; i++)
    {
      AtlasPageMethod method = i % 2 == 0 ? ATLAS_PAGE_METHOD_AUTO : ATLAS_PAGE_METHOD_PREAD;
      AtlasSnapshot *snapshot = live_take (target, previous, method);

      g_clear_pointer (&previous, atlas_snapshot_unref);
      previous = snapshot;
      live_check_shape (snapshot);
      if (!live_may_lack_regions (snapshot))
        live_assert_pages (snapshot, a, ".ff.....");
      if (!atlas_snapshot_is_complete (snapshot))
        g_assert_nonnull (atlas_snapshot_get_problems (snapshot)[0]);
    }
  helper_do (helper, "stop-churn");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  page_size = (guint64) sysconf (_SC_PAGESIZE);

  g_test_add_func ("/live/snapshot/identity", test_identity);
  g_test_add_func ("/live/snapshot/anonymous", test_anonymous);
  g_test_add_func ("/live/snapshot/lock", test_lock);
  g_test_add_func ("/live/snapshot/lock-onfault", test_lock_onfault);
  g_test_add_func ("/live/snapshot/lock-moved", test_lock_moved);
  g_test_add_func ("/live/snapshot/shared", test_shared);
  g_test_add_func ("/live/snapshot/fork", test_fork);
  g_test_add_func ("/live/snapshot/file", test_file);
  g_test_add_func ("/live/snapshot/huge", test_huge);
  g_test_add_func ("/live/snapshot/hugetlb", test_hugetlb);
  g_test_add_func ("/live/snapshot/swap", test_swap);
  g_test_add_func ("/live/snapshot/guard", test_guard);
  g_test_add_func ("/live/snapshot/names", test_names);
  g_test_add_func ("/live/snapshot/sums", test_sums);
  g_test_add_func ("/live/snapshot/find", test_find);
  g_test_add_func ("/live/snapshot/unchanged", test_unchanged);
  g_test_add_func ("/live/snapshot/same-maps", test_same_maps);
  g_test_add_func ("/live/snapshot/selected", test_selected);
  g_test_add_func ("/live/snapshot/gone", test_gone);
  g_test_add_func ("/live/snapshot/zombie", test_zombie);
  g_test_add_func ("/live/snapshot/cancelled", test_cancelled);
  g_test_add_func ("/live/snapshot/kernel-thread", test_kernel_thread);
  g_test_add_func ("/live/snapshot/exec", test_exec);
  g_test_add_func ("/live/snapshot/changing", test_changing);

  return g_test_run ();
}
