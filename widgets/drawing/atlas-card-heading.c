/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Three things share a line: the badge and the name at the left, facts, and the address at the
 * right. Where cards are wide the facts begin in a column, which is the same on every card so that
 * the eye can run down it; where they are narrower they end at the address; and where there are two
 * lines they have the second one to themselves.
 *
 * How old the pages are changes with every sample, and comes and goes. It takes room that is left,
 * in words if there is enough, so that nothing moves for it and nothing else is painted again. */

#include "atlas-config.h"

#include "atlas-card-heading.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "atlas-age.h"
#include "atlas-badge.h"
#include "atlas-format.h"

/* Pixels. */
#define BADGE_GAP 7
#define GROUP_GAP 16
#define PERMISSIONS_GAP 9
#define LEAST_NAME 90
#define LINE_GAP 1
#define AGE_GAP 12 /* beside the age */
#define CLOCK_GAP 4
#define CLOCK_LINE 1.0

/* Of the height of small letters with their stems. */
#define CLOCK_SIZE 0.82
#define CLOCK_MIDDLE 0.36

#define SEPARATOR " · "

/* Of the line, where the facts begin and how much the name may claim before facts are dropped. */
#define FACTS_COLUMN 0.36
#define NAME_CLAIM 0.45
#define RANGE_CLAIM 0.38
/* In heights of a letter: what the longest facts and addresses take, and the column before them. */
#define COLUMN_LEAST_WIDTH 68
/* Likewise: on a map narrower than that one line would lose more than the scale. */
#define ONE_LINE_LEAST_WIDTH 48

typedef struct
{
  char *name;
  char *text[ATLAS_HEADING_N_PARTS]; /* NULL: there is none */
  double name_width;
  double width[ATLAS_HEADING_N_PARTS];
} Words;

static const AtlasHeadingPart facts_order[] = {
  ATLAS_HEADING_SIZE,
  ATLAS_HEADING_SHARE,
  ATLAS_HEADING_LOCKED,
  ATLAS_HEADING_SCALE,
};

static gboolean
has_part (guint shown, AtlasHeadingPart part)
{
  return (shown & (1u << part)) != 0;
}

static double
get_group_width (const double widths[ATLAS_HEADING_N_PARTS], guint shown, guint group)
{
  double sum = 0;

  for (guint i = 0; i < ATLAS_HEADING_N_PARTS; i++)
    if ((shown & group & (1u << i)) != 0)
      sum += widths[i];
  return sum > 0 ? sum + GROUP_GAP : 0;
}

#define ADDRESS_GROUP ((1u << ATLAS_HEADING_RANGE) | (1u << ATLAS_HEADING_PERMISSIONS))

static gboolean
fits (double width, double claim, const double part_widths[ATLAS_HEADING_N_PARTS], guint shown)
{
  return claim + get_group_width (part_widths, shown, ~ADDRESS_GROUP)
             + get_group_width (part_widths, shown, ADDRESS_GROUP)
         <= width;
}

static guint
choose_parts (double width, double claim, const double part_widths[ATLAS_HEADING_N_PARTS])
{
  guint wanted = 0, shown;

  for (guint i = 0; i < ATLAS_HEADING_N_PARTS; i++)
    if (part_widths[i] > 0)
      wanted |= 1u << i;
  shown = wanted;
  for (guint i = 0; i < ATLAS_HEADING_N_PARTS && !fits (width, claim, part_widths, shown); i++)
    shown &= ~(1u << i);
  /* What was dropped in vain, for something longer, comes back; but nothing without the size. */
  for (guint i = ATLAS_HEADING_N_PARTS; i-- > 0;)
    if ((has_part (shown | (1u << i), ATLAS_HEADING_SIZE) || !has_part (wanted, ATLAS_HEADING_SIZE))
        && fits (width, claim, part_widths, shown | (wanted & (1u << i))))
      shown |= wanted & (1u << i);
  return shown;
}

guint
atlas_card_heading_choose (double width,
                           double name_width,
                           const double part_widths[ATLAS_HEADING_N_PARTS])
{
  double claim = MIN (name_width, MAX (LEAST_NAME, width * NAME_CLAIM));
  double widths[ATLAS_HEADING_N_PARTS];

  memcpy (widths, part_widths, sizeof widths);
  /* On a narrow card the addresses of the rows must do, or there is room for nothing else. */
  if (widths[ATLAS_HEADING_RANGE] > width * RANGE_CLAIM)
    widths[ATLAS_HEADING_RANGE] = 0;
  return choose_parts (width, claim, widths);
}

