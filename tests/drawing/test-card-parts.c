/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Names on the map: lines are round exactly the pages of each allocation, told page by page; names
 * are on their own cells and hide nothing that is not to be seen beside them. */

#include <math.h>
#include <string.h>

#include "atlas-card-heading.h"
#include "atlas-map-painter.h"
#include "recording.h"
#include "text-list.h"

#define HEAP G_GUINT64_CONSTANT (0x55f01c2e0000)
#define MMAP G_GUINT64_CONSTANT (0x7f2c1a000000)
#define WIDTH 760

typedef struct
{
  const char *name;
  guint64 start, end; /* bytes from the region's start */
} Allocation;

typedef struct
{
  AtlasSnapshot *snapshot;
  AtlasLabels *labels;
  AtlasMapLayout *layout;
  TextList *list;
  guint64 page;
} Scene;

static AtlasLabels *
new_labels (const Allocation *allocations, guint n, guint64 base)
{
  AtlasLabelsBuilder *builder = atlas_labels_builder_new ();

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s · malloc", allocations[i].name);

      atlas_labels_builder_add (builder, base + allocations[i].start, base + allocations[i].end,
                                name, allocations[i].name);
    }
  return atlas_labels_builder_end (builder);
}

/* A heap of so many pages, all of them in memory. */
static void
scene_init (Scene *scene, guint64 start, guint64 n_pages, guint64 n_resident)
{
  g_autoptr (Recording) recording = recording_new (TRUE);

  *scene = (Scene){ .page = recording->page_size };
  recording_add (recording, start, n_pages, "rw-p", 0, start == HEAP ? "[heap]" : "", n_resident);
  scene->snapshot = recording_take (recording);
}

static void
scene_clear (Scene *scene)
{
  g_clear_pointer (&scene->list, text_list_free);
  g_clear_pointer (&scene->layout, atlas_map_layout_unref);
  g_clear_pointer (&scene->labels, atlas_labels_unref);
  g_clear_pointer (&scene->snapshot, atlas_snapshot_unref);
}

static void
lay_out (Scene *scene, const AtlasPalette *palette, double zoom)
{
  g_autoptr (TextList) measure = text_list_new (1, 1, palette);
  AtlasMapParameters parameters = {
    .width = WIDTH,
    .zoom = zoom,
    .line_height = atlas_card_heading_get_height (&measure->canvas, WIDTH),
    .label_width = 62,
    .margin = 10,
    .compact_line_height = measure->canvas.line_height[ATLAS_TEXT_HEADING],
    .labels = scene->labels,
  };

  g_clear_pointer (&scene->layout, atlas_map_layout_unref);
  scene->layout = atlas_map_layout_new (scene->snapshot, &parameters);
}

static void
paint (Scene *scene, const AtlasPalette *palette, double zoom)
{
  lay_out (scene, palette, zoom);
  g_clear_pointer (&scene->list, text_list_free);
  scene->list = text_list_new (WIDTH, atlas_map_layout_get_height (scene->layout), palette);
  atlas_map_paint (&scene->list->canvas, scene->layout, 0, scene->list->height, ATLAS_COUNTER_NONE);
  cairo_surface_flush (scene->list->surface);
}

static guint32
get_pixel (const Scene *scene, double x, double y)
{
  const unsigned char *row = cairo_image_surface_get_data (scene->list->surface)
                             + (int) y * cairo_image_surface_get_stride (scene->list->surface);
  guint32 pixel;

  memcpy (&pixel, row + (gsize) x * sizeof pixel, sizeof pixel);
  return pixel & 0xffffff;
}

static gboolean
is_color (const Scene *scene, double x, double y, const AtlasColor *color)
{
  guint32 pixel = get_pixel (scene, x, y);

  return fabs ((pixel >> 16 & 0xff) - color->red * 255) < 1.6
         && fabs ((pixel >> 8 & 0xff) - color->green * 255) < 1.6
         && fabs ((pixel & 0xff) - color->blue * 255) < 1.6;
}

/* --- lines ----------------------------------------------------------------------------------- */

