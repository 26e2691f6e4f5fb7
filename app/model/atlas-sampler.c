/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One thread for one process. What thread and object share is the Worker, which each of them holds
 * by a reference of its own: the object may go at any time, and the thread notices when it next
 * looks up from its work. */

#include "atlas-config.h"

#include "atlas-sampler.h"

/* How long a share of time can be saved up. */
#define STORE_US (G_USEC_PER_SEC * 5 / 2)
/* Less than this is not worth a sample of its own. */
#define LEAST_GOING_ON_US 10000
/* A sample that was asked for may spend this in any case: what is on the screen comes first. */
#define LEAST_BUDGET_US 500

typedef struct
{
  gatomicrefcount references;
  AtlasTarget *target;
  GMainContext *context;
  GCancellable *cancellable;

  GMutex lock; /* of what follows */
  GCond changed;
  gboolean stopped;
  gboolean wanted;
  gboolean going_on;
  AtlasSnapshotOptions options; /* of what is wanted */
  gboolean scheduled;           /* deliver_cb() is on its way */
  AtlasSnapshot *answer;
  GError *error;
  AtlasSampler *owner; /* NULL once stopped; used on the main context only */
} Worker;

struct _AtlasSampler
{
  GObject parent_instance;
  AtlasTarget *target;
  Worker *worker; /* NULL before the first request, and once stopped */
  gboolean going_on;
  gboolean stopped;
};

enum
{
  SIGNAL_SAMPLED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AtlasSampler, atlas_sampler, G_TYPE_OBJECT)

static Worker *
worker_new (AtlasSampler *owner)
{
  Worker *worker = g_new0 (Worker, 1);

  g_atomic_ref_count_init (&worker->references);
  g_mutex_init (&worker->lock);
  g_cond_init (&worker->changed);
  worker->target = atlas_target_ref (owner->target);
  worker->context = g_main_context_ref_thread_default ();
  worker->cancellable = g_cancellable_new ();
  worker->owner = owner;
  worker->going_on = owner->going_on;
  return worker;
}

static Worker *
worker_ref (Worker *worker)
{
  g_atomic_ref_count_inc (&worker->references);
  return worker;
}

static void
worker_unref (Worker *worker)
{
  if (!g_atomic_ref_count_dec (&worker->references))
    return;
  g_clear_pointer (&worker->answer, atlas_snapshot_unref);
  g_clear_error (&worker->error);
  g_clear_pointer (&worker->target, atlas_target_unref);
  g_clear_pointer (&worker->context, g_main_context_unref);
  g_clear_object (&worker->cancellable);
  g_mutex_clear (&worker->lock);
  g_cond_clear (&worker->changed);
  g_free (worker);
}

/* On the main context: hands out the newest answer, if its owner still waits for one. */
static gboolean
deliver_cb (gpointer user_data)
{
  Worker *worker = user_data;
  g_autoptr (AtlasSampler) owner = NULL;
  g_autoptr (AtlasSnapshot) answer = NULL;
  g_autoptr (GError) error = NULL;

  g_mutex_lock (&worker->lock);
  worker->scheduled = FALSE;
  answer = g_steal_pointer (&worker->answer);
  error = g_steal_pointer (&worker->error);
  if (worker->owner != NULL)
    owner = g_object_ref (worker->owner);
  g_mutex_unlock (&worker->lock);
  if (owner != NULL)
    g_signal_emit (owner, signals[SIGNAL_SAMPLED], 0, answer, error);
  return G_SOURCE_REMOVE;
}

/* With the lock held. */
static void
schedule_delivery (Worker *worker)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  worker->scheduled = TRUE;
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (source, "atlas-sampler");
  g_source_set_callback (source, deliver_cb, worker_ref (worker), (GDestroyNotify) worker_unref);
  g_source_attach (source, worker->context);
}

/* Takes @snapshot and @error. An answer that was not delivered yet gives way to this one. */
static void
put_answer (Worker *worker, AtlasSnapshot *snapshot, GError *error)
{
  g_mutex_lock (&worker->lock);
  g_clear_pointer (&worker->answer, atlas_snapshot_unref);
  g_clear_error (&worker->error);
  worker->answer = snapshot;
  worker->error = error;
  if (!worker->stopped && !worker->scheduled)
    schedule_delivery (worker);
  g_mutex_unlock (&worker->lock);
}

/* What may be spent in page tables: it fills with time, by the share that is allowed. */
typedef struct
{
  gint64 budget_us; /* below 0 when a slice took longer than was left */
  gint64 filled;    /* when that was so, monotonic; 0: not yet */
} Store;

static void
store_fill (Store *store, guint share_permille)
{
  gint64 now = g_get_monotonic_time ();
  gint64 most = (gint64) STORE_US * share_permille / 1000;

  if (store->filled == 0)
    store->budget_us = most;
  else
    store->budget_us += (now - store->filled) * share_permille / 1000;
  store->budget_us = MIN (store->budget_us, most);
  store->filled = now;
}

/* When there is enough in the store to go on. */
static gint64
store_get_due (const Store *store, guint share_permille)
{
  gint64 lacking =
      MIN (LEAST_GOING_ON_US, (gint64) STORE_US * share_permille / 1000) - store->budget_us;

  return store->filled + MAX (lacking, 0) * 1000 / MAX (share_permille, 1);
}

