/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Points and snapshots of the past, bounded in number and in memory. */

#include "atlas-history.h"

#define MOST_POINTS 3600
#define MOST_KEPT 1200 /* ten minutes of two a second */
#define MOST_BYTES (128u << 20)

typedef struct
{
  AtlasSnapshot *snapshot;
  gsize bytes; /* that it does not share with the one before */
} Kept;

struct _AtlasHistory
{
  GArray *points; /* AtlasHistoryPoint */
  GArray *kept;   /* Kept, oldest first */
  gsize bytes;
};

static void
clear_kept (gpointer data)
{
  Kept *kept = data;

  g_clear_pointer (&kept->snapshot, atlas_snapshot_unref);
}

AtlasHistory *
atlas_history_new (void)
{
  AtlasHistory *self = g_new0 (AtlasHistory, 1);

  self->points = g_array_new (FALSE, FALSE, sizeof (AtlasHistoryPoint));
  self->kept = g_array_new (FALSE, FALSE, sizeof (Kept));
  g_array_set_clear_func (self->kept, clear_kept);
  return self;
}

void
atlas_history_free (AtlasHistory *self)
{
  g_array_unref (self->points);
  g_array_unref (self->kept);
  g_free (self);
}

void
atlas_history_clear (AtlasHistory *self)
{
  g_return_if_fail (self != NULL);

  g_array_set_size (self->points, 0);
  g_array_set_size (self->kept, 0);
  self->bytes = 0;
}

static guint64
get_kb (const AtlasStatus *status, AtlasCounter counter)
{
  return atlas_status_has (status, counter) ? status->kb[counter] : 0;
}

static void
add_point (AtlasHistory *self, AtlasSnapshot *snapshot)
{
  const AtlasStatus *status = atlas_snapshot_get_status (snapshot);
  AtlasHistoryPoint point = {
    .monotonic = atlas_snapshot_get_monotonic (snapshot),
    .vm_size = get_kb (status, ATLAS_COUNTER_VM_SIZE),
    .vm_rss = get_kb (status, ATLAS_COUNTER_VM_RSS),
    .vm_lck = get_kb (status, ATLAS_COUNTER_VM_LCK),
    .vm_swap = get_kb (status, ATLAS_COUNTER_VM_SWAP),
  };

  if (self->points->len == MOST_POINTS)
    g_array_remove_index (self->points, 0);
  g_array_append_val (self->points, point);
}

static AtlasSnapshot *
get_last (AtlasHistory *self)
{
  if (self->kept->len == 0)
    return NULL;
  return g_array_index (self->kept, Kept, self->kept->len - 1).snapshot;
}

static void
drop_oldest (AtlasHistory *self)
{
  self->bytes -= g_array_index (self->kept, Kept, 0).bytes;
  g_array_remove_index (self->kept, 0);
}

void
atlas_history_add (AtlasHistory *self, AtlasSnapshot *snapshot)
{
  Kept kept;

  g_return_if_fail (self != NULL && snapshot != NULL);

  add_point (self, snapshot);
  kept.bytes = atlas_snapshot_get_memory (snapshot, get_last (self));
  kept.snapshot = atlas_snapshot_ref (snapshot);
  g_array_append_val (self->kept, kept);
  self->bytes += kept.bytes;
  while (self->kept->len > MOST_KEPT || (self->kept->len > 2 && self->bytes > MOST_BYTES))
    drop_oldest (self);
}

const AtlasHistoryPoint *
atlas_history_get_points (AtlasHistory *self, guint *n_points)
{
  g_return_val_if_fail (self != NULL && n_points != NULL, NULL);

  *n_points = self->points->len;
  return (const AtlasHistoryPoint *) self->points->data;
}

/* Index of the first that was taken at or after @monotonic. */
static guint
find_index (AtlasHistory *self, gint64 monotonic)
{
  guint low = 0, high = self->kept->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      AtlasSnapshot *snapshot = g_array_index (self->kept, Kept, middle).snapshot;

      if (atlas_snapshot_get_monotonic (snapshot) < monotonic)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

AtlasSnapshot *
atlas_history_find (AtlasHistory *self, gint64 monotonic)
{
  AtlasSnapshot *after, *before;
  guint index;

  g_return_val_if_fail (self != NULL, NULL);

  before = atlas_history_find_before (self, monotonic);
  index = find_index (self, monotonic);
  if (index == self->kept->len)
    return before;
  after = g_array_index (self->kept, Kept, index).snapshot;
  if (before == NULL
      || atlas_snapshot_get_monotonic (after) - monotonic
             <= monotonic - atlas_snapshot_get_monotonic (before))
    return after;
  return before;
}

AtlasSnapshot *
atlas_history_find_before (AtlasHistory *self, gint64 monotonic)
{
  guint index;

  g_return_val_if_fail (self != NULL, NULL);

  index = find_index (self, monotonic);
  return index > 0 ? g_array_index (self->kept, Kept, index - 1).snapshot : NULL;
}

guint
atlas_history_get_n_kept (AtlasHistory *self, gsize *bytes)
{
  g_return_val_if_fail (self != NULL, 0);

  if (bytes != NULL)
    *bytes = self->bytes;
  return self->kept->len;
}
