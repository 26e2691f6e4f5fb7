/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Composes the picture. From the top: title, what the process is, its counters; from the bottom:
 * where the picture comes from, the legend; between them the spine and the cards, which take what
 * height is left. Large pictures are drawn at twice or three times the size rather than with ever
 * smaller writing, since they are made to be looked at from afar. */

#include "atlas-config.h"

#include "atlas-picture.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "atlas-format.h"
#include "atlas-legend.h"
#include "atlas-paragraph.h"
#include "atlas-picture-card.h"
#include "atlas-picture-plan.h"
#include "atlas-picture-text.h"
#include "atlas-spine.h"

/* Pixels before scaling. */
#define SMALL 640 /* a picture with a side below this has less of everything */
#define TINY 440  /* a picture with a side below this is written smaller */
#define LEAST_FONT_SCALE 0.78
#define COUNTER_GAP 8
#define COUNTER_PADDING 10
#define COUNTER_RADIUS 8
#define LEAST_COUNTER 108
#define MOST_COUNTERS 9
#define WORD_GAP 4
#define WORD_PADDING 6
#define BETWEEN_WORDS 16
#define LABEL_GAP 9
#define MOST_PROBLEM_LINES 3
#define MOST_REST_LINES 3

/* "1,023 MiB" */
#define LONGEST_SIZE (G_GUINT64_CONSTANT (1023) << 20)

/* The longest label of a row of cells. */
#define LONGEST_LABEL "0000000"

/* In order of what matters, as far as there is room. */
static const AtlasCounter counters[MOST_COUNTERS] = {
  ATLAS_COUNTER_VM_SIZE,  ATLAS_COUNTER_VM_RSS,    ATLAS_COUNTER_RSS_ANON,
  ATLAS_COUNTER_RSS_FILE, ATLAS_COUNTER_RSS_SHMEM, ATLAS_COUNTER_VM_SWAP,
  ATLAS_COUNTER_VM_LCK,   ATLAS_COUNTER_VM_HWM,    ATLAS_COUNTER_VM_PEAK,
};

typedef struct
{
  AtlasCanvas *canvas;
  AtlasSnapshot *snapshot;
  const AtlasPictureOptions *options;
  AtlasCounter highlight;
  double width, height; /* before scaling */
  gboolean small;
  double margin, gap, spine_width;
  double top, bottom; /* of what is still free */
} Picture;

void
atlas_picture_options_init (AtlasPictureOptions *options)
{
  g_return_if_fail (options != NULL);

  *options = (AtlasPictureOptions){
    .width = ATLAS_PICTURE_DEFAULT_WIDTH,
    .height = ATLAS_PICTURE_DEFAULT_HEIGHT,
    .palette = ATLAS_PALETTE_COLOR,
    .highlight = ATLAS_COUNTER_NONE,
  };
}

/* Whole numbers keep the edges of cells sharp. */
static double
choose_scale (const AtlasPictureOptions *options)
{
  return MAX (floor (MIN (options->width / 1440, options->height / 900)), 1);
}

/* A picture too small for its writing makes that smaller, as far as it can be read at all. */
static double
choose_font_scale (const AtlasPictureOptions *options)
{
  return CLAMP (MIN (options->width, options->height) / TINY, LEAST_FONT_SCALE, 1);
}

static PangoContext *
scale_context (PangoContext *from, double scale)
{
  PangoContext *context = pango_font_map_create_context (pango_context_get_font_map (from));
  double resolution = pango_cairo_context_get_resolution (from);

  pango_context_set_font_description (context, pango_context_get_font_description (from));
  pango_cairo_context_set_font_options (context, pango_cairo_context_get_font_options (from));
  pango_context_set_round_glyph_positions (context, pango_context_get_round_glyph_positions (from));
  pango_cairo_context_set_resolution (context, (resolution > 0 ? resolution : 96) * scale);
  return context;
}

static double
get_line (const Picture *picture, AtlasTextStyle style)
{
  return picture->canvas->line_height[style];
}

static double
get_inner_width (const Picture *picture)
{
  return picture->width - 2 * picture->margin;
}

static const AtlasPalette *
get_palette (const Picture *picture)
{
  return picture->canvas->palette;
}

/* A line over the whole width; gives its height. */
static double
paint_line (const Picture *picture, AtlasTextStyle style, gboolean dim, double y, const char *text)
{
  const AtlasPalette *palette = get_palette (picture);

  atlas_canvas_text (picture->canvas, style, dim ? &palette->dim_text : &palette->text,
                     ATLAS_ALIGN_START, picture->margin, y, get_inner_width (picture), text);
  return get_line (picture, style);
}

