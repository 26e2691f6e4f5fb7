/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The map's geometry, held against what it promises: for address spaces made at random, cards and
 * cells are looked at one by one, the slow way. */

#include <math.h>

#include "atlas-map-layout.h"
#include "recording.h"

#define LINE_HEIGHT 17.0
#define LABEL_WIDTH 62.0
#define MARGIN 10.0

static AtlasMapParameters
make_parameters (double width, double zoom)
{
  return (AtlasMapParameters){ .width = width,
                               .zoom = zoom,
                               .line_height = LINE_HEIGHT,
                               .label_width = LABEL_WIDTH,
                               .margin = MARGIN };
}

static AtlasMapLayout *
lay_out (AtlasSnapshot *snapshot, double width, double zoom)
{
  AtlasMapParameters parameters = make_parameters (width, zoom);
  return atlas_map_layout_new (snapshot, &parameters);
}

/* As in the window, where cards become one line each in the end. */
static AtlasMapLayout *
lay_out_compacting (AtlasSnapshot *snapshot, double width, double zoom)
{
  AtlasMapParameters parameters = make_parameters (width, zoom);
  parameters.compact_line_height = LINE_HEIGHT;
  return atlas_map_layout_new (snapshot, &parameters);
}

/* From a page to TiB, most of them small as in life; some next to each other, some far apart. */
static AtlasSnapshot *
make_random_snapshot (void)
{
  g_autoptr (Recording) recording = recording_new (FALSE);
  guint64 page = recording->page_size;
  guint64 next = 0x10000;

  for (guint i = 0; i < 60; i++)
    {
      guint64 n_pages =
          1 + ((guint64) (guint32) g_test_rand_int () >> g_test_rand_int_range (2, 32));
      if (g_test_rand_bit ())
        next += ((guint64) (guint32) g_test_rand_int () >> g_test_rand_int_range (0, 31)) * page;
      recording_add (recording, next, n_pages, i % 2 ? "rw-p" : "r--p", 0, "", 0);
      next += n_pages * page;
    }
  recording_add (recording, 0xffffffffff600000, 1, "--xp", 0, "[vsyscall]", 0);
  return recording_take (recording);
}

static AtlasSnapshot *
make_shell (void)
{
  g_autoptr (Recording) recording = recording_new (FALSE);
  recording_add_shell (recording);
  return recording_take (recording);
}

/* One region only. */
static AtlasSnapshot *
make_single (guint64 start, guint64 n_pages)
{
  g_autoptr (Recording) recording = recording_new (FALSE);
  recording_add (recording, start, n_pages, "rw-p", 0, "", 0);
  return recording_take (recording);
}

static const AtlasRegion *
get_region (AtlasMapLayout *layout, const AtlasCard *card)
{
  return atlas_snapshot_get_region (atlas_map_layout_get_snapshot (layout), card->region);
}

static guint64
get_page_size (AtlasMapLayout *layout)
{
  return atlas_snapshot_get_page_size (atlas_map_layout_get_snapshot (layout));
}

static void
check_card (AtlasMapLayout *layout, const AtlasCard *card, double width)
{
  guint64 page = get_page_size (layout);
  const AtlasRegion *region = get_region (layout, card);
  guint64 row_bytes = ((guint64) card->columns << card->shift) * page;
  guint64 n_pages = (region->end - region->start) / page;

  g_assert_cmpfloat (card->rect.x, ==, MARGIN);
  g_assert_cmpfloat (card->grid.x, >=, card->rect.x + LABEL_WIDTH);
  g_assert_cmpfloat (card->grid.y, >=, card->rect.y + LINE_HEIGHT);
  g_assert_cmpfloat (card->grid.height, ==, (double) card->n_rows * card->pitch);
  g_assert_cmpfloat (card->grid.width, ==, card->columns * card->pitch);
  g_assert_cmpfloat (card->grid.y + card->grid.height, <=, card->rect.y + card->rect.height);
  if (width >= 200)
    {
      g_assert_cmpfloat (card->rect.x + card->rect.width, <=, width - MARGIN);
      g_assert_cmpfloat (card->grid.x + card->grid.width, <=, card->rect.x + card->rect.width);
    }
  g_assert_cmpfloat (card->pitch, ==, floor (card->pitch));
  g_assert_cmpfloat (card->pitch, >=, 8);
  g_assert_cmpfloat (card->pitch, <=, 13);
  g_assert_cmpuint (card->columns & (card->columns - 1), ==, 0);

  g_assert_cmpuint (card->first_address, <=, region->start);
  g_assert_cmpuint (region->start - card->first_address, <, row_bytes);
  g_assert_cmpuint (card->first_address % (page << card->shift), ==, 0);
  if (n_pages > card->columns / 4)
    g_assert_cmpuint (card->first_address % row_bytes, ==, 0);
  else
    g_assert_cmpuint (card->first_address, ==, region->start);
  /* Exactly as many rows as it takes. */
  g_assert_cmpuint ((region->end - 1 - card->first_address) / row_bytes + 1, ==, card->n_rows);
}

