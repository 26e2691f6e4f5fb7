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
  gint64 now;    /* monotonic microseconds at the right edge */
  gint64 span;   /* microseconds from the left edge to the right */
  gint64 cursor; /* monotonic time that is looked at; 0: none */
  double width, height;
} AtlasChart;

/* Paints with the context's origin at the chart's top left. */
void atlas_chart_paint (AtlasCanvas *canvas, const AtlasChart *chart);
/* The point nearest to @x (pixels), or NULL when there is none. */
const AtlasHistoryPoint *atlas_chart_hit (const AtlasChart *chart, double x);
/* Pixels from the left edge at which @monotonic is. */
double atlas_chart_get_x (const AtlasChart *chart, gint64 monotonic);

G_END_DECLS
