/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the client asks after a command: which allocations there are, where malloc's thresholds are
 * now, which pages are resident, which are locked. Each process is asked for what may have changed,
 * the one that is chosen for its pages as well. */

#include "atlas-lab-private.h"

#include <string.h>

#include "atlas-lab-allocation-private.h"
#include "atlas-smaps.h"

/* An event is told at the latest so long after its command is done. */
#define DEADLINE_MS 1000
#define MOST_SMAPS_BYTES (64 * 1024 * 1024)

typedef struct
{
  guint64 start, end;
} Range;

/* --- locked pages --- */

/* Ranges of the regions whose VmFlags have "lo". */
static void
read_locks (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GArray) ranges = g_array_new (FALSE, FALSE, sizeof (Range));
  AtlasSmapsParser parser;
  AtlasSmaps smaps;

  if (atlas_target_read (data, "smaps", MOST_SMAPS_BYTES, text, NULL))
    {
      atlas_smaps_parser_init (&parser, text->str, text->len);
      while (atlas_smaps_parser_next (&parser, &smaps))
        if (atlas_smaps_has_flag (&smaps, "lo"))
          g_array_append_val (ranges, ((Range){ smaps.start, smaps.end }));
    }
  g_task_return_pointer (task, g_steal_pointer (&ranges), (GDestroyNotify) g_array_unref);
}

static guint64
count_locked (AtlasLabAllocation *allocation, const GArray *ranges)
{
  guint64 start = atlas_lab_allocation_get_start (allocation);
  guint64 length = atlas_lab_allocation_get_length (allocation);
  guint64 n_pages = atlas_lab_allocation_get_n_pages (allocation);
  guint64 locked = 0;

  for (guint i = 0; i < ranges->len && n_pages > 0; i++)
    {
      const Range *range = &g_array_index (ranges, Range, i);
      guint64 first = MAX (start, range->start);
      guint64 end = MIN (start + length, range->end);

      if (first < end)
        locked += (end - first) / (length / n_pages);
    }
  return locked;
}

static void
set_locks (AtlasLab *self, const GArray *ranges)
{
  GListModel *model = atlas_lab_process_get_allocations (self->chosen);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (AtlasLabAllocation) allocation = g_list_model_get_item (model, i);

      atlas_lab_allocation_set_locked_pages (allocation, count_locked (allocation, ranges));
    }
}

static void
locks_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GWeakRef *weak = user_data;
  g_autoptr (AtlasLab) self = g_weak_ref_get (weak);
  g_autoptr (GArray) ranges = g_task_propagate_pointer (G_TASK (result), NULL);

  g_weak_ref_clear (weak);
  g_free (weak);
  if (self == NULL || ranges == NULL || self->chosen == NULL)
    return;
  g_clear_object (&self->round.locks);
  set_locks (self, ranges);
  atlas_lab_pump (self);
}

static gboolean
has_locks (AtlasTarget *target)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_auto (AtlasStatus) status = { 0 };

  return atlas_target_read (target, "status", MOST_SMAPS_BYTES, text, NULL)
         && atlas_status_parse (text->str, text->len, &status, NULL)
         && status.kb[ATLAS_COUNTER_VM_LCK] > 0;
}

/* The kernel walks all pages for smaps, so it is read off the main thread, and only when something
 * is locked at all. */
static void
begin_locks (AtlasLab *self)
{
  AtlasTarget *target = atlas_lab_process_get_target (self->chosen);
  g_autoptr (GArray) none = g_array_new (FALSE, FALSE, sizeof (Range));
  g_autoptr (GTask) task = NULL;
  GWeakRef *weak;

  if (target == NULL || !has_locks (target))
    {
      set_locks (self, none);
      return;
    }
  weak = g_new (GWeakRef, 1);
  g_weak_ref_init (weak, self);
  self->round.locks = g_cancellable_new ();
  task = g_task_new (NULL, self->round.locks, locks_cb, weak);
  g_task_set_task_data (task, atlas_target_ref (target), (GDestroyNotify) atlas_target_unref);
  g_task_run_in_thread (task, read_locks);
}

/* --- rounds --- */

static void
cancel_locks (AtlasLabRound *round)
{
  if (round->locks != NULL)
    g_cancellable_cancel (round->locks);
  g_clear_object (&round->locks);
}

/* An event that waits to be told is told by then. */
static gboolean
deadline_cb (gpointer user_data)
{
  AtlasLab *self = user_data;

  self->round.deadline = 0;
  atlas_lab_pump (self);
  return G_SOURCE_REMOVE;
}

