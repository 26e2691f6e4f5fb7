/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether the spine keeps its promises: every region in exactly one block, blocks and gaps tile the
 * address space and the height, what can be clicked is large enough, at any number of regions. */

#include <math.h>
#include <string.h>

#include "atlas-spine.h"
#include "recording.h"

#define WIDTH 128
#define LINE 14
#define LEAST 14

static AtlasSnapshot *
take_shell (gboolean with_pages)
{
  g_autoptr (Recording) recording = recording_new (with_pages);

  recording_add_shell (recording);
  return recording_take (recording);
}

static AtlasSnapshot *
take_many (guint n)
{
  g_autoptr (Recording) recording = recording_new (FALSE);

  recording_add_many (recording, n);
  return recording_take (recording);
}

/* Regions @first and the @n - 1 above it are what the block spans. */
static void
assert_block_holds (AtlasSnapshot *snapshot, const AtlasSpineBlock *block)
{
  guint last = block->first_region + block->n_regions - 1;

  g_assert_cmpuint (block->n_regions, >, 0);
  g_assert_cmpuint (last, <, atlas_snapshot_get_n_regions (snapshot));
  g_assert_cmpuint (block->start, ==,
                    atlas_snapshot_get_region (snapshot, block->first_region)->start);
  g_assert_cmpuint (block->end, ==, atlas_snapshot_get_region (snapshot, last)->end);
}

static void
assert_tiles (AtlasSnapshot *snapshot, AtlasSpineLayout *layout)
{
  guint n_blocks, n_regions = atlas_snapshot_get_n_regions (snapshot);
  const AtlasSpineBlock *blocks = atlas_spine_layout_get_blocks (layout, &n_blocks);
  guint next = n_regions; /* region above which all have been seen */

  g_assert_cmpuint (n_blocks, >, 0);
  g_assert_cmpuint (blocks[0].end, ==, atlas_snapshot_get_region (snapshot, n_regions - 1)->end);
  g_assert_cmpuint (blocks[n_blocks - 1].start, ==, 0);
  for (guint i = 0; i < n_blocks; i++)
    {
      g_assert_cmpuint (blocks[i].start, <, blocks[i].end);
      g_assert_cmpfloat (blocks[i].height, >=, 0);
      if (i > 0)
        {
          g_assert_cmpuint (blocks[i].end, ==, blocks[i - 1].start);
          g_assert_cmpfloat_with_epsilon (blocks[i].y, blocks[i - 1].y + blocks[i - 1].height,
                                          1e-6);
        }
      if (blocks[i].gap)
        continue;
      assert_block_holds (snapshot, &blocks[i]);
      g_assert_cmpuint (blocks[i].first_region + blocks[i].n_regions, ==, next);
      next = blocks[i].first_region;
    }
  g_assert_cmpuint (next, ==, 0);
}

/* From the first caption's end to the last one's begin, or all of it where there are none. */
static void
assert_fills (AtlasSpineLayout *layout, double height)
{
  guint n_blocks;
  const AtlasSpineBlock *blocks = atlas_spine_layout_get_blocks (layout, &n_blocks);
  double top = blocks[0].y;
  double bottom = blocks[n_blocks - 1].y + blocks[n_blocks - 1].height;

  g_assert_cmpfloat_with_epsilon (top, height - bottom, 1);
  g_assert_cmpfloat (top, <=, 2 * LINE);
}

static void
assert_clickable (AtlasSpineLayout *layout)
{
  guint n_blocks;
  const AtlasSpineBlock *blocks = atlas_spine_layout_get_blocks (layout, &n_blocks);

  for (guint i = 0; i < n_blocks; i++)
    if (!blocks[i].gap)
      g_assert_cmpfloat (blocks[i].height, >=, LEAST);
}

