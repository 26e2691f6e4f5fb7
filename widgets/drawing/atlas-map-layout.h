/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where every card and cell of the map is. Pure geometry, no painting: cards, one region each, high
 * addresses on top as in the spine, in each a grid of cells, row-major, a power of two of pages to
 * a row and rows aligned to that, so that 512 pages are one 2 MiB block and a cell keeps its place.
 * Regions of less than a quarter of a row begin at the left instead. Only heights are worked out
 * beforehand (O(regions)); a card's geometry is made when asked for.
 *
 * Zooming in is semantic: cells stand for fewer and fewer pages, down to one. Zooming out, what has
 * become one row gives up its place to what has not, until every region is one line. */

#pragma once

#include "atlas-canvas.h"
#include "atlas-labels.h"
#include "atlas-snapshot.h"

G_BEGIN_DECLS

typedef struct
{
  double x, y, width, height;
} AtlasRect;

typedef struct
{
  double width; /* of the whole map, pixels */
  double zoom;  /* 0: each card chooses pages per cell so that it is at most 16 rows high; each
                 * step in (+1) halves pages per cell of every card (never below 1 page), each
                 * step out (-1) doubles them (down to one row). Between steps rows grow or shrink,
                 * so that heights change without a jump */
  double line_height; /* of a card's heading, pixels */
  double label_width; /* room for the row addresses, pixels */
  double margin;      /* around and between cards */
  /* Of a card that has heading and cells on one line, pixels: what becomes of a card of one row in
   * the step out after the last. 0: cards stay as they are. */
  double compact_line_height;
  AtlasLabels *labels; /* what is written on the map; NULL: nothing. The layout takes a reference */
} AtlasMapParameters;

typedef struct
{
  guint region;   /* index in the snapshot */
  AtlasRect rect; /* the card */
  AtlasRect heading;
  AtlasRect grid;   /* its cells; first row and last row may be partly empty */
  gboolean compact; /* the grid is beside the heading rather than below it */
  guint columns;    /* cells to a row, a power of two */
  guint shift;      /* a cell is 2^shift pages */
  double pitch;     /* pixels from cell to cell in a row */
  double row_pitch; /* from row to row on average; see atlas_card_get_row_top() */
  guint64 n_rows;
  guint64 first_address; /* of the first row's first cell: at or below the region's start */
  AtlasLabels *labels;   /* the layout's; or NULL */
} AtlasCard;

typedef struct
{
  guint region;
  gboolean on_cell; /* else on the card's heading or margin */
  guint64
      address; /* of the cell's first page within the region; the region's start if not on_cell */
  guint64 n_pages; /* of the region in the cell */
} AtlasMapHit;

typedef struct _AtlasMapLayout AtlasMapLayout;

AtlasMapLayout *atlas_map_layout_new (AtlasSnapshot *snapshot,
                                      const AtlasMapParameters *parameters);
/* The same. Heights of @before (nullable) are taken over, without a look at any region, where
 * regions and parameters are the same. */
AtlasMapLayout *atlas_map_layout_new_after (AtlasMapLayout *before,
                                            AtlasSnapshot *snapshot,
                                            const AtlasMapParameters *parameters);
AtlasMapLayout *atlas_map_layout_ref (AtlasMapLayout *self);
void atlas_map_layout_unref (AtlasMapLayout *self);

AtlasSnapshot *atlas_map_layout_get_snapshot (AtlasMapLayout *self); /* (transfer none) */
const AtlasMapParameters *atlas_map_layout_get_parameters (AtlasMapLayout *self);
double atlas_map_layout_get_height (AtlasMapLayout *self);
guint atlas_map_layout_get_n_cards (AtlasMapLayout *self);
/* @index counts from the top: 0 is the highest region. */
void atlas_map_layout_get_card (AtlasMapLayout *self, guint index, AtlasCard *card);
/* Index of the first card that reaches below @y. O(log n). */
guint atlas_map_layout_find_card (AtlasMapLayout *self, double y);
gboolean atlas_map_layout_hit (AtlasMapLayout *self, double x, double y, AtlasMapHit *hit);
/* The cell that shows @address; FALSE when no region holds it. @card may be NULL. */
gboolean
atlas_map_layout_locate (AtlasMapLayout *self, guint64 address, AtlasRect *cell, AtlasCard *card);
/* Pixels at which @address is when it is taken as a point on a line that runs down through the rows
 * of its card, so that a small step of the address is a small step on the map. FALSE as above. */
gboolean atlas_map_layout_get_y (AtlasMapLayout *self, guint64 address, double *y);
/* Lowest and highest address on cards that are seen between @top and @bottom. */
void atlas_map_layout_get_range (AtlasMapLayout *self,
                                 double top,
                                 double bottom,
                                 guint64 *start,
                                 guint64 *end);
/* Zoom limits beyond which nothing changes. */
void atlas_map_layout_get_zoom_range (AtlasMapLayout *self, int *least, int *most);

/* Upper edge of @row, which is on a whole pixel; of the row after the last: the lower edge of all.
 */
double atlas_card_get_row_top (const AtlasCard *card, guint64 row);
/* The row that is at @y; the first above them all, the last below. */
guint64 atlas_card_find_row (const AtlasCard *card, double y);
/* Address of the first byte of @region, which is the card's, that @row and those below it show; the
 * region's end for rows that it does not have. */
guint64 atlas_card_get_row_address (const AtlasCard *card,
                                    const AtlasRegion *region,
                                    guint64 page_size,
                                    guint64 row);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasMapLayout, atlas_map_layout_unref)

G_END_DECLS
