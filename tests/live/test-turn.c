/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading a part at a time: what is on the screen first, the rest in turn, nothing told that was
 * not read, and in the end the same as all at once. */

#include <string.h>
#include <unistd.h>

#include "live-common.h"

#define N_AREAS 12
#define MOST_PAGES 600

static guint64 page_size;

/* The least there is: one slice a sample, and what came of it. */
static AtlasSnapshotOptions
get_least (void)
{
  return (AtlasSnapshotOptions){ .pace = { .slice_bytes = page_size, .budget_us = 1 } };
}

static AtlasSnapshot *
take (AtlasTarget *target, AtlasSnapshot *previous, const AtlasSnapshotOptions *options)
{
  g_autoptr (GError) error = NULL;
  AtlasSnapshot *snapshot = atlas_snapshot_take (target, previous, options, NULL, &error);

  g_assert_no_error (error);
  live_check_shape (snapshot);
  return snapshot;
}

static AtlasSnapshot *
take_whole (AtlasTarget *target)
{
  const AtlasSnapshotOptions options = { 0 };

  return take (target, NULL, &options);
}

/* Random memory, touched here and there. */
static void
map_areas (Helper *helper, guint64 starts[N_AREAS])
{
  for (guint i = 0; i < N_AREAS; i++)
    {
      guint n_pages = (guint) g_test_rand_int_range (80, MOST_PAGES);
      g_autofree char *name = g_strdup_printf ("%u", i);

      starts[i] = helper_map (helper, name, n_pages, i % 3 == 0 ? "shared" : "");
      if (i % 3 != 0)
        helper_do (helper, "nohugepage %u 0 %u", i, n_pages);
      helper_do (helper, "write %u 0 %u %d", i, n_pages, g_test_rand_int_range (1, 5));
    }
}

static void
assert_same_pages (AtlasSnapshot *one, AtlasSnapshot *other)
{
  guint n_regions = atlas_snapshot_get_n_regions (one);

  g_assert_cmpuint (n_regions, ==, atlas_snapshot_get_n_regions (other));
  for (guint i = 0; i < n_regions; i++)
    {
      AtlasRegion *region = atlas_snapshot_get_region (one, i);
      AtlasRegion *same = atlas_snapshot_get_region (other, i);

      g_test_message ("%s at %" G_GINT64_MODIFIER "x", region->name, region->start);
      g_assert_cmpuint (region->start, ==, same->start);
      g_assert_cmpuint (region->end, ==, same->end);
      g_assert_true (atlas_pages_equal (region->pages, same->pages));
      g_assert_cmpint (region->kind, ==, same->kind);
    }
}

/* The sums are kept from one snapshot to the next; they have to be those of the regions. */
static void
assert_sums (AtlasSnapshot *snapshot)
{
  AtlasPageCounts sum = { 0 };
  guint64 rss = 0;

  for (guint i = 0; i < atlas_snapshot_get_n_regions (snapshot); i++)
    {
      AtlasRegion *region = atlas_snapshot_get_region (snapshot, i);
      AtlasPageCounts counts;

      atlas_pages_count_all (region->pages, &counts);
      sum.pages += counts.pages;
      sum.resident += counts.resident;
      sum.file += counts.file;
      sum.unknown += counts.unknown;
      rss += atlas_counter_count_pages (ATLAS_COUNTER_VM_RSS, region, 0, counts.pages);
    }
  g_assert_cmpuint (sum.pages, ==, atlas_snapshot_get_counts (snapshot)->pages);
  g_assert_cmpuint (sum.resident, ==, atlas_snapshot_get_counts (snapshot)->resident);
  g_assert_cmpuint (sum.file, ==, atlas_snapshot_get_counts (snapshot)->file);
  g_assert_cmpuint (sum.unknown, ==, atlas_snapshot_get_counts (snapshot)->unknown);
  g_assert_cmpuint (rss, ==, atlas_snapshot_count (snapshot, ATLAS_COUNTER_VM_RSS));
}

