/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is painted, looked at where it must be: pixels at places that the layout names, colours that
 * the palette names. No stored pictures, which would break with the fonts. */

#include <math.h>
#include <string.h>

#include "atlas-card-heading.h"
#include "atlas-cell.h"
#include "atlas-map-painter.h"
#include "recording.h"

/* Surfaces */

typedef struct
{
  cairo_surface_t *surface;
  AtlasCanvas canvas;
  int width, height;
} Picture;

static Picture *
picture_new (int width, int height, const AtlasPalette *palette)
{
  Picture *self = g_new0 (Picture, 1);

  self->surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  self->width = width;
  self->height = height;
  atlas_canvas_init (&self->canvas, cairo_create (self->surface), NULL, palette);
  atlas_canvas_set_color (&self->canvas, &palette->card);
  cairo_paint (self->canvas.cr);
  return self;
}

static void
picture_free (Picture *self)
{
  cairo_t *cr = self->canvas.cr;

  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  atlas_canvas_clear (&self->canvas);
  cairo_destroy (cr);
  cairo_surface_destroy (self->surface);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Picture, picture_free)

static guint32
get_pixel (Picture *self, double x, double y)
{
  guint32 pixel;

  g_assert_true (x >= 0 && x < self->width && y >= 0 && y < self->height);
  cairo_surface_flush (self->surface);
  memcpy (&pixel,
          cairo_image_surface_get_data (self->surface)
              + (int) y * cairo_image_surface_get_stride (self->surface) + (int) x * 4,
          sizeof pixel);
  return pixel & 0xffffff;
}

static double
get_difference (guint32 pixel, const AtlasColor *color)
{
  double red = fabs (((pixel >> 16) & 0xff) - color->red * 255);
  double green = fabs (((pixel >> 8) & 0xff) - color->green * 255);
  double blue = fabs ((pixel & 0xff) - color->blue * 255);
  return MAX (red, MAX (green, blue));
}

static gboolean
is_color (Picture *self, double x, double y, const AtlasColor *color)
{
  return get_difference (get_pixel (self, x, y), color) < 1.6;
}

#define assert_color(picture, x, y, color)                                                         \
  G_STMT_START                                                                                     \
  {                                                                                                \
    if (!is_color (picture, x, y, color))                                                          \
      g_error ("%s:%d: pixel %g, %g is #%06x", __FILE__, __LINE__, (double) (x), (double) (y),     \
               get_pixel (picture, x, y));                                                         \
  }                                                                                                \
  G_STMT_END

static gboolean
same_pixels (Picture *a, Picture *b)
{
  g_assert_cmpint (a->width, ==, b->width);
  g_assert_cmpint (a->height, ==, b->height);
  for (int y = 0; y < a->height; y++)
    for (int x = 0; x < a->width; x++)
      if (get_pixel (a, x, y) != get_pixel (b, x, y))
        return FALSE;
  return TRUE;
}

/* How many pixels of an area are of a colour. */
static guint
count_color (Picture *self, double x, double y, double size, const AtlasColor *color)
{
  guint n = 0;

  for (int i = 0; i < (int) size; i++)
    for (int j = 0; j < (int) size; j++)
      n += is_color (self, x + i, y + j, color);
  return n;
}

/* Cells */

#define KIND ATLAS_KIND_ANONYMOUS
#define AT 4 /* where the cell is */

typedef struct
{
  const char *name;
  AtlasPageCounts counts;
  gboolean locked;
} State;

static const State states[] = {
  { "absent", { .pages = 1 }, FALSE },
  { "resident", { .pages = 1, .resident = 1, .exclusive = 1 }, FALSE },
  { "shared", { .pages = 1, .resident = 1, .shared = 1 }, FALSE },
  { "zero", { .pages = 1, .zero = 1 }, FALSE },
  { "swapped", { .pages = 1, .swapped = 1 }, FALSE },
  { "unknown", { .pages = 1, .unknown = 1 }, FALSE },
  { "locked", { .pages = 1, .resident = 1 }, TRUE },
  { "locked absent", { .pages = 1 }, TRUE },
  { "locked zero", { .pages = 1, .zero = 1 }, TRUE },
};

static Picture *
paint_cell (const AtlasPalette *palette, AtlasKind kind, const State *state, double size)
{
  Picture *picture = picture_new ((int) size + 2 * AT, (int) size + 2 * AT, palette);

  atlas_cell_paint (&picture->canvas, kind, &state->counts, state->locked, AT, AT, size, size);
  return picture;
}

static void
check_nothing_outside (Picture *picture, double size)
{
  const AtlasColor *card = &picture->canvas.palette->card;

  for (int i = 0; i < picture->width; i++)
    {
      assert_color (picture, i, AT - 1, card);
      assert_color (picture, i, AT + size, card);
      assert_color (picture, AT - 1, i, card);
      assert_color (picture, AT + size, i, card);
    }
}

