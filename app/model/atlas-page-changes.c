/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Two walks, one inside the other: over the regions of both snapshots in address order, and where
 * two lie over one another and do not share their pages, over the runs of both. */

#include "atlas-config.h"

#include "atlas-page-changes.h"

#include <glib/gi18n-lib.h>

#include "atlas-format.h"

#define SHARING (ATLAS_PAGE_SHARED | ATLAS_PAGE_EXCLUSIVE)

struct _AtlasPageChanges
{
  gatomicrefcount references;
  GArray *ranges; /* AtlasChangedRange */
  guint64 n_pages[ATLAS_N_CHANGES];
};

/* Bits that both snapshots could tell wherever they looked. */
typedef struct
{
  AtlasPageChanges *changes;
  guint64 page_size;
  AtlasPageState told;
} Comparison;

/* A region's runs, from a page on. */
typedef struct
{
  const AtlasRegion *region;
  const AtlasRun *runs;
  guint n_runs, run;
} Walk;

/* Written out, since G_DEFINE_BOXED_TYPE is not ISO C. */
GType
atlas_page_changes_get_type (void)
{
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type,
                       g_boxed_type_register_static (g_intern_static_string ("AtlasPageChanges"),
                                                     (GBoxedCopyFunc) atlas_page_changes_ref,
                                                     (GBoxedFreeFunc) atlas_page_changes_unref));
  return type;
}