static char *
describe_share (const AtlasPageCounts *counts)
{
  g_autofree char *resident = atlas_format_share (counts->resident, counts->pages);
  g_autofree char *unknown = NULL;

  if (counts->unknown >= counts->pages)
    return g_strdup (_ ("pages unknown"));
  if (counts->unknown == 0)
    /* Translators: a share, "82 %". */
    return g_strdup_printf (_ ("%s resident"), resident);
  unknown = atlas_format_share (counts->unknown, counts->pages);
  return g_strdup_printf (_ ("%s resident, %s unknown"), resident, unknown);
}

/* The scale without its size in bytes, where there is no room for that. */
static char *
describe_scale (guint shift)
{
  guint64 pages = G_GUINT64_CONSTANT (1) << shift;
  g_autofree char *count = atlas_format_count (pages);

  return g_strdup_printf (ngettext ("1 cell = %s page", "1 cell = %s pages", (gulong) pages),
                          count);
}

static char *
describe_locked (AtlasLocked locked)
{
  switch (locked)
    {
    case ATLAS_LOCKED_YES:
      return g_strdup (_ ("locked"));
    case ATLAS_LOCKED_UNKNOWN:
      return g_strdup (_ ("perhaps locked"));
    case ATLAS_LOCKED_NO:
    default:
      return NULL;
    }
}

static AtlasTextStyle
get_style (AtlasHeadingPart part)
{
  return has_part (ADDRESS_GROUP, part) ? ATLAS_TEXT_MONO : ATLAS_TEXT_CAPTION;
}

/* With what parts it from its neighbour. */
static void
measure_part (AtlasCanvas *canvas, Words *words, AtlasHeadingPart part)
{
  if (words->text[part] == NULL)
    return;
  words->width[part] = ceil (atlas_canvas_measure (canvas, get_style (part), words->text[part]));
  if (part == ATLAS_HEADING_PERMISSIONS)
    words->width[part] += PERMISSIONS_GAP;
  else if (part != ATLAS_HEADING_RANGE && part != ATLAS_HEADING_SIZE)
    words->width[part] += ceil (atlas_canvas_measure (canvas, ATLAS_TEXT_CAPTION, SEPARATOR));
}

static void
measure_words (AtlasCanvas *canvas, Words *words)
{
  words->name_width = ceil (atlas_canvas_measure (canvas, ATLAS_TEXT_HEADING, words->name));
  for (guint i = 0; i < ATLAS_HEADING_N_PARTS; i++)
    measure_part (canvas, words, (AtlasHeadingPart) i);
}

static void
shorten (AtlasCanvas *canvas, Words *words, AtlasHeadingPart part, char *text)
{
  g_free (words->text[part]);
  words->text[part] = text;
  measure_part (canvas, words, part);
}

static guint
choose_words (AtlasCanvas *canvas, Words *words, guint shift, double width)
{
  guint shown = atlas_card_heading_choose (width, words->name_width, words->width);

  if (has_part (shown, ATLAS_HEADING_SCALE))
    return shown;
  shorten (canvas, words, ATLAS_HEADING_SCALE, describe_scale (shift));
  return atlas_card_heading_choose (width, words->name_width, words->width);
}

/* Of one of two lines: what @group has of the words, beside a name of @name_width. */
static guint
choose_group (const Words *words, guint group, double name_width, double width)
{
  double widths[ATLAS_HEADING_N_PARTS];

  for (guint i = 0; i < ATLAS_HEADING_N_PARTS; i++)
    widths[i] = has_part (group, (AtlasHeadingPart) i) ? words->width[i] : 0;
  return choose_parts (width, MIN (name_width, width * NAME_CLAIM), widths);
}

/* On one line with the cells there is little room, and they show the share and must say their
 * scale: permissions go first, and then the share. */
static guint
choose_compact_words (AtlasCanvas *canvas, Words *words, guint shift, double width)
{
  static const AtlasHeadingPart spare[] = { ATLAS_HEADING_PERMISSIONS, ATLAS_HEADING_SHARE };
  guint shown = choose_words (canvas, words, shift, width);

  for (guint i = 0; i < G_N_ELEMENTS (spare) && shift > 0; i++)
    {
      if (has_part (shown, ATLAS_HEADING_SCALE))
        break;
      words->width[spare[i]] = 0;
      shown = choose_words (canvas, words, shift, width);
    }
  return shown;
}

