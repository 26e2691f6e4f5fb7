/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The kernel says ENOMEM for all of them; which limit it was follows from what was asked for and
 * what was used. Source: mm/mlock.c (do_mlock), mm/mmap.c (may_expand_vm). */

#include "atlas-config.h"

#include "atlas-lab-walls.h"

#include <string.h>

typedef struct
{
  const char *name; /* in /proc/PID/limits, by AtlasLimits */
  const char *limit;
  AtlasCounter counter;
} Bound;

static const Bound LOCKED = { "memlock", "RLIMIT_MEMLOCK", ATLAS_COUNTER_VM_LCK };
static const Bound SPACE[] = {
  { "as", "RLIMIT_AS", ATLAS_COUNTER_VM_SIZE },
  { "data", "RLIMIT_DATA", ATLAS_COUNTER_VM_DATA },
};

/* Bytes that @call asked for; mlockall asks for all there is. */
static guint64
get_asked (const AtlasLabCall *call, const AtlasStatus *before)
{
  static const char *const NAMES[] = { "new_size", "length", "len" };
  guint64 bytes;

  if (g_str_equal (call->name, "mlockall"))
    return before->kb[ATLAS_COUNTER_VM_SIZE] * 1024;
  for (guint i = 0; i < G_N_ELEMENTS (NAMES); i++)
    if (atlas_lab_call_get_number (call, NAMES[i], &bytes))
      return bytes;
  return 0;
}

/* The first call that failed for want of memory, and told for how much, or NULL: malloc tries
 * others after it, for more. */
static const AtlasLabCall *
find_failed (AtlasLabEvent *event, const AtlasStatus *before)
{
  GPtrArray *calls = atlas_lab_event_get_calls (event);

  for (guint i = 0; i < calls->len; i++)
    {
      const AtlasLabCall *call = calls->pdata[i];

      if (call->failed && g_strcmp0 (call->error, "ENOMEM") == 0 && get_asked (call, before) > 0)
        return call;
    }
  return NULL;
}

static gboolean
is_beyond (const Bound *bound,
           const AtlasLimits *limits,
           const AtlasStatus *before,
           guint64 asked,
           AtlasWall *wall)
{
  const AtlasLimit *limit = atlas_limits_find (limits, bound->name);
  guint64 used;

  if (limit == NULL || limit->soft == ATLAS_LIMIT_UNLIMITED
      || !atlas_status_has (before, bound->counter))
    return FALSE;
  used = before->kb[bound->counter] * 1024;
  *wall = (AtlasWall){ bound->limit, atlas_counter_get_name (bound->counter), used, asked,
                       limit->soft };
  return asked > limit->soft || used > limit->soft - asked;
}

gboolean
atlas_lab_find_wall (AtlasLabEvent *event, AtlasWall *wall)
{
  const AtlasLimits *limits;
  const AtlasStatus *before;
  const AtlasLabCall *call;
  guint64 asked;

  g_return_val_if_fail (ATLAS_IS_LAB_EVENT (event) && wall, FALSE);

  limits = atlas_lab_event_get_limits_after (event);
  before = atlas_lab_event_get_before (event);
  if (limits == NULL || before == NULL)
    return FALSE;
  call = find_failed (event, before);
  if (call == NULL)
    return FALSE;
  asked = get_asked (call, before);
  if (strstr (call->name, "mlock") != NULL)
    return is_beyond (&LOCKED, limits, before, asked, wall);
  return is_beyond (&SPACE[0], limits, before, asked, wall)
         || is_beyond (&SPACE[1], limits, before, asked, wall);
}