static void
check_state (const AtlasPalette *palette, double size)
{
  const AtlasColor *solid = &palette->kind[KIND], *tint = &palette->tint[KIND];
  const AtlasColor *card = &palette->card;
  guint area = (guint) (size * size);
  double far = AT + size - 1, middle = AT + floor (size / 2);

  g_autoptr (Picture) absent = paint_cell (palette, KIND, &states[0], size);
  g_assert_cmpuint (count_color (absent, AT, AT, size, tint), ==, area);

  g_autoptr (Picture) resident = paint_cell (palette, KIND, &states[1], size);
  if (palette->texture[KIND] == ATLAS_TEXTURE_NONE)
    g_assert_cmpuint (count_color (resident, AT, AT, size, solid), ==, area);
  assert_color (resident, AT, AT, solid);
  assert_color (resident, far, far, solid);

  g_autoptr (Picture) shared = paint_cell (palette, KIND, &states[2], size);
  assert_color (shared, far, AT, card);
  assert_color (shared, AT, AT, solid);
  assert_color (shared, AT, far, solid);
  assert_color (shared, far, far, solid);

  g_autoptr (Picture) zero = paint_cell (palette, KIND, &states[3], size);
  g_assert_cmpuint (count_color (zero, AT, AT, size, solid), ==, (guint) (4 * (size - 1)));
  g_assert_cmpuint (count_color (zero, AT + 1, AT + 1, size - 2, card), ==,
                    (guint) ((size - 2) * (size - 2)));

  g_autoptr (Picture) swapped = paint_cell (palette, KIND, &states[4], size);
  assert_color (swapped, AT, AT, tint);
  assert_color (swapped, far, far, tint);
  g_assert_false (is_color (swapped, far, AT, tint));
  g_assert_false (is_color (swapped, AT, far, tint));
  g_assert_false (is_color (swapped, middle, middle, tint));

  g_autoptr (Picture) unknown = paint_cell (palette, KIND, &states[5], size);
  guint blank = count_color (unknown, AT, AT, size, card);
  g_assert_cmpuint (blank, >, area / 8);
  g_assert_cmpuint (blank, <, area * 7 / 8);
  g_assert_cmpuint (count_color (unknown, AT, AT, size, solid), ==, 0);
  g_assert_cmpuint (count_color (unknown, AT, AT, size, tint), ==, 0);

  g_autoptr (Picture) locked = paint_cell (palette, KIND, &states[6], size);
  assert_color (locked, AT, AT, solid);
  assert_color (locked, far, far, solid);
  g_assert_cmpuint (count_color (locked, AT, AT, size, solid), <, area);

  check_nothing_outside (resident, size);
  check_nothing_outside (swapped, size);
  check_nothing_outside (unknown, size);
  check_nothing_outside (locked, size);
}

static void
test_cell_states (gconstpointer data)
{
  for (double size = 7; size <= 12; size++)
    check_state (data, size);
}

/* No two states look alike, in any palette, at any size. */
static void
test_distinct_states (gconstpointer data)
{
  for (guint kind = 0; kind < ATLAS_N_KINDS; kind++)
    for (double size = 7; size <= 12; size += 5)
      for (guint i = 0; i < G_N_ELEMENTS (states); i++)
        {
          g_autoptr (Picture) first = paint_cell (data, (AtlasKind) kind, &states[i], size);
          for (guint j = 0; j < i; j++)
            {
              g_autoptr (Picture) second = paint_cell (data, (AtlasKind) kind, &states[j], size);
              if (same_pixels (first, second))
                g_error ("%s and %s look alike", states[i].name, states[j].name);
            }
        }
}

/* In greys no two kinds look alike either. */
static void
test_distinct_textures (void)
{
  for (guint dark = 0; dark < 2; dark++)
    {
      const AtlasPalette *palette = atlas_palette_get (ATLAS_PALETTE_GREY, (gboolean) dark);
      for (guint i = 0; i < ATLAS_N_KINDS; i++)
        {
          g_autoptr (Picture) first = paint_cell (palette, (AtlasKind) i, &states[1], 9);
          for (guint j = 0; j < i; j++)
            {
              g_autoptr (Picture) second = paint_cell (palette, (AtlasKind) j, &states[1], 9);
              g_assert_false (same_pixels (first, second));
            }
        }
    }
}

/* Rows of pixels of the solid colour, from the bottom up. */
static guint
count_level (Picture *picture, double size, const AtlasColor *color)
{
  guint n = 0;

  while (n < size && is_color (picture, AT + 2, AT + size - 1 - n, color))
    n++;
  return n;
}

static void
test_shares (void)
{
  static const struct
  {
    guint64 resident, pages;
    guint rows; /* of 8 */
  } cases[] = { { 0, 1000, 0 },   { 1, 1000, 1 },   { 125, 1000, 1 },         { 250, 1000, 2 },
                { 500, 1000, 4 }, { 999, 1000, 7 }, { 1000, 1000, 8 },        { 1, 2, 4 },
                { 1, 512, 1 },    { 511, 512, 7 },  { 1u << 30, 1u << 31, 4 } };
  const AtlasPalette *palette = atlas_palette_get (ATLAS_PALETTE_COLOR, FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      State state = { .counts = { .pages = cases[i].pages, .resident = cases[i].resident } };
      g_autoptr (Picture) picture = paint_cell (palette, KIND, &state, 8);
      g_assert_cmpuint (count_level (picture, 8, &palette->kind[KIND]), ==, cases[i].rows);
      for (guint row = cases[i].rows; row < 8; row++)
        assert_color (picture, AT + 2, AT + 7 - row, &palette->tint[KIND]);
    }
}

/* Whatever a cell holds, each state that occurs in it leaves a trace. */
static void
test_nothing_is_lost (void)
{
  const AtlasPalette *palette = atlas_palette_get (ATLAS_PALETTE_COLOR, FALSE);

  for (guint present = 1; present < 16; present++)
    for (double size = 7; size <= 12; size++)
      {
        State with = { .counts = { .pages = 1000 } };
        with.counts.resident = present & 1 ? 1 : 0;
        with.counts.zero = present & 2 ? 1 : 0;
        with.counts.swapped = present & 4 ? 1 : 0;
        with.counts.unknown = present & 8 ? 1 : 0;
        g_autoptr (Picture) picture = paint_cell (palette, KIND, &with, size);
        for (guint bit = 1; bit < 16; bit <<= 1)
          {
            if ((present & bit) == 0)
              continue;
            State without = with;
            guint64 *part = bit == 1   ? &without.counts.resident
                            : bit == 2 ? &without.counts.zero
                            : bit == 4 ? &without.counts.swapped
                                       : &without.counts.unknown;
            *part = 0;
            g_autoptr (Picture) other = paint_cell (palette, KIND, &without, size);
            g_assert_false (same_pixels (picture, other));
          }
        check_nothing_outside (picture, size);
      }
}

