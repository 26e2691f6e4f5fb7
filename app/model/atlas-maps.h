/* SPDX-License-Identifier: GPL-3.0-or-later */

/* /proc/PID/maps, parsed. Consistent only within one read of the kernel: a region may overlap the
 * one before it when the process changed in between. Such records are repaired (clamped) and
 * counted, never trusted. Source: proc(5), fs/proc/task_mmu.c. */

#pragma once

#include "atlas-kind.h"

G_BEGIN_DECLS

typedef enum
{
  ATLAS_PERM_READ = 1 << 0,
  ATLAS_PERM_WRITE = 1 << 1,
  ATLAS_PERM_EXEC = 1 << 2,
  ATLAS_PERM_SHARED = 1 << 3,
} AtlasPermissions;

/* One line. @name points into the parsed buffer and is not terminated; the kernel's escape of
 * newline is left in it. */
typedef struct
{
  guint64 start, end; /* bytes */
  guint64 offset;     /* bytes */
  guint64 inode;
  guint32 device_major, device_minor;
  AtlasPermissions permissions;
  const char *name;
  gsize name_length;
} AtlasMapsRecord;

typedef struct
{
  const char *next, *end;
  guint64 last_end; /* where the record before ended */
  guint torn;       /* records clamped or dropped because they overlapped */
  guint malformed;  /* lines that could not be parsed, skipped; so is one without its newline */
  const char *last_rest; /* what followed the permissions when that was parsed last, in the data;
                          * NULL: nothing, or it made no sense */
  gsize last_rest_length;
  AtlasMapsRecord last_rest_means; /* but for start, end and permissions */
} AtlasMapsParser;

void atlas_maps_parser_init (AtlasMapsParser *parser, const char *data, gsize length);
/* FALSE at the end. Allocates nothing. What it yields is in ascending order without overlap and
 * never empty. */
gboolean atlas_maps_parser_next (AtlasMapsParser *parser, AtlasMapsRecord *record);

/* Tells the kinds of all the regions in one go, since .bss and thread stacks are known by their
 * neighbours only. @program: raw bytes of the exe link or NULL; @alone: there is but one thread,
 * so that none has a stack of its own; @regions in address order.
 * (AtlasRegion is in atlas-region.h; only kind is written.) */
struct _AtlasRegion;
void atlas_maps_tell_kinds (struct _AtlasRegion **regions,
                            guint n_regions,
                            const char *program,
                            gboolean alone);
/* The same, but the regions are only read. @kinds: (out caller-allocates) (array length=n_regions)
 */
void atlas_maps_find_kinds (struct _AtlasRegion *const *regions,
                            guint n_regions,
                            const char *program,
                            gboolean alone,
                            AtlasKind *kinds);

/* "rw-p" into @text (5 bytes with NUL). */
void atlas_permissions_to_text (AtlasPermissions permissions, char text[5]);

G_END_DECLS