static void
paint_title (Picture *picture)
{
  g_autofree char *title = atlas_picture_describe_title (picture->snapshot, picture->options);
  g_autofree char *process = atlas_picture_describe_process (picture->snapshot);

  picture->top += paint_line (picture, ATLAS_TEXT_TITLE, FALSE, picture->top, title) + 2;
  picture->top += paint_line (picture, ATLAS_TEXT_BODY, TRUE, picture->top, process) + picture->gap;
}

static void
round_corners (cairo_t *cr, const AtlasRect *rect, double radius)
{
  double right = rect->x + rect->width, bottom = rect->y + rect->height;

  cairo_new_sub_path (cr);
  cairo_arc (cr, right - radius, rect->y + radius, radius, -G_PI_2, 0);
  cairo_arc (cr, right - radius, bottom - radius, radius, 0, G_PI_2);
  cairo_arc (cr, rect->x + radius, bottom - radius, radius, G_PI_2, G_PI);
  cairo_arc (cr, rect->x + radius, rect->y + radius, radius, G_PI, 3 * G_PI_2);
  cairo_close_path (cr);
}

static void
paint_plate (const Picture *picture, const AtlasRect *rect, gboolean lit)
{
  const AtlasPalette *palette = get_palette (picture);
  AtlasColor fill = lit ? atlas_color_mix (&palette->card, &palette->accent, 0.14) : palette->card;
  double line = lit ? 2 : 1;
  AtlasRect inner = { rect->x + line / 2, rect->y + line / 2, rect->width - line,
                      rect->height - line };

  round_corners (picture->canvas->cr, &inner, COUNTER_RADIUS);
  atlas_canvas_set_color (picture->canvas, &fill);
  cairo_fill_preserve (picture->canvas->cr);
  cairo_set_line_width (picture->canvas->cr, line);
  atlas_canvas_set_color (picture->canvas, lit ? &palette->accent : &palette->border);
  cairo_stroke (picture->canvas->cr);
}

/* Those that the kernel told, the highlighted one among them whatever the room. */
static guint
choose_counters (const Picture *picture, guint most, AtlasCounter chosen[MOST_COUNTERS])
{
  const AtlasStatus *status = atlas_snapshot_get_status (picture->snapshot);
  AtlasCounter highlight = picture->options->highlight;
  gboolean has_highlight = highlight >= ATLAS_N_COUNTERS || !atlas_status_has (status, highlight);
  guint n = 0;

  for (guint i = 0; i < MOST_COUNTERS && n < most; i++)
    {
      if (!atlas_status_has (status, counters[i]))
        continue;
      has_highlight |= counters[i] == highlight;
      chosen[n++] = counters[i];
    }
  if (!has_highlight && n > 0)
    chosen[n - 1] = highlight;
  return n;
}

static char *
describe_counter (const Picture *picture, AtlasCounter counter)
{
  return atlas_format_bytes (atlas_snapshot_get_status (picture->snapshot)->kb[counter] * 1024);
}

static void
paint_counter (const Picture *picture, AtlasCounter counter, const AtlasRect *rect)
{
  const AtlasPalette *palette = get_palette (picture);
  double x = rect->x + COUNTER_PADDING, y = rect->y + COUNTER_PADDING - 2;
  double room = rect->width - 2 * COUNTER_PADDING;
  gboolean lit = counter == picture->options->highlight;
  g_autofree char *value = describe_counter (picture, counter);

  paint_plate (picture, rect, lit);
  atlas_canvas_text (picture->canvas, ATLAS_TEXT_CAPTION, lit ? &palette->text : &palette->dim_text,
                     ATLAS_ALIGN_START, x, y, room, atlas_counter_get_name (counter));
  atlas_canvas_text (picture->canvas, ATLAS_TEXT_HEADING, &palette->text, ATLAS_ALIGN_START, x,
                     y + get_line (picture, ATLAS_TEXT_CAPTION) + 2, room, value);
}

static void
paint_counters (Picture *picture)
{
  double width = get_inner_width (picture);
  guint room =
      (guint) CLAMP ((width + COUNTER_GAP) / (LEAST_COUNTER + COUNTER_GAP), 1, MOST_COUNTERS);
  AtlasCounter chosen[MOST_COUNTERS];
  guint n = choose_counters (picture, room, chosen);
  double each = (width - (n - 1) * COUNTER_GAP) / MAX (n, 1);
  double height = get_line (picture, ATLAS_TEXT_CAPTION) + get_line (picture, ATLAS_TEXT_HEADING)
                  + 2 * COUNTER_PADDING - 2;

  if (n == 0)
    return;
  for (guint i = 0; i < n; i++)
    {
      double left = round (i * (each + COUNTER_GAP));
      double right = round (i * (each + COUNTER_GAP) + each);
      AtlasRect rect = { picture->margin + left, picture->top, right - left, height };

      paint_counter (picture, chosen[i], &rect);
    }
  picture->top += height + picture->gap;
}

