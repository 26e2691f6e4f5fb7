/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Both ways of asking for page states: against what the process did, and against each other. */

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "atlas-error.h"
#include "live-common.h"

#define N_AREAS 10
#define MOST_PAGES 700

static guint64 page_size;
static gboolean has_zero_page;

/* Memory of the helper, and what each page of it must be. */
typedef struct
{
  guint number;
  gboolean shared;
  guint64 start;
  guint n_pages;
  char expected[MOST_PAGES + 1];
} Area;

static void
tell (Helper *helper, const char *command, guint area, guint first, guint n_pages)
{
  helper_do (helper, "%s %u %u %u", command, area, first, n_pages);
}

static void
area_init (Area *area, Helper *helper, guint number)
{
  g_autofree char *name = g_strdup_printf ("%u", number);

  area->number = number;
  area->shared = g_test_rand_int_range (0, 3) == 0;
  area->n_pages = (guint) g_test_rand_int_range (1, MOST_PAGES);
  area->start = helper_map (helper, name, area->n_pages, area->shared ? "shared" : "");
  memset (area->expected, '.', area->n_pages);
  area->expected[area->n_pages] = '\0';
  if (!area->shared)
    tell (helper, "nohugepage", number, 0, area->n_pages);
}

static char
after_read (const Area *area, char before)
{
  if (before != '.')
    return before;
  return area->shared ? 'f' : has_zero_page ? 'z' : 'a';
}

/* Does something to some of the pages, and notes what that must come to. (Pages of shared memory
 * that were given back come again as soon as a neighbour is read, so they are not.) */
static void
area_act (Area *area, Helper *helper)
{
  static const char *const commands[] = { "read", "write", "write", "dontneed" };
  const char *command = commands[g_test_rand_int_range (0, area->shared ? 3 : 4)];
  guint first = (guint) g_test_rand_int_range (0, (gint) area->n_pages);
  guint count = (guint) g_test_rand_int_range (1, (gint) MIN (area->n_pages - first, 60) + 1);

  tell (helper, command, area->number, first, count);
  for (guint i = first; i < first + count; i++)
    if (g_str_equal (command, "read"))
      area->expected[i] = after_read (area, area->expected[i]);
    else if (g_str_equal (command, "write"))
      area->expected[i] = area->shared ? 'f' : 'a';
    else
      area->expected[i] = '.';
}

/* Splits it into several regions; the pages stay. */
static void
area_split (Area *area, Helper *helper)
{
  guint first = (guint) g_test_rand_int_range (0, (gint) area->n_pages);

  tell (helper, "protect-read", area->number, first,
        (guint) g_test_rand_int_range (1, (gint) (area->n_pages - first) + 1));
}

/* A child shares what is anonymous and resident from now on. */
static void
areas_fork (Area *areas, Helper *helper)
{
  g_assert_cmpint (helper_run_number (helper, "fork"), >, 0);
  for (guint i = 0; i < N_AREAS; i++)
    for (guint page = 0; page < areas[i].n_pages; page++)
      if (areas[i].expected[page] == 'a')
        areas[i].expected[page] = 'A';
}

static void
areas_build (Area *areas, Helper *helper)
{
  for (guint i = 0; i < N_AREAS; i++)
    area_init (&areas[i], helper, i);
  for (guint i = 0; i < 60; i++)
    area_act (&areas[g_test_rand_int_range (0, N_AREAS)], helper);
  if (g_test_rand_bit ())
    {
      areas_fork (areas, helper);
      for (guint i = 0; i < 30; i++)
        area_act (&areas[g_test_rand_int_range (0, N_AREAS)], helper);
    }
  for (guint i = 0; i < N_AREAS; i++)
    area_split (&areas[i], helper);
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

/* One random layout, read by @method. */
static void
check_layout (AtlasPageMethod method)
{
  g_autoptr (Helper) helper = helper_new ();
  g_autoptr (AtlasTarget) target = live_open (helper_get_pid (helper));
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  Area areas[N_AREAS];

  areas_build (areas, helper);
  helper_stop (helper);
  snapshot = live_take (target, NULL, method);
  for (guint i = 0; i < N_AREAS; i++)
    live_assert_pages (snapshot, areas[i].start, areas[i].expected);
  live_check_smaps (snapshot, helper_get_pid (helper));
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

static void
test_layouts_scan (void)
{
  if (!live_can_scan ())
    {
      g_test_skip ("this kernel has no PAGEMAP_SCAN");
      return;
    }
  for (guint i = 0; i < live_get_rounds (12, 500); i++)
    check_layout (ATLAS_PAGE_METHOD_SCAN);
}

static void
test_layouts_pread (void)
{
  if (!can_tell_by_entries ())
    {
      g_test_skip ("telling zero pages by pagemap entries takes root");
      return;
    }
  for (guint i = 0; i < live_get_rounds (12, 500); i++)
    check_layout (ATLAS_PAGE_METHOD_PREAD);
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
test_ways (void)
{
  if (skip_without_both ())
    return;
  for (guint i = 0; i < live_get_rounds (4, 200); i++)
    {
      g_autoptr (Helper) helper = helper_new ();
      g_autoptr (AtlasTarget) target = live_open (helper_get_pid (helper));
      g_autoptr (AtlasSnapshot) snapshot = NULL;
      Area areas[N_AREAS];

      areas_build (areas, helper);
      helper_stop (helper);
      snapshot = live_take (target, NULL, ATLAS_PAGE_METHOD_AUTO);
      check_ways (target, snapshot);
    }
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
  has_zero_page = helper_has_zero_page ();

  g_test_add_func ("/live/page-reader/layouts-scan", test_layouts_scan);
  g_test_add_func ("/live/page-reader/layouts-pread", test_layouts_pread);
  g_test_add_func ("/live/page-reader/ways", test_ways);
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