static void
test_cards (void)
{
  static const double widths[] = { 1, 90, 260, 400, 700, 1200, 3840 };
  g_autoptr (AtlasSnapshot) snapshot = make_random_snapshot ();

  for (guint i = 0; i < G_N_ELEMENTS (widths); i++)
    for (int zoom = -30; zoom <= 30; zoom += 3)
      {
        g_autoptr (AtlasMapLayout) layout = lay_out (snapshot, widths[i], zoom);
        guint n_cards = atlas_map_layout_get_n_cards (layout);
        double top = MARGIN;

        g_assert_cmpuint (n_cards, ==, atlas_snapshot_get_n_regions (snapshot));
        for (guint j = 0; j < n_cards; j++)
          {
            AtlasCard card;
            atlas_map_layout_get_card (layout, j, &card);
            g_assert_cmpuint (card.region, ==, n_cards - 1 - j);
            g_assert_cmpfloat (card.rect.y, ==, top);
            check_card (layout, &card, widths[i]);
            top += card.rect.height + MARGIN;
          }
        g_assert_cmpfloat (atlas_map_layout_get_height (layout), ==, top);
      }
}

/* As many columns as there is room for at 8 pixels, and then as wide as they can be, up to 13. */
static void
test_columns (void)
{
  g_autoptr (AtlasSnapshot) snapshot = make_single (0x7f0000000000, 5000);
  guint columns = 0;

  for (double width = 200; width < 2600; width += 7)
    {
      g_autoptr (AtlasMapLayout) layout = lay_out (snapshot, width, 0);
      AtlasCard card;
      atlas_map_layout_get_card (layout, 0, &card);
      /* The same room is left at the right of the cells as at the left of the labels. */
      double room =
          card.rect.x + card.rect.width - card.grid.x - (card.grid.x - card.rect.x) + LABEL_WIDTH;
      g_assert_cmpfloat (card.columns * 8, <=, room);
      g_assert_cmpfloat (card.columns * 16, >, room);
      if (card.pitch < 13)
        g_assert_cmpfloat (card.columns * (card.pitch + 1), >, room);
      g_assert_cmpuint (card.columns, >=, columns);
      columns = card.columns;
    }
  g_assert_cmpuint (columns, ==, 256);
}

static guint64
count_rows (const AtlasRegion *region, guint64 page, guint columns, guint shift)
{
  guint64 row_bytes = ((guint64) columns << shift) * page;
  return (region->end - 1) / row_bytes - region->start / row_bytes + 1;
}

static void
test_natural_scale (void)
{
  g_autoptr (AtlasSnapshot) snapshot = make_random_snapshot ();
  g_autoptr (AtlasMapLayout) layout = lay_out (snapshot, 700, 0);
  guint64 page = get_page_size (layout);

  for (guint i = 0; i < atlas_map_layout_get_n_cards (layout); i++)
    {
      AtlasCard card;
      atlas_map_layout_get_card (layout, i, &card);
      g_assert_cmpuint (card.n_rows, <=, 16);
      if (card.shift > 0)
        g_assert_cmpuint (
            count_rows (get_region (layout, &card), page, card.columns, card.shift - 1), >, 16);
    }
}

