/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Points, marks and snapshots of the past, bounded in number and in memory. */

#include "atlas-history.h"

#include "atlas-text.h"

#define MOST_POINTS 3600
#define MOST_MARKS 1000
#define MOST_KEPT 1200 /* ten minutes of two a second */
#define MOST_BYTES (128u << 20)

typedef struct
{
  AtlasSnapshot *snapshot;
  AtlasLabels *labels; /* or NULL */
  gsize bytes;         /* that it does not share with the one before */
} Kept;

struct _AtlasHistory
{
  GArray *points;      /* AtlasHistoryPoint */
  GArray *marks;       /* AtlasHistoryMark, oldest first */
  GArray *kept;        /* Kept, oldest first */
  AtlasLabels *labels; /* of what is added; or NULL */
  gsize bytes;
  gboolean has_gap; /* before what is added next */
};

static void
clear_kept (gpointer data)
{
  Kept *kept = data;

  g_clear_pointer (&kept->snapshot, atlas_snapshot_unref);
  g_clear_pointer (&kept->labels, atlas_labels_unref);
}

static void
clear_mark (gpointer data)
{
  AtlasHistoryMark *mark = data;

  g_clear_pointer (&mark->text, g_free);
}

AtlasHistory *
atlas_history_new (void)
{
  AtlasHistory *self = g_new0 (AtlasHistory, 1);

  self->points = g_array_new (FALSE, FALSE, sizeof (AtlasHistoryPoint));
  self->marks = g_array_new (FALSE, FALSE, sizeof (AtlasHistoryMark));
  g_array_set_clear_func (self->marks, clear_mark);
  self->kept = g_array_new (FALSE, FALSE, sizeof (Kept));
  g_array_set_clear_func (self->kept, clear_kept);
  return self;
}

void
atlas_history_free (AtlasHistory *self)
{
  g_array_unref (self->points);
  g_array_unref (self->marks);
  g_array_unref (self->kept);
  g_clear_pointer (&self->labels, atlas_labels_unref);
  g_free (self);
}

void
atlas_history_clear (AtlasHistory *self)
{
  g_return_if_fail (self != NULL);

  g_array_set_size (self->points, 0);
  g_array_set_size (self->marks, 0);
  g_array_set_size (self->kept, 0);
  g_clear_pointer (&self->labels, atlas_labels_unref);
  self->bytes = 0;
  self->has_gap = FALSE;
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
    .after_gap = self->has_gap && self->points->len > 0,
  };

  if (self->points->len == MOST_POINTS)
    g_array_remove_index (self->points, 0);
  g_array_append_val (self->points, point);
  self->has_gap = FALSE;
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
atlas_history_set_labels (AtlasHistory *self, AtlasLabels *labels)
{
  g_return_if_fail (self != NULL);

  if (labels != NULL)
    atlas_labels_ref (labels);
  g_clear_pointer (&self->labels, atlas_labels_unref);
  self->labels = labels;
}

void
atlas_history_add (AtlasHistory *self, AtlasSnapshot *snapshot)
{
  Kept kept;

  g_return_if_fail (self != NULL && snapshot != NULL);

  add_point (self, snapshot);
  kept.bytes = atlas_snapshot_get_memory (snapshot, get_last (self));
  kept.snapshot = atlas_snapshot_ref (snapshot);
  kept.labels = self->labels != NULL ? atlas_labels_ref (self->labels) : NULL;
  g_array_append_val (self->kept, kept);
  self->bytes += kept.bytes;
  while (self->kept->len > MOST_KEPT || (self->kept->len > 2 && self->bytes > MOST_BYTES))
    drop_oldest (self);
}

void
atlas_history_begin_gap (AtlasHistory *self)
{
  g_return_if_fail (self != NULL);

  self->has_gap = TRUE;
}

void
atlas_history_trim (AtlasHistory *self, gsize bytes)
{
  g_return_if_fail (self != NULL);

  while (self->bytes > bytes)
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

AtlasSnapshot *
atlas_history_find_whole_before (AtlasHistory *self, gint64 monotonic)
{
  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = find_index (self, monotonic); i > 0; i--)
    {
      AtlasSnapshot *snapshot = g_array_index (self->kept, Kept, i - 1).snapshot;

      if (atlas_snapshot_get_monotonic (snapshot) + atlas_snapshot_get_duration (snapshot)
          <= monotonic)
        return snapshot;
    }
  return NULL;
}

AtlasLabels *
atlas_history_find_labels (AtlasHistory *self, AtlasSnapshot *snapshot)
{
  guint index;

  g_return_val_if_fail (self != NULL && snapshot != NULL, NULL);

  index = find_index (self, atlas_snapshot_get_monotonic (snapshot));
  if (index == self->kept->len || g_array_index (self->kept, Kept, index).snapshot != snapshot)
    return NULL;
  return g_array_index (self->kept, Kept, index).labels;
}

/* Where a mark of that time belongs. */
static guint
find_mark_index (AtlasHistory *self, gint64 monotonic)
{
  guint index = self->marks->len;

  while (index > 0
         && g_array_index (self->marks, AtlasHistoryMark, index - 1).monotonic > monotonic)
    index--;
  return index;
}

void
atlas_history_add_mark (AtlasHistory *self, gint64 monotonic, const char *text)
{
  AtlasHistoryMark mark = { .monotonic = monotonic };

  g_return_if_fail (self != NULL && text != NULL);

  if (self->marks->len == MOST_MARKS)
    g_array_remove_index (self->marks, 0);
  mark.text = atlas_text_clean (text, -1);
  g_array_insert_val (self->marks, find_mark_index (self, monotonic), mark);
}

const AtlasHistoryMark *
atlas_history_get_marks (AtlasHistory *self, guint *n_marks)
{
  g_return_val_if_fail (self != NULL && n_marks != NULL, NULL);

  *n_marks = self->marks->len;
  return (const AtlasHistoryMark *) self->marks->data;
}

guint
atlas_history_get_n_kept (AtlasHistory *self, gsize *bytes)
{
  g_return_val_if_fail (self != NULL, 0);

  if (bytes != NULL)
    *bytes = self->bytes;
  return self->kept->len;
}
