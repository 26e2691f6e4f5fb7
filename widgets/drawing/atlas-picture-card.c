/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Frame, row addresses and cells are the map's own. Its heading is painted over, and its words are
 * caught before they get anywhere, so that they are not in a file as text unseen. */

#include "atlas-config.h"

#include "atlas-picture-card.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "atlas-badge.h"
#include "atlas-format.h"

/* Pixels. */
#define PADDING 14 /* left and right of the heading */
#define TOP_PADDING 8
#define LINE_GAP 1
#define BADGE_GAP 7
#define RIGHT_GAP 14 /* between name and address */
#define COVERED 6    /* from the edges of the card, what the map's heading may have painted on */

/* Of the line, what a long name may claim before the address is cut down. */
#define NAME_CLAIM 0.5

#define SEPARATOR " · "
#define N_FACTS 4

typedef struct
{
  AtlasCanvas *canvas;
  AtlasTextSink sink; /* the canvas's own, or NULL */
  gpointer sink_data;
  double heading_end; /* device pixels */
} Catcher;

static void
catch_text (const char *text,
            AtlasTextStyle style,
            double size,
            const AtlasColor *color,
            double x,
            double baseline,
            double width,
            gpointer user_data)
{
  Catcher *catcher = user_data;
  AtlasCanvas *canvas = catcher->canvas;
  g_autofree char *label = g_strdup (text); /* the canvas uses its buffer again */

  if (baseline < catcher->heading_end)
    return;
  if (catcher->sink != NULL)
    {
      catcher->sink (label, style, size, color, x, baseline, width, catcher->sink_data);
      return;
    }
  cairo_device_to_user (canvas->cr, &x, &baseline);
  atlas_canvas_set_sink (canvas, NULL, NULL);
  atlas_canvas_text_on (canvas, style, color, ATLAS_ALIGN_START, x, baseline, 0, label);
  atlas_canvas_set_sink (canvas, catch_text, catcher);
}

static void
paint_map_card (AtlasCanvas *canvas,
                AtlasMapLayout *layout,
                const AtlasCard *card,
                AtlasCounter highlight)
{
  const AtlasRect *rect = &card->rect;
  Catcher catcher = { canvas, canvas->sink, canvas->sink_data, card->grid.y };
  double x = 0;

  cairo_user_to_device (canvas->cr, &x, &catcher.heading_end);
  atlas_canvas_set_sink (canvas, catch_text, &catcher);
  atlas_map_paint (canvas, layout, rect->y, rect->y + rect->height, highlight);
  atlas_canvas_set_sink (canvas, catcher.sink, catcher.sink_data);
  atlas_canvas_set_color (canvas, &canvas->palette->card);
  cairo_rectangle (canvas->cr, rect->x + COVERED, rect->y + COVERED, rect->width - 2 * COVERED,
                   canvas->line_height[ATLAS_TEXT_HEADING] + 2);
  cairo_fill (canvas->cr);
}

/* The range and the permissions, or as much of them as leaves the name its room. */
static char *
describe_place (AtlasCanvas *canvas, const AtlasRegion *region, double room)
{
  g_autofree char *range = atlas_format_range (region->start, region->end);
  g_autofree char *start = atlas_format_address (region->start);
  char permissions[5];
  const char *addresses[] = { range, start };

  atlas_permissions_to_text (region->permissions, permissions);
  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autofree char *text = g_strdup_printf ("%s %s", addresses[i], permissions);

      if (atlas_canvas_measure (canvas, ATLAS_TEXT_MONO, text) <= room)
        return g_steal_pointer (&text);
    }
  return g_strdup (permissions);
}

static void
paint_first_line (AtlasCanvas *canvas,
                  const AtlasRegion *region,
                  const AtlasCard *card,
                  guint64 page_size,
                  double x,
                  double y,
                  double width)
{
  g_autofree char *name = atlas_labels_dup_title (card->labels, region, page_size);
  double name_width = atlas_canvas_measure (canvas, ATLAS_TEXT_HEADING, name);
  double claim = MIN (ceil (name_width), width * NAME_CLAIM);
  g_autofree char *place = describe_place (canvas, region, width - claim - RIGHT_GAP);
  double baseline = y + canvas->ascent[ATLAS_TEXT_HEADING];
  double taken = atlas_canvas_text_on (canvas, ATLAS_TEXT_MONO, &canvas->palette->dim_text,
                                       ATLAS_ALIGN_END, x + width, baseline, 0, place);

  atlas_canvas_text_on (canvas, ATLAS_TEXT_HEADING, &canvas->palette->text, ATLAS_ALIGN_START, x,
                        baseline, MAX (width - taken - RIGHT_GAP, 1), name);
}

