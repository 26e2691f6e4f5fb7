/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Both ways of asking for page states: against what the process did, and against each other. */

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "atlas-error.h"
#include "layout.h"
#include "live-common.h"

static guint64 page_size;

static void
tell (Helper *helper, const char *command, guint area, guint first, guint n_pages)
{
  helper_do (helper, "%s %u %u %u", command, area, first, n_pages);
}

/* Reads all regions of @snapshot anew. */
static GPtrArray *
read_pages (AtlasTarget *target,
            AtlasSnapshot *snapshot,
            AtlasPageMethod method,
            gboolean want_sharing,
            guint64 slice_bytes)
{
  AtlasPace pace = { .slice_bytes = slice_bytes };
  guint n_regions = atlas_snapshot_get_n_regions (snapshot);
  g_autofree AtlasRegion **regions = g_new0 (AtlasRegion *, n_regions);
  GPtrArray *pages = g_ptr_array_new_with_free_func ((GDestroyNotify) atlas_pages_unref);
  g_autoptr (GError) error = NULL;
  g_autoptr (AtlasPageReader) reader = atlas_page_reader_new (target, method, &error);

  g_assert_no_error (error);
  g_assert_cmpint (atlas_page_reader_get_method (reader), ==, method);
  for (guint i = 0; i < n_regions; i++)
    regions[i] = atlas_snapshot_get_region (snapshot, i);
  g_ptr_array_set_size (pages, (gint) n_regions);
  atlas_page_reader_read (reader, regions, n_regions, want_sharing, &pace, NULL,
                          (AtlasPages **) pages->pdata, &error);
  g_assert_no_error (error);
  return pages;
}

static char *
describe (AtlasPages *pages)
{
  guint64 n_pages = atlas_pages_get_n_pages (pages);
  GString *text = g_string_new (NULL);

  for (guint64 i = 0; i < n_pages; i++)
    g_string_append_c (text, live_get_letter (atlas_pages_get_state (pages, i)));
  return g_string_free (text, FALSE);
}

static void
assert_same (AtlasSnapshot *snapshot, GPtrArray *one, GPtrArray *other, gboolean with_sharing)
{
  g_assert_cmpuint (one->len, ==, other->len);
  for (guint i = 0; i < one->len; i++)
    {
      const AtlasRegion *region = atlas_snapshot_get_region (snapshot, i);

      g_test_message ("%s at %" G_GINT64_MODIFIER "x", region->name, region->start);
      if ((!with_sharing || live_is_sharing_stable (region))
          && !atlas_pages_equal (one->pdata[i], other->pdata[i]))
        {
          g_autofree char *one_text = describe (one->pdata[i]);
          g_autofree char *other_text = describe (other->pdata[i]);

          g_assert_cmpstr (one_text, ==, other_text);
          g_assert_not_reached ();
        }
    }
}

/* Reads all of a stopped process both ways, in slices of several sizes. */
static void
check_ways (AtlasTarget *target, AtlasSnapshot *snapshot)
{
  const guint64 slices[] = {
    0, page_size, 3 * page_size, 100 * page_size, 512 * page_size, 1000000 * page_size
  };

  for (guint i = 0; i < G_N_ELEMENTS (slices); i++)
    for (gint want_sharing = 0; want_sharing <= 1; want_sharing++)
      {
        g_autoptr (GPtrArray) scanned =
            read_pages (target, snapshot, ATLAS_PAGE_METHOD_SCAN, want_sharing, slices[i]);
        g_autoptr (GPtrArray) read =
            read_pages (target, snapshot, ATLAS_PAGE_METHOD_PREAD, want_sharing, slices[i]);

        assert_same (snapshot, scanned, read, want_sharing);
      }
}

/* Whether this machine lets entries tell zero and huge pages. */
static gboolean
can_tell_by_entries (void)
{
  g_autoptr (AtlasTarget) target = live_open (getpid ());
  g_autoptr (AtlasPageReader) reader =
      atlas_page_reader_new (target, ATLAS_PAGE_METHOD_PREAD, NULL);

  return (atlas_page_reader_get_told (reader) & ATLAS_PAGE_ZERO) != 0;
}

/* Read by @method, it is what was done to it. */
static void
check_layout (Helper *helper,
              AtlasTarget *target,
              Layout *layout,
              AtlasPageMethod method,
              guint seen[128])
{
  g_autoptr (AtlasSnapshot) snapshot = live_take (target, NULL, method);

  layout_check (layout, snapshot, seen);
  live_check_smaps (snapshot, helper_get_pid (helper));
}