/* Of a cell of many pages: a corner for what is shared for the most part, a smaller one for what is
 * in part, none for what is not. */
static void
test_shared_parts (gconstpointer data)
{
  static const guint64 shared[] = { 0, 1, 500, 501, 1000 };

  for (guint kind = 0; kind < ATLAS_N_KINDS; kind++)
    for (double size = 7; size <= 12; size++)
      {
        guint last = 0;

        for (guint i = 0; i < G_N_ELEMENTS (shared); i++)
          {
            State state = { .counts = { .pages = 1000, .resident = 1000, .shared = shared[i] } };
            g_autoptr (Picture) picture = paint_cell (data, (AtlasKind) kind, &state, size);
            guint cut = 0;

            while (cut < size
                   && is_color (picture, AT + size - 1 - cut, AT, &picture->canvas.palette->card))
              cut++;
            g_assert_cmpint (cut > 0, ==, shared[i] > 0);
            if (shared[i] == 1 || shared[i] == 501)
              g_assert_cmpuint (cut, >, last);
            else if (i > 0)
              g_assert_cmpuint (cut, ==, last);
            last = cut;
          }
      }
}

static void
test_huge_block (void)
{
  const AtlasPalette *palette = atlas_palette_get (ATLAS_PALETTE_COLOR, FALSE);
  g_autoptr (Picture) picture = picture_new (60, 60, palette);
  g_auto (AtlasCellBatch) batch = { 0 };
  AtlasCell cell = { .lit = 1, .joined = TRUE };

  atlas_cell_batch_init (&batch);
  atlas_cell_batch_begin (&batch, ATLAS_TEXTURE_NONE, FALSE);
  atlas_cell_count_uniform (ATLAS_PAGE_RESIDENT | ATLAS_PAGE_HUGE, 1, &cell.counts);
  g_assert_true (atlas_cell_joins (ATLAS_PAGE_RESIDENT | ATLAS_PAGE_HUGE));
  g_assert_false (atlas_cell_joins (ATLAS_PAGE_RESIDENT));
  atlas_cell_batch_add_block (&batch, &cell, &(AtlasCellBlock){ 8, 8, 31, 7, FALSE, TRUE });
  atlas_cell_batch_add_block (&batch, &cell, &(AtlasCellBlock){ 8, 16, 31, 7, TRUE, FALSE });
  atlas_cell_count_uniform (ATLAS_PAGE_ZERO | ATLAS_PAGE_HUGE, 1, &cell.counts);
  atlas_cell_batch_add_block (&batch, &cell, &(AtlasCellBlock){ 8, 24, 31, 7, FALSE, FALSE });
  atlas_cell_batch_add_block (&batch, &cell, &(AtlasCellBlock){ 8, 32, 31, 7, FALSE, TRUE });
  atlas_cell_batch_add_block (&batch, &cell, &(AtlasCellBlock){ 8, 40, 31, 7, TRUE, FALSE });
  atlas_cell_batch_paint_above (&batch, &picture->canvas, KIND);

  for (int x = 8; x < 39; x++)
    for (int y = 8; y < 23; y++)
      assert_color (picture, x, y, &palette->kind[KIND]);
  assert_color (picture, 20, 23, &palette->card); /* the gap to the next */
  assert_color (picture, 20, 24, &palette->kind[KIND]);
  assert_color (picture, 15, 27, &palette->card); /* where a gap between two cells would be */
  assert_color (picture, 8, 27, &palette->kind[KIND]);
  for (int y = 33; y < 46; y++) /* one hollow, two rows high */
    assert_color (picture, 20, y, &palette->card);
  assert_color (picture, 20, 46, &palette->kind[KIND]);
  assert_color (picture, 8, 39, &palette->kind[KIND]);
}

/* The map */

static AtlasSnapshot *
make_shell (void)
{
  g_autoptr (Recording) recording = recording_new (TRUE);
  recording_add_shell (recording);
  return recording_take (recording);
}

static AtlasMapLayout *
lay_out (AtlasSnapshot *snapshot, const AtlasCanvas *canvas, double width, int zoom)
{
  AtlasMapParameters parameters = { .width = width,
                                    .zoom = zoom,
                                    .line_height = canvas->line_height[ATLAS_TEXT_HEADING],
                                    .label_width = 62,
                                    .margin = 10 };
  return atlas_map_layout_new (snapshot, &parameters);
}

static Picture *
paint_map (AtlasSnapshot *snapshot,
           const AtlasPalette *palette,
           int zoom,
           AtlasCounter highlight,
           AtlasMapLayout **layout)
{
  Picture *measure = picture_new (1, 1, palette);
  Picture *picture;

  *layout = lay_out (snapshot, &measure->canvas, 640, zoom);
  picture_free (measure);
  picture = picture_new (640, (int) atlas_map_layout_get_height (*layout), palette);
  atlas_map_paint (&picture->canvas, *layout, 0, picture->height, highlight);
  return picture;
}

/* Gives the region these states in turn, @n_pages each, for as long as it is. Snapshots do not
 * change, but none has been painted yet. */
static void
set_states (AtlasRegion *region, guint64 page_size, const AtlasPageState *turn, guint n_turn)
{
  g_auto (AtlasPagesBuilder) builder;
  guint64 n_pages = atlas_region_get_n_pages (region, page_size);

  atlas_pages_builder_init (&builder);
  for (guint64 i = 0; i < n_pages; i++)
    atlas_pages_builder_append (&builder, 1, turn[i % n_turn]);
  atlas_pages_unref (region->pages);
  region->pages = atlas_pages_builder_end (&builder);
}

