/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What changed between two snapshots, of a process that did known things between them. */

#include <string.h>

#include "atlas-page-changes.h"
#include "live-common.h"

#define PAGES 256u

typedef struct
{
  Helper *helper;
  AtlasTarget *target;
  AtlasSnapshot *before, *after;
  AtlasPageChanges *changes;
  guint64 page;
} Watch;

static void
watch_init (Watch *watch)
{
  *watch = (Watch){ .helper = helper_new () };
  watch->page = helper_get_page_size (watch->helper);
  watch->target = live_open (helper_get_pid (watch->helper));
}

static void
watch_clear (Watch *watch)
{
  g_clear_pointer (&watch->before, atlas_snapshot_unref);
  g_clear_pointer (&watch->after, atlas_snapshot_unref);
  g_clear_pointer (&watch->changes, atlas_page_changes_unref);
  atlas_target_unref (watch->target);
  helper_free (watch->helper);
}

static void
look_before (Watch *watch)
{
  g_clear_pointer (&watch->before, atlas_snapshot_unref);
  watch->before = live_take (watch->target, NULL, ATLAS_PAGE_METHOD_AUTO);
}

static void
look_after (Watch *watch)
{
  g_clear_pointer (&watch->after, atlas_snapshot_unref);
  g_clear_pointer (&watch->changes, atlas_page_changes_unref);
  watch->after = live_take (watch->target, watch->before, ATLAS_PAGE_METHOD_AUTO);
  watch->changes = atlas_page_changes_new (watch->before, watch->after);
}

/* Pages of @start on, in one letter each: "." as before, "s" another state, "m" mapped, "u"
 * unmapped. */
static char *
describe (Watch *watch, guint64 start, guint n_pages)
{
  static const char letters[] = { 's', 'm', 'u' };
  GString *text = g_string_new (NULL);
  guint n_ranges;
  const AtlasChangedRange *ranges = atlas_page_changes_get_ranges (watch->changes, &n_ranges);

  for (guint i = 0; i < n_pages; i++)
    {
      guint64 address = start + i * watch->page;
      guint found = atlas_page_changes_find (watch->changes, address);
      gboolean is_in = found < n_ranges && ranges[found].start <= address;

      g_string_append_c (text, is_in ? letters[ranges[found].change] : '.');
    }
  return g_string_free (text, FALSE);
}

static void
assert_described (Watch *watch, guint64 start, const char *expected)
{
  g_autofree char *described = describe (watch, start, (guint) strlen (expected));

  g_assert_cmpstr (described, ==, expected);
}

/* Pages that it did not touch itself become resident with those of its program that it did, so
 * only what was mapped and unmapped is counted over all. */
static void
assert_counts (Watch *watch, guint64 mapped, guint64 unmapped)
{
  g_assert_cmpuint (atlas_page_changes_count (watch->changes, ATLAS_CHANGE_MAPPED), ==, mapped);
  g_assert_cmpuint (atlas_page_changes_count (watch->changes, ATLAS_CHANGE_UNMAPPED), ==, unmapped);
}

static void
check_shape (Watch *watch)
{
  guint n_ranges;
  const AtlasChangedRange *ranges = atlas_page_changes_get_ranges (watch->changes, &n_ranges);
  guint64 n_pages = 0, n_counted = 0;

  for (guint i = 0; i < n_ranges; i++)
    {
      g_assert_cmpuint (ranges[i].start, <, ranges[i].end);
      g_assert_cmpuint (ranges[i].start % watch->page, ==, 0);
      g_assert_cmpuint (ranges[i].end % watch->page, ==, 0);
      n_pages += (ranges[i].end - ranges[i].start) / watch->page;
      if (i == 0)
        continue;
      g_assert_cmpuint (ranges[i - 1].end, <=, ranges[i].start);
      g_assert_false (ranges[i - 1].end == ranges[i].start
                      && ranges[i - 1].change == ranges[i].change);
    }
  for (guint i = 0; i < ATLAS_N_CHANGES; i++)
    n_counted += atlas_page_changes_count (watch->changes, (AtlasChange) i);
  g_assert_cmpuint (n_counted, ==, n_pages);
  g_assert_cmpint (atlas_page_changes_is_empty (watch->changes), ==, n_ranges == 0);
}

static void
assert_words (Watch *watch, const char *expected)
{
  g_autofree char *words = atlas_page_changes_describe (watch->changes);

  g_assert_cmpstr (words, ==, expected);
}

/* The numbers are those of the ranges. */
static void
test_words (void)
{
  guint64 n_state;
  g_autofree char *expected = NULL;
  Watch watch;

  watch_init (&watch);
  helper_map (watch.helper, "a", 2, "");
  look_before (&watch);
  helper_map (watch.helper, "b", 1100, "");
  helper_do (watch.helper, "unmap a 0 1");
  helper_do (watch.helper, "write a 1 1");
  look_after (&watch);
  n_state = atlas_page_changes_count (watch.changes, ATLAS_CHANGE_STATE);
  expected = g_strdup_printf ("1,100 pages new, 1 page gone, %u %s changed", (guint) n_state,
                              n_state == 1 ? "page" : "pages");
  assert_words (&watch, expected);
  watch_clear (&watch);
}