/* "VmRSS 1.8 MiB" */
typedef struct
{
  AtlasCounter counter;
  char *value;
  double name_width, width;
} CounterWords;

static void
clear_words (CounterWords *words)
{
  g_free (words->value);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CounterWords, clear_words)

static double
measure_caption (const Picture *picture, const char *text)
{
  return ceil (atlas_canvas_measure (picture->canvas, ATLAS_TEXT_CAPTION, text));
}

static void
init_words (const Picture *picture, AtlasCounter counter, CounterWords *words)
{
  words->counter = counter;
  words->value = describe_counter (picture, counter);
  words->name_width = measure_caption (picture, atlas_counter_get_name (counter));
  words->width = words->name_width + WORD_GAP + measure_caption (picture, words->value);
}

static void
paint_words (const Picture *picture, const CounterWords *words, double x)
{
  const AtlasPalette *palette = get_palette (picture);
  AtlasCanvas *canvas = picture->canvas;
  gboolean lit = words->counter == picture->options->highlight;
  AtlasRect plate = { x - WORD_PADDING, picture->top - 2, words->width + 2 * WORD_PADDING,
                      get_line (picture, ATLAS_TEXT_CAPTION) + 4 };

  if (lit)
    paint_plate (picture, &plate, TRUE);
  atlas_canvas_text (canvas, ATLAS_TEXT_CAPTION, lit ? &palette->text : &palette->dim_text,
                     ATLAS_ALIGN_START, x, picture->top, 0,
                     atlas_counter_get_name (words->counter));
  atlas_canvas_text (canvas, ATLAS_TEXT_CAPTION, &palette->text, ATLAS_ALIGN_START,
                     x + words->name_width + WORD_GAP, picture->top, 0, words->value);
}

static double
measure_counters (const Picture *picture, const AtlasCounter *chosen, guint n)
{
  double width = 0;

  for (guint i = 0; i < n; i++)
    {
      g_auto (CounterWords) words = { 0 };

      init_words (picture, chosen[i], &words);
      width += words.width + (i > 0 ? BETWEEN_WORDS : 0);
    }
  return width;
}

/* A small picture names as many as fit in one line. */
static void
paint_counter_line (Picture *picture)
{
  AtlasCounter chosen[MOST_COUNTERS];
  guint n = choose_counters (picture, MOST_COUNTERS, chosen);
  double x = picture->margin;

  while (n > 1 && measure_counters (picture, chosen, n) > get_inner_width (picture))
    n = choose_counters (picture, n - 1, chosen);
  for (guint i = 0; i < n; i++)
    {
      g_auto (CounterWords) words = { 0 };

      init_words (picture, chosen[i], &words);
      paint_words (picture, &words, x);
      x += words.width + BETWEEN_WORDS;
    }
  if (n > 0)
    picture->top += get_line (picture, ATLAS_TEXT_CAPTION) + picture->gap;
}

/* Facts side by side, as many to a line as fit. */
static GPtrArray *
break_facts (const Picture *picture)
{
  g_autoptr (GPtrArray) facts = atlas_picture_list_facts (picture->snapshot);
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *line = NULL;

  for (guint i = 0; i < facts->len; i++)
    {
      const char *fact = g_ptr_array_index (facts, i);
      g_autofree char *longer =
          line == NULL ? g_strdup (fact) : g_strdup_printf ("%s · %s", line, fact);

      if (line != NULL
          && atlas_canvas_measure (picture->canvas, ATLAS_TEXT_CAPTION, longer)
                 > get_inner_width (picture))
        {
          g_ptr_array_add (lines, g_steal_pointer (&line));
          line = g_strdup (fact);
          continue;
        }
      g_free (line);
      line = g_steal_pointer (&longer);
    }
  if (line != NULL)
    g_ptr_array_add (lines, g_steal_pointer (&line));
  return lines;
}

static void
paint_lines_above_bottom (Picture *picture, const AtlasColor *color, GPtrArray *lines)
{
  picture->bottom -= lines->len * get_line (picture, ATLAS_TEXT_CAPTION);
  atlas_paragraph_paint (picture->canvas, ATLAS_TEXT_CAPTION, color, ATLAS_ALIGN_START,
                         picture->margin, picture->bottom, get_inner_width (picture), lines);
}

