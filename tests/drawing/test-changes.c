/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What changed is pointed out in its own cells, and in no others: told page by page. */

#include <math.h>
#include <string.h>

#include "atlas-map-painter.h"
#include "recording.h"

#define HEAP G_GUINT64_CONSTANT (0x55f01c2e0000)
#define PAGES 900u
#define WIDTH 640

typedef struct
{
  guint64 page;
  AtlasSnapshot *before, *after;
  gboolean changed[PAGES];
  AtlasPageChanges *changes;
  AtlasMapLayout *layout;
  cairo_surface_t *surface;
  AtlasCanvas canvas;
} Scene;

static AtlasSnapshot *
take (void)
{
  g_autoptr (Recording) recording = recording_new (TRUE);

  recording_add (recording, 0x10000000, 300, "rw-p", 0, "", 300);
  recording_add (recording, HEAP, PAGES, "rw-p", 0, "[heap]", 0);
  recording_add (recording, 0x7f2c1a000000, 300, "rw-p", 0, "", 300);
  return recording_take (recording);
}

/* Snapshots do not change, but nobody has looked at this one yet. */
static void
set_pages (AtlasSnapshot *snapshot, AtlasPagesBuilder *builder)
{
  AtlasRegion *region = atlas_snapshot_get_region (snapshot, 1);

  atlas_pages_unref (region->pages);
  region->pages = atlas_pages_builder_end (builder);
}

/* @share of 100 pages change, in stretches of up to @longest. */
static void
scene_init (Scene *scene, gint share, gint longest)
{
  g_auto (AtlasPagesBuilder) old = { 0 }, new = { 0 };

  *scene = (Scene){ .before = take (), .after = take () };
  scene->page = atlas_snapshot_get_page_size (scene->after);
  for (guint i = 0; i < PAGES;)
    {
      gboolean changed = g_test_rand_int_range (0, 100) < share;
      AtlasPageState state = g_test_rand_bit () ? ATLAS_PAGE_RESIDENT : ATLAS_PAGE_ABSENT;

      for (gint n = g_test_rand_int_range (1, longest + 1); n > 0 && i < PAGES; n--, i++)
        {
          scene->changed[i] = changed;
          atlas_pages_builder_append (&old, 1, state);
          atlas_pages_builder_append (&new, 1, changed ? state ^ ATLAS_PAGE_RESIDENT : state);
        }
    }
  set_pages (scene->before, &old);
  set_pages (scene->after, &new);
  scene->changes = atlas_page_changes_new (scene->before, scene->after);
}

