/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading a process for a command that runs once, and saying in a sentence why it cannot be. */

#include "atlas-config.h"

#include <glib/gi18n-lib.h>

#include "atlas-cli-process.h"
#include "atlas-cli.h"
#include "atlas-error.h"

char *atlas_cli_proc_option = NULL;

AtlasProcfs *
atlas_cli_open_procfs (GError **error)
{
  return atlas_procfs_new (atlas_cli_proc_option != NULL ? atlas_cli_proc_option : "/proc", error);
}

static gboolean
parse_pid (const char *text, gint *pid, GError **error)
{
  guint64 number;

  if (!g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT, &number, NULL))
    {
      g_set_error (error, ATLAS_CLI_ERROR, ATLAS_CLI_ERROR_USAGE,
                   _ ("“%s” is not a process ID, a number from 1 up"), text);
      return FALSE;
    }
  *pid = (gint) number;
  return TRUE;
}

/* Says it in a sentence of ours where we know what is the matter. */
static void
explain (GError **error, gint pid, gboolean was_there)
{
  if (!g_error_matches (*error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_GONE))
    return;
  g_clear_error (error);
  if (was_there)
    g_set_error (error, ATLAS_CLI_ERROR, ATLAS_CLI_ERROR_FAILED,
                 _ ("Process %d ended while it was read"), pid);
  else
    g_set_error (error, ATLAS_CLI_ERROR, ATLAS_CLI_ERROR_FAILED, _ ("There is no process %d"), pid);
}

AtlasSnapshot *
atlas_cli_take_snapshot (const char *pid, GError **error)
{
  /* It runs once and ends: no pause between slices, everything asked. */
  static const AtlasSnapshotOptions options = { .want_sharing = TRUE };
  g_autoptr (AtlasProcfs) procfs = NULL;
  g_autoptr (AtlasTarget) target = NULL;
  g_autoptr (GError) problem = NULL;
  AtlasSnapshot *snapshot = NULL;
  gint number;

  if (!parse_pid (pid, &number, error))
    return NULL;
  procfs = atlas_cli_open_procfs (error);
  if (procfs == NULL)
    return NULL;

  target = atlas_target_new (procfs, number, &problem);
  if (target != NULL)
    snapshot = atlas_snapshot_take (target, NULL, &options, NULL, &problem);
  if (snapshot != NULL)
    return snapshot;
  explain (&problem, number, target != NULL);
  g_propagate_error (error, g_steal_pointer (&problem));
  return NULL;
}

/* The snapshot knows why, and what would help; it is the last it found out. */
gboolean
atlas_cli_check_permitted (AtlasSnapshot *snapshot, GError **error)
{
  const char *const *problems = atlas_snapshot_get_problems (snapshot);
  guint n_problems = g_strv_length ((char **) problems);

  if (atlas_snapshot_get_access (snapshot) != ATLAS_ACCESS_DENIED)
    return TRUE;
  g_set_error (error, ATLAS_CLI_ERROR, ATLAS_CLI_ERROR_FAILED,
               _ ("The memory of process %d (%s) may not be read. %s"),
               atlas_snapshot_get_pid (snapshot), atlas_snapshot_get_name (snapshot),
               n_problems > 0 ? problems[n_problems - 1] : "");
  return FALSE;
}