/* Whether to read again without being asked. With the lock held. */
static gboolean
must_go_on (Worker *worker, AtlasSnapshot *previous)
{
  return worker->going_on && previous != NULL && atlas_snapshot_is_unfinished (previous);
}

/* With the lock held; FALSE when a sample is due though none was asked for. */
static gboolean
wait_for_change (Worker *worker, AtlasSnapshot *previous, const Store *store)
{
  if (must_go_on (worker, previous))
    return g_cond_wait_until (&worker->changed, &worker->lock,
                              store_get_due (store, worker->options.share_permille));
  g_cond_wait (&worker->changed, &worker->lock);
  return TRUE;
}

/* Waits for a request, or until it is time to go on with what @previous left unfinished; FALSE when
 * it is time to end. */
static gboolean
wait_for_request (Worker *worker,
                  AtlasSnapshot *previous,
                  const Store *store,
                  AtlasSnapshotOptions *options)
{
  gboolean stopped;

  g_mutex_lock (&worker->lock);
  while (!worker->wanted && !worker->stopped)
    if (!wait_for_change (worker, previous, store))
      break;
  worker->wanted = FALSE;
  *options = worker->options;
  stopped = worker->stopped;
  g_mutex_unlock (&worker->lock);
  return !stopped;
}

/* Within the share of time, or all at once where there is no bound. */
static AtlasSnapshot *
take (Worker *worker,
      AtlasSnapshot *previous,
      AtlasSnapshotOptions *options,
      Store *store,
      GError **error)
{
  AtlasSnapshot *snapshot;

  if (options->share_permille > 0)
    {
      store_fill (store, options->share_permille);
      options->pace.budget_us = (guint) MAX (store->budget_us, LEAST_BUDGET_US);
    }
  snapshot = atlas_snapshot_take (worker->target, previous, options, worker->cancellable, error);
  if (snapshot != NULL && options->share_permille > 0)
    store->budget_us -= atlas_snapshot_get_walk_time (snapshot);
  return snapshot;
}

static gpointer
work_thread (gpointer user_data)
{
  Worker *worker = user_data;
  AtlasSnapshotOptions options;
  Store store = { 0 };
  g_autoptr (AtlasSnapshot) previous = NULL;

  while (wait_for_request (worker, previous, &store, &options))
    {
      GError *error = NULL;
      AtlasSnapshot *snapshot = take (worker, previous, &options, &store, &error);

      g_clear_pointer (&previous, atlas_snapshot_unref);
      if (snapshot != NULL)
        previous = atlas_snapshot_ref (snapshot);
      put_answer (worker, snapshot, error);
    }
  worker_unref (worker);
  return NULL;
}

static void
atlas_sampler_dispose (GObject *object)
{
  AtlasSampler *self = ATLAS_SAMPLER (object);

  atlas_sampler_stop (self);
  g_clear_pointer (&self->target, atlas_target_unref);

  G_OBJECT_CLASS (atlas_sampler_parent_class)->dispose (object);
}

static void
atlas_sampler_class_init (AtlasSamplerClass *class)
{
  G_OBJECT_CLASS (class)->dispose = atlas_sampler_dispose;

  signals[SIGNAL_SAMPLED] =
      g_signal_new ("sampled", ATLAS_TYPE_SAMPLER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 2, ATLAS_TYPE_SNAPSHOT, G_TYPE_ERROR);
}

static void
atlas_sampler_init (AtlasSampler *self)
{
  self->going_on = TRUE;
}

AtlasSampler *
atlas_sampler_new (AtlasTarget *target)
{
  AtlasSampler *self;

  g_return_val_if_fail (target != NULL, NULL);

  self = g_object_new (ATLAS_TYPE_SAMPLER, NULL);
  self->target = atlas_target_ref (target);
  return self;
}

/* The thread ends by itself once it is stopped; nobody waits for it. */
static void
start_worker (AtlasSampler *self)
{
  self->worker = worker_new (self);
  g_thread_unref (g_thread_new ("atlas-sampler", work_thread, worker_ref (self->worker)));
}

void
atlas_sampler_request (AtlasSampler *self, const AtlasSnapshotOptions *options)
{
  g_return_if_fail (ATLAS_IS_SAMPLER (self) && options != NULL);

  if (self->stopped)
    return;
  if (self->worker == NULL)
    start_worker (self);
  g_mutex_lock (&self->worker->lock);
  self->worker->options = *options;
  self->worker->wanted = TRUE;
  g_cond_signal (&self->worker->changed);
  g_mutex_unlock (&self->worker->lock);
}

void
atlas_sampler_set_going_on (AtlasSampler *self, gboolean going_on)
{
  g_return_if_fail (ATLAS_IS_SAMPLER (self));

  self->going_on = going_on;
  if (self->worker == NULL)
    return;
  g_mutex_lock (&self->worker->lock);
  self->worker->going_on = going_on;
  g_cond_signal (&self->worker->changed);
  g_mutex_unlock (&self->worker->lock);
}

void
atlas_sampler_stop (AtlasSampler *self)
{
  g_return_if_fail (ATLAS_IS_SAMPLER (self));

  self->stopped = TRUE;
  if (self->worker == NULL)
    return;
  g_mutex_lock (&self->worker->lock);
  self->worker->stopped = TRUE;
  self->worker->owner = NULL;
  g_cond_signal (&self->worker->changed);
  g_mutex_unlock (&self->worker->lock);
  g_cancellable_cancel (self->worker->cancellable);
  g_clear_pointer (&self->worker, worker_unref);
}