/* Each page of the recorded process, where the layout says it is. */
static void
test_map_cells (void)
{
  const AtlasPalette *palette = atlas_palette_get (ATLAS_PALETTE_COLOR, TRUE);
  g_autoptr (AtlasSnapshot) snapshot = make_shell ();
  guint64 page = atlas_snapshot_get_page_size (snapshot);
  g_autoptr (AtlasMapLayout) layout = NULL;
  g_autoptr (Picture) picture = paint_map (snapshot, palette, 9, ATLAS_COUNTER_NONE, &layout);
  guint64 n_seen = 0;

  for (guint i = 0; i < atlas_snapshot_get_n_regions (snapshot); i++)
    {
      const AtlasRegion *region = atlas_snapshot_get_region (snapshot, i);
      for (guint64 address = region->start; address < region->end; address += page)
        {
          AtlasRect cell;
          AtlasPageState state =
              atlas_pages_get_state (region->pages, (address - region->start) / page);
          if (state & ATLAS_PAGE_UNKNOWN)
            continue;
          g_assert_true (atlas_map_layout_locate (layout, address, &cell, NULL));
          const AtlasColor *color = state & ATLAS_PAGE_RESIDENT ? &palette->kind[region->kind]
                                                                : &palette->tint[region->kind];
          assert_color (picture, cell.x, cell.y, color);
          assert_color (picture, cell.x + cell.width - 1, cell.y + cell.height - 1, color);
          assert_color (picture, cell.x + cell.width, cell.y, &palette->card); /* the gap */
          assert_color (picture, cell.x, cell.y + cell.height, &palette->card);
          n_seen++;
        }
    }
  g_assert_cmpuint (n_seen, >, 2000);
}

/* A cell of several pages shows the share that the recording has there. */
static void
test_map_shares (void)
{
  const AtlasPalette *palette = atlas_palette_get (ATLAS_PALETTE_CONTRAST, FALSE);
  const AtlasPageState turn[] = { ATLAS_PAGE_RESIDENT, ATLAS_PAGE_ABSENT, ATLAS_PAGE_ABSENT,
                                  ATLAS_PAGE_ABSENT };
  g_autoptr (Recording) recording = recording_new (FALSE);
  recording_add (recording, 0x7f0000001000, 4000, "rw-p", 0, "", 0);
  g_autoptr (AtlasSnapshot) snapshot = recording_take (recording);
  AtlasRegion *region = atlas_snapshot_get_region (snapshot, 0);
  set_states (region, recording->page_size, turn, G_N_ELEMENTS (turn));
  g_autoptr (AtlasMapLayout) layout = NULL;
  g_autoptr (Picture) picture = paint_map (snapshot, palette, 0, ATLAS_COUNTER_NONE, &layout);
  AtlasCard card;
  AtlasRect cell;

  atlas_map_layout_get_card (layout, 0, &card);
  g_assert_cmpuint (card.shift, >=, 2);
  g_assert_true (atlas_map_layout_locate (layout, region->start + 2000 * 4096, &cell, NULL));
  double level = round (cell.height / 4);
  assert_color (picture, cell.x + 2, cell.y + cell.height - level, &palette->kind[region->kind]);
  assert_color (picture, cell.x + 2, cell.y + cell.height - level - 1,
                &palette->tint[region->kind]);
}

static const AtlasPageState all_states[] = { ATLAS_PAGE_RESIDENT,
                                             ATLAS_PAGE_RESIDENT | ATLAS_PAGE_SHARED,
                                             ATLAS_PAGE_ABSENT,
                                             ATLAS_PAGE_ZERO,
                                             ATLAS_PAGE_SWAPPED,
                                             ATLAS_PAGE_SWAPPED,
                                             ATLAS_PAGE_RESIDENT | ATLAS_PAGE_HUGE,
                                             ATLAS_PAGE_RESIDENT | ATLAS_PAGE_HUGE,
                                             ATLAS_PAGE_UNKNOWN,
                                             ATLAS_PAGE_UNKNOWN,
                                             ATLAS_PAGE_ZERO | ATLAS_PAGE_HUGE };

/* As colourful as can be: every state in every region, some locked, one of huge pages. */
static AtlasSnapshot *
make_motley (void)
{
  AtlasSnapshot *snapshot = make_shell ();
  guint64 page = atlas_snapshot_get_page_size (snapshot);
  const AtlasPageState huge = ATLAS_PAGE_RESIDENT | ATLAS_PAGE_HUGE;

  for (guint i = 0; i < atlas_snapshot_get_n_regions (snapshot); i++)
    {
      AtlasRegion *region = atlas_snapshot_get_region (snapshot, i);
      guint64 n_pages = atlas_region_get_n_pages (region, page);
      guint n_turn = (guint) G_N_ELEMENTS (all_states) - i % 5;
      if (n_pages == 1024)
        set_states (region, page, &huge, 1);
      else
        set_states (region, page, all_states, n_turn);
      region->locked = i % 4 == 1 ? ATLAS_LOCKED_YES : ATLAS_LOCKED_NO;
    }
  return snapshot;
}

static void
check_bands (AtlasSnapshot *snapshot,
             const AtlasPalette *palette,
             int zoom,
             AtlasCounter highlight,
             int band)
{
  g_autoptr (AtlasMapLayout) layout = NULL;
  g_autoptr (Picture) whole = paint_map (snapshot, palette, zoom, highlight, &layout);
  g_autoptr (Picture) slices = picture_new (whole->width, whole->height, palette);

  for (int top = 0; top < whole->height; top += band)
    atlas_map_paint (&slices->canvas, layout, top, MIN (top + band, whole->height), highlight);
  for (int y = 0; y < whole->height; y++)
    for (int x = 0; x < whole->width; x++)
      if (get_pixel (whole, x, y) != get_pixel (slices, x, y))
        g_error ("bands of %d differ at %d, %d (zoom %d)", band, x, y, zoom);
}

