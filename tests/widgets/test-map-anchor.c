/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Anchors: what is at a pixel before a change is there after it. */

#include "atlas-map-anchor.h"
#include "recording.h"

#define TOP G_GUINT64_CONSTANT (0x7f0000000000)
#define HEAP G_GUINT64_CONSTANT (0x600000000000)
#define LOW G_GUINT64_CONSTANT (0x500000000000)
#define COLUMNS 64

static AtlasMapLayout *
lay_out (Recording *recording, int zoom)
{
  AtlasMapParameters parameters = { 700.0, zoom, 16.0, 60.0, 10.0 };
  g_autoptr (AtlasSnapshot) snapshot = recording_take (recording);
  AtlasMapLayout *layout = atlas_map_layout_new (snapshot, &parameters);

  g_string_truncate (recording->maps, 0);
  return layout;
}

static void
add_low (Recording *recording)
{
  recording_add (recording, LOW, 640, "r--p", 0, "", 0);
}

/* A map of LOW, a heap of so many pages, and so many small regions above it. */
static AtlasMapLayout *
lay_out_with (Recording *recording, guint heap_pages, guint n_above, int zoom)
{
  add_low (recording);
  if (heap_pages > 0)
    recording_add (recording, HEAP, heap_pages, "rw-p", 0, "[heap]", 0);
  for (guint i = 0; i < n_above; i++)
    recording_add (recording, TOP + i * 0x100000, 7, "rw-p", 0, "", 0);
  return lay_out (recording, zoom);
}

static AtlasRect
get_cell (AtlasMapLayout *layout, guint64 address)
{
  AtlasRect cell;

  g_assert_true (atlas_map_layout_locate (layout, address, &cell, NULL));
  return cell;
}

static double
get_card_top (AtlasMapLayout *layout, guint64 address)
{
  AtlasCard card;

  g_assert_true (atlas_map_layout_locate (layout, address, NULL, &card));
  return card.rect.y;
}

static void
test_regions_above (void)
{
  g_autoptr (Recording) recording = recording_new (FALSE);
  g_autoptr (AtlasMapLayout) before = lay_out_with (recording, 300, 2, 0);
  g_autoptr (AtlasMapLayout) after = lay_out_with (recording, 300, 5, 0);
  guint64 row = HEAP + 2 * COLUMNS * recording->page_size;
  AtlasMapAnchor anchor;
  double y = get_cell (before, row).y + 3.0;

  g_test_summary ("Regions that come above push nothing down");

  g_assert_true (atlas_map_anchor_take (before, -1.0, y, &anchor));
  g_assert_cmphex (anchor.address, ==, row);
  g_assert_cmpfloat (get_cell (after, row).y, >, get_cell (before, row).y);
  g_assert_cmpfloat_with_epsilon (atlas_map_anchor_find (after, &anchor),
                                  get_cell (after, row).y + 3.0, 1e-6);
}

static void
test_heading (void)
{
  g_autoptr (Recording) recording = recording_new (FALSE);
  g_autoptr (AtlasMapLayout) before = lay_out_with (recording, 300, 2, 0);
  g_autoptr (AtlasMapLayout) after = lay_out_with (recording, 300, 3, 0);
  AtlasMapAnchor anchor;

  g_test_summary ("A heading stays where it is, too");

  g_assert_true (atlas_map_anchor_take (before, -1.0, get_card_top (before, HEAP) + 5.0, &anchor));
  g_assert_false (anchor.on_cell);
  g_assert_cmpfloat_with_epsilon (atlas_map_anchor_find (after, &anchor),
                                  get_card_top (after, HEAP) + 5.0, 1e-6);
}

static void
test_growth (void)
{
  g_autoptr (Recording) recording = recording_new (FALSE);
  g_autoptr (AtlasMapLayout) before = lay_out_with (recording, 300, 1, 0);
  g_autoptr (AtlasMapLayout) after = lay_out_with (recording, 3000, 1, 0);
  guint64 address = HEAP + 130 * recording->page_size;
  AtlasRect cell = get_cell (before, address);
  AtlasMapAnchor anchor;

  g_test_summary ("A region that grows so far that its scale changes keeps the address");

  g_assert_true (atlas_map_anchor_take (before, cell.x + 1.0, cell.y + 1.0, &anchor));
  g_assert_cmphex (anchor.address, ==, address);
  g_assert_cmpfloat_with_epsilon (atlas_map_anchor_find (after, &anchor),
                                  get_cell (after, address).y + 1.0, 1e-6);
}

