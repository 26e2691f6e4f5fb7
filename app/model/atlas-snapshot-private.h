/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a snapshot holds; only the files that make one look in here. Once published nothing changes
 * but what has a lock of its own. */

#pragma once

#include "atlas-page-ages.h"
#include "atlas-snapshot.h"

G_BEGIN_DECLS

struct _AtlasSnapshot
{
  gatomicrefcount references;

  gint pid;
  guint64 start_time;
  gdouble start_epoch;
  AtlasAccess access;
  char *name;
  char *command;
  char *user;
  char *tracer; /* or NULL */
  AtlasStatus status;
  AtlasStat stat;
  AtlasLimits *limits; /* in a GAtomicRcBox: they hardly ever change, and histories keep many */
  AtlasSystem *system;

  GPtrArray *regions; /* AtlasRegion, ascending */
  guint64 reading;    /* of maps: the same number where it had the same bytes. 0: no such reading */
  AtlasRegionSum *sums; /* of the regions; in a GAtomicRcBox */
  AtlasPageCounts counts;
  AtlasPageCounts kind_counts[ATLAS_N_KINDS];
  guint64 counter_pages[ATLAS_N_COUNTERS];
  AtlasPageAges ages; /* when the pages were read */
  gint64 oldest;      /* the least of them that any region has, 0 left aside */
  gint64 interval;    /* microseconds from one sample to the next; 0: it is the only one */
  gint64 duration;    /* microseconds that all of it took */
  gboolean unfinished;
  gint64 walk_time; /* microseconds in page tables */
  gsize own_bytes;  /* that it does not share with the one taken at: */
  gint64 previous_monotonic;

  AtlasSmaps *smaps;
  gint64 smaps_time; /* monotonic microseconds at which smaps was read for the selection */
  gint64 smaps_cost; /* microseconds that took */

  gboolean has_flags; /* some region may be locked or hugetlb */
  gint64 flags_time;  /* monotonic microseconds at which smaps was read for VmFlags; 0 never */
  gint64 flags_cost;  /* microseconds that took */

  gint64 time;
  gint64 monotonic;
  guint64 page_size;
  AtlasPageState told;
  gboolean complete;
  GPtrArray *problems; /* char *, NULL-terminated once published */

  GMutex lock;  /* of what follows */
  GBytes *maps; /* as read, unless torn: when it is the same the next time, so are the regions. The
                 * next snapshot takes it over */
};

/* Without content: complete, and FULL access. */
AtlasSnapshot *atlas_snapshot_new (AtlasTarget *target);
/* Notes a sentence for people, and that something is missing unless @complete. Takes @sentence. */
void atlas_snapshot_take_problem (AtlasSnapshot *self, char *sentence, gboolean complete);
/* Adds up the pages, starting from the sums of @previous (nullable), and closes the list of
 * problems. Nothing may be changed after this. */
void atlas_snapshot_publish (AtlasSnapshot *self, AtlasSnapshot *previous);
/* Finds the oldest of its ages; part of publishing. */
void atlas_snapshot_note_oldest (AtlasSnapshot *self);

G_END_DECLS