/* What is painted in bands is what is painted at once. */
static void
test_bands (gconstpointer data)
{
  g_autoptr (AtlasSnapshot) snapshot = make_motley ();

  check_bands (snapshot, data, 0, ATLAS_COUNTER_NONE, 256);
  check_bands (snapshot, data, 0, ATLAS_COUNTER_VM_RSS, 37);
  check_bands (snapshot, data, 3, ATLAS_COUNTER_NONE, 101);
  check_bands (snapshot, data, -2, ATLAS_COUNTER_VM_SWAP, 5);
}

/* A band paints nothing beyond itself: widgets keep bands beside each other. */
static void
test_band_keeps_within (void)
{
  const AtlasPalette *palette = atlas_palette_get (ATLAS_PALETTE_COLOR, FALSE);
  g_autoptr (AtlasSnapshot) snapshot = make_motley ();
  g_autoptr (AtlasMapLayout) layout = NULL;
  g_autoptr (Picture) whole = paint_map (snapshot, palette, 0, ATLAS_COUNTER_NONE, &layout);
  g_autoptr (Picture) part = picture_new (whole->width, whole->height, palette);

  atlas_map_paint (&part->canvas, layout, 100, 150, ATLAS_COUNTER_NONE);
  for (int y = 0; y < part->height; y++)
    for (int x = 0; x < part->width; x++)
      if (y < 100 || y >= 150)
        assert_color (part, x, y, &palette->card);
}

/* The cells of a card that is part of a huge page have no gaps, but there is one where the next
 * huge page begins. */
static void
test_map_huge (void)
{
  const AtlasPalette *palette = atlas_palette_get (ATLAS_PALETTE_COLOR, FALSE);
  g_autoptr (AtlasSnapshot) snapshot = make_motley ();
  g_autoptr (AtlasMapLayout) layout = NULL;
  g_autoptr (Picture) picture = paint_map (snapshot, palette, 9, ATLAS_COUNTER_NONE, &layout);
  const guint64 start = 0x7f2c1a000000;
  AtlasRect cell;

  if (atlas_snapshot_get_page_size (snapshot) != 4096)
    {
      g_test_skip ("The recording is of a system with pages of 4 KiB");
      return;
    }
  g_assert_true (atlas_map_layout_locate (layout, start + 0x5000, &cell, NULL));
  assert_color (picture, cell.x + cell.width, cell.y, &palette->kind[KIND]);
  assert_color (picture, cell.x + cell.width, cell.y + cell.height, &palette->kind[KIND]);
  g_assert_true (atlas_map_layout_locate (layout, start + 0x100000, &cell, NULL)); /* half way */
  assert_color (picture, cell.x, cell.y - 1, &palette->kind[KIND]);
  g_assert_true (atlas_map_layout_locate (layout, start + 0x200000, &cell, NULL));
  assert_color (picture, cell.x, cell.y - 1, &palette->card);
  assert_color (picture, cell.x, cell.y - 2, &palette->kind[KIND]);
  assert_color (picture, cell.x + cell.width, cell.y, &palette->kind[KIND]);
}

/* Counted pages keep their colour; the others come close to the card's. */
static void
test_highlight (void)
{
  const AtlasPalette *palette = atlas_palette_get (ATLAS_PALETTE_COLOR, FALSE);
  const AtlasPageState turn[] = { ATLAS_PAGE_RESIDENT, ATLAS_PAGE_ABSENT, ATLAS_PAGE_ZERO };
  g_autoptr (Recording) recording = recording_new (FALSE);
  recording_add (recording, 0x7f0000000000, 300, "rw-p", 0, "", 0);
  g_autoptr (AtlasSnapshot) snapshot = recording_take (recording);
  AtlasRegion *region = atlas_snapshot_get_region (snapshot, 0);
  guint64 page = recording->page_size;
  set_states (region, page, turn, G_N_ELEMENTS (turn));
  g_autoptr (AtlasMapLayout) layout = NULL;
  g_autoptr (Picture) picture = paint_map (snapshot, palette, 0, ATLAS_COUNTER_VM_RSS, &layout);
  AtlasRect cell;

  g_assert_true (atlas_map_layout_locate (layout, region->start, &cell, NULL));
  assert_color (picture, cell.x + 3, cell.y + 3, &palette->kind[region->kind]);
  g_assert_true (atlas_map_layout_locate (layout, region->start + page, &cell, NULL));
  double dimmed = get_difference (get_pixel (picture, cell.x + 3, cell.y + 3), &palette->card);
  double full = fabs (palette->card.red - palette->tint[region->kind].red) * 255;
  g_assert_cmpfloat (dimmed, >, full * 0.1);
  g_assert_cmpfloat (dimmed, <, full * 0.4);
  g_assert_true (atlas_map_layout_locate (layout, region->start + 2 * page, &cell, NULL));
  g_assert_false (is_color (picture, cell.x, cell.y, &palette->kind[region->kind]));

  /* All of the address space counts in VmSize: nothing is dimmed. */
  g_autoptr (AtlasMapLayout) same = NULL;
  g_autoptr (Picture) plain = paint_map (snapshot, palette, 0, ATLAS_COUNTER_NONE, &same);
  g_clear_pointer (&same, atlas_map_layout_unref);
  g_autoptr (Picture) sized = paint_map (snapshot, palette, 0, ATLAS_COUNTER_VM_SIZE, &same);
  g_assert_true (same_pixels (plain, sized));
  /* Nor by a counter that has no pages to show. */
  g_clear_pointer (&same, atlas_map_layout_unref);
  g_autoptr (Picture) peak = paint_map (snapshot, palette, 0, ATLAS_COUNTER_VM_PEAK, &same);
  g_assert_true (same_pixels (plain, peak));
}

