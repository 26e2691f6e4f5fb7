/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The kernel's interface to page tables, written down here because the headers of older systems
 * lack it: a program built there still uses it on a newer kernel, and finds out at run time.
 * Source: include/uapi/linux/fs.h, include/uapi/linux/kernel-page-flags.h,
 * Documentation/admin-guide/mm/pagemap.rst. */

#pragma once

#include <glib.h>
#include <sys/ioctl.h>

/* PAGEMAP_SCAN, since Linux 6.7. */
#define ATLAS_PAGE_IS_FILE (1u << 2)
#define ATLAS_PAGE_IS_PRESENT (1u << 3)
#define ATLAS_PAGE_IS_SWAPPED (1u << 4)
#define ATLAS_PAGE_IS_PFNZERO (1u << 5)
#define ATLAS_PAGE_IS_HUGE (1u << 6)
#define ATLAS_PAGE_IS_GUARD (1u << 8) /* since 6.15; before, EINVAL */

typedef struct
{
  guint64 start, end; /* bytes */
  guint64 categories;
} AtlasScanRun;

typedef struct
{
  guint64 size; /* of this structure */
  guint64 flags;
  guint64 start, end;
  guint64 walk_end;            /* out: where the walk stopped */
  guint64 vec;                 /* address of an array of AtlasScanRun */
  guint64 vec_len;             /* elements; never 0: that has crashed kernels */
  guint64 max_pages;           /* stop after as many were found; 0: no limit */
  guint64 category_inverted;   /* bits whose absence counts as presence */
  guint64 category_mask;       /* all of these must be there */
  guint64 category_anyof_mask; /* and at least one of these */
  guint64 return_mask;         /* what to tell of those that match */
} AtlasScanArguments;

#define ATLAS_PAGEMAP_SCAN _IOWR ('f', 16, AtlasScanArguments)

/* Bits of an entry read from pagemap, 8 bytes a page. */
#define ATLAS_ENTRY_PFN_MASK ((G_GUINT64_CONSTANT (1) << 55) - 1) /* 0 without CAP_SYS_ADMIN */
#define ATLAS_ENTRY_EXCLUSIVE (G_GUINT64_CONSTANT (1) << 56)
#define ATLAS_ENTRY_GUARD (G_GUINT64_CONSTANT (1) << 58) /* since 6.15 */
#define ATLAS_ENTRY_FILE (G_GUINT64_CONSTANT (1) << 61)
#define ATLAS_ENTRY_SWAPPED (G_GUINT64_CONSTANT (1) << 62)
#define ATLAS_ENTRY_PRESENT (G_GUINT64_CONSTANT (1) << 63)

/* Bits of an entry read from kpageflags, 8 bytes a page frame. */
#define ATLAS_FRAME_COMPOUND_HEAD (G_GUINT64_CONSTANT (1) << 15)
#define ATLAS_FRAME_COMPOUND_TAIL (G_GUINT64_CONSTANT (1) << 16)
#define ATLAS_FRAME_HUGETLB (G_GUINT64_CONSTANT (1) << 17)
#define ATLAS_FRAME_THP (G_GUINT64_CONSTANT (1) << 22)
#define ATLAS_FRAME_ZERO (G_GUINT64_CONSTANT (1) << 24)
