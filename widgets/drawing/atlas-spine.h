/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The spine: the whole address space in one strip, real order, high addresses on top. Gaps are
 * folded into labelled breaks that say their size; heights are compressed but never below what can
 * be clicked; small neighbours merge with a visible count; nothing is dropped. At true scale all is
 * in proportion, to show how empty it is. */

#pragma once

#include "atlas-map-layout.h"
#include "atlas-page-changes.h"

G_BEGIN_DECLS

typedef struct
{
  double y, height;   /* pixels */
  gboolean gap;       /* unmapped */
  guint64 start, end; /* bytes */
  guint first_region; /* lowest index; unless gap */
  guint n_regions;    /* more than one: merged */
  AtlasKind kind;     /* of the region that is largest in it */
  gboolean one_file;  /* all are parts of one file, or there is but one */
  guint n_of_kind;    /* how many are of the kind when the others are but guards; else 0 */
} AtlasSpineBlock;

typedef struct _AtlasSpineLayout AtlasSpineLayout;

AtlasSpineLayout *atlas_spine_layout_new (AtlasSnapshot *snapshot,
                                          double width,
                                          double height,
                                          double line_height,
                                          gboolean true_scale);
/* The same. Blocks of @before (nullable) are taken over, without a look at any region, where
 * regions and all else are the same. */
AtlasSpineLayout *atlas_spine_layout_new_after (AtlasSpineLayout *before,
                                                AtlasSnapshot *snapshot,
                                                double width,
                                                double height,
                                                double line_height,
                                                gboolean true_scale);
void atlas_spine_layout_free (AtlasSpineLayout *self);
/* What is written on the blocks; it does not move them. @labels: (nullable) */
void atlas_spine_layout_set_labels (AtlasSpineLayout *self, AtlasLabels *labels);
const AtlasSpineBlock *atlas_spine_layout_get_blocks (AtlasSpineLayout *self,
                                                      guint *n_blocks); /* top down */
/* The block at @y, or NULL. */
const AtlasSpineBlock *atlas_spine_layout_hit (AtlasSpineLayout *self, double y);
/* Address at @y (in a block by its share). */
guint64 atlas_spine_layout_get_address (AtlasSpineLayout *self, double y);
double atlas_spine_layout_get_y (AtlasSpineLayout *self, guint64 address);

void atlas_spine_paint (AtlasCanvas *canvas, AtlasSpineLayout *layout, AtlasCounter highlight);
/* A frame round the part seen in the cards, and the selected block. 0, 0: no frame. */
void atlas_spine_paint_overlay (AtlasCanvas *canvas,
                                AtlasSpineLayout *layout,
                                guint64 seen_start,
                                guint64 seen_end,
                                guint64 selected);

/* Bars at the edge of the strip, beside the pages that changed; also where there are none any more.
 */
void atlas_spine_paint_changes (AtlasCanvas *canvas,
                                AtlasSpineLayout *layout,
                                AtlasPageChanges *changes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasSpineLayout, atlas_spine_layout_free)

G_END_DECLS
