/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The same on living processes, whose files the kernel writes: one of them is covered by a gate, so
 * that the process ends, starts another program, or leaves its PID to another at a known moment. */

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "atlas-error.h"
#include "fire-factory.h"
#include "gate.h"
#include "live-common.h"
#include "own-proc.h"

static char *
make_gate_path (void)
{
  g_autofree char *name = g_strdup_printf ("atlas-gate-%d", (int) getpid ());

  return g_build_filename (g_get_tmp_dir (), name, NULL);
}

/* A process whose maps is a gate. */
typedef struct
{
  OwnProc *proc;
  Helper *helper;
  guint64 area; /* 8 pages, of which the second and third are written */
  AtlasTarget *target;
  char *path; /* of the gate */
  Gate *gate;
} Scene;

static gboolean
scene_init (Scene *scene)
{
  g_autofree char *reason = NULL;
  g_autoptr (GError) error = NULL;

  memset (scene, 0, sizeof *scene);
  scene->proc = own_proc_new (&reason);
  if (scene->proc == NULL)
    {
      g_test_skip (reason);
      return FALSE;
    }
  scene->helper = helper_new ();
  scene->area = helper_map (scene->helper, "a", 8, "shared");
  helper_do (scene->helper, "write a 1 2");
  scene->target =
      atlas_target_new (own_proc_get_procfs (scene->proc), helper_get_pid (scene->helper), &error);
  g_assert_no_error (error);
  scene->path = make_gate_path ();
  return TRUE;
}

static void
scene_clear (Scene *scene)
{
  g_clear_pointer (&scene->gate, gate_free);
  g_clear_pointer (&scene->target, atlas_target_unref);
  g_clear_pointer (&scene->helper, helper_free);
  g_clear_pointer (&scene->proc, own_proc_free);
  g_free (scene->path);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Scene, scene_clear)

static char *
read_maps (Helper *helper)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/maps", helper_get_pid (helper));
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

/* Half of its lines. */
static char *
cut (const char *maps)
{
  const char *end = strchr (maps + strlen (maps) / 2, '\n');

  return g_strndup (maps, (gsize) (end + 1 - maps));
}

/* Begins to take a snapshot and gives what maps would have said to the one who waits for it. */
static LiveTaking *
stop_at_maps (Scene *scene, char **maps)
{
  LiveTaking *taking;

  *maps = read_maps (scene->helper);
  scene->gate = gate_new (scene->path);
  own_proc_cover (scene->proc, helper_get_pid (scene->helper), "maps", scene->path);
  taking = live_take_begin (scene->target, NULL, NULL);
  gate_meet (scene->gate);
  own_proc_uncover (scene->proc, helper_get_pid (scene->helper), "maps");
  return taking;
}

static AtlasSnapshot *
go_on (Scene *scene, LiveTaking *taking, const char *maps, GError **error)
{
  gate_say (scene->gate, maps);
  gate_end (scene->gate);
  return live_take_end (taking, error);
}

/* Without @n_lines lines, from that of the scene's area on. */
static char *
leave_out (Scene *scene, const char *maps, guint n_lines)
{
  g_autofree char *address = g_strdup_printf ("%" G_GINT64_MODIFIER "x-", scene->area);
  const char *begin = strstr (maps, address);
  const char *rest = begin;

  g_assert_nonnull (begin);
  for (guint i = 0; i < n_lines; i++)
    rest = strchr (rest, '\n') + 1;
  return g_strdup_printf ("%.*s%s", (int) (begin - maps), maps, rest);
}

static void
check_whole (guint n_left_out)
{
  g_auto (Scene) scene;
  g_autofree char *maps = NULL;
  g_autofree char *said = NULL;
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  g_autoptr (GError) error = NULL;
  LiveTaking *taking;

  if (!scene_init (&scene))
    return;
  taking = stop_at_maps (&scene, &maps);
  said = leave_out (&scene, maps, n_left_out);
  snapshot = go_on (&scene, taking, said, &error);
  g_assert_no_error (error);
  g_assert_true (atlas_snapshot_is_complete (snapshot));
  live_assert_pages (snapshot, scene.area, ".ff.....");
}

static void
test_undisturbed (void)
{
  g_test_summary ("Nothing happens: a gate alone makes no difference");

  check_whole (0);
}

static void
test_left_out (void)
{
  g_test_summary ("Maps leaves out a region: it is read again");

  check_whole (1);
}

/* Each reading lacks more than the one before. */
static void
say_less_and_less (Scene *scene, const char *maps, guint n_readings)
{
  gint pid = helper_get_pid (scene->helper);

  for (guint i = 1; i <= n_readings; i++)
    {
      g_autofree char *lacking = leave_out (scene, maps, i);
      g_autoptr (Gate) gate = g_steal_pointer (&scene->gate);

      gate_meet (gate);
      own_proc_uncover (scene->proc, pid, "maps");
      if (i < n_readings)
        {
          scene->gate = gate_new (scene->path);
          own_proc_cover (scene->proc, pid, "maps", scene->path);
        }
      gate_say (gate, lacking);
      gate_end (gate);
    }
}

