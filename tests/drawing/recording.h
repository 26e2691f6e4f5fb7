/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A process that never was: a recorded tree of /proc, written for a test, of which everything is
 * known beforehand. Pages are given to it as the entries of a pagemap. */

#pragma once

#include "atlas-snapshot.h"

#define RECORDING_PID 4211

typedef struct
{
  char *root;      /* a temporary folder */
  char *directory; /* of the process in it */
  GString *maps;
  int pagemap; /* descriptor; -1: there is none, so no page's state is known */
  guint64 page_size;
  gboolean denied; /* maps may not be read */
} Recording;

/* With pagemap if @with_pages. Free with recording_free(), which removes the tree. */
Recording *recording_new (gboolean with_pages);
void recording_free (Recording *self);
/* Regions in ascending order. The first @n_resident pages are in memory. @name may be "". */
void recording_add (Recording *self,
                    guint64 start,
                    guint64 n_pages,
                    const char *permissions,
                    guint inode,
                    const char *name,
                    guint64 n_resident);
/* A small shell: program, heap, a library, a mapping, stack, vdso; 20 regions, wide gaps. */
void recording_add_shell (Recording *self);
/* @n regions without gaps, 1 to 8 pages each, permissions alternating so that none is like the one
 * before. */
void recording_add_many (Recording *self, guint n);
/* Replaces a file of the process: "status", "cmdline" ... */
void recording_write (Recording *self, const char *file, const char *contents);
/* Makes it a thread of the kernel's, or a process that has ended and was not reaped. */
void recording_make_kernel_thread (Recording *self);
void recording_make_zombie (Recording *self);
/* Reads it all, if denied as somebody who may not read maps. */
AtlasSnapshot *recording_take (Recording *self);
/* The same, as the sample after @before (nullable). */
AtlasSnapshot *recording_take_after (Recording *self, AtlasSnapshot *before);
/* Has pages in [@start, @end) read @age microseconds before @snapshot, one of a sample a second;
 * ATLAS_AGE_UNREAD: not yet. Nothing but a test may change a snapshot. */
void recording_set_age (AtlasSnapshot *snapshot, guint64 start, guint64 end, gint64 age);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Recording, recording_free)
