/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The history of a process: VmSize, VmRSS, VmLck and VmSwap over time, a band each with a scale of
 * its own (VmSize is often a thousand times VmRSS: on one scale one of them would be a flat line).
 */

#pragma once

#include "atlas-canvas.h"
#include "atlas-map-layout.h"
#include "atlas-session.h"

G_BEGIN_DECLS

typedef struct
{
  const AtlasHistoryPoint *points; /* oldest first */
  guint n_points;
  const AtlasHistoryMark *marks; /* oldest first */
  guint n_marks;
  gint64 now;    /* monotonic microseconds at the right edge */
  gint64 span;   /* microseconds from the left edge to the right */
  gint64 cursor; /* monotonic time that is looked at; 0: none */
  double width, height;
  double plot_width; /* pixels of the bands, of the width; the rest is for their numbers */
} AtlasChart;

/* How much of @width pixels is for the bands, by the size of the canvas's text. */
double atlas_chart_get_plot_width (AtlasCanvas *canvas, double width);

/* Room above the bands that marks take for their words, pixels; it is theirs as soon as there are
 * any. */
double atlas_chart_get_marks_height (AtlasCanvas *canvas);
/* Paints with the context's origin at the chart's top left. Marks are dashed lines with their words
 * at the top; where those have no room, several marks share what there is. */
void atlas_chart_paint (AtlasCanvas *canvas, const AtlasChart *chart);
/* The point nearest to @x (pixels), or NULL when there is none. */
const AtlasHistoryPoint *atlas_chart_hit (const AtlasChart *chart, double x);
/* The marks whose lines or whose words are at @x (pixels), @y: the first of @n_found that follow
 * one another, or NULL. @canvas measures. */
const AtlasHistoryMark *atlas_chart_hit_marks (AtlasCanvas *canvas,
                                               const AtlasChart *chart,
                                               double x,
                                               double y,
                                               guint *n_found);
/* Pixels from the left edge at which @monotonic is. */
double atlas_chart_get_x (const AtlasChart *chart, gint64 monotonic);

G_END_DECLS