static void
find_words (Words *words, const AtlasRegion *region, const AtlasCard *card, guint64 page_size)
{
  AtlasPageCounts counts;
  char permissions[5];

  atlas_pages_count_all (region->pages, &counts);
  atlas_permissions_to_text (region->permissions, permissions);
  words->name = atlas_labels_dup_title (card->labels, region, page_size);
  words->text[ATLAS_HEADING_SIZE] = atlas_format_bytes (region->end - region->start);
  words->text[ATLAS_HEADING_SHARE] = describe_share (&counts);
  words->text[ATLAS_HEADING_LOCKED] = describe_locked (region->locked);
  words->text[ATLAS_HEADING_SCALE] =
      atlas_format_scale (G_GUINT64_CONSTANT (1) << card->shift, page_size);
  words->text[ATLAS_HEADING_RANGE] = atlas_format_range (region->start, region->end);
  words->text[ATLAS_HEADING_PERMISSIONS] = g_strdup (permissions);
}

static void
clear_words (Words *words)
{
  g_free (words->name);
  for (guint i = 0; i < ATLAS_HEADING_N_PARTS; i++)
    g_free (words->text[i]);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Words, clear_words)

/* Where everything goes. */
typedef struct
{
  guint address, facts_shown; /* parts */
  double name_left, name_right;
  double address_left, right; /* of the first line */
  double facts_left, facts_right;
  double baseline, facts_baseline;
  gboolean two_lines;
  char *facts;
} Places;

static void
clear_places (Places *places)
{
  g_free (places->facts);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Places, clear_places)

static double
get_badge_size (AtlasCanvas *canvas)
{
  double line = canvas->line_height[ATLAS_TEXT_HEADING];

  return line - fmod (line, 2);
}

static double
get_clock_size (AtlasCanvas *canvas)
{
  return round (canvas->ascent[ATLAS_TEXT_CAPTION] * CLOCK_SIZE);
}

/* What the heading leaves for the clock, come what may. */
static double
get_spare_width (AtlasCanvas *canvas)
{
  return AGE_GAP + get_clock_size (canvas);
}

static char *
join_facts (const Words *words, guint shown)
{
  g_autoptr (GString) facts = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (facts_order); i++)
    {
      AtlasHeadingPart part = facts_order[i];
      if (!has_part (shown, part))
        continue;
      if (facts->len > 0)
        g_string_append (facts, SEPARATOR);
      g_string_append (facts, words->text[part]);
    }
  return g_string_free (g_steal_pointer (&facts), FALSE);
}

/* Right-aligned. */
static void
place_address (const Words *words, guint shown, Places *places)
{
  places->address = shown & ADDRESS_GROUP;
  places->address_left = places->right;
  for (guint i = 0; i < ATLAS_HEADING_N_PARTS; i++)
    if (has_part (places->address, (AtlasHeadingPart) i))
      places->address_left -= words->width[i];
}

/* What lies left of the address ends here. */
static double
get_first_end (const Places *places)
{
  return places->address_left < places->right ? places->address_left - GROUP_GAP : places->right;
}

/* From @column on, or as far at the right as they go before @end if there is no column. */
static void
place_facts (AtlasCanvas *canvas,
             const Words *words,
             guint shown,
             double column,
             gboolean has_column,
             double end,
             Places *places)
{
  places->facts_shown = shown & ~ADDRESS_GROUP;
  places->facts = join_facts (words, places->facts_shown);
  places->facts_left = places->facts_right = end;
  if (*places->facts == '\0')
    return;
  double width = ceil (atlas_canvas_measure (canvas, ATLAS_TEXT_CAPTION, places->facts));
  places->facts_left = has_column ? MIN (column, end - width) : end - width;
  places->facts_right = places->facts_left + width;
}

