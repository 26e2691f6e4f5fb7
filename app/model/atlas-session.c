/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The state that all views share, and the timeout that keeps it fresh. */

#include "atlas-config.h"

#include "atlas-session.h"

#include <glib/gi18n-lib.h>

#include "atlas-error.h"
#include "atlas-history-shelf.h"

#define DEFAULT_INTERVAL_MS 1000
#define LEAST_INTERVAL_MS 50
#define MOST_INTERVAL_MS 3600000
/* Between slices of the page tables: the target does not notice, see atlas-page-reader.h. */
#define PAUSE_US 200
/* Of the time, in page tables. */
#define SHARE_PERMILLE 20

struct _AtlasSession
{
  GObject parent_instance;
  AtlasProcfs *procfs;
  gint pid;
  AtlasSessionState state;
  GError *error;
  AtlasSampler *sampler;      /* NULL when nothing is looked at, or it is gone */
  AtlasSnapshot *newest;      /* NULL until something was read */
  AtlasSnapshot *snapshot;    /* the one that is shown: the newest, or the one at the cursor */
  AtlasSnapshot *previous;    /* the one before the one shown */
  gint64 cursor;              /* 0: now */
  AtlasLabels *newest_labels; /* or NULL */
  AtlasLabels *labels;        /* of the snapshot that is shown; or NULL */
  AtlasSnapshot *before;      /* the one from which changes are told; NULL: none are, or all are */
  AtlasSnapshot *reference;   /* the one before the last action; NULL: nothing was done */
  gint64 flashed;             /* monotonic microseconds: what was read since tells changes */
  AtlasPageChanges *changes;  /* or NULL */
  guint64 selected;
  AtlasCounter highlight;
  gboolean paused;
  gboolean active;
  guint interval;
  guint timeout;
  guint64 focus_start;
  guint64 focus_end;
  AtlasHistory *history;
  guint64 start_time;       /* of the process whose history it is; 0: not opened */
  AtlasHistoryShelf *shelf; /* histories of the processes before */
};

enum
{
  PROP_STATE = 1,
  PROP_SNAPSHOT,
  PROP_PID,
  PROP_PROCFS,
  PROP_SELECTED_ADDRESS,
  PROP_HAS_SELECTION,
  PROP_HIGHLIGHT,
  PROP_PAUSED,
  PROP_ACTIVE,
  PROP_INTERVAL,
  PROP_CURSOR,
  PROP_LABELS,
  PROP_CHANGES,
  N_PROPERTIES
};

enum
{
  SIGNAL_FOCUS_CHANGED,
  SIGNAL_REVEAL,
  SIGNAL_SCRUB,
  SIGNAL_SAMPLED,
  SIGNAL_MARKED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AtlasSession, atlas_session, G_TYPE_OBJECT)

GType
atlas_session_state_get_type (void)
{
  static const GEnumValue values[] = {
    { ATLAS_SESSION_EMPTY, "ATLAS_SESSION_EMPTY", "empty" },
    { ATLAS_SESSION_LOADING, "ATLAS_SESSION_LOADING", "loading" },
    { ATLAS_SESSION_LIVE, "ATLAS_SESSION_LIVE", "live" },
    { ATLAS_SESSION_GONE, "ATLAS_SESSION_GONE", "gone" },
    { ATLAS_SESSION_FAILED, "ATLAS_SESSION_FAILED", "failed" },
    { 0, NULL, NULL },
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("AtlasSessionState", values));
  return type;
}