/* Which labels have a byte in each cell, as bits; by the first principles of bytes. */
static guint64
list_labels (const Scene *scene, guint64 start, guint64 n_pages)
{
  guint n;
  const AtlasLabel *labels = atlas_labels_get (scene->labels, &n);
  guint64 bits = 0;

  for (guint i = 0; i < n; i++)
    if (labels[i].start < start + n_pages * scene->page && labels[i].end > start)
      bits |= G_GUINT64_CONSTANT (1) << i;
  return bits;
}

/* Of the cell at column and row of the only card; 0 beyond the region. */
static guint64
get_bits (const Scene *scene, const AtlasCard *card, gint64 row, gint64 column)
{
  AtlasMapHit hit;

  if (row < 0 || column < 0 || row >= (gint64) card->n_rows || column >= card->columns)
    return 0;
  if (!atlas_map_layout_hit (scene->layout, card->grid.x + ((double) column + 0.5) * card->pitch,
                             atlas_card_get_row_top (card, (guint64) row) + 2, &hit)
      || !hit.on_cell)
    return 0;
  return list_labels (scene, hit.address, hit.n_pages);
}

/* A name interrupts the line that it stands at. */
static gboolean
is_under_name (const Scene *scene, double x, double y)
{
  for (guint i = 0; i < scene->list->texts->len; i++)
    {
      const Text *text = g_ptr_array_index (scene->list->texts, i);

      if (text->style == ATLAS_TEXT_CAPTION && x >= text->x - 6 && x <= text->x + text->width + 6
          && y <= text->baseline + 6 && y >= text->baseline - text->size - 3)
        return TRUE;
    }
  return FALSE;
}

/* A point on the gap right of, or below, a cell. */
static void
check_gap (const Scene *scene, double x, double y, gboolean line)
{
  const AtlasPalette *palette = scene->list->canvas.palette;

  if (is_under_name (scene, x, y))
    return;
  if (line != is_color (scene, x, y, &palette->text))
    g_error ("%s line at %.0f, %.0f", line ? "no" : "a", x, y);
  if (!line)
    g_assert_true (is_color (scene, x, y, &palette->card));
}

/* There is a line between two cells just where an allocation is in one of them alone. */
static void
check_lines (const Scene *scene)
{
  AtlasCard card;

  atlas_map_layout_get_card (scene->layout, 0, &card);
  for (gint64 row = -1; row < (gint64) card.n_rows; row++)
    for (gint64 column = -1; column < (gint64) card.columns; column++)
      {
        guint64 bits = get_bits (scene, &card, row, column);
        double top =
            row < 0 ? card.grid.y - card.pitch : atlas_card_get_row_top (&card, (guint64) row);
        double below = atlas_card_get_row_top (&card, (guint64) (row + 1));
        double left = card.grid.x + (double) column * card.pitch;

        if (row >= 0)
          check_gap (scene, left + card.pitch - 1, top + 1,
                     bits != get_bits (scene, &card, row, column + 1));
        if (column >= 0)
          check_gap (scene, left + 1, below - 1, bits != get_bits (scene, &card, row + 1, column));
      }
}

/* Names that are too long for anything, so that none hides a line. */
static char *
make_long_name (guint i)
{
  g_autofree char *filling = g_strnfill (200, 'x');

  return g_strdup_printf ("%u%s", i, filling);
}

/* Allocations of random sizes with random gaps, and where each begins and ends within a page. Two
 * at least: one that is all of the region has no lines. */
static AtlasLabels *
make_random (guint64 bytes, guint n)
{
  AtlasLabelsBuilder *builder = atlas_labels_builder_new ();
  guint64 at = (guint64) g_test_rand_int_range (20, 5000);

  atlas_labels_builder_add (builder, HEAP, HEAP + 16, "first", "first");
  for (guint i = 0; i < n && at < bytes; i++)
    {
      g_autofree char *name = make_long_name (i);
      guint64 size = (guint64) g_test_rand_int_range (1, g_test_rand_bit () ? 3000 : 400000);

      atlas_labels_builder_add (builder, HEAP + at, HEAP + MIN (at + size, bytes), name, name);
      at += size + (guint64) (g_test_rand_bit () ? 16 : g_test_rand_int_range (0, 100000));
    }
  return atlas_labels_builder_end (builder);
}