AtlasPageChanges *
atlas_page_changes_ref (AtlasPageChanges *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
atlas_page_changes_unref (AtlasPageChanges *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_array_unref (self->ranges);
  g_free (self);
}

static void
add_range (Comparison *comparison, guint64 start, guint64 end, AtlasChange change)
{
  GArray *ranges = comparison->changes->ranges;
  AtlasChangedRange range = { start, end, change };
  AtlasChangedRange *last =
      ranges->len > 0 ? &g_array_index (ranges, AtlasChangedRange, ranges->len - 1) : NULL;

  comparison->changes->n_pages[change] += (end - start) / comparison->page_size;
  if (last != NULL && last->end == start && last->change == change)
    last->end = end;
  else
    g_array_append_val (ranges, range);
}

/* Anonymous memory has no identity but its place. */
static gboolean
is_same_memory (const AtlasRegion *a, const AtlasRegion *b)
{
  if ((a->permissions & ATLAS_PERM_SHARED) != (b->permissions & ATLAS_PERM_SHARED)
      || a->inode != b->inode)
    return FALSE;
  return a->inode == 0
         || (a->device_major == b->device_major && a->device_minor == b->device_minor
             && a->offset - a->start == b->offset - b->start);
}

static gboolean
locks_differ (const AtlasRegion *a, const AtlasRegion *b)
{
  return a->locked != b->locked && a->locked != ATLAS_LOCKED_UNKNOWN
         && b->locked != ATLAS_LOCKED_UNKNOWN;
}

/* Where the zero page cannot be told it looks like any other. */
static AtlasPageState
leave_told (AtlasPageState state, AtlasPageState told)
{
  if ((state & ATLAS_PAGE_ZERO) && !(told & ATLAS_PAGE_ZERO))
    state = (state & ~ATLAS_PAGE_ZERO) | ATLAS_PAGE_RESIDENT;
  return told & ATLAS_PAGE_HUGE ? state : state & ~ATLAS_PAGE_HUGE;
}

static gboolean
states_differ (AtlasPageState a, AtlasPageState b, const AtlasRegion *region, AtlasPageState told)
{
  if (a == b || ((a | b) & ATLAS_PAGE_UNKNOWN))
    return FALSE;
  a = leave_told (a, told);
  b = leave_told (b, told);
  if (!(a & SHARING) || !(b & SHARING)
      || (((a | b) & ATLAS_PAGE_FILE) && region->kind != ATLAS_KIND_SHARED))
    return (a & ~SHARING) != (b & ~SHARING);
  return a != b;
}

static void
walk_init (Walk *walk, const AtlasRegion *region, guint64 page)
{
  walk->region = region;
  walk->runs = atlas_pages_get_runs (region->pages, &walk->n_runs);
  walk->run = atlas_pages_find_run (region->pages, page);
}

/* Address at which the run ends that the walk is in. */
static guint64
get_run_end (const Walk *walk, guint64 page_size)
{
  if (walk->run + 1 == walk->n_runs)
    return walk->region->end;
  return walk->region->start + walk->runs[walk->run + 1].first * page_size;
}

static void
compare_runs (Comparison *comparison,
              const AtlasRegion *before,
              const AtlasRegion *after,
              guint64 start,
              guint64 end)
{
  guint64 page_size = comparison->page_size;
  Walk old, new;

  walk_init (&old, before, (start - before->start) / page_size);
  walk_init (&new, after, (start - after->start) / page_size);
  while (start < end)
    {
      guint64 old_end = get_run_end (&old, page_size), new_end = get_run_end (&new, page_size);
      guint64 to = MIN (end, MIN (old_end, new_end));

      if (states_differ ((AtlasPageState) old.runs[old.run].state,
                         (AtlasPageState) new.runs[new.run].state, after, comparison->told))
        add_range (comparison, start, to, ATLAS_CHANGE_STATE);
      old.run += to == old_end;
      new.run += to == new_end;
      start = to;
    }
}

/* [@start, @end) is mapped in both. */
static void
compare_regions (Comparison *comparison,
                 const AtlasRegion *before,
                 const AtlasRegion *after,
                 guint64 start,
                 guint64 end)
{
  if (!is_same_memory (before, after))
    add_range (comparison, start, end, ATLAS_CHANGE_MAPPED);
  else if (locks_differ (before, after))
    add_range (comparison, start, end, ATLAS_CHANGE_STATE);
  else if (before->pages != after->pages || before->start != after->start)
    compare_runs (comparison, before, after, start, end);
}

static guint64
get_start (const AtlasRegion *region, guint64 address)
{
  return MAX (region->start, address);
}

/* What @region has above @address, up to where @other begins, is mapped in one of the two only. */
static guint64
add_alone (Comparison *comparison,
           const AtlasRegion *region,
           const AtlasRegion *other,
           guint64 address,
           AtlasChange change)
{
  guint64 end = region->end;

  if (other != NULL)
    end = MIN (end, get_start (other, address));
  add_range (comparison, get_start (region, address), end, change);
  return end;
}

/* What begins at @address or above it, as far as one region or none is in it in each of the two;
 * gives where that ends. One of the two regions may be NULL: there is none above @address. */
static guint64
compare_piece (Comparison *comparison,
               const AtlasRegion *before,
               const AtlasRegion *after,
               guint64 address)
{
  guint64 start, end;

  if (before == NULL)
    return add_alone (comparison, after, NULL, address, ATLAS_CHANGE_MAPPED);
  if (after == NULL)
    return add_alone (comparison, before, NULL, address, ATLAS_CHANGE_UNMAPPED);

  start = get_start (before, address);
  if (get_start (after, address) < start)
    return add_alone (comparison, after, before, address, ATLAS_CHANGE_MAPPED);
  if (start < get_start (after, address))
    return add_alone (comparison, before, after, address, ATLAS_CHANGE_UNMAPPED);

  end = MIN (before->end, after->end);
  compare_regions (comparison, before, after, start, end);
  return end;
}

static AtlasRegion *
get_region (AtlasSnapshot *snapshot, guint index)
{
  return index < atlas_snapshot_get_n_regions (snapshot)
             ? atlas_snapshot_get_region (snapshot, index)
             : NULL;
}

static void
compare_snapshots (Comparison *comparison, AtlasSnapshot *before, AtlasSnapshot *after)
{
  guint64 address = 0;
  guint i = 0, j = 0;

  for (;;)
    {
      AtlasRegion *old = get_region (before, i), *new = get_region (after, j);

      if (old == NULL && new == NULL)
        return;
      if (old != NULL && old == new)
        address = old->end;
      else
        address = compare_piece (comparison, old, new, address);
      i += old != NULL && old->end <= address;
      j += new != NULL &&new->end <= address;
    }
}

static gboolean
can_compare (AtlasSnapshot *before, AtlasSnapshot *after)
{
  return atlas_snapshot_get_pid (before) == atlas_snapshot_get_pid (after)
         && atlas_snapshot_get_start_time (before) == atlas_snapshot_get_start_time (after)
         && atlas_snapshot_get_page_size (before) == atlas_snapshot_get_page_size (after)
         && atlas_snapshot_get_access (before) == ATLAS_ACCESS_FULL
         && atlas_snapshot_get_access (after) == ATLAS_ACCESS_FULL;
}

AtlasPageChanges *
atlas_page_changes_new (AtlasSnapshot *before, AtlasSnapshot *after)
{
  AtlasPageChanges *self;
  Comparison comparison;

  g_return_val_if_fail (before != NULL && after != NULL, NULL);

  self = g_new0 (AtlasPageChanges, 1);
  g_atomic_ref_count_init (&self->references);
  self->ranges = g_array_new (FALSE, FALSE, sizeof (AtlasChangedRange));
  comparison = (Comparison){
    .changes = self,
    .page_size = atlas_snapshot_get_page_size (after),
    .told = atlas_snapshot_get_told (before) & atlas_snapshot_get_told (after),
  };
  if (can_compare (before, after))
    compare_snapshots (&comparison, before, after);
  return self;
}

gboolean
atlas_page_changes_equal (AtlasPageChanges *self, AtlasPageChanges *other)
{
  g_return_val_if_fail (self != NULL && other != NULL, FALSE);

  if (self->ranges->len != other->ranges->len)
    return FALSE;
  for (guint i = 0; i < self->ranges->len; i++)
    {
      const AtlasChangedRange *a = &g_array_index (self->ranges, AtlasChangedRange, i);
      const AtlasChangedRange *b = &g_array_index (other->ranges, AtlasChangedRange, i);

      if (a->start != b->start || a->end != b->end || a->change != b->change)
        return FALSE;
    }
  return TRUE;
}

guint64
atlas_page_changes_count (AtlasPageChanges *self, AtlasChange change)
{
  g_return_val_if_fail (self != NULL && change < ATLAS_N_CHANGES, 0);

  return self->n_pages[change];
}

gboolean
atlas_page_changes_is_empty (AtlasPageChanges *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  return self->ranges->len == 0;
}

const AtlasChangedRange *
atlas_page_changes_get_ranges (AtlasPageChanges *self, guint *n_ranges)
{
  g_return_val_if_fail (self != NULL && n_ranges != NULL, NULL);

  *n_ranges = self->ranges->len;
  return (const AtlasChangedRange *) self->ranges->data;
}

guint
atlas_page_changes_find (AtlasPageChanges *self, guint64 address)
{
  guint low = 0, high;

  g_return_val_if_fail (self != NULL, 0);

  high = self->ranges->len;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (self->ranges, AtlasChangedRange, middle).end <= address)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static void
append_part (GString *text, char *part)
{
  g_autofree char *owned = part;

  if (text->len > 0)
    /* Translators: between the parts of an enumeration. */
    g_string_append (text, _ (", "));
  g_string_append (text, owned);
}

char *
atlas_page_changes_describe (AtlasPageChanges *self)
{
  GString *text;
  g_autofree char *mapped = NULL;
  g_autofree char *unmapped = NULL;
  g_autofree char *changed = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->ranges->len == 0)
    return g_strdup (_ ("no page changed"));
  text = g_string_new (NULL);
  mapped = atlas_format_count (self->n_pages[ATLAS_CHANGE_MAPPED]);
  unmapped = atlas_format_count (self->n_pages[ATLAS_CHANGE_UNMAPPED]);
  changed = atlas_format_count (self->n_pages[ATLAS_CHANGE_STATE]);
  if (self->n_pages[ATLAS_CHANGE_MAPPED] > 0)
    append_part (text, g_strdup_printf (ngettext ("%s page new", "%s pages new",
                                                  self->n_pages[ATLAS_CHANGE_MAPPED]),
                                        mapped));
  if (self->n_pages[ATLAS_CHANGE_UNMAPPED] > 0)
    append_part (text, g_strdup_printf (ngettext ("%s page gone", "%s pages gone",
                                                  self->n_pages[ATLAS_CHANGE_UNMAPPED]),
                                        unmapped));
  if (self->n_pages[ATLAS_CHANGE_STATE] > 0)
    append_part (text, g_strdup_printf (ngettext ("%s page changed", "%s pages changed",
                                                  self->n_pages[ATLAS_CHANGE_STATE]),
                                        changed));
  return g_string_free (text, FALSE);
}
