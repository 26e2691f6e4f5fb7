/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A sorted array of where each age begins. */

#include "atlas-page-ages.h"

#include <string.h>

static AtlasPageAge *
get_part (const AtlasPageAges *self, guint index)
{
  return &g_array_index (self->parts, AtlasPageAge, index);
}

void
atlas_page_ages_init_empty (AtlasPageAges *self)
{
  g_return_if_fail (self != NULL);

  self->parts = g_array_new (FALSE, FALSE, sizeof (AtlasPageAge));
}

void
atlas_page_ages_init (AtlasPageAges *self, gint64 time)
{
  atlas_page_ages_init_empty (self);
  atlas_page_ages_append (self, 0, time);
}

void
atlas_page_ages_init_copy (AtlasPageAges *self, const AtlasPageAges *other)
{
  g_return_if_fail (self != NULL && other != NULL);

  self->parts = g_array_copy (other->parts);
}

void
atlas_page_ages_clear (AtlasPageAges *self)
{
  g_clear_pointer (&self->parts, g_array_unref);
}

/* Index of the part that holds @address. */
static guint
find (const AtlasPageAges *self, guint64 address)
{
  guint low = 0, high = self->parts->len - 1;

  while (low < high)
    {
      guint middle = low + (high - low + 1) / 2;

      if (get_part (self, middle)->start <= address)
        low = middle;
      else
        high = middle - 1;
    }
  return low;
}

guint64
atlas_page_ages_get_end (const AtlasPageAges *self, guint index)
{
  g_return_val_if_fail (self != NULL && index < self->parts->len, G_MAXUINT64);

  return index + 1 < self->parts->len ? get_part (self, index + 1)->start : G_MAXUINT64;
}

gint64
atlas_page_ages_get_oldest (const AtlasPageAges *self, guint64 start, guint64 end)
{
  gint64 oldest = G_MAXINT64;

  g_return_val_if_fail (self != NULL && start < end, 0);

  for (guint i = find (self, start); i < self->parts->len && get_part (self, i)->start < end; i++)
    oldest = MIN (oldest, get_part (self, i)->time);
  return oldest;
}

void
atlas_page_ages_append (AtlasPageAges *self, guint64 start, gint64 time)
{
  AtlasPageAge part = { start, time };
  guint n_parts;

  g_return_if_fail (self != NULL);

  n_parts = self->parts->len;
  if (n_parts > 0 && get_part (self, n_parts - 1)->start == start)
    g_array_set_size (self->parts, --n_parts);
  if (n_parts == 0 || get_part (self, n_parts - 1)->time != time)
    g_array_append_val (self->parts, part);
}

void
atlas_page_ages_append_from (AtlasPageAges *self,
                             const AtlasPageAges *other,
                             guint64 start,
                             guint64 end)
{
  g_return_if_fail (self != NULL && other != NULL);

  if (start >= end)
    return;
  for (guint i = find (other, start); i < other->parts->len && get_part (other, i)->start < end;
       i++)
    {
      const AtlasPageAge *part = get_part (other, i);

      atlas_page_ages_append (self, MAX (start, part->start), part->time);
    }
}

void
atlas_page_ages_set (AtlasPageAges *self, guint64 start, guint64 end, gint64 time)
{
  g_auto (AtlasPageAges) before = { g_steal_pointer (&self->parts) };

  atlas_page_ages_init_empty (self);
  atlas_page_ages_append_from (self, &before, 0, start);
  if (start < end)
    atlas_page_ages_append (self, start, time);
  atlas_page_ages_append_from (self, &before, end, G_MAXUINT64);
}

/* Every two become one. */
static void
halve (AtlasPageAges *self)
{
  g_auto (AtlasPageAges) before = { g_steal_pointer (&self->parts) };

  atlas_page_ages_init_empty (self);
  for (guint i = 0; i < before.parts->len; i += 2)
    {
      gint64 time = get_part (&before, i)->time;

      if (i + 1 < before.parts->len)
        time = MIN (time, get_part (&before, i + 1)->time);
      atlas_page_ages_append (self, get_part (&before, i)->start, time);
    }
}

void
atlas_page_ages_coarsen (AtlasPageAges *self, guint most)
{
  g_return_if_fail (self != NULL && most > 0);

  while (self->parts->len > most)
    halve (self);
}