/* A step halves or doubles the pages in a cell, until there is no further step. */
static void
test_zoom (void)
{
  g_autoptr (AtlasSnapshot) snapshot = make_random_snapshot ();
  g_autoptr (AtlasMapLayout) natural = lay_out (snapshot, 700, 0);
  int least, most;
  double last_height = 0;

  atlas_map_layout_get_zoom_range (natural, &least, &most);
  g_assert_cmpint (least, <, 0);
  g_assert_cmpint (most, >, 0);
  for (int zoom = least - 2; zoom <= most + 2; zoom++)
    {
      g_autoptr (AtlasMapLayout) layout = lay_out (snapshot, 700, zoom);
      double height = atlas_map_layout_get_height (layout);

      if (zoom > least && zoom <= most)
        g_assert_cmpfloat (height, >, last_height);
      else if (zoom > least - 2)
        g_assert_cmpfloat (height, ==, last_height);
      last_height = height;

      for (guint i = 0; i < atlas_map_layout_get_n_cards (layout); i++)
        {
          AtlasCard card, card_at_zero;
          atlas_map_layout_get_card (layout, i, &card);
          atlas_map_layout_get_card (natural, i, &card_at_zero);
          int shift = (int) card_at_zero.shift - zoom;
          if (shift < 0)
            g_assert_cmpuint (card.shift, ==, 0);
          else if ((int) card.shift != shift)
            /* Cannot get smaller than a row, or two where it lies across the end of one. */
            g_assert_cmpuint (card.n_rows, <=, 2);
        }
    }
}

static void
check_cell (AtlasMapLayout *layout, const AtlasCard *card, guint64 address)
{
  const AtlasRegion *region = get_region (layout, card);
  guint64 page = get_page_size (layout);
  guint64 cell_bytes = page << card->shift;
  AtlasRect cell;
  AtlasMapHit hit;

  g_assert_true (atlas_map_layout_locate (layout, address, &cell, NULL));
  g_assert_cmpfloat (cell.width, ==, card->pitch - 1);
  g_assert_cmpfloat (cell.y, ==, floor (cell.y));
  g_assert_cmpfloat (fabs (cell.height - (card->row_pitch - 1)), <=, 1);
  /* Its corners, and the gap that belongs to it. */
  for (guint i = 0; i < 4; i++)
    {
      double x = cell.x + (i & 1 ? cell.width : 0), y = cell.y + (i & 2 ? cell.height : 0);
      g_assert_true (atlas_map_layout_hit (layout, x, y, &hit));
      g_assert_true (hit.on_cell);
      g_assert_cmpuint (hit.region, ==, card->region);
      g_assert_cmpuint (hit.address, <=, address);
      g_assert_cmpuint (address - hit.address, <, hit.n_pages * page);
      g_assert_cmpuint (hit.address, ==, MAX (address / cell_bytes * cell_bytes, region->start));
      g_assert_cmpuint (hit.n_pages, <=, G_GUINT64_CONSTANT (1) << card->shift);
    }
}

static void
test_locate_and_hit (void)
{
  g_autoptr (AtlasSnapshot) snapshot = make_random_snapshot ();

  for (int zoom = -40; zoom <= 40; zoom += 5)
    {
      g_autoptr (AtlasMapLayout) layout = lay_out (snapshot, 640, zoom);
      for (guint i = 0; i < atlas_map_layout_get_n_cards (layout); i++)
        {
          AtlasCard card;
          atlas_map_layout_get_card (layout, i, &card);
          const AtlasRegion *region = get_region (layout, &card);
          check_cell (layout, &card, region->start);
          check_cell (layout, &card, region->end - 1);
          for (guint j = 0; j < 20; j++)
            {
              double share = g_test_rand_double ();
              guint64 into = (guint64) ((double) (region->end - 1 - region->start) * share);
              check_cell (layout, &card, region->start + into);
            }
        }
    }
}

static AtlasMapLayout *
lay_out_either (AtlasSnapshot *snapshot, double zoom, gboolean compacting)
{
  return compacting ? lay_out_compacting (snapshot, 640, zoom) : lay_out (snapshot, 640, zoom);
}

static void
check_some_cells (AtlasMapLayout *layout)
{
  for (guint i = 0; i < atlas_map_layout_get_n_cards (layout); i++)
    {
      AtlasCard card;
      atlas_map_layout_get_card (layout, i, &card);
      const AtlasRegion *region = get_region (layout, &card);
      check_cell (layout, &card, region->start);
      check_cell (layout, &card, region->end - 1);
      for (guint j = 0; j < 10; j++)
        {
          double share = g_test_rand_double ();
          guint64 into = (guint64) ((double) (region->end - 1 - region->start) * share);
          check_cell (layout, &card, region->start + into);
        }
    }
}