static void
place_one_line (AtlasCanvas *canvas,
                Words *words,
                const AtlasCard *card,
                const AtlasRect *box,
                Places *places)
{
  double left = places->name_left, spare = get_spare_width (canvas);
  double width = places->right - left - spare;
  guint shown = card->compact ? choose_compact_words (canvas, words, card->shift, width)
                              : choose_words (canvas, words, card->shift, width);
  gboolean has_column = box->width >= canvas->ascent[ATLAS_TEXT_HEADING] * COLUMN_LEAST_WIDTH;
  double column =
      MAX (box->x + floor (box->width * FACTS_COLUMN), left + words->name_width + GROUP_GAP);

  place_address (words, shown, places);
  double end = get_first_end (places);
  place_facts (canvas, words, shown, column, has_column, end, places);
  places->facts_baseline = places->baseline;
  places->name_right = places->facts_left < end ? places->facts_left - GROUP_GAP : end;
  /* Room for it beside the name unless there is some behind the facts. */
  if (places->facts_right + spare > end && left + words->name_width > places->name_right - spare)
    places->name_right -= spare;
}

static void
place_two_lines (AtlasCanvas *canvas,
                 Words *words,
                 const AtlasRegion *region,
                 guint shift,
                 const AtlasRect *box,
                 Places *places)
{
  double width = places->right - places->name_left;
  guint shown = choose_group (words, ADDRESS_GROUP, words->name_width, width);

  if ((shown & ADDRESS_GROUP) != ADDRESS_GROUP)
    {
      shorten (canvas, words, ATLAS_HEADING_RANGE, atlas_format_address (region->start));
      shown = choose_group (words, ADDRESS_GROUP, words->name_width, width);
    }
  place_address (words, shown, places);
  places->name_right = get_first_end (places);

  width -= get_spare_width (canvas);
  shown = choose_group (words, ~ADDRESS_GROUP, 0, width);
  if (!has_part (shown, ATLAS_HEADING_SCALE))
    {
      shorten (canvas, words, ATLAS_HEADING_SCALE, describe_scale (shift));
      shown = choose_group (words, ~ADDRESS_GROUP, 0, width);
    }
  place_facts (canvas, words, shown, places->name_left, TRUE, places->right, places);
  places->facts_baseline = box->y + canvas->line_height[ATLAS_TEXT_HEADING] + LINE_GAP
                           + canvas->ascent[ATLAS_TEXT_CAPTION];
}

static double
get_two_lines_height (AtlasCanvas *canvas)
{
  return canvas->line_height[ATLAS_TEXT_HEADING] + LINE_GAP
         + canvas->line_height[ATLAS_TEXT_CAPTION];
}

static void
place (AtlasCanvas *canvas,
       Words *words,
       const AtlasRegion *region,
       const AtlasCard *card,
       guint64 page_size,
       const AtlasRect *box,
       Places *places)
{
  find_words (words, region, card, page_size);
  measure_words (canvas, words);
  places->baseline = box->y + canvas->ascent[ATLAS_TEXT_HEADING];
  places->name_left = box->x + get_badge_size (canvas) + BADGE_GAP;
  places->right = box->x + box->width;
  places->two_lines = box->height >= get_two_lines_height (canvas);
  if (places->two_lines)
    place_two_lines (canvas, words, region, card->shift, box, places);
  else
    place_one_line (canvas, words, card, box, places);
}

static void
paint_badge (AtlasCanvas *canvas, AtlasKind kind, const AtlasRect *box)
{
  double line = canvas->line_height[ATLAS_TEXT_HEADING];
  double size = get_badge_size (canvas);

  atlas_badge_paint (canvas, kind, box->x, box->y + floor ((line - size) / 2), size);
}

static void
paint_address (AtlasCanvas *canvas, const Words *words, const Places *places)
{
  static const AtlasHeadingPart order[] = { ATLAS_HEADING_PERMISSIONS, ATLAS_HEADING_RANGE };
  double right = places->right;

  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    {
      if (!has_part (places->address, order[i]))
        continue;
      atlas_canvas_text_on (canvas, ATLAS_TEXT_MONO, &canvas->palette->dim_text, ATLAS_ALIGN_END,
                            right, places->baseline, 0, words->text[order[i]]);
      right -= words->width[order[i]];
    }
}

double
atlas_card_heading_get_height (AtlasCanvas *canvas, double map_width)
{
  g_return_val_if_fail (canvas != NULL, 0);

  return map_width < canvas->ascent[ATLAS_TEXT_HEADING] * ONE_LINE_LEAST_WIDTH
             ? get_two_lines_height (canvas)
             : canvas->line_height[ATLAS_TEXT_HEADING];
}