static void
test_lines (gconstpointer data)
{
  g_test_summary ("A line goes round the cells in which an allocation has a byte, and no others");

  for (guint round = 0; round < 12; round++)
    {
      Scene scene;
      guint64 n_pages = (guint64) g_test_rand_int_range (20, 900);

      scene_init (&scene, HEAP, n_pages, n_pages);
      scene.labels = make_random (n_pages * scene.page, 60);
      for (int zoom = -2; zoom <= 2; zoom++)
        {
          AtlasCard card;

          paint (&scene, data, zoom);
          atlas_map_layout_get_card (scene.layout, 0, &card);
          if (!card.compact)
            check_lines (&scene);
        }
      scene_clear (&scene);
    }
}

/* --- names ----------------------------------------------------------------------------------- */

static const Text *
find_text (const Scene *scene, const char *text, AtlasTextStyle style)
{
  for (guint i = 0; i < scene->list->texts->len; i++)
    {
      const Text *caught = g_ptr_array_index (scene->list->texts, i);

      if (caught->style == style && g_str_equal (caught->text, text))
        return caught;
    }
  return NULL;
}

/* Both ends of a name are on cells of that allocation. */
static void
assert_on_own_cells (const Scene *scene, const char *name, guint64 start, guint64 end)
{
  const Text *text = find_text (scene, name, ATLAS_TEXT_CAPTION);
  AtlasMapHit left, right;
  double y;

  /* Not g_assert_nonnull (), after which the compiler holds that it may be NULL still. */
  g_assert (text != NULL);
  y = text->baseline - text->size / 3;
  g_assert_true (atlas_map_layout_hit (scene->layout, text->x - 3, y, &left) && left.on_cell);
  g_assert_true (atlas_map_layout_hit (scene->layout, text->x + text->width + 3, y, &right)
                 && right.on_cell);
  g_assert_cmphex (left.address + left.n_pages * scene->page, >, HEAP + start);
  g_assert_cmphex (right.address, <, HEAP + end);
  g_assert_cmphex (right.address, >=, left.address);
}

static void
test_names (gconstpointer data)
{
  static const Allocation allocations[] = { { "a", 16, 102416 },
                                            { "buffer", 102432, 400000 },
                                            { "c", 400016, 1500000 } };
  Scene scene;

  g_test_summary ("Each allocation is named on its own cells, and in the heading");

  scene_init (&scene, HEAP, 400, 400);
  scene.labels = new_labels (allocations, G_N_ELEMENTS (allocations), HEAP);
  for (double zoom = -1; zoom <= 1; zoom += 0.25)
    {
      paint (&scene, data, zoom);
      for (guint i = 0; i < G_N_ELEMENTS (allocations); i++)
        assert_on_own_cells (&scene, allocations[i].name, allocations[i].start, allocations[i].end);
      g_assert_true (text_list_has (scene.list, "[heap] · a, buffer, c"));
      text_list_assert_inside (scene.list);
      text_list_assert_apart (scene.list);
      text_list_assert_legible (scene.list);
    }
  scene_clear (&scene);
}

/* Snapshots do not change, but none has been painted yet. */
static void
set_every_other (AtlasSnapshot *snapshot, guint64 n_pages)
{
  AtlasRegion *region = atlas_snapshot_get_region (snapshot, 0);
  g_auto (AtlasPagesBuilder) builder = { 0 };

  for (guint64 i = 0; i < n_pages; i++)
    atlas_pages_builder_append (&builder, 1, i % 2 ? ATLAS_PAGE_RESIDENT : ATLAS_PAGE_ABSENT);
  atlas_pages_unref (region->pages);
  region->pages = atlas_pages_builder_end (&builder);
}

