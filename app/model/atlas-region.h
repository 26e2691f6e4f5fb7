/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A region: one VMA, one line of maps, with what is known of its pages. Immutable once its snapshot
 * is published, and reference-counted: regions that did not change are shared between snapshots. */

#pragma once

#include "atlas-kind.h"
#include "atlas-maps.h"
#include "atlas-pages.h"

G_BEGIN_DECLS

typedef enum
{
  ATLAS_LOCKED_NO,
  ATLAS_LOCKED_YES,
  ATLAS_LOCKED_UNKNOWN /* something is locked (VmLck) but smaps could not be read */
} AtlasLocked;

typedef struct _AtlasRegionBlock AtlasRegionBlock;

typedef struct _AtlasRegion
{
  gatomicrefcount references; /* snapshots are made in one thread and shown in another */
  guint64 start, end;         /* bytes; whole pages */
  guint64 offset;             /* bytes into the file */
  guint64 inode;
  guint32 device_major, device_minor;
  AtlasPermissions permissions;
  AtlasKind kind;
  AtlasLocked locked;
  gboolean hugetlb; /* of huge pages set aside (hugetlb): in HugetlbPages, in neither Rss nor Pss */
  char *name; /* interned GRefString, raw bytes as in maps ("" if none): clean before showing */
  AtlasPages
      *pages; /* never NULL in a published snapshot; all UNKNOWN when they could not be read */
  gint64 pages_time; /* monotonic microseconds at which all of these pages had been read; a later
                      * reading that found the same leaves it, see
                      * atlas_snapshot_get_pages_time(); 0: some never were, and are UNKNOWN */
  AtlasRegionBlock *block; /* that it is part of; NULL: it was allocated by itself */
} AtlasRegion;

GType atlas_region_get_type (void);
#define ATLAS_TYPE_REGION (atlas_region_get_type ())

AtlasRegion *atlas_region_new (const AtlasMapsRecord *record);
AtlasRegion *atlas_region_copy (const AtlasRegion *self);
AtlasRegion *atlas_region_ref (AtlasRegion *self);
void atlas_region_unref (AtlasRegion *self);

/* Makes the regions of one reading of maps, tens of thousands of them, a block at a time. Each is
 * let go of by itself; the memory of a block stays as long as any of its regions. */
typedef struct
{
  AtlasRegionBlock *block; /* NULL: the next region needs one */
  guint n_made, n_room;    /* of the regions in block; room for */
} AtlasRegionMaker;

/* @neighbour: (nullable): neighbours mostly have the same name, which it lends then. */
AtlasRegion *atlas_region_maker_make (AtlasRegionMaker *self,
                                      const AtlasMapsRecord *record,
                                      const AtlasRegion *neighbour);
void atlas_region_maker_clear (AtlasRegionMaker *self);

/* Whether @record is the line of maps that @self is. */
gboolean atlas_region_is_record (const AtlasRegion *self, const AtlasMapsRecord *record);
/* Same line of maps (range, permissions, offset, device, inode, name). */
gboolean atlas_region_same_mapping (const AtlasRegion *a, const AtlasRegion *b);
/* Page size is the system's, bytes. */
guint64 atlas_region_get_n_pages (const AtlasRegion *self, guint64 page_size);
/* What to call it, valid clean UTF-8: "[heap]", "libc.so.6", "anonymous mmap", "[anon:name]",
 * "thread stack", "no access". Base name of a path; newly allocated. */
char *atlas_region_dup_title (const AtlasRegion *self);
/* The whole name, clean; "" if none. */
char *atlas_region_dup_full_name (const AtlasRegion *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasRegion, atlas_region_unref)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AtlasRegionMaker, atlas_region_maker_clear)

G_END_DECLS
