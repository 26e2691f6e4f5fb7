/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading under fire: processes that change without pause, that are killed while they are read, and
 * that take over one another's PID. A short form by default; with ATLAS_SOAK in the environment the
 * full one, which takes minutes. */

#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "atlas-error.h"
#include "atlas-history.h"
#include "deep-file.h"
#include "fire-factory.h"
#include "live-common.h"
#include "open-count.h"

/* The address sanitizer keeps what was given back. */
#ifdef __SANITIZE_ADDRESS__
#define KEEPS_FREED_MEMORY TRUE
#elif defined(__has_feature)
#define KEEPS_FREED_MEMORY __has_feature (address_sanitizer)
#else
#define KEEPS_FREED_MEMORY FALSE
#endif

static guint64 page_size;

/* --- changing without pause --- */

/* In turns: at once, by entries, and within a budget that is too small for the whole. */
static AtlasSnapshotOptions
get_options (guint pass)
{
  const AtlasSnapshotOptions at_once = { .want_sharing = TRUE };
  const AtlasSnapshotOptions by_entries = { .method = ATLAS_PAGE_METHOD_PREAD };
  const AtlasSnapshotOptions in_turn = { .pace = { .slice_bytes = page_size, .budget_us = 1 } };
  const AtlasSnapshotOptions all[] = { at_once, by_entries, in_turn, in_turn };

  return all[pass % G_N_ELEMENTS (all)];
}

/* What is missing is said, and only then is anything missing. */
static void
check_honest (AtlasSnapshot *snapshot)
{
  gboolean has_problem = atlas_snapshot_get_problems (snapshot)[0] != NULL;

  live_check_shape (snapshot);
  if (!atlas_snapshot_is_complete (snapshot))
    g_assert_true (has_problem);
  if (atlas_snapshot_is_unfinished (snapshot))
    g_assert_false (atlas_snapshot_is_complete (snapshot));
  for (guint i = 0; i < atlas_snapshot_get_n_regions (snapshot); i++)
    {
      AtlasRegion *region = atlas_snapshot_get_region (snapshot, i);
      AtlasPageCounts counts;

      atlas_pages_count_all (region->pages, &counts);
      if (counts.unknown > 0 && !g_str_equal (region->name, "[vsyscall]"))
        g_assert_cmpint (atlas_snapshot_get_pages_time (snapshot, i), ==, 0);
      if (atlas_snapshot_get_pages_time (snapshot, i) == 0)
        g_assert_true (atlas_snapshot_is_unfinished (snapshot));
    }
}

/* Pages of an area that does not change: as they are, or not read yet, or of a region of which it
 * is said that it may be missing. */
static void
check_area (AtlasSnapshot *snapshot, guint64 address, const char *expected)
{
  g_autofree char *described = live_describe (snapshot, address, strlen (expected));

  for (gsize i = 0; expected[i] != '\0'; i++)
    if ((described[i] != '?' || !atlas_snapshot_is_unfinished (snapshot))
        && (described[i] != '!' || !live_may_lack_regions (snapshot)))
      g_assert_cmpint (described[i], ==, expected[i]);
}

/* Whether one plain reading of maps overlaps itself; to know how hot the fire is. */
static gboolean
is_torn (AtlasTarget *target)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  AtlasMapsParser parser;
  AtlasMapsRecord record;

  atlas_target_read (target, "maps", 1 << 20, text, &error);
  g_assert_no_error (error);
  atlas_maps_parser_init (&parser, text->str, text->len);
  while (atlas_maps_parser_next (&parser, &record))
    ;
  return parser.torn > 0;
}

/* Pages that are rearranged into other regions all the time; every third is written, and stays. */
#define FIELD_PAGES 1024
#define FIELD_STEP 3

typedef struct
{
  DeepFile *file;
  Helper *helper;
  guint64 field;
  char expected[FIELD_PAGES + 1];
  guint64 area; /* pages that nothing happens to */
  OpenCount *opened;
} Fire;