static void
test_locate_and_hit_between_steps (void)
{
  g_autoptr (AtlasSnapshot) snapshot = make_random_snapshot ();

  for (double zoom = -8; zoom < 14; zoom += 0.37)
    for (int compacting = FALSE; compacting <= TRUE; compacting++)
      {
        g_autoptr (AtlasMapLayout) layout = lay_out_either (snapshot, zoom, compacting);
        check_some_cells (layout);
      }
}

/* Cards below each other, what is in them within them, nothing on top of anything else. */
static void
check_inside (const AtlasCard *card)
{
  const AtlasRect *rect = &card->rect, *heading = &card->heading, *grid = &card->grid;

  g_assert_cmpfloat (rect->y, ==, floor (rect->y));
  g_assert_cmpfloat (rect->height, ==, floor (rect->height));
  g_assert_cmpfloat (heading->y, >=, rect->y);
  g_assert_cmpfloat (heading->y + heading->height, <=, rect->y + rect->height);
  g_assert_cmpfloat (grid->y, >=, rect->y);
  g_assert_cmpfloat (grid->y + grid->height - 1, <=, rect->y + rect->height);
  g_assert_cmpfloat (grid->x + grid->width, <=, rect->x + rect->width);
  if (card->compact)
    {
      g_assert_cmpuint (card->n_rows, ==, 1);
      g_assert_cmpfloat (heading->x + heading->width, <=, grid->x);
    }
  else
    g_assert_cmpfloat (heading->y + heading->height, <=, grid->y);
}

/* Headings may have two lines; a compact card never does. */
static AtlasMapLayout *
lay_out_with_headings (AtlasSnapshot *snapshot, double zoom, double line_height)
{
  AtlasMapParameters parameters = make_parameters (640, zoom);
  parameters.line_height = line_height;
  parameters.compact_line_height = LINE_HEIGHT;
  return atlas_map_layout_new (snapshot, &parameters);
}

static void
check_compact_cards (AtlasMapLayout *layout, gboolean all)
{
  double bottom = 0;

  for (guint i = 0; i < atlas_map_layout_get_n_cards (layout); i++)
    {
      AtlasCard card;
      atlas_map_layout_get_card (layout, i, &card);
      g_assert_cmpfloat (card.rect.y, >, bottom);
      check_inside (&card);
      bottom = card.rect.y + card.rect.height;
      if (!all)
        continue;
      g_assert_true (card.compact);
      g_assert_cmpfloat (card.rect.height, ==, LINE_HEIGHT + 6);
    }
}

static void
test_compact_cards (void)
{
  static const double line_heights[] = { LINE_HEIGHT, 2 * LINE_HEIGHT };
  g_autoptr (AtlasSnapshot) snapshot = make_random_snapshot ();
  g_autoptr (AtlasMapLayout) natural = lay_out_compacting (snapshot, 640, 0);
  int least, most;

  atlas_map_layout_get_zoom_range (natural, &least, &most);
  for (guint i = 0; i < G_N_ELEMENTS (line_heights); i++)
    for (double zoom = least; zoom <= 2; zoom += 0.125)
      {
        g_autoptr (AtlasMapLayout) layout = lay_out_with_headings (snapshot, zoom, line_heights[i]);
        check_compact_cards (layout, zoom <= least);
      }
}

static double
get_card_height_at (AtlasSnapshot *snapshot, guint index, double zoom)
{
  g_autoptr (AtlasMapLayout) layout = lay_out_compacting (snapshot, 640, zoom);
  AtlasCard card;

  atlas_map_layout_get_card (layout, index, &card);
  return card.rect.height;
}