static void
try_layout (gboolean by_scan, gboolean by_entries, guint seen[128])
{
  g_autoptr (Helper) helper = helper_new ();
  g_autoptr (Layout) layout = layout_new (helper);
  g_autoptr (AtlasTarget) target = live_open (helper_get_pid (helper));
  g_autoptr (AtlasSnapshot) snapshot = NULL;

  helper_stop (helper);
  if (by_scan)
    check_layout (helper, target, layout, ATLAS_PAGE_METHOD_SCAN, seen);
  if (by_entries)
    check_layout (helper, target, layout, ATLAS_PAGE_METHOD_PREAD, seen);
  if (!by_scan || !by_entries)
    return;
  snapshot = live_take (target, NULL, ATLAS_PAGE_METHOD_AUTO);
  check_ways (target, snapshot);
}

static void
test_layouts (void)
{
  gboolean by_scan = live_can_scan ();
  gboolean by_entries = can_tell_by_entries ();
  g_autoptr (GString) counts = g_string_new (NULL);
  guint n_layouts = live_get_rounds (10, 500);
  guint seen[128] = { 0 };

  g_test_summary ("Random layouts, read both ways: what was done to them, and the same");

  if (!by_scan && !by_entries)
    {
      g_test_skip ("this takes PAGEMAP_SCAN (Linux 6.7), or root");
      return;
    }
  for (guint i = 0; i < n_layouts; i++)
    try_layout (by_scan, by_entries, seen);
  for (guint letter = 0; letter < G_N_ELEMENTS (seen); letter++)
    if (seen[letter] > 0)
      g_string_append_printf (counts, " %c %u", (char) letter, seen[letter]);
  g_test_message ("%u layouts%s%s, pages:%s", n_layouts, by_scan ? ", scanned" : "",
                  by_entries ? ", read by entries" : "", counts->str);
}

static gboolean
skip_without_both (void)
{
  if (live_can_scan () && can_tell_by_entries ())
    return FALSE;
  g_test_skip ("comparing takes PAGEMAP_SCAN (Linux 6.7) and root");
  return TRUE;
}

static void
test_ways_huge (void)
{
  g_autoptr (Helper) helper = NULL;
  g_autoptr (AtlasTarget) target = NULL;
  g_autoptr (AtlasSnapshot) snapshot = NULL;

  g_test_summary ("Huge pages: whole, with a hole, of zeros, written again");

  if (skip_without_both ())
    return;
  helper = helper_new ();
  target = live_open (helper_get_pid (helper));
  helper_map (helper, "0", 5 * 512, "align=512");
  tell (helper, "hugepage", 0, 0, 5 * 512);
  tell (helper, "write", 0, 0, 1);
  tell (helper, "write", 0, 512, 1);
  tell (helper, "dontneed", 0, 600, 2);
  tell (helper, "read", 0, 1024, 1);
  tell (helper, "read", 0, 1536, 1);
  tell (helper, "write", 0, 1537, 1);
  helper_stop (helper);
  snapshot = live_take (target, NULL, ATLAS_PAGE_METHOD_AUTO);
  live_check_smaps (snapshot, helper_get_pid (helper));
  check_ways (target, snapshot);
}

static void
test_ways_huge_far (void)
{
  g_autoptr (Helper) helper = NULL;
  g_autoptr (AtlasTarget) target = NULL;
  g_autoptr (AtlasSnapshot) snapshot = NULL;

  g_test_summary ("A huge page where one reading of entries ends and the next begins");

  if (skip_without_both ())
    return;
  helper = helper_new ();
  target = live_open (helper_get_pid (helper));
  helper_map (helper, "0", 40 * 512, "align=512");
  tell (helper, "hugepage", 0, 0, 40 * 512);
  tell (helper, "unmap", 0, 0, 5);
  tell (helper, "write", 0, 31 * 512, 1);
  tell (helper, "write", 0, 32 * 512, 1);
  tell (helper, "write", 0, 33 * 512, 1);
  helper_stop (helper);
  snapshot = live_take (target, NULL, ATLAS_PAGE_METHOD_AUTO);
  live_check_smaps (snapshot, helper_get_pid (helper));
  check_ways (target, snapshot);
}

