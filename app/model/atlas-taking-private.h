/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the files share that take a snapshot: one attempt at it, and its parts. */

#pragma once

#include "atlas-region-drafts.h"
#include "atlas-snapshot-private.h"

G_BEGIN_DECLS

/* Bytes; status, stat and limits are far shorter. */
#define ATLAS_TAKING_FILE_LIMIT ((gsize) 64 << 10)

/* One attempt. */
typedef struct
{
  AtlasTarget *target;
  AtlasSnapshot *previous; /* of the same process, or NULL */
  const AtlasSnapshotOptions *options;
  GCancellable *cancellable;
  gboolean last; /* no further attempt: what cannot be read is a problem */
  GBytes *maps;  /* of previous, or NULL */
  gboolean same; /* maps is what it was then */
  AtlasSnapshot *snapshot;
  GString *text; /* reused for every file */
} AtlasTaking;

typedef enum
{
  ATLAS_TAKING_DONE,    /* read as far as can be */
  ATLAS_TAKING_CHANGED, /* the process changed too much meanwhile: try again */
  ATLAS_TAKING_FAILED,  /* the error is set */
} AtlasTakingOutcome;

/* Notes a sentence for people, and that something is missing unless @complete. */
void atlas_taking_add_problem (AtlasTaking *taking, gboolean complete, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
/* FALSE: it is a recording. */
gboolean atlas_taking_is_live (const AtlasTaking *taking);
/* Whether @error came about because the process went on to end or to start another program. The
 * files of a process that has given back its memory belong to root, so to others it looks like a
 * refusal. */
gboolean atlas_taking_is_change (AtlasTaking *taking, const GError *error);

/* What may be read of any process: status, stat, limits, names. DONE or FAILED. */
AtlasTakingOutcome atlas_taking_read_identity (AtlasTaking *taking, GError **error);
/* Fails with GONE, too, when it is of another process with the same number. */
gboolean atlas_taking_read_stat (AtlasTaking *taking, AtlasStat *stat, GError **error);
/* A program that was started anew is laid out elsewhere; one that has given back its memory is
 * nowhere. */
gboolean atlas_taking_is_laid_out_alike (const AtlasStat *before, const AtlasStat *now);

/* Reads maps into @drafts until it is of one piece, or often enough. @denied: (out): whether the
 * kernel refuses. DONE or CHANGED. */
AtlasTakingOutcome
atlas_taking_read_maps (AtlasTaking *taking, AtlasRegionDrafts *drafts, gboolean *denied);
/* Which regions are locked or in huge pages set aside. */
void atlas_taking_read_flags (AtlasTaking *taking, AtlasRegionDrafts *drafts);
/* CHANGED, or FAILED when cancelled. */
AtlasTakingOutcome
atlas_taking_read_pages (AtlasTaking *taking, AtlasRegionDrafts *drafts, GError **error);
/* smaps of the region that is selected, once the snapshot has its regions. */
void atlas_taking_read_selected (AtlasTaking *taking);

G_END_DECLS
