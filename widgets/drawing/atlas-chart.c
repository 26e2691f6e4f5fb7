/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The history chart, as small multiples: one band a counter. */

#include "atlas-config.h"

#include "atlas-chart.h"

#include "atlas-chart-marks.h"
#include "atlas-format.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define BAND_GAP 8.0
/* What the numbers beside the bands take, in heights of their lines: "58.4 MiB – 978 MiB". */
#define LABEL_LINES 9.4
#define LEAST_LABEL_WIDTH 150.0
#define MOST_LABEL_SHARE 0.4
#define LEAST_PLOT 40
#define LONE_POINT 3.0 /* pixels of line for a point that nothing follows */
#define LEAST_APART 4  /* lines of marks, pixels */
#define MARK_REACH 4.0 /* of the pointer, on both sides of a line */

typedef struct
{
  const char *name; /* the kernel's */
  gsize offset;     /* of the value in AtlasHistoryPoint */
  AtlasKind kind;   /* whose colour the line takes */
  gboolean always;  /* else only where it was ever more than 0 */
} Series;

static const Series all_series[] = {
  { "VmSize", G_STRUCT_OFFSET (AtlasHistoryPoint, vm_size), ATLAS_KIND_KERNEL, TRUE },
  { "VmRSS", G_STRUCT_OFFSET (AtlasHistoryPoint, vm_rss), ATLAS_KIND_HEAP, TRUE },
  { "VmLck", G_STRUCT_OFFSET (AtlasHistoryPoint, vm_lck), ATLAS_KIND_STACK, FALSE },
  { "VmSwap", G_STRUCT_OFFSET (AtlasHistoryPoint, vm_swap), ATLAS_KIND_SHARED, FALSE },
};

static guint64
value_at (const AtlasChart *chart, const Series *series, guint index)
{
  return G_STRUCT_MEMBER (guint64, &chart->points[index], series->offset);
}

static gboolean
occurs (const AtlasChart *chart, const Series *series)
{
  for (guint i = 0; i < chart->n_points; i++)
    if (value_at (chart, series, i) > 0)
      return TRUE;
  return FALSE;
}

static void
find_range (const AtlasChart *chart, const Series *series, guint64 *least, guint64 *most)
{
  *least = G_MAXUINT64;
  *most = 0;
  for (guint i = 0; i < chart->n_points; i++)
    {
      guint64 value = value_at (chart, series, i);

      *least = MIN (*least, value);
      *most = MAX (*most, value);
    }
}

double
atlas_chart_get_plot_width (AtlasCanvas *canvas, double width)
{
  double labels;

  g_return_val_if_fail (canvas != NULL, 0);

  labels = ceil (LABEL_LINES * canvas->line_height[ATLAS_TEXT_CAPTION]);
  labels = MIN (labels, floor (width * MOST_LABEL_SHARE));
  return width - MAX (labels, LEAST_LABEL_WIDTH);
}

double
atlas_chart_get_x (const AtlasChart *chart, gint64 monotonic)
{
  return chart->plot_width * (1.0 - (double) (chart->now - monotonic) / (double) chart->span);
}

/* The values of one counter in its band. */
typedef struct
{
  const AtlasChart *chart;
  const Series *series;
  const AtlasRect *band;
  guint64 least, most;
} Line;

/* The band's whole height stands for least to most; a value that never moved runs in the middle. */
static double
get_y (const Line *line, guint index)
{
  const AtlasRect *band = line->band;
  guint64 value = value_at (line->chart, line->series, index);

  if (line->most == line->least)
    return band->y + floor (band->height / 2) + 0.5;
  return band->y + 1
         + (band->height - 2) * (double) (line->most - value) / (double) (line->most - line->least);
}

static double
get_x (const Line *line, guint index)
{
  return atlas_chart_get_x (line->chart, line->chart->points[index].monotonic);
}

/* The first point behind @first before which nobody looked. */
static guint
find_gap (const AtlasChart *chart, guint first)
{
  guint i = first + 1;

  while (i < chart->n_points && !chart->points[i].after_gap)
    i++;
  return i;
}

/* What comes after the last point before a gap is not known, so the line ends there; a point alone
 * is seen all the same. */
