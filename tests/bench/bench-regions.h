/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the processes are made of that are watched: `typical` and `frag`. */

#pragma once

#include <glib.h>

#include "bench.h"

G_BEGIN_DECLS

typedef struct
{
  guint n_regions;
  gsize bytes;
  gsize step; /* bytes from one touched page to the next */
} BenchRegions;

/* 600 regions, 600 MiB, all resident. */
BenchRegions bench_regions_typical (void);
/* 60,000 regions, every other page of 8 GiB resident, or of what fits. */
BenchRegions bench_regions_frag (const BenchOptions *options);

/* A BenchChildFunc: takes BenchRegions and makes them, or ends the process. */
void bench_regions_make (gpointer regions);

G_END_DECLS
