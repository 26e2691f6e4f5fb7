/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The history: points and snapshots of a process that did known things between samples, and the
 * cursor of a session that shows one of them while sampling goes on. */

#include "atlas-history-shelf.h"
#include "live-common.h"

/* A snapshot for each number of pages touched: 0, 16, 32 and 48 of 64. */
typedef struct
{
  Helper *helper;
  AtlasHistory *history;
  AtlasSnapshot *taken[4];
  guint64 address;
} Past;

static void
past_init (Past *past)
{
  g_autoptr (AtlasTarget) target = NULL;

  past->helper = helper_new ();
  past->history = atlas_history_new ();
  past->address = helper_map (past->helper, "a", 64, "");
  target = live_open (helper_get_pid (past->helper));
  for (guint i = 0; i < G_N_ELEMENTS (past->taken); i++)
    {
      if (i > 0)
        helper_do (past->helper, "write a %u 16", (i - 1) * 16);
      past->taken[i] =
          live_take (target, i > 0 ? past->taken[i - 1] : NULL, ATLAS_PAGE_METHOD_AUTO);
      atlas_history_add (past->history, past->taken[i]);
    }
}

static void
past_clear (Past *past)
{
  for (guint i = 0; i < G_N_ELEMENTS (past->taken); i++)
    atlas_snapshot_unref (past->taken[i]);
  atlas_history_free (past->history);
  helper_free (past->helper);
}

static void
test_points (void)
{
  const AtlasHistoryPoint *points;
  guint n_points;
  Past past;

  past_init (&past);
  points = atlas_history_get_points (past.history, &n_points);
  g_assert_cmpuint (n_points, ==, G_N_ELEMENTS (past.taken));
  for (guint i = 0; i < n_points; i++)
    {
      const AtlasStatus *status = atlas_snapshot_get_status (past.taken[i]);

      g_assert_cmpint (points[i].monotonic, ==, atlas_snapshot_get_monotonic (past.taken[i]));
      g_assert_cmpuint (points[i].vm_rss, ==, status->kb[ATLAS_COUNTER_VM_RSS]);
      g_assert_cmpuint (points[i].vm_size, ==, status->kb[ATLAS_COUNTER_VM_SIZE]);
    }
  atlas_history_clear (past.history);
  atlas_history_get_points (past.history, &n_points);
  g_assert_cmpuint (n_points, ==, 0);
  g_assert_null (atlas_history_find (past.history, G_MAXINT64));
  past_clear (&past);
}

static void
test_find (void)
{
  Past past;

  past_init (&past);
  for (guint i = 0; i < G_N_ELEMENTS (past.taken); i++)
    {
      gint64 time = atlas_snapshot_get_monotonic (past.taken[i]);
      AtlasSnapshot *before = i > 0 ? past.taken[i - 1] : NULL;

      g_assert_true (atlas_history_find (past.history, time) == past.taken[i]);
      g_assert_true (atlas_history_find_before (past.history, time) == before);
    }
  g_assert_true (atlas_history_find (past.history, 1) == past.taken[0]);
  g_assert_true (atlas_history_find (past.history, G_MAXINT64) == past.taken[3]);
  past_clear (&past);
}

/* What did not change is shared, so the second costs less than the first. */
static void
test_bytes (void)
{
  gsize first, second;
  Past past;

  past_init (&past);
  atlas_history_clear (past.history);
  atlas_history_add (past.history, past.taken[0]);
  g_assert_cmpuint (atlas_history_get_n_kept (past.history, &first), ==, 1);
  atlas_history_add (past.history, past.taken[1]);
  g_assert_cmpuint (atlas_history_get_n_kept (past.history, &second), ==, 2);
  g_assert_cmpuint (second - first, <, first);
  g_assert_cmpuint (second, >, first);
  past_clear (&past);
}

static guint
count_points (AtlasSession *session)
{
  guint n_points;

  atlas_session_get_history (session, &n_points);
  return n_points;
}

typedef struct
{
  AtlasSession *session;
  guint samples;
} Wish;

static gboolean
has_samples (gpointer user_data)
{
  Wish *wish = user_data;

  return count_points (wish->session) >= wish->samples;
}

static void
wait_for_samples (AtlasSession *session, guint more)
{
  Wish wish = { .session = session, .samples = count_points (session) + more };

  live_wait (has_samples, &wish);
}

static void
assert_touched (AtlasSession *session, guint64 address, guint n_touched)
{
  AtlasSnapshot *snapshot = atlas_session_get_snapshot (session);
  AtlasRegion *region = live_find (snapshot, address);
  guint64 first = (address - region->start) / atlas_snapshot_get_page_size (snapshot);
  AtlasPageCounts counts;

  atlas_pages_count (region->pages, first, 64, &counts);
  g_assert_cmpuint (counts.resident, ==, n_touched);
}

