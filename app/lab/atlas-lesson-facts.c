/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From what was read to what expectations ask for. */

#include "atlas-config.h"

#include "atlas-lesson-facts.h"

#include <string.h>

static void
free_answer (AtlasLessonAnswer *answer)
{
  g_free (answer->command);
  g_free (answer->error_name);
  g_free (answer->error_text);
  g_hash_table_unref (answer->fields);
  g_free (answer);
}

static void
free_call (AtlasLessonCall *call)
{
  g_free (call->name);
  g_free (call->error);
  g_free (call);
}

static void
free_range (AtlasLessonRange *range)
{
  g_free (range->id);
  g_free (range);
}

static void
free_process (AtlasLessonProcess *process)
{
  g_free (process->name);
  atlas_status_clear (&process->before);
  atlas_status_clear (&process->after);
  atlas_limits_clear (&process->limits);
  g_ptr_array_unref (process->regions);
  g_ptr_array_unref (process->answers);
  g_ptr_array_unref (process->calls);
  g_ptr_array_unref (process->ranges);
  g_free (process);
}

AtlasLessonFacts *
atlas_lesson_facts_new (void)
{
  AtlasLessonFacts *self = g_new0 (AtlasLessonFacts, 1);

  self->processes = g_ptr_array_new_with_free_func ((GDestroyNotify) free_process);
  return self;
}

void
atlas_lesson_facts_free (AtlasLessonFacts *self)
{
  g_ptr_array_unref (self->processes);
  g_free (self->trace_problem);
  g_free (self);
}

AtlasLessonProcess *
atlas_lesson_facts_find (const AtlasLessonFacts *self, const char *process)
{
  for (guint i = 0; i < self->processes->len; i++)
    {
      AtlasLessonProcess *candidate = g_ptr_array_index (self->processes, i);

      if (g_str_equal (candidate->name, process))
        return candidate;
    }
  return NULL;
}

AtlasLessonProcess *
atlas_lesson_facts_add_process (AtlasLessonFacts *self, const char *process)
{
  AtlasLessonProcess *added = atlas_lesson_facts_find (self, process);

  if (added != NULL)
    return added;
  added = g_new0 (AtlasLessonProcess, 1);
  added->name = g_strdup (process);
  added->regions = g_ptr_array_new_with_free_func (g_free);
  added->answers = g_ptr_array_new_with_free_func ((GDestroyNotify) free_answer);
  added->calls = g_ptr_array_new_with_free_func ((GDestroyNotify) free_call);
  added->ranges = g_ptr_array_new_with_free_func ((GDestroyNotify) free_range);
  g_ptr_array_add (self->processes, added);
  return added;
}

AtlasLessonAnswer *
atlas_lesson_process_add_answer (AtlasLessonProcess *self, const char *command)
{
  AtlasLessonAnswer *answer = g_new0 (AtlasLessonAnswer, 1);

  answer->command = g_strdup (command);
  answer->fields = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_ptr_array_add (self->answers, answer);
  return answer;
}

void
atlas_lesson_process_add_call (AtlasLessonProcess *self, const char *name, const char *error)
{
  AtlasLessonCall *call = g_new0 (AtlasLessonCall, 1);

  call->name = g_strdup (name);
  call->error = g_strdup (error);
  g_ptr_array_add (self->calls, call);
}

AtlasLessonRange *
atlas_lesson_process_add_range (AtlasLessonProcess *self, const char *id)
{
  AtlasLessonRange *range = g_new0 (AtlasLessonRange, 1);

  range->id = g_strdup (id);
  range->mincore = G_MAXUINT64;
  g_ptr_array_add (self->ranges, range);
  return range;
}

AtlasLessonRange *
atlas_lesson_process_find_range (const AtlasLessonProcess *self, const char *id)
{
  for (guint i = 0; i < self->ranges->len; i++)
    {
      AtlasLessonRange *range = g_ptr_array_index (self->ranges, i);

      if (g_str_equal (range->id, id))
        return range;
    }
  return NULL;
}

/* --- from snapshots --- */

static void
take_after (AtlasLessonProcess *self, AtlasSnapshot *after)
{
  self->has_after = TRUE;
  atlas_status_copy (atlas_snapshot_get_status (after), &self->after);
  atlas_limits_copy (atlas_snapshot_get_limits (after), &self->limits);
  self->told = atlas_snapshot_get_told (after);
  self->has_regions = atlas_snapshot_get_access (after) == ATLAS_ACCESS_FULL;
  for (guint i = 0; i < atlas_snapshot_get_n_regions (after); i++)
    g_ptr_array_add (self->regions,
                     atlas_region_dup_full_name (atlas_snapshot_get_region (after, i)));
}

void
atlas_lesson_process_set_readings (AtlasLessonProcess *self,
                                   const AtlasLessonReading *before,
                                   const AtlasLessonReading *after)
{
  g_return_if_fail (!self->has_before && !self->has_after);

  if (before != NULL)
    {
      self->has_before = TRUE;
      atlas_status_copy (atlas_snapshot_get_status (before->snapshot), &self->before);
    }
  if (after != NULL)
    take_after (self, after->snapshot);
  self->has_exact = before != NULL && after != NULL && before->has_exact && after->has_exact;
  if (self->has_exact)
    {
      memcpy (self->exact_before, before->exact, sizeof before->exact);
      memcpy (self->exact_after, after->exact, sizeof after->exact);
    }
}

/* A part of one region. */
static void
count_part (AtlasLessonRange *range,
            const AtlasRegion *region,
            guint64 start,
            guint64 end,
            guint64 page_size)
{
  guint64 first = (start - region->start) / page_size;
  AtlasPageCounts counts;

  atlas_pages_count (region->pages, first, (end - start) / page_size, &counts);
  atlas_page_counts_add (&range->pages, &counts, FALSE);
  if (region->kind == ATLAS_KIND_HEAP || region->kind == ATLAS_KIND_ANONYMOUS
      || region->kind == ATLAS_KIND_STACK || region->kind == ATLAS_KIND_THREAD_STACK)
    range->is_anonymous = TRUE;
  if (region->locked == ATLAS_LOCKED_UNKNOWN && range->locked == ATLAS_LOCKED_YES)
    range->locked = ATLAS_LOCKED_UNKNOWN;
  else if (region->locked == ATLAS_LOCKED_NO)
    range->locked = ATLAS_LOCKED_NO;
}

void
atlas_lesson_range_count (AtlasLessonRange *range,
                          AtlasSnapshot *snapshot,
                          guint64 start,
                          guint64 length)
{
  guint64 page_size = atlas_snapshot_get_page_size (snapshot);
  guint64 end = start + length;
  guint index;

  range->n_pages = length / page_size;
  range->locked = ATLAS_LOCKED_YES;
  atlas_snapshot_find (snapshot, start, &index);
  for (; index < atlas_snapshot_get_n_regions (snapshot); index++)
    {
      AtlasRegion *region = atlas_snapshot_get_region (snapshot, index);

      if (region->start >= end)
        break;
      count_part (range, region, MAX (start, region->start), MIN (end, region->end), page_size);
    }
  if (range->pages.pages < range->n_pages)
    range->locked = ATLAS_LOCKED_NO;
}
