/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The finished snapshot: looking things up in it. How it is taken is in atlas-snapshot-take.c. */

#include "atlas-snapshot-private.h"

#include <string.h>
#include <unistd.h>

#define MANY_REGIONS 2000
/* More than a snapshot of 60,000 regions takes. */
#define LARGE_BLOCK ((gsize) 16 << 20)

/* Written out, since G_DEFINE_BOXED_TYPE is not ISO C. */
GType
atlas_snapshot_get_type (void)
{
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type,
                       g_boxed_type_register_static (g_intern_static_string ("AtlasSnapshot"),
                                                     (GBoxedCopyFunc) atlas_snapshot_ref,
                                                     (GBoxedFreeFunc) atlas_snapshot_unref));
  return type;
}

AtlasSnapshot *
atlas_snapshot_new (AtlasTarget *target)
{
  AtlasSnapshot *self = g_new0 (AtlasSnapshot, 1);

  g_atomic_ref_count_init (&self->references);
  g_mutex_init (&self->lock);
  self->time = g_get_real_time ();
  self->monotonic = g_get_monotonic_time ();
  self->pid = atlas_target_get_pid (target);
  self->start_time = atlas_target_get_start_time (target);
  self->page_size = (guint64) sysconf (_SC_PAGESIZE);
  self->regions = g_ptr_array_new_with_free_func ((GDestroyNotify) atlas_region_unref);
  self->limits = g_atomic_rc_box_new0 (AtlasLimits);
  atlas_page_ages_init (&self->ages, 0);
  self->problems = g_ptr_array_new_with_free_func (g_free);
  self->complete = TRUE;
  return self;
}

AtlasSnapshot *
atlas_snapshot_ref (AtlasSnapshot *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->references);
  return self;
}

static void
free_snapshot (AtlasSnapshot *self)
{
  g_free (self->name);
  g_free (self->command);
  g_free (self->user);
  g_free (self->tracer);
  atlas_status_clear (&self->status);
  g_atomic_rc_box_release_full (self->limits, (GDestroyNotify) atlas_limits_clear);
  g_clear_pointer (&self->system, atlas_system_free);
  g_clear_pointer (&self->maps, g_bytes_unref);
  atlas_page_ages_clear (&self->ages);
  g_clear_pointer (&self->sums, g_atomic_rc_box_release);
  g_ptr_array_unref (self->regions);
  g_ptr_array_unref (self->problems);
  g_free (self->smaps);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static void
free_in_thread (gpointer data, gpointer user_data)
{
  free_snapshot (data);
}

/* What one snapshot of many regions gave back the next one wants again, so malloc had better not
 * return it to the system: that costs a page fault for each page. glibc's learns from a large block
 * that is given back what sizes come and go, and keeps up to twice as much from then on; the user's
 * own settings stand. Of this block nothing is ever touched. Source: mallopt(3), M_MMAP_THRESHOLD.
 */
static void
keep_freed_memory (void)
{
  g_free (g_malloc (LARGE_BLOCK));
}

/* Giving back tens of thousands of regions takes a frame's time, so it is not done where the last
 * reference happens to go: that is mostly the main thread. */
static void
free_elsewhere (AtlasSnapshot *self)
{
  static GThreadPool *pool = NULL;

  if (g_once_init_enter (&pool))
    {
      keep_freed_memory ();
      g_once_init_leave (&pool, g_thread_pool_new (free_in_thread, NULL, 1, FALSE, NULL));
    }
  g_thread_pool_push (pool, self, NULL);
}

void
atlas_snapshot_unref (AtlasSnapshot *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->references))
    return;
  if (self->regions->len > MANY_REGIONS)
    free_elsewhere (self);
  else
    free_snapshot (self);
}

void
atlas_snapshot_take_problem (AtlasSnapshot *self, char *sentence, gboolean complete)
{
  g_ptr_array_add (self->problems, sentence);
  if (!complete)
    self->complete = FALSE;
}