static void
test_shrunk (void)
{
  g_autoptr (Recording) recording = recording_new (FALSE);
  g_autoptr (AtlasMapLayout) before = lay_out_with (recording, 300, 1, 0);
  g_autoptr (AtlasMapLayout) after = lay_out_with (recording, 100, 1, 0);
  guint64 page = recording->page_size;
  AtlasMapAnchor anchor;

  g_test_summary ("Where the page is gone, the nearest of its region that is left takes its place");

  g_assert_true (
      atlas_map_anchor_take (before, -1.0, get_cell (before, HEAP + 280 * page).y, &anchor));
  g_assert_cmpfloat_with_epsilon (atlas_map_anchor_find (after, &anchor),
                                  get_cell (after, HEAP + 99 * page).y, 1e-6);
}

static void
test_gone (void)
{
  g_autoptr (Recording) recording = recording_new (FALSE);
  g_autoptr (AtlasMapLayout) before = lay_out_with (recording, 300, 1, 0);
  g_autoptr (AtlasMapLayout) after = lay_out_with (recording, 0, 1, 0);
  AtlasMapAnchor anchor;

  g_test_summary ("Where the region is gone, the next one below takes its place");

  g_assert_true (atlas_map_anchor_take (before, -1.0, get_cell (before, HEAP).y, &anchor));
  g_assert_cmpfloat_with_epsilon (atlas_map_anchor_find (after, &anchor), get_card_top (after, LOW),
                                  1e-6);
}

static void
test_zoom (void)
{
  g_autoptr (Recording) recording = recording_new (FALSE);
  g_autoptr (AtlasMapLayout) before = lay_out_with (recording, 300, 1, 0);
  guint64 address = HEAP + 200 * recording->page_size;
  AtlasRect cell = get_cell (before, address);
  AtlasMapAnchor anchor;

  g_test_summary ("At every zoom the cell that holds the address is where it was");

  g_assert_true (atlas_map_anchor_take (before, cell.x + 2.0, cell.y + 2.0, &anchor));
  g_assert_cmphex (anchor.address, ==, address);
  for (int zoom = -3; zoom <= 3; zoom++)
    {
      g_autoptr (AtlasMapLayout) after = lay_out_with (recording, 300, 1, zoom);
      double y = atlas_map_anchor_find (after, &anchor);
      AtlasMapHit hit;

      cell = get_cell (after, address);
      g_assert_true (atlas_map_layout_hit (after, cell.x + 2.0, y, &hit));
      g_assert_true (hit.on_cell);
      g_assert_cmphex (hit.address, <=, address);
      g_assert_cmphex (address, <, hit.address + hit.n_pages * recording->page_size);
    }
}

static AtlasMapLayout *
lay_out_zoomed (AtlasSnapshot *snapshot, double zoom)
{
  AtlasMapParameters parameters = { 700.0, zoom, 16.0, 60.0, 10.0, 22.0 };

  return atlas_map_layout_new (snapshot, &parameters);
}

