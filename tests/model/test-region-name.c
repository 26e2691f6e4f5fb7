/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Snapshots of several processes are taken and dropped in threads of their own, and share the names
 * of their regions. Regions are made a block at a time, and each is let go of by itself. */

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

/* More than a block. */
#define N_REGIONS 100

static void
make_regions (AtlasRegion **regions)
{
  g_auto (AtlasRegionMaker) maker = { 0 };
  const AtlasRegion *below = NULL;

  for (guint64 i = 0; i < N_REGIONS; i++)
    {
      g_autofree char *name = i % 10 < 5 ? g_strdup ("") : g_strdup_printf ("/%u", (guint) i / 10);
      AtlasMapsRecord record = {
        .start = i * 4096, .end = (i + 1) * 4096, .inode = i, .name = name
      };

      record.name_length = strlen (name);
      below = regions[i] = atlas_region_maker_make (&maker, &record, below);
    }
}

static void
assert_region (const AtlasRegion *region, guint64 i)
{
  g_autofree char *name = i % 10 < 5 ? g_strdup ("") : g_strdup_printf ("/%u", (guint) i / 10);

  g_assert_cmpuint (region->start, ==, i * 4096);
  g_assert_cmpuint (region->inode, ==, i);
  g_assert_cmpstr (region->name, ==, name);
}

static void
test_blocks (void)
{
  AtlasRegion *regions[N_REGIONS];

  g_test_summary ("A region outlives those it was made with");
  make_regions (regions);
  for (guint i = 0; i < N_REGIONS; i++)
    assert_region (regions[i], i);
  for (guint i = 0; i < N_REGIONS; i++)
    if (i % 33 != 7)
      atlas_region_unref (regions[i]);
  for (guint i = 7; i < N_REGIONS; i += 33)
    {
      g_autoptr (AtlasRegion) copy = atlas_region_copy (regions[i]);

      assert_region (regions[i], i);
      atlas_region_unref (regions[i]);
      assert_region (copy, i);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/region-name/threads", test_threads);
  g_test_add_func ("/model/region-name/blocks", test_blocks);
  return g_test_run ();
}
