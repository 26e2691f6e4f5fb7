/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "atlas-config.h"

#include "atlas-taking-private.h"

#include "atlas-error.h"

void
atlas_taking_add_problem (AtlasTaking *taking, gboolean complete, const char *format, ...)
{
  va_list arguments;
  char *sentence;

  va_start (arguments, format);
  sentence = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  atlas_snapshot_take_problem (taking->snapshot, sentence, complete);
}

gboolean
atlas_taking_is_live (const AtlasTaking *taking)
{
  return atlas_procfs_is_live (atlas_target_get_procfs (taking->target));
}

gboolean
atlas_taking_is_change (AtlasTaking *taking, const GError *error)
{
  g_auto (AtlasStatus) status = { 0 };

  if (taking->last || !atlas_taking_is_live (taking))
    return FALSE;
  if (g_error_matches (error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_GONE))
    return TRUE;
  return g_error_matches (error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_DENIED)
         && atlas_target_read (taking->target, "status", ATLAS_TAKING_FILE_LIMIT, taking->text,
                               NULL)
         && atlas_status_parse (taking->text->str, taking->text->len, &status, NULL)
         && !status.has_memory;
}
