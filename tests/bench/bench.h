/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The benchmarks, each a function that measures and reports. A new one is declared here and named
 * in the table of atlas-bench.c. */

#pragma once

#include "bench-report.h"

G_BEGIN_DECLS

typedef struct
{
  guint rounds;      /* how often everything is measured, one after the other; at least 1 */
  guint n_processes; /* how many to fork for the process list */
  guint divisor;     /* large processes are made so many times smaller; 1 as demanded */
  guint seconds;     /* how long to watch, where watching takes time */
} BenchOptions;

/* FALSE with @error when it cannot be measured on this machine. */
typedef gboolean (*BenchFunc) (BenchReport *report, const BenchOptions *options, GError **error);

gboolean bench_processes (BenchReport *report, const BenchOptions *options, GError **error);
gboolean bench_frames (BenchReport *report, const BenchOptions *options, GError **error);
gboolean bench_start (BenchReport *report, const BenchOptions *options, GError **error);
gboolean bench_frag (BenchReport *report, const BenchOptions *options, GError **error);
gboolean bench_dense (BenchReport *report, const BenchOptions *options, GError **error);
gboolean bench_sparse (BenchReport *report, const BenchOptions *options, GError **error);
gboolean bench_disturb (BenchReport *report, const BenchOptions *options, GError **error);
gboolean bench_trace (BenchReport *report, const BenchOptions *options, GError **error);
gboolean bench_table (BenchReport *report, const BenchOptions *options, GError **error);
gboolean bench_watch (BenchReport *report, const BenchOptions *options, GError **error);
gboolean bench_window (BenchReport *report, const BenchOptions *options, GError **error);
gboolean bench_snapshot (BenchReport *report, const BenchOptions *options, GError **error);

G_END_DECLS
