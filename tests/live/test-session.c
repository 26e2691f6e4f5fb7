/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The session: its states, what it keeps, and when it asks. */

#include "atlas-error.h"
#include "live-common.h"

typedef struct
{
  AtlasSession *session;
  guint n_snapshots; /* notifications */
  guint n_states;
} Watch;

static void
snapshot_cb (AtlasSession *session, GParamSpec *pspec, Watch *watch)
{
  watch->n_snapshots++;
}

static void
state_cb (AtlasSession *session, GParamSpec *pspec, Watch *watch)
{
  watch->n_states++;
}

static void
watch_init (Watch *watch)
{
  *watch = (Watch){ .session = atlas_session_new (live_get_procfs ()) };
  atlas_session_set_interval (watch->session, 50);
  g_signal_connect (watch->session, "notify::snapshot", G_CALLBACK (snapshot_cb), watch);
  g_signal_connect (watch->session, "notify::state", G_CALLBACK (state_cb), watch);
}

static void
watch_clear (Watch *watch)
{
  g_assert_finalize_object (watch->session);
}

static guint
count_samples (Watch *watch)
{
  guint n_points;

  atlas_session_get_history (watch->session, &n_points);
  return n_points;
}

typedef struct
{
  Watch *watch;
  guint samples;
  AtlasSessionState state;
} Wish;

static gboolean
has_samples (gpointer user_data)
{
  Wish *wish = user_data;

  return count_samples (wish->watch) >= wish->samples;
}

static void
wait_for_samples (Watch *watch, guint more)
{
  Wish wish = { .watch = watch, .samples = count_samples (watch) + more };

  live_wait (has_samples, &wish);
}

static gboolean
has_state (gpointer user_data)
{
  Wish *wish = user_data;

  return atlas_session_get_state (wish->watch->session) == wish->state;
}

static void
wait_for_state (Watch *watch, AtlasSessionState state)
{
  Wish wish = { .watch = watch, .state = state };

  live_wait (has_state, &wish);
}

static gboolean
set_true_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

static gboolean
is_true (gpointer user_data)
{
  return *(gboolean *) user_data;
}

/* Long enough for several samples, if there were any to come. */
static void
let_time_pass (void)
{
  gboolean passed = FALSE;

  g_timeout_add (300, set_true_cb, &passed);
  live_wait (is_true, &passed);
}

static void
test_life (void)
{
  g_autoptr (Helper) helper = helper_new ();
  g_autoptr (AtlasSnapshot) last = NULL;
  Watch watch;

  g_test_summary ("Empty, loading, live, gone; the last picture stays");

  watch_init (&watch);
  g_assert_cmpint (atlas_session_get_state (watch.session), ==, ATLAS_SESSION_EMPTY);
  atlas_session_set_pid (watch.session, helper_get_pid (helper));
  g_assert_cmpint (atlas_session_get_state (watch.session), ==, ATLAS_SESSION_LOADING);
  g_assert_null (atlas_session_get_snapshot (watch.session));
  wait_for_samples (&watch, 3);
  g_assert_cmpint (atlas_session_get_state (watch.session), ==, ATLAS_SESSION_LIVE);
  g_assert_nonnull (atlas_session_get_previous (watch.session));
  g_assert_true (atlas_session_get_previous (watch.session)
                 != atlas_session_get_snapshot (watch.session));
  g_assert_cmpuint (watch.n_snapshots, >=, 3);

  helper_kill (helper, TRUE);
  wait_for_state (&watch, ATLAS_SESSION_GONE);
  g_assert_error (atlas_session_get_error (watch.session), ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_GONE);
  last = atlas_snapshot_ref (atlas_session_get_snapshot (watch.session));
  g_assert_cmpuint (atlas_snapshot_get_n_regions (last), >, 0);
  let_time_pass ();
  g_assert_true (atlas_session_get_snapshot (watch.session) == last);
  g_assert_cmpuint (watch.n_states, ==, 3);

  atlas_session_set_pid (watch.session, 0);
  g_assert_cmpint (atlas_session_get_state (watch.session), ==, ATLAS_SESSION_EMPTY);
  g_assert_null (atlas_session_get_snapshot (watch.session));
  g_assert_null (atlas_session_get_error (watch.session));
  watch_clear (&watch);
}

static void
test_becomes_zombie (void)
{
  g_autoptr (Helper) helper = helper_new ();
  Watch watch;

  g_test_summary ("One that ended and is not reaped yet has ended; its last picture stays");

  watch_init (&watch);
  atlas_session_set_pid (watch.session, helper_get_pid (helper));
  wait_for_samples (&watch, 1);
  helper_kill (helper, FALSE);
  wait_for_state (&watch, ATLAS_SESSION_GONE);
  g_assert_cmpint (atlas_snapshot_get_access (atlas_session_get_snapshot (watch.session)), ==,
                   ATLAS_ACCESS_FULL);
  watch_clear (&watch);
}

