/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One task at a time. What is asked for meanwhile is remembered and begun when it is done, so
 * however fast snapshots and letters come, each finished order is shown. */

#include "atlas-config.h"

#include "atlas-region-arranger.h"

/* Sorting fewer takes less than it takes to ask a thread. */
#define FEW_REGIONS 1000

struct _AtlasRegionArranger
{
  GObject parent_instance;

  AtlasSnapshot *snapshot; /* NULL: nothing to show */
  AtlasRegionWish wish;
  char *search; /* that of the wish; as are its labels */
  AtlasRegionOrder *order;
  gboolean busy;
  gboolean again;   /* something else was asked for meanwhile */
  guint generation; /* goes up when what is being made is of no use any more */
};

enum
{
  SIGNAL_ARRANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AtlasRegionArranger, atlas_region_arranger, G_TYPE_OBJECT)

/* What a task was given; the arranger may go before it is done. */
typedef struct
{
  GWeakRef owner;
  AtlasSnapshot *snapshot;
  AtlasRegionWish wish;
  char *search;
  guint generation;
} Job;

static Job *
job_new (AtlasRegionArranger *self)
{
  Job *job = g_new0 (Job, 1);

  g_weak_ref_init (&job->owner, self);
  job->snapshot = atlas_snapshot_ref (self->snapshot);
  job->search = g_strdup (self->search);
  job->wish = self->wish;
  job->wish.search = job->search;
  if (job->wish.labels != NULL)
    atlas_labels_ref (job->wish.labels);
  job->generation = self->generation;
  return job;
}

static void
job_free (gpointer data)
{
  Job *job = data;

  g_weak_ref_clear (&job->owner);
  atlas_snapshot_unref (job->snapshot);
  g_clear_pointer (&job->wish.labels, atlas_labels_unref);
  g_free (job->search);
  g_free (job);
}

static void
work_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Job *job = data;

  g_task_return_pointer (task, atlas_region_order_new (job->snapshot, &job->wish),
                         (GDestroyNotify) atlas_region_order_unref);
}

/* Takes @order. */
static void
take_order (AtlasRegionArranger *self, AtlasRegionOrder *order)
{
  g_clear_pointer (&self->order, atlas_region_order_unref);
  self->order = order;
  g_signal_emit (self, signals[SIGNAL_ARRANGED], 0);
}

static void arrange (AtlasRegionArranger *self);

static void
done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = G_TASK (result);
  Job *job = g_task_get_task_data (task);
  g_autoptr (AtlasRegionArranger) self = g_weak_ref_get (&job->owner);
  g_autoptr (AtlasRegionOrder) order = g_task_propagate_pointer (task, NULL);
  gboolean again;

  if (self == NULL)
    return;
  again = self->again;
  self->busy = self->again = FALSE;
  if (job->generation == self->generation)
    take_order (self, g_steal_pointer (&order));
  if (again)
    arrange (self);
}

static gboolean
is_quick (AtlasRegionArranger *self)
{
  return self->snapshot == NULL || atlas_region_wish_is_trivial (&self->wish)
         || atlas_snapshot_get_n_regions (self->snapshot) <= FEW_REGIONS;
}

static void
arrange (AtlasRegionArranger *self)
{
  g_autoptr (GTask) task = NULL;

  if (is_quick (self))
    {
      self->generation++;
      self->again = FALSE;
      take_order (self, atlas_region_order_new (self->snapshot, &self->wish));
      return;
    }
  if (self->busy)
    {
      self->again = TRUE;
      return;
    }
  self->busy = TRUE;
  task = g_task_new (NULL, NULL, done_cb, NULL);
  g_task_set_name (task, "atlas-region-arranger");
  g_task_set_task_data (task, job_new (self), job_free);
  g_task_run_in_thread (task, work_thread);
}

static void
atlas_region_arranger_finalize (GObject *object)
{
  AtlasRegionArranger *self = ATLAS_REGION_ARRANGER (object);

  g_clear_pointer (&self->snapshot, atlas_snapshot_unref);
  g_clear_pointer (&self->order, atlas_region_order_unref);
  g_clear_pointer (&self->wish.labels, atlas_labels_unref);
  g_free (self->search);
  G_OBJECT_CLASS (atlas_region_arranger_parent_class)->finalize (object);
}

static void
atlas_region_arranger_class_init (AtlasRegionArrangerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = atlas_region_arranger_finalize;
  signals[SIGNAL_ARRANGED] = g_signal_new ("arranged", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                           0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
atlas_region_arranger_init (AtlasRegionArranger *self)
{
  self->order = atlas_region_order_new (NULL, &self->wish);
}

AtlasRegionArranger *
atlas_region_arranger_new (void)
{
  return g_object_new (ATLAS_TYPE_REGION_ARRANGER, NULL);
}

static gboolean
is_of_same_process (AtlasSnapshot *a, AtlasSnapshot *b)
{
  return a != NULL && b != NULL && atlas_snapshot_get_pid (a) == atlas_snapshot_get_pid (b)
         && atlas_snapshot_get_start_time (a) == atlas_snapshot_get_start_time (b);
}

/* An order of the snapshot before is shown when it is ready; one of another process is not. */
void
atlas_region_arranger_set_snapshot (AtlasRegionArranger *self, AtlasSnapshot *snapshot)
{
  g_return_if_fail (ATLAS_IS_REGION_ARRANGER (self));

  if (self->snapshot == snapshot)
    return;
  if (!is_of_same_process (self->snapshot, snapshot))
    self->generation++;
  g_clear_pointer (&self->snapshot, atlas_snapshot_unref);
  self->snapshot = snapshot != NULL ? atlas_snapshot_ref (snapshot) : NULL;
  arrange (self);
}

void
atlas_region_arranger_set_wish (AtlasRegionArranger *self, const AtlasRegionWish *wish)
{
  g_autofree char *search = NULL;
  g_autoptr (AtlasLabels) old_labels = NULL;

  g_return_if_fail (ATLAS_IS_REGION_ARRANGER (self) && wish != NULL);

  if (atlas_region_wish_equal (&self->wish, wish)
      && atlas_labels_equal (self->wish.labels, wish->labels))
    return;
  search = g_strdup (wish->search); /* it may be the old one */
  old_labels = self->wish.labels;
  if (wish->labels != NULL)
    atlas_labels_ref (wish->labels);
  self->wish = *wish;
  self->generation++; /* in an order that nobody wants any more nothing would be found */
  g_free (self->search);
  self->wish.search = self->search = g_steal_pointer (&search);
  arrange (self);
}

const AtlasRegionWish *
atlas_region_arranger_get_wish (AtlasRegionArranger *self)
{
  g_return_val_if_fail (ATLAS_IS_REGION_ARRANGER (self), NULL);

  return &self->wish;
}

AtlasRegionOrder *
atlas_region_arranger_get_order (AtlasRegionArranger *self)
{
  g_return_val_if_fail (ATLAS_IS_REGION_ARRANGER (self), NULL);

  return self->order;
}

gboolean
atlas_region_arranger_is_busy (AtlasRegionArranger *self)
{
  g_return_val_if_fail (ATLAS_IS_REGION_ARRANGER (self), FALSE);

  return self->busy;
}