static double
find_end (const Line *line, guint behind)
{
  if (behind == line->chart->n_points)
    return line->chart->plot_width;
  return MIN (get_x (line, behind - 1) + LONE_POINT, get_x (line, behind));
}

/* A step line from @first to before @behind: a value holds until the next sample says otherwise. */
static void
trace_line (cairo_t *cr, const Line *line, guint first, guint behind)
{
  cairo_move_to (cr, get_x (line, first), get_y (line, first));
  for (guint i = first + 1; i < behind; i++)
    {
      cairo_line_to (cr, get_x (line, i), get_y (line, i - 1));
      cairo_line_to (cr, get_x (line, i), get_y (line, i));
    }
  cairo_line_to (cr, find_end (line, behind), get_y (line, behind - 1));
}

static void
paint_piece (AtlasCanvas *canvas, const Line *line, guint first, guint behind)
{
  cairo_t *cr = canvas->cr;
  AtlasColor fill = canvas->palette->kind[line->series->kind];
  double bottom = line->band->y + line->band->height;

  trace_line (cr, line, first, behind);
  cairo_line_to (cr, find_end (line, behind), bottom);
  cairo_line_to (cr, get_x (line, first), bottom);
  cairo_close_path (cr);
  fill.alpha = 0.18;
  atlas_canvas_set_color (canvas, &fill);
  cairo_fill (cr);
  trace_line (cr, line, first, behind);
  atlas_canvas_set_color (canvas, &canvas->palette->kind[line->series->kind]);
  cairo_set_line_width (cr, 1.5);
  cairo_stroke (cr);
}

static void
paint_line (AtlasCanvas *canvas,
            const AtlasChart *chart,
            const Series *series,
            const AtlasRect *band)
{
  Line line = { .chart = chart, .series = series, .band = band };
  cairo_t *cr = canvas->cr;

  find_range (chart, series, &line.least, &line.most);
  cairo_save (cr);
  cairo_rectangle (cr, 0, band->y - 1, chart->plot_width, band->height + 2);
  cairo_clip (cr);
  for (guint i = 0, behind; i < chart->n_points; i = behind)
    {
      behind = find_gap (chart, i);
      paint_piece (canvas, &line, i, behind);
    }
  cairo_restore (cr);
}

/* Which sample the labels speak of: the one at the cursor, else the newest. */
static guint
find_spoken (const AtlasChart *chart)
{
  for (guint i = 0; chart->cursor != 0 && i < chart->n_points; i++)
    if (chart->points[i].monotonic >= chart->cursor)
      return i;
  return chart->n_points - 1;
}

static void
paint_labels (AtlasCanvas *canvas,
              const AtlasChart *chart,
              const Series *series,
              const AtlasRect *band)
{
  guint64 least, most;
  guint spoken = find_spoken (chart);
  g_autofree char *value = atlas_format_bytes (value_at (chart, series, spoken) * 1024);
  g_autofree char *low = NULL;
  g_autofree char *high = NULL;
  double x = chart->plot_width + 12;
  double room = chart->width - x;
  double line = canvas->line_height[ATLAS_TEXT_CAPTION];
  double y = band->y + MAX (0.0, (band->height - 2 * line) / 2);
  double name_width;

  name_width = atlas_canvas_text (canvas, ATLAS_TEXT_CAPTION, &canvas->palette->dim_text,
                                  ATLAS_ALIGN_START, x, y, 0, series->name);
  atlas_canvas_text (canvas, ATLAS_TEXT_CAPTION, &canvas->palette->text, ATLAS_ALIGN_START,
                     x + name_width + 6, y, room - name_width - 6, value);
  find_range (chart, series, &least, &most);
  if (least == most || band->height < 2 * line)
    return;
  low = atlas_format_bytes (least * 1024);
  high = atlas_format_bytes (most * 1024);
  {
    /* Translators: the least and the greatest value seen, as "3 MiB – 8 MiB". */
    g_autofree char *range = g_strdup_printf (_ ("%s – %s"), low, high);

    atlas_canvas_text (canvas, ATLAS_TEXT_CAPTION, &canvas->palette->dim_text, ATLAS_ALIGN_START, x,
                       y + line, room, range);
  }
}

