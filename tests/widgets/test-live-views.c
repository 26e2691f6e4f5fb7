/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The views on a living process that does what it is told: what is shown is what it did. */

#include "atlas-counter-bar.h"
#include "atlas-counter-tile.h"
#include "atlas-map-view.h"
#include "helper-client.h"
#include "widget-fixture.h"

#define PAGES 512

static AtlasSession *
new_session (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AtlasProcfs) procfs = atlas_procfs_new ("/proc", &error);
  AtlasSession *session;

  g_assert_no_error (error);
  session = atlas_session_new (procfs);
  atlas_session_set_paused (session, TRUE);
  return session;
}

/* Words about the selected page, by the key that asks for its tooltip. */
static void
assert_state (GtkWidget *view, AtlasSession *session, guint64 address, const char *beginning)
{
  g_auto (GStrv) lines = NULL;

  atlas_session_select (session, address);
  lines = fixture_query_tooltip (view, -1, -1, TRUE);
  g_assert_nonnull (lines);
  if (!g_str_has_prefix (lines[1], beginning))
    g_error ("“%s” does not begin with “%s”", lines[1], beginning);
}

static void
test_map (void)
{
  Fixture fixture;
  g_autoptr (Helper) helper = helper_new ();
  AtlasSession *session = new_session ();
  GtkWidget *view = g_object_ref_sink (atlas_map_view_new ());
  guint64 page = helper_get_page_size (helper);
  guint64 start = helper_map (helper, "a", PAGES, "read write");
  g_autofree char *written = helper_run (helper, "write a 0 100");

  g_test_summary ("Pages that a process touches become resident on the map");

  fixture_init (&fixture, FALSE);
  atlas_map_view_set_session (ATLAS_MAP_VIEW (view), session);
  fixture_sample (session, helper_get_pid (helper));
  fixture_present_scrolled (&fixture, view, 800, 500);
  assert_state (view, session, start + 50 * page, "resident, anonymous");
  assert_state (view, session, start + 200 * page, "not resident");

  g_clear_pointer (&written, g_free);
  written = helper_run (helper, "write a 200 1");
  fixture_sample (session, helper_get_pid (helper));
  assert_state (view, session, start + 200 * page, "resident, anonymous");
  assert_state (view, session, start + 201 * page, "not resident");

  fixture_close (&fixture);
  g_assert_finalize_object (view);
  g_assert_finalize_object (session);
  fixture_clear (&fixture);
}

static void
test_fork (void)
{
  Fixture fixture;
  g_autoptr (Helper) helper = helper_new ();
  AtlasSession *session = new_session ();
  GtkWidget *view = g_object_ref_sink (atlas_map_view_new ());
  guint64 page = helper_get_page_size (helper);
  guint64 start = helper_map (helper, "a", PAGES, "read write");

  g_test_summary ("After a fork pages are still shared, until one of the two writes to them");

  helper_do (helper, "nohugepage a 0 %u", PAGES);
  helper_do (helper, "write a 0 100");
  fixture_init (&fixture, FALSE);
  atlas_map_view_set_session (ATLAS_MAP_VIEW (view), session);
  fixture_sample (session, helper_get_pid (helper));
  fixture_present_scrolled (&fixture, view, 800, 500);
  atlas_session_reveal (session, start);
  fixture_settle (&fixture);
  fixture_sample (session, helper_get_pid (helper));
  assert_state (view, session, start + 50 * page, "resident, anonymous, not shared");

  helper_run_number (helper, "fork");
  helper_do (helper, "write a 60 10");
  fixture_sample (session, helper_get_pid (helper));
  assert_state (view, session, start + 50 * page,
                "resident, anonymous, still shared with another process");
  assert_state (view, session, start + 65 * page, "resident, anonymous, not shared");

  fixture_close (&fixture);
  g_assert_finalize_object (view);
  g_assert_finalize_object (session);
  fixture_clear (&fixture);
}

static void
test_gone (void)
{
  Fixture fixture;
  g_autoptr (Helper) helper = helper_new ();
  AtlasSession *session = new_session ();
  GtkWidget *view = g_object_ref_sink (atlas_map_view_new ());
  guint64 start = helper_map (helper, "a", PAGES, "read write");
  g_autofree char *written = helper_run (helper, "write a 0 1");

  g_test_summary ("When the process has ended its last picture stays");

  fixture_init (&fixture, FALSE);
  atlas_map_view_set_session (ATLAS_MAP_VIEW (view), session);
  fixture_present_scrolled (&fixture, view, 800, 500);
  fixture_sample (session, helper_get_pid (helper));
  helper_kill (helper, TRUE);
  atlas_session_refresh (session);
  while (atlas_session_get_state (session) != ATLAS_SESSION_GONE)
    g_main_context_iteration (NULL, TRUE);
  fixture_settle (&fixture);
  assert_state (view, session, start, "resident, anonymous");

  fixture_close (&fixture);
  g_assert_finalize_object (view);
  g_assert_finalize_object (session);
  fixture_clear (&fixture);
}

static void
test_counters (void)
{
  g_autoptr (Helper) helper = helper_new ();
  AtlasSession *session = new_session ();
  GtkWidget *bar =
      g_object_ref_sink (g_object_new (ATLAS_TYPE_COUNTER_BAR, "session", session, NULL));
  GtkWidget *size = fixture_find (bar, ATLAS_TYPE_COUNTER_TILE);
  guint64 page = helper_get_page_size (helper);

  g_test_summary ("A mapping of 2 MiB is 2 MiB more of VmSize, to the last byte");

  g_assert_cmpuint (page * PAGES, ==, 2 * 1024 * 1024);
  g_assert_cmpint ((int) atlas_counter_tile_get_counter (ATLAS_COUNTER_TILE (size)), ==,
                   (int) ATLAS_COUNTER_VM_SIZE);
  fixture_sample (session, helper_get_pid (helper));
  helper_map (helper, "a", PAGES, "read write");
  fixture_sample (session, helper_get_pid (helper));
  g_assert_cmpstr (atlas_counter_tile_get_change (ATLAS_COUNTER_TILE (size)), ==, "+2 MiB");

  g_assert_finalize_object (bar);
  g_assert_finalize_object (session);
}

int
main (int argc, char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);

  g_test_add_func ("/widgets/live/map", test_map);
  g_test_add_func ("/widgets/live/fork", test_fork);
  g_test_add_func ("/widgets/live/gone", test_gone);
  g_test_add_func ("/widgets/live/counters", test_counters);

  return g_test_run ();
}