static void
drop_picture (Scene *scene)
{
  if (scene->surface == NULL)
    return;
  g_assert_cmpint (cairo_status (scene->canvas.cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (scene->canvas.cr);
  atlas_canvas_clear (&scene->canvas);
  g_clear_pointer (&scene->surface, cairo_surface_destroy);
  g_clear_pointer (&scene->layout, atlas_map_layout_unref);
}

static void
scene_clear (Scene *scene)
{
  drop_picture (scene);
  atlas_page_changes_unref (scene->changes);
  atlas_snapshot_unref (scene->before);
  atlas_snapshot_unref (scene->after);
}

/* The changes alone, on the card's colour. */
static void
paint (Scene *scene, const AtlasPalette *palette, int zoom, double top, double bottom)
{
  AtlasMapParameters parameters = {
    .width = WIDTH, .zoom = zoom, .line_height = 16, .label_width = 62, .margin = 10
  };

  drop_picture (scene);
  scene->layout = atlas_map_layout_new (scene->after, &parameters);
  scene->surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH,
                                               (int) atlas_map_layout_get_height (scene->layout));
  atlas_canvas_init (&scene->canvas, cairo_create (scene->surface), NULL, palette);
  atlas_canvas_set_color (&scene->canvas, &palette->card);
  cairo_paint (scene->canvas.cr);
  bottom = MIN (bottom, atlas_map_layout_get_height (scene->layout));
  atlas_map_paint_changes (&scene->canvas, scene->layout, top, bottom, scene->changes, 0);
  cairo_surface_flush (scene->surface);
}

static guint32
get_pixel (const Scene *scene, double x, double y)
{
  const unsigned char *row = cairo_image_surface_get_data (scene->surface)
                             + (int) y * cairo_image_surface_get_stride (scene->surface);
  guint32 pixel;

  memcpy (&pixel, row + (gsize) x * sizeof pixel, sizeof pixel);
  return pixel & 0xffffff;
}

static gboolean
is_accent (const Scene *scene, double x, double y)
{
  const AtlasColor *accent = &scene->canvas.palette->accent;
  guint32 pixel = get_pixel (scene, x, y);

  return fabs ((pixel >> 16 & 0xff) - accent->red * 255) < 1.6
         && fabs ((pixel >> 8 & 0xff) - accent->green * 255) < 1.6
         && fabs ((pixel & 0xff) - accent->blue * 255) < 1.6;
}

/* Whether a page of the cell changed; beyond the region none did. */
static gboolean
cell_changed (const Scene *scene, const AtlasCard *card, gint64 row, gint64 column)
{
  AtlasMapHit hit;
  guint64 first;

  if (row < 0 || column < 0 || row >= (gint64) card->n_rows || column >= card->columns
      || !atlas_map_layout_hit (scene->layout, card->grid.x + ((double) column + 0.5) * card->pitch,
                                atlas_card_get_row_top (card, (guint64) row) + 2, &hit)
      || !hit.on_cell)
    return FALSE;
  first = (hit.address - HEAP) / scene->page;
  for (guint64 i = first; i < first + hit.n_pages; i++)
    if (scene->changed[i])
      return TRUE;
  return FALSE;
}

static void
check_lines (const Scene *scene)
{
  AtlasCard card;

  atlas_map_layout_get_card (scene->layout, 1, &card);
  for (gint64 row = 0; row < (gint64) card.n_rows; row++)
    for (gint64 column = 0; column < (gint64) card.columns; column++)
      {
        gboolean changed = cell_changed (scene, &card, row, column);
        double top = atlas_card_get_row_top (&card, (guint64) row);
        double below = atlas_card_get_row_top (&card, (guint64) (row + 1));
        double left = card.grid.x + (double) column * card.pitch;
        double middle = floor (card.pitch / 2);

        g_assert_cmpint (is_accent (scene, left + card.pitch - 1, top + middle), ==,
                         changed != cell_changed (scene, &card, row, column + 1));
        g_assert_cmpint (is_accent (scene, left + middle, below - 1), ==,
                         changed != cell_changed (scene, &card, row + 1, column));
        /* The cell itself is to be seen. */
        g_assert_false (is_accent (scene, left + middle, top + middle));
      }
}

/* Nothing on other cards. */
static void
check_elsewhere (const Scene *scene)
{
  AtlasCard card;

  atlas_map_layout_get_card (scene->layout, 1, &card);
  for (int y = 0; y < cairo_image_surface_get_height (scene->surface); y++)
    for (int x = 0; x < WIDTH; x++)
      if (y < card.grid.y - 4 || y > card.grid.y + card.grid.height + 4 || x < card.grid.x - 4
          || x > card.grid.x + card.grid.width + 4)
        g_assert_false (is_accent (scene, x, y));
}

static void
test_lines (gconstpointer data)
{
  static const gint shares[] = { 0, 1, 20, 50, 100 };

  for (guint i = 0; i < G_N_ELEMENTS (shares); i++)
    for (gint longest = 1; longest < 200; longest *= 12)
      {
        Scene scene;

        scene_init (&scene, shares[i], longest);
        for (int zoom = -1; zoom <= 1; zoom++)
          {
            paint (&scene, data, zoom, 0, G_MAXINT);
            check_lines (&scene);
            check_elsewhere (&scene);
          }
        scene_clear (&scene);
      }
}

/* What of it is seen does not depend on what else is. */
static void
test_part (void)
{
  const AtlasPalette *palette = atlas_palette_get (ATLAS_PALETTE_COLOR, FALSE);
  Scene whole, part;

  scene_init (&whole, 30, 9);
  part = whole;
  paint (&whole, palette, 1, 0, G_MAXINT);
  for (double top = 0; top < 500; top += 61)
    {
      paint (&part, palette, 1, top, top + 61);
      for (int y = (int) top; y < MIN (top + 61, cairo_image_surface_get_height (part.surface));
           y++)
        for (int x = 0; x < WIDTH; x++)
          g_assert_cmphex (get_pixel (&whole, x, y), ==, get_pixel (&part, x, y));
    }
  drop_picture (&part);
  scene_clear (&whole);
}

/* New memory is pointed out as a whole; what is gone has no cells. */
static void
test_mapped (void)
{
  const AtlasPalette *palette = atlas_palette_get (ATLAS_PALETTE_COLOR, TRUE);
  g_autoptr (Recording) recording = recording_new (TRUE);
  Scene scene = { .page = recording->page_size };
  AtlasCard card;

  recording_add (recording, 0x10000000, 10, "rw-p", 0, "", 3);
  scene.before = recording_take (recording);
  g_string_truncate (recording->maps, 0);
  recording_add (recording, 0x20000000, 10, "rw-p", 0, "", 3);
  scene.after = recording_take (recording);
  scene.changes = atlas_page_changes_new (scene.before, scene.after);
  g_assert_cmpuint (atlas_page_changes_count (scene.changes, ATLAS_CHANGE_MAPPED), ==, 10);
  g_assert_cmpuint (atlas_page_changes_count (scene.changes, ATLAS_CHANGE_UNMAPPED), ==, 10);
  paint (&scene, palette, 0, 0, G_MAXINT);
  atlas_map_layout_get_card (scene.layout, 0, &card);
  for (guint i = 0; i < 10; i++)
    {
      g_assert_true (is_accent (&scene, card.grid.x + i * card.pitch + 3, card.grid.y - 1));
      g_assert_false (is_accent (&scene, card.grid.x + i * card.pitch + 3, card.grid.y + 3));
    }
  g_assert_true (is_accent (&scene, card.grid.x + 10 * card.pitch - 1, card.grid.y + 3));
  g_assert_false (is_accent (&scene, card.grid.x + 9 * card.pitch - 1, card.grid.y + 3));
  scene_clear (&scene);
}

static void
test_filled (void)
{
  const AtlasPalette *palette = atlas_palette_get (ATLAS_PALETTE_COLOR, FALSE);
  guint32 plain;
  AtlasRect cell;
  Scene scene;

  scene_init (&scene, 100, 1);
  paint (&scene, palette, 0, 0, G_MAXINT);
  g_assert_true (atlas_map_layout_locate (scene.layout, HEAP, &cell, NULL));
  plain = get_pixel (&scene, cell.x + 4, cell.y + 4);
  atlas_map_paint_changes (&scene.canvas, scene.layout, 0, 400, scene.changes, 0.5);
  cairo_surface_flush (scene.surface);
  g_assert_cmphex (get_pixel (&scene, cell.x + 4, cell.y + 4), !=, plain);
  scene_clear (&scene);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < ATLAS_N_PALETTES; i++)
    {
      g_autofree char *path = g_strdup_printf ("/drawing/changes/lines/%s",
                                               atlas_palette_get_name ((AtlasPaletteId) i));

      g_test_add_data_func (path, atlas_palette_get ((AtlasPaletteId) i, i % 2), test_lines);
    }
  g_test_add_func ("/drawing/changes/part", test_part);
  g_test_add_func ("/drawing/changes/mapped", test_mapped);
  g_test_add_func ("/drawing/changes/filled", test_filled);

  return g_test_run ();
}