/* Zooming in never makes a card lower, and never by more at once than the cells grow. */
static void
test_heights_are_continuous (void)
{
  const double step = 1.0 / 32;
  g_autoptr (AtlasSnapshot) snapshot = make_random_snapshot ();
  g_autoptr (AtlasMapLayout) natural = lay_out_compacting (snapshot, 640, 0);
  int least, most;

  atlas_map_layout_get_zoom_range (natural, &least, &most);
  for (guint i = 0; i < atlas_map_layout_get_n_cards (natural); i++)
    {
      double last = get_card_height_at (snapshot, i, least - 1);
      for (double zoom = least - 1 + step; zoom <= MIN (most + 1, 9); zoom += step)
        {
          double height = get_card_height_at (snapshot, i, zoom);
          g_assert_cmpfloat (height, >=, last);
          /* The steepest of 2^x is at the end of a step: log 2 of twice the height at its start. */
          g_assert_cmpfloat (height - last, <=, 2 + last * step * 2 * G_LN2);
          last = height;
        }
    }
}

/* At whole steps everything is as it would be if there were nothing between them. */
static void
test_whole_steps_are_square (void)
{
  g_autoptr (AtlasSnapshot) snapshot = make_random_snapshot ();

  for (int zoom = -6; zoom < 12; zoom++)
    {
      g_autoptr (AtlasMapLayout) layout = lay_out_compacting (snapshot, 640, zoom);
      for (guint i = 0; i < atlas_map_layout_get_n_cards (layout); i++)
        {
          AtlasCard card;
          atlas_map_layout_get_card (layout, i, &card);
          g_assert_cmpfloat (card.row_pitch, ==, card.pitch);
        }
    }
}

/* Down the rows, from the first row's top to the last one's bottom; in the row that shows it. */
static void
test_line (void)
{
  g_autoptr (AtlasSnapshot) snapshot = make_single (0x7f0000000000, 5000);
  guint64 page = atlas_snapshot_get_page_size (snapshot);

  for (double zoom = -4; zoom < 8; zoom += 0.3)
    {
      g_autoptr (AtlasMapLayout) layout = lay_out (snapshot, 640, zoom);
      double last = 0;
      for (guint i = 0; i < 5000; i += 7)
        {
          double y;
          AtlasRect cell;
          guint64 address = 0x7f0000000000 + i * page;
          g_assert_true (atlas_map_layout_get_y (layout, address, &y));
          g_assert_true (atlas_map_layout_locate (layout, address, &cell, NULL));
          g_assert_cmpfloat (y, >, last);
          g_assert_cmpfloat (y, >=, cell.y - 1);
          g_assert_cmpfloat (y, <=, cell.y + cell.height + 2);
          last = y;
        }
      g_assert_false (atlas_map_layout_get_y (layout, 0x1000, &last));
    }
}

/* Every cell of the grid, hit in its middle, holds each page of the region once. */
static void
test_cells_hold_all_pages (void)
{
  g_autoptr (AtlasSnapshot) snapshot = make_shell ();

  for (int zoom = -3; zoom <= 2; zoom++)
    {
      g_autoptr (AtlasMapLayout) layout = lay_out (snapshot, 520, zoom);
      for (guint i = 0; i < atlas_map_layout_get_n_cards (layout); i++)
        {
          AtlasCard card;
          atlas_map_layout_get_card (layout, i, &card);
          const AtlasRegion *region = get_region (layout, &card);
          guint64 next = region->start;
          for (guint64 cell = 0; cell < card.n_rows * card.columns; cell++)
            {
              AtlasMapHit hit;
              double x = card.grid.x + ((double) (cell % card.columns) + 0.5) * card.pitch;
              double y = card.grid.y + ((double) (cell / card.columns) + 0.5) * card.pitch;
              g_assert_true (atlas_map_layout_hit (layout, x, y, &hit));
              if (!hit.on_cell)
                {
                  g_assert_cmpuint (hit.address, ==, region->start);
                  continue;
                }
              g_assert_cmpuint (hit.address, ==, next);
              next += hit.n_pages * get_page_size (layout);
            }
          g_assert_cmpuint (next, ==, region->end);
        }
    }
}

/* A row begins where its first cell does, when that is hit; rows that are not there, at the end. */
static void
test_row_address (void)
{
  g_autoptr (AtlasSnapshot) snapshot = make_shell ();

  for (int zoom = -3; zoom <= 2; zoom++)
    {
      g_autoptr (AtlasMapLayout) layout = lay_out (snapshot, 520, zoom);
      for (guint i = 0; i < atlas_map_layout_get_n_cards (layout); i++)
        {
          AtlasCard card;
          AtlasMapHit hit;
          atlas_map_layout_get_card (layout, i, &card);
          const AtlasRegion *region = get_region (layout, &card);
          for (guint64 row = 0; row < card.n_rows; row++)
            {
              double y = card.grid.y + ((double) row + 0.5) * card.pitch;
              g_assert_true (atlas_map_layout_hit (layout, card.grid.x + card.pitch / 2, y, &hit));
              g_assert_cmpuint (
                  atlas_card_get_row_address (&card, region, get_page_size (layout), row), ==,
                  hit.address);
            }
          g_assert_cmpuint (
              atlas_card_get_row_address (&card, region, get_page_size (layout), card.n_rows + 1),
              ==, region->end);
        }
    }
}

