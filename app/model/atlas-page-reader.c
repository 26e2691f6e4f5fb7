/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Chooses how to ask for page states, finds out what can be told here, and notices when the address
 * space went away while it was read. */

#include "atlas-config.h"

#include "atlas-page-reader.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "atlas-error.h"
#include "atlas-page-walk.h"
#include "atlas-pagemap-uapi.h"

struct _AtlasPageReader
{
  AtlasTarget *target;
  AtlasPageMethod method;
  AtlasPageWalk walk;
};

/* Whether entries of pagemap name page frames to this program, told by one of its own pages. */
static gboolean
are_frames_told (AtlasTarget *target, guint64 page_size)
{
  int directory = atlas_procfs_get_fd (atlas_target_get_procfs (target));
  guint64 entry = 0;
  guint64 address = (guint64) (guintptr) &entry;
  int fd = openat (directory, "self/pagemap", O_RDONLY | O_CLOEXEC);

  if (fd < 0)
    return FALSE;
  if (pread (fd, &entry, sizeof entry, (off_t) (address / page_size * sizeof entry))
      != (ssize_t) sizeof entry)
    entry = 0;
  close (fd);
  return (entry & ATLAS_ENTRY_PFN_MASK) != 0;
}

static int
open_kpageflags (AtlasTarget *target, guint64 page_size)
{
  AtlasProcfs *procfs = atlas_target_get_procfs (target);

  if (!atlas_procfs_is_live (procfs) || !are_frames_told (target, page_size))
    return -1;
  return openat (atlas_procfs_get_fd (procfs), "kpageflags", O_RDONLY | O_CLOEXEC);
}

/* Settles on a method; FALSE when the one asked for is not to be had. */
static gboolean
choose_method (AtlasPageReader *self, AtlasPageMethod method, GError **error)
{
  gboolean can_scan = method != ATLAS_PAGE_METHOD_PREAD
                      && atlas_procfs_is_live (atlas_target_get_procfs (self->target))
                      && atlas_page_walk_can_scan (self->walk.pagemap, self->walk.page_size,
                                                   &self->walk.scan_guards);

  if (method == ATLAS_PAGE_METHOD_SCAN && !can_scan)
    {
      atlas_proc_error_set (error, ENOTTY, _ ("This kernel has no PAGEMAP_SCAN"));
      return FALSE;
    }
  self->method = can_scan ? ATLAS_PAGE_METHOD_SCAN : ATLAS_PAGE_METHOD_PREAD;
  if (!can_scan)
    self->walk.kpageflags = open_kpageflags (self->target, self->walk.page_size);
  return TRUE;
}

