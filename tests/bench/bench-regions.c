/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One area, of which every other part may only be read: so the kernel keeps each apart. */

#include "atlas-config.h"

#include "bench-regions.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench-subject.h"

#define N_TYPICAL 600u
#define N_FRAG 60000u
#define MIB ((guint64) 1 << 20)

BenchRegions
bench_regions_typical (void)
{
  return (BenchRegions){ N_TYPICAL, (gsize) bench_fit (600 * MIB), (gsize) sysconf (_SC_PAGESIZE) };
}

BenchRegions
bench_regions_frag (const BenchOptions *options)
{
  return (BenchRegions){ N_FRAG / options->divisor,
                         (gsize) bench_fit (4096 * MIB / options->divisor) * 2,
                         2 * (gsize) sysconf (_SC_PAGESIZE) };
}

void
bench_regions_make (gpointer data)
{
  const BenchRegions *regions = data;
  gsize page_size = (gsize) sysconf (_SC_PAGESIZE);
  gsize stride = regions->bytes / regions->n_regions / page_size * page_size;
  char *area = mmap (NULL, regions->n_regions * stride, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

  if (area == MAP_FAILED)
    _exit (EXIT_FAILURE);
  madvise (area, regions->n_regions * stride, MADV_NOHUGEPAGE);
  for (gsize i = 0; i < regions->n_regions * stride; i += regions->step)
    area[i] = 1;
  for (guint i = 0; i < regions->n_regions; i += 2)
    if (mprotect (area + i * stride, stride, PROT_READ) != 0)
      _exit (EXIT_FAILURE);
}
