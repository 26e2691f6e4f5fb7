/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where the cell cursor goes, on a map of three regions that is small enough to count on fingers:
 * rows of 64 pages, high addresses on top. */

#include "atlas-map-cursor.h"
#include "recording.h"

#define HIGH G_GUINT64_CONSTANT (0x7f0000000000) /* 10 pages */
#define MIDDLE                                                                                     \
  G_GUINT64_CONSTANT (0x600000000000)           /* 64 + 5 pages from the 60th cell of a row on     \
                                                 */
#define LOW G_GUINT64_CONSTANT (0x500000000000) /* 192 pages: three rows */
#define COLUMNS 64
#define VIEW 200.0

typedef struct
{
  Recording *recording;
  AtlasMapLayout *layout;
  guint64 page;
} Fixture;

static void
set_up (Fixture *self, gconstpointer user_data)
{
  AtlasMapParameters parameters = { 700.0, 0, 16.0, 60.0, 10.0 };
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  AtlasCard card;

  self->recording = recording_new (FALSE);
  self->page = self->recording->page_size;
  recording_add (self->recording, LOW, 192, "rw-p", 0, "", 0);
  recording_add (self->recording, MIDDLE + 60 * self->page, 69, "r--p", 0, "", 0);
  recording_add (self->recording, HIGH, 10, "rw-p", 0, "[stack]", 0);
  snapshot = recording_take (self->recording);
  self->layout = atlas_map_layout_new (snapshot, &parameters);

  atlas_map_layout_get_card (self->layout, 2, &card);
  g_assert_cmpuint (card.columns, ==, COLUMNS);
  g_assert_cmpuint (card.shift, ==, 0);
}

static void
tear_down (Fixture *self, gconstpointer user_data)
{
  atlas_map_layout_unref (self->layout);
  recording_free (self->recording);
}

static guint64
move (Fixture *self, guint64 from, AtlasMapMove step)
{
  double goal_x = -1.0;

  return atlas_map_cursor_move (self->layout, from, step, VIEW, &goal_x);
}

static void
test_sideways (Fixture *self, gconstpointer user_data)
{
  guint64 page = self->page;

  g_test_summary ("Left and Right go as one reads: through rows, then through cards");

  g_assert_cmphex (move (self, LOW, ATLAS_MAP_MOVE_RIGHT), ==, LOW + page);
  g_assert_cmphex (move (self, LOW + 63 * page, ATLAS_MAP_MOVE_RIGHT), ==, LOW + 64 * page);
  g_assert_cmphex (move (self, LOW + 64 * page, ATLAS_MAP_MOVE_LEFT), ==, LOW + 63 * page);
  g_assert_cmphex (move (self, HIGH + 9 * page, ATLAS_MAP_MOVE_RIGHT), ==, MIDDLE + 60 * page);
  g_assert_cmphex (move (self, MIDDLE + 60 * page, ATLAS_MAP_MOVE_LEFT), ==, HIGH + 9 * page);
  g_assert_cmphex (move (self, HIGH, ATLAS_MAP_MOVE_LEFT), ==, HIGH);
  g_assert_cmphex (move (self, LOW + 191 * page, ATLAS_MAP_MOVE_RIGHT), ==, LOW + 191 * page);
}

static void
test_rows (Fixture *self, gconstpointer user_data)
{
  guint64 page = self->page;

  g_test_summary ("Up and Down keep the column, or take the nearest cell that there is");

  g_assert_cmphex (move (self, LOW + 5 * page, ATLAS_MAP_MOVE_DOWN), ==, LOW + 69 * page);
  g_assert_cmphex (move (self, LOW + 69 * page, ATLAS_MAP_MOVE_UP), ==, LOW + 5 * page);
  /* The middle region's first row has cells 60 to 63 only. */
  g_assert_cmphex (move (self, HIGH + 3 * page, ATLAS_MAP_MOVE_DOWN), ==, MIDDLE + 60 * page);
  g_assert_cmphex (move (self, MIDDLE + 62 * page, ATLAS_MAP_MOVE_UP), ==, HIGH + 9 * page);
  /* Its third and last row has cell 0 only. */
  g_assert_cmphex (move (self, MIDDLE + 70 * page, ATLAS_MAP_MOVE_DOWN), ==, MIDDLE + 128 * page);
  g_assert_cmphex (move (self, MIDDLE + 128 * page, ATLAS_MAP_MOVE_DOWN), ==, LOW);
  g_assert_cmphex (move (self, LOW + 30 * page, ATLAS_MAP_MOVE_UP), ==, MIDDLE + 128 * page);
  g_assert_cmphex (move (self, HIGH + 3 * page, ATLAS_MAP_MOVE_UP), ==, HIGH + 3 * page);
  g_assert_cmphex (move (self, LOW + 150 * page, ATLAS_MAP_MOVE_DOWN), ==, LOW + 150 * page);
}

