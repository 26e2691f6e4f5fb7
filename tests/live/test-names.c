/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a session is told of a process by whoever drives it: names of its memory, what was done to
 * it and when, and what to compare with. */

#include <string.h>

#include "live-common.h"

typedef struct
{
  Helper *helper;
  AtlasSession *session;
  guint64 start, page;
  guint n_labels, n_changes, n_marks; /* notifications */
} Watch;

static void
count_cb (guint *n)
{
  ++*n;
}

static void
watch_init (Watch *watch)
{
  *watch = (Watch){ .helper = helper_new (), .session = atlas_session_new (live_get_procfs ()) };
  watch->page = helper_get_page_size (watch->helper);
  watch->start = helper_map (watch->helper, "a", 64, "");
  atlas_session_set_paused (watch->session, TRUE);
  g_signal_connect_swapped (watch->session, "notify::labels", G_CALLBACK (count_cb),
                            &watch->n_labels);
  g_signal_connect_swapped (watch->session, "notify::changes", G_CALLBACK (count_cb),
                            &watch->n_changes);
  g_signal_connect_swapped (watch->session, "marked", G_CALLBACK (count_cb), &watch->n_marks);
}

static void
watch_clear (Watch *watch)
{
  g_assert_finalize_object (watch->session);
  helper_free (watch->helper);
}

static guint
count_samples (AtlasSession *session)
{
  guint n;

  atlas_session_get_history (session, &n);
  return n;
}

typedef struct
{
  AtlasSession *session;
  guint n;
} Wish;

static gboolean
has_samples (gpointer user_data)
{
  Wish *wish = user_data;

  return count_samples (wish->session) >= wish->n;
}

static void
sample (Watch *watch)
{
  Wish wish = { watch->session, count_samples (watch->session) + 1 };

  if (atlas_session_get_pid (watch->session) == 0)
    atlas_session_set_pid (watch->session, helper_get_pid (watch->helper));
  else
    atlas_session_refresh (watch->session);
  live_wait (has_samples, &wish);
}

static AtlasLabels *
new_label (guint64 start, const char *name)
{
  AtlasLabelsBuilder *builder = atlas_labels_builder_new ();

  atlas_labels_builder_add (builder, start, start + 100, name, name);
  return atlas_labels_builder_end (builder);
}

static void
set_label (Watch *watch, const char *name)
{
  g_autoptr (AtlasLabels) labels = new_label (watch->start, name);

  atlas_session_set_labels (watch->session, labels);
}

static void
assert_label (Watch *watch, const char *expected)
{
  g_autoptr (AtlasLabels) labels = NULL;
  const AtlasLabel *label;

  g_object_get (watch->session, "labels", &labels, NULL);
  g_assert_true (labels == atlas_session_get_labels (watch->session));
  label = atlas_labels_find_at (labels, watch->start);
  g_assert_cmpstr (label != NULL ? label->name : NULL, ==, expected);
}

static void
test_labels (void)
{
  Watch watch;

  g_test_summary ("Names are told when they change, and go with the process");

  watch_init (&watch);
  assert_label (&watch, NULL);
  sample (&watch);
  set_label (&watch, "a");
  assert_label (&watch, "a");
  g_assert_cmpuint (watch.n_labels, ==, 1);
  set_label (&watch, "a");
  g_assert_cmpuint (watch.n_labels, ==, 1);
  sample (&watch);
  g_assert_cmpuint (watch.n_labels, ==, 1);
  g_object_set (watch.session, "labels", NULL, NULL);
  assert_label (&watch, NULL);
  g_assert_cmpuint (watch.n_labels, ==, 2);
  set_label (&watch, "b");
  atlas_session_set_pid (watch.session, 0);
  assert_label (&watch, NULL);
  g_assert_cmpuint (watch.n_labels, ==, 4);
  watch_clear (&watch);
}

