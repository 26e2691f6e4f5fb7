/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The block of /proc/PID/smaps for one region. The kernel walks every page of what it prints, so
 * this is read for the selected region only, and for VmFlags when something is locked. */

#pragma once

#include "atlas-target.h"

G_BEGIN_DECLS

typedef struct
{
  guint64 start, end;
  guint32 present; /* see atlas_smaps_has() */
  /* kB, as in the file; 0 when the kernel does not print the line */
  guint64 size, kernel_page_size, mmu_page_size, rss, pss, pss_dirty, shared_clean, shared_dirty,
      private_clean, private_dirty, referenced, anonymous, ksm, lazy_free, anon_huge_pages,
      shmem_pmd_mapped, file_pmd_mapped, shared_hugetlb, private_hugetlb, swap, swap_pss, locked;
  gboolean thp_eligible;
  char flags[192]; /* VmFlags: "rd wr mr mw me ac lo" */
} AtlasSmaps;

typedef struct
{
  const char *next, *end;
} AtlasSmapsParser;

void atlas_smaps_parser_init (AtlasSmapsParser *parser, const char *data, gsize length);
/* One region's block after the other; FALSE at the end. Unknown lines are passed over. */
gboolean atlas_smaps_parser_next (AtlasSmapsParser *parser, AtlasSmaps *smaps);

/* Whether the block had a line for the field that the kernel calls @key ("Rss", "KSM"): 0 and not
 * told are different things. */
gboolean atlas_smaps_has (const AtlasSmaps *smaps, const char *key);
/* Whether VmFlags has the two-letter @flag ("lo", "ht", "io", "pf"). */
gboolean atlas_smaps_has_flag (const AtlasSmaps *smaps, const char *flag);

/* Reads smaps of @target until the region that holds @address has gone by. Errors: GONE (also when
 * no region holds it any more), DENIED, MALFORMED. Costs a page-table walk up to that region. */
gboolean
atlas_smaps_read_region (AtlasTarget *target, guint64 address, AtlasSmaps *smaps, GError **error);

G_END_DECLS