static void
test_shell (void)
{
  g_autoptr (AtlasSnapshot) snapshot = take_shell (FALSE);

  for (double height = 200; height <= 2000; height += 150)
    {
      g_autoptr (AtlasSpineLayout) layout =
          atlas_spine_layout_new (snapshot, WIDTH, height, LINE, FALSE);

      assert_tiles (snapshot, layout);
      assert_fills (layout, height);
      assert_clickable (layout);
    }
}

/* With room for them all, no two regions share a block. */
static void
test_apart (void)
{
  g_autoptr (AtlasSnapshot) snapshot = take_shell (FALSE);
  g_autoptr (AtlasSpineLayout) layout = atlas_spine_layout_new (snapshot, WIDTH, 2000, LINE, FALSE);
  guint n_blocks, n_apart = 0;
  const AtlasSpineBlock *blocks = atlas_spine_layout_get_blocks (layout, &n_blocks);

  for (guint i = 0; i < n_blocks; i++)
    n_apart += !blocks[i].gap && blocks[i].n_regions == 1;
  g_assert_cmpuint (n_apart, ==, atlas_snapshot_get_n_regions (snapshot));
}

/* Little room: the parts of a library become one, its .bss with them, before strangers do. */
static void
test_files_first (void)
{
  g_autoptr (AtlasSnapshot) snapshot = take_shell (FALSE);
  g_autoptr (AtlasSpineLayout) layout = atlas_spine_layout_new (snapshot, WIDTH, 440, LINE, FALSE);
  const AtlasSpineBlock *block =
      atlas_spine_layout_hit (layout, atlas_spine_layout_get_y (layout, 0x7f2c1b001000));

  g_assert_nonnull (block);
  g_assert_cmpuint (block->start, ==, 0x7f2c1b000000);
  g_assert_cmpuint (block->n_regions, >=, 3);
  g_assert_cmpuint (block->n_regions, <=, 6);
  for (guint i = 0; i < MIN (block->n_regions, 5); i++)
    g_assert_cmpstr (atlas_snapshot_get_region (snapshot, block->first_region + i)->name, ==,
                     "/usr/lib/x86_64-linux-gnu/libc.so.6");
}

/* The widest gaps are breaks, all of one height whatever their size. */
static void
test_breaks (void)
{
  g_autoptr (AtlasSnapshot) snapshot = take_shell (FALSE);
  g_autoptr (AtlasSpineLayout) layout = atlas_spine_layout_new (snapshot, WIDTH, 800, LINE, FALSE);
  static const guint64 inside[] = { 0x1000, 0x600000000000, 0x7f8000000000, 0x8000000000000000 };
  double height = 0;

  for (guint i = 0; i < G_N_ELEMENTS (inside); i++)
    {
      double y = atlas_spine_layout_get_y (layout, inside[i]);
      const AtlasSpineBlock *block = atlas_spine_layout_hit (layout, y);

      g_assert_nonnull (block);
      g_assert_true (block->gap);
      g_assert_cmpfloat (block->height, >, LINE);
      if (i > 0)
        g_assert_cmpfloat_with_epsilon (block->height, height, 1.01);
      height = block->height;
    }
}

static void
test_many (gconstpointer data)
{
  g_autoptr (AtlasSnapshot) snapshot = take_many (GPOINTER_TO_UINT (data));

  g_assert_cmpuint (atlas_snapshot_get_n_regions (snapshot), ==, GPOINTER_TO_UINT (data));
  for (double height = 150; height <= 2200; height += 410)
    {
      g_autoptr (AtlasSpineLayout) layout =
          atlas_spine_layout_new (snapshot, WIDTH, height, LINE, FALSE);
      g_autoptr (AtlasSpineLayout) scaled =
          atlas_spine_layout_new (snapshot, WIDTH, height, LINE, TRUE);

      assert_tiles (snapshot, layout);
      assert_fills (layout, height);
      assert_clickable (layout);
      assert_tiles (snapshot, scaled);
      assert_fills (scaled, height);
    }
}

