/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Keeps the list of processes up to date. A worker reads; the answer is merged here, on the main
 * context, in one pass over both lists. While that pass is under way the model is what is settled
 * already, followed by what is left of the list before: so it is whole at every signal, and no
 * signal costs a shift of the rest. */

#include "atlas-process-list.h"

#include "atlas-system.h"

/* What the worker uses; it may outlive the list. */
typedef struct
{
  AtlasProcfs *procfs;
  AtlasProcessCache *cache;
} Reader;

struct _AtlasProcessList
{
  GObject parent_instance;
  Reader *reader;       /* NULL once disposed */
  GCancellable *asking; /* of the reading under way, or NULL */
  GPtrArray *settled;   /* of AtlasProcess, ascending by PID */
  GPtrArray *before;    /* the list before, while it is merged, else NULL */
  guint n_passed;       /* how many of those are settled or dropped */
  guint64 max_rss;
  GError *error;
};

enum
{
  REFRESHED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void atlas_process_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AtlasProcessList,
                               atlas_process_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      atlas_process_list_model_init))

static Reader *
reader_new (AtlasProcfs *procfs)
{
  Reader *reader = g_atomic_rc_box_new0 (Reader);
  reader->procfs = atlas_procfs_ref (procfs);
  reader->cache = atlas_process_cache_new ();
  return reader;
}

static void
reader_clear (Reader *reader)
{
  g_clear_pointer (&reader->procfs, atlas_procfs_unref);
  g_clear_pointer (&reader->cache, atlas_process_cache_free);
}

static void
reader_unref (Reader *reader)
{
  g_atomic_rc_box_release_full (reader, (GDestroyNotify) reader_clear);
}

static GWeakRef *
weak_ref_new (gpointer object)
{
  GWeakRef *weak = g_new0 (GWeakRef, 1);
  g_weak_ref_init (weak, object);
  return weak;
}

static void
weak_ref_free (GWeakRef *weak)
{
  g_weak_ref_clear (weak);
  g_free (weak);
}

/* --- the model --- */

static guint
count_items (AtlasProcessList *self)
{
  return self->settled->len + (self->before != NULL ? self->before->len - self->n_passed : 0);
}

static AtlasProcess *
item_at (AtlasProcessList *self, guint position)
{
  if (position < self->settled->len)
    return g_ptr_array_index (self->settled, position);
  return g_ptr_array_index (self->before, position - self->settled->len + self->n_passed);
}

static GType
atlas_process_list_get_item_type (GListModel *model)
{
  return ATLAS_TYPE_PROCESS;
}

static guint
atlas_process_list_get_n_items (GListModel *model)
{
  return count_items (ATLAS_PROCESS_LIST (model));
}

static gpointer
atlas_process_list_get_item (GListModel *model, guint position)
{
  AtlasProcessList *self = ATLAS_PROCESS_LIST (model);
  return position < count_items (self) ? g_object_ref (item_at (self, position)) : NULL;
}

static void
atlas_process_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = atlas_process_list_get_item_type;
  iface->get_n_items = atlas_process_list_get_n_items;
  iface->get_item = atlas_process_list_get_item;
}

/* --- the merge --- */

static const AtlasProcessInfo *
next_before (AtlasProcessList *self)
{
  if (self->n_passed == self->before->len)
    return NULL;
  return atlas_process_get_info (g_ptr_array_index (self->before, self->n_passed));
}

static AtlasProcessInfo *
next_read (const GPtrArray *infos, guint n_taken)
{
  return n_taken < infos->len ? g_ptr_array_index (infos, n_taken) : NULL;
}

/* The one whose PID comes first is handled; both when a PID has gone over to another process. */
static gboolean
is_gone (const AtlasProcessInfo *before, const AtlasProcessInfo *read)
{
  return before != NULL
         && (read == NULL || before->pid < read->pid
             || (before->pid == read->pid && before->start_time != read->start_time));
}

static gboolean
is_new (const AtlasProcessInfo *before, const AtlasProcessInfo *read)
{
  return read != NULL && (before == NULL || read->pid < before->pid);
}

/* Takes over @infos[*n_taken] and what follows as long as it is new, drops what is gone among them,
 * and tells it in one signal. */
static gboolean
replace_range (AtlasProcessList *self, GPtrArray *infos, guint *n_taken)
{
  guint position = self->settled->len;
  guint n_removed = 0;

  for (;;)
    {
      const AtlasProcessInfo *read = next_read (infos, *n_taken);
      if (is_gone (next_before (self), read))
        {
          self->n_passed++;
          n_removed++;
        }
      else if (is_new (next_before (self), read))
        g_ptr_array_add (self->settled, atlas_process_new (g_steal_pointer (
                                            &g_ptr_array_index (infos, (*n_taken)++))));
      else
        break;
    }

  guint n_added = self->settled->len - position;
  if (n_removed == 0 && n_added == 0)
    return FALSE;
  g_list_model_items_changed (G_LIST_MODEL (self), position, n_removed, n_added);
  return TRUE;
}

static gboolean
settle_next (AtlasProcessList *self, AtlasProcessInfo *info)
{
  AtlasProcess *process = g_ptr_array_index (self->before, self->n_passed++);

  g_ptr_array_add (self->settled, g_object_ref (process));
  return atlas_process_update (process, info);
}

