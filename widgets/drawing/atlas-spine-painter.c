/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Paints the spine: each block filled from the left by its resident share, with its name where that
 * can be read, breaks as a zigzag with their size, and over it the frame of what the cards show. */

#include "atlas-config.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "atlas-cell.h"
#include "atlas-format.h"
#include "atlas-spine-private.h"

#define PADDING 6       /* between a block's edge and its name, pixels */
#define PLATE_PADDING 3 /* round a name that lies on two colours */
#define COUNT_GAP 4
#define LEGIBLE 4.5 /* WCAG AA */
#define FRAME 2
#define N_LINES 3    /* on a block */
#define MOST_NAMES 5 /* of what is in a block */
#define CHANGE_WIDTH 4
#define CHANGE_INSET 4 /* from the edge, which the frame is on */
#define LEAST_CHANGE 3

/* What a block's pages add up to. */
typedef struct
{
  guint64 pages, resident, unknown, counted;
} Sums;

/* Of a counter's pages there is no sum beforehand: which region counts at all depends on it. */
static guint64
count_block (AtlasSpineLayout *self, const AtlasSpineBlock *block, AtlasCounter highlight)
{
  guint64 n = 0;

  for (guint i = 0; i < block->n_regions; i++)
    {
      const AtlasRegion *region =
          atlas_snapshot_get_region (self->snapshot, block->first_region + i);

      n +=
          atlas_counter_count_pages (highlight, region, 0, atlas_pages_get_n_pages (region->pages));
    }
  return n;
}

static Sums
sum_block (AtlasSpineLayout *self, const AtlasSpineBlock *block, AtlasCounter highlight)
{
  AtlasRegionSum sum =
      atlas_snapshot_add_up (self->snapshot, block->first_region, block->n_regions);

  return (Sums){ sum.pages, sum.resident, sum.unknown,
                 highlight != ATLAS_COUNTER_NONE ? count_block (self, block, highlight) : 0 };
}

static double
get_share (guint64 part, guint64 whole)
{
  return whole == 0 ? 0 : (double) part / (double) whole;
}

/* The colours a block is painted with, and how far across. */
typedef struct
{
  AtlasColor tint, faint, solid;
  double filled, faint_filled; /* of the width */
} Look;

/* A block that is being painted. */
typedef struct
{
  const AtlasSpineBlock *block;
  Sums sums;
  Look look;
} BlockPaint;

/* A counter that counts all of the block leaves it as it is; else the fill becomes the counted
 * share, before a fainter resident share. */
static Look
get_look (const AtlasPalette *palette, AtlasKind kind, const Sums *sums, gboolean lit)
{
  Look look = { .tint = palette->tint[kind],
                .solid = palette->kind[kind],
                .filled = get_share (sums->resident, sums->pages) };

  if (!lit || sums->counted == sums->pages)
    return look;
  look.faint_filled = look.filled;
  look.filled = get_share (sums->counted, sums->pages);
  look.tint = atlas_color_mix (&palette->background, &look.tint, 0.5);
  look.faint = atlas_color_mix (&look.tint, &look.solid, 0.3);
  return look;
}

static void
fill (AtlasCanvas *canvas, const AtlasColor *color, double x, double y, double width, double height)
{
  atlas_canvas_set_color (canvas, color);
  cairo_rectangle (canvas->cr, x, y, width, height);
  cairo_fill (canvas->cr);
}

/* In a palette of greys with the kind's texture. */
static void
fill_solid (AtlasCanvas *canvas, AtlasKind kind, double y, double width, double height)
{
  if (width < 1)
    return;
  if (canvas->palette->texture[kind] == ATLAS_TEXTURE_NONE)
    fill (canvas, &canvas->palette->kind[kind], 0, y, width, height);
  else
    atlas_kind_fill (canvas, kind, 0, y, width, height);
}

static void
hatch (AtlasCanvas *canvas, double x, double y, double width, double height)
{
  cairo_t *cr = canvas->cr;

  cairo_save (cr);
  cairo_rectangle (cr, x, y, width, height);
  cairo_clip (cr);
  for (double along = x - height; along < x + width; along += 6)
    {
      cairo_move_to (cr, along, y + height);
      cairo_line_to (cr, along + height, y);
    }
  cairo_set_line_width (cr, 1);
  atlas_canvas_set_color (canvas, &canvas->palette->hatch);
  cairo_stroke (cr);
  cairo_restore (cr);
}