static void
test_hit_elsewhere (void)
{
  g_autoptr (AtlasSnapshot) snapshot = make_shell ();
  g_autoptr (AtlasMapLayout) layout = lay_out (snapshot, 700, 0);
  AtlasMapHit hit;
  AtlasCard card;

  atlas_map_layout_get_card (layout, 3, &card);
  g_assert_true (
      atlas_map_layout_hit (layout, card.rect.x + 20, card.rect.y + 5, &hit)); /* heading */
  g_assert_false (hit.on_cell);
  g_assert_cmpuint (hit.region, ==, card.region);
  g_assert_cmpuint (hit.address, ==, get_region (layout, &card)->start);
  g_assert_cmpuint (hit.n_pages, ==, 0);

  g_assert_false (atlas_map_layout_hit (layout, 200, card.rect.y - 1, &hit)); /* margins */
  g_assert_false (atlas_map_layout_hit (layout, 200, card.rect.y + card.rect.height, &hit));
  g_assert_false (atlas_map_layout_hit (layout, card.rect.x - 1, card.rect.y + 5, &hit));
  g_assert_false (atlas_map_layout_hit (layout, 200, -5, &hit));
  g_assert_false (
      atlas_map_layout_hit (layout, 200, atlas_map_layout_get_height (layout) + 5, &hit));
  g_assert_false (atlas_map_layout_locate (layout, 0x1000, NULL, NULL));
  g_assert_false (atlas_map_layout_locate (layout, G_MAXUINT64, NULL, NULL));
}

static void
test_find_card (void)
{
  g_autoptr (AtlasSnapshot) snapshot = make_shell ();
  g_autoptr (AtlasMapLayout) layout = lay_out (snapshot, 400, 1);
  guint n_cards = atlas_map_layout_get_n_cards (layout);

  for (double y = -20; y < atlas_map_layout_get_height (layout) + 20; y += 0.5)
    {
      guint expected = 0;
      while (expected < n_cards)
        {
          AtlasCard card;
          atlas_map_layout_get_card (layout, expected, &card);
          if (card.rect.y + card.rect.height > y)
            break;
          expected++;
        }
      g_assert_cmpuint (atlas_map_layout_find_card (layout, y), ==, expected);
    }
}

/* What can be hit between @top and @bottom. FALSE if no cell can. */
static gboolean
scan_range (AtlasMapLayout *layout, double top, double bottom, guint64 *start, guint64 *end)
{
  *start = G_MAXUINT64;
  *end = 0;
  for (double y = top; y < bottom; y++)
    for (double x = 60; x < 400; x += 4)
      {
        AtlasMapHit hit;
        if (!atlas_map_layout_hit (layout, x, y, &hit) || !hit.on_cell)
          continue;
        *start = MIN (*start, hit.address);
        *end = MAX (*end, hit.address + hit.n_pages * get_page_size (layout));
      }
  return *end > 0;
}

static void
test_range (void)
{
  g_autoptr (AtlasSnapshot) snapshot = make_shell ();
  g_autoptr (AtlasMapLayout) layout = lay_out (snapshot, 400, 0);
  static const double heights[] = { 12, 60, 300, 5000 };

  for (guint i = 0; i < G_N_ELEMENTS (heights); i++)
    for (double top = -15; top < atlas_map_layout_get_height (layout) - 12; top += 13)
      {
        guint64 start, end, expected_start, expected_end, first_page;
        atlas_map_layout_get_range (layout, top, top + heights[i], &start, &end);
        if (scan_range (layout, top, top + heights[i], &expected_start, &expected_end))
          {
            g_assert_cmphex (start, ==, expected_start);
            g_assert_cmphex (end, ==, expected_end);
            continue;
          }
        /* Nothing but a heading: the region it is about. */
        AtlasCard card;
        atlas_map_layout_get_card (layout, atlas_map_layout_find_card (layout, top), &card);
        first_page = get_region (layout, &card)->start;
        g_assert_cmphex (start, ==, first_page);
        g_assert_cmphex (end, ==, first_page + get_page_size (layout));
      }
}