static void
notify (AtlasSession *self, guint property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
set_state (AtlasSession *self, AtlasSessionState state, const GError *error)
{
  GError *copy = error != NULL ? g_error_copy (error) : NULL;

  g_clear_error (&self->error);
  self->error = copy;
  if (self->state == state)
    return;
  self->state = state;
  notify (self, PROP_STATE);
}

static void
request_sample (AtlasSession *self)
{
  AtlasSnapshotOptions options = {
    .method = ATLAS_PAGE_METHOD_AUTO,
    .want_sharing = TRUE,
    .pace = { .pause_us = PAUSE_US },
    .focus_start = self->focus_start,
    .focus_end = self->focus_end,
    .selected_address = self->selected,
    .share_permille = SHARE_PERMILLE,
    .interval_us = (gint64) self->interval * G_TIME_SPAN_MILLISECOND,
  };

  if (self->sampler != NULL)
    atlas_sampler_request (self->sampler, &options);
}

static gboolean
timeout_cb (gpointer user_data)
{
  request_sample (user_data);
  return G_SOURCE_CONTINUE;
}

/* The timeout runs only while there is something to be asked. */
static void
update_timeout (AtlasSession *self)
{
  gboolean wanted = self->sampler != NULL && self->active && !self->paused;

  g_clear_handle_id (&self->timeout, g_source_remove);
  if (wanted)
    self->timeout = g_timeout_add (self->interval, timeout_cb, self);
  else
    atlas_history_begin_gap (self->history);
}

static void
drop_sampler (AtlasSession *self)
{
  if (self->sampler != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->sampler, self);
      atlas_sampler_stop (self->sampler);
      g_clear_object (&self->sampler);
    }
  update_timeout (self);
}

/* The names that hold for @snapshot: today's, or those of its time. */
static AtlasLabels *
find_labels (AtlasSession *self, AtlasSnapshot *snapshot)
{
  if (self->cursor == 0 || snapshot == NULL)
    return self->newest_labels;
  return atlas_history_find_labels (self->history, snapshot);
}

static void
show_labels (AtlasSession *self, AtlasLabels *labels)
{
  gboolean same = atlas_labels_equal (self->labels, labels);

  if (labels != NULL)
    atlas_labels_ref (labels);
  g_clear_pointer (&self->labels, atlas_labels_unref);
  self->labels = labels;
  if (!same)
    notify (self, PROP_LABELS);
}

static void
show (AtlasSession *self, AtlasSnapshot *snapshot)
{
  AtlasSnapshot *before = NULL;

  if (snapshot != NULL)
    before = atlas_history_find_before (self->history, atlas_snapshot_get_monotonic (snapshot));
  g_clear_pointer (&self->previous, atlas_snapshot_unref);
  g_clear_pointer (&self->snapshot, atlas_snapshot_unref);
  self->previous = before != NULL ? atlas_snapshot_ref (before) : NULL;
  self->snapshot = snapshot != NULL ? atlas_snapshot_ref (snapshot) : NULL;
  show_labels (self, find_labels (self, snapshot));
  notify (self, PROP_SNAPSHOT);
}

static void
set_changes (AtlasSession *self, AtlasPageChanges *changes)
{
  if (self->changes == changes
      || (self->changes != NULL && changes != NULL
          && atlas_page_changes_equal (self->changes, changes)))
    return;
  if (changes != NULL)
    atlas_page_changes_ref (changes);
  g_clear_pointer (&self->changes, atlas_page_changes_unref);
  self->changes = changes;
  notify (self, PROP_CHANGES);
}

static void
forget_changes (AtlasSession *self)
{
  g_clear_pointer (&self->before, atlas_snapshot_unref);
  set_changes (self, NULL);
}

/* Whether all of its pages that can be read were read at or after @since. */
static gboolean
was_read_since (AtlasSnapshot *snapshot, gint64 since)
{
  gint64 age = atlas_snapshot_get_oldest_age (snapshot);

  return !atlas_snapshot_is_unfinished (snapshot)
         && (age == ATLAS_AGE_UNKNOWN || atlas_snapshot_get_monotonic (snapshot) - age >= since);
}

/* What @snapshot tells of what was done before it. */
static void
tell_changes (AtlasSession *self, AtlasSnapshot *snapshot)
{
  if (self->before == NULL || atlas_snapshot_get_monotonic (snapshot) < self->flashed)
    return;
  if (self->cursor == 0)
    {
      g_autoptr (AtlasPageChanges) changes = atlas_page_changes_new (self->before, snapshot);

      set_changes (self, changes);
    }
  if (was_read_since (snapshot, self->flashed))
    g_clear_pointer (&self->before, atlas_snapshot_unref);
}

/* While the past is looked at, a new sample only makes the history longer. */
static void
apply_snapshot (AtlasSession *self, AtlasSnapshot *snapshot)
{
  g_object_freeze_notify (G_OBJECT (self));
  g_clear_pointer (&self->newest, atlas_snapshot_unref);
  self->newest = atlas_snapshot_ref (snapshot);
  atlas_history_add (self->history, snapshot);
  if (self->timeout == 0)
    atlas_history_begin_gap (self->history);
  if (self->cursor == 0)
    show (self, snapshot);
  tell_changes (self, snapshot);
  set_state (self, ATLAS_SESSION_LIVE, NULL);
  g_object_thaw_notify (G_OBJECT (self));
  g_signal_emit (self, signals[SIGNAL_SAMPLED], 0);
}