static void
test_zombie (void)
{
  g_autoptr (Helper) helper = helper_new ();
  gint zombie = helper_run_number (helper, "zombie");
  Watch watch;

  g_test_summary ("One that was a zombie when it was chosen is shown as that");

  watch_init (&watch);
  atlas_session_set_pid (watch.session, zombie);
  wait_for_samples (&watch, 2);
  g_assert_cmpint (atlas_session_get_state (watch.session), ==, ATLAS_SESSION_LIVE);
  g_assert_cmpint (atlas_snapshot_get_access (atlas_session_get_snapshot (watch.session)), ==,
                   ATLAS_ACCESS_ZOMBIE);
  watch_clear (&watch);
}

static void
test_absent (void)
{
  g_autoptr (Helper) helper = helper_new ();
  gint pid = helper_get_pid (helper);
  Watch watch;

  watch_init (&watch);
  helper_kill (helper, TRUE);
  atlas_session_set_pid (watch.session, pid);
  g_assert_cmpint (atlas_session_get_state (watch.session), ==, ATLAS_SESSION_GONE);
  g_assert_null (atlas_session_get_snapshot (watch.session));
  watch_clear (&watch);
}

static void
test_pause (void)
{
  g_autoptr (Helper) helper = helper_new ();
  Watch watch;
  guint n_samples;

  g_test_summary ("Nothing is read while paused, except when asked for");

  watch_init (&watch);
  atlas_session_set_pid (watch.session, helper_get_pid (helper));
  wait_for_samples (&watch, 2);
  atlas_session_set_paused (watch.session, TRUE);
  let_time_pass (); /* one may have been under way */
  n_samples = count_samples (&watch);
  let_time_pass ();
  g_assert_cmpuint (count_samples (&watch), ==, n_samples);
  atlas_session_refresh (watch.session);
  wait_for_samples (&watch, 1);
  let_time_pass ();
  g_assert_cmpuint (count_samples (&watch), ==, n_samples + 1);
  atlas_session_set_paused (watch.session, FALSE);
  wait_for_samples (&watch, 2);
  watch_clear (&watch);
}

static void
test_inactive (void)
{
  g_autoptr (Helper) helper = helper_new ();
  Watch watch;

  g_test_summary ("Nothing is read while nobody looks; a look is enough for one picture");

  watch_init (&watch);
  atlas_session_set_active (watch.session, FALSE);
  atlas_session_set_paused (watch.session, TRUE);
  atlas_session_set_pid (watch.session, helper_get_pid (helper));
  let_time_pass ();
  g_assert_cmpint (atlas_session_get_state (watch.session), ==, ATLAS_SESSION_LOADING);
  atlas_session_set_active (watch.session, TRUE);
  wait_for_state (&watch, ATLAS_SESSION_LIVE);
  let_time_pass ();
  g_assert_cmpuint (count_samples (&watch), ==, 1);
  watch_clear (&watch);
}

static void
test_selection (void)
{
  g_autoptr (Helper) helper = helper_new ();
  g_autoptr (Helper) other = helper_new ();
  guint64 a = helper_map (helper, "a", 10, "shared");
  gboolean has_selection;
  Watch watch;

  g_test_summary ("Selection survives samples, highlight survives another process");

  watch_init (&watch);
  atlas_session_set_pid (watch.session, helper_get_pid (helper));
  wait_for_samples (&watch, 1);
  atlas_session_select (watch.session, a + 4096);
  atlas_session_set_highlight (watch.session, ATLAS_COUNTER_VM_LCK);
  g_assert_cmpuint (atlas_session_get_selected_region (watch.session)->start, ==, a);
  wait_for_samples (&watch, 2);
  g_assert_cmpuint (atlas_session_get_selected (watch.session), ==, a + 4096);
  g_assert_cmpuint (atlas_session_get_selected_region (watch.session)->start, ==, a);
  g_assert_cmpuint (atlas_snapshot_get_smaps (atlas_session_get_snapshot (watch.session))->start,
                    ==, a);
  g_object_get (watch.session, "has-selection", &has_selection, NULL);
  g_assert_true (has_selection);

  atlas_session_set_pid (watch.session, helper_get_pid (other));
  g_assert_cmpuint (atlas_session_get_selected (watch.session), ==, 0);
  g_assert_null (atlas_session_get_selected_region (watch.session));
  g_assert_cmpint (atlas_session_get_highlight (watch.session), ==, ATLAS_COUNTER_VM_LCK);
  wait_for_samples (&watch, 1);
  g_assert_cmpint (atlas_snapshot_get_pid (atlas_session_get_snapshot (watch.session)), ==,
                   helper_get_pid (other));
  watch_clear (&watch);
}

static void
test_other_process (void)
{
  g_autoptr (Helper) one = helper_new ();
  g_autoptr (Helper) other = helper_new ();
  Watch watch;

  g_test_summary ("Answers for a process that is no longer looked at do not arrive");

  watch_init (&watch);
  for (guint i = 0; i < 20; i++)
    {
      Helper *helper = i % 2 == 0 ? one : other;

      atlas_session_set_pid (watch.session, helper_get_pid (helper));
      g_assert_null (atlas_session_get_snapshot (watch.session));
      wait_for_samples (&watch, 1);
      g_assert_cmpint (atlas_snapshot_get_pid (atlas_session_get_snapshot (watch.session)), ==,
                       helper_get_pid (helper));
    }
  watch_clear (&watch);
}

