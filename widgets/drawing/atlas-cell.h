/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Cells: what the state of a page, or the states of several, looks like. Cells are gathered first
 * and painted by colour, a whole card in a handful of fills, since a cairo call for each cell would
 * cost more than the cells. Everything lies on whole pixels; only diagonals are smoothed. */

#pragma once

#include "atlas-canvas.h"
#include "atlas-pages.h"

G_BEGIN_DECLS

/* From the bottom up. */
typedef enum
{
  ATLAS_CELL_TINT,
  ATLAS_CELL_SOLID,
  ATLAS_CELL_HOLLOW, /* the inside of zero pages */
  ATLAS_CELL_STROKE, /* the diagonal of swapped ones */
  ATLAS_CELL_HATCH,
  ATLAS_CELL_JOIN, /* from here on above the gaps between cells */
  ATLAS_CELL_JOIN_HOLLOW,
  ATLAS_CELL_TEXTURE,
  ATLAS_CELL_CUT,
  ATLAS_CELL_MARK, /* ring on the solid colour */
  ATLAS_CELL_RING, /* ring elsewhere */
  ATLAS_CELL_N_LAYERS
} AtlasCellLayer;

/* Cells of one kind. */
typedef struct
{
  AtlasTexture texture;
  gboolean lights_swapped;               /* of a cell that is lit in part, the swapped part */
  GArray *quads[2][ATLAS_CELL_N_LAYERS]; /* [dimmed][layer] */
} AtlasCellBatch;

typedef struct
{
  AtlasPageCounts counts; /* of one cell */
  guint64 lit;            /* pages of it that are not dimmed */
  gboolean locked;
  gboolean joined; /* part of a block, which is marked as one */
} AtlasCell;

/* A huge page's cells in one row. */
typedef struct
{
  double x, y, width, height;
  gboolean joined_above, joined_below; /* it goes on in that row */
} AtlasCellBlock;

void atlas_cell_batch_init (AtlasCellBatch *batch);
void atlas_cell_batch_clear (AtlasCellBatch *batch);
/* Starts a card. */
void atlas_cell_batch_begin (AtlasCellBatch *batch, AtlasTexture texture, gboolean lights_swapped);
/* @n alike cells of @width and @height, @pitch from left edge to left edge. What is between them is
 * painted, too: the caller paints gaps after paint_below(). */
void atlas_cell_batch_add (AtlasCellBatch *batch,
                           const AtlasCell *cell,
                           double x,
                           double y,
                           double width,
                           double height,
                           double pitch,
                           guint n);
/* Closes the gaps inside of a huge page that is resident or zero, in addition to its cells. */
void atlas_cell_batch_add_block (AtlasCellBatch *batch,
                                 const AtlasCell *cell,
                                 const AtlasCellBlock *block);
void atlas_cell_batch_paint_below (AtlasCellBatch *batch, AtlasCanvas *canvas, AtlasKind kind);
void atlas_cell_batch_paint_above (AtlasCellBatch *batch, AtlasCanvas *canvas, AtlasKind kind);

/* Whether a page in @state is drawn joined to its neighbours. */
gboolean atlas_cell_joins (AtlasPageState state);
/* Counts of @n_pages pages that are all in @state. */
void atlas_cell_count_uniform (AtlasPageState state, guint64 n_pages, AtlasPageCounts *counts);

/* Fills an area with @kind's solid colour, and with its texture where the palette has one. */
void atlas_kind_fill (AtlasCanvas *canvas,
                      AtlasKind kind,
                      double x,
                      double y,
                      double width,
                      double height);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AtlasCellBatch, atlas_cell_batch_clear)

G_END_DECLS
