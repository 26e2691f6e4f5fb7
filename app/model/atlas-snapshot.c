/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The finished snapshot: looking things up in it. How it is taken is in atlas-snapshot-take.c. */

#include "atlas-snapshot-private.h"

#include <unistd.h>

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
  atlas_status_clear (&self->status);
  atlas_limits_clear (&self->limits);
  g_clear_pointer (&self->system, atlas_system_free);
  g_clear_pointer (&self->maps, g_bytes_unref);
  g_ptr_array_unref (self->regions);
  g_ptr_array_unref (self->problems);
  g_free (self->smaps);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
atlas_snapshot_unref (AtlasSnapshot *self)
{
  g_return_if_fail (self != NULL);

  if (g_atomic_ref_count_dec (&self->references))
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
add_counts (AtlasPageCounts *sum, const AtlasPageCounts *counts)
{
  sum->pages += counts->pages;
  sum->resident += counts->resident;
  sum->swapped += counts->swapped;
  sum->zero += counts->zero;
  sum->huge += counts->huge;
  sum->file += counts->file;
  sum->shared += counts->shared;
  sum->exclusive += counts->exclusive;
  sum->unknown += counts->unknown;
}

void
atlas_snapshot_publish (AtlasSnapshot *self)
{
  for (guint i = 0; i < self->regions->len; i++)
    {
      const AtlasRegion *region = g_ptr_array_index (self->regions, i);
      AtlasPageCounts counts;

      atlas_pages_count_all (region->pages, &counts);
      add_counts (&self->counts, &counts);
      add_counts (&self->kind_counts[region->kind], &counts);
    }
  g_ptr_array_add (self->problems, NULL);
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

  return &self->limits;
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

static guint64
count_all_regions (const AtlasSnapshot *self, AtlasCounter counter)
{
  guint64 n_pages = 0;

  for (guint i = 0; i < self->regions->len; i++)
    {
      const AtlasRegion *region = g_ptr_array_index (self->regions, i);

      n_pages += atlas_counter_count_pages (counter, region, 0,
                                            atlas_region_get_n_pages (region, self->page_size));
    }
  return n_pages;
}

guint64
atlas_snapshot_count (AtlasSnapshot *self, AtlasCounter counter)
{
  guint64 n_pages;

  g_return_val_if_fail (self != NULL && counter < ATLAS_N_COUNTERS, 0);

  g_mutex_lock (&self->lock);
  if (!(self->counted >> counter & 1u))
    {
      self->counter_pages[counter] = count_all_regions (self, counter);
      self->counted |= 1u << counter;
    }
  n_pages = self->counter_pages[counter];
  g_mutex_unlock (&self->lock);
  return n_pages;
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