static void
test_labels_of_the_past (void)
{
  gint64 first, second;
  Watch watch;

  g_test_summary ("The past has the names that held then");

  watch_init (&watch);
  sample (&watch);
  first = atlas_snapshot_get_monotonic (atlas_session_get_snapshot (watch.session));
  set_label (&watch, "a");
  sample (&watch);
  second = atlas_snapshot_get_monotonic (atlas_session_get_snapshot (watch.session));
  set_label (&watch, "b");
  sample (&watch);

  atlas_session_set_cursor (watch.session, first);
  assert_label (&watch, NULL);
  atlas_session_set_cursor (watch.session, second);
  assert_label (&watch, "a");
  /* What is named now is of now. */
  set_label (&watch, "c");
  assert_label (&watch, "a");
  atlas_session_set_cursor (watch.session, 0);
  assert_label (&watch, "c");
  watch_clear (&watch);
}

/* --- changes --------------------------------------------------------------------------------- */

/* How many pages of the area changed, all of them one after the other from @first on. */
static void
assert_changed (Watch *watch, guint64 first, guint64 n_pages)
{
  AtlasPageChanges *changes = atlas_session_get_changes (watch->session);
  guint n_ranges, index;
  const AtlasChangedRange *ranges;

  g_assert_nonnull (changes);
  ranges = atlas_page_changes_get_ranges (changes, &n_ranges);
  index = atlas_page_changes_find (changes, watch->start);
  g_assert_cmpuint (index, <, n_ranges);
  g_assert_cmphex (ranges[index].start, ==, watch->start + first * watch->page);
  g_assert_cmphex (ranges[index].end, ==, watch->start + (first + n_pages) * watch->page);
  g_assert_true (index + 1 == n_ranges
                 || ranges[index + 1].start >= watch->start + 64 * watch->page);
}

static void
test_flash (void)
{
  g_autoptr (AtlasSnapshot) before = NULL;
  Watch watch;

  g_test_summary ("What was done is pointed out by the first sample after it, and stays");

  watch_init (&watch);
  sample (&watch);
  before = atlas_snapshot_ref (atlas_session_get_snapshot (watch.session));
  helper_do (watch.helper, "write a 3 5");
  g_assert_null (atlas_session_get_changes (watch.session));
  atlas_session_flash (watch.session, before);
  g_assert_null (atlas_session_get_changes (watch.session));
  sample (&watch);
  assert_changed (&watch, 3, 5);
  g_assert_cmpuint (watch.n_changes, ==, 1);

  /* What happens later was not done by whoever asked. */
  helper_do (watch.helper, "write a 20 5");
  sample (&watch);
  assert_changed (&watch, 3, 5);
  g_assert_cmpuint (watch.n_changes, ==, 1);

  atlas_session_flash (watch.session, atlas_session_get_snapshot (watch.session));
  g_assert_null (atlas_session_get_changes (watch.session));
  helper_do (watch.helper, "write a 30 1");
  sample (&watch);
  assert_changed (&watch, 30, 1);
  atlas_session_flash (watch.session, NULL);
  g_assert_null (atlas_session_get_changes (watch.session));
  sample (&watch);
  g_assert_null (atlas_session_get_changes (watch.session));
  watch_clear (&watch);
}

static void
test_reference (void)
{
  g_autoptr (AtlasSnapshot) before = NULL;
  Watch watch;

  g_test_summary ("Counters' changes are told since the last action, and in the past by samples");

  watch_init (&watch);
  sample (&watch);
  before = atlas_snapshot_ref (atlas_session_get_snapshot (watch.session));
  sample (&watch);
  g_assert_true (atlas_session_get_previous (watch.session) == before);
  atlas_session_flash (watch.session, atlas_session_get_snapshot (watch.session));
  atlas_snapshot_unref (before);
  before = atlas_snapshot_ref (atlas_session_get_snapshot (watch.session));
  sample (&watch);
  sample (&watch);
  g_assert_true (atlas_session_get_previous (watch.session) == before);

  atlas_session_set_cursor (watch.session, atlas_snapshot_get_monotonic (before));
  g_assert_true (atlas_session_get_snapshot (watch.session) == before);
  g_assert_true (atlas_session_get_previous (watch.session) != before);
  atlas_session_set_cursor (watch.session, 0);
  g_assert_true (atlas_session_get_previous (watch.session) == before);

  atlas_session_flash (watch.session, NULL);
  g_assert_true (atlas_session_get_previous (watch.session) != before);
  watch_clear (&watch);
}