static void
test_hides_nothing (void)
{
  static const Allocation allocations[] = { { "a", 0, 20 * 4096 }, { "b", 30 * 4096, 300 * 4096 } };
  const AtlasPalette *palette = atlas_palette_get (ATLAS_PALETTE_COLOR, FALSE);
  Scene scene;

  g_test_summary ("Where cells differ a name may hide a small part, else there is none");

  scene_init (&scene, HEAP, 400, 400);
  set_every_other (scene.snapshot, 400);
  scene.labels = new_labels (allocations, G_N_ELEMENTS (allocations), HEAP);
  paint (&scene, palette, 9);
  g_assert_nonnull (find_text (&scene, "b", ATLAS_TEXT_CAPTION));
  g_clear_pointer (&scene.labels, atlas_labels_unref);
  scene.labels = new_labels (&(Allocation){ "alpha", 0, 20 * 4096 }, 1, HEAP);
  paint (&scene, palette, 9);
  g_assert_null (find_text (&scene, "alpha", ATLAS_TEXT_CAPTION));
  g_assert_true (text_list_has (scene.list, "[heap] · alpha"));
  scene_clear (&scene);
}

static void
test_many (void)
{
  const AtlasPalette *palette = atlas_palette_get (ATLAS_PALETTE_COLOR, FALSE);
  AtlasLabelsBuilder *builder = atlas_labels_builder_new ();
  Scene scene;

  g_test_summary ("Small allocations without room for names are counted");

  scene_init (&scene, HEAP, 64, 64);
  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *name = g_strdup_printf ("tiny%u", i);

      atlas_labels_builder_add (builder, HEAP + 4096 + i * 112, HEAP + 4096 + i * 112 + 100, name,
                                name);
    }
  scene.labels = atlas_labels_builder_end (builder);
  paint (&scene, palette, 9);
  g_assert_true (text_list_has (scene.list, "[heap] · tiny0, tiny1, tiny2, +997"));
  g_assert_cmpuint (text_list_count (scene.list, ", +"), ==, 2);
  scene_clear (&scene);
}

static void
test_whole (void)
{
  static const Allocation whole = { "a", 16, 65 * 4096 - 100 };
  static const Allocation nearly = { "a", 16, 62 * 4096 };
  const AtlasPalette *palette = atlas_palette_get (ATLAS_PALETTE_COLOR, FALSE);
  AtlasRect cell;
  Scene scene;

  g_test_summary ("A region that is one allocation has its name as title, and no lines");

  scene_init (&scene, MMAP, 65, 1);
  scene.labels = new_labels (&whole, 1, MMAP);
  paint (&scene, palette, 0);
  g_assert_nonnull (find_text (&scene, "a · malloc · anonymous mmap", ATLAS_TEXT_HEADING));
  g_assert_null (find_text (&scene, "a", ATLAS_TEXT_CAPTION));
  g_assert_true (atlas_map_layout_locate (scene.layout, MMAP, &cell, NULL));
  g_assert_true (is_color (&scene, cell.x - 1, cell.y + 1, &palette->card));

  /* What does not belong to it is without the line. */
  g_clear_pointer (&scene.labels, atlas_labels_unref);
  scene.labels = new_labels (&nearly, 1, MMAP);
  paint (&scene, palette, 0);
  g_assert_nonnull (find_text (&scene, "a · malloc · anonymous mmap", ATLAS_TEXT_HEADING));
  g_assert_null (find_text (&scene, "a", ATLAS_TEXT_CAPTION));
  g_assert_true (atlas_map_layout_locate (scene.layout, MMAP, &cell, NULL));
  g_assert_true (is_color (&scene, cell.x - 1, cell.y + 1, &palette->text));
  scene_clear (&scene);
}

static void
test_compact (void)
{
  static const Allocation allocations[] = { { "a", 16, 100000 }, { "b", 100016, 600000 } };
  const AtlasPalette *palette = atlas_palette_get (ATLAS_PALETTE_COLOR, FALSE);
  AtlasCard card;
  Scene scene;

  g_test_summary ("A card of one line names what is in it");

  scene_init (&scene, HEAP, 160, 160);
  scene.labels = new_labels (allocations, G_N_ELEMENTS (allocations), HEAP);
  paint (&scene, palette, -20);
  atlas_map_layout_get_card (scene.layout, 0, &card);
  g_assert_true (card.compact);
  g_assert_true (text_list_has (scene.list, "[heap] · a, b"));
  g_assert_null (find_text (&scene, "a", ATLAS_TEXT_CAPTION));
  scene_clear (&scene);
}