static void
fire_init (Fire *fire)
{
  g_autofree char *options = NULL;
  g_autofree char *maps = NULL;

  fire->file = deep_file_new (FIELD_PAGES * page_size);
  fire->helper = helper_new ();
  options = g_strdup_printf ("file=%s", deep_file_get_path (fire->file));
  fire->field = helper_map (fire->helper, "field", FIELD_PAGES, options);
  for (guint i = 0; i < FIELD_PAGES; i++)
    fire->expected[i] = i % FIELD_STEP == 0 ? 'a' : '.';
  fire->expected[FIELD_PAGES] = '\0';
  helper_do (fire->helper, "write field 0 %d %d", FIELD_PAGES, FIELD_STEP);
  fire->area = helper_map (fire->helper, "area", 8, "shared");
  helper_do (fire->helper, "write area 1 2");
  maps = g_strdup_printf ("/proc/%d/maps", helper_get_pid (fire->helper));
  fire->opened = open_count_new (maps);
  helper_do (fire->helper, "churn 11");
  helper_do (fire->helper, "shuffle field 12 4");
}

static void
fire_clear (Fire *fire)
{
  helper_do (fire->helper, "stop-churn");
  open_count_free (fire->opened);
  helper_free (fire->helper);
  deep_file_free (fire->file);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fire, fire_clear)

typedef struct
{
  guint plain;    /* readings by the test that were torn */
  guint repaired; /* snapshots for which maps was read again, torn or lacking something at first,
                   * and then was whole */
  guint marked;   /* snapshots that say they were cut */
  guint lacking;  /* snapshots that say that something may be missing */
} Torn;

/* Marked is what was torn, or lacked something, three times in a row, and nothing else. */
static void
count_torn (AtlasSnapshot *snapshot, guint n_readings, Torn *torn)
{
  gboolean marked = live_has_problem (snapshot, "overlapped");
  gboolean lacking = live_may_lack_regions (snapshot);

  g_assert_cmpuint (n_readings, >=, marked || lacking ? 3 : 1);
  g_assert_cmpuint (n_readings, <=, 3);
  torn->marked += marked;
  torn->lacking += lacking;
  torn->repaired += !marked && !lacking && n_readings > 1;
}

static void
check_torn (const Torn *torn, guint n_passes)
{
  g_test_message ("%u passes; of as many plain readings %u torn; %u snapshots repaired, %u "
                  "marked, %u maybe lacking something",
                  n_passes, torn->plain, torn->repaired, torn->marked, torn->lacking);
  if (g_getenv ("ATLAS_SOAK") == NULL)
    return;
  g_assert_cmpuint (torn->plain, >, n_passes / 100);
  g_assert_cmpuint (torn->repaired, >, n_passes / 100);
}

static void
test_churn (void)
{
  guint n_passes = live_get_rounds (100, 10000);
  g_auto (Fire) fire;
  g_autoptr (AtlasTarget) target = NULL;
  g_autoptr (AtlasSnapshot) previous = NULL;
  Torn torn = { 0 };

  g_test_summary ("A process that splits, merges, maps and unmaps is read, repaired or marked");

  fire_init (&fire);
  target = live_open (helper_get_pid (fire.helper));
  for (guint i = 0; i < n_passes; i++)
    {
      AtlasSnapshotOptions options = get_options (i);
      g_autoptr (GError) error = NULL;
      AtlasSnapshot *snapshot;

      torn.plain += is_torn (target);
      open_count_take (fire.opened);
      snapshot = atlas_snapshot_take (target, previous, &options, NULL, &error);
      g_assert_no_error (error);
      g_clear_pointer (&previous, atlas_snapshot_unref);
      previous = snapshot;
      g_assert_cmpint (atlas_snapshot_get_access (snapshot), ==, ATLAS_ACCESS_FULL);
      count_torn (snapshot, open_count_take (fire.opened), &torn);
      check_honest (snapshot);
      check_area (snapshot, fire.area, ".ff.....");
      check_area (snapshot, fire.field, fire.expected);
    }
  check_torn (&torn, n_passes);
}

/* --- killed while being read --- */

typedef struct
{
  Helper *helper;
  guint delay_us;
  gboolean reap;
} Killing;

static gpointer
kill_thread (gpointer data)
{
  Killing *killing = data;

  g_usleep (killing->delay_us);
  helper_kill (killing->helper, killing->reap);
  return NULL;
}