static gboolean
is_newer (AtlasSnapshot *snapshot, gint64 time)
{
  for (guint i = 0; i < atlas_snapshot_get_n_regions (snapshot); i++)
    if (atlas_snapshot_get_pages_time (snapshot, i) < time)
      return FALSE;
  return TRUE;
}

/* Samples until all was read at @since or later. Takes @previous. */
static AtlasSnapshot *
take_until (AtlasTarget *target,
            AtlasSnapshot *previous,
            const guint64 starts[N_AREAS],
            gint64 since,
            guint *n_samples)
{
  AtlasSnapshot *snapshot = previous;
  guint n = 0;

  while (snapshot == NULL || !is_newer (snapshot, since))
    {
      AtlasSnapshotOptions options = get_least ();
      AtlasSnapshot *next;

      options.focus_start = starts[g_test_rand_int_range (0, N_AREAS)] + 7 * page_size;
      options.focus_end = options.focus_start + 50 * page_size;
      next = take (target, snapshot, &options);
      assert_sums (next);
      g_clear_pointer (&snapshot, atlas_snapshot_unref);
      snapshot = next;
      g_assert_cmpuint (++n, <, 20000);
    }
  if (n_samples != NULL)
    *n_samples = n;
  return snapshot;
}

/* Splits, grows, shrinks and touches. */
static void
change (Helper *helper)
{
  helper_do (helper, "protect-read 1 10 20");
  helper_do (helper, "unmap 2 30 9");
  helper_do (helper, "write 4 0 40");
  helper_do (helper, "dontneed 5 3 60");
  helper_do (helper, "brk 40");
  helper_map (helper, "new", 33, "");
  helper_do (helper, "write new 1 20");
}

static void
test_converge (void)
{
  g_test_summary ("Part by part comes to the same as all at once, also after changes");

  for (guint i = 0; i < live_get_rounds (1, 100); i++)
    {
      g_autoptr (Helper) helper = helper_new ();
      g_autoptr (AtlasTarget) target = live_open (helper_get_pid (helper));
      g_autoptr (AtlasSnapshot) whole = NULL;
      g_autoptr (AtlasSnapshot) part = NULL;
      g_autoptr (AtlasSnapshot) changed = NULL;
      guint64 starts[N_AREAS];
      guint n_samples;

      map_areas (helper, starts);
      helper_stop (helper);
      whole = take_whole (target);
      part = take_until (target, NULL, starts, 1, &n_samples);
      g_assert_cmpuint (n_samples, >, 3);
      g_assert_false (atlas_snapshot_is_unfinished (part));
      g_assert_true (atlas_snapshot_is_complete (part));
      assert_same_pages (part, whole);

      helper_continue (helper);
      change (helper);
      helper_stop (helper);
      changed = take_whole (target);
      part = take_until (target, g_steal_pointer (&part), starts, g_get_monotonic_time (), NULL);
      assert_same_pages (part, changed);
      live_check_shape (part);
    }
}

static void
test_focus (void)
{
  g_autoptr (Helper) helper = helper_new ();
  g_autoptr (AtlasTarget) target = live_open (helper_get_pid (helper));
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  AtlasSnapshotOptions options = { .pace = { .slice_bytes = 4 * page_size, .budget_us = 1 } };
  guint64 a = helper_map (helper, "a", 8, "shared");

  g_test_summary ("What is on the screen is read first; of the rest it is said that it was not");

  helper_do (helper, "write a 1 3");
  options.focus_start = a;
  options.focus_end = a + 4 * page_size;
  snapshot = take (target, NULL, &options);
  live_assert_pages (snapshot, a, ".fff????");
  g_assert_true (atlas_snapshot_is_unfinished (snapshot));
  g_assert_false (atlas_snapshot_is_complete (snapshot));
  g_assert_true (live_has_problem (snapshot, "still to be read"));
  g_assert_cmpint (live_find (snapshot, a)->pages_time, ==, 0);
}