static void
test_flash_ends (void)
{
  Watch watch;

  g_test_summary ("Nothing is pointed out in the past, or in another process");

  watch_init (&watch);
  sample (&watch);
  atlas_session_flash (watch.session, atlas_session_get_snapshot (watch.session));
  helper_do (watch.helper, "write a 0 1");
  sample (&watch);
  assert_changed (&watch, 0, 1);
  atlas_session_set_cursor (watch.session, 1);
  g_assert_null (atlas_session_get_changes (watch.session));
  atlas_session_set_cursor (watch.session, 0);
  g_assert_null (atlas_session_get_changes (watch.session));

  atlas_session_flash (watch.session, atlas_session_get_snapshot (watch.session));
  helper_do (watch.helper, "write a 1 1");
  sample (&watch);
  assert_changed (&watch, 1, 1);
  atlas_session_set_pid (watch.session, 0);
  g_assert_null (atlas_session_get_changes (watch.session));
  watch_clear (&watch);
}

/* --- marks ----------------------------------------------------------------------------------- */

static void
test_marks (void)
{
  const AtlasHistoryMark *marks;
  guint n_marks;
  Watch watch;

  g_test_summary ("Marks are kept in the order of time, and safe to show");

  watch_init (&watch);
  sample (&watch);
  atlas_session_add_mark (watch.session, 2000, "malloc 1 MiB → mmap");
  atlas_session_add_mark (watch.session, 3000, "free\033[1m");
  atlas_session_add_mark (watch.session, 1000, "touch");
  g_assert_cmpuint (watch.n_marks, ==, 3);
  marks = atlas_session_get_marks (watch.session, &n_marks);
  g_assert_cmpuint (n_marks, ==, 3);
  g_assert_cmpstr (marks[0].text, ==, "touch");
  g_assert_cmpint (marks[1].monotonic, ==, 2000);
  g_assert_cmpstr (marks[1].text, ==, "malloc 1 MiB → mmap");
  g_assert_cmpstr (marks[2].text, ==, "free\\x1b[1m");
  atlas_session_set_pid (watch.session, 0);
  atlas_session_get_marks (watch.session, &n_marks);
  g_assert_cmpuint (n_marks, ==, 0);
  watch_clear (&watch);
}

static void
test_many_marks (void)
{
  g_autoptr (AtlasHistory) history = atlas_history_new ();
  const AtlasHistoryMark *marks;
  guint n_marks;

  g_test_summary ("Of very many marks the newest stay");

  for (gint64 i = 0; i < 5000; i++)
    atlas_history_add_mark (history, i, "touch");
  marks = atlas_history_get_marks (history, &n_marks);
  g_assert_cmpuint (n_marks, ==, 1000);
  g_assert_cmpint (marks[0].monotonic, ==, 4000);
  g_assert_cmpint (marks[999].monotonic, ==, 4999);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/live/names/labels", test_labels);
  g_test_add_func ("/live/names/labels-of-the-past", test_labels_of_the_past);
  g_test_add_func ("/live/names/flash", test_flash);
  g_test_add_func ("/live/names/flash-ends", test_flash_ends);
  g_test_add_func ("/live/names/reference", test_reference);
  g_test_add_func ("/live/names/marks", test_marks);
  g_test_add_func ("/live/names/many-marks", test_many_marks);

  return g_test_run ();
}