/* What is at @x, @y comes to a row that holds it, and back to where it was. */
static void
check_there_and_back (AtlasSnapshot *snapshot, AtlasMapLayout *before, double x, double y)
{
  double zoom = g_test_rand_double_range (-7.0, 9.0);
  g_autoptr (AtlasMapLayout) after = lay_out_zoomed (snapshot, zoom);
  AtlasMapAnchor anchor, other;
  AtlasMapHit hit;
  double found;

  g_assert_true (atlas_map_anchor_take (before, x, y, &anchor));
  found = atlas_map_anchor_find (after, &anchor);
  g_assert_cmpfloat_with_epsilon (atlas_map_anchor_find (before, &anchor), y, 1e-6);
  if (!anchor.on_cell || !atlas_map_layout_hit (before, x, y, &hit) || !hit.on_cell)
    return;
  g_assert_cmphex (anchor.address, >=, hit.address);
  g_assert_cmphex (anchor.address, <,
                   hit.address + hit.n_pages * atlas_snapshot_get_page_size (snapshot));

  AtlasRect cell = get_cell (after, anchor.address);
  g_assert_cmpfloat (found, >=, cell.y);
  g_assert_cmpfloat (found, <=, cell.y + cell.height + 1.0);
  g_assert_true (atlas_map_anchor_take (after, cell.x, found, &other));
  g_assert_cmpfloat_with_epsilon (atlas_map_anchor_find (after, &other), found, 1.0);
}

static void
test_any_zoom (void)
{
  g_autoptr (Recording) recording = recording_new (FALSE);
  g_autoptr (AtlasSnapshot) snapshot = NULL;

  g_test_summary ("Between any two zooms the page under a point stays in the row at it");

  add_low (recording);
  recording_add (recording, HEAP, 30000, "rw-p", 0, "[heap]", 0);
  recording_add (recording, TOP, 7, "rw-p", 0, "", 0);
  snapshot = recording_take (recording);
  for (guint i = 0; i < 1500; i++)
    {
      g_autoptr (AtlasMapLayout) layout =
          lay_out_zoomed (snapshot, g_test_rand_double_range (-7.0, 9.0));
      double height = atlas_map_layout_get_height (layout);

      check_there_and_back (snapshot, layout, g_test_rand_double_range (0.0, 700.0),
                            g_test_rand_double_range (10.0, height - 11.0));
    }
}

static void
test_below_cells (void)
{
  g_autoptr (Recording) recording = recording_new (FALSE);
  g_autoptr (AtlasMapLayout) before = lay_out_with (recording, 300, 2, 0);
  g_autoptr (AtlasMapLayout) after = lay_out_with (recording, 3000, 2, 0);
  AtlasMapAnchor anchor;
  AtlasCard card, grown;

  g_test_summary ("What is below the cells stays below them when the card grows");

  g_assert_true (atlas_map_layout_locate (before, HEAP, NULL, &card));
  g_assert_true (atlas_map_layout_locate (after, HEAP, NULL, &grown));
  g_assert_true (
      atlas_map_anchor_take (before, 100.0, card.rect.y + card.rect.height - 2.0, &anchor));
  g_assert_cmpfloat_with_epsilon (atlas_map_anchor_find (after, &anchor),
                                  grown.rect.y + grown.rect.height - 2.0, 1e-6);
}

static void
test_address (void)
{
  g_autoptr (Recording) recording = recording_new (FALSE);
  g_autoptr (AtlasMapLayout) layout = lay_out_with (recording, 300, 1, 0);
  guint64 address = HEAP + 200 * recording->page_size;
  AtlasRect cell = get_cell (layout, address);
  AtlasMapAnchor anchor;

  g_test_summary ("The cell cursor as an anchor is the middle of its cell");

  g_assert_true (atlas_map_anchor_take_address (layout, address, &anchor));
  g_assert_cmpfloat_with_epsilon (atlas_map_anchor_find (layout, &anchor),
                                  cell.y + cell.height / 2.0, 1e-6);
  g_assert_false (atlas_map_anchor_take_address (layout, 0x1000, &anchor));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/widgets/map-anchor/regions-above", test_regions_above);
  g_test_add_func ("/widgets/map-anchor/heading", test_heading);
  g_test_add_func ("/widgets/map-anchor/growth", test_growth);
  g_test_add_func ("/widgets/map-anchor/shrunk", test_shrunk);
  g_test_add_func ("/widgets/map-anchor/gone", test_gone);
  g_test_add_func ("/widgets/map-anchor/zoom", test_zoom);
  g_test_add_func ("/widgets/map-anchor/any-zoom", test_any_zoom);
  g_test_add_func ("/widgets/map-anchor/below-cells", test_below_cells);
  g_test_add_func ("/widgets/map-anchor/address", test_address);

  return g_test_run ();
}