void
atlas_card_heading_paint (AtlasCanvas *canvas,
                          const AtlasRegion *region,
                          const AtlasCard *card,
                          guint64 page_size,
                          const AtlasRect *box)
{
  g_auto (Words) words = { 0 };
  g_auto (Places) places = { 0 };
  const AtlasPalette *palette = canvas->palette;

  place (canvas, &words, region, card, page_size, box, &places);
  paint_badge (canvas, region->kind, box);
  atlas_canvas_text_on (canvas, ATLAS_TEXT_HEADING, &palette->text, ATLAS_ALIGN_START,
                        places.name_left, places.baseline,
                        MAX (places.name_right - places.name_left, 1), words.name);
  if (*places.facts != '\0')
    atlas_canvas_text_on (canvas, ATLAS_TEXT_CAPTION, &palette->dim_text, ATLAS_ALIGN_START,
                          places.facts_left, places.facts_baseline, 0, places.facts);
  paint_address (canvas, &words, &places);
}

/* --- ages ------------------------------------------------------------------------------------ */

/* Room that the heading leaves. */
typedef struct
{
  double left, right, baseline;
  gboolean at_right; /* what is in it goes to its right end */
} Room;

/* Behind the facts first, so that it reads as one of them. */
static void
find_rooms (const Words *words, const Places *places, Room rooms[2])
{
  double first_end = get_first_end (places);
  double name_end = MIN (places->name_left + words->name_width, places->name_right) + AGE_GAP;
  gboolean facts_beside = !places->two_lines && *places->facts != '\0';

  rooms[0] = (Room){ places->facts_right + AGE_GAP, places->two_lines ? places->right : first_end,
                     places->facts_baseline, FALSE };
  rooms[1] = (Room){ name_end, facts_beside ? places->facts_left - AGE_GAP : first_end,
                     places->baseline, TRUE };
}

static void
paint_clock (AtlasCanvas *canvas, double x, double baseline)
{
  cairo_t *cr = canvas->cr;
  double size = get_clock_size (canvas);
  double radius = (size - CLOCK_LINE) / 2, center_x = x + size / 2;
  double center_y = baseline - canvas->ascent[ATLAS_TEXT_CAPTION] * CLOCK_MIDDLE;

  atlas_canvas_set_color (canvas, &canvas->palette->dim_text);
  cairo_set_line_width (cr, CLOCK_LINE);
  cairo_arc (cr, center_x, center_y, radius, 0, 2 * G_PI);
  cairo_stroke (cr);
  cairo_move_to (cr, center_x, center_y - radius * 0.6);
  cairo_line_to (cr, center_x, center_y);
  cairo_line_to (cr, center_x + radius * 0.5, center_y);
  cairo_stroke (cr);
}

/* Paints it if it fits. @text may be empty: the clock alone. */
static gboolean
paint_in (AtlasCanvas *canvas, const Room *room, const char *text)
{
  double clock = get_clock_size (canvas);
  double width = clock;

  if (*text != '\0')
    width += CLOCK_GAP + ceil (atlas_canvas_measure (canvas, ATLAS_TEXT_CAPTION, text));
  if (width > room->right - room->left)
    return FALSE;
  double left = room->at_right ? room->right - width : room->left;
  paint_clock (canvas, left, room->baseline);
  if (*text != '\0')
    atlas_canvas_text_on (canvas, ATLAS_TEXT_CAPTION, &canvas->palette->dim_text, ATLAS_ALIGN_START,
                          left + clock + CLOCK_GAP, room->baseline, 0, text);
  return TRUE;
}

void
atlas_card_heading_paint_age (AtlasCanvas *canvas,
                              const AtlasRegion *region,
                              const AtlasCard *card,
                              guint64 page_size,
                              const AtlasRect *box,
                              gint64 age)
{
  g_auto (Words) words = { 0 };
  g_auto (Places) places = { 0 };
  g_autofree char *sentence = atlas_age_describe (age);
  g_autofree char *when = atlas_age_format (age);
  const char *texts[] = { sentence, when, "" };
  Room rooms[2];

  if (when == NULL)
    return;
  place (canvas, &words, region, card, page_size, box, &places);
  find_rooms (&words, &places, rooms);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    for (guint j = 0; j < G_N_ELEMENTS (rooms); j++)
      if (paint_in (canvas, &rooms[j], texts[i]))
        return;
}