static void
add_region (AtlasSnapshot *self,
            const AtlasRegion *region,
            AtlasPagesTally *tally,
            gboolean take_away)
{
  const AtlasPageCounts *counts = atlas_pages_tally (tally, region->pages);

  atlas_page_counts_add (&self->counts, counts, take_away);
  atlas_page_counts_add (&self->kind_counts[region->kind], counts, take_away);
  atlas_counter_add_region (region, counts, take_away, self->counter_pages);
}

typedef void (*DifferenceFunc) (AtlasRegion *now, AtlasRegion *before, gpointer data);

/* Calls @func for what is in one of the two alone, or is not the same in both: @now and @before
 * begin at the same address, or one of them is NULL. */
static void
for_each_difference (GPtrArray *now, GPtrArray *before, DifferenceFunc func, gpointer data)
{
  guint n_before = before != NULL ? before->len : 0;

  for (guint i = 0, j = 0; i < now->len || j < n_before;)
    {
      AtlasRegion *one = i < now->len ? now->pdata[i] : NULL;
      AtlasRegion *other = j < n_before ? before->pdata[j] : NULL;

      if (one != other && one != NULL && other != NULL && one->start != other->start)
        {
          if (one->start < other->start)
            other = NULL;
          else
            one = NULL;
        }
      if (one != other)
        func (one, other, data);
      i += one != NULL;
      j += other != NULL;
    }
}

/* What is added up over regions. */
typedef struct
{
  AtlasSnapshot *snapshot;
  gsize bytes;
  const AtlasPages *below; /* of the region before in address order, which may share its pages */
  AtlasPagesTally before, now;
} Weighing;

static void
weigh (Weighing *weighing, const AtlasRegion *now, const AtlasRegion *before)
{
  if (now == NULL)
    return;
  weighing->bytes += sizeof *now;
  if ((before == NULL || before->pages != now->pages) && now->pages != weighing->below)
    weighing->bytes += atlas_pages_get_memory (now->pages);
  weighing->below = now->pages;
}

static void
sum_difference (AtlasRegion *now, AtlasRegion *before, gpointer data)
{
  Weighing *weighing = data;

  weigh (weighing, now, before);
  if (before != NULL)
    add_region (weighing->snapshot, before, &weighing->before, TRUE);
  if (now != NULL)
    add_region (weighing->snapshot, now, &weighing->now, FALSE);
}

static void
start_from (AtlasSnapshot *self, const AtlasSnapshot *previous)
{
  self->counts = previous->counts;
  memcpy (self->kind_counts, previous->kind_counts, sizeof self->kind_counts);
  memcpy (self->counter_pages, previous->counter_pages, sizeof self->counter_pages);
  self->previous_monotonic = previous->monotonic;
}

static gsize
weigh_itself (const AtlasSnapshot *self, const AtlasSnapshot *before)
{
  gboolean same = before != NULL && before->regions == self->regions;

  return sizeof *self + self->ages.parts->len * sizeof (AtlasPageAge)
         + (same ? 0
                 : self->regions->len * sizeof (gpointer)
                       + atlas_region_sums_get_memory (self->regions->len));
}

/* Whether some region lies in part @index of the ages. */
static gboolean
holds_region (AtlasSnapshot *self, guint index)
{
  guint64 start = g_array_index (self->ages.parts, AtlasPageAge, index).start;
  guint at;

  return atlas_snapshot_find (self, start, &at)
         || (at < self->regions->len
             && atlas_snapshot_get_region (self, at)->start
                    < atlas_page_ages_get_end (&self->ages, index));
}

void
atlas_snapshot_note_oldest (AtlasSnapshot *self)
{
  self->oldest = 0;
  for (guint i = 0; i < self->ages.parts->len; i++)
    {
      gint64 time = g_array_index (self->ages.parts, AtlasPageAge, i).time;

      if (time != 0 && (self->oldest == 0 || time < self->oldest) && holds_region (self, i))
        self->oldest = time;
    }
}