static void
test_nothing (void)
{
  Watch watch;

  g_test_summary ("A process that did nothing changed no page");

  watch_init (&watch);
  helper_map (watch.helper, "a", 64, "");
  helper_do (watch.helper, "write a 0 10");
  helper_stop (watch.helper);
  look_before (&watch);
  look_after (&watch);
  check_shape (&watch);
  g_assert_true (atlas_page_changes_is_empty (watch.changes));
  assert_words (&watch, "no page changed");
  watch_clear (&watch);
}

static void
test_life (void)
{
  guint64 start;
  Watch watch;

  g_test_summary ("Mapped, written, read, given back, locked, unmapped: each to the page");

  watch_init (&watch);
  look_before (&watch);
  start = helper_map (watch.helper, "a", 16, "");
  look_after (&watch);
  check_shape (&watch);
  assert_described (&watch, start, "mmmmmmmmmmmmmmmm");
  assert_counts (&watch, 16, 0);

  look_before (&watch);
  helper_do (watch.helper, "write a 3 4");
  look_after (&watch);
  assert_described (&watch, start, "...ssss.........");
  assert_counts (&watch, 0, 0);

  look_before (&watch);
  helper_do (watch.helper, "dontneed a 5 1");
  helper_do (watch.helper, "write a 15 1");
  look_after (&watch);
  assert_described (&watch, start, ".....s.........s");
  assert_counts (&watch, 0, 0);

  look_before (&watch);
  helper_do (watch.helper, "unmap a 12 4");
  look_after (&watch);
  check_shape (&watch);
  assert_described (&watch, start, "............uuuu");
  assert_counts (&watch, 0, 4);
  watch_clear (&watch);
}

static void
test_all_at_once (void)
{
  guint64 start;
  Watch watch;

  g_test_summary ("A part of the heap is new, a part of another region is gone, and pages differ");

  watch_init (&watch);
  start = helper_map (watch.helper, "a", 8, "");
  helper_do (watch.helper, "brk 4");
  look_before (&watch);
  helper_do (watch.helper, "brk 3");
  helper_do (watch.helper, "write a 1 2");
  helper_do (watch.helper, "unmap a 7 1");
  look_after (&watch);
  check_shape (&watch);
  assert_described (&watch, start, ".ss....u");
  assert_counts (&watch, 3, 1);
  watch_clear (&watch);
}

static void
test_locked (void)
{
  guint64 start;
  g_autofree char *reason = NULL;
  Watch watch;

  g_test_summary ("A page that was locked changed, though it was resident before");

  watch_init (&watch);
  start = helper_map (watch.helper, "a", 8, "populate");
  look_before (&watch);
  g_autofree char *answer = helper_try (watch.helper, &reason, "lock a 2 3");
  look_after (&watch);
  if (answer == NULL)
    g_test_skip (reason);
  else
    assert_described (&watch, start, "..sss...");
  watch_clear (&watch);
}

static void
test_zero (void)
{
  guint64 start;
  g_autofree char *described = NULL;
  Watch watch;

  g_test_summary ("A page that was read is the page of zeros, and another one when it is written");

  watch_init (&watch);
  start = helper_map (watch.helper, "a", 8, "");
  helper_do (watch.helper, "nohugepage a 0 8");
  look_before (&watch);
  helper_do (watch.helper, "read a 0 4");
  look_after (&watch);
  assert_described (&watch, start, "ssss....");
  described = live_describe (watch.after, start, 8);
  if (!g_str_has_prefix (described, "z"))
    g_test_skip ("no page of zeros here, or none that can be told");
  else
    {
      look_before (&watch);
      helper_do (watch.helper, "write a 2 1");
      look_after (&watch);
      assert_described (&watch, start, "..s.....");
    }
  watch_clear (&watch);
}

static AtlasPageState
get_state (AtlasSnapshot *snapshot, guint64 address)
{
  AtlasRegion *region = live_find (snapshot, address);
  guint64 page_size = atlas_snapshot_get_page_size (snapshot);

  return atlas_pages_get_state (region->pages, (address - region->start) / page_size);
}

/* Pages of private memory that were written to are shared after a fork; pages of the library are
 * shared with whoever runs, whatever this process does. */
