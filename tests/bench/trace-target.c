/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is traced by the benchmark: CALLS MAPS. So many calls of getpid, which no tracer of memory
 * need stop at, and in between so many of mmap. */

#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

int
main (int argc, char **argv)
{
  long n_calls = argc > 1 ? atol (argv[1]) : 0;
  long n_maps = argc > 2 ? atol (argv[2]) : 0;
  long done = 0;

  for (long i = 1; i <= n_calls; i++)
    {
      syscall (SYS_getpid);
      for (; done < n_maps * i / n_calls; done++)
        if (mmap (NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
            == MAP_FAILED)
          return EXIT_FAILURE;
    }
  return EXIT_SUCCESS;
}
