/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A process that changes at a known moment: while one of its files is open and not yet read. What
 * happens once in a thousand times under fire happens here each time, in recorded trees. There is
 * no directory that the kernel ties to a process there, so the start time alone tells one process
 * from the next. */

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "atlas-error.h"
#include "gate.h"
#include "live-common.h"
#include "scratch.h"

#define START 5000 /* ticks since boot */
#define OTHER_START 5001
#define CODE 0x400000

static const char lower[] = "00400000-00410000 r-xp 00000000 fe:00 7 /usr/bin/scratch\n"
                            "00500000-00510000 rw-p 00000000 00:00 0 [heap]\n";
static const char upper[] = "01000000-01010000 rw-p 00000000 00:00 0 \n"
                            "02000000-02010000 rw-p 00000000 00:00 0 [stack]\n";
#define END 0x2010000
/* One that was merged with the last of lower between two reads. */
static const char overlapping[] = "00500000-00530000 rw-p 00000000 00:00 0 [heap]\n";

typedef struct
{
  Scratch *scratch;
  AtlasTarget *target;
} Scene;

/* --- the process --- */

static void
write_stat (Scene *scene, char state, guint64 start_time, guint64 start_code)
{
  g_autofree char *text = g_strdup_printf (
      "7 (scratch) %c 1 2 3 0 -1 0 1 0 0 0 1 2 3 4 20 0 1 0 %" G_GUINT64_FORMAT " 4096 9 99 "
      "%" G_GUINT64_FORMAT " 2 %" G_GUINT64_FORMAT " 0\n",
      state, start_time, start_code, start_code + 3);

  scratch_write (scene->scratch, "stat", text);
}

static void
write_status (Scene *scene, char state, guint locked_kb)
{
  g_autofree char *memory =
      g_strdup_printf ("VmSize:\t%8d kB\nVmLck:\t%8u kB\nVmRSS:\t%8d kB\n", 256, locked_kb, 16);
  g_autofree char *text =
      g_strdup_printf ("Name:\tscratch\nState:\t%c\nTgid:\t7\nPid:\t7\nUid:\t0\t0\t0\t0\n"
                       "Kthread:\t0\n%sThreads:\t1\n",
                       state, state == 'Z' ? "" : memory);

  scratch_write (scene->scratch, "status", text);
}

/* Of pages none of which is resident. */
static void
write_pagemap (Scene *scene, guint64 end)
{
  g_autofree char *path = g_build_filename (scene->scratch->folder, "pagemap", NULL);
  guint64 n_pages = end / (guint64) sysconf (_SC_PAGESIZE);

  scratch_write (scene->scratch, "pagemap", "");
  g_assert_cmpint (truncate (path, (off_t) (n_pages * sizeof (guint64))), ==, 0);
}

static char *
join (const char *one, const char *other)
{
  return g_strconcat (one, other, NULL);
}

static void
scene_init (Scene *scene)
{
  g_autofree char *maps = join (lower, upper);

  scene->scratch = scratch_new ();
  scratch_write (scene->scratch, "maps", maps);
  write_stat (scene, 'S', START, CODE);
  write_status (scene, 'S', 0);
  write_pagemap (scene, END);
  scene->target = scratch_open (scene->scratch);
}

static void
scene_clear (Scene *scene)
{
  atlas_target_unref (scene->target);
  scratch_free (scene->scratch);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Scene, scene_clear)

/* It ended; others see it until it is waited for. */
static void
end_process (Scene *scene)
{
  write_stat (scene, 'Z', START, CODE);
  write_status (scene, 'Z', 0);
}

static Gate *
put_gate (Scene *scene, const char *file)
{
  g_autofree char *path = g_build_filename (scene->scratch->folder, file, NULL);

  return gate_new (path);
}

/* Takes a snapshot as far as to where @file is opened: there it waits, behind @gate, for what it is
 * to read. */