/* A process that was seen alive and has ended, whether its parent has noticed or not. */
static gboolean
became_zombie (AtlasSession *self, AtlasSnapshot *snapshot)
{
  return snapshot != NULL && atlas_snapshot_get_access (snapshot) == ATLAS_ACCESS_ZOMBIE
         && self->newest != NULL && atlas_snapshot_get_access (self->newest) != ATLAS_ACCESS_ZOMBIE;
}

/* Its last picture stays. */
static void
apply_gone (AtlasSession *self, const GError *error)
{
  drop_sampler (self);
  set_state (self, ATLAS_SESSION_GONE, error);
}

static void
sampled_cb (AtlasSampler *sampler, AtlasSnapshot *snapshot, GError *error, AtlasSession *self)
{
  g_autoptr (GError) ended = NULL;

  if (became_zombie (self, snapshot))
    {
      ended = g_error_new (ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_GONE, _ ("Process %d has ended"),
                           self->pid);
      apply_gone (self, ended);
    }
  else if (snapshot != NULL)
    apply_snapshot (self, snapshot);
  else if (g_error_matches (error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_GONE))
    apply_gone (self, error);
  else
    set_state (self, ATLAS_SESSION_FAILED, error);
}

static void
set_reference (AtlasSession *self, AtlasSnapshot *reference)
{
  if (reference != NULL)
    atlas_snapshot_ref (reference);
  g_clear_pointer (&self->reference, atlas_snapshot_unref);
  self->reference = reference;
}

/* Whoever comes back to the process finds its history. */
static void
put_history_away (AtlasSession *self)
{
  guint n_points;

  atlas_history_get_points (self->history, &n_points);
  if (n_points == 0)
    {
      atlas_history_clear (self->history);
      return;
    }
  atlas_history_set_labels (self->history, NULL);
  atlas_history_shelf_put (self->shelf, self->pid, self->start_time, self->history);
  self->history = atlas_history_new ();
}

static void
clear_snapshots (AtlasSession *self)
{
  put_history_away (self);
  g_clear_pointer (&self->newest, atlas_snapshot_unref);
  g_clear_pointer (&self->newest_labels, atlas_labels_unref);
  forget_changes (self);
  set_reference (self, NULL);
  if (self->cursor != 0)
    {
      self->cursor = 0;
      notify (self, PROP_CURSOR);
    }
  if (self->snapshot != NULL)
    show (self, NULL);
  show_labels (self, NULL);
}

static void
find_history (AtlasSession *self)
{
  AtlasHistory *history = atlas_history_shelf_take (self->shelf, self->pid, self->start_time);

  if (history == NULL)
    return;
  g_clear_pointer (&self->history, atlas_history_free);
  self->history = history;
}

/* Opens @self's process and asks for the first sample. */
static void
open_target (AtlasSession *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AtlasTarget) target = atlas_target_new (self->procfs, self->pid, &error);

  if (target == NULL)
    {
      gboolean gone = g_error_matches (error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_GONE);

      set_state (self, gone ? ATLAS_SESSION_GONE : ATLAS_SESSION_FAILED, error);
      return;
    }
  self->start_time = atlas_target_get_start_time (target);
  find_history (self);
  self->sampler = atlas_sampler_new (target);
  atlas_sampler_set_going_on (self->sampler, self->active);
  g_signal_connect (self->sampler, "sampled", G_CALLBACK (sampled_cb), self);
  set_state (self, ATLAS_SESSION_LOADING, NULL);
  update_timeout (self);
  if (self->active)
    request_sample (self);
}

static void
atlas_session_dispose (GObject *object)
{
  AtlasSession *self = ATLAS_SESSION (object);

  drop_sampler (self);

  G_OBJECT_CLASS (atlas_session_parent_class)->dispose (object);
}