static void
paint_caption (Picture *picture)
{
  const AtlasPalette *palette = get_palette (picture);
  g_autoptr (GPtrArray) facts = break_facts (picture);
  g_autofree char *problems = atlas_picture_describe_problems (picture->snapshot);

  if (problems != NULL)
    {
      g_autoptr (GPtrArray) lines =
          atlas_paragraph_break (picture->canvas, ATLAS_TEXT_CAPTION, get_inner_width (picture),
                                 MOST_PROBLEM_LINES, problems);
      paint_lines_above_bottom (picture, &palette->text, lines);
    }
  paint_lines_above_bottom (picture, &palette->dim_text, facts);
  picture->bottom -= MAX (picture->gap / 2, 6);
}

static void
paint_legend (Picture *picture)
{
  g_autoptr (GArray) items = atlas_legend_collect (picture->snapshot);
  cairo_t *cr = picture->canvas->cr;
  double height;

  picture->canvas->cr = NULL;
  height = atlas_legend_paint (picture->canvas, items, 0, 0, get_inner_width (picture));
  picture->canvas->cr = cr;
  if (height <= 0)
    return;
  picture->bottom -= height;
  atlas_legend_paint (picture->canvas, items, picture->margin, picture->bottom,
                      get_inner_width (picture));
  picture->bottom -= picture->gap;
}

static void
paint_highlight (Picture *picture)
{
  g_autofree char *text = NULL;

  if (picture->options->highlight >= ATLAS_N_COUNTERS)
    return;
  text = atlas_picture_describe_highlight (picture->options->highlight);
  picture->bottom -= get_line (picture, ATLAS_TEXT_CAPTION);
  paint_line (picture, ATLAS_TEXT_CAPTION, FALSE, picture->bottom, text);
  picture->bottom -= picture->gap / 2;
}

static void
paint_spine (const Picture *picture)
{
  g_autoptr (AtlasSpineLayout) layout = atlas_spine_layout_new (
      picture->snapshot, picture->spine_width, picture->bottom - picture->top,
      get_line (picture, ATLAS_TEXT_CAPTION), FALSE);

  atlas_spine_layout_set_labels (layout, picture->options->labels);
  cairo_save (picture->canvas->cr);
  cairo_translate (picture->canvas->cr, picture->margin, picture->top);
  atlas_spine_paint (picture->canvas, layout, picture->highlight);
  cairo_restore (picture->canvas->cr);
}

static GPtrArray *
break_rest (const Picture *picture, guint n_regions, const AtlasPageCounts *counts, double width)
{
  g_autofree char *text = atlas_picture_describe_rest (
      n_regions, counts, atlas_snapshot_get_page_size (picture->snapshot));

  return atlas_paragraph_break (picture->canvas, ATLAS_TEXT_CAPTION, width, MOST_REST_LINES, text);
}

/* What the line about the rest may take at most: with the longest of sizes. */
static double
measure_rest (const Picture *picture, double width)
{
  guint64 pages = LONGEST_SIZE / MAX (atlas_snapshot_get_page_size (picture->snapshot), 1);
  AtlasPageCounts counts = { .pages = pages, .resident = pages };
  g_autoptr (GPtrArray) lines =
      break_rest (picture, atlas_snapshot_get_n_regions (picture->snapshot), &counts, width);

  return lines->len * get_line (picture, ATLAS_TEXT_CAPTION) + picture->gap / 2;
}

static void
paint_rest (const Picture *picture, const AtlasPicturePlan *plan, const AtlasRect *area)
{
  g_autoptr (GPtrArray) lines = NULL;

  if (plan->n_left == 0)
    return;
  lines = break_rest (picture, plan->n_left, &plan->left, area->width);
  atlas_paragraph_paint (
      picture->canvas, ATLAS_TEXT_CAPTION, &get_palette (picture)->text, ATLAS_ALIGN_START, area->x,
      picture->bottom - lines->len * get_line (picture, ATLAS_TEXT_CAPTION), area->width, lines);
}

