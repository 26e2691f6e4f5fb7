/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What stands behind a mapping, told from its line; and, for all regions of the recorded processes,
 * whether smaps agrees: the flag "ht" is the kernel's own word for hugetlb, "pf" for memory without
 * struct pages. */

#include "fixture.h"

#include "atlas-backing.h"
#include "atlas-smaps.h"

#include <string.h>

typedef struct
{
  const char *line;
  gboolean shared_memory, hugetlb, in_rss, anonymous_file;
} Case;

static const Case cases[] = {
  { "1000-2000 rw-p 0 0:0 0\n", FALSE, FALSE, TRUE, FALSE },
  { "1000-2000 rw-s 0 0:0 0\n", TRUE, FALSE, TRUE, FALSE },
  { "1000-2000 rw-p 0 0:0 0 [heap]\n", FALSE, FALSE, TRUE, FALSE },
  { "1000-2000 r-xp 0 0:0 0 [vdso]\n", FALSE, FALSE, TRUE, FALSE },
  { "1000-2000 r--p 0 0:0 0 [vvar]\n", FALSE, FALSE, FALSE, FALSE },
  { "1000-2000 r--p 0 0:0 0 [vvar_vclock]\n", FALSE, FALSE, FALSE, FALSE },
  { "1000-2000 --xp 0 0:0 0 [vsyscall]\n", FALSE, FALSE, FALSE, FALSE },
  { "1000-2000 r--p 0 8:1 5 /lib/libc.so.6\n", FALSE, FALSE, TRUE, FALSE },
  { "1000-2000 rw-s 0 0:1 5 /dev/zero (deleted)\n", TRUE, FALSE, TRUE, TRUE },
  { "1000-2000 rw-p 0 0:6 4 /dev/zero\n", FALSE, FALSE, TRUE, TRUE },
  { "1000-2000 rw-s 0 0:6 4 /dev/zeroes\n", FALSE, FALSE, TRUE, FALSE },
  { "1000-2000 rw-s 0 0:1b 5 /dev/shm/x\n", TRUE, FALSE, TRUE, FALSE },
  { "1000-2000 rw-p 0 0:1b 5 /dev/shm/x\n", TRUE, FALSE, TRUE, FALSE },
  { "1000-2000 rw-s 0 0:1 5 /memfd:x (deleted)\n", TRUE, FALSE, TRUE, FALSE },
  { "200000-400000 rw-s 0 0:1 5 /memfd:x (deleted)\n", TRUE, FALSE, TRUE, FALSE },
  { "200000-400000 rw-s 0 0:f 5 /memfd:x (deleted)\n", TRUE, TRUE, FALSE, FALSE },
  { "200000-400000 rw-s 0 0:f 5 /SYSV00000000 (deleted)\n", TRUE, TRUE, FALSE, FALSE },
  { "200000-400000 rw-p 0 0:f 5 /anon_hugepage (deleted)\n", FALSE, TRUE, FALSE, TRUE },
  { "200000-400000 rw-s 0 0:f 5 /dev/hugepages/map_0\n", FALSE, TRUE, FALSE, FALSE },
  { "200000-400000 rw-s 0 0:f 5 /tmp/map_0\n", FALSE, FALSE, TRUE, FALSE },
  { "1000-2000 rw-s 0 0:1 5 [anon_shmem:ring]\n", TRUE, FALSE, TRUE, FALSE },
  { "1000-2000 rw-s 0 0:5 5 /dev/dri/card0\n", FALSE, FALSE, FALSE, FALSE },
};

static void
test_cases (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Case *it = &cases[i];
      g_autoptr (GPtrArray) regions = regions_parse (it->line, strlen (it->line), NULL, NULL);
      g_assert_cmpuint (regions->len, ==, 1);
      const AtlasRegion *region = g_ptr_array_index (regions, 0);
      g_test_message ("%s", region->name);
      g_assert_cmpint (atlas_backing_is_shared_memory (region), ==, it->shared_memory);
      g_assert_cmpint (atlas_backing_is_hugetlb (region), ==, it->hugetlb);
      g_assert_cmpint (atlas_backing_is_in_rss (region), ==, it->in_rss);
      g_assert_cmpint (atlas_backing_is_anonymous_file (region), ==, it->anonymous_file);
    }
}

static void
test_recorded (gconstpointer data)
{
  g_autoptr (Fixture) fixture = fixture_new (data);
  g_autoptr (GPtrArray) regions = fixture_read_regions (fixture, NULL);
  g_autoptr (GString) text = fixture_read (fixture, "smaps");
  AtlasSmapsParser parser;
  AtlasSmaps smaps;

  atlas_smaps_parser_init (&parser, text->str, text->len);
  for (guint i = 0; i < regions->len; i++)
    {
      const AtlasRegion *region = g_ptr_array_index (regions, i);
      g_assert_true (atlas_smaps_parser_next (&parser, &smaps));
      g_assert_cmphex (smaps.start, ==, region->start);
      gboolean hugetlb = atlas_smaps_has_flag (&smaps, "ht");
      gboolean uncounted = hugetlb || atlas_smaps_has_flag (&smaps, "pf");
      g_assert_cmpint (atlas_backing_is_hugetlb (region), ==, hugetlb);
      if (!atlas_backing_is_gate (region))
        g_assert_cmpint (atlas_backing_is_in_rss (region), ==, !uncounted);
    }
}

int
main (int argc, char **argv)
{
  static const char *const recorded[] = { "shell", "threads", "32-bit", "odd-names", "shared" };

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/backing/cases", test_cases);
  for (guint i = 0; i < G_N_ELEMENTS (recorded); i++)
    {
      g_autofree char *path = g_strconcat ("/model/backing/recorded/", recorded[i], NULL);
      g_test_add_data_func (path, recorded[i], test_recorded);
    }
  return g_test_run ();
}
