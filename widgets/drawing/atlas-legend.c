/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The legend names only what can be seen: kinds in their colours, then page states on a neutral
 * one, each drawn by the painter of the cells itself so that the two cannot drift apart. */

#include "atlas-config.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "atlas-badge.h"
#include "atlas-legend.h"

/* Pixels. */
#define AFTER_SWATCH 6
#define BETWEEN_SWATCHES 3
#define BETWEEN_ITEMS 18
#define BETWEEN_GROUPS 34
#define BETWEEN_LINES 5

/* Any kind would do: its colours are replaced by neutral ones. */
#define NEUTRAL_KIND ATLAS_KIND_KERNEL

static void
append_kind (GArray *items, AtlasKind kind)
{
  AtlasLegendItem item = { .is_kind = TRUE,
                           .kind = kind,
                           .state = { .pages = 1, .resident = 1 },
                           .label = atlas_kind_get_title (kind) };

  g_array_append_val (items, item);
}

static void
append_state (GArray *items, AtlasPageCounts state, gboolean locked, const char *label)
{
  AtlasLegendItem item = { .kind = NEUTRAL_KIND, .state = state, .locked = locked, .label = label };

  g_array_append_val (items, item);
}

/* Of tens of thousands of regions none is looked at where the kernel says that none is locked. */
static gboolean
has_locked (AtlasSnapshot *snapshot)
{
  const AtlasStatus *status = atlas_snapshot_get_status (snapshot);

  if (atlas_status_has (status, ATLAS_COUNTER_VM_LCK) && status->kb[ATLAS_COUNTER_VM_LCK] == 0)
    return FALSE;
  for (guint i = 0; i < atlas_snapshot_get_n_regions (snapshot); i++)
    if (atlas_snapshot_get_region (snapshot, i)->locked == ATLAS_LOCKED_YES)
      return TRUE;
  return FALSE;
}

/* Private memory that a fork left in both processes, until one of them writes to it. */
static gboolean
has_forked (AtlasSnapshot *snapshot)
{
  static const AtlasKind kinds[] = { ATLAS_KIND_HEAP, ATLAS_KIND_ANONYMOUS, ATLAS_KIND_STACK,
                                     ATLAS_KIND_THREAD_STACK };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (atlas_snapshot_get_kind_counts (snapshot, kinds[i])->shared > 0)
      return TRUE;
  return FALSE;
}

static void
append_states (GArray *items, const AtlasPageCounts *counts, gboolean locked, gboolean forked)
{
  guint64 present = counts->resident + counts->swapped + counts->zero + counts->unknown;

  if (counts->resident > 0)
    append_state (items, (AtlasPageCounts){ .pages = 1, .resident = 1 }, FALSE, _ ("resident"));
  if (counts->pages > present)
    append_state (items, (AtlasPageCounts){ .pages = 1 }, FALSE, _ ("not resident"));
  if (counts->zero > 0)
    append_state (items, (AtlasPageCounts){ .pages = 1, .zero = 1 }, FALSE, _ ("zero page"));
  if (counts->swapped > 0)
    append_state (items, (AtlasPageCounts){ .pages = 1, .swapped = 1 }, FALSE, _ ("swapped"));
  if (counts->huge > 0)
    append_state (items, (AtlasPageCounts){ .pages = 1, .resident = 1, .huge = 1 }, FALSE,
                  _ ("huge page"));
  if (counts->shared > 0)
    append_state (items, (AtlasPageCounts){ .pages = 1, .resident = 1, .shared = 1 }, FALSE,
                  forked ? _ ("still shared with another process") : _ ("shared with others"));
  if (locked)
    append_state (items, (AtlasPageCounts){ .pages = 1, .resident = 1 }, TRUE, _ ("locked"));
  if (counts->unknown > 0)
    append_state (items, (AtlasPageCounts){ .pages = 1, .unknown = 1 }, FALSE, _ ("unknown"));
}

GArray *
atlas_legend_collect (AtlasSnapshot *snapshot)
{
  static const AtlasPageCounts all = { 100, 1, 1, 1, 1, 1, 1, 1, 1 };
  GArray *items = g_array_new (FALSE, FALSE, sizeof (AtlasLegendItem));

  for (guint kind = 0; kind < ATLAS_N_KINDS; kind++)
    if (snapshot == NULL || atlas_snapshot_get_kind_counts (snapshot, (AtlasKind) kind)->pages > 0)
      append_kind (items, (AtlasKind) kind);
  append_states (items, snapshot == NULL ? &all : atlas_snapshot_get_counts (snapshot),
                 snapshot == NULL || has_locked (snapshot),
                 snapshot != NULL && has_forked (snapshot));
  return items;
}