static LiveTaking *
take_up_to (Scene *scene, const char *file, AtlasSnapshot *previous, Gate **gate)
{
  LiveTaking *taking;

  *gate = put_gate (scene, file);
  taking = live_take_begin (scene->target, previous, NULL);
  gate_meet (*gate);
  return taking;
}

static void
let_pass (Gate *gate, const char *text)
{
  gate_say (gate, text);
  gate_end (gate);
}

/* --- what came of it --- */

static AtlasSnapshot *
end_well (LiveTaking *taking)
{
  g_autoptr (GError) error = NULL;
  AtlasSnapshot *snapshot = live_take_end (taking, &error);

  g_assert_no_error (error);
  live_check_shape (snapshot);
  return snapshot;
}

static void
end_gone (LiveTaking *taking)
{
  g_autoptr (GError) error = NULL;
  AtlasSnapshot *snapshot = live_take_end (taking, &error);

  g_assert_null (snapshot);
  g_assert_error (error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_GONE);
}

static void
assert_ended (AtlasSnapshot *snapshot)
{
  g_assert_cmpint (atlas_snapshot_get_access (snapshot), ==, ATLAS_ACCESS_ZOMBIE);
  g_assert_cmpuint (atlas_snapshot_get_n_regions (snapshot), ==, 0);
}

/* Its regions are those of @maps, and nothing is said of an irregularity. */
static void
assert_whole (AtlasSnapshot *snapshot, const char *maps)
{
  AtlasMapsParser parser;
  AtlasMapsRecord record;
  guint n = 0;

  g_assert_cmpint (atlas_snapshot_get_access (snapshot), ==, ATLAS_ACCESS_FULL);
  atlas_maps_parser_init (&parser, maps, strlen (maps));
  for (; atlas_maps_parser_next (&parser, &record); n++)
    {
      const AtlasRegion *region = atlas_snapshot_get_region (snapshot, n);

      g_assert_cmphex (region->start, ==, record.start);
      g_assert_cmphex (region->end, ==, record.end);
    }
  g_assert_cmpuint (atlas_snapshot_get_n_regions (snapshot), ==, n);
  g_assert_false (live_has_problem (snapshot, "overlapped"));
  g_assert_false (live_has_problem (snapshot, "changed"));
}

/* --- another process --- */

static void
check_replaced (Scene *scene, AtlasSnapshot *previous)
{
  g_autoptr (Gate) gate = NULL;
  LiveTaking *taking = take_up_to (scene, "maps", previous, &gate);

  scratch_write (scene->scratch, "maps", lower);
  write_stat (scene, 'S', OTHER_START, CODE);
  let_pass (gate, lower);
  end_gone (taking);
  g_assert_false (atlas_target_is_alive (scene->target));
}

static void
test_replaced (void)
{
  g_auto (Scene) scene;

  g_test_summary ("Another process has its number by the time its maps is read");

  scene_init (&scene);
  check_replaced (&scene, NULL);
}

static void
test_replaced_later (void)
{
  g_auto (Scene) scene;
  g_autoptr (AtlasSnapshot) previous = NULL;

  g_test_summary ("The same after a snapshot that was its own, part of which could be used again");

  scene_init (&scene);
  previous = live_take (scene.target, NULL, ATLAS_PAGE_METHOD_AUTO);
  check_replaced (&scene, previous);
}

static void
test_replaced_at_last (void)
{
  g_autofree char *smaps = join (lower, "VmFlags: rd wr mr lo\n");
  g_auto (Scene) scene;
  g_autoptr (Gate) gate = NULL;
  LiveTaking *taking;

  g_test_summary ("Its maps was its own, and only what is read after that is another's");

  scene_init (&scene);
  write_status (&scene, 'S', 64);
  taking = take_up_to (&scene, "smaps", NULL, &gate);
  write_stat (&scene, 'S', OTHER_START, CODE);
  let_pass (gate, smaps);
  end_gone (taking);
}