/* Reads until it is over; everything that is given out before is true of the living process. */
static AtlasSnapshot *
read_to_the_end (AtlasTarget *target, guint64 area, const char *expected, GError **error)
{
  g_autoptr (AtlasSnapshot) previous = NULL;

  for (guint i = 0;; i++)
    {
      AtlasSnapshotOptions options = get_options (i);
      AtlasSnapshot *snapshot = atlas_snapshot_take (target, previous, &options, NULL, error);

      if (snapshot == NULL)
        return NULL;
      if (atlas_snapshot_get_access (snapshot) != ATLAS_ACCESS_FULL)
        return snapshot;
      g_clear_pointer (&previous, atlas_snapshot_unref);
      previous = snapshot;
      check_honest (snapshot);
      check_area (snapshot, area, expected);
    }
}

/* The end of it, once more, when nothing is under way any more. */
static void
check_end (AtlasTarget *target, gboolean reaped)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AtlasSnapshot) snapshot = atlas_snapshot_take (target, NULL, NULL, NULL, &error);

  if (reaped)
    {
      g_assert_error (error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_GONE);
      return;
    }
  g_assert_no_error (error);
  g_assert_cmpint (atlas_snapshot_get_access (snapshot), ==, ATLAS_ACCESS_ZOMBIE);
  g_assert_cmpuint (atlas_snapshot_get_n_regions (snapshot), ==, 0);
}

static void
kill_one (guint delay_us, gboolean reap)
{
  g_autoptr (Helper) helper = helper_new ();
  g_autoptr (AtlasTarget) target = live_open (helper_get_pid (helper));
  guint64 a = helper_map (helper, "a", 8, "shared");
  Killing killing = { helper, delay_us, reap };
  g_autoptr (AtlasSnapshot) last = NULL;
  g_autoptr (GError) error = NULL;
  GThread *thread;

  helper_do (helper, "write a 1 2");
  thread = g_thread_new ("killer", kill_thread, &killing);
  last = read_to_the_end (target, a, ".ff.....", &error);
  g_thread_join (thread);
  if (last != NULL)
    g_assert_cmpint (atlas_snapshot_get_access (last), ==, ATLAS_ACCESS_ZOMBIE);
  else
    g_assert_error (error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_GONE);
  check_end (target, reap);
}

static void
test_killed (void)
{
  guint n_targets = live_get_rounds (60, 1000);

  g_test_summary ("Killed while they are read: ended or gone, and never anything else");

  for (guint i = 0; i < n_targets; i++)
    kill_one ((guint) g_test_rand_int_range (0, 3000), i % 2 == 0);
}

/* --- the same PID, another process --- */

static AtlasTarget *
open_current (FireFactory *factory)
{
  g_autoptr (GError) error = NULL;
  AtlasTarget *target =
      atlas_target_new (fire_factory_get_procfs (factory), FIRE_FACTORY_PID, &error);

  g_assert_no_error (error);
  return target;
}

/* Every page of the area has to be as this very process has it. */
static void
check_own_memory (AtlasSnapshot *snapshot, guint n_pages)
{
  g_autofree char *touched = g_strnfill (n_pages, 'f');
  g_autofree char *untouched = g_strnfill (FIRE_FACTORY_PAGES - n_pages, '.');
  g_autofree char *expected = g_strconcat (touched, untouched, NULL);

  if (atlas_snapshot_get_access (snapshot) == ATLAS_ACCESS_FULL)
    check_area (snapshot, FIRE_FACTORY_ADDRESS, expected);
}

static void
check_gone (AtlasTarget *target, AtlasSnapshot *previous)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AtlasSnapshot) snapshot = atlas_snapshot_take (target, previous, NULL, NULL, &error);

  g_assert_null (snapshot);
  g_assert_error (error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_GONE);
}

static void
test_reused (void)
{
  g_autofree char *reason = NULL;
  g_autoptr (FireFactory) factory = fire_factory_new (&reason);
  guint n_rounds = live_get_rounds (50, 1000);

  g_test_summary ("Under a PID that another process has by now nothing of that is shown");

  if (factory == NULL)
    {
      g_test_skip (reason);
      return;
    }
  for (guint i = 0; i < n_rounds; i++)
    {
      guint n_pages = 1 + i % (FIRE_FACTORY_PAGES - 1);
      g_autoptr (AtlasTarget) target = NULL;
      g_autoptr (AtlasSnapshot) snapshot = NULL;

      g_assert_true (fire_factory_start (factory, n_pages));
      target = open_current (factory);
      snapshot = live_take (target, NULL, ATLAS_PAGE_METHOD_AUTO);
      g_assert_cmpint (atlas_snapshot_get_access (snapshot), ==, ATLAS_ACCESS_FULL);
      g_assert_cmpint (atlas_snapshot_get_pid (snapshot), ==, FIRE_FACTORY_PID);
      check_own_memory (snapshot, n_pages);
      fire_factory_end (factory);
      g_assert_true (fire_factory_start (factory, n_pages + 1));
      check_gone (target, snapshot);
      g_assert_false (atlas_target_is_alive (target));
      fire_factory_end (factory);
    }
}