/* Room for the words under the bands. */
static double
get_axis_height (AtlasCanvas *canvas)
{
  return ceil (canvas->line_height[ATLAS_TEXT_CAPTION]) + 3;
}

static char *
describe_ago (gint64 seconds)
{
  if (seconds < 60)
    return g_strdup_printf (_ ("%d s ago"), (int) seconds);
  if (seconds % 60 == 0)
    return g_strdup_printf (_ ("%d min ago"), (int) (seconds / 60));
  /* Translators: "1:30 min ago", minutes and seconds */
  return g_strdup_printf (_ ("%d:%02d min ago"), (int) (seconds / 60), (int) (seconds % 60));
}

/* From @top down. */
static void
paint_axis (AtlasCanvas *canvas, const AtlasChart *chart, double top)
{
  static const gint64 steps[] = { 5, 10, 30, 60, 120, 300, 600 }; /* seconds */
  double bottom = chart->height - get_axis_height (canvas);
  gint64 step = steps[G_N_ELEMENTS (steps) - 1];

  for (guint i = G_N_ELEMENTS (steps); i-- > 0;)
    if (chart->plot_width * (double) (steps[i] * G_USEC_PER_SEC) / (double) chart->span >= 90)
      step = steps[i];
  for (gint64 ago = step; ago * G_USEC_PER_SEC < chart->span; ago += step)
    {
      double x = floor (atlas_chart_get_x (chart, chart->now - ago * G_USEC_PER_SEC)) + 0.5;
      g_autofree char *label = describe_ago (ago);

      atlas_canvas_set_color (canvas, &canvas->palette->border);
      cairo_set_line_width (canvas->cr, 1);
      cairo_move_to (canvas->cr, x, top);
      cairo_line_to (canvas->cr, x, bottom);
      cairo_stroke (canvas->cr);
      if (x >= 32)
        atlas_canvas_text (canvas, ATLAS_TEXT_CAPTION, &canvas->palette->dim_text,
                           ATLAS_ALIGN_CENTER, x, bottom + 2, 0, label);
    }
}

/* --- marks ----------------------------------------------------------------------------------- */

double
atlas_chart_get_marks_height (AtlasCanvas *canvas)
{
  g_return_val_if_fail (canvas != NULL, 0);

  return canvas->line_height[ATLAS_TEXT_CAPTION] + 1;
}

static gboolean
is_seen (const AtlasChart *chart, const AtlasHistoryMark *mark)
{
  double x = atlas_chart_get_x (chart, mark->monotonic);

  return x >= 0 && x <= chart->plot_width;
}

/* From the words down; the first line of a group from beside them. */
static void
paint_mark_line (AtlasCanvas *canvas, const AtlasChart *chart, guint mark, double top)
{
  static const double dashes[] = { 3, 3 };
  cairo_t *cr = canvas->cr;
  double x = floor (atlas_chart_get_x (chart, chart->marks[mark].monotonic)) + 0.5;

  if (!is_seen (chart, &chart->marks[mark]))
    return;
  cairo_save (cr);
  cairo_set_dash (cr, dashes, G_N_ELEMENTS (dashes), 0);
  cairo_set_line_width (cr, 1);
  cairo_move_to (cr, x, top);
  cairo_line_to (cr, x, chart->height - get_axis_height (canvas));
  cairo_stroke (cr);
  cairo_restore (cr);
}

/* Of the group's marks but the first, below its words. Lines that would run into one are left out:
 * there is something there is all that they could say. */
static void
paint_other_lines (AtlasCanvas *canvas, const AtlasChart *chart, const AtlasMarkGroup *group)
{
  double last = atlas_chart_get_x (chart, chart->marks[group->first].monotonic);

  for (guint i = group->first + 1; i < group->first + group->n; i++)
    {
      double x = atlas_chart_get_x (chart, chart->marks[i].monotonic);

      if (x - last < LEAST_APART)
        continue;
      paint_mark_line (canvas, chart, i, atlas_chart_get_marks_height (canvas));
      last = x;
    }
}