static void
test_replaced_when_torn (void)
{
  g_autofree char *torn = join (lower, overlapping);
  g_auto (Scene) scene;
  g_autoptr (Gate) gate = NULL;
  LiveTaking *taking;

  g_test_summary ("A second look at a torn maps is a look at another process");

  scene_init (&scene);
  taking = take_up_to (&scene, "maps", NULL, &gate);
  write_stat (&scene, 'S', OTHER_START, CODE);
  scratch_write (scene.scratch, "maps", lower);
  let_pass (gate, torn);
  end_gone (taking);
}

static void
test_gone (void)
{
  g_autofree char *stat = NULL;
  g_auto (Scene) scene;
  g_autoptr (Gate) gate = NULL;
  LiveTaking *taking;

  g_test_summary ("It was waited for while maps was read, and nobody has its number");

  scene_init (&scene);
  stat = g_build_filename (scene.scratch->folder, "stat", NULL);
  taking = take_up_to (&scene, "maps", NULL, &gate);
  g_unlink (stat);
  let_pass (gate, lower);
  end_gone (taking);
}

/* --- the end of it --- */

static void
test_ended (void)
{
  g_auto (Scene) scene;
  g_autoptr (Gate) gate = NULL;
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  LiveTaking *taking;

  g_test_summary ("It ends while maps is read: the end of the file is not that of its regions");

  scene_init (&scene);
  taking = take_up_to (&scene, "maps", NULL, &gate);
  end_process (&scene);
  scratch_write (scene.scratch, "maps", "");
  let_pass (gate, lower);
  snapshot = end_well (taking);
  assert_ended (snapshot);
}

static void
test_ended_later (void)
{
  g_auto (Scene) scene;
  g_autoptr (Gate) gate = NULL;
  g_autoptr (AtlasSnapshot) previous = NULL;
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  LiveTaking *taking;

  g_test_summary ("The same where the bytes up to the end are those of the snapshot before");

  scene_init (&scene);
  previous = live_take (scene.target, NULL, ATLAS_PAGE_METHOD_AUTO);
  taking = take_up_to (&scene, "maps", previous, &gate);
  end_process (&scene);
  scratch_write (scene.scratch, "maps", "");
  let_pass (gate, lower);
  snapshot = end_well (taking);
  assert_ended (snapshot);
}

static void
test_ended_in_smaps (void)
{
  g_auto (Scene) scene;
  g_autoptr (Gate) gate = NULL;
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  LiveTaking *taking;

  g_test_summary ("It ends while smaps is read, so no region is said to be locked or not");

  scene_init (&scene);
  write_status (&scene, 'S', 64);
  taking = take_up_to (&scene, "smaps", NULL, &gate);
  end_process (&scene);
  scratch_write (scene.scratch, "maps", "");
  let_pass (gate, "");
  snapshot = end_well (taking);
  assert_ended (snapshot);
}

static void
test_exec (void)
{
  g_autofree char *before = join (lower, upper);
  g_auto (Scene) scene;
  g_autoptr (Gate) gate = NULL;
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  LiveTaking *taking;

  g_test_summary ("It starts another program behind its maps: no regions of one, pages of another");

  scene_init (&scene);
  taking = take_up_to (&scene, "maps", NULL, &gate);
  write_stat (&scene, 'S', START, CODE + 0x1000);
  scratch_write (scene.scratch, "maps", upper);
  let_pass (gate, before);
  snapshot = end_well (taking);
  assert_whole (snapshot, upper);
  g_assert_cmphex (atlas_snapshot_get_stat (snapshot)->start_code, ==, CODE + 0x1000);
}

/* Has @file read as often as there are @texts, and puts nothing behind the last: one who reads it
 * once more finds it gone. */
static AtlasSnapshot *
take_in_turns (Scene *scene, AtlasSnapshot *previous, const char *file, const char *const *texts)
{
  g_autoptr (Gate) next = put_gate (scene, file);
  LiveTaking *taking = live_take_begin (scene->target, previous, NULL);

  for (guint i = 0; texts[i] != NULL; i++)
    {
      g_autoptr (Gate) gate = g_steal_pointer (&next);

      gate_meet (gate);
      if (texts[i + 1] != NULL)
        next = put_gate (scene, file);
      let_pass (gate, texts[i]);
    }
  return end_well (taking);
}

