/* SPDX-License-Identifier: GPL-3.0-or-later */

/* memory-atlas-cli show: all that can be told of one process, for people or as JSON. */

#include "atlas-config.h"

#include <glib/gi18n-lib.h>

#include "atlas-cli-output.h"
#include "atlas-cli-process.h"
#include "atlas-cli-report.h"
#include "atlas-cli.h"
#include "atlas-export.h"

static gboolean as_json = FALSE;

static const GOptionEntry options[] = {
  { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_ ("Print JSON, for scripts"), NULL },
  ATLAS_CLI_PROC_OPTION,
  G_OPTION_ENTRY_NULL,
};

static gboolean
print_json (AtlasSnapshot *snapshot, GError **error)
{
  g_autofree char *text = atlas_export_snapshot_to_json (snapshot);

  return atlas_cli_write (text, error);
}

static gboolean
print_report (AtlasSnapshot *snapshot, GError **error)
{
  g_autofree char *text = atlas_cli_report (snapshot, atlas_cli_get_width ());

  return atlas_cli_print (text, error);
}

/* What is open to everyone (counters, limits) is printed of a process whose memory is not, and it
 * is a failure all the same: the regions are missing. */
static gboolean
run_show (char **arguments, int *status, GError **error)
{
  g_autoptr (AtlasSnapshot) snapshot = atlas_cli_take_snapshot (arguments[0], error);

  if (snapshot == NULL)
    return FALSE;
  if (!(as_json ? print_json (snapshot, error) : print_report (snapshot, error)))
    return FALSE;
  return atlas_cli_check_permitted (snapshot, error);
}

const AtlasCliCommand atlas_cli_show = {
  .name = "show",
  .arguments = "PID",
  .summary = N_ ("Show the memory of a process: counters, limits and regions"),
  .lacking = N_ ("show needs a PID: the number of a process"),
  .n_arguments = 1,
  .options = options,
  .run = run_show,
};
