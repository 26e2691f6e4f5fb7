/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Snapshots of several processes are taken and dropped in threads of their own, and share the names
 * of their regions. */

#include "atlas-maps.h"
#include "atlas-region.h"

#include <string.h>

#define N_THREADS 4
#define N_ROUNDS 50000

static const char LINE[] = "55d0a000-55d0b000 r-xp 00000000 08:01 42 /usr/lib/libc.so.6\n";

static gpointer
make_and_drop (gpointer data)
{
  AtlasMapsParser parser;
  AtlasMapsRecord record;

  atlas_maps_parser_init (&parser, LINE, strlen (LINE));
  g_assert_true (atlas_maps_parser_next (&parser, &record));
  for (guint i = 0; i < N_ROUNDS; i++)
    {
      AtlasRegion *region = atlas_region_new (&record);

      g_assert_cmpstr (region->name, ==, "/usr/lib/libc.so.6");
      atlas_region_unref (region);
    }
  return NULL;
}

static void
test_threads (void)
{
  GThread *threads[N_THREADS];

  g_test_summary ("A name that one thread lets go of while another takes it stays whole");
  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("region", make_and_drop, NULL);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/region-name/threads", test_threads);
  return g_test_run ();
}