/* Of a cell in which a part is counted, that part is lit. */
static void
test_partly_lit (void)
{
  const AtlasPalette *palette = atlas_palette_get (ATLAS_PALETTE_COLOR, FALSE);
  g_auto (AtlasCellBatch) batch = { 0 };
  AtlasCell cell = { .counts = { .pages = 10, .resident = 10 }, .lit = 5 };
  g_autoptr (Picture) picture = picture_new (20, 20, palette);
  const AtlasColor *solid = &palette->kind[KIND];

  atlas_cell_batch_init (&batch);
  atlas_cell_batch_begin (&batch, ATLAS_TEXTURE_NONE, FALSE);
  atlas_cell_batch_add (&batch, &cell, AT, AT, 10, 10, 11, 1);
  atlas_cell_batch_paint_below (&batch, &picture->canvas, KIND);
  g_assert_cmpuint (count_color (picture, AT, AT, 10, solid), ==, 50);
  assert_color (picture, AT, AT + 9, solid);

  /* Swapped pages are not at the bottom. */
  cell = (AtlasCell){ .counts = { .pages = 10, .resident = 5, .swapped = 5 }, .lit = 5 };
  atlas_cell_batch_begin (&batch, ATLAS_TEXTURE_NONE, TRUE);
  atlas_cell_batch_add (&batch, &cell, AT, AT, 10, 10, 11, 1);
  atlas_cell_batch_paint_below (&batch, &picture->canvas, KIND);
  g_assert_false (is_color (picture, AT, AT + 9, solid));
  assert_color (picture, AT, AT, &palette->tint[KIND]);
}

static gboolean
is_near (const AtlasRect *rect, double x, double y, double distance)
{
  return x >= rect->x - distance && x < rect->x + rect->width + distance && y >= rect->y - distance
         && y < rect->y + rect->height + distance;
}

static void
test_overlay (void)
{
  const AtlasPalette *palette = atlas_palette_get (ATLAS_PALETTE_COLOR, FALSE);
  g_autoptr (AtlasSnapshot) snapshot = make_shell ();
  g_autoptr (AtlasMapLayout) layout = NULL;
  g_autoptr (Picture) before = paint_map (snapshot, palette, 0, ATLAS_COUNTER_NONE, &layout);
  g_autoptr (Picture) after = picture_new (before->width, before->height, palette);
  const guint64 selected = 0x55f01c300000, hovered = 0x7f2c1a002000;
  AtlasRect selected_cell, hovered_cell;
  AtlasCard card;

  atlas_map_paint (&after->canvas, layout, 0, after->height, ATLAS_COUNTER_NONE);
  atlas_map_paint_overlay (&after->canvas, layout, 0, 0);
  g_assert_true (same_pixels (before, after));
  atlas_map_paint_overlay (&after->canvas, layout, 0x1000, 0x2000); /* nobody's */
  g_assert_true (same_pixels (before, after));

  atlas_map_paint_overlay (&after->canvas, layout, selected, hovered);
  g_assert_true (atlas_map_layout_locate (layout, selected, &selected_cell, &card));
  g_assert_true (atlas_map_layout_locate (layout, hovered, &hovered_cell, NULL));
  assert_color (after, selected_cell.x + 3, selected_cell.y - 2, &palette->accent);
  assert_color (after, selected_cell.x - 2, selected_cell.y + 3, &palette->accent);
  /* The cells themselves stay as they are. */
  for (int i = 0; i < (int) selected_cell.width; i++)
    g_assert_cmphex (get_pixel (after, selected_cell.x + i, selected_cell.y + 3), ==,
                     get_pixel (before, selected_cell.x + i, selected_cell.y + 3));
  assert_color (after, card.rect.x + card.rect.width / 2, card.rect.y + 1, &palette->accent);
  for (int y = 0; y < after->height; y++)
    for (int x = 0; x < after->width; x++)
      if (get_pixel (before, x, y) != get_pixel (after, x, y) && !is_near (&selected_cell, x, y, 6)
          && !is_near (&hovered_cell, x, y, 6))
        {
          AtlasRect inner = card.rect;
          g_assert_true (is_near (&card.rect, x, y, 1));
          g_assert_false (is_near (&inner, x, y, -9));
        }
}

/* Headings */

typedef struct
{
  double left, right, baseline;
  char *text;
} Box;

static void
clear_box_cb (gpointer data)
{
  g_free (((Box *) data)->text);
}

static void
collect_cb (const char *text,
            AtlasTextStyle style,
            double size,
            const AtlasColor *color,
            double x,
            double baseline,
            double width,
            gpointer user_data)
{
  Box box = { x, x + width, baseline, g_strdup (text) };
  g_array_append_val ((GArray *) user_data, box);
}

