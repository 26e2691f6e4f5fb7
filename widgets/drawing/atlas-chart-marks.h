/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where the words of the chart's marks go. Marks that are too near one another for their words are
 * one group: "malloc 1 MiB → mmap, mlock", or the first one's words and how many more. Words never
 * lie over one another, nor over another group's lines. */

#pragma once

#include "atlas-chart.h"

G_BEGIN_DECLS

typedef struct
{
  guint first, n; /* marks of the chart */
  char *text;
  double x, width; /* of the text, pixels */
} AtlasMarkGroup;

/* From left to right; marks that are not within the chart's edges are in none. Of AtlasMarkGroup;
 * free with g_array_unref(). */
GArray *atlas_chart_group_marks (AtlasCanvas *canvas, const AtlasChart *chart, double plot_width);

G_END_DECLS