AtlasPageReader *
atlas_page_reader_new (AtlasTarget *target, AtlasPageMethod method, GError **error)
{
  g_autoptr (AtlasPageReader) self = NULL;
  guint64 page_size = (guint64) sysconf (_SC_PAGESIZE);
  int pagemap;

  g_return_val_if_fail (target != NULL, NULL);

  pagemap = atlas_target_open (target, "pagemap", error);
  if (pagemap < 0)
    return NULL;
  self = g_new0 (AtlasPageReader, 1);
  self->target = atlas_target_ref (target);
  self->walk.pagemap = pagemap;
  self->walk.kpageflags = -1;
  self->walk.page_size = page_size;
  self->walk.huge_size = page_size / sizeof (guint64) * page_size;
  if (!choose_method (self, method, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
atlas_page_reader_free (AtlasPageReader *self)
{
  if (self == NULL)
    return;
  if (self->walk.kpageflags >= 0)
    close (self->walk.kpageflags);
  close (self->walk.pagemap);
  g_free (self->walk.entries);
  atlas_target_unref (self->target);
  g_free (self);
}

AtlasPageMethod
atlas_page_reader_get_method (AtlasPageReader *self)
{
  g_return_val_if_fail (self != NULL, ATLAS_PAGE_METHOD_AUTO);

  return self->method;
}

AtlasPageState
atlas_page_reader_get_told (AtlasPageReader *self)
{
  AtlasPageState told = ATLAS_PAGE_RESIDENT | ATLAS_PAGE_SWAPPED | ATLAS_PAGE_FILE
                        | ATLAS_PAGE_SHARED | ATLAS_PAGE_EXCLUSIVE;

  g_return_val_if_fail (self != NULL, ATLAS_PAGE_ABSENT);

  if (self->method == ATLAS_PAGE_METHOD_SCAN || self->walk.kpageflags >= 0)
    told |= ATLAS_PAGE_ZERO | ATLAS_PAGE_HUGE;
  return told;
}

/* A scan of an address space that was taken down finds nothing and says nothing; reading an entry
 * of it gives no bytes. */
static gboolean
check_still_there (AtlasPageReader *self,
                   AtlasRegion *const *regions,
                   guint n_regions,
                   GError **error)
{
  guint64 start = n_regions > 0 ? regions[0]->start : 0;

  if (n_regions == 0 || atlas_page_source_of (regions[0]) == ATLAS_PAGE_SOURCE_OUTSIDE)
    return TRUE;
  return atlas_page_walk_load (&self->walk, start, start + self->walk.page_size, error);
}

static gboolean
walk_regions (AtlasPageReader *self, AtlasPageFiller *filler, GError **error)
{
  gboolean read = self->method == ATLAS_PAGE_METHOD_SCAN
                      ? atlas_page_walk_scan (&self->walk, filler, error)
                      : atlas_page_walk_read (&self->walk, filler, error);

  return read && check_still_there (self, filler->regions, filler->n_regions, error);
}

/* What came of a walk: the whole, a part, or nothing. */
static void
settle (AtlasPageReader *self, AtlasPageFiller *filler, gboolean read, guint64 *stopped)
{
  *stopped = read && self->walk.exhausted ? self->walk.stopped : G_MAXUINT64;
  if (!read)
    atlas_page_filler_abandon (filler);
  else if (self->walk.exhausted)
    atlas_page_filler_stop (filler, self->walk.stopped);
  else
    atlas_page_filler_finish (filler);
}

gboolean
atlas_page_reader_read_some (AtlasPageReader *self,
                             AtlasRegion *const *regions,
                             guint n_regions,
                             gboolean want_sharing,
                             const AtlasPace *pace,
                             GCancellable *cancellable,
                             AtlasPages *const *before,
                             AtlasPages **pages,
                             guint64 *stopped,
                             GError **error)
{
  g_auto (AtlasPageFiller) filler = { 0 };
  gboolean read;

  g_return_val_if_fail (self != NULL && stopped != NULL
                            && (n_regions == 0 || (regions != NULL && pages != NULL)),
                        FALSE);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  self->walk.want_sharing = want_sharing;
  self->walk.pace = pace != NULL ? *pace : (AtlasPace){ 0 };
  self->walk.cancellable = cancellable;
  self->walk.begun_us = self->walk.spent_us;
  self->walk.exhausted = FALSE;
  atlas_page_filler_init (&filler, regions, n_regions, self->walk.page_size, before, pages);
  read = walk_regions (self, &filler, error);
  settle (self, &filler, read, stopped);
  self->walk.cancellable = NULL;
  return read;
}

gboolean
atlas_page_reader_read (AtlasPageReader *self,
                        AtlasRegion *const *regions,
                        guint n_regions,
                        gboolean want_sharing,
                        const AtlasPace *pace,
                        GCancellable *cancellable,
                        AtlasPages **pages,
                        GError **error)
{
  AtlasPace unbounded = pace != NULL ? *pace : (AtlasPace){ 0 };
  guint64 stopped;

  unbounded.budget_us = 0;
  return atlas_page_reader_read_some (self, regions, n_regions, want_sharing, &unbounded,
                                      cancellable, NULL, pages, &stopped, error);
}

gint64
atlas_page_reader_get_spent (AtlasPageReader *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->walk.spent_us;
}