static void
test_never_still (void)
{
  static const char stat[] = "7 (scratch) %c 1 2 3 0 -1 0 1 0 0 0 1 2 3 4 20 0 1 0 5000\n";
  g_autofree char *lives = g_strdup_printf (stat, 'S');
  g_autofree char *ended = g_strdup_printf (stat, 'X');
  /* before, after, and before another attempt */
  const char *const turns[] = {
    lives, ended, lives, lives, ended, lives, lives, ended, lives, NULL
  };
  g_auto (Scene) scene;
  g_autoptr (AtlasSnapshot) snapshot = NULL;

  g_test_summary ("What changed in each of three attempts is shown, and marked");

  scene_init (&scene);
  snapshot = take_in_turns (&scene, NULL, "stat", turns);
  g_assert_cmpint (atlas_snapshot_get_access (snapshot), ==, ATLAS_ACCESS_FULL);
  g_assert_true (live_has_problem (snapshot, "changed while it was read"));
  g_assert_false (atlas_snapshot_is_complete (snapshot));
}

static void
test_short_pagemap (void)
{
  g_autofree char *maps = join (lower, upper);
  g_auto (Scene) scene;
  g_autoptr (AtlasSnapshot) snapshot = NULL;

  g_test_summary ("A pagemap that ends before the regions do tells of none of them");

  scene_init (&scene);
  write_pagemap (&scene, 0x508000);
  snapshot = live_take (scene.target, NULL, ATLAS_PAGE_METHOD_AUTO);
  assert_whole (snapshot, maps);
  g_assert_cmpuint (atlas_snapshot_get_counts (snapshot)->unknown, ==,
                    atlas_snapshot_get_counts (snapshot)->pages);
  g_assert_false (atlas_snapshot_is_complete (snapshot));
}

/* --- torn --- */

static void
test_repaired (void)
{
  g_autofree char *torn = join (lower, overlapping);
  g_autofree char *whole = join (lower, upper);
  const char *const once[] = { torn, whole, NULL };
  const char *const twice[] = { torn, torn, whole, NULL };
  g_auto (Scene) scene;
  g_autoptr (AtlasSnapshot) first = NULL;
  g_autoptr (AtlasSnapshot) second = NULL;

  g_test_summary ("A maps that was torn is read again, and nothing more is said of it");

  scene_init (&scene);
  first = take_in_turns (&scene, NULL, "maps", once);
  assert_whole (first, whole);
  second = take_in_turns (&scene, NULL, "maps", twice);
  assert_whole (second, whole);
}

static void
test_repaired_unchanged (void)
{
  g_autofree char *torn = join (lower, overlapping);
  g_autofree char *whole = join (lower, upper);
  const char *const turns[] = { torn, whole, NULL };
  g_auto (Scene) scene;
  g_autoptr (AtlasSnapshot) previous = NULL;
  g_autoptr (AtlasSnapshot) snapshot = NULL;

  g_test_summary ("Torn, and then as it was in the snapshot before, whose regions it shares");

  scene_init (&scene);
  previous = live_take (scene.target, NULL, ATLAS_PAGE_METHOD_AUTO);
  snapshot = take_in_turns (&scene, previous, "maps", turns);
  assert_whole (snapshot, whole);
  for (guint i = 0; i < atlas_snapshot_get_n_regions (snapshot); i++)
    g_assert_true (atlas_snapshot_get_region (snapshot, i)
                   == atlas_snapshot_get_region (previous, i));
}

static void
test_marked (void)
{
  g_autofree char *torn = join (lower, overlapping);
  const char *const turns[] = { torn, torn, torn, NULL };
  g_auto (Scene) scene;
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  const AtlasRegion *cut;

  g_test_summary ("What was torn three times is cut, and marked");

  scene_init (&scene);
  snapshot = take_in_turns (&scene, NULL, "maps", turns);
  g_assert_cmpint (atlas_snapshot_get_access (snapshot), ==, ATLAS_ACCESS_FULL);
  g_assert_cmpuint (atlas_snapshot_get_n_regions (snapshot), ==, 3);
  cut = atlas_snapshot_get_region (snapshot, 2);
  g_assert_cmphex (cut->start, ==, 0x510000);
  g_assert_cmphex (cut->end, ==, 0x530000);
  g_assert_true (live_has_problem (snapshot, "1 of them overlapped"));
  g_assert_false (atlas_snapshot_is_complete (snapshot));
}