static void
test_left_out_again (void)
{
  g_auto (Scene) scene;
  g_autofree char *maps = NULL;
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  g_autoptr (GError) error = NULL;
  LiveTaking *taking;

  g_test_summary (
      "Maps leaves out regions however often it is read: it is said that some may lack");

  if (!scene_init (&scene))
    return;
  maps = read_maps (scene.helper);
  scene.gate = gate_new (scene.path);
  own_proc_cover (scene.proc, helper_get_pid (scene.helper), "maps", scene.path);
  taking = live_take_begin (scene.target, NULL, NULL);
  say_less_and_less (&scene, maps, 3);
  snapshot = live_take_end (taking, &error);
  g_assert_no_error (error);
  g_assert_false (atlas_snapshot_is_complete (snapshot));
  g_assert_true (live_may_lack_regions (snapshot));
  g_assert_false (atlas_snapshot_find (snapshot, scene.area, NULL));
}

static void
check_ended (gboolean reap)
{
  g_auto (Scene) scene;
  g_autofree char *maps = NULL;
  g_autofree char *half = NULL;
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  g_autoptr (GError) error = NULL;
  LiveTaking *taking;

  if (!scene_init (&scene))
    return;
  taking = stop_at_maps (&scene, &maps);
  helper_kill (scene.helper, reap);
  half = cut (maps);
  snapshot = go_on (&scene, taking, half, &error);
  if (reap)
    {
      g_assert_error (error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_GONE);
      return;
    }
  g_assert_no_error (error);
  g_assert_cmpint (atlas_snapshot_get_access (snapshot), ==, ATLAS_ACCESS_ZOMBIE);
  g_assert_cmpuint (atlas_snapshot_get_n_regions (snapshot), ==, 0);
}

static void
test_ended (void)
{
  g_test_summary ("It ends while maps is read, and is not waited for");

  check_ended (FALSE);
}

static void
test_reaped (void)
{
  g_test_summary ("It ends while maps is read, and is waited for");

  check_ended (TRUE);
}

static void
test_exec (void)
{
  g_auto (Scene) scene;
  g_autofree char *before = NULL;
  g_autofree char *now = NULL;
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  g_autoptr (GError) error = NULL;
  AtlasMapsParser parser;
  AtlasMapsRecord record;
  LiveTaking *taking;

  g_test_summary ("It starts another program behind its maps: no regions of one, pages of another");

  if (!scene_init (&scene))
    return;
  taking = stop_at_maps (&scene, &before);
  helper_exec (scene.helper);
  helper_stop (scene.helper);
  now = read_maps (scene.helper);
  snapshot = go_on (&scene, taking, before, &error);
  g_assert_no_error (error);
  g_assert_true (atlas_snapshot_is_complete (snapshot));
  atlas_maps_parser_init (&parser, now, strlen (now));
  for (guint i = 0; atlas_maps_parser_next (&parser, &record); i++)
    g_assert_cmphex (atlas_snapshot_get_region (snapshot, i)->start, ==, record.start);
  live_check_smaps (snapshot, helper_get_pid (scene.helper));
}

static AtlasTarget *
open_current (FireFactory *factory)
{
  g_autoptr (GError) error = NULL;
  AtlasTarget *target =
      atlas_target_new (fire_factory_get_procfs (factory), FIRE_FACTORY_PID, &error);

  g_assert_no_error (error);
  return target;
}

static void
check_replaced (FireFactory *factory)
{
  g_autofree char *path = make_gate_path ();
  g_autoptr (AtlasTarget) target = open_current (factory);
  g_autoptr (GString) maps = g_string_new (NULL);
  g_autoptr (Gate) gate = gate_new (path);
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  g_autoptr (GError) error = NULL;
  LiveTaking *taking;

  g_assert_true (atlas_target_read (target, "maps", G_MAXINT, maps, NULL));
  fire_factory_cover (factory, "maps", path);
  taking = live_take_begin (target, NULL, NULL);
  gate_meet (gate);
  fire_factory_end (factory);
  g_assert_true (fire_factory_start (factory, 5));
  gate_say (gate, maps->str);
  gate_end (gate);
  snapshot = live_take_end (taking, &error);
  g_assert_null (snapshot);
  g_assert_error (error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_GONE);
  fire_factory_end (factory);
}

static void
test_replaced (void)
{
  g_autofree char *reason = NULL;
  g_autoptr (FireFactory) factory = fire_factory_new (&reason);

  g_test_summary ("By the time its maps is read another process has its PID");

  if (factory == NULL)
    {
      g_test_skip (reason);
      return;
    }
  for (guint i = 0; i < 5; i++)
    {
      g_assert_true (fire_factory_start (factory, 3));
      check_replaced (factory);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/live/gated-live/undisturbed", test_undisturbed);
  g_test_add_func ("/live/gated-live/left-out", test_left_out);
  g_test_add_func ("/live/gated-live/left-out-again", test_left_out_again);
  g_test_add_func ("/live/gated-live/ended", test_ended);
  g_test_add_func ("/live/gated-live/reaped", test_reaped);
  g_test_add_func ("/live/gated-live/exec", test_exec);
  g_test_add_func ("/live/gated-live/replaced", test_replaced);

  return g_test_run ();
}