static void
rounded_rectangle (cairo_t *cr, double x, double y, double width, double height, double radius)
{
  radius = MIN (radius, MIN (width, height) / 2);
  cairo_new_sub_path (cr);
  cairo_arc (cr, x + width - radius, y + radius, radius, -G_PI_2, 0);
  cairo_arc (cr, x + width - radius, y + height - radius, radius, 0, G_PI_2);
  cairo_arc (cr, x + radius, y + height - radius, radius, G_PI_2, G_PI);
  cairo_arc (cr, x + radius, y + radius, radius, G_PI, 3 * G_PI_2);
  cairo_close_path (cr);
}

/* What a block is called, and how often: "libc.so.6", "×5". The count is never cut. */
typedef struct
{
  char *name;
  char *count; /* or NULL */
} Label;

static void
clear_label (Label *label)
{
  g_free (label->name);
  g_free (label->count);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Label, clear_label)

static char *
describe_times (guint n)
{
  g_autofree char *count = atlas_format_count (n);

  /* Translators: how many regions of one name are shown as one. */
  return n > 1 ? g_strdup_printf (_ ("×%s"), count) : NULL;
}

/* The allocation that the block as a whole is, or NULL. */
static const AtlasLabel *
find_whole (AtlasSpineLayout *self, const AtlasSpineBlock *block)
{
  return block->n_regions > 1
             ? NULL
             : atlas_labels_find_whole (
                 self->labels, atlas_snapshot_get_region (self->snapshot, block->first_region),
                 atlas_snapshot_get_page_size (self->snapshot));
}

static void
name_block (AtlasSpineLayout *self, const AtlasSpineBlock *block, Label *label)
{
  AtlasRegion *first = atlas_snapshot_get_region (self->snapshot, block->first_region);
  const AtlasLabel *whole = find_whole (self, block);
  g_autofree char *count = NULL;

  if (whole != NULL)
    {
      label->name = g_strdup (whole->name);
      return;
    }
  if (block->one_file)
    {
      label->name = atlas_region_dup_title (first);
      label->count = describe_times (block->n_regions);
      return;
    }
  if (block->n_of_kind > 0)
    {
      label->name = g_strdup (atlas_kind_get_title (block->kind));
      label->count = describe_times (block->n_of_kind);
      return;
    }
  count = atlas_format_count (block->n_regions);
  label->name = g_strdup_printf (ngettext ("%s region", "%s regions", block->n_regions), count);
}

/* A colour that can be read on both @grounds (the second may be NULL), or NULL. */
static const AtlasColor *
find_legible (const AtlasPalette *palette, AtlasKind kind, const AtlasColor *const grounds[2])
{
  const AtlasColor *candidates[] = { &palette->text, &palette->on_kind[kind] };

  for (guint i = 0; i < G_N_ELEMENTS (candidates); i++)
    if (atlas_color_contrast (candidates[i], grounds[0]) >= LEGIBLE
        && (grounds[1] == NULL || atlas_color_contrast (candidates[i], grounds[1]) >= LEGIBLE))
      return candidates[i];
  return NULL;
}

/* For text of @width at the left of the block; NULL if there is none. */
static const AtlasColor *
choose_ink (const AtlasPalette *palette,
            AtlasSpineLayout *self,
            const BlockPaint *paint,
            double width)
{
  AtlasKind kind = paint->block->kind;
  double edge = MAX (paint->look.filled, paint->look.faint_filled) * self->width;
  const AtlasColor *grounds[2] = { &paint->look.tint, NULL };

  if (paint->sums.unknown > 0 || (edge > PADDING && palette->texture[kind] != ATLAS_TEXTURE_NONE))
    return NULL;
  if (paint->look.filled * self->width >= PADDING + width)
    grounds[0] = &paint->look.solid;
  else if (edge > PADDING)
    grounds[1] = paint->look.filled > 0 ? &paint->look.solid : &paint->look.faint;
  return find_legible (palette, kind, grounds);
}

static double
measure_caption (AtlasCanvas *canvas, const char *text)
{
  return ceil (atlas_canvas_measure (canvas, ATLAS_TEXT_CAPTION, text));
}

static double
measure_label (AtlasCanvas *canvas, const Label *label)
{
  double width = measure_caption (canvas, label->name);

  return label->count == NULL ? width : width + COUNT_GAP + measure_caption (canvas, label->count);
}

/* Moves the count of a name that would be cut to the second line, if there is room for it. */
static void
move_count (AtlasCanvas *canvas, Label *name, Label *size, double room)
{
  Label both = { 0 };

  if (name->count == NULL || measure_label (canvas, name) <= room)
    return;
  both.name = g_strdup_printf ("%s · %s", name->count, size->name);
  if (measure_label (canvas, &both) > room)
    {
      clear_label (&both);
      return;
    }
  clear_label (size);
  *size = both;
  g_clear_pointer (&name->count, g_free);
}