static void
atlas_session_finalize (GObject *object)
{
  AtlasSession *self = ATLAS_SESSION (object);

  g_clear_pointer (&self->newest, atlas_snapshot_unref);
  g_clear_pointer (&self->snapshot, atlas_snapshot_unref);
  g_clear_pointer (&self->reference, atlas_snapshot_unref);
  g_clear_pointer (&self->previous, atlas_snapshot_unref);
  g_clear_pointer (&self->before, atlas_snapshot_unref);
  g_clear_pointer (&self->changes, atlas_page_changes_unref);
  g_clear_pointer (&self->newest_labels, atlas_labels_unref);
  g_clear_pointer (&self->labels, atlas_labels_unref);
  g_clear_pointer (&self->procfs, atlas_procfs_unref);
  g_clear_pointer (&self->shelf, atlas_history_shelf_free);
  g_clear_pointer (&self->history, atlas_history_free);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (atlas_session_parent_class)->finalize (object);
}

static void
atlas_session_get_property (GObject *object, guint property, GValue *value, GParamSpec *pspec)
{
  AtlasSession *self = ATLAS_SESSION (object);

  switch (property)
    {
    case PROP_STATE:
      g_value_set_enum (value, (gint) self->state);
      break;
    case PROP_SNAPSHOT:
      g_value_set_boxed (value, self->snapshot);
      break;
    case PROP_PID:
      g_value_set_int (value, self->pid);
      break;
    case PROP_PROCFS:
      g_value_set_boxed (value, self->procfs);
      break;
    case PROP_SELECTED_ADDRESS:
      g_value_set_uint64 (value, self->selected);
      break;
    case PROP_HAS_SELECTION:
      g_value_set_boolean (value, self->selected != 0);
      break;
    case PROP_HIGHLIGHT:
      g_value_set_uint (value, self->highlight);
      break;
    case PROP_PAUSED:
      g_value_set_boolean (value, self->paused);
      break;
    case PROP_ACTIVE:
      g_value_set_boolean (value, self->active);
      break;
    case PROP_INTERVAL:
      g_value_set_uint (value, self->interval);
      break;
    case PROP_CURSOR:
      g_value_set_int64 (value, self->cursor);
      break;
    case PROP_LABELS:
      g_value_set_boxed (value, self->labels);
      break;
    case PROP_CHANGES:
      g_value_set_boxed (value, self->changes);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
    }
}