/* A question that is under way stays so: its answer must still be read. */
void
atlas_lab_round_begin (AtlasLab *self)
{
  AtlasLabRound *round = &self->round;

  cancel_locks (round);
  round->open = TRUE;
  round->number++;
  round->has_thresholds = FALSE;
  g_hash_table_remove_all (round->listed);
  if (self->event != NULL && round->deadline == 0)
    round->deadline = g_timeout_add (DEADLINE_MS, deadline_cb, self);
}

void
atlas_lab_round_drop (AtlasLab *self)
{
  AtlasLabRound *round = &self->round;

  cancel_locks (round);
  round->open = FALSE;
  round->asked = ATLAS_LAB_ASK_NOTHING;
  g_clear_object (&round->process);
  g_clear_object (&round->allocation);
  g_clear_handle_id (&round->deadline, g_source_remove);
  g_hash_table_remove_all (round->listed);
}

gboolean
atlas_lab_round_is_open (AtlasLab *self)
{
  return self->round.open || self->round.locks != NULL;
}

/* --- questions --- */

static void
ask (AtlasLab *self, AtlasLabQuestion question, AtlasLabProcess *process, const char *words)
{
  g_autofree char *line = g_strconcat (atlas_lab_process_get_prefix (process), words, NULL);

  self->round.asked = question;
  g_set_object (&self->round.process, process);
  atlas_lab_ask (self, line);
}

/* A process that must be asked what it has, and was not in this round. */
static gboolean
ask_list (AtlasLab *self)
{
  GListModel *model = G_LIST_MODEL (self->processes);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (AtlasLabProcess) process = g_list_model_get_item (model, i);

      if (!atlas_lab_process_get_dirty (process)
          || !g_hash_table_add (self->round.listed,
                                GINT_TO_POINTER (atlas_lab_process_get_pid (process))))
        continue;
      ask (self, ATLAS_LAB_ASK_LIST, process, "list");
      return TRUE;
    }
  return FALSE;
}

static gboolean
ask_thresholds (AtlasLab *self)
{
  if (self->round.has_thresholds)
    return FALSE;
  self->round.has_thresholds = TRUE;
  begin_locks (self);
  ask (self, ATLAS_LAB_ASK_THRESHOLDS, self->chosen, "thresholds");
  return TRUE;
}

static gboolean
ask_mincore (AtlasLab *self)
{
  GListModel *model = atlas_lab_process_get_allocations (self->chosen);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (AtlasLabAllocation) allocation = g_list_model_get_item (model, i);
      g_autofree char *words = NULL;

      if (atlas_lab_allocation_get_round (allocation) == self->round.number)
        continue;
      atlas_lab_allocation_set_round (allocation, self->round.number);
      g_set_object (&self->round.allocation, allocation);
      words = g_strconcat ("mincore ", atlas_lab_allocation_get_id (allocation), NULL);
      ask (self, ATLAS_LAB_ASK_MINCORE, self->chosen, words);
      return TRUE;
    }
  return FALSE;
}

gboolean
atlas_lab_round_ask (AtlasLab *self)
{
  if (!self->round.open || self->chosen == NULL)
    return FALSE;
  if (ask_list (self) || ask_thresholds (self) || ask_mincore (self))
    return TRUE;
  self->round.open = FALSE;
  return self->event != NULL;
}

/* --- answers --- */

static void
take_list (AtlasLab *self, AtlasLabProcess *process, const AtlasLabAnswer *answer)
{
  g_autoptr (GPtrArray) children = NULL;

  if (!answer->ok || atlas_lab_find_process (self, atlas_lab_process_get_name (process)) != process)
    return;
  atlas_lab_process_take_list (process, self->comments, &children);
  atlas_lab_take_children (self, process, children);
}

static void
take_mincore (AtlasLabAllocation *allocation, const AtlasLabAnswer *answer)
{
  guint64 resident = ATLAS_LAB_PAGES_UNKNOWN;

  atlas_lab_answer_get_number (answer, "resident", &resident);
  atlas_lab_allocation_set_resident (allocation, resident);
}

void
atlas_lab_round_take (AtlasLab *self, const AtlasLabAnswer *answer)
{
  AtlasLabRound *round = &self->round;
  AtlasLabQuestion asked = round->asked;
  g_autoptr (AtlasLabProcess) process = g_steal_pointer (&round->process);
  g_autoptr (AtlasLabAllocation) allocation = g_steal_pointer (&round->allocation);

  round->asked = ATLAS_LAB_ASK_NOTHING;
  if (asked == ATLAS_LAB_ASK_LIST)
    take_list (self, process, answer);
  else if (asked == ATLAS_LAB_ASK_THRESHOLDS && process == self->chosen)
    atlas_lab_set_thresholds (self, answer);
  else if (asked == ATLAS_LAB_ASK_MINCORE)
    take_mincore (allocation, answer);
}
