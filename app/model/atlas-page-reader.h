/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Asks the kernel for page states: by PAGEMAP_SCAN (Linux 6.7), which tells runs, zero and huge
 * pages and costs little over empty space; or by reading pagemap entries, 8 bytes a page.
 * Walks hold the target's mmap lock, so it reads in slices with pauses in between.
 * Source: Documentation/admin-guide/mm/pagemap.rst. */

#pragma once

#include <gio/gio.h>

#include "atlas-region.h"
#include "atlas-target.h"

G_BEGIN_DECLS

typedef enum
{
  ATLAS_PAGE_METHOD_AUTO, /* scan where the kernel has it, found out at run time */
  ATLAS_PAGE_METHOD_SCAN,
  ATLAS_PAGE_METHOD_PREAD,
} AtlasPageMethod;

/* How hard to lean on the target. */
typedef struct
{
  /* Pages found by one kernel call, in bytes; 0: 64 MiB. How much address space it goes over adapts
   * to how long the last took, so that empty space goes by quickly. */
  guint64 slice_bytes;
  /* After each quarter of a millisecond in the kernel; 0: none (a command that runs once). */
  guint pause_us;
  /* Most that one reading may spend in page tables, microseconds; 0: what it takes. It can take one
   * slice more. */
  guint budget_us;
} AtlasPace;

typedef struct _AtlasPageReader AtlasPageReader;

/* Errors: GONE, DENIED; FAILED when @method is not to be had. */
AtlasPageReader *
atlas_page_reader_new (AtlasTarget *target, AtlasPageMethod method, GError **error);
void atlas_page_reader_free (AtlasPageReader *self);

AtlasPageMethod atlas_page_reader_get_method (AtlasPageReader *self);
/* Which bits this reader can tell on this machine: pread needs privilege for ZERO and HUGE. */
AtlasPageState atlas_page_reader_get_told (AtlasPageReader *self);

/**
 * atlas_page_reader_read:
 * @regions: in address order; only mapping fields are looked at
 * @pages: (out caller-allocates) (array length=n_regions): new references, one for each region;
 *   all UNKNOWN for what the kernel has no tables for ([vsyscall])
 * @want_sharing: tell EXCLUSIVE from SHARED as well (an extra read of the resident pages' entries)
 *
 * Neighbouring regions are read in one call where the same categories are asked of them.
 * FILE is asked of the kernel only where it can vary (private file mappings); elsewhere it follows
 * from the mapping. Errors: GONE (also when pagemap ends early), DENIED, G_IO_ERROR_CANCELLED; no
 * @pages are set then.
 */
gboolean atlas_page_reader_read (AtlasPageReader *self,
                                 AtlasRegion *const *regions,
                                 guint n_regions,
                                 gboolean want_sharing,
                                 const AtlasPace *pace,
                                 GCancellable *cancellable,
                                 AtlasPages **pages,
                                 GError **error);

/**
 * atlas_page_reader_read_some:
 * @before: (nullable) (array length=n_regions): pages found earlier, elements may be NULL; where
 *   the same is found, pages is a reference to it
 * @stopped: (out): the address up to which all was read, G_MAXUINT64 for the whole: past it the
 *   pace's budget was used up. The region that holds it has pages up to there, so fewer than it
 *   should have; those behind it have NULL
 *
 * As atlas_page_reader_read(), within a budget.
 */
gboolean atlas_page_reader_read_some (AtlasPageReader *self,
                                      AtlasRegion *const *regions,
                                      guint n_regions,
                                      gboolean want_sharing,
                                      const AtlasPace *pace,
                                      GCancellable *cancellable,
                                      AtlasPages *const *before,
                                      AtlasPages **pages,
                                      guint64 *stopped,
                                      GError **error);
/* Microseconds spent in page tables by all readings so far. */
gint64 atlas_page_reader_get_spent (AtlasPageReader *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasPageReader, atlas_page_reader_free)

G_END_DECLS