void
atlas_snapshot_publish (AtlasSnapshot *self, AtlasSnapshot *previous)
{
  Weighing weighing = { .snapshot = self, .bytes = weigh_itself (self, previous) };

  if (previous != NULL)
    start_from (self, previous);
  if (previous == NULL || previous->regions != self->regions)
    for_each_difference (self->regions, previous != NULL ? previous->regions : NULL, sum_difference,
                         &weighing);
  self->own_bytes = weighing.bytes;
  self->sums = atlas_region_sums_new (self->regions, previous != NULL ? previous->regions : NULL,
                                      previous != NULL ? previous->sums : NULL);
  atlas_snapshot_note_oldest (self);
  g_ptr_array_add (self->problems, NULL);
  self->duration = g_get_monotonic_time () - self->monotonic;
}

static void
weigh_difference (AtlasRegion *now, AtlasRegion *before, gpointer data)
{
  weigh (data, now, before);
}

gsize
atlas_snapshot_get_memory (AtlasSnapshot *self, AtlasSnapshot *before)
{
  Weighing weighing = { 0 };

  g_return_val_if_fail (self != NULL, 0);

  if ((before != NULL ? before->monotonic : 0) == self->previous_monotonic)
    return self->own_bytes;
  weighing.bytes = weigh_itself (self, before);
  for_each_difference (self->regions, before != NULL ? before->regions : NULL, weigh_difference,
                       &weighing);
  return weighing.bytes;
}

gint64
atlas_snapshot_get_pages_time (AtlasSnapshot *self, guint index)
{
  const AtlasRegion *region;

  g_return_val_if_fail (self != NULL && index < self->regions->len, 0);

  region = g_ptr_array_index (self->regions, index);
  return atlas_page_ages_get_oldest (&self->ages, region->start, region->end);
}

static gint64
get_age (const AtlasSnapshot *self, gint64 time)
{
  if (time == 0)
    return self->unfinished ? ATLAS_AGE_UNREAD : ATLAS_AGE_UNKNOWN;
  return MAX (self->monotonic - time, 0);
}

gint64
atlas_snapshot_get_age (AtlasSnapshot *self, guint64 start, guint64 end)
{
  g_return_val_if_fail (self != NULL && start < end, ATLAS_AGE_UNKNOWN);

  return get_age (self, atlas_page_ages_get_oldest (&self->ages, start, end));
}

gint64
atlas_snapshot_get_oldest_age (AtlasSnapshot *self)
{
  g_return_val_if_fail (self != NULL, ATLAS_AGE_UNKNOWN);

  return get_age (self, self->oldest);
}

/* Samples that take longer than they are apart follow one another without a pause. What the sample
 * before last has read is then about twice as old as one takes; an eighth more, or it would be old
 * in one sample and not in the next, as they come a little late or early. */
gboolean
atlas_snapshot_is_old (AtlasSnapshot *self, gint64 age)
{
  gint64 apart;

  g_return_val_if_fail (self != NULL, FALSE);

  apart = MAX (self->interval, self->duration);
  return age > 2 * apart + apart / 8;
}

gboolean
atlas_snapshot_is_unfinished (AtlasSnapshot *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->unfinished;
}

gint64
atlas_snapshot_get_walk_time (AtlasSnapshot *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->walk_time;
}

gint64
atlas_snapshot_get_duration (AtlasSnapshot *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->duration;
}

gint
atlas_snapshot_get_pid (AtlasSnapshot *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->pid;
}

guint64
atlas_snapshot_get_start_time (AtlasSnapshot *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->start_time;
}

gdouble
atlas_snapshot_get_start_epoch (AtlasSnapshot *self)
{
  g_return_val_if_fail (self != NULL, 0.0);

  return self->start_epoch;
}

AtlasAccess
atlas_snapshot_get_access (AtlasSnapshot *self)
{
  g_return_val_if_fail (self != NULL, ATLAS_ACCESS_DENIED);

  return self->access;
}

const char *
atlas_snapshot_get_name (AtlasSnapshot *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->name;
}

const char *
atlas_snapshot_get_command (AtlasSnapshot *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->command;
}

const char *
atlas_snapshot_get_user (AtlasSnapshot *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->user;
}

const char *
atlas_snapshot_get_tracer (AtlasSnapshot *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->tracer;
}

const AtlasStatus *
atlas_snapshot_get_status (AtlasSnapshot *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return &self->status;
}

const AtlasStat *
atlas_snapshot_get_stat (AtlasSnapshot *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return &self->stat;
}