static void
paint_map (Picture *picture)
{
  double left = picture->margin + picture->spine_width + picture->gap;
  double label = atlas_canvas_measure (picture->canvas, ATLAS_TEXT_MONO, LONGEST_LABEL);
  AtlasMapParameters parameters = {
    .line_height = atlas_picture_card_get_heading_height (picture->canvas),
    .label_width = ceil (label) + LABEL_GAP,
    .margin = picture->small ? 6 : 10,
    .labels = picture->options->labels,
  };
  AtlasRect area = { left, picture->top, picture->width - picture->margin - left,
                     picture->bottom - picture->top };
  g_autoptr (AtlasPicturePlan) plan = atlas_picture_plan_new (picture->snapshot, &parameters, &area,
                                                              measure_rest (picture, area.width));

  paint_spine (picture);
  for (guint i = 0; i < plan->cards->len; i++)
    {
      const AtlasPlacedCard *card = &g_array_index (plan->cards, AtlasPlacedCard, i);
      atlas_picture_card_paint (picture->canvas, plan->layout, card->region, card->x, card->y,
                                picture->highlight);
    }
  paint_rest (picture, plan, &area);
}

/* In place of the map. */
static void
paint_absence (const Picture *picture, const char *heading, const char *explanation)
{
  AtlasRect plate = { picture->margin, picture->top, get_inner_width (picture),
                      MAX (picture->bottom - picture->top, 1) };
  double width = MIN (plate.width - 2 * picture->gap, 480);
  double center = picture->width / 2;
  g_autoptr (GPtrArray) title =
      atlas_paragraph_break (picture->canvas, ATLAS_TEXT_TITLE, width, 3, heading);
  g_autoptr (GPtrArray) lines =
      atlas_paragraph_break (picture->canvas, ATLAS_TEXT_BODY, width, 12, explanation);
  double height = title->len * get_line (picture, ATLAS_TEXT_TITLE) + picture->gap / 2
                  + lines->len * get_line (picture, ATLAS_TEXT_BODY);
  double y = plate.y + MAX (plate.height - height, 0) / 2;

  paint_plate (picture, &plate, FALSE);
  y += picture->gap / 2
       + atlas_paragraph_paint (picture->canvas, ATLAS_TEXT_TITLE, &get_palette (picture)->text,
                                ATLAS_ALIGN_CENTER, center, y, width, title);
  atlas_paragraph_paint (picture->canvas, ATLAS_TEXT_BODY, &get_palette (picture)->dim_text,
                         ATLAS_ALIGN_CENTER, center, y, width, lines);
}

static void
paint_all (Picture *picture)
{
  g_autofree char *heading = NULL, *explanation = NULL;

  atlas_canvas_set_color (picture->canvas, &get_palette (picture)->background);
  cairo_paint (picture->canvas->cr);
  paint_title (picture);
  if (picture->small)
    paint_counter_line (picture);
  else
    paint_counters (picture);
  paint_caption (picture);
  if (atlas_picture_describe_absence (picture->snapshot, &heading, &explanation))
    {
      picture->bottom -= picture->gap / 2;
      paint_absence (picture, heading, explanation);
      return;
    }
  paint_legend (picture);
  paint_highlight (picture);
  paint_map (picture);
}

static void
init_picture (Picture *picture, double scale, double font_scale)
{
  picture->width = picture->options->width / scale;
  picture->height = picture->options->height / scale;
  picture->small = MIN (picture->width, picture->height) < SMALL;
  picture->margin = picture->small ? round (12 * font_scale) : 24;
  picture->gap = picture->small ? round (8 * font_scale) : 16;
  picture->spine_width = picture->small ? round (96 * font_scale) : 128;
  picture->top = picture->margin;
  picture->bottom = picture->height - picture->margin;
  picture->highlight = picture->options->highlight;
}

void
atlas_picture_paint (AtlasCanvas *canvas,
                     AtlasSnapshot *snapshot,
                     const AtlasPictureOptions *options)
{
  Picture picture = { .snapshot = snapshot, .options = options };
  PangoContext *context;
  g_auto (AtlasCanvas) scaled = { 0 };
  double scale, font_scale;

  g_return_if_fail (canvas != NULL && canvas->cr != NULL);
  g_return_if_fail (snapshot != NULL && options != NULL);

  scale = choose_scale (options);
  font_scale = choose_font_scale (options);
  canvas->palette = atlas_palette_get (options->palette, options->dark);
  context = scale_context (canvas->context, font_scale);
  atlas_canvas_init (&scaled, canvas->cr, context, canvas->palette);
  g_object_unref (context);
  atlas_canvas_set_sink (&scaled, canvas->sink, canvas->sink_data);
  picture.canvas = &scaled;
  init_picture (&picture, scale, font_scale);
  cairo_save (canvas->cr);
  cairo_scale (canvas->cr, scale, scale);
  paint_all (&picture);
  cairo_restore (canvas->cr);
}