static void
test_ages (void)
{
  g_autoptr (Helper) helper = helper_new ();
  const gint64 interval = 20 * G_USEC_PER_SEC;
  AtlasSnapshot *snapshot;
  gint64 age;
  Watch watch;

  g_test_summary ("What is old follows from the interval, and does not grow old in a pause");

  watch_init (&watch);
  atlas_session_set_interval (watch.session, 20000);
  atlas_session_set_pid (watch.session, helper_get_pid (helper));
  wait_for_samples (&watch, 1);
  snapshot = atlas_session_get_snapshot (watch.session);
  g_assert_false (atlas_snapshot_is_old (snapshot, 2 * interval));
  g_assert_true (atlas_snapshot_is_old (snapshot, 3 * interval));

  atlas_session_set_paused (watch.session, TRUE);
  age = atlas_snapshot_get_oldest_age (snapshot);
  let_time_pass ();
  g_assert_true (atlas_session_get_snapshot (watch.session) == snapshot);
  g_assert_cmpint (atlas_snapshot_get_oldest_age (snapshot), ==, age);

  /* Another interval is another measure, from the next sample on. */
  atlas_snapshot_ref (snapshot);
  atlas_session_set_interval (watch.session, 60);
  atlas_session_refresh (watch.session);
  wait_for_samples (&watch, 1);
  g_assert_false (atlas_snapshot_is_old (snapshot, 2 * interval));
  g_assert_true (atlas_snapshot_is_old (atlas_session_get_snapshot (watch.session), 2 * interval));
  atlas_snapshot_unref (snapshot);
  watch_clear (&watch);
}

static void
count_cb (guint *count)
{
  *count += 1;
}

static void
reveal_cb (AtlasSession *session, guint64 address, guint64 *revealed)
{
  *revealed = address;
}

static void
test_signals (void)
{
  guint n_focus = 0;
  guint64 start, end, revealed = 0;
  Watch watch;

  watch_init (&watch);
  g_signal_connect_swapped (watch.session, "focus-changed", G_CALLBACK (count_cb), &n_focus);
  g_signal_connect (watch.session, "reveal", G_CALLBACK (reveal_cb), &revealed);
  atlas_session_set_focus (watch.session, 0x1000, 0x3000);
  atlas_session_set_focus (watch.session, 0x1000, 0x3000);
  atlas_session_get_focus (watch.session, &start, &end);
  g_assert_cmpuint (n_focus, ==, 1);
  g_assert_cmpuint (start, ==, 0x1000);
  g_assert_cmpuint (end, ==, 0x3000);
  atlas_session_reveal (watch.session, 0x2000);
  g_assert_cmpuint (revealed, ==, 0x2000);
  g_assert_cmpuint (atlas_session_get_selected (watch.session), ==, 0);
  watch_clear (&watch);
}

static void
test_properties (void)
{
  g_autoptr (AtlasSession) session = atlas_session_new (live_get_procfs ());
  g_autoptr (AtlasProcfs) procfs = NULL;
  AtlasSessionState state;
  guint64 selected;
  guint highlight, interval;
  gboolean paused, active;

  g_object_set (session, "highlight", (guint) ATLAS_COUNTER_VM_SWAP, "interval", 250u, "paused",
                TRUE, "active", FALSE, "selected-address", G_GUINT64_CONSTANT (0x7000), NULL);
  g_object_get (session, "highlight", &highlight, "interval", &interval, "paused", &paused,
                "active", &active, "selected-address", &selected, "state", &state, "procfs",
                &procfs, NULL);
  g_assert_cmpuint (highlight, ==, ATLAS_COUNTER_VM_SWAP);
  g_assert_cmpuint (interval, ==, 250);
  g_assert_true (paused);
  g_assert_false (active);
  g_assert_cmpuint (selected, ==, 0x7000);
  g_assert_cmpint (state, ==, ATLAS_SESSION_EMPTY);
  g_assert_true (procfs == live_get_procfs ());
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/live/session/life", test_life);
  g_test_add_func ("/live/session/becomes-zombie", test_becomes_zombie);
  g_test_add_func ("/live/session/zombie", test_zombie);
  g_test_add_func ("/live/session/absent", test_absent);
  g_test_add_func ("/live/session/pause", test_pause);
  g_test_add_func ("/live/session/inactive", test_inactive);
  g_test_add_func ("/live/session/selection", test_selection);
  g_test_add_func ("/live/session/other-process", test_other_process);
  g_test_add_func ("/live/session/ages", test_ages);
  g_test_add_func ("/live/session/signals", test_signals);
  g_test_add_func ("/live/session/properties", test_properties);

  return g_test_run ();
}