/* Whatever the width, texts keep a distance from one another and stay on their card. */
static void
test_headings_never_overlap (gconstpointer data)
{
  gboolean one_line = GPOINTER_TO_INT (data);
  const AtlasPalette *palette = atlas_palette_get (ATLAS_PALETTE_COLOR, FALSE);
  g_autoptr (AtlasSnapshot) snapshot = make_motley ();
  g_autoptr (Picture) picture = picture_new (2000, 10, palette);

  for (double width = 180; width < 1500; width += 17)
    {
      AtlasMapParameters parameters = { .width = width,
                                        .line_height =
                                            atlas_card_heading_get_height (&picture->canvas, width),
                                        .label_width = 62,
                                        .margin = 10 };
      if (one_line)
        parameters.line_height = picture->canvas.line_height[ATLAS_TEXT_HEADING];
      g_autoptr (AtlasMapLayout) layout = atlas_map_layout_new (snapshot, &parameters);
      g_autoptr (GArray) boxes = g_array_new (FALSE, FALSE, sizeof (Box));
      g_array_set_clear_func (boxes, clear_box_cb);
      atlas_canvas_set_sink (&picture->canvas, collect_cb, boxes);
      atlas_map_paint (&picture->canvas, layout, 0, 2000, ATLAS_COUNTER_NONE);
      g_assert_cmpuint (boxes->len, >, 20);
      for (guint i = 0; i < boxes->len; i++)
        {
          const Box *box = &g_array_index (boxes, Box, i);
          g_assert_cmpfloat (box->left, >=, 10);
          g_assert_cmpfloat (box->right, <=, width - 10);
          for (guint j = 0; j < i; j++)
            {
              const Box *other = &g_array_index (boxes, Box, j);
              if (fabs (box->baseline - other->baseline) < 4
                  && MIN (box->right, other->right) - MAX (box->left, other->left) > -6)
                g_error ("“%s” and “%s” are too close at a width of %g", box->text, other->text,
                         width);
            }
        }
    }
}

static gboolean
has_text (GArray *boxes, const char *text)
{
  for (guint i = 0; i < boxes->len; i++)
    if (strstr (g_array_index (boxes, Box, i).text, text) != NULL)
      return TRUE;
  return FALSE;
}

static void
test_heading_words (void)
{
  const AtlasPalette *palette = atlas_palette_get (ATLAS_PALETTE_COLOR, FALSE);
  g_autoptr (AtlasSnapshot) snapshot = make_shell ();
  g_autoptr (Picture) picture = picture_new (10, 10, palette);
  g_autoptr (AtlasMapLayout) layout = lay_out (snapshot, &picture->canvas, 1200, 0);
  g_autoptr (GArray) boxes = g_array_new (FALSE, FALSE, sizeof (Box));

  g_array_set_clear_func (boxes, clear_box_cb);
  atlas_canvas_set_sink (&picture->canvas, collect_cb, boxes);
  atlas_map_paint (&picture->canvas, layout, 0, 5000, ATLAS_COUNTER_NONE);
  g_assert_true (has_text (boxes, "[heap]"));
  g_assert_true (has_text (boxes, "82"));       /* 328 of 400 pages */
  g_assert_true (has_text (boxes, "resident")); /* translated in none of the test's locales */
  g_assert_true (has_text (boxes, "55f01c2e0000–"));
  g_assert_true (has_text (boxes, "rw-p"));
  g_assert_true (has_text (boxes, "r-xp"));
  g_assert_true (has_text (boxes, "f01c2")); /* a row's label */
}

/* Parts go one after the other, and the size of the region stays longest. */
static void
test_heading_choice (void)
{
  const double parts[ATLAS_HEADING_N_PARTS] = {
    [ATLAS_HEADING_SCALE] = 100, [ATLAS_HEADING_SHARE] = 80, [ATLAS_HEADING_PERMISSIONS] = 30,
    [ATLAS_HEADING_RANGE] = 160, [ATLAS_HEADING_SIZE] = 50,
  };
  guint all = 0, last;

  for (guint i = 0; i < ATLAS_HEADING_N_PARTS; i++)
    all |= parts[i] > 0 ? 1u << i : 0;
  last = all;
  g_assert_cmpuint (atlas_card_heading_choose (1000, 150, parts), ==, all);
  for (double width = 1000; width > 20; width -= 1)
    {
      guint shown = atlas_card_heading_choose (width, 150, parts);
      double sum = 0;
      for (guint i = 0; i < ATLAS_HEADING_N_PARTS; i++)
        sum += shown & (1u << i) ? parts[i] : 0;
      g_assert_cmpfloat (sum, <, width);
      g_assert_cmpuint (shown & ~all, ==, 0);
      if (shown != 0)
        g_assert_true (shown & (1u << ATLAS_HEADING_SIZE));
      last = shown;
    }
  g_assert_cmpuint (last, ==, 0);
}

/* Bars */

static AtlasRegion *
make_region (guint64 n_pages, const AtlasPageState *states_in_order, guint n_states)
{
  AtlasMapsRecord record = { .start = 0x1000, .end = 0x1000 + n_pages * 4096, .name = "" };
  AtlasRegion *region = atlas_region_new (&record);
  g_auto (AtlasPagesBuilder) builder;

  atlas_pages_builder_init (&builder);
  for (guint i = 0; i < n_states; i++)
    atlas_pages_builder_append (&builder, n_pages / n_states, states_in_order[i]);
  g_clear_pointer (&region->pages, atlas_pages_unref);
  region->pages = atlas_pages_builder_end (&builder);
  region->kind = KIND;
  return region;
}

static void
test_bar_thirds (gconstpointer data)
{
  const AtlasPalette *palette = atlas_palette_get (ATLAS_PALETTE_COLOR, FALSE);
  const AtlasPageState thirds[] = { ATLAS_PAGE_RESIDENT, ATLAS_PAGE_ABSENT, ATLAS_PAGE_RESIDENT };
  g_autoptr (AtlasRegion) region =
      make_region ((guint64) GPOINTER_TO_SIZE (data), thirds, G_N_ELEMENTS (thirds));
  g_autoptr (Picture) picture = picture_new (100, 12, palette);

  atlas_page_bar_paint (&picture->canvas, region, ATLAS_COUNTER_NONE, 90, 10);
  for (int x = 0; x < 90; x++)
    for (int y = 0; y < 10; y++)
      assert_color (picture, x, y, x >= 30 && x < 60 ? &palette->tint[KIND] : &palette->kind[KIND]);
  assert_color (picture, 90, 5, &palette->card);
  assert_color (picture, 5, 10, &palette->card);
}