static void
test_ways_file (void)
{
  g_autofree char *path = NULL;
  g_autofree char *options = NULL;
  g_autofree char *contents = g_malloc0 (300 * page_size);
  g_autoptr (Helper) helper = NULL;
  g_autoptr (Helper) other = NULL;
  g_autoptr (AtlasTarget) target = NULL;
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  int fd;

  g_test_summary ("A file, privately mapped by two: untouched, read, written");

  if (skip_without_both ())
    return;
  fd = g_file_open_tmp (LIVE_FILE_PREFIX "XXXXXX", &path, NULL);
  g_assert_cmpint (write (fd, contents, 300 * page_size), ==, (gssize) (300 * page_size));
  close (fd);
  helper = helper_new ();
  other = helper_new ();
  target = live_open (helper_get_pid (helper));
  options = g_strdup_printf ("file=%s", path);
  helper_map (helper, "0", 300, options);
  helper_map (other, "0", 300, options);
  tell (helper, "read", 0, 0, 50);
  tell (helper, "write", 0, 20, 10);
  tell (helper, "write", 0, 200, 3);
  tell (other, "read", 0, 0, 10);
  helper_stop (helper);
  helper_stop (other);
  snapshot = live_take (target, NULL, ATLAS_PAGE_METHOD_AUTO);
  live_check_smaps (snapshot, helper_get_pid (helper));
  check_ways (target, snapshot);
  g_unlink (path);
}

static void
test_many_runs (void)
{
  const guint n_pages = 20000;
  g_autoptr (Helper) helper = helper_new ();
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  guint64 start = helper_map (helper, "0", n_pages, "");
  AtlasRegion *region;
  guint n_runs;

  g_test_summary ("More runs than one call can tell, none lost where one call ends");

  tell (helper, "nohugepage", 0, 0, n_pages);
  helper_do (helper, "write 0 0 %u 2", n_pages);
  snapshot = live_take_helper (helper);
  region = live_find (snapshot, start);
  atlas_pages_get_runs (region->pages, &n_runs);
  g_assert_cmpuint (n_runs, ==, n_pages);
  for (guint i = 0; i < n_pages; i++)
    g_assert_cmpint (live_get_letter (atlas_pages_get_state (region->pages, i)), ==,
                     i % 2 == 0 ? 'a' : '.');
}

static void
test_dense (void)
{
  const guint n_pages = 40000;
  g_autofree char *expected = g_strnfill (n_pages, 'a');
  g_autoptr (Helper) helper = helper_new ();
  g_autoptr (AtlasTarget) target = live_open (helper_get_pid (helper));
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  guint64 start = helper_map (helper, "0", n_pages, "");

  g_test_summary ("One run that is longer than what is read at one time");

  tell (helper, "nohugepage", 0, 0, n_pages);
  tell (helper, "write", 0, 0, n_pages);
  helper_stop (helper);
  snapshot = live_take (target, NULL, ATLAS_PAGE_METHOD_AUTO);
  live_assert_pages (snapshot, start, expected);
  if (live_can_scan () && can_tell_by_entries ())
    check_ways (target, snapshot);
}

static char *
read_region (AtlasPageReader *reader, AtlasRegion *region)
{
  g_autoptr (AtlasPages) pages = NULL;
  g_autoptr (GError) error = NULL;

  atlas_page_reader_read (reader, &region, 1, TRUE, NULL, NULL, &pages, &error);
  g_assert_no_error (error);
  return describe (pages);
}

static void
test_reuse (void)
{
  g_autoptr (Helper) helper = helper_new ();
  g_autoptr (AtlasTarget) target = live_open (helper_get_pid (helper));
  /* executable, so that it does not merge with a neighbour */
  guint64 start = helper_map (helper, "0", 4, "exec");
  g_autoptr (AtlasSnapshot) snapshot = live_take_helper (helper);
  g_autoptr (AtlasPageReader) reader = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *before = NULL;
  g_autofree char *forked = NULL;

  g_test_summary ("A reader that is used again knows nothing of what it read before");

  reader = atlas_page_reader_new (target, ATLAS_PAGE_METHOD_AUTO, &error);
  g_assert_no_error (error);
  tell (helper, "write", 0, 0, 2);
  before = read_region (reader, live_find (snapshot, start));
  helper_do (helper, "fork");
  tell (helper, "write", 0, 2, 1);
  forked = read_region (reader, live_find (snapshot, start));
  g_assert_cmpstr (before, ==, "aa..");
  g_assert_cmpstr (forked, ==, "AAa.");
}