typedef struct
{
  AtlasTarget *target;
  guint n_pages;
  gint stop; /* atomic */
} Reading;

static gpointer
read_thread (gpointer data)
{
  Reading *reading = data;
  g_autoptr (AtlasSnapshot) previous = NULL;

  for (guint i = 0; !g_atomic_int_get (&reading->stop); i++)
    {
      AtlasSnapshotOptions options = get_options (i);
      g_autoptr (GError) error = NULL;
      AtlasSnapshot *snapshot =
          atlas_snapshot_take (reading->target, previous, &options, NULL, &error);

      if (snapshot == NULL)
        {
          g_assert_error (error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_GONE);
          continue;
        }
      check_own_memory (snapshot, reading->n_pages);
      g_clear_pointer (&previous, atlas_snapshot_unref);
      previous = snapshot;
    }
  return NULL;
}

static void
test_reused_meanwhile (void)
{
  g_autofree char *reason = NULL;
  g_autoptr (FireFactory) factory = fire_factory_new (&reason);
  guint n_rounds = live_get_rounds (50, 1000);

  g_test_summary ("The PID goes to another process while it is read");

  if (factory == NULL)
    {
      g_test_skip (reason);
      return;
    }
  g_assert_true (fire_factory_start (factory, 1));
  for (guint i = 0; i < n_rounds; i++)
    {
      guint n_pages = 1 + i % (FIRE_FACTORY_PAGES - 2);
      g_autoptr (AtlasTarget) target = open_current (factory);
      Reading reading = { target, n_pages, FALSE };
      GThread *thread = g_thread_new ("reader", read_thread, &reading);

      g_usleep ((gulong) g_test_rand_int_range (0, 2000));
      fire_factory_end (factory);
      g_assert_true (fire_factory_start (factory, 1 + (i + 1) % (FIRE_FACTORY_PAGES - 2)));
      g_usleep ((gulong) g_test_rand_int_range (0, 1000));
      g_atomic_int_set (&reading.stop, TRUE);
      g_thread_join (thread);
    }
  fire_factory_end (factory);
}

/* --- own memory --- */

/* Without what a test before this one has left to be used again: it would hide growth. */
static gsize
get_own_rss (void)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) words = NULL;

  malloc_trim (0);
  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  words = g_strsplit (text, " ", -1);
  return (gsize) g_ascii_strtoull (words[1], NULL, 10) * page_size;
}

/* Of a round, after @previous. */
typedef AtlasSnapshotOptions (*Look) (AtlasSnapshot *previous, guint round);

static AtlasSnapshotOptions
look_at_all (AtlasSnapshot *previous, guint round)
{
  return (AtlasSnapshotOptions){ .want_sharing = TRUE, .pace = { .budget_us = 20000 } };
}

/* A sampler's work, without waiting in between; and that of the history, which keeps the last
 * minutes. */
