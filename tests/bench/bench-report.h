/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the benchmarks found. Times differ from machine to machine and from minute to minute, so
 * what counts is a ratio: two things measured in the same round, one after the other. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _BenchReport BenchReport;
/* Times of one thing, a sample a round. Belongs to its report. */
typedef struct _BenchSeries BenchSeries;

/* What is measured; once. */
typedef void (*BenchWork) (gpointer data);

BenchReport *bench_report_new (void);
void bench_report_free (BenchReport *self);

/* What follows belongs to benchmark @name. */
void bench_report_begin (BenchReport *self, const char *name);
/* A number to know when reading the times: "processes", 5085. */
void bench_report_fact (BenchReport *self, const char *name, guint64 value);
/* A figure that is no time: memory, counts, shares. @wanted: at most this, or 0 for no demand. */
void bench_report_value (BenchReport *self,
                         const char *name,
                         const char *title,
                         const char *unit,
                         double value,
                         double wanted);
/* A sentence for people: why something could not be measured. */
void bench_report_note (BenchReport *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* @name: for machines, unique in its benchmark; @title: for people. */
BenchSeries *bench_report_series (BenchReport *self, const char *name, const char *title);
/* Says how @ours compares to @raw, round by round. @wanted: at most this, or 0 for no demand. */
void bench_report_ratio (BenchReport *self, BenchSeries *ours, BenchSeries *raw, double wanted);

/* Runs @work and keeps how long it took by the wall clock. */
void bench_series_measure (BenchSeries *series, BenchWork work, gpointer data);
/* Keeps a time measured otherwise; milliseconds. */
void bench_series_add (BenchSeries *series, double ms);

/* Aligned tables for people; one JSON object for machines. */
char *bench_report_to_text (BenchReport *self);
char *bench_report_to_json (BenchReport *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BenchReport, bench_report_free)

G_END_DECLS
