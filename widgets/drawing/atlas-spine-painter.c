/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Paints the spine: each block filled from the left by its resident share, with its name where that
 * can be read, breaks as a zigzag with their size, and over it the frame of what the cards show. */

#include "atlas-config.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "atlas-format.h"
#include "atlas-spine-private.h"

#define PADDING 6       /* between a block's edge and its name, pixels */
#define PLATE_PADDING 3 /* round a name that lies on two colours */
#define LEGIBLE 4.5     /* WCAG AA */
#define FRAME 2

/* What a block's pages add up to. */
typedef struct
{
  guint64 pages, resident, unknown, counted;
} Sums;

static Sums
sum_block (AtlasSpineLayout *self, const AtlasSpineBlock *block, AtlasCounter highlight)
{
  Sums sums = { 0 };

  for (guint i = 0; i < block->n_regions; i++)
    {
      const AtlasRegion *region =
          atlas_snapshot_get_region (self->snapshot, block->first_region + i);
      AtlasPageCounts counts;

      atlas_pages_count_all (region->pages, &counts);
      sums.pages += counts.pages;
      sums.resident += counts.resident;
      sums.unknown += counts.unknown;
      if (highlight != ATLAS_COUNTER_NONE)
        sums.counted += atlas_counter_count_pages (highlight, region, 0, counts.pages);
    }
  return sums;
}

static double
get_share (guint64 part, guint64 whole)
{
  return whole == 0 ? 0 : (double) part / (double) whole;
}

static AtlasColor
mix (const AtlasColor *a, const AtlasColor *b, double share_of_b)
{
  return (AtlasColor){ a->red + (b->red - a->red) * share_of_b,
                       a->green + (b->green - a->green) * share_of_b,
                       a->blue + (b->blue - a->blue) * share_of_b, 1 };
}

/* The colours a block is painted with. */
typedef struct
{
  AtlasColor tint, solid;
  double filled; /* of the width */
  gboolean dimmed;
} Look;

/* A counter that counts all of the block leaves it as it is; else the fill becomes the counted
 * share, before a fainter resident share. */
static Look
get_look (const AtlasPalette *palette, const AtlasSpineBlock *block, const Sums *sums, gboolean lit)
{
  Look look = { .tint = palette->tint[block->kind],
                .solid = palette->kind[block->kind],
                .filled = get_share (sums->resident, sums->pages) };

  look.tint = mix (&palette->background, &look.tint, look.tint.alpha);
  if (!lit || sums->counted == sums->pages)
    return look;
  look.dimmed = TRUE;
  look.filled = get_share (sums->counted, sums->pages);
  look.tint = mix (&palette->background, &look.tint, 0.5);
  return look;
}