static void
test_empty (void)
{
  g_autoptr (Recording) recording = recording_new (FALSE);
  g_autoptr (AtlasSnapshot) snapshot = recording_take (recording);
  g_autoptr (AtlasMapLayout) layout = lay_out (snapshot, 700, 0);
  guint64 start = 1, end = 1;
  int least = 7, most = 7;
  AtlasMapHit hit;

  g_assert_cmpuint (atlas_map_layout_get_n_cards (layout), ==, 0);
  g_assert_cmpfloat (atlas_map_layout_get_height (layout), ==, 0);
  g_assert_cmpuint (atlas_map_layout_find_card (layout, 10), ==, 0);
  g_assert_false (atlas_map_layout_hit (layout, 10, 10, &hit));
  atlas_map_layout_get_range (layout, 0, 100, &start, &end);
  g_assert_cmpuint (start, ==, 0);
  g_assert_cmpuint (end, ==, 0);
  atlas_map_layout_get_zoom_range (layout, &least, &most);
  g_assert_cmpint (least, ==, 0);
  g_assert_cmpint (most, ==, 0);
}

/* A cell of the heap stays where it is in its card while the heap grows. */
static void
test_cells_keep_their_place (void)
{
  const guint64 heap = 0x55f01c2e1000;
  double x = -1;

  for (guint64 n_pages = 33; n_pages <= 600; n_pages += 33)
    {
      g_autoptr (AtlasSnapshot) snapshot = make_single (heap, n_pages);
      g_autoptr (AtlasMapLayout) layout = lay_out (snapshot, 700, 0);
      AtlasRect cell;
      g_assert_true (
          atlas_map_layout_locate (layout, heap + 20 * get_page_size (layout), &cell, NULL));
      if (x < 0)
        x = cell.x;
      g_assert_cmpfloat (cell.x, ==, x);
    }
}

/* 512 pages of 4 KiB, 2 MiB, are whole rows. */
static void
test_blocks_are_whole_rows (void)
{
  g_autoptr (AtlasSnapshot) snapshot = make_single (0x7f2c1a1ff000, 2048);
  g_autoptr (AtlasMapLayout) layout = lay_out (snapshot, 700, 9);
  AtlasRect before, after;

  if (get_page_size (layout) != 4096)
    {
      g_test_skip ("The recording is of a system with pages of 4 KiB");
      return;
    }
  g_assert_true (atlas_map_layout_locate (layout, 0x7f2c1a200000, &before, NULL));
  g_assert_true (atlas_map_layout_locate (layout, 0x7f2c1a400000, &after, NULL));
  AtlasCard card;
  atlas_map_layout_get_card (layout, 0, &card);
  g_assert_cmpfloat (before.x, ==, card.grid.x);
  g_assert_cmpfloat (after.x, ==, card.grid.x);
  g_assert_cmpfloat ((after.y - before.y) / card.pitch * card.columns, ==, 512);
}

static void
test_many_regions (void)
{
  const guint n = 60000;
  g_autoptr (Recording) recording = recording_new (FALSE);
  recording_add_many (recording, n);
  g_autoptr (AtlasSnapshot) snapshot = recording_take (recording);
  g_autoptr (AtlasMapLayout) layout = lay_out (snapshot, 700, 0);
  double bottom = 0;

  g_assert_cmpuint (atlas_map_layout_get_n_cards (layout), ==, n);
  for (guint i = 0; i < n; i++)
    {
      AtlasCard card;
      atlas_map_layout_get_card (layout, i, &card);
      g_assert_cmpfloat (card.rect.y, ==, bottom + MARGIN);
      bottom = card.rect.y + card.rect.height;
      g_assert_cmpuint (atlas_map_layout_find_card (layout, card.rect.y + 3), ==, i);
    }
  g_assert_cmpfloat (atlas_map_layout_get_height (layout), ==, bottom + MARGIN);
}

