/* SPDX-License-Identifier: GPL-3.0-or-later */

/* All that is known of a step is brought together: what the processes were before and after it,
 * what the commands were answered, which calls were traced, and where the lab's allocations lie. */

#include "atlas-config.h"

#include "atlas-lesson-gather.h"

#include "atlas-error.h"

GHashTable *
atlas_lesson_readings_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                (GDestroyNotify) atlas_lesson_reading_unref);
}

/* --- reading --- */

typedef struct
{
  AtlasProcfs *procfs;
  GPtrArray *names; /* of char * */
  GArray *pids;     /* of gint */
} Request;

static void
free_request (Request *request)
{
  atlas_procfs_unref (request->procfs);
  g_ptr_array_unref (request->names);
  g_array_unref (request->pids);
  g_free (request);
}

static Request *
make_request (AtlasLab *lab)
{
  GListModel *processes = atlas_lab_get_processes (lab);
  Request *request = g_new0 (Request, 1);

  request->procfs = atlas_procfs_ref (atlas_lab_get_procfs (lab));
  request->names = g_ptr_array_new_with_free_func (g_free);
  request->pids = g_array_new (FALSE, FALSE, sizeof (gint));
  for (guint i = 0; i < g_list_model_get_n_items (processes); i++)
    {
      g_autoptr (AtlasLabProcess) process = g_list_model_get_item (processes, i);
      gint pid = atlas_lab_process_get_pid (process);

      g_ptr_array_add (request->names, g_strdup (atlas_lab_process_get_name (process)));
      g_array_append_val (request->pids, pid);
    }
  return request;
}

static AtlasLessonReading *
read_process (AtlasProcfs *procfs, gint pid, GCancellable *cancellable, GError **error)
{
  g_autoptr (AtlasTarget) target = atlas_target_new (procfs, pid, error);

  return target != NULL ? atlas_lesson_reading_take (target, cancellable, error) : NULL;
}

static void
read_cb (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Request *request = data;
  g_autoptr (GHashTable) readings = atlas_lesson_readings_new ();

  for (guint i = 0; i < request->names->len; i++)
    {
      g_autoptr (GError) error = NULL;
      AtlasLessonReading *reading = read_process (
          request->procfs, g_array_index (request->pids, gint, i), cancellable, &error);

      if (reading != NULL)
        g_hash_table_insert (readings, g_strdup (g_ptr_array_index (request->names, i)), reading);
      else if (!g_error_matches (error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_GONE))
        {
          g_task_return_error (task, g_steal_pointer (&error));
          return;
        }
    }
  g_task_return_pointer (task, g_steal_pointer (&readings), (GDestroyNotify) g_hash_table_unref);
}

void
atlas_lesson_gather_readings (AtlasLab *lab,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_task_data (task, make_request (lab), (GDestroyNotify) free_request);
  g_task_run_in_thread (task, read_cb);
}

GHashTable *
atlas_lesson_gather_readings_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- facts --- */

static void
add_processes (AtlasLessonFacts *facts, GHashTable *before, GHashTable *after)
{
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, after);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    atlas_lesson_facts_add_process (facts, name);
  g_hash_table_iter_init (&iter, before);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    atlas_lesson_facts_add_process (facts, name);
  for (guint i = 0; i < facts->processes->len; i++)
    {
      AtlasLessonProcess *process = g_ptr_array_index (facts->processes, i);

      atlas_lesson_process_set_readings (process, g_hash_table_lookup (before, process->name),
                                         g_hash_table_lookup (after, process->name));
    }
}

static const char *
get_how (AtlasLabAllocation *allocation)
{
  if (atlas_lab_allocation_get_arena (allocation) == NULL)
    return NULL;
  switch (atlas_lab_allocation_get_how (allocation))
    {
    case ATLAS_LAB_HOW_NONE:
      return ATLAS_LESSON_FREE;
    case ATLAS_LAB_HOW_BRK:
      return ATLAS_LESSON_BRK;
    case ATLAS_LAB_HOW_MMAP:
      return ATLAS_LESSON_MMAP;
    case ATLAS_LAB_HOW_ARENA:
      return ATLAS_LESSON_ARENA;
    case ATLAS_LAB_HOW_UNKNOWN:
      break;
    }
  return NULL;
}