/* The map is as it was, while the history grows; then it is as it is now again. */
static void
test_cursor (void)
{
  g_autoptr (Helper) helper = helper_new ();
  AtlasSession *session = atlas_session_new (live_get_procfs ());
  guint64 address = helper_map (helper, "a", 64, "");
  gint64 then;

  atlas_session_set_interval (session, 50);
  atlas_session_set_pid (session, helper_get_pid (helper));
  wait_for_samples (session, 1);
  then = atlas_snapshot_get_monotonic (atlas_session_get_snapshot (session));
  helper_do (helper, "write a 0 64");
  wait_for_samples (session, 2);
  assert_touched (session, address, 64);

  atlas_session_set_cursor (session, then);
  g_assert_cmpint (atlas_session_get_cursor (session), ==, then);
  assert_touched (session, address, 0);
  wait_for_samples (session, 2);
  assert_touched (session, address, 0);
  g_assert_null (atlas_session_get_previous (session));

  atlas_session_set_cursor (session, 0);
  assert_touched (session, address, 64);
  g_assert_nonnull (atlas_session_get_previous (session));

  atlas_session_set_cursor (session, then);
  atlas_session_set_pid (session, 0);
  g_assert_cmpint (atlas_session_get_cursor (session), ==, 0);
  g_assert_cmpuint (count_points (session), ==, 0);
  g_assert_finalize_object (session);
}

/* How many points come after a time in which nobody looked. */
static guint
count_gaps (AtlasSession *session)
{
  guint n_points, n_gaps = 0;
  const AtlasHistoryPoint *points = atlas_session_get_history (session, &n_points);

  for (guint i = 0; i < n_points; i++)
    n_gaps += points[i].after_gap;
  return n_gaps;
}

/* Of two processes that are looked at in turn each keeps its history. */
static void
test_return (void)
{
  g_autoptr (Helper) first = helper_new ();
  g_autoptr (Helper) second = helper_new ();
  AtlasSession *session = atlas_session_new (live_get_procfs ());
  guint64 address = helper_map (first, "a", 64, "");
  guint n_points, n_marks;
  gint64 then;

  atlas_session_set_interval (session, 50);
  atlas_session_set_pid (session, helper_get_pid (first));
  wait_for_samples (session, 2);
  atlas_session_add_mark (session, g_get_monotonic_time (), "done");
  then = atlas_snapshot_get_monotonic (atlas_session_get_snapshot (session));
  n_points = count_points (session);

  atlas_session_set_pid (session, helper_get_pid (second));
  g_assert_cmpuint (count_points (session), ==, 0);
  wait_for_samples (session, 1);
  helper_do (first, "write a 0 64");

  atlas_session_set_pid (session, helper_get_pid (first));
  g_assert_cmpuint (count_points (session), ==, n_points);
  g_assert_nonnull (atlas_session_get_marks (session, &n_marks));
  g_assert_cmpuint (n_marks, ==, 1);
  wait_for_samples (session, 2);
  g_assert_cmpuint (count_gaps (session), ==, 1);
  g_assert_true (atlas_session_get_history (session, &n_points)[n_points - 2].after_gap);
  assert_touched (session, address, 64);
  atlas_session_set_cursor (session, then);
  assert_touched (session, address, 0);
  g_assert_finalize_object (session);
}

/* Another process of the same number is another process. */
static void
test_shelf (void)
{
  g_autoptr (AtlasHistoryShelf) shelf = atlas_history_shelf_new ();
  AtlasHistory *history = atlas_history_new ();

  atlas_history_shelf_put (shelf, 7, 1000, history);
  g_assert_null (atlas_history_shelf_take (shelf, 7, 1001));
  g_assert_null (atlas_history_shelf_take (shelf, 8, 1000));
  g_assert_true (atlas_history_shelf_take (shelf, 7, 1000) == history);
  g_assert_null (atlas_history_shelf_take (shelf, 7, 1000));
  atlas_history_free (history);

  for (gint pid = 1; pid <= 20; pid++)
    atlas_history_shelf_put (shelf, pid, 1000, atlas_history_new ());
  g_assert_null (atlas_history_shelf_take (shelf, 1, 1000));
  history = atlas_history_shelf_take (shelf, 20, 1000);
  g_assert_nonnull (history);
  atlas_history_free (history);
}

static void
test_pause (void)
{
  g_autoptr (Helper) helper = helper_new ();
  AtlasSession *session = atlas_session_new (live_get_procfs ());

  atlas_session_set_interval (session, 50);
  atlas_session_set_pid (session, helper_get_pid (helper));
  wait_for_samples (session, 2);
  atlas_session_set_interval (session, 60);
  wait_for_samples (session, 1);
  g_assert_cmpuint (count_gaps (session), ==, 0);
  atlas_session_set_paused (session, TRUE);
  atlas_session_refresh (session);
  wait_for_samples (session, 1);
  atlas_session_set_paused (session, FALSE);
  wait_for_samples (session, 2);
  g_assert_cmpuint (count_gaps (session), >=, 1);
  g_assert_finalize_object (session);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/live/history/points", test_points);
  g_test_add_func ("/live/history/find", test_find);
  g_test_add_func ("/live/history/bytes", test_bytes);
  g_test_add_func ("/live/history/cursor", test_cursor);
  g_test_add_func ("/live/history/return", test_return);
  g_test_add_func ("/live/history/shelf", test_shelf);
  g_test_add_func ("/live/history/pause", test_pause);

  return g_test_run ();
}