static void
test_after_marked (void)
{
  g_autofree char *torn = join (lower, overlapping);
  g_autofree char *whole = join (lower, upper);
  const char *const turns[] = { torn, torn, torn, NULL };
  const char *const once[] = { whole, NULL };
  g_auto (Scene) scene;
  g_autoptr (AtlasSnapshot) marked = NULL;
  g_autoptr (AtlasSnapshot) again = NULL;
  g_autoptr (AtlasSnapshot) snapshot = NULL;

  g_test_summary ("What was torn is no measure for the next snapshot, torn the same or whole");

  scene_init (&scene);
  marked = take_in_turns (&scene, NULL, "maps", turns);
  again = take_in_turns (&scene, marked, "maps", turns);
  g_assert_true (live_has_problem (again, "1 of them overlapped"));
  snapshot = take_in_turns (&scene, marked, "maps", once);
  assert_whole (snapshot, whole);
}

static void
test_changed_halfway (void)
{
  const char *other = "01000000-01020000 rw-p 00000000 00:00 0 \n";
  g_autofree char *expected = join (lower, other);
  g_auto (Scene) scene;
  g_autoptr (Gate) gate = NULL;
  g_autoptr (AtlasSnapshot) previous = NULL;
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  LiveTaking *taking;

  g_test_summary ("Of several reads, as the kernel gives them, the first has the bytes of before");

  scene_init (&scene);
  previous = live_take (scene.target, NULL, ATLAS_PAGE_METHOD_AUTO);
  taking = take_up_to (&scene, "maps", previous, &gate);
  gate_say (gate, lower);
  let_pass (gate, other);
  snapshot = end_well (taking);
  assert_whole (snapshot, expected);
}

static void
test_fewer (void)
{
  const char *const turns[] = { lower, NULL };
  g_auto (Scene) scene;
  g_autoptr (AtlasSnapshot) previous = NULL;
  g_autoptr (AtlasSnapshot) snapshot = NULL;

  g_test_summary ("The uppermost regions are gone, and the bytes up to there are what they were");

  scene_init (&scene);
  previous = live_take (scene.target, NULL, ATLAS_PAGE_METHOD_AUTO);
  snapshot = take_in_turns (&scene, previous, "maps", turns);
  assert_whole (snapshot, lower);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/live/gated/replaced", test_replaced);
  g_test_add_func ("/live/gated/replaced-later", test_replaced_later);
  g_test_add_func ("/live/gated/replaced-at-last", test_replaced_at_last);
  g_test_add_func ("/live/gated/replaced-when-torn", test_replaced_when_torn);
  g_test_add_func ("/live/gated/gone", test_gone);
  g_test_add_func ("/live/gated/ended", test_ended);
  g_test_add_func ("/live/gated/ended-later", test_ended_later);
  g_test_add_func ("/live/gated/ended-in-smaps", test_ended_in_smaps);
  g_test_add_func ("/live/gated/exec", test_exec);
  g_test_add_func ("/live/gated/never-still", test_never_still);
  g_test_add_func ("/live/gated/short-pagemap", test_short_pagemap);
  g_test_add_func ("/live/gated/repaired", test_repaired);
  g_test_add_func ("/live/gated/repaired-unchanged", test_repaired_unchanged);
  g_test_add_func ("/live/gated/marked", test_marked);
  g_test_add_func ("/live/gated/after-marked", test_after_marked);
  g_test_add_func ("/live/gated/changed-halfway", test_changed_halfway);
  g_test_add_func ("/live/gated/fewer", test_fewer);

  return g_test_run ();
}