/* The name is cut to @width less the count. */
static void
paint_line (AtlasCanvas *canvas,
            const AtlasColor *color,
            double y,
            double width,
            const Label *label)
{
  double x = PADDING;

  if (label->count == NULL)
    {
      atlas_canvas_text (canvas, ATLAS_TEXT_CAPTION, color, ATLAS_ALIGN_START, x, y, width,
                         label->name);
      return;
    }
  width -= COUNT_GAP + measure_caption (canvas, label->count);
  x += ceil (atlas_canvas_text (canvas, ATLAS_TEXT_CAPTION, color, ATLAS_ALIGN_START, x, y,
                                MAX (width, 1), label->name));
  atlas_canvas_text (canvas, ATLAS_TEXT_CAPTION, color, ATLAS_ALIGN_START, x + COUNT_GAP, y, 0,
                     label->count);
}

static void
paint_plate (AtlasCanvas *canvas, double y, double width, double height)
{
  atlas_canvas_set_color (canvas, &canvas->palette->card);
  rounded_rectangle (canvas->cr, PADDING - PLATE_PADDING, y, width + 2 * PLATE_PADDING, height, 3);
  cairo_fill (canvas->cr);
}

/* As many names of what is in the block as there is room for, and how many more. */
static char *
describe_parts (AtlasCanvas *canvas,
                AtlasSpineLayout *self,
                const AtlasSpineBlock *block,
                double room)
{
  if (find_whole (self, block) != NULL)
    return NULL;
  for (guint most = MOST_NAMES; most > 1; most--)
    {
      char *names = atlas_labels_dup_names (self->labels, block->start, block->end, most);

      if (names == NULL || measure_caption (canvas, names) <= room)
        return names;
      g_free (names);
    }
  return atlas_labels_dup_names (self->labels, block->start, block->end, 1);
}

/* What is written on a block: its name, its size, and what is in it, as far as there is room. */
static guint
find_lines (AtlasCanvas *canvas,
            AtlasSpineLayout *self,
            const BlockPaint *paint,
            double room,
            Label lines[N_LINES])
{
  const AtlasSpineBlock *block = paint->block;
  guint64 page_size = atlas_snapshot_get_page_size (self->snapshot);
  double line = canvas->line_height[ATLAS_TEXT_CAPTION];

  name_block (self, block, &lines[0]);
  if (block->height < 2 * line + 2 * PADDING)
    return 1;
  lines[1].name = atlas_format_bytes (paint->sums.pages * page_size);
  move_count (canvas, &lines[0], &lines[1], room);
  if (block->height < 3 * line + 2 * PADDING)
    return 2;
  lines[2].name = describe_parts (canvas, self, block, room);
  return lines[2].name != NULL ? 3 : 2;
}

/* In whatever colour can be read on what lies under it, else on a plate. */
static void
paint_label (AtlasCanvas *canvas, AtlasSpineLayout *self, const BlockPaint *paint)
{
  const AtlasSpineBlock *block = paint->block;
  double line = canvas->line_height[ATLAS_TEXT_CAPTION];
  double room = self->width - 2 * PADDING;
  Label lines[N_LINES] = { 0 };
  const AtlasColor *color;
  double width = 0;

  if (block->height < line || self->width < 4 * PADDING)
    return;
  guint n_lines = find_lines (canvas, self, paint, room, lines);
  double y = block->y + floor ((block->height - 1 - line * n_lines) / 2);
  for (guint i = 0; i < n_lines; i++)
    width = MAX (width, measure_label (canvas, &lines[i]));
  width = MIN (width, room);
  color = choose_ink (canvas->palette, self, paint, width);
  if (color == NULL)
    {
      paint_plate (canvas, y, width, line * n_lines);
      color = &canvas->palette->text;
    }
  for (guint i = 0; i < n_lines; i++)
    {
      paint_line (canvas, color, y + line * i, width, &lines[i]);
      clear_label (&lines[i]);
    }
}