static void
fill (AtlasCanvas *canvas, const AtlasColor *color, double x, double y, double width, double height)
{
  atlas_canvas_set_color (canvas, color);
  cairo_rectangle (canvas->cr, x, y, width, height);
  cairo_fill (canvas->cr);
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

/* "libc.so.6 ×5": all of one name; NULL if they are not. */
static char *
name_alike (AtlasSpineLayout *self, const AtlasSpineBlock *block)
{
  AtlasRegion *first = atlas_snapshot_get_region (self->snapshot, block->first_region);
  g_autofree char *title = NULL;

  for (guint i = 1; i < block->n_regions; i++)
    {
      AtlasRegion *region = atlas_snapshot_get_region (self->snapshot, block->first_region + i);

      if (region->name != first->name || region->name[0] == '\0')
        return NULL;
    }
  title = atlas_region_dup_title (first);
  /* Translators: a name and how many regions of that name are shown as one. */
  return g_strdup_printf (_ ("%s ×%u"), title, block->n_regions);
}

/* "Thread stack ×61": all of one kind, guards left out; NULL if they are not. */
static char *
name_by_kind (AtlasSpineLayout *self, const AtlasSpineBlock *block)
{
  guint n = 0;

  for (guint i = 0; i < block->n_regions; i++)
    {
      AtlasRegion *region = atlas_snapshot_get_region (self->snapshot, block->first_region + i);

      if (region->kind == ATLAS_KIND_GUARD && block->kind != ATLAS_KIND_GUARD)
        continue;
      if (region->kind != block->kind)
        return NULL;
      n++;
    }
  return n == 1 ? g_strdup (atlas_kind_get_title (block->kind))
                : g_strdup_printf (_ ("%s ×%u"), atlas_kind_get_title (block->kind), n);
}

static char *
name_block (AtlasSpineLayout *self, const AtlasSpineBlock *block)
{
  g_autofree char *name = NULL, *count = NULL;

  if (block->n_regions == 1)
    return atlas_region_dup_title (atlas_snapshot_get_region (self->snapshot, block->first_region));
  name = name_alike (self, block);
  if (name == NULL)
    name = name_by_kind (self, block);
  if (name != NULL)
    return g_steal_pointer (&name);
  count = atlas_format_count (block->n_regions);
  return g_strdup_printf (ngettext ("%s region", "%s regions", block->n_regions), count);
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

/* One line on a block: in whatever colour can be read on what lies under it, else on a plate. */
static void
paint_line (AtlasCanvas *canvas,
            AtlasSpineLayout *self,
            AtlasKind kind,
            const Look *look,
            gboolean hatched,
            double y,
            const char *text)
{
  double room = self->width - 2 * PADDING;
  double width = MIN (atlas_canvas_measure (canvas, ATLAS_TEXT_CAPTION, text), room);
  double edge = look->filled * self->width;
  const AtlasColor *grounds[2] = { &look->tint, NULL };
  const AtlasColor *color;

  if (edge >= PADDING + width)
    grounds[0] = &look->solid;
  else if (edge > PADDING)
    grounds[1] = &look->solid;
  color = hatched ? NULL : find_legible (canvas->palette, kind, grounds);
  if (color == NULL)
    {
      atlas_canvas_set_color (canvas, &canvas->palette->card);
      rounded_rectangle (canvas->cr, PADDING - PLATE_PADDING, y, width + 2 * PLATE_PADDING,
                         canvas->line_height[ATLAS_TEXT_CAPTION], 3);
      cairo_fill (canvas->cr);
      color = &canvas->palette->text;
    }
  atlas_canvas_text (canvas, ATLAS_TEXT_CAPTION, color, ATLAS_ALIGN_START, PADDING, y, room, text);
}

static void
paint_name (AtlasCanvas *canvas,
            AtlasSpineLayout *self,
            const AtlasSpineBlock *block,
            const Look *look,
            const Sums *sums)
{
  double line = canvas->line_height[ATLAS_TEXT_CAPTION];
  gboolean two = block->height >= 2 * line + 2 * PADDING;
  double y = block->y + (block->height - 1 - line * (two ? 2 : 1)) / 2;
  g_autofree char *name = NULL, *size = NULL;

  if (block->height < line || self->width < 4 * PADDING)
    return;
  name = name_block (self, block);
  paint_line (canvas, self, block->kind, look, sums->unknown > 0, y, name);
  if (!two)
    return;
  size = atlas_format_bytes (sums->pages * atlas_snapshot_get_page_size (self->snapshot));
  paint_line (canvas, self, block->kind, look, sums->unknown > 0, y + line, size);
}

static void
paint_block (AtlasCanvas *canvas,
             AtlasSpineLayout *self,
             const AtlasSpineBlock *block,
             AtlasCounter highlight)
{
  Sums sums = sum_block (self, block, highlight);
  Look look = get_look (canvas->palette, block, &sums, highlight != ATLAS_COUNTER_NONE);
  double height = block->height >= 4 ? block->height - 1 : MAX (block->height, 1);
  AtlasColor faint = mix (&look.tint, &look.solid, 0.3);

  fill (canvas, &look.tint, 0, block->y, self->width, height);
  if (look.dimmed)
    fill (canvas, &faint, 0, block->y, self->width * get_share (sums.resident, sums.pages), height);
  fill (canvas, &look.solid, 0, block->y, self->width * look.filled, height);
  if (sums.unknown > 0)
    hatch (canvas, 0, block->y, self->width * get_share (sums.unknown, sums.pages), height);
  paint_name (canvas, self, block, &look, &sums);
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
}

static void
paint_selected (AtlasCanvas *canvas, AtlasSpineLayout *self, guint64 selected)
{
  const AtlasSpineBlock *block =
      atlas_spine_layout_hit (self, atlas_spine_layout_get_y (self, selected));
  double height;

  if (block == NULL || block->gap)
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
