/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What may be read of any process. */

#include "atlas-config.h"

#include "atlas-taking-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "atlas-error.h"
#include "atlas-process-name.h"
#include "atlas-text.h"

#define COMMAND_LIMIT ((gsize) 128 << 10)

static gboolean
read_status (AtlasTaking *taking, GError **error)
{
  return atlas_target_read (taking->target, "status", ATLAS_TAKING_FILE_LIMIT, taking->text, error)
         && atlas_status_parse (taking->text->str, taking->text->len, &taking->snapshot->status,
                                error);
}

gboolean
atlas_taking_read_stat (AtlasTaking *taking, AtlasStat *stat, GError **error)
{
  if (!atlas_target_read (taking->target, "stat", ATLAS_TAKING_FILE_LIMIT, taking->text, error)
      || !atlas_stat_parse (taking->text->str, taking->text->len, stat, error))
    return FALSE;
  if (stat->start_time == atlas_target_get_start_time (taking->target))
    return TRUE;
  atlas_proc_error_set (error, ESRCH, _ ("The process has ended and another has its number"));
  return FALSE;
}

/* Those of the snapshot before when they are the same. */
static void
share_limits (AtlasTaking *taking)
{
  AtlasSnapshot *snapshot = taking->snapshot;

  if (taking->previous == NULL || !atlas_limits_equal (snapshot->limits, taking->previous->limits))
    return;
  g_atomic_rc_box_release_full (snapshot->limits, (GDestroyNotify) atlas_limits_clear);
  snapshot->limits = g_atomic_rc_box_acquire (taking->previous->limits);
}

static void
read_limits (AtlasTaking *taking)
{
  g_autoptr (GError) error = NULL;

  if (!atlas_target_read (taking->target, "limits", ATLAS_TAKING_FILE_LIMIT, taking->text, &error)
      || !atlas_limits_parse (taking->text->str, taking->text->len, taking->snapshot->limits,
                              &error))
    atlas_taking_add_problem (taking, FALSE, _ ("Its limits are not known. %s."), error->message);
  share_limits (taking);
}

static gdouble
read_start_epoch (AtlasTaking *taking)
{
  int directory = atlas_procfs_get_fd (atlas_target_get_procfs (taking->target));

  if (taking->previous != NULL)
    return taking->previous->start_epoch;
  if (!atlas_read_at (directory, "stat", G_MAXINT, taking->text, NULL))
    return 0.0;
  return atlas_stat_start_to_epoch (taking->snapshot->start_time, taking->text->str,
                                    taking->text->len);
}

gboolean
atlas_taking_is_laid_out_alike (const AtlasStat *before, const AtlasStat *now)
{
  return before->start_code == now->start_code && before->start_stack == now->start_stack;
}

/* Whether it still runs the program it ran when @previous was taken, as far as is cheaply told: a
 * new program has a new name, or is laid out elsewhere. */
static gboolean
is_same_program (const AtlasSnapshot *previous, const AtlasSnapshot *now)
{
  return g_str_equal (previous->status.name, now->status.name)
         && atlas_taking_is_laid_out_alike (&previous->stat, &now->stat);
}

static char *
read_command (AtlasTaking *taking)
{
  GString *text = taking->text;

  if (taking->previous != NULL && is_same_program (taking->previous, taking->snapshot))
    return g_strdup (taking->previous->command);
  if (!atlas_target_read (taking->target, "cmdline", COMMAND_LIMIT, text, NULL))
    return g_strdup ("");
  while (text->len > 0 && text->str[text->len - 1] == '\0')
    g_string_truncate (text, text->len - 1);
  for (gsize i = 0; i < text->len; i++)
    if (text->str[i] == '\0')
      text->str[i] = ' ';
  return atlas_text_clean (text->str, (gssize) text->len);
}

static char *
read_tracer (AtlasTaking *taking)
{
  const AtlasStatus *status = &taking->snapshot->status;

  if (status->state != 't' || status->tracer == 0)
    return NULL;
  return atlas_process_name_read (atlas_target_get_procfs (taking->target), status->tracer);
}

AtlasTakingOutcome
atlas_taking_read_identity (AtlasTaking *taking, GError **error)
{
  AtlasSnapshot *snapshot = taking->snapshot;

  if (!read_status (taking, error) || !atlas_taking_read_stat (taking, &snapshot->stat, error))
    return ATLAS_TAKING_FAILED;
  read_limits (taking);
  snapshot->user = g_strdup (atlas_user_name (snapshot->status.uid));
  snapshot->tracer = read_tracer (taking);
  snapshot->system = atlas_system_new (atlas_target_get_procfs (taking->target));
  snapshot->start_epoch = read_start_epoch (taking);
  snapshot->command = read_command (taking);
  snapshot->name = atlas_process_name_complete (snapshot->status.name, snapshot->command);
  return ATLAS_TAKING_DONE;
}