static void
test_sparse (void)
{
  const guint64 n_pages = (G_GUINT64_CONSTANT (1) << 40) / page_size;
  const guint n_touched = 200;
  g_autoptr (Helper) helper = helper_new ();
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  g_autoptr (GHashTable) touched =
      g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  guint64 start = helper_map (helper, "0", n_pages, "noreserve");
  AtlasPageCounts counts;
  AtlasRegion *region;
  GHashTableIter iter;
  gpointer key;

  g_test_summary ("A terabyte reserved: every one of few pages is found");

  if (!live_can_scan ())
    {
      g_test_skip ("this kernel has no PAGEMAP_SCAN, and reading entries of a terabyte takes long");
      return;
    }
  for (guint i = 0; i < n_touched; i++)
    {
      guint64 page = ((guint64) g_test_rand_int () << 32 | (guint32) g_test_rand_int ()) % n_pages;

      helper_do (helper, "write 0 %" G_GUINT64_FORMAT " 1", page);
      g_hash_table_add (touched, g_memdup2 (&page, sizeof page));
    }
  snapshot = live_take_helper (helper);
  region = live_find (snapshot, start);
  atlas_pages_count_all (region->pages, &counts);
  g_assert_cmpuint (counts.pages, ==, n_pages);
  g_assert_cmpuint (counts.resident, ==, g_hash_table_size (touched));
  g_hash_table_iter_init (&iter, touched);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_assert_cmpint (live_get_letter (atlas_pages_get_state (region->pages, *(guint64 *) key)), ==,
                     'a');
  g_assert_cmpuint (atlas_pages_get_memory (region->pages), <, 16 * 1024);
}

static void
test_gone (void)
{
  const AtlasPageMethod methods[] = { ATLAS_PAGE_METHOD_AUTO, ATLAS_PAGE_METHOD_PREAD };

  for (guint i = 0; i < G_N_ELEMENTS (methods); i++)
    {
      g_autoptr (Helper) helper = helper_new ();
      g_autoptr (AtlasTarget) target = live_open (helper_get_pid (helper));
      g_autoptr (AtlasSnapshot) snapshot = NULL;
      g_autoptr (AtlasPageReader) reader = NULL;
      g_autoptr (GError) error = NULL;
      AtlasRegion *region;
      AtlasPages *pages;

      snapshot = live_take (target, NULL, methods[i]);
      reader = atlas_page_reader_new (target, methods[i], &error);
      g_assert_no_error (error);
      helper_kill (helper, i % 2 == 0);
      region = atlas_snapshot_get_region (snapshot, 0);
      g_assert_false (
          atlas_page_reader_read (reader, &region, 1, FALSE, NULL, NULL, &pages, &error));
      g_assert_error (error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_GONE);
      g_assert_null (pages);
    }
}

static void
test_cancelled (void)
{
  g_autoptr (Helper) helper = helper_new ();
  g_autoptr (AtlasTarget) target = live_open (helper_get_pid (helper));
  g_autoptr (AtlasSnapshot) snapshot = live_take_helper (helper);
  g_autoptr (AtlasPageReader) reader = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  AtlasRegion *region = atlas_snapshot_get_region (snapshot, 0);
  AtlasPages *pages = NULL;

  reader = atlas_page_reader_new (target, ATLAS_PAGE_METHOD_AUTO, &error);
  g_assert_no_error (error);
  g_cancellable_cancel (cancellable);
  g_assert_false (
      atlas_page_reader_read (reader, &region, 1, FALSE, NULL, cancellable, &pages, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (pages);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  page_size = (guint64) sysconf (_SC_PAGESIZE);

  g_test_add_func ("/live/page-reader/layouts", test_layouts);
  g_test_add_func ("/live/page-reader/ways-huge", test_ways_huge);
  g_test_add_func ("/live/page-reader/ways-huge-far", test_ways_huge_far);
  g_test_add_func ("/live/page-reader/ways-file", test_ways_file);
  g_test_add_func ("/live/page-reader/dense", test_dense);
  g_test_add_func ("/live/page-reader/reuse", test_reuse);
  g_test_add_func ("/live/page-reader/many-runs", test_many_runs);
  g_test_add_func ("/live/page-reader/sparse", test_sparse);
  g_test_add_func ("/live/page-reader/gone", test_gone);
  g_test_add_func ("/live/page-reader/cancelled", test_cancelled);

  return g_test_run ();
}
