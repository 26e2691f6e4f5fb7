/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is mapped, and whether it holds what was: beside a page-by-page account of the same. */

#include "atlas-cover.h"

#define PAGE 4096
#define N_PAGES 24
#define N_ROUNDS 20000

/* Regions of one to three pages, here and there, which may touch. */
static GPtrArray *
make_regions (GRand *random, gboolean mapped[N_PAGES])
{
  GPtrArray *regions = g_ptr_array_new_with_free_func ((GDestroyNotify) atlas_region_unref);

  for (guint page = 0; page < N_PAGES;)
    {
      guint n = (guint) g_rand_int_range (random, 1, 4);
      AtlasMapsRecord record = { .start = page * PAGE, .name = "" };

      n = MIN (n, N_PAGES - page);
      record.end = (page + n) * PAGE;
      if (g_rand_int_range (random, 0, 4) > 0)
        g_ptr_array_add (regions, atlas_region_new (&record));
      for (guint i = 0; i < n; i++)
        mapped[page + i] =
            regions->len > 0
            && ((AtlasRegion *) regions->pdata[regions->len - 1])->end > (page + i) * PAGE;
      page += n;
    }
  return regions;
}

static GArray *
cover (GPtrArray *regions)
{
  return atlas_cover_new ((AtlasRegion **) regions->pdata, regions->len);
}

static void
test_random (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  guint n_held = 0;

  g_test_summary ("One cover holds another where each page of the one is mapped in the other");
  for (guint round = 0; round < N_ROUNDS; round++)
    {
      gboolean one_mapped[N_PAGES], other_mapped[N_PAGES], holds = TRUE;
      g_autoptr (GPtrArray) one = make_regions (random, one_mapped);
      g_autoptr (GPtrArray) other = make_regions (random, other_mapped);
      g_autoptr (GArray) one_cover = cover (one);
      g_autoptr (GArray) other_cover = cover (other);

      for (guint i = 0; i < N_PAGES; i++)
        holds = holds && (one_mapped[i] || !other_mapped[i]);
      g_assert_cmpint (atlas_cover_holds (one_cover, other_cover), ==, holds);
      g_assert_true (atlas_cover_holds (one_cover, one_cover));
      n_held += holds;
    }
  g_assert_cmpuint (n_held, >, N_ROUNDS / 200);
  g_assert_cmpuint (n_held, <, N_ROUNDS / 2);
}

/* Regions that touch are one range, whatever cuts them. */
static void
test_splits (void)
{
  const guint64 whole[] = { 1, 9 }, parts[] = { 1, 3, 3, 4, 4, 9 }, gap[] = { 1, 3, 4, 9 };
  const struct
  {
    const guint64 *pages;
    guint n;
  } covers[] = { { whole, 1 }, { parts, 3 }, { gap, 2 } };
  GArray *made[G_N_ELEMENTS (covers)];

  for (guint i = 0; i < G_N_ELEMENTS (covers); i++)
    {
      g_autoptr (GPtrArray) regions =
          g_ptr_array_new_with_free_func ((GDestroyNotify) atlas_region_unref);

      for (guint j = 0; j < covers[i].n; j++)
        {
          const AtlasMapsRecord record = { .start = covers[i].pages[2 * j] * PAGE,
                                           .end = covers[i].pages[2 * j + 1] * PAGE,
                                           .name = "" };

          g_ptr_array_add (regions, atlas_region_new (&record));
        }
      made[i] = cover (regions);
    }
  g_assert_cmpuint (made[1]->len, ==, 1);
  g_assert_true (atlas_cover_holds (made[0], made[1]) && atlas_cover_holds (made[1], made[0]));
  g_assert_true (atlas_cover_holds (made[1], made[2]));
  g_assert_false (atlas_cover_holds (made[2], made[1]));
  for (guint i = 0; i < G_N_ELEMENTS (covers); i++)
    g_array_unref (made[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/cover/random", test_random);
  g_test_add_func ("/model/cover/splits", test_splits);
  return g_test_run ();
}