/* Empties @infos. TRUE if anything changed. */
static gboolean
merge (AtlasProcessList *self, GPtrArray *infos)
{
  gboolean changed = FALSE;
  guint n_taken = 0;

  self->before = self->settled;
  self->n_passed = 0;
  self->settled = g_ptr_array_new_full (infos->len, g_object_unref);
  while (n_taken < infos->len || self->n_passed < self->before->len)
    {
      changed |= replace_range (self, infos, &n_taken);
      if (n_taken < infos->len)
        changed |= settle_next (self, g_steal_pointer (&g_ptr_array_index (infos, n_taken++)));
    }
  g_clear_pointer (&self->before, g_ptr_array_unref);
  return changed;
}

static guint64
find_max_rss (const GPtrArray *infos)
{
  guint64 most = 0;

  for (guint i = 0; i < infos->len; i++)
    most = MAX (most, next_read (infos, i)->vm_rss);
  return most;
}

/* --- the reading --- */

/* Account names can take long (a directory service); asked here they are known by the time rows
 * want them. */
static void
look_up_users (const GPtrArray *infos)
{
  guint last = (guint) -1;

  for (guint i = 0; i < infos->len; i++)
    {
      guint uid = next_read (infos, i)->uid;
      if (uid != last)
        atlas_user_name (uid);
      last = uid;
    }
}

static void
read_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Reader *reader = task_data;
  GError *error = NULL;
  GPtrArray *infos = atlas_process_scan (reader->procfs, reader->cache, cancellable, &error);

  if (infos == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  look_up_users (infos);
  g_task_return_pointer (task, infos, (GDestroyNotify) g_ptr_array_unref);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AtlasProcessList) self = g_weak_ref_get (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) infos = g_task_propagate_pointer (G_TASK (result), &error);
  gboolean changed = FALSE;

  weak_ref_free (user_data);
  if (self == NULL || self->reader == NULL)
    return;

  g_clear_error (&self->error);
  self->error = g_steal_pointer (&error);
  if (infos != NULL)
    {
      self->max_rss = find_max_rss (infos);
      changed = merge (self, infos);
    }
  g_clear_object (&self->asking);
  g_signal_emit (self, signals[REFRESHED], 0, changed);
}

static void
atlas_process_list_dispose (GObject *object)
{
  AtlasProcessList *self = ATLAS_PROCESS_LIST (object);

  if (self->asking != NULL)
    g_cancellable_cancel (self->asking);
  g_clear_object (&self->asking);
  g_clear_pointer (&self->reader, reader_unref);
  G_OBJECT_CLASS (atlas_process_list_parent_class)->dispose (object);
}

static void
atlas_process_list_finalize (GObject *object)
{
  AtlasProcessList *self = ATLAS_PROCESS_LIST (object);

  g_clear_pointer (&self->settled, g_ptr_array_unref);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (atlas_process_list_parent_class)->finalize (object);
}

static void
atlas_process_list_class_init (AtlasProcessListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = atlas_process_list_dispose;
  object_class->finalize = atlas_process_list_finalize;

  signals[REFRESHED] = g_signal_new ("refreshed", ATLAS_TYPE_PROCESS_LIST, G_SIGNAL_RUN_LAST, 0,
                                     NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
}

static void
atlas_process_list_init (AtlasProcessList *self)
{
  self->settled = g_ptr_array_new_with_free_func (g_object_unref);
}

AtlasProcessList *
atlas_process_list_new (AtlasProcfs *procfs)
{
  g_return_val_if_fail (procfs != NULL, NULL);

  AtlasProcessList *self = g_object_new (ATLAS_TYPE_PROCESS_LIST, NULL);
  self->reader = reader_new (procfs);
  return self;
}

void
atlas_process_list_refresh (AtlasProcessList *self)
{
  g_return_if_fail (ATLAS_IS_PROCESS_LIST (self));

  if (self->asking != NULL || self->reader == NULL)
    return;
  self->asking = g_cancellable_new ();
  g_autoptr (GTask) task = g_task_new (NULL, self->asking, read_cb, weak_ref_new (self));
  g_task_set_name (task, "atlas-process-list");
  g_task_set_task_data (task, g_atomic_rc_box_acquire (self->reader),
                        (GDestroyNotify) reader_unref);
  g_task_run_in_thread (task, read_in_thread);
}

AtlasProcess *
atlas_process_list_find (AtlasProcessList *self, gint pid)
{
  g_return_val_if_fail (ATLAS_IS_PROCESS_LIST (self), NULL);

  guint low = 0;
  guint high = count_items (self);
  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      AtlasProcess *process = item_at (self, middle);
      gint found = atlas_process_get_pid (process);
      if (found == pid)
        return process;
      if (found < pid)
        low = middle + 1;
      else
        high = middle;
    }
  return NULL;
}

guint64
atlas_process_list_get_max_rss (AtlasProcessList *self)
{
  g_return_val_if_fail (ATLAS_IS_PROCESS_LIST (self), 0);

  return self->max_rss;
}

const GError *
atlas_process_list_get_error (AtlasProcessList *self)
{
  g_return_val_if_fail (ATLAS_IS_PROCESS_LIST (self), NULL);

  return self->error;
}