static void
test_goal (Fixture *self, gconstpointer user_data)
{
  guint64 page = self->page;
  double goal_x = -1.0;
  guint64 at = MIDDLE + (64 + 40) * page;

  g_test_summary ("A short row on the way does not lose the column; a step aside forgets it");

  at = atlas_map_cursor_move (self->layout, at, ATLAS_MAP_MOVE_DOWN, VIEW, &goal_x);
  g_assert_cmphex (at, ==, MIDDLE + 128 * page);
  at = atlas_map_cursor_move (self->layout, at, ATLAS_MAP_MOVE_DOWN, VIEW, &goal_x);
  g_assert_cmphex (at, ==, LOW + 40 * page);
  at = atlas_map_cursor_move (self->layout, at, ATLAS_MAP_MOVE_LEFT, VIEW, &goal_x);
  g_assert_cmphex (at, ==, LOW + 39 * page);
  at = atlas_map_cursor_move (self->layout, at, ATLAS_MAP_MOVE_DOWN, VIEW, &goal_x);
  g_assert_cmphex (at, ==, LOW + (64 + 39) * page);
}

static void
test_ends (Fixture *self, gconstpointer user_data)
{
  guint64 page = self->page;
  guint64 from = MIDDLE + 70 * page;

  g_test_summary ("Home and End are the region's ends; with Control the map's");

  g_assert_cmphex (move (self, from, ATLAS_MAP_MOVE_REGION_START), ==, MIDDLE + 60 * page);
  g_assert_cmphex (move (self, from, ATLAS_MAP_MOVE_REGION_END), ==, MIDDLE + 128 * page);
  g_assert_cmphex (move (self, from, ATLAS_MAP_MOVE_MAP_START), ==, HIGH);
  g_assert_cmphex (move (self, from, ATLAS_MAP_MOVE_MAP_END), ==, LOW + 191 * page);
}

static void
test_pages (Fixture *self, gconstpointer user_data)
{
  guint64 page = self->page;

  g_test_summary ("Page Down goes a view down, and always goes on");

  g_assert_cmphex (move (self, HIGH, ATLAS_MAP_MOVE_PAGE_DOWN), >=, LOW);
  g_assert_cmphex (move (self, HIGH, ATLAS_MAP_MOVE_PAGE_DOWN), <, LOW + 192 * page);
  g_assert_cmphex (move (self, LOW + 191 * page, ATLAS_MAP_MOVE_PAGE_UP), >, LOW + 191 * page);

  for (guint64 at = HIGH, steps = 0; at != LOW + 128 * page; steps++)
    {
      double goal_x = -1.0;

      g_assert_cmpuint (steps, <, 10);
      at = atlas_map_cursor_move (self->layout, at, ATLAS_MAP_MOVE_PAGE_DOWN, 1.0, &goal_x);
      if (at == MIDDLE + 60 * page)
        at = MIDDLE + 64 * page;
    }
}

static void
test_zoomed (Fixture *self, gconstpointer user_data)
{
  AtlasMapParameters parameters = *atlas_map_layout_get_parameters (self->layout);
  g_autoptr (AtlasMapLayout) layout = NULL;
  double goal_x = -1.0;
  guint64 page = self->page;

  g_test_summary ("With several pages to a cell a step is a cell");

  parameters.zoom = -1;
  layout = atlas_map_layout_new (atlas_map_layout_get_snapshot (self->layout), &parameters);
  g_assert_cmphex (
      atlas_map_cursor_move (layout, LOW + 3 * page, ATLAS_MAP_MOVE_RIGHT, VIEW, &goal_x), ==,
      LOW + 4 * page);
  g_assert_cmphex (atlas_map_cursor_move (layout, LOW, ATLAS_MAP_MOVE_DOWN, VIEW, &goal_x), ==,
                   LOW + 128 * page);
}

static void
test_unmapped (Fixture *self, gconstpointer user_data)
{
  g_test_summary ("From an address that is not mapped there is nowhere to go");

  g_assert_cmphex (move (self, 0x1000, ATLAS_MAP_MOVE_RIGHT), ==, 0x1000);
}

static void
test_first_below (Fixture *self, gconstpointer user_data)
{
  AtlasCard card;

  g_test_summary ("Without a cursor the first key takes the first cell that is seen whole");

  g_assert_cmphex (atlas_map_cursor_first_below (self->layout, 0.0), ==, HIGH);
  atlas_map_layout_get_card (self->layout, 2, &card);
  g_assert_cmphex (atlas_map_cursor_first_below (self->layout, card.grid.y + 1.0), ==,
                   LOW + COLUMNS * self->page);
  g_assert_cmphex (atlas_map_cursor_first_below (self->layout, 1e9), ==, LOW + 128 * self->page);
}

static void
add (const char *path, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("/widgets/map-cursor/sideways", test_sideways);
  add ("/widgets/map-cursor/rows", test_rows);
  add ("/widgets/map-cursor/goal", test_goal);
  add ("/widgets/map-cursor/ends", test_ends);
  add ("/widgets/map-cursor/pages", test_pages);
  add ("/widgets/map-cursor/zoomed", test_zoomed);
  add ("/widgets/map-cursor/unmapped", test_unmapped);
  add ("/widgets/map-cursor/first-below", test_first_below);

  return g_test_run ();
}
