/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a snapshot holds; only the files that make one look in here. Once published nothing changes
 * but what has a lock of its own. */

#pragma once

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
  AtlasStatus status;
  AtlasStat stat;
  AtlasLimits limits;
  AtlasSystem *system;

  GPtrArray *regions; /* AtlasRegion, ascending */
  AtlasPageCounts counts;
  AtlasPageCounts kind_counts[ATLAS_N_KINDS];
  AtlasSmaps *smaps;

  gint64 flags_time; /* monotonic microseconds at which smaps was read for VmFlags; 0 never */
  gint64 flags_cost; /* microseconds that took */

  gint64 time;
  gint64 monotonic;
  guint64 page_size;
  AtlasPageState told;
  gboolean complete;
  GPtrArray *problems; /* char *, NULL-terminated once published */

  GMutex lock;  /* of what follows */
  GBytes *maps; /* as read, unless torn: when it is the same the next time, so are the regions. The
                 * next snapshot takes it over */
  guint32 counted;                         /* bit i: counter_pages[i] is known */
  guint64 counter_pages[ATLAS_N_COUNTERS]; /* see atlas_snapshot_count() */
};

/* Without content: complete, and FULL access. */
AtlasSnapshot *atlas_snapshot_new (AtlasTarget *target);
/* Notes a sentence for people, and that something is missing unless @complete. Takes @sentence. */
void atlas_snapshot_take_problem (AtlasSnapshot *self, char *sentence, gboolean complete);
/* Adds up the pages and closes the list of problems. Nothing may be changed after this. */
void atlas_snapshot_publish (AtlasSnapshot *self);

G_END_DECLS