/* Every other region is of another kind and a gap follows each: nothing gathers by itself. */
static void
test_scattered (void)
{
  g_autoptr (Recording) recording = recording_new (FALSE);
  g_autoptr (AtlasSnapshot) snapshot = NULL;

  for (guint i = 0; i < 5000; i++)
    recording_add (recording, 0x7f0000000000 + i * (G_GUINT64_CONSTANT (1) << 21), 1 + i % 100,
                   i % 2 == 0 ? "rw-p" : "r--s", i % 2, i % 2 == 0 ? "" : "/tmp/file", 0);
  snapshot = recording_take (recording);
  for (double height = 100; height <= 2200; height += 300)
    {
      g_autoptr (AtlasSpineLayout) layout =
          atlas_spine_layout_new (snapshot, WIDTH, height, LINE, FALSE);

      assert_tiles (snapshot, layout);
      assert_fills (layout, height);
      assert_clickable (layout);
    }
}

/* Too small to be of use, but it must not fail. */
static void
test_tiny (void)
{
  g_autoptr (AtlasSnapshot) snapshot = take_shell (FALSE);

  for (double height = 1; height < 200; height += 7)
    {
      g_autoptr (AtlasSpineLayout) layout =
          atlas_spine_layout_new (snapshot, 3, height, LINE, FALSE);
      g_autoptr (AtlasSpineLayout) scaled =
          atlas_spine_layout_new (snapshot, 3, height, LINE, TRUE);

      assert_tiles (snapshot, layout);
      assert_fills (layout, height);
      assert_tiles (snapshot, scaled);
      assert_fills (scaled, height);
    }
}

/* 85 of 128 TiB lie below the program, and so far down from the top. */
static void
test_true_scale (void)
{
  g_autoptr (AtlasSnapshot) snapshot = take_shell (FALSE);
  g_autoptr (AtlasSpineLayout) layout = atlas_spine_layout_new (snapshot, WIDTH, 900, LINE, TRUE);
  double stack = atlas_spine_layout_get_y (layout, 0x7ffc10000000);
  double program = atlas_spine_layout_get_y (layout, 0x55f01c080000);
  double bottom = atlas_spine_layout_get_y (layout, 0);

  assert_tiles (snapshot, layout);
  assert_fills (layout, 900);
  g_assert_cmpfloat_with_epsilon ((bottom - program) / (bottom - stack),
                                  (double) 0x55f01c080000 / (double) 0x7ffc10000000, 1e-3);
}

static void
test_there_and_back (gconstpointer data)
{
  g_autoptr (AtlasSnapshot) snapshot = take_shell (FALSE);
  g_autoptr (AtlasSpineLayout) layout =
      atlas_spine_layout_new (snapshot, WIDTH, 700, LINE, GPOINTER_TO_INT (data));
  guint n_blocks;
  const AtlasSpineBlock *blocks = atlas_spine_layout_get_blocks (layout, &n_blocks);
  guint64 last = G_MAXUINT64;

  for (double y = blocks[0].y + 0.25; y < 690; y += 0.5)
    {
      const AtlasSpineBlock *block = atlas_spine_layout_hit (layout, y);
      guint64 address = atlas_spine_layout_get_address (layout, y);

      if (block == NULL)
        continue;
      g_assert_cmpfloat (block->y, <=, y);
      g_assert_cmpfloat (y, <, block->y + block->height);
      g_assert_cmpuint (address, >=, block->start);
      g_assert_cmpuint (address, <, block->end);
      g_assert_cmpuint (address, <=, last);
      g_assert_cmpfloat_with_epsilon (atlas_spine_layout_get_y (layout, address), y, 0.51);
      last = address;
    }
  g_assert_null (atlas_spine_layout_hit (layout, blocks[0].y - 1));
  g_assert_null (atlas_spine_layout_hit (layout, 700));
}