static void
test_fork (void)
{
  guint64 start;
  guint n_ranges;
  const AtlasChangedRange *ranges;
  Watch watch;

  g_test_summary ("After a fork what both may write to is another state; what is of files is not");

  watch_init (&watch);
  start = helper_map (watch.helper, "a", 8, "");
  helper_do (watch.helper, "write a 2 4");
  look_before (&watch);
  helper_run_number (watch.helper, "fork");
  look_after (&watch);
  assert_described (&watch, start, "..ssss..");
  ranges = atlas_page_changes_get_ranges (watch.changes, &n_ranges);
  for (guint i = 0; i < n_ranges; i++)
    {
      AtlasPageState old = get_state (watch.before, ranges[i].start);
      AtlasPageState new = get_state (watch.after, ranges[i].start);

      /* Code that fork itself is the first to run becomes resident, which is a change. */
      if (ranges[i].change == ATLAS_CHANGE_STATE && (old & new &ATLAS_PAGE_FILE))
        g_assert_cmpint ((old ^ new) & ~(ATLAS_PAGE_SHARED | ATLAS_PAGE_EXCLUSIVE), !=, 0);
    }

  look_before (&watch);
  helper_do (watch.helper, "write a 3 1");
  look_after (&watch);
  assert_described (&watch, start, "...s....");
  watch_clear (&watch);
}

static void
test_replaced (void)
{
  guint64 start;
  g_autofree char *where = NULL;
  Watch watch;

  g_test_summary ("Other memory at the same place is new, whatever its pages are");

  watch_init (&watch);
  start = helper_map (watch.helper, "a", 8, "populate");
  where = g_strdup_printf ("at=%" G_GINT64_MODIFIER "x memfd=b", start);
  look_before (&watch);
  helper_do (watch.helper, "unmap a 0 8");
  helper_map (watch.helper, "b", 8, where);
  look_after (&watch);
  assert_described (&watch, start, "mmmmmmmm");
  watch_clear (&watch);
}

static void
test_others (void)
{
  g_autoptr (Helper) other = helper_new ();
  Watch watch;

  g_test_summary ("Two processes have nothing to compare");

  watch_init (&watch);
  watch.before = live_take_helper (other);
  look_after (&watch);
  g_assert_true (atlas_page_changes_is_empty (watch.changes));
  watch_clear (&watch);
}

/* --- anything -------------------------------------------------------------------------------- */

/* "u" unmapped, "." nothing there, "w" written to. */
typedef struct
{
  Watch *watch;
  guint64 start;
  char pages[PAGES + 1];
} Area;

static void
do_something (Area *area)
{
  guint first = (guint) g_test_rand_int_range (0, PAGES);
  guint n = (guint) g_test_rand_int_range (1, (gint32) MIN (PAGES - first, 20) + 1);

  switch (g_test_rand_int_range (0, 5))
    {
    case 0:
      helper_do (area->watch->helper, "dontneed a %u %u", first, n);
      for (guint i = first; i < first + n; i++)
        area->pages[i] = area->pages[i] == 'w' ? '.' : area->pages[i];
      break;
    case 1:
      helper_do (area->watch->helper, "protect-read a %u %u", first, n);
      helper_do (area->watch->helper, "protect-write a %u %u", first, n);
      break;
    default:
      helper_do (area->watch->helper, "write a %u %u", first, n);
      memset (area->pages + first, 'w', n);
      break;
    }
}

static void
expect (const char *before, const char *after, char *expected)
{
  for (guint i = 0; i < PAGES; i++)
    expected[i] = before[i] == after[i] ? '.' : 's';
  expected[PAGES] = '\0';
}

static void
test_random (void)
{
  guint rounds = live_get_rounds (40, 2000);
  char before[PAGES + 1], expected[PAGES + 1];
  Watch watch;
  Area area = { .watch = &watch };

  g_test_summary ("Whatever is written and given back is told to the page");

  watch_init (&watch);
  area.start = helper_map (watch.helper, "a", PAGES, "");
  helper_do (watch.helper, "nohugepage a 0 %u", PAGES);
  memset (area.pages, '.', PAGES);
  for (guint i = 0; i < rounds; i++)
    {
      look_before (&watch);
      memcpy (before, area.pages, sizeof before);
      for (gint j = g_test_rand_int_range (0, 6); j > 0; j--)
        do_something (&area);
      look_after (&watch);
      expect (before, area.pages, expected);
      check_shape (&watch);
      assert_described (&watch, area.start, expected);
    }
  watch_clear (&watch);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/live/changes/nothing", test_nothing);
  g_test_add_func ("/live/changes/words", test_words);
  g_test_add_func ("/live/changes/life", test_life);
  g_test_add_func ("/live/changes/all-at-once", test_all_at_once);
  g_test_add_func ("/live/changes/locked", test_locked);
  g_test_add_func ("/live/changes/zero", test_zero);
  g_test_add_func ("/live/changes/fork", test_fork);
  g_test_add_func ("/live/changes/replaced", test_replaced);
  g_test_add_func ("/live/changes/others", test_others);
  g_test_add_func ("/live/changes/random", test_random);

  return g_test_run ();
}
