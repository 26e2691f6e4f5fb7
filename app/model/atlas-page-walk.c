/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pace and raw entries. A walk holds the target's mmap lock while it is in the kernel; what keeps
 * the target from noticing is a pause as soon as a fraction of a millisecond was spent there. */

#include "atlas-config.h"

#include "atlas-page-walk.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "atlas-error.h"
#include "atlas-pagemap-uapi.h"

/* Time in the kernel after which the pause is due. */
#define BUSY_MOST_US 250

gint64
atlas_page_walk_begin (void)
{
  return g_get_monotonic_time ();
}

gboolean
atlas_page_walk_end (AtlasPageWalk *self, gint64 begun, gint64 *took_us, GError **error)
{
  gint64 took = g_get_monotonic_time () - begun;

  if (took_us != NULL)
    *took_us = took;
  self->busy_us += took;
  self->spent_us += MAX (took, 1); /* the clock may be too coarse, but no call is free */
  if (self->busy_us >= BUSY_MOST_US && self->pace.pause_us > 0)
    {
      g_usleep (self->pace.pause_us);
      self->busy_us = 0;
    }
  return !g_cancellable_set_error_if_cancelled (self->cancellable, error);
}

gboolean
atlas_page_walk_may_go_on (AtlasPageWalk *self, guint64 address)
{
  if (self->pace.budget_us == 0 || self->spent_us - self->begun_us < self->pace.budget_us)
    return TRUE;
  self->exhausted = TRUE;
  self->stopped = address;
  return FALSE;
}

/* TRUE and 0 bytes mean that the address space is no more. */
static gboolean
read_fully (int fd, guint64 offset, char *into, gsize length, GError **error)
{
  gsize done = 0;

  while (done < length)
    {
      ssize_t got = pread (fd, into + done, length - done, (off_t) (offset + done));

      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0)
        {
          atlas_proc_error_set (error, got == 0 ? ESRCH : errno, _ ("Could not read page tables"));
          return FALSE;
        }
      done += (gsize) got;
    }
  return TRUE;
}

gboolean
atlas_page_walk_load (AtlasPageWalk *self, guint64 start, guint64 end, GError **error)
{
  guint64 n_entries = (end - start) / self->page_size;
  gint64 begun = atlas_page_walk_begin ();

  g_assert (n_entries > 0 && n_entries <= ATLAS_WALK_MOST_ENTRIES);

  if (self->entries == NULL)
    self->entries = g_new (guint64, ATLAS_WALK_MOST_ENTRIES);
  self->entries_start = self->entries_end = 0;
  if (!read_fully (self->pagemap, start / self->page_size * sizeof (guint64),
                   (char *) self->entries, n_entries * sizeof (guint64), error))
    return FALSE;
  self->entries_start = start;
  self->entries_end = end;
  return atlas_page_walk_end (self, begun, NULL, error);
}

AtlasPageState
atlas_page_walk_get_entry_state (const AtlasPageWalk *self, guint64 entry)
{
  AtlasPageState state = ATLAS_PAGE_RESIDENT;

  /* A guard page (MADV_GUARD_INSTALL) is marked in the tables as if it were swapped. */
  if (entry & ATLAS_ENTRY_SWAPPED)
    return entry & ATLAS_ENTRY_GUARD ? ATLAS_PAGE_ABSENT : ATLAS_PAGE_SWAPPED;
  if (!(entry & ATLAS_ENTRY_PRESENT))
    return ATLAS_PAGE_ABSENT;
  if (entry & ATLAS_ENTRY_FILE)
    state |= ATLAS_PAGE_FILE;
  if (self->want_sharing)
    state |= entry & ATLAS_ENTRY_EXCLUSIVE ? ATLAS_PAGE_EXCLUSIVE : ATLAS_PAGE_SHARED;
  return state;
}