static void
test_sharing (void)
{
  g_autoptr (Helper) helper = helper_new ();
  g_autoptr (AtlasTarget) target = live_open (helper_get_pid (helper));
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  AtlasSnapshotOptions options = { .want_sharing = TRUE };
  guint64 a = helper_map (helper, "a", 8, "exec");
  guint64 b = helper_map (helper, "b", 4, "");

  g_test_summary ("Sharing is asked of what is on the screen alone");

  helper_do (helper, "write a 0 8");
  helper_do (helper, "write b 0 4");
  helper_do (helper, "fork");
  options.focus_start = a + 2 * page_size;
  options.focus_end = a + 6 * page_size;
  helper_stop (helper);
  snapshot = take (target, NULL, &options);
  live_assert_pages (snapshot, a, "aaAAAAaa");
  live_assert_pages (snapshot, b, "aaaa");
  g_assert_cmpuint (atlas_snapshot_get_told (snapshot) & ATLAS_PAGE_SHARED, ==, 0);
  g_assert_true (atlas_snapshot_is_complete (snapshot));
}

static void
test_carry (void)
{
  g_autoptr (Helper) helper = helper_new ();
  g_autoptr (AtlasTarget) target = live_open (helper_get_pid (helper));
  g_autoptr (AtlasSnapshot) whole = NULL;
  g_autoptr (AtlasSnapshot) split = NULL;
  AtlasSnapshotOptions options = get_least ();
  guint64 a, b;
  guint index;

  g_test_summary ("A region that was split is as well known, and as old, as it was");

  a = helper_map (helper, "a", 6, "exec");
  b = helper_map (helper, "b", 300, "");
  helper_do (helper, "write a 0 6 2");
  helper_do (helper, "write b 0 300 2");
  whole = take_whole (target);
  helper_do (helper, "protect-none a 2 2");
  options.focus_start = b;
  options.focus_end = b + 300 * page_size;
  split = take (target, whole, &options);
  live_assert_pages (split, a, "a.a.a.");
  g_assert_true (atlas_snapshot_find (split, a + 2 * page_size, &index));
  g_assert_cmpuint (atlas_snapshot_get_region (split, index)->start, ==, a + 2 * page_size);
  g_assert_cmpint (atlas_snapshot_get_pages_time (split, index), >, 0);
  g_assert_cmpint (atlas_snapshot_get_pages_time (split, index), <,
                   atlas_snapshot_get_monotonic (split));
}

static gint64
get_age_at (AtlasSnapshot *snapshot, guint64 address)
{
  return atlas_snapshot_get_age (snapshot, address, address + page_size);
}

static void
test_ages (void)
{
  g_autoptr (Helper) helper = helper_new ();
  g_autoptr (AtlasTarget) target = live_open (helper_get_pid (helper));
  AtlasSnapshotOptions options = get_least ();
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  guint64 a, b;

  g_test_summary ("What is on the screen is new; the rest is still to be read, and then grows old");

  a = helper_map (helper, "a", 2, "");
  b = helper_map (helper, "b", 600, "shared");
  helper_do (helper, "write b 0 600 2");
  options.focus_start = a;
  options.focus_end = a + 2 * page_size;
  options.interval_us = 1000;
  snapshot = take (target, NULL, &options);
  g_assert_cmpint (get_age_at (snapshot, a), ==, 0);
  g_assert_cmpint (get_age_at (snapshot, b + 599 * page_size), ==, ATLAS_AGE_UNREAD);
  for (guint i = 0; atlas_snapshot_is_unfinished (snapshot); i++)
    {
      AtlasSnapshot *next = take (target, snapshot, &options);

      atlas_snapshot_unref (snapshot);
      snapshot = next;
      g_assert_cmpuint (i, <, 20000);
    }

  /* All is read once, a page at a time. */
  g_assert_cmpint (get_age_at (snapshot, a), ==, 0);
  g_assert_cmpint (get_age_at (snapshot, b), >, 0);
  g_assert_cmpint (get_age_at (snapshot, b + 599 * page_size), >=, 0);
  g_assert_cmpint (atlas_snapshot_get_oldest_age (snapshot), >=, get_age_at (snapshot, b));
  for (guint i = 0; i < atlas_snapshot_get_n_regions (snapshot); i++)
    {
      AtlasRegion *region = atlas_snapshot_get_region (snapshot, i);
      gint64 age = atlas_snapshot_get_age (snapshot, region->start, region->end);

      g_assert_cmpint (age, <=, atlas_snapshot_get_oldest_age (snapshot));
      g_assert_cmpint (age, ==,
                       MAX (atlas_snapshot_get_monotonic (snapshot)
                                - atlas_snapshot_get_pages_time (snapshot, i),
                            0));
    }
}

