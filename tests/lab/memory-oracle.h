/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the kernel says of a process's memory, read by the test itself: maps, smaps and pagemap. */

#pragma once

#include "atlas-maps.h"
#include "atlas-smaps.h"

G_BEGIN_DECLS

typedef struct
{
  guint64 start, end;
  AtlasPermissions permissions;
  guint64 inode;
  char name[64]; /* its beginning */
} OracleRegion;

/* The file of @pid as text. */
char *oracle_read (gint pid, const char *file);
/* All regions: GArray of OracleRegion. */
GArray *oracle_get_regions (gint pid);
/* The region that holds @address, or NULL. */
const OracleRegion *oracle_find (GArray *regions, guint64 address);
/* Whether all of [@start, @end) is mapped, and with @permissions ("rw-p"; NULL: any). */
gboolean oracle_is_mapped (GArray *regions, guint64 start, guint64 end, const char *permissions);

/* How many bytes of [@start, @end) lie in regions that have the flag in smaps ("lo"). */
guint64 oracle_count_flagged (gint pid, guint64 start, guint64 end, const char *flag);

/* One byte for each page: whether its entry in pagemap says present. (transfer full) */
GByteArray *oracle_get_present (gint pid, guint64 start, guint64 n_pages);
guint64 oracle_count_present (gint pid, guint64 start, guint64 n_pages);

/* Whether memory that is only read gets the page of zeros, so that writing it takes another fault.
 * Kernels of some virtual machines do without. Found out in this process. */
gboolean oracle_has_zero_page (void);

/* "VmSize" in kB, from status. */
guint64 oracle_get_status (gint pid, const char *name);

G_END_DECLS