static void
paint_block (AtlasCanvas *canvas,
             AtlasSpineLayout *self,
             const AtlasSpineBlock *block,
             AtlasCounter highlight)
{
  BlockPaint paint = { .block = block, .sums = sum_block (self, block, highlight) };
  const Look *look = &paint.look;
  double width = self->width;
  double height = block->height >= 4 ? block->height - 1 : MAX (block->height, 2);

  paint.look =
      get_look (canvas->palette, block->kind, &paint.sums, highlight != ATLAS_COUNTER_NONE);
  fill (canvas, &look->tint, 0, block->y, width, height);
  fill (canvas, &look->faint, 0, block->y, round (width * look->faint_filled), height);
  fill_solid (canvas, block->kind, block->y, round (width * look->filled), height);
  if (paint.sums.unknown > 0)
    hatch (canvas, round (width * get_share (paint.sums.resident, paint.sums.pages)), block->y,
           width * get_share (paint.sums.unknown, paint.sums.pages), height);
  paint_label (canvas, self, &paint);
}

static void
zigzag (AtlasCanvas *canvas, double width, double y)
{
  cairo_t *cr = canvas->cr;
  double tooth = 4;

  cairo_save (cr);
  cairo_move_to (cr, 0, y);
  for (guint i = 1; i * tooth <= width; i++)
    cairo_line_to (cr, i * tooth, i % 2 == 1 ? y + tooth : y);
  cairo_set_line_width (cr, 1);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  atlas_canvas_set_color (canvas, &canvas->palette->dim_text);
  cairo_stroke (cr);
  cairo_restore (cr);
}

static char *
describe_gap (AtlasCanvas *canvas, const AtlasSpineBlock *block, double width)
{
  g_autofree char *size = atlas_format_bytes (block->end - block->start);
  g_autofree char *text = NULL;

  /* Translators: a size, of addresses that no program can use. */
  text = g_strdup_printf (block->end > G_MAXINT64 ? _ ("%s not usable") : _ ("%s unmapped"), size);
  if (atlas_canvas_measure (canvas, ATLAS_TEXT_CAPTION, text) > width)
    return g_steal_pointer (&size);
  return g_steal_pointer (&text);
}

static void
paint_gap (AtlasCanvas *canvas, AtlasSpineLayout *self, const AtlasSpineBlock *block)
{
  double line = canvas->line_height[ATLAS_TEXT_CAPTION];
  gboolean folded = !self->true_scale || block->end > G_MAXINT64;
  g_autofree char *text = NULL;

  if (block->height < line + (folded ? 8 : 0))
    return;
  text = describe_gap (canvas, block, self->width);
  if (folded)
    zigzag (canvas, self->width, floor (block->y + (block->height - line - 6) / 2) + 0.5);
  atlas_canvas_text (canvas, ATLAS_TEXT_CAPTION, &canvas->palette->dim_text, ATLAS_ALIGN_CENTER,
                     self->width / 2, block->y + (block->height - line + (folded ? 6 : 0)) / 2,
                     self->width, text);
}

/* At true scale what is mapped is too thin to be written on, but what is not is wide. */
static void
paint_name_below (AtlasCanvas *canvas,
                  AtlasSpineLayout *self,
                  const AtlasSpineBlock *block,
                  const AtlasSpineBlock *gap)
{
  double line = canvas->line_height[ATLAS_TEXT_CAPTION];
  g_auto (Label) label = { 0 };

  if (block->gap || !gap->gap || block->height >= line || gap->height < 4 * line)
    return;
  name_block (self, block, &label);
  paint_line (canvas, &canvas->palette->text, gap->y + 3, self->width - 2 * PADDING, &label);
}

static void
paint_captions (AtlasCanvas *canvas, AtlasSpineLayout *self)
{
  const AtlasColor *color = &canvas->palette->dim_text;

  atlas_canvas_text (canvas, ATLAS_TEXT_CAPTION, color, ATLAS_ALIGN_START, 0, 0, self->width,
                     _ ("high addresses"));
  atlas_canvas_text (canvas, ATLAS_TEXT_CAPTION, color, ATLAS_ALIGN_START, 0, self->bottom + 3,
                     self->width, _ ("low addresses"));
}

/* At true scale next to nothing is mapped: an outline shows where the emptiness is. */
static void
paint_outline (AtlasCanvas *canvas, AtlasSpineLayout *self)
{
  cairo_rectangle (canvas->cr, 0.5, self->top + 0.5, self->width - 1, self->bottom - self->top - 1);
  cairo_set_line_width (canvas->cr, 1);
  atlas_canvas_set_color (canvas, &canvas->palette->border);
  cairo_stroke (canvas->cr);
}