static void
refresh (AtlasTarget *target,
         Look look,
         AtlasHistory *history,
         AtlasSnapshot **previous,
         guint n_times)
{
  for (guint i = 0; i < n_times; i++)
    {
      AtlasSnapshotOptions options = look (*previous, i);
      g_autoptr (GError) error = NULL;
      AtlasSnapshot *snapshot = atlas_snapshot_take (target, *previous, &options, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpint (atlas_snapshot_get_access (snapshot), ==, ATLAS_ACCESS_FULL);
      if (history != NULL)
        atlas_history_add (history, snapshot);
      g_clear_pointer (previous, atlas_snapshot_unref);
      *previous = snapshot;
    }
}

/* @n_before: refreshes that are not counted; then @few, or 10,000. */
static void
check_growth (Helper *helper, Look look, AtlasHistory *history, guint n_before, guint few)
{
  guint n_times = live_get_rounds (few, 10000);
  g_autoptr (AtlasTarget) target = live_open (helper_get_pid (helper));
  g_autoptr (AtlasSnapshot) previous = NULL;
  gsize before, after;

  if (KEEPS_FREED_MEMORY)
    {
      g_test_skip ("the address sanitizer keeps what was given back");
      return;
    }
  refresh (target, look, history, &previous, n_before);
  before = get_own_rss ();
  refresh (target, look, history, &previous, n_times);
  after = get_own_rss ();
  g_test_message ("%u refreshes: %" G_GSIZE_FORMAT " KiB before, %" G_GSIZE_FORMAT " KiB after",
                  n_times, before / 1024, after / 1024);
  g_assert_cmpuint (after, <, before + (5u << 20));
}

static void
test_growth (void)
{
  g_autoptr (Helper) helper = helper_new ();
  g_autoptr (AtlasHistory) history = atlas_history_new ();

  g_test_summary ("Own memory, the history's included, grows by less than 5 MiB");

  check_growth (helper, look_at_all, history, 50, 1500);
}

static void
test_growth_changing (void)
{
  g_autoptr (Helper) helper = helper_new ();

  g_test_summary ("The same beside a process that changes all the time, but for the history, which "
                  "has a bound of its own");

  helper_do (helper, "churn 5");
  check_growth (helper, look_at_all, NULL, 50, 1500);
}

/* A process with something of each kind, some of it shared with a child, some locked. */
static Helper *
start_variety (void)
{
  Helper *helper = helper_new ();

  for (guint i = 0; i < 30; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u", i);

      helper_map (helper, name, 100, i % 3 == 0 ? "shared" : i % 3 == 1 ? "exec" : "");
      helper_do (helper, "write %u 0 100 %u", i, 1 + i % 5);
    }
  helper_do (helper, "fork");
  helper_do (helper, "lock 3 10 20");
  return helper;
}

/* As a person does who scrolls and selects; at times the budget is used up at once. */
static AtlasSnapshotOptions
look_elsewhere (AtlasSnapshot *previous, guint round)
{
  AtlasSnapshotOptions options = { .want_sharing = round % 7 != 0,
                                   .pace = { .budget_us = round % 5 == 0 ? 1 : 20000 } };
  guint n_regions = previous != NULL ? atlas_snapshot_get_n_regions (previous) : 0;
  const AtlasRegion *region;

  if (n_regions == 0 || round % 3 == 0)
    return options;
  region = atlas_snapshot_get_region (previous, round / 3 % n_regions);
  options.focus_start = region->start + (region->end - region->start) / page_size / 3 * page_size;
  options.focus_end = options.focus_start + 64 * page_size;
  options.selected_address = round % 2 == 0 ? region->start : 0;
  return options;
}

/* So many the history keeps at most; from then on it does not grow. */
#define HISTORY_SNAPSHOTS 1200

static void
test_growth_looking (void)
{
  g_autoptr (Helper) helper = start_variety ();
  g_autoptr (AtlasHistory) history = atlas_history_new ();

  g_test_summary (
      "The same while what is looked at changes all the time, once the history is full");

  check_growth (helper, look_elsewhere, history, HISTORY_SNAPSHOTS, 1500);
  if (!KEEPS_FREED_MEMORY)
    g_assert_cmpuint (atlas_history_get_n_kept (history, NULL), ==, HISTORY_SNAPSHOTS);
}

static void
test_growth_looking_changing (void)
{
  g_autoptr (Helper) helper = start_variety ();

  g_test_summary ("The same while both change, what is looked at and how; without a history");

  helper_do (helper, "churn 5");
  helper_do (helper, "shuffle 1 6 1");
  check_growth (helper, look_elsewhere, NULL, 50, 300);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  page_size = (guint64) sysconf (_SC_PAGESIZE);

  g_test_add_func ("/live/fire/churn", test_churn);
  g_test_add_func ("/live/fire/killed", test_killed);
  g_test_add_func ("/live/fire/reused", test_reused);
  g_test_add_func ("/live/fire/reused-meanwhile", test_reused_meanwhile);
  g_test_add_func ("/live/fire/growth", test_growth);
  g_test_add_func ("/live/fire/growth-changing", test_growth_changing);
  g_test_add_func ("/live/fire/growth-looking", test_growth_looking);
  g_test_add_func ("/live/fire/growth-looking-changing", test_growth_looking_changing);

  return g_test_run ();
}