const AtlasLimits *
atlas_snapshot_get_limits (AtlasSnapshot *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->limits;
}

const AtlasSystem *
atlas_snapshot_get_system (AtlasSnapshot *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->system;
}

guint
atlas_snapshot_get_n_regions (AtlasSnapshot *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->regions->len;
}

AtlasRegion *
atlas_snapshot_get_region (AtlasSnapshot *self, guint index)
{
  g_return_val_if_fail (self != NULL && index < self->regions->len, NULL);

  return g_ptr_array_index (self->regions, index);
}

AtlasRegionSum
atlas_snapshot_add_up (AtlasSnapshot *self, guint first, guint n)
{
  const AtlasRegionSum nothing = { 0 };

  g_return_val_if_fail (self != NULL, nothing);
  g_return_val_if_fail (first <= self->regions->len && n <= self->regions->len - first, nothing);

  return atlas_region_sums_add_up (self->sums, self->regions, first, n);
}

gboolean
atlas_snapshot_has_same_regions (AtlasSnapshot *self, AtlasSnapshot *other)
{
  g_return_val_if_fail (self != NULL && other != NULL, FALSE);

  return self == other || (self->reading != 0 && self->reading == other->reading);
}

gboolean
atlas_snapshot_find (AtlasSnapshot *self, guint64 address, guint *index)
{
  guint low = 0;
  guint high;

  g_return_val_if_fail (self != NULL, FALSE);

  high = self->regions->len;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      const AtlasRegion *region = g_ptr_array_index (self->regions, middle);

      if (region->end <= address)
        low = middle + 1;
      else
        high = middle;
    }
  if (index != NULL)
    *index = low;
  return low < self->regions->len
         && ((const AtlasRegion *) g_ptr_array_index (self->regions, low))->start <= address;
}

void
atlas_snapshot_count_range (AtlasSnapshot *self,
                            guint64 start,
                            guint64 end,
                            AtlasPageCounts *counts)
{
  guint index;

  g_return_if_fail (self != NULL && counts != NULL && start <= end);

  *counts = (AtlasPageCounts){ 0 };
  atlas_snapshot_find (self, start, &index);
  for (; index < self->regions->len; index++)
    {
      const AtlasRegion *region = g_ptr_array_index (self->regions, index);
      guint64 from = MAX (start, region->start);
      guint64 to = MIN (end, region->end);
      AtlasPageCounts part;

      if (from >= to)
        break;
      atlas_pages_count (region->pages, (from - region->start) / self->page_size,
                         (to - from) / self->page_size, &part);
      atlas_page_counts_add (counts, &part, FALSE);
    }
}

const AtlasPageCounts *
atlas_snapshot_get_counts (AtlasSnapshot *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return &self->counts;
}

const AtlasPageCounts *
atlas_snapshot_get_kind_counts (AtlasSnapshot *self, AtlasKind kind)
{
  g_return_val_if_fail (self != NULL && kind < ATLAS_N_KINDS, NULL);

  return &self->kind_counts[kind];
}

guint64
atlas_snapshot_count (AtlasSnapshot *self, AtlasCounter counter)
{
  g_return_val_if_fail (self != NULL && counter < ATLAS_N_COUNTERS, 0);

  return self->counter_pages[counter];
}

const AtlasSmaps *
atlas_snapshot_get_smaps (AtlasSnapshot *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->smaps;
}

gint64
atlas_snapshot_get_time (AtlasSnapshot *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->time;
}

gint64
atlas_snapshot_get_monotonic (AtlasSnapshot *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->monotonic;
}

guint64
atlas_snapshot_get_page_size (AtlasSnapshot *self)
{
  g_return_val_if_fail (self != NULL, 1);

  return self->page_size;
}

AtlasPageState
atlas_snapshot_get_told (AtlasSnapshot *self)
{
  g_return_val_if_fail (self != NULL, ATLAS_PAGE_ABSENT);

  return self->told;
}

gboolean
atlas_snapshot_is_complete (AtlasSnapshot *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->complete;
}

const char *const *
atlas_snapshot_get_problems (AtlasSnapshot *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return (const char *const *) self->problems->pdata;
}