static AtlasPalette
make_neutral (const AtlasPalette *palette)
{
  AtlasPalette neutral = *palette;

  neutral.kind[NEUTRAL_KIND] = atlas_color_mix (&palette->text, &palette->background, 0.3);
  neutral.tint[NEUTRAL_KIND] = atlas_color_mix (&palette->text, &palette->background, 0.82);
  neutral.on_kind[NEUTRAL_KIND] = palette->background;
  neutral.texture[NEUTRAL_KIND] = ATLAS_TEXTURE_NONE;
  return neutral;
}

void
atlas_legend_paint_swatch (AtlasCanvas *canvas,
                           const AtlasLegendItem *item,
                           double x,
                           double y,
                           double size)
{
  const AtlasPalette *palette = canvas->palette;
  AtlasPalette neutral;

  g_return_if_fail (canvas->cr != NULL);

  if (!item->is_kind)
    {
      neutral = make_neutral (palette);
      canvas->palette = &neutral;
    }
  atlas_cell_paint (canvas, item->kind, &item->state, item->locked, x, y, size, size);
  canvas->palette = palette;
}

/* The pen of the legend. */
typedef struct
{
  AtlasCanvas *canvas;
  double left, top, right;
  double x, y; /* of the next item, from left and top */
  double line, swatch, badge;
} Pen;

static gboolean
is_textured (const Pen *pen, const AtlasLegendItem *item)
{
  return pen->canvas->palette->texture[item->kind] != ATLAS_TEXTURE_NONE;
}

/* Kinds have the badge that is on their cards, and a cell as well where those have a texture. */
static double
measure_swatches (const Pen *pen, const AtlasLegendItem *item)
{
  if (!item->is_kind)
    return pen->swatch;
  return pen->badge + (is_textured (pen, item) ? BETWEEN_SWATCHES + pen->swatch : 0);
}

static double
measure_item (const Pen *pen, const AtlasLegendItem *item)
{
  return measure_swatches (pen, item) + AFTER_SWATCH
         + atlas_canvas_measure (pen->canvas, ATLAS_TEXT_CAPTION, item->label);
}

static double
measure_all (const Pen *pen, GArray *items)
{
  double width = 0;

  for (guint i = 0; i < items->len; i++)
    width += measure_item (pen, &g_array_index (items, AtlasLegendItem, i)) + BETWEEN_ITEMS;
  return width + BETWEEN_GROUPS - 2 * BETWEEN_ITEMS;
}

static void
break_line (Pen *pen)
{
  pen->x = 0;
  pen->y += pen->line + BETWEEN_LINES;
}

/* Gives the width. */
static double
paint_swatches (const Pen *pen, const AtlasLegendItem *item, double x, double y)
{
  double swatch_y = round (y + (pen->line - pen->swatch) / 2);

  if (!item->is_kind)
    atlas_legend_paint_swatch (pen->canvas, item, x, swatch_y, pen->swatch);
  else
    atlas_badge_paint (pen->canvas, item->kind, x, round (y + (pen->line - pen->badge) / 2),
                       pen->badge);
  if (item->is_kind && is_textured (pen, item))
    atlas_legend_paint_swatch (pen->canvas, item, x + pen->badge + BETWEEN_SWATCHES, swatch_y,
                               pen->swatch);
  return measure_swatches (pen, item);
}

static void
paint_item (const Pen *pen, const AtlasLegendItem *item)
{
  double x = round (pen->left + pen->x);
  double y = pen->top + pen->y;

  if (pen->canvas->cr == NULL)
    return;
  x += paint_swatches (pen, item, x, y) + AFTER_SWATCH;
  atlas_canvas_text (pen->canvas, ATLAS_TEXT_CAPTION, &pen->canvas->palette->text,
                     ATLAS_ALIGN_START, x, y, MAX (pen->right - x, 1), item->label);
}

double
atlas_legend_paint (AtlasCanvas *canvas, GArray *items, double x, double y, double width)
{
  double line = canvas->line_height[ATLAS_TEXT_CAPTION];
  Pen pen = { canvas, x, y, x + width, 0, 0, line, round (line * 0.8), line };
  gboolean one_line = measure_all (&pen, items) <= width;

  if (items->len == 0)
    return 0;
  for (guint i = 0; i < items->len; i++)
    {
      const AtlasLegendItem *item = &g_array_index (items, AtlasLegendItem, i);
      gboolean first_state = i > 0 && !item->is_kind && (item - 1)->is_kind;
      double item_width = measure_item (&pen, item);

      if (first_state && one_line)
        pen.x += BETWEEN_GROUPS - BETWEEN_ITEMS;
      if (pen.x > 0 && ((first_state && !one_line) || pen.x + item_width > width))
        break_line (&pen);
      paint_item (&pen, item);
      pen.x += item_width + BETWEEN_ITEMS;
    }
  return pen.y + line;
}