/* --- the sampler --- */

typedef struct
{
  AtlasSnapshot *last;
  guint n_answers;
} Answers;

static void
sampled_cb (AtlasSampler *sampler, AtlasSnapshot *snapshot, GError *error, Answers *answers)
{
  g_assert_no_error (error);
  g_clear_pointer (&answers->last, atlas_snapshot_unref);
  answers->last = atlas_snapshot_ref (snapshot);
  answers->n_answers++;
}

static gboolean
is_finished (gpointer user_data)
{
  Answers *answers = user_data;

  return answers->last != NULL && !atlas_snapshot_is_unfinished (answers->last);
}

/* The least of a few readings of all page tables; a loaded machine takes longer, never shorter. */
static gint64
measure_walk (AtlasTarget *target)
{
  const AtlasSnapshotOptions options = { .method = ATLAS_PAGE_METHOD_PREAD };
  gint64 least = G_MAXINT64;

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (AtlasSnapshot) snapshot = take (target, NULL, &options);

      least = MIN (least, atlas_snapshot_get_walk_time (snapshot));
    }
  return least;
}

/* Reserves memory, and gives the share of time, in thousandths, at which what the sampler may spend
 * at first (two and a half seconds' worth) is a third of what reading it all takes:
 * what is read next may go much faster than what was measured. */
static guint
map_too_much (Helper *helper, AtlasTarget *target)
{
  for (guint i = 0; i < 8; i++)
    {
      const guint64 n_pages = (G_GUINT64_CONSTANT (32) << 30) / page_size;
      g_autofree char *name = g_strdup_printf ("%u", i);
      gint64 walk_us;

      helper_map (helper, name, n_pages, "noreserve");
      walk_us = measure_walk (target);
      if (walk_us >= 20000)
        return (guint) MAX (walk_us / 3 / 2500, 1);
    }
  g_assert_not_reached ();
}

static void
test_going_on (void)
{
  AtlasSnapshotOptions options = { .method = ATLAS_PAGE_METHOD_PREAD };
  g_autoptr (Helper) helper = helper_new ();
  g_autoptr (AtlasTarget) target = live_open (helper_get_pid (helper));
  AtlasSampler *sampler = atlas_sampler_new (target);
  Answers answers = { 0 };

  g_test_summary ("Asked once, the sampler reads on until all was read");

  options.share_permille = map_too_much (helper, target);
  g_signal_connect (sampler, "sampled", G_CALLBACK (sampled_cb), &answers);
  atlas_sampler_request (sampler, &options);
  live_wait (is_finished, &answers);
  g_assert_cmpuint (answers.n_answers, >, 1);
  g_assert_true (atlas_snapshot_is_complete (answers.last));
  g_assert_finalize_object (sampler);
  g_clear_pointer (&answers.last, atlas_snapshot_unref);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  page_size = (guint64) sysconf (_SC_PAGESIZE);

  g_test_add_func ("/live/turn/converge", test_converge);
  g_test_add_func ("/live/turn/focus", test_focus);
  g_test_add_func ("/live/turn/sharing", test_sharing);
  g_test_add_func ("/live/turn/carry", test_carry);
  g_test_add_func ("/live/turn/ages", test_ages);
  g_test_add_func ("/live/turn/going-on", test_going_on);

  return g_test_run ();
}