static void
atlas_session_set_property (GObject *object, guint property, const GValue *value, GParamSpec *pspec)
{
  AtlasSession *self = ATLAS_SESSION (object);

  switch (property)
    {
    case PROP_PROCFS:
      self->procfs = g_value_dup_boxed (value);
      break;
    case PROP_PID:
      atlas_session_set_pid (self, g_value_get_int (value));
      break;
    case PROP_SELECTED_ADDRESS:
      atlas_session_select (self, g_value_get_uint64 (value));
      break;
    case PROP_HIGHLIGHT:
      atlas_session_set_highlight (self, (AtlasCounter) g_value_get_uint (value));
      break;
    case PROP_PAUSED:
      atlas_session_set_paused (self, g_value_get_boolean (value));
      break;
    case PROP_ACTIVE:
      atlas_session_set_active (self, g_value_get_boolean (value));
      break;
    case PROP_INTERVAL:
      atlas_session_set_interval (self, g_value_get_uint (value));
      break;
    case PROP_CURSOR:
      atlas_session_set_cursor (self, g_value_get_int64 (value));
      break;
    case PROP_LABELS:
      atlas_session_set_labels (self, g_value_get_boxed (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
    }
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  const GParamFlags writable = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, ATLAS_TYPE_SESSION_STATE,
                                              ATLAS_SESSION_EMPTY, readable);
  properties[PROP_SNAPSHOT] =
      g_param_spec_boxed ("snapshot", NULL, NULL, ATLAS_TYPE_SNAPSHOT, readable);
  properties[PROP_PID] = g_param_spec_int ("pid", NULL, NULL, 0, G_MAXINT, 0, writable);
  properties[PROP_PROCFS] = g_param_spec_boxed ("procfs", NULL, NULL, ATLAS_TYPE_PROCFS,
                                                writable | G_PARAM_CONSTRUCT_ONLY);
  properties[PROP_SELECTED_ADDRESS] =
      g_param_spec_uint64 ("selected-address", NULL, NULL, 0, G_MAXUINT64, 0, writable);
  properties[PROP_HAS_SELECTION] =
      g_param_spec_boolean ("has-selection", NULL, NULL, FALSE, readable);
  properties[PROP_HIGHLIGHT] = g_param_spec_uint ("highlight", NULL, NULL, 0, ATLAS_COUNTER_NONE,
                                                  ATLAS_COUNTER_NONE, writable);
  properties[PROP_PAUSED] = g_param_spec_boolean ("paused", NULL, NULL, FALSE, writable);
  properties[PROP_ACTIVE] = g_param_spec_boolean ("active", NULL, NULL, TRUE, writable);
  properties[PROP_INTERVAL] = g_param_spec_uint ("interval", NULL, NULL, LEAST_INTERVAL_MS,
                                                 MOST_INTERVAL_MS, DEFAULT_INTERVAL_MS, writable);
  properties[PROP_CURSOR] = g_param_spec_int64 ("cursor", NULL, NULL, 0, G_MAXINT64, 0, writable);
  properties[PROP_LABELS] = g_param_spec_boxed ("labels", NULL, NULL, ATLAS_TYPE_LABELS, writable);
  properties[PROP_CHANGES] =
      g_param_spec_boxed ("changes", NULL, NULL, ATLAS_TYPE_PAGE_CHANGES, readable);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
atlas_session_class_init (AtlasSessionClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->dispose = atlas_session_dispose;
  object_class->finalize = atlas_session_finalize;
  object_class->get_property = atlas_session_get_property;
  object_class->set_property = atlas_session_set_property;
  install_properties (object_class);

  signals[SIGNAL_FOCUS_CHANGED] = g_signal_new (
      "focus-changed", ATLAS_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_REVEAL] = g_signal_new ("reveal", ATLAS_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT64);
  signals[SIGNAL_SCRUB] = g_signal_new ("scrub", ATLAS_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT64);
  signals[SIGNAL_SAMPLED] = g_signal_new ("sampled", ATLAS_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_MARKED] = g_signal_new ("marked", ATLAS_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 0);
}

static void
atlas_session_init (AtlasSession *self)
{
  self->highlight = ATLAS_COUNTER_NONE;
  self->active = TRUE;
  self->interval = DEFAULT_INTERVAL_MS;
  self->shelf = atlas_history_shelf_new ();
  self->history = atlas_history_new ();
}

AtlasSession *
atlas_session_new (AtlasProcfs *procfs)
{
  g_return_val_if_fail (procfs != NULL, NULL);

  return g_object_new (ATLAS_TYPE_SESSION, "procfs", procfs, NULL);
}

/* Whether choosing @pid would change nothing. One that is gone may be there again. */
static gboolean
is_already_seen (AtlasSession *self, gint pid)
{
  return pid == self->pid
         && (pid == 0 || self->state == ATLAS_SESSION_LOADING || self->state == ATLAS_SESSION_LIVE);
}

void
atlas_session_set_pid (AtlasSession *self, gint pid)
{
  g_return_if_fail (ATLAS_IS_SESSION (self) && pid >= 0);

  if (is_already_seen (self, pid))
    return;
  g_object_freeze_notify (G_OBJECT (self));
  drop_sampler (self);
  clear_snapshots (self);
  atlas_session_select (self, 0);
  atlas_session_set_focus (self, 0, 0);
  if (self->pid != pid)
    {
      self->pid = pid;
      notify (self, PROP_PID);
    }
  if (pid == 0)
    set_state (self, ATLAS_SESSION_EMPTY, NULL);
  else
    open_target (self);
  g_object_thaw_notify (G_OBJECT (self));
}

gint
atlas_session_get_pid (AtlasSession *self)
{
  g_return_val_if_fail (ATLAS_IS_SESSION (self), 0);

  return self->pid;
}

AtlasSessionState
atlas_session_get_state (AtlasSession *self)
{
  g_return_val_if_fail (ATLAS_IS_SESSION (self), ATLAS_SESSION_EMPTY);

  return self->state;
}

const GError *
atlas_session_get_error (AtlasSession *self)
{
  g_return_val_if_fail (ATLAS_IS_SESSION (self), NULL);

  return self->error;
}

AtlasSnapshot *
atlas_session_get_snapshot (AtlasSession *self)
{
  g_return_val_if_fail (ATLAS_IS_SESSION (self), NULL);

  return self->snapshot;
}

AtlasSnapshot *
atlas_session_get_previous (AtlasSession *self)
{
  g_return_val_if_fail (ATLAS_IS_SESSION (self), NULL);

  return self->reference != NULL && self->cursor == 0 ? self->reference : self->previous;
}

/* smaps is read for the selected region with each sample; a selection in another region need not
 * wait for the next one. */
void
atlas_session_select (AtlasSession *self, guint64 address)
{
  const AtlasRegion *before, *now;
  gboolean had_selection;

  g_return_if_fail (ATLAS_IS_SESSION (self));

  if (self->selected == address)
    return;
  before = atlas_session_get_selected_region (self);
  had_selection = self->selected != 0;
  self->selected = address;
  notify (self, PROP_SELECTED_ADDRESS);
  if (had_selection != (address != 0))
    notify (self, PROP_HAS_SELECTION);
  now = atlas_session_get_selected_region (self);
  if (now != NULL && now != before && self->timeout != 0)
    request_sample (self);
}

guint64
atlas_session_get_selected (AtlasSession *self)
{
  g_return_val_if_fail (ATLAS_IS_SESSION (self), 0);

  return self->selected;
}

AtlasRegion *
atlas_session_get_selected_region (AtlasSession *self)
{
  guint index;

  g_return_val_if_fail (ATLAS_IS_SESSION (self), NULL);

  if (self->selected == 0 || self->snapshot == NULL
      || !atlas_snapshot_find (self->snapshot, self->selected, &index))
    return NULL;
  return atlas_snapshot_get_region (self->snapshot, index);
}

void
atlas_session_set_highlight (AtlasSession *self, AtlasCounter counter)
{
  g_return_if_fail (ATLAS_IS_SESSION (self) && counter <= ATLAS_COUNTER_NONE);

  if (self->highlight == counter)
    return;
  self->highlight = counter;
  notify (self, PROP_HIGHLIGHT);
}

AtlasCounter
atlas_session_get_highlight (AtlasSession *self)
{
  g_return_val_if_fail (ATLAS_IS_SESSION (self), ATLAS_COUNTER_NONE);

  return self->highlight;
}

void
atlas_session_set_interval (AtlasSession *self, guint interval_ms)
{
  g_return_if_fail (ATLAS_IS_SESSION (self));

  interval_ms = CLAMP (interval_ms, LEAST_INTERVAL_MS, MOST_INTERVAL_MS);
  if (self->interval == interval_ms)
    return;
  self->interval = interval_ms;
  update_timeout (self);
  notify (self, PROP_INTERVAL);
}

guint
atlas_session_get_interval (AtlasSession *self)
{
  g_return_val_if_fail (ATLAS_IS_SESSION (self), DEFAULT_INTERVAL_MS);

  return self->interval;
}

/* Pause and activity both stop the timeout; starting it again asks at once, for what is shown is
 * old by then. A process chosen while hidden is read once, paused or not. */
static void
restart (AtlasSession *self)
{
  update_timeout (self);
  if (self->timeout != 0 || (self->active && self->state == ATLAS_SESSION_LOADING))
    request_sample (self);
}

void
atlas_session_set_paused (AtlasSession *self, gboolean paused)
{
  g_return_if_fail (ATLAS_IS_SESSION (self));

  paused = !!paused;
  if (self->paused == paused)
    return;
  self->paused = paused;
  restart (self);
  notify (self, PROP_PAUSED);
}

gboolean
atlas_session_get_paused (AtlasSession *self)
{
  g_return_val_if_fail (ATLAS_IS_SESSION (self), FALSE);

  return self->paused;
}

void
atlas_session_set_active (AtlasSession *self, gboolean active)
{
  g_return_if_fail (ATLAS_IS_SESSION (self));

  active = !!active;
  if (self->active == active)
    return;
  self->active = active;
  if (self->sampler != NULL)
    atlas_sampler_set_going_on (self->sampler, active);
  restart (self);
  notify (self, PROP_ACTIVE);
}

void
atlas_session_set_focus (AtlasSession *self, guint64 start, guint64 end)
{
  g_return_if_fail (ATLAS_IS_SESSION (self));

  if (self->focus_start == start && self->focus_end == end)
    return;
  self->focus_start = start;
  self->focus_end = end;
  g_signal_emit (self, signals[SIGNAL_FOCUS_CHANGED], 0);
}

void
atlas_session_get_focus (AtlasSession *self, guint64 *start, guint64 *end)
{
  g_return_if_fail (ATLAS_IS_SESSION (self) && start != NULL && end != NULL);

  *start = self->focus_start;
  *end = self->focus_end;
}

void
atlas_session_reveal (AtlasSession *self, guint64 address)
{
  g_return_if_fail (ATLAS_IS_SESSION (self));

  g_signal_emit (self, signals[SIGNAL_REVEAL], 0, address);
}

void
atlas_session_scrub (AtlasSession *self, guint64 address)
{
  g_return_if_fail (ATLAS_IS_SESSION (self));

  g_signal_emit (self, signals[SIGNAL_SCRUB], 0, address);
}

void
atlas_session_refresh (AtlasSession *self)
{
  g_return_if_fail (ATLAS_IS_SESSION (self));

  request_sample (self);
}

void
atlas_session_set_labels (AtlasSession *self, AtlasLabels *labels)
{
  g_return_if_fail (ATLAS_IS_SESSION (self));

  if (labels != NULL)
    atlas_labels_ref (labels);
  g_clear_pointer (&self->newest_labels, atlas_labels_unref);
  self->newest_labels = labels;
  atlas_history_set_labels (self->history, labels);
  if (self->cursor == 0)
    show_labels (self, labels);
}

AtlasLabels *
atlas_session_get_labels (AtlasSession *self)
{
  g_return_val_if_fail (ATLAS_IS_SESSION (self), NULL);

  return self->labels;
}

void
atlas_session_flash (AtlasSession *self, AtlasSnapshot *before)
{
  g_return_if_fail (ATLAS_IS_SESSION (self));

  set_reference (self, before);
  forget_changes (self);
  self->before = before != NULL ? atlas_snapshot_ref (before) : NULL;
  self->flashed = g_get_monotonic_time ();
}

AtlasSnapshot *
atlas_session_find_whole_before (AtlasSession *self, gint64 monotonic)
{
  g_return_val_if_fail (ATLAS_IS_SESSION (self), NULL);

  return atlas_history_find_whole_before (self->history, monotonic);
}

AtlasPageChanges *
atlas_session_get_changes (AtlasSession *self)
{
  g_return_val_if_fail (ATLAS_IS_SESSION (self), NULL);

  return self->changes;
}

const AtlasHistoryPoint *
atlas_session_get_history (AtlasSession *self, guint *n_points)
{
  g_return_val_if_fail (ATLAS_IS_SESSION (self) && n_points != NULL, NULL);

  return atlas_history_get_points (self->history, n_points);
}

void
atlas_session_add_mark (AtlasSession *self, gint64 monotonic, const char *text)
{
  g_return_if_fail (ATLAS_IS_SESSION (self) && text != NULL);

  atlas_history_add_mark (self->history, monotonic, text);
  g_signal_emit (self, signals[SIGNAL_MARKED], 0);
}

const AtlasHistoryMark *
atlas_session_get_marks (AtlasSession *self, guint *n_marks)
{
  g_return_val_if_fail (ATLAS_IS_SESSION (self) && n_marks != NULL, NULL);

  return atlas_history_get_marks (self->history, n_marks);
}

void
atlas_session_set_cursor (AtlasSession *self, gint64 monotonic)
{
  AtlasSnapshot *snapshot = NULL;
  gint64 cursor;

  g_return_if_fail (ATLAS_IS_SESSION (self) && monotonic >= 0);

  if (monotonic != 0)
    snapshot = atlas_history_find (self->history, monotonic);
  cursor = snapshot != NULL ? atlas_snapshot_get_monotonic (snapshot) : 0;
  if (self->cursor == cursor)
    return;
  self->cursor = cursor;
  g_object_freeze_notify (G_OBJECT (self));
  notify (self, PROP_CURSOR);
  set_changes (self, NULL);
  show (self, snapshot != NULL ? snapshot : self->newest);
  g_object_thaw_notify (G_OBJECT (self));
}

gint64
atlas_session_get_cursor (AtlasSession *self)
{
  g_return_val_if_fail (ATLAS_IS_SESSION (self), 0);

  return self->cursor;
}