/* --- bands ----------------------------------------------------------------------------------- */

typedef struct
{
  cairo_surface_t *surface;
  AtlasCanvas canvas;
} Picture;

static void
picture_init (Picture *picture, const Scene *scene, const AtlasPalette *palette)
{
  int height = (int) atlas_map_layout_get_height (scene->layout);

  picture->surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH, height);
  atlas_canvas_init (&picture->canvas, cairo_create (picture->surface), NULL, palette);
}

static void
picture_clear (Picture *picture)
{
  cairo_destroy (picture->canvas.cr);
  atlas_canvas_clear (&picture->canvas);
  cairo_surface_destroy (picture->surface);
}

static void
assert_same (Picture *a, Picture *b)
{
  gsize size = (gsize) cairo_image_surface_get_stride (a->surface)
               * (gsize) cairo_image_surface_get_height (a->surface);

  cairo_surface_flush (a->surface);
  cairo_surface_flush (b->surface);
  g_assert_true (memcmp (cairo_image_surface_get_data (a->surface),
                         cairo_image_surface_get_data (b->surface), size)
                 == 0);
}

/* As the window paints it: in bands that know nothing of one another. */
static void
test_bands (void)
{
  const AtlasPalette *palette = atlas_palette_get (ATLAS_PALETTE_COLOR, FALSE);
  AtlasLabelsBuilder *builder = atlas_labels_builder_new ();
  guint64 at = 0;
  Scene scene;

  g_test_summary ("Painted in bands the map is the same as painted at once");

  scene_init (&scene, HEAP, 900, 900);
  for (guint i = 0; at < 900 * 4096; i++)
    {
      g_autofree char *name = g_strdup_printf ("n%u", i);
      guint64 size = (guint64) g_test_rand_int_range (200, i % 3 ? 20000 : 200000);

      atlas_labels_builder_add (builder, HEAP + at, HEAP + at + size, name, name);
      at += size + 16;
    }
  scene.labels = atlas_labels_builder_end (builder);
  for (double zoom = 0; zoom <= 2; zoom++)
    {
      Picture whole, bands;

      lay_out (&scene, palette, zoom);
      picture_init (&whole, &scene, palette);
      picture_init (&bands, &scene, palette);
      double height = atlas_map_layout_get_height (scene.layout);
      atlas_map_paint (&whole.canvas, scene.layout, 0, height, ATLAS_COUNTER_NONE);
      for (double top = 0; top < height; top += 37)
        atlas_map_paint (&bands.canvas, scene.layout, top, MIN (top + 37, height),
                         ATLAS_COUNTER_NONE);
      assert_same (&whole, &bands);
      picture_clear (&whole);
      picture_clear (&bands);
    }
  scene_clear (&scene);
}

static void
add_for_each_palette (const char *path, GTestDataFunc function)
{
  for (guint i = 0; i < ATLAS_N_PALETTES; i++)
    for (guint dark = 0; dark < 2; dark++)
      {
        g_autofree char *full =
            g_strdup_printf ("/drawing/card-parts/%s/%s%s", path,
                             atlas_palette_get_name ((AtlasPaletteId) i), dark ? "-dark" : "");
        g_test_add_data_func (full, atlas_palette_get ((AtlasPaletteId) i, (gboolean) dark),
                              function);
      }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add_for_each_palette ("lines", test_lines);
  add_for_each_palette ("names", test_names);
  g_test_add_func ("/drawing/card-parts/hides-nothing", test_hides_nothing);
  g_test_add_func ("/drawing/card-parts/many", test_many);
  g_test_add_func ("/drawing/card-parts/whole", test_whole);
  g_test_add_func ("/drawing/card-parts/compact", test_compact);
  g_test_add_func ("/drawing/card-parts/bands", test_bands);

  return g_test_run ();
}
