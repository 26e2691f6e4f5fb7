/* SPDX-License-Identifier: GPL-3.0-or-later */

/* In place of bench-window.c where there is no Xlib. */

#include "atlas-config.h"

#include "bench.h"

gboolean
bench_window (BenchReport *report, const BenchOptions *options, GError **error)
{
  bench_report_note (report, "built without Xlib");
  return TRUE;
}