static void
test_empty (void)
{
  g_autoptr (Recording) recording = recording_new (FALSE);
  g_autoptr (AtlasSnapshot) snapshot = recording_take (recording);
  g_autoptr (AtlasSpineLayout) layout = atlas_spine_layout_new (snapshot, WIDTH, 500, LINE, FALSE);
  guint n_blocks = 1;

  atlas_spine_layout_get_blocks (layout, &n_blocks);
  g_assert_cmpuint (n_blocks, ==, 0);
  g_assert_null (atlas_spine_layout_hit (layout, 100));
  g_assert_cmpuint (atlas_spine_layout_get_address (layout, 100), ==, 0);
}

/* What was painted, and read off again. */
typedef struct
{
  cairo_surface_t *surface;
  cairo_t *cr;
  AtlasCanvas canvas;
  GString *texts; /* one a line */
} Paper;

static void
note_text (const char *text,
           AtlasTextStyle style,
           double size,
           const AtlasColor *color,
           double x,
           double baseline,
           double width,
           gpointer user_data)
{
  g_string_append_printf (user_data, "%s\n", text);
}

static void
paper_init (Paper *self, double height)
{
  self->surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, WIDTH, (int) height);
  self->cr = cairo_create (self->surface);
  self->texts = g_string_new (NULL);
  atlas_canvas_init (&self->canvas, self->cr, NULL, atlas_palette_get (ATLAS_PALETTE_COLOR, FALSE));
  atlas_canvas_set_sink (&self->canvas, note_text, self->texts);
}