void
atlas_spine_paint (AtlasCanvas *canvas, AtlasSpineLayout *layout, AtlasCounter highlight)
{
  guint n_blocks;
  const AtlasSpineBlock *blocks;

  g_return_if_fail (canvas != NULL && canvas->cr != NULL);
  g_return_if_fail (layout != NULL);

  blocks = atlas_spine_layout_get_blocks (layout, &n_blocks);
  if (n_blocks == 0)
    return;
  if (layout->captions)
    paint_captions (canvas, layout);
  if (layout->true_scale)
    paint_outline (canvas, layout);
  for (guint i = 0; i < n_blocks; i++)
    if (blocks[i].gap)
      paint_gap (canvas, layout, &blocks[i]);
    else
      paint_block (canvas, layout, &blocks[i], highlight);
  for (guint i = 1; i < n_blocks && layout->true_scale; i++)
    paint_name_below (canvas, layout, &blocks[i - 1], &blocks[i]);
}

static void
paint_selected (AtlasCanvas *canvas, AtlasSpineLayout *self, guint64 selected)
{
  const AtlasSpineBlock *block =
      atlas_spine_layout_hit (self, atlas_spine_layout_get_y (self, selected));
  double height;

  if (block == NULL || block->gap || selected >= block->end)
    return;
  height = MAX (block->height - 1, 3);
  cairo_rectangle (canvas->cr, 1, block->y + 1, self->width - 2, MAX (height - 2, 1));
  cairo_set_line_width (canvas->cr, FRAME);
  atlas_canvas_set_color (canvas, &canvas->palette->text);
  cairo_stroke (canvas->cr);
}

static void
paint_seen (AtlasCanvas *canvas, AtlasSpineLayout *self, guint64 start, guint64 end)
{
  double top = floor (atlas_spine_layout_get_y (self, end)) - FRAME;
  double bottom = ceil (atlas_spine_layout_get_y (self, start)) + FRAME;
  double y = MAX (top, 0) + FRAME / 2.0;

  bottom = MIN (MAX (bottom, top + 10), self->height) - FRAME / 2.0;
  rounded_rectangle (canvas->cr, FRAME / 2.0, y, self->width - FRAME, bottom - y, 5);
  cairo_set_line_width (canvas->cr, FRAME);
  atlas_canvas_set_color (canvas, &canvas->palette->accent);
  cairo_stroke (canvas->cr);
}

void
atlas_spine_paint_overlay (AtlasCanvas *canvas,
                           AtlasSpineLayout *layout,
                           guint64 seen_start,
                           guint64 seen_end,
                           guint64 selected)
{
  g_return_if_fail (canvas != NULL && canvas->cr != NULL);
  g_return_if_fail (layout != NULL);

  if (layout->blocks->len == 0)
    return;
  if (selected != 0)
    paint_selected (canvas, layout, selected);
  if (seen_end > seen_start)
    paint_seen (canvas, layout, seen_start, seen_end);
}

/* From @top to @bottom, on a halo: it lies on the colours of all kinds. */
static void
paint_change (AtlasCanvas *canvas, AtlasSpineLayout *self, double top, double bottom)
{
  double x = self->width - CHANGE_WIDTH - CHANGE_INSET;

  fill (canvas, &canvas->palette->card, x - 1, top - 1, CHANGE_WIDTH + 2, bottom - top + 2);
  fill (canvas, &canvas->palette->accent, x, top, CHANGE_WIDTH, bottom - top);
}

/* Index of the lowest range that does not lie wholly at or below the pixel of @top; the ranges
 * between are on pixels that are painted. */
static guint
skip_painted (AtlasSpineLayout *self, AtlasPageChanges *changes, guint index, double top)
{
  guint64 above = atlas_spine_layout_get_address (self, top);

  return MAX (index + 1, atlas_page_changes_find (changes, above));
}

void
atlas_spine_paint_changes (AtlasCanvas *canvas, AtlasSpineLayout *layout, AtlasPageChanges *changes)
{
  const AtlasChangedRange *ranges;
  guint n_ranges;

  g_return_if_fail (canvas != NULL && canvas->cr != NULL);
  g_return_if_fail (layout != NULL && changes != NULL);

  if (layout->blocks->len == 0)
    return;
  ranges = atlas_page_changes_get_ranges (changes, &n_ranges);
  for (guint i = 0; i < n_ranges;)
    {
      double top = floor (atlas_spine_layout_get_y (layout, ranges[i].end));
      double bottom = ceil (atlas_spine_layout_get_y (layout, ranges[i].start));

      paint_change (canvas, layout, top, MAX (bottom, top + LEAST_CHANGE));
      i = skip_painted (layout, changes, i, top);
    }
}