static void
paint_marks (AtlasCanvas *canvas, const AtlasChart *chart)
{
  g_autoptr (GArray) groups = atlas_chart_group_marks (canvas, chart, chart->plot_width);
  const AtlasColor *color = &canvas->palette->accent;

  for (guint i = 0; i < groups->len; i++)
    {
      const AtlasMarkGroup *group = &g_array_index (groups, AtlasMarkGroup, i);

      atlas_canvas_set_color (canvas, color);
      paint_mark_line (canvas, chart, group->first, 0);
      paint_other_lines (canvas, chart, group);
      atlas_canvas_text (canvas, ATLAS_TEXT_CAPTION, color, ATLAS_ALIGN_START, group->x, 0,
                         MAX (group->width, 1), group->text);
    }
}

static gboolean
is_at_words (AtlasCanvas *canvas, const AtlasMarkGroup *group, double x, double y)
{
  return y < atlas_chart_get_marks_height (canvas) && x >= group->x && x <= group->x + group->width;
}

static gboolean
is_at_line (const AtlasChart *chart, const AtlasHistoryMark *mark, double x)
{
  return is_seen (chart, mark)
         && fabs (atlas_chart_get_x (chart, mark->monotonic) - x) <= MARK_REACH;
}

const AtlasHistoryMark *
atlas_chart_hit_marks (AtlasCanvas *canvas,
                       const AtlasChart *chart,
                       double x,
                       double y,
                       guint *n_found)
{
  g_autoptr (GArray) groups = NULL;
  guint first = 0;

  g_return_val_if_fail (canvas != NULL && chart != NULL && n_found != NULL, NULL);

  *n_found = 0;
  groups = atlas_chart_group_marks (canvas, chart, chart->plot_width);
  for (guint i = 0; i < groups->len; i++)
    {
      const AtlasMarkGroup *group = &g_array_index (groups, AtlasMarkGroup, i);

      if (!is_at_words (canvas, group, x, y))
        continue;
      *n_found = group->n;
      return &chart->marks[group->first];
    }
  while (first < chart->n_marks && !is_at_line (chart, &chart->marks[first], x))
    first++;
  while (first + *n_found < chart->n_marks
         && is_at_line (chart, &chart->marks[first + *n_found], x))
    ++*n_found;
  return *n_found > 0 ? &chart->marks[first] : NULL;
}

static void
paint_cursor (AtlasCanvas *canvas, const AtlasChart *chart)
{
  double x = floor (atlas_chart_get_x (chart, chart->cursor)) + 0.5;

  atlas_canvas_set_color (canvas, &canvas->palette->accent);
  cairo_set_line_width (canvas->cr, 2);
  cairo_move_to (canvas->cr, x, 0);
  cairo_line_to (canvas->cr, x, chart->height - get_axis_height (canvas));
  cairo_stroke (canvas->cr);
}

void
atlas_chart_paint (AtlasCanvas *canvas, const AtlasChart *chart)
{
  const Series *shown[G_N_ELEMENTS (all_series)];
  guint n_shown = 0;
  double top, height;

  g_return_if_fail (chart->span > 0);

  if (chart->n_points == 0 || chart->plot_width <= LEAST_PLOT)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (all_series); i++)
    if (all_series[i].always || occurs (chart, &all_series[i]))
      shown[n_shown++] = &all_series[i];
  top = chart->n_marks > 0 ? atlas_chart_get_marks_height (canvas) : 0;
  paint_axis (canvas, chart, top);
  height = (chart->height - top - get_axis_height (canvas) - BAND_GAP * (n_shown - 1)) / n_shown;
  for (guint i = 0; i < n_shown; i++)
    {
      AtlasRect band = { 0, floor (top + i * (height + BAND_GAP)), chart->plot_width,
                         floor (height) };

      paint_line (canvas, chart, shown[i], &band);
      paint_labels (canvas, chart, shown[i], &band);
    }
  paint_marks (canvas, chart);
  if (chart->cursor != 0)
    paint_cursor (canvas, chart);
}

const AtlasHistoryPoint *
atlas_chart_hit (const AtlasChart *chart, double x)
{
  const AtlasHistoryPoint *nearest = NULL;
  double least = G_MAXDOUBLE;

  for (guint i = 0; i < chart->n_points; i++)
    {
      double distance = fabs (atlas_chart_get_x (chart, chart->points[i].monotonic) - x);

      if (distance < least)
        {
          least = distance;
          nearest = &chart->points[i];
        }
    }
  return nearest;
}