static void
paper_clear (Paper *self)
{
  atlas_canvas_clear (&self->canvas);
  cairo_destroy (self->cr);
  cairo_surface_destroy (self->surface);
  g_string_free (self->texts, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Paper, paper_clear)

static gboolean
has_color (Paper *self, double x, double y, const AtlasColor *color)
{
  const unsigned char *data;
  guint32 pixel, expected;

  cairo_surface_flush (self->surface);
  data = cairo_image_surface_get_data (self->surface)
         + (int) y * cairo_image_surface_get_stride (self->surface) + (int) x * 4;
  memcpy (&pixel, data, sizeof pixel);
  expected = (guint32) lround (color->red * 255) << 16 | (guint32) lround (color->green * 255) << 8
             | (guint32) lround (color->blue * 255);
  for (guint shift = 0; shift < 24; shift += 8)
    if (abs ((int) (pixel >> shift & 0xff) - (int) (expected >> shift & 0xff)) > 2)
      return FALSE;
  return TRUE;
}

static void
paint_shell (Paper *paper, AtlasSnapshot *snapshot, AtlasCounter highlight, double height)
{
  g_autoptr (AtlasSpineLayout) layout = atlas_spine_layout_new (
      snapshot, WIDTH, height, paper->canvas.line_height[ATLAS_TEXT_CAPTION], FALSE);

  atlas_spine_paint (&paper->canvas, layout, highlight);
}

/* The heap is 400 pages, of which 328 are in memory: 82 %. */
static void
test_filled_by_share (void)
{
  g_autoptr (AtlasSnapshot) snapshot = take_shell (TRUE);
  g_auto (Paper) paper = { 0 };
  g_autoptr (AtlasSpineLayout) layout = NULL;
  const AtlasSpineBlock *heap;
  double y, edge = 0.82 * WIDTH;

  paper_init (&paper, 900);
  layout = atlas_spine_layout_new (snapshot, WIDTH, 900,
                                   paper.canvas.line_height[ATLAS_TEXT_CAPTION], FALSE);
  atlas_spine_paint (&paper.canvas, layout, ATLAS_COUNTER_NONE);
  heap = atlas_spine_layout_hit (layout, atlas_spine_layout_get_y (layout, 0x55f01c2e1000));
  g_assert_cmpint (heap->kind, ==, ATLAS_KIND_HEAP);
  y = heap->y + 1;
  g_assert_true (has_color (&paper, edge - 2, y, &paper.canvas.palette->kind[ATLAS_KIND_HEAP]));
  g_assert_true (has_color (&paper, edge + 2, y, &paper.canvas.palette->tint[ATLAS_KIND_HEAP]));
}

static void
test_texts (void)
{
  g_autoptr (AtlasSnapshot) snapshot = take_shell (TRUE);
  g_auto (Paper) paper = { 0 };

  paper_init (&paper, 900);
  paint_shell (&paper, snapshot, ATLAS_COUNTER_NONE, 900);
  g_assert_nonnull (strstr (paper.texts->str, "high addresses\n"));
  g_assert_nonnull (strstr (paper.texts->str, "low addresses\n"));
  g_assert_nonnull (strstr (paper.texts->str, "[heap]\n"));
  g_assert_nonnull (strstr (paper.texts->str, "[stack]\n"));
  g_assert_nonnull (strstr (paper.texts->str, "libc.so.6"));
  /* 0x7f2c1a000000 - 0x55f01c470000 and 0x55f01c080000 bytes */
  g_assert_nonnull (strstr (paper.texts->str, "41.2 TiB unmapped\n"));
  g_assert_nonnull (strstr (paper.texts->str, "85.9 TiB unmapped\n"));
}

static void
test_merged_texts (void)
{
  g_autoptr (AtlasSnapshot) snapshot = take_many (1000);
  g_auto (Paper) paper = { 0 };

  paper_init (&paper, 900);
  paint_shell (&paper, snapshot, ATLAS_COUNTER_NONE, 900);
  g_assert_nonnull (strstr (paper.texts->str, "Anonymous"));
  g_assert_nonnull (strstr (paper.texts->str, "×1,000"));
}

/* Only stack pages count for VmStk: the heap must not look as it does otherwise. */
static void
test_highlight (void)
{
  g_autoptr (AtlasSnapshot) snapshot = take_shell (TRUE);
  g_auto (Paper) paper = { 0 };
  g_autoptr (AtlasSpineLayout) layout = NULL;
  double heap, stack;

  paper_init (&paper, 900);
  layout = atlas_spine_layout_new (snapshot, WIDTH, 900,
                                   paper.canvas.line_height[ATLAS_TEXT_CAPTION], FALSE);
  atlas_spine_paint (&paper.canvas, layout, ATLAS_COUNTER_VM_STK);
  heap = atlas_spine_layout_hit (layout, atlas_spine_layout_get_y (layout, 0x55f01c2e1000))->y;
  stack = atlas_spine_layout_hit (layout, atlas_spine_layout_get_y (layout, 0x7ffc10001000))->y;
  g_assert_false (has_color (&paper, 3, heap + 1, &paper.canvas.palette->kind[ATLAS_KIND_HEAP]));
  g_assert_true (has_color (&paper, 3, stack + 1, &paper.canvas.palette->kind[ATLAS_KIND_STACK]));
}

static void
test_overlay (void)
{
  g_autoptr (AtlasSnapshot) snapshot = take_shell (FALSE);
  g_auto (Paper) paper = { 0 };
  g_autoptr (AtlasSpineLayout) layout = NULL;
  double top;

  paper_init (&paper, 900);
  layout = atlas_spine_layout_new (snapshot, WIDTH, 900, LINE, FALSE);
  atlas_spine_paint_overlay (&paper.canvas, layout, 0x55f01c2e0000, 0x55f01c470000, 0);
  top = atlas_spine_layout_get_y (layout, 0x55f01c470000);
  g_assert_true (has_color (&paper, 64, top - 1, &paper.canvas.palette->accent));
  g_assert_false (has_color (&paper, 64, top + 4, &paper.canvas.palette->accent));
  g_assert_true (has_color (&paper, 1, top + 20, &paper.canvas.palette->accent));
}

/* The large mapping is one allocation, the heap holds several. */
static AtlasLabels *
new_labels (void)
{
  AtlasLabelsBuilder *builder = atlas_labels_builder_new ();

  atlas_labels_builder_add (builder, 0x7f2c1a000010, 0x7f2c1a3ff800, "big · malloc", "big");
  for (guint i = 0; i < 9; i++)
    {
      const char short_name[] = { (char) ('a' + i), '\0' };
      g_autofree char *name = g_strdup_printf ("%s · malloc 4 KiB", short_name);
      guint64 start = 0x55f01c2e0010 + i * 0x1010;

      atlas_labels_builder_add (builder, start, start + 0x1000, name, short_name);
    }
  return atlas_labels_builder_end (builder);
}

static void
test_names (void)
{
  g_autoptr (AtlasSnapshot) snapshot = take_shell (TRUE);
  g_autoptr (AtlasLabels) labels = new_labels ();
  g_autoptr (AtlasSpineLayout) layout = NULL;
  g_auto (Paper) paper = { 0 };

  paper_init (&paper, 1400);
  layout = atlas_spine_layout_new (snapshot, WIDTH, 1400,
                                   paper.canvas.line_height[ATLAS_TEXT_CAPTION], FALSE);
  atlas_spine_paint (&paper.canvas, layout, ATLAS_COUNTER_NONE);
  g_assert_null (strstr (paper.texts->str, "malloc"));
  g_assert_null (strstr (paper.texts->str, ", +"));

  g_string_truncate (paper.texts, 0);
  atlas_spine_layout_set_labels (layout, labels);
  atlas_spine_paint (&paper.canvas, layout, ATLAS_COUNTER_NONE);
  g_assert_nonnull (strstr (paper.texts->str, "big · malloc\n4 MiB\n"));
  g_assert_nonnull (strstr (paper.texts->str, "[heap]\n1.6 MiB\na, b, c, d, e, +4\n"));
}

#define BAR (WIDTH - 6)

/* Where it changed, and nowhere else; also where what changed is gone. */
static void
test_changes (void)
{
  g_autoptr (Recording) recording = recording_new (TRUE);
  g_autoptr (AtlasSnapshot) before = NULL, after = NULL;
  g_autoptr (AtlasPageChanges) changes = NULL;
  g_autoptr (AtlasSpineLayout) layout = NULL;
  g_auto (Paper) paper = { 0 };
  double first, last;

  recording_add (recording, 0x10000000, 100, "rw-p", 0, "", 50);
  recording_add (recording, 0x20000000, 100, "rw-p", 0, "", 0);
  before = recording_take (recording);
  g_string_truncate (recording->maps, 0);
  recording_add (recording, 0x10000000, 100, "rw-p", 0, "", 50);
  recording_add (recording, 0x20000000, 60, "rw-p", 0, "", 10);
  after = recording_take (recording);
  changes = atlas_page_changes_new (before, after);

  paper_init (&paper, 600);
  layout = atlas_spine_layout_new (after, WIDTH, 600, LINE, FALSE);
  atlas_spine_paint_changes (&paper.canvas, layout, changes);
  first = atlas_spine_layout_get_y (layout, 0x20000000);
  last = atlas_spine_layout_get_y (layout, 0x20000000 + 60 * recording->page_size);
  for (int y = 0; y < 600; y++)
    {
      gboolean changed = has_color (&paper, BAR, y, &paper.canvas.palette->accent);

      if (y > last - 8 && y < first + 1)
        continue;
      g_assert_false (changed);
    }
  g_assert_true (has_color (&paper, BAR, first - 2, &paper.canvas.palette->accent));
  g_assert_true (has_color (&paper, BAR, last + 1, &paper.canvas.palette->accent));
  g_assert_false (has_color (&paper, WIDTH / 2, first - 2, &paper.canvas.palette->accent));
}

static void
check_after (AtlasSpineLayout *before, AtlasSnapshot *snapshot, double height, gboolean true_scale)
{
  g_autoptr (AtlasSpineLayout) anew =
      atlas_spine_layout_new (snapshot, WIDTH, height, LINE, true_scale);
  g_autoptr (AtlasSpineLayout) after =
      atlas_spine_layout_new_after (before, snapshot, WIDTH, height, LINE, true_scale);
  guint n_blocks, n_others;
  const AtlasSpineBlock *blocks = atlas_spine_layout_get_blocks (anew, &n_blocks);
  const AtlasSpineBlock *others = atlas_spine_layout_get_blocks (after, &n_others);

  g_assert_cmpuint (n_blocks, ==, n_others);
  for (guint i = 0; i < n_blocks; i++)
    {
      g_assert_cmpfloat (blocks[i].y, ==, others[i].y);
      g_assert_cmpfloat (blocks[i].height, ==, others[i].height);
      g_assert_cmpuint (blocks[i].start, ==, others[i].start);
      g_assert_cmpuint (blocks[i].n_regions, ==, others[i].n_regions);
    }
}

static void
test_after_another (void)
{
  g_autoptr (Recording) recording = recording_new (TRUE);
  g_autoptr (AtlasSnapshot) first = NULL;
  g_autoptr (AtlasSnapshot) second = NULL;
  g_autoptr (AtlasSnapshot) third = NULL;
  g_autoptr (AtlasSpineLayout) before = NULL;

  g_test_summary ("What is taken over from the layout before is what would have been worked out");

  recording_add_shell (recording);
  first = recording_take (recording);
  second = recording_take_after (recording, first);
  recording_add (recording, 0x7fff80000000, 300, "rw-p", 0, "", 0);
  third = recording_take_after (recording, second);
  before = atlas_spine_layout_new (first, WIDTH, 600, LINE, FALSE);
  check_after (before, second, 600, FALSE);
  check_after (before, second, 500, FALSE);
  check_after (before, second, 600, TRUE);
  check_after (before, third, 600, FALSE);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/drawing/spine/shell", test_shell);
  g_test_add_func ("/drawing/spine/apart", test_apart);
  g_test_add_func ("/drawing/spine/files-first", test_files_first);
  g_test_add_func ("/drawing/spine/breaks", test_breaks);
  g_test_add_data_func ("/drawing/spine/regions-1", GUINT_TO_POINTER (1), test_many);
  g_test_add_data_func ("/drawing/spine/regions-1000", GUINT_TO_POINTER (1000), test_many);
  g_test_add_data_func ("/drawing/spine/regions-60000", GUINT_TO_POINTER (60000), test_many);
  g_test_add_func ("/drawing/spine/scattered", test_scattered);
  g_test_add_func ("/drawing/spine/tiny", test_tiny);
  g_test_add_func ("/drawing/spine/true-scale", test_true_scale);
  g_test_add_data_func ("/drawing/spine/there-and-back", GINT_TO_POINTER (FALSE),
                        test_there_and_back);
  g_test_add_data_func ("/drawing/spine/there-and-back-true", GINT_TO_POINTER (TRUE),
                        test_there_and_back);
  g_test_add_func ("/drawing/spine/empty", test_empty);
  g_test_add_func ("/drawing/spine/filled-by-share", test_filled_by_share);
  g_test_add_func ("/drawing/spine/texts", test_texts);
  g_test_add_func ("/drawing/spine/merged-texts", test_merged_texts);
  g_test_add_func ("/drawing/spine/highlight", test_highlight);
  g_test_add_func ("/drawing/spine/overlay", test_overlay);
  g_test_add_func ("/drawing/spine/names", test_names);
  g_test_add_func ("/drawing/spine/changes", test_changes);
  g_test_add_func ("/drawing/spine/after-another", test_after_another);
  return g_test_run ();
}
