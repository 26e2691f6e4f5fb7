/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From the right to the left, since what was done last matters most: the words of a mark stand
 * right of its line if there is room up to what stands there already, else left of it if that does
 * not reach the mark before; else the mark before joins in, and both try again. A mark
 * that would have no room before them joins in if all can be said. */

#include "atlas-config.h"

#include "atlas-chart-marks.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Pixels. */
#define LINE_GAP 4  /* between a line and its words */
#define WORDS_GAP 8 /* between words and whatever is right of them */
#define LEAST_WORDS 12

#define MOST_JOINED 6 /* marks of which all is said in one place */

typedef struct
{
  AtlasCanvas *canvas;
  const AtlasChart *chart;
  guint first_seen; /* mark */
  double limit;     /* left edge of what is placed already */
} Grouping;

static void
clear_group (gpointer data)
{
  AtlasMarkGroup *group = data;

  g_free (group->text);
}

static double
get_mark_x (const Grouping *grouping, guint mark)
{
  return floor (atlas_chart_get_x (grouping->chart, grouping->chart->marks[mark].monotonic));
}

static double
measure (const Grouping *grouping, const char *text)
{
  return ceil (atlas_canvas_measure (grouping->canvas, ATLAS_TEXT_CAPTION, text));
}

/* All that was done. */
static char *
join_texts (const Grouping *grouping, guint first, guint n)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    {
      if (i > 0)
        /* Translators: between the parts of an enumeration. */
        g_string_append (text, _ (", "));
      g_string_append (text, grouping->chart->marks[first + i].text);
    }
  return g_string_free (text, FALSE);
}

static char *
count_texts (const Grouping *grouping, guint first, guint n)
{
  /* Translators: what was done, and how much more that is not named: "malloc 1 MiB, +3". */
  return g_strdup_printf (_ ("%s, +%u"), grouping->chart->marks[first].text, n - 1);
}

typedef char *(*MakeText) (const Grouping *grouping, guint first, guint n);

/* Whether the words fit right of the group's first line; takes them if so. They are made only where
 * there is room for any: a thousand marks may stand at one place. */
static gboolean
place_right (const Grouping *grouping, AtlasMarkGroup *group, MakeText make)
{
  g_autofree char *text = NULL;

  group->x = get_mark_x (grouping, group->first) + LINE_GAP;
  if (group->x + LEAST_WORDS > grouping->limit)
    return FALSE;
  text = make (grouping, group->first, group->n);
  group->width = measure (grouping, text);
  if (group->x + group->width > grouping->limit)
    return FALSE;
  group->text = g_steal_pointer (&text);
  return TRUE;
}

/* The same left of its first line, as far as that does not reach the line of the mark before. */
static gboolean
place_left (const Grouping *grouping, AtlasMarkGroup *group, MakeText make)
{
  g_autofree char *text = NULL;
  double x = get_mark_x (grouping, group->first);
  double before =
      group->first > grouping->first_seen ? get_mark_x (grouping, group->first - 1) + WORDS_GAP : 0;

  if (x > grouping->limit || x - LINE_GAP - LEAST_WORDS < before)
    return FALSE;
  text = make (grouping, group->first, group->n);
  group->width = measure (grouping, text);
  group->x = x - LINE_GAP - group->width;
  if (group->x < before)
    return FALSE;
  group->text = g_steal_pointer (&text);
  return TRUE;
}

/* On the side where there is more room; the words are cut. */
static void
place_anyhow (const Grouping *grouping, AtlasMarkGroup *group)
{
  double line = get_mark_x (grouping, group->first);
  double right = grouping->limit - line - LINE_GAP, left = line - LINE_GAP;

  group->text = group->n > 1 ? count_texts (grouping, group->first, group->n)
                             : join_texts (grouping, group->first, 1);
  group->width = MIN (measure (grouping, group->text), MAX (MAX (left, right), 1));
  group->x = right >= left ? line + LINE_GAP : line - LINE_GAP - group->width;
}

static gboolean
place (const Grouping *grouping, AtlasMarkGroup *group)
{
  return (group->n <= MOST_JOINED
          && (place_right (grouping, group, join_texts)
              || place_left (grouping, group, join_texts)))
         || (group->n > 1
             && (place_right (grouping, group, count_texts)
                 || place_left (grouping, group, count_texts)));
}

static void
take_group (AtlasMarkGroup *group, AtlasMarkGroup *other)
{
  g_free (group->text);
  *group = *other;
}

/* The left edge of the group, its line included. */
static double
get_left (const Grouping *grouping, const AtlasMarkGroup *group)
{
  return MIN (get_mark_x (grouping, group->first), group->x);
}

/* Takes in marks that have no room for words of their own before @group, as long as it says all. */
static void
take_in_crowded (const Grouping *grouping, AtlasMarkGroup *group)
{
  while (group->n < MOST_JOINED && group->first > grouping->first_seen
         && get_mark_x (grouping, group->first) < group->x)
    {
      AtlasMarkGroup wider = { .first = group->first - 1, .n = group->n + 1 };
      double room = get_left (grouping, group) - WORDS_GAP;

      if (get_mark_x (grouping, wider.first) + LINE_GAP
              + measure (grouping, grouping->chart->marks[wider.first].text)
          <= room)
        return;
      if (!place_right (grouping, &wider, join_texts))
        return;
      take_group (group, &wider);
    }
}

/* The group that ends before mark @end. */
static AtlasMarkGroup
make_group (const Grouping *grouping, guint end)
{
  AtlasMarkGroup group = { .first = end - 1, .n = 1 };

  while (!place (grouping, &group))
    {
      if (group.first == grouping->first_seen)
        {
          place_anyhow (grouping, &group);
          break;
        }
      group.first--;
      group.n++;
    }
  take_in_crowded (grouping, &group);
  return group;
}

/* Index of the first mark that is not left of @x. */
static guint
find_mark (const AtlasChart *chart, double x)
{
  guint i = 0;

  while (i < chart->n_marks && atlas_chart_get_x (chart, chart->marks[i].monotonic) < x)
    i++;
  return i;
}

GArray *
atlas_chart_group_marks (AtlasCanvas *canvas, const AtlasChart *chart, double plot_width)
{
  Grouping grouping = { canvas, chart, find_mark (chart, 0), plot_width };
  GArray *groups = g_array_new (FALSE, FALSE, sizeof (AtlasMarkGroup));

  g_array_set_clear_func (groups, clear_group);
  for (guint end = find_mark (chart, plot_width + 1); end > grouping.first_seen;)
    {
      AtlasMarkGroup group = make_group (&grouping, end);

      g_array_prepend_val (groups, group);
      grouping.limit = get_left (&grouping, &group) - WORDS_GAP;
      end = group.first;
    }
  return groups;
}