static void
add_range (AtlasLessonProcess *process, AtlasSnapshot *snapshot, AtlasLabAllocation *allocation)
{
  AtlasLessonRange *range =
      atlas_lesson_process_add_range (process, atlas_lab_allocation_get_id (allocation));
  guint64 resident = atlas_lab_allocation_get_resident (allocation);

  if (resident != ATLAS_LAB_PAGES_UNKNOWN)
    range->mincore = resident;
  range->how = get_how (allocation);
  atlas_lesson_range_count (range, snapshot, atlas_lab_allocation_get_start (allocation),
                            atlas_lab_allocation_get_length (allocation));
}

/* A process that could not be read any more has nothing that pages could be counted of. */
static void
add_ranges (AtlasLessonFacts *facts, GHashTable *after, AtlasLabProcess *lab_process)
{
  const char *name = atlas_lab_process_get_name (lab_process);
  const AtlasLessonReading *reading = g_hash_table_lookup (after, name);
  GListModel *allocations = atlas_lab_process_get_allocations (lab_process);
  AtlasLessonProcess *process = atlas_lesson_facts_find (facts, name);

  if (reading == NULL || process == NULL)
    return;
  for (guint i = 0; i < g_list_model_get_n_items (allocations); i++)
    {
      g_autoptr (AtlasLabAllocation) allocation = g_list_model_get_item (allocations, i);

      add_range (process, reading->snapshot, allocation);
    }
}

static AtlasLessonAnswer *
add_answer (AtlasLessonProcess *process, AtlasLabEvent *event)
{
  AtlasLessonAnswer *answer =
      atlas_lesson_process_add_answer (process, atlas_lab_event_get_command (event));
  const char *ending = atlas_lab_event_get_ending (event);
  const char *problem = atlas_lab_event_get_error_text (event);

  answer->ok = atlas_lab_event_get_ok (event);
  answer->refused = atlas_lab_event_is_refused (event);
  if (!answer->ok)
    {
      const char *name = atlas_lab_event_get_error_name (event);

      answer->error_name = g_strdup (name != NULL ? name : "?");
      answer->error_text = g_strdup (ending != NULL ? ending : problem);
    }
  answer->minor_faults = atlas_lab_event_get_minor_faults (event);
  answer->major_faults = atlas_lab_event_get_major_faults (event);
  return answer;
}

/* The fields that the step asks for. */
static void
add_fields (AtlasLessonAnswer *answer, const AtlasLessonStep *step, AtlasLabEvent *event)
{
  for (guint i = 0; i < step->expectations->len; i++)
    {
      const AtlasExpectation *expectation = g_ptr_array_index (step->expectations, i);
      const char *value = expectation->kind == ATLAS_EXPECT_ANSWER
                              ? atlas_lab_event_get_field (event, expectation->name)
                              : NULL;

      if (value != NULL)
        g_hash_table_insert (answer->fields, g_strdup (expectation->name), g_strdup (value));
    }
}

static void
add_calls (AtlasLessonProcess *process, AtlasLabEvent *event)
{
  GPtrArray *calls = atlas_lab_event_get_calls (event);

  for (guint i = 0; i < calls->len; i++)
    {
      const AtlasLabCall *call = g_ptr_array_index (calls, i);

      if (call->kind == ATLAS_LAB_CALL_SYSTEM && call->pid == atlas_lab_event_get_pid (event))
        atlas_lesson_process_add_call (process, call->name, call->error);
    }
}

static void
add_event (AtlasLessonFacts *facts, const AtlasLessonStep *step, AtlasLabEvent *event)
{
  AtlasLessonProcess *process =
      atlas_lesson_facts_add_process (facts, atlas_lab_event_get_process (event));

  add_fields (add_answer (process, event), step, event);
  add_calls (process, event);
}

AtlasLessonFacts *
atlas_lesson_gather_facts (AtlasLab *lab,
                           const AtlasLessonStep *step,
                           GHashTable *before,
                           GHashTable *after,
                           GPtrArray *events)
{
  GListModel *processes = atlas_lab_get_processes (lab);
  AtlasLessonFacts *facts = atlas_lesson_facts_new ();

  facts->trace_problem = g_strdup (atlas_lab_get_trace_problem (lab));
  add_processes (facts, before, after);
  for (guint i = 0; i < g_list_model_get_n_items (processes); i++)
    {
      g_autoptr (AtlasLabProcess) process = g_list_model_get_item (processes, i);

      add_ranges (facts, after, process);
    }
  for (guint i = 0; i < events->len; i++)
    add_event (facts, step, g_ptr_array_index (events, i));
  return facts;
}