static void
assert_same_cards (AtlasMapLayout *a, AtlasMapLayout *b)
{
  g_assert_cmpuint (atlas_map_layout_get_n_cards (a), ==, atlas_map_layout_get_n_cards (b));
  g_assert_cmpfloat (atlas_map_layout_get_height (a), ==, atlas_map_layout_get_height (b));
  for (guint i = 0; i < atlas_map_layout_get_n_cards (a); i++)
    {
      AtlasCard card, other;
      int zoom[2], other_zoom[2];

      atlas_map_layout_get_card (a, i, &card);
      atlas_map_layout_get_card (b, i, &other);
      g_assert_cmpmem (&card.rect, sizeof card.rect, &other.rect, sizeof other.rect);
      g_assert_cmpmem (&card.grid, sizeof card.grid, &other.grid, sizeof other.grid);
      atlas_map_layout_get_zoom_range (a, &zoom[0], &zoom[1]);
      atlas_map_layout_get_zoom_range (b, &other_zoom[0], &other_zoom[1]);
      g_assert_cmpmem (zoom, sizeof zoom, other_zoom, sizeof other_zoom);
    }
}

static void
check_after (AtlasMapLayout *before, AtlasSnapshot *snapshot, double width, double zoom)
{
  AtlasMapParameters parameters = make_parameters (width, zoom);
  g_autoptr (AtlasMapLayout) anew = lay_out (snapshot, width, zoom);
  g_autoptr (AtlasMapLayout) after = atlas_map_layout_new_after (before, snapshot, &parameters);

  assert_same_cards (anew, after);
}

static void
test_after_another (void)
{
  g_autoptr (Recording) recording = recording_new (TRUE);
  g_autoptr (AtlasSnapshot) first = NULL;
  g_autoptr (AtlasSnapshot) second = NULL;
  g_autoptr (AtlasSnapshot) third = NULL;
  g_autoptr (AtlasMapLayout) before = NULL;

  g_test_summary ("What is taken over from the layout before is what would have been worked out");

  recording_add_many (recording, 100);
  first = recording_take (recording);
  second = recording_take_after (recording, first);
  recording_add (recording, 0x7f0000000000, 300, "rw-p", 0, "", 0);
  third = recording_take_after (recording, second);
  g_assert_true (atlas_snapshot_has_same_regions (first, second));
  g_assert_false (atlas_snapshot_has_same_regions (first, third));

  before = lay_out (first, 700, 0);
  check_after (before, second, 700, 0);
  check_after (before, second, 300, 0);
  check_after (before, second, 700, -1.5);
  check_after (before, third, 700, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/drawing/map-layout/cards", test_cards);
  g_test_add_func ("/drawing/map-layout/columns", test_columns);
  g_test_add_func ("/drawing/map-layout/natural-scale", test_natural_scale);
  g_test_add_func ("/drawing/map-layout/zoom", test_zoom);
  g_test_add_func ("/drawing/map-layout/locate-and-hit", test_locate_and_hit);
  g_test_add_func ("/drawing/map-layout/cells-hold-all-pages", test_cells_hold_all_pages);
  g_test_add_func ("/drawing/map-layout/between-steps", test_locate_and_hit_between_steps);
  g_test_add_func ("/drawing/map-layout/compact", test_compact_cards);
  g_test_add_func ("/drawing/map-layout/continuous", test_heights_are_continuous);
  g_test_add_func ("/drawing/map-layout/whole-steps", test_whole_steps_are_square);
  g_test_add_func ("/drawing/map-layout/line", test_line);
  g_test_add_func ("/drawing/map-layout/row-address", test_row_address);
  g_test_add_func ("/drawing/map-layout/hit-elsewhere", test_hit_elsewhere);
  g_test_add_func ("/drawing/map-layout/find-card", test_find_card);
  g_test_add_func ("/drawing/map-layout/range", test_range);
  g_test_add_func ("/drawing/map-layout/empty", test_empty);
  g_test_add_func ("/drawing/map-layout/keep-place", test_cells_keep_their_place);
  g_test_add_func ("/drawing/map-layout/blocks", test_blocks_are_whole_rows);
  g_test_add_func ("/drawing/map-layout/many", test_many_regions);
  g_test_add_func ("/drawing/map-layout/after-another", test_after_another);
  return g_test_run ();
}