/* One page of very many is still to be seen. */
static void
test_bar_single_page (void)
{
  const AtlasPalette *palette = atlas_palette_get (ATLAS_PALETTE_COLOR, FALSE);
  g_autoptr (AtlasRegion) region = make_region (100000, (AtlasPageState[]){ 0 }, 1);
  g_autoptr (Picture) picture = picture_new (100, 12, palette);
  g_auto (AtlasPagesBuilder) builder;

  atlas_pages_builder_init (&builder);
  atlas_pages_builder_append (&builder, 50500, ATLAS_PAGE_ABSENT);
  atlas_pages_builder_append (&builder, 1, ATLAS_PAGE_RESIDENT);
  atlas_pages_builder_append (&builder, 49499, ATLAS_PAGE_ABSENT);
  atlas_pages_unref (region->pages);
  region->pages = atlas_pages_builder_end (&builder);
  atlas_page_bar_paint (&picture->canvas, region, ATLAS_COUNTER_NONE, 100, 10);
  assert_color (picture, 50, 9, &palette->kind[KIND]);
  assert_color (picture, 50, 0, &palette->tint[KIND]);
  assert_color (picture, 49, 9, &palette->tint[KIND]);
  assert_color (picture, 51, 9, &palette->tint[KIND]);
}

static void
test_bar_highlight (void)
{
  const AtlasPalette *palette = atlas_palette_get (ATLAS_PALETTE_COLOR, FALSE);
  const AtlasPageState halves[] = { ATLAS_PAGE_RESIDENT, ATLAS_PAGE_SWAPPED };
  g_autoptr (AtlasRegion) region = make_region (100, halves, 2);
  g_autoptr (Picture) picture = picture_new (100, 12, palette);

  atlas_page_bar_paint (&picture->canvas, region, ATLAS_COUNTER_VM_SWAP, 100, 10);
  g_assert_false (is_color (picture, 10, 5, &palette->kind[KIND]));
  g_assert_false (is_color (picture, 10, 5, &palette->card));
  assert_color (picture, 52, 1, &palette->tint[KIND]);
}

static void
test_bar_odd_sizes (void)
{
  const AtlasPalette *palette = atlas_palette_get (ATLAS_PALETTE_COLOR, FALSE);

  for (guint64 n_pages = 11; n_pages < 60000; n_pages = n_pages * 3 + 11)
    for (double width = 0; width < 70; width += 3.5)
      {
        g_autoptr (AtlasRegion) region =
            make_region (n_pages, all_states, G_N_ELEMENTS (all_states));
        g_autoptr (Picture) picture = picture_new (80, 12, palette);
        atlas_page_bar_paint (&picture->canvas, region, ATLAS_COUNTER_NONE, width, 8);
        assert_color (picture, ceil (width), 4, &palette->card);
      }
}

static void
add_for_each_palette (const char *path, GTestDataFunc function)
{
  for (guint i = 0; i < ATLAS_N_PALETTES; i++)
    for (guint dark = 0; dark < 2; dark++)
      {
        g_autofree char *full =
            g_strdup_printf ("/drawing/%s/%s%s", path, atlas_palette_get_name ((AtlasPaletteId) i),
                             dark ? "-dark" : "");
        g_test_add_data_func (full, atlas_palette_get ((AtlasPaletteId) i, (gboolean) dark),
                              function);
      }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add_for_each_palette ("cell/states", test_cell_states);
  add_for_each_palette ("cell/distinct", test_distinct_states);
  g_test_add_func ("/drawing/cell/textures", test_distinct_textures);
  g_test_add_func ("/drawing/cell/shares", test_shares);
  g_test_add_func ("/drawing/cell/nothing-is-lost", test_nothing_is_lost);
  add_for_each_palette ("cell/shared-parts", test_shared_parts);
  g_test_add_func ("/drawing/cell/huge-block", test_huge_block);
  g_test_add_func ("/drawing/cell/partly-lit", test_partly_lit);
  g_test_add_func ("/drawing/map/cells", test_map_cells);
  g_test_add_func ("/drawing/map/shares", test_map_shares);
  add_for_each_palette ("map/bands", test_bands);
  g_test_add_func ("/drawing/map/band-keeps-within", test_band_keeps_within);
  g_test_add_func ("/drawing/map/huge", test_map_huge);
  g_test_add_func ("/drawing/map/highlight", test_highlight);
  g_test_add_func ("/drawing/map/overlay", test_overlay);
  g_test_add_data_func ("/drawing/heading/never-overlap/one-line", GINT_TO_POINTER (TRUE),
                        test_headings_never_overlap);
  g_test_add_data_func ("/drawing/heading/never-overlap/as-fits", GINT_TO_POINTER (FALSE),
                        test_headings_never_overlap);
  g_test_add_func ("/drawing/heading/words", test_heading_words);
  g_test_add_func ("/drawing/heading/choice", test_heading_choice);
  g_test_add_data_func ("/drawing/page-bar/wide", GSIZE_TO_POINTER (9), test_bar_thirds);
  g_test_add_data_func ("/drawing/page-bar/even", GSIZE_TO_POINTER (90), test_bar_thirds);
  g_test_add_data_func ("/drawing/page-bar/many", GSIZE_TO_POINTER (9000000), test_bar_thirds);
  g_test_add_func ("/drawing/page-bar/single-page", test_bar_single_page);
  g_test_add_func ("/drawing/page-bar/highlight", test_bar_highlight);
  g_test_add_func ("/drawing/page-bar/odd-sizes", test_bar_odd_sizes);
  return g_test_run ();
}