static char *
describe_share (const AtlasPageCounts *counts)
{
  g_autofree char *resident = atlas_format_share (counts->resident, counts->pages);
  g_autofree char *unknown = atlas_format_share (counts->unknown, counts->pages);

  if (counts->unknown == counts->pages)
    return g_strdup (_ ("pages unknown"));
  if (counts->unknown > 0)
    return g_strdup_printf (_ ("%s resident, %s unknown"), resident, unknown);
  return g_strdup_printf (_ ("%s resident"), resident);
}

static const char *
describe_locked (AtlasLocked locked)
{
  switch (locked)
    {
    case ATLAS_LOCKED_YES:
      return _ ("locked");
    case ATLAS_LOCKED_UNKNOWN:
      return _ ("perhaps locked");
    case ATLAS_LOCKED_NO:
    default:
      return NULL;
    }
}

/* The scale without its size in bytes, where there is no room for that. */
static char *
describe_scale_briefly (guint shift)
{
  guint64 n_pages = G_GUINT64_CONSTANT (1) << shift;
  g_autofree char *count = atlas_format_count (n_pages);

  return g_strdup_printf (ngettext ("1 cell = %s page", "1 cell = %s pages", (gulong) n_pages),
                          count);
}

/* What is known, joined. */
static char *
join_facts (const char *const facts[N_FACTS])
{
  g_autoptr (GString) line = g_string_new (NULL);

  for (guint i = 0; i < N_FACTS; i++)
    if (facts[i] != NULL)
      g_string_append_printf (line, "%s%s", line->len > 0 ? SEPARATOR : "", facts[i]);
  return g_strdup (line->str);
}

/* Size, share and scale; the scale whatever happens. */
static char *
describe_region (AtlasCanvas *canvas,
                 const AtlasRegion *region,
                 guint shift,
                 guint64 page_size,
                 double width)
{
  AtlasPageCounts counts;
  const char *locked = describe_locked (region->locked);
  g_autofree char *size = atlas_format_bytes (region->end - region->start);
  g_autofree char *scale = atlas_format_scale (G_GUINT64_CONSTANT (1) << shift, page_size);
  g_autofree char *brief = describe_scale_briefly (shift);
  g_autofree char *share = NULL;

  atlas_pages_count_all (region->pages, &counts);
  share = describe_share (&counts);
  {
    /* Each shorter than the one before. */
    const char *const lines[][N_FACTS] = {
      { size, share, locked, scale }, { size, share, locked, brief }, { size, share, NULL, brief },
      { size, NULL, NULL, brief },    { NULL, NULL, NULL, brief },
    };

    for (guint i = 0;; i++)
      {
        g_autofree char *line = join_facts (lines[i]);

        if (i + 1 == G_N_ELEMENTS (lines)
            || atlas_canvas_measure (canvas, ATLAS_TEXT_CAPTION, line) <= width)
          return g_steal_pointer (&line);
      }
  }
}

static void
paint_second_line (AtlasCanvas *canvas,
                   const AtlasRegion *region,
                   guint shift,
                   guint64 page_size,
                   double x,
                   double y,
                   double width)
{
  g_autofree char *facts = describe_region (canvas, region, shift, page_size, width);

  atlas_canvas_text (canvas, ATLAS_TEXT_CAPTION, &canvas->palette->dim_text, ATLAS_ALIGN_START, x,
                     y, width, facts);
}

double
atlas_picture_card_get_heading_height (AtlasCanvas *canvas)
{
  return canvas->line_height[ATLAS_TEXT_HEADING] + LINE_GAP
         + canvas->line_height[ATLAS_TEXT_CAPTION];
}

static void
paint_heading (AtlasCanvas *canvas,
               const AtlasRegion *region,
               const AtlasCard *card,
               guint64 page_size)
{
  double line = canvas->line_height[ATLAS_TEXT_HEADING];
  double badge = line - fmod (line, 2);
  double x = card->rect.x + PADDING, y = card->rect.y + TOP_PADDING;
  double text_x = x + badge + BADGE_GAP;
  double width = card->rect.x + card->rect.width - PADDING - text_x;

  atlas_badge_paint (canvas, region->kind, x, y + floor ((line - badge) / 2), badge);
  paint_first_line (canvas, region, card, page_size, text_x, y, width);
  paint_second_line (canvas, region, card->shift, page_size, text_x, y + line + LINE_GAP, width);
}

void
atlas_picture_card_paint (AtlasCanvas *canvas,
                          AtlasMapLayout *layout,
                          guint region,
                          double x,
                          double y,
                          AtlasCounter highlight)
{
  AtlasSnapshot *snapshot = atlas_map_layout_get_snapshot (layout);
  AtlasCard card;

  atlas_map_layout_get_card (layout, atlas_map_layout_get_n_cards (layout) - 1 - region, &card);
  cairo_save (canvas->cr);
  cairo_translate (canvas->cr, x - card.rect.x, y - card.rect.y);
  paint_map_card (canvas, layout, &card, highlight);
  paint_heading (canvas, atlas_snapshot_get_region (snapshot, region), &card,
                 atlas_snapshot_get_page_size (snapshot));
  cairo_restore (canvas->cr);
}
