/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Runs of page states against an array with one state per page. */

#include <glib.h>
#include <string.h>

#include "atlas-page-ages.h"
#include "atlas-page-filler.h"
#include "atlas-pagemap-uapi.h"
#include "atlas-pages.h"

#define PAGE G_GUINT64_CONSTANT (4096)

static const AtlasPageState some_states[] = {
  ATLAS_PAGE_ABSENT,
  ATLAS_PAGE_RESIDENT,
  ATLAS_PAGE_RESIDENT | ATLAS_PAGE_FILE | ATLAS_PAGE_SHARED,
  ATLAS_PAGE_RESIDENT | ATLAS_PAGE_EXCLUSIVE,
  ATLAS_PAGE_RESIDENT | ATLAS_PAGE_HUGE | ATLAS_PAGE_EXCLUSIVE,
  ATLAS_PAGE_ZERO,
  ATLAS_PAGE_ZERO | ATLAS_PAGE_HUGE,
  ATLAS_PAGE_SWAPPED,
  ATLAS_PAGE_UNKNOWN,
};

/* One state per page, and the same as runs. */
typedef struct
{
  GArray *naive; /* AtlasPageState */
  AtlasPages *pages;
} Pair;

static void
pair_init (Pair *pair, guint n_appends, guint longest)
{
  g_auto (AtlasPagesBuilder) builder;

  pair->naive = g_array_new (FALSE, FALSE, sizeof (AtlasPageState));
  atlas_pages_builder_init (&builder);
  for (guint i = 0; i < n_appends; i++)
    {
      guint length = (guint) g_test_rand_int_range (0, (gint) longest + 1);
      AtlasPageState state =
          some_states[g_test_rand_int_range (0, (gint) G_N_ELEMENTS (some_states))];

      for (guint j = 0; j < length; j++)
        g_array_append_val (pair->naive, state);
      atlas_pages_builder_append (&builder, length, state);
    }
  pair->pages = atlas_pages_builder_end (&builder);
}

static void
pair_clear (Pair *pair)
{
  g_array_unref (pair->naive);
  atlas_pages_unref (pair->pages);
}

static void
count_naive (const GArray *naive, guint64 first, guint64 n_pages, AtlasPageCounts *counts)
{
  memset (counts, 0, sizeof *counts);
  for (guint64 i = first; i < naive->len && i - first < n_pages; i++)
    {
      AtlasPageState state = g_array_index (naive, AtlasPageState, i);
      gboolean resident = (state & ATLAS_PAGE_RESIDENT) != 0;

      counts->pages++;
      counts->resident += resident;
      counts->swapped += (state & ATLAS_PAGE_SWAPPED) != 0;
      counts->zero += (state & ATLAS_PAGE_ZERO) != 0;
      counts->huge +=
          (state & ATLAS_PAGE_HUGE) && (state & (ATLAS_PAGE_RESIDENT | ATLAS_PAGE_ZERO));
      counts->file += resident && (state & ATLAS_PAGE_FILE);
      counts->shared += resident && (state & ATLAS_PAGE_SHARED);
      counts->exclusive += resident && (state & ATLAS_PAGE_EXCLUSIVE);
      counts->unknown += (state & ATLAS_PAGE_UNKNOWN) != 0;
    }
}

static void
check_range (const Pair *pair, guint64 first, guint64 n_pages)
{
  AtlasPageCounts expected, got;

  count_naive (pair->naive, first, n_pages, &expected);
  atlas_pages_count (pair->pages, first, n_pages, &got);
  g_assert_cmpmem (&got, sizeof got, &expected, sizeof expected);
}

static void
check_runs (const Pair *pair)
{
  guint n_runs;
  const AtlasRun *runs = atlas_pages_get_runs (pair->pages, &n_runs);

  g_assert_cmpuint (atlas_pages_get_n_pages (pair->pages), ==, pair->naive->len);
  for (guint i = 0; i < n_runs; i++)
    {
      if (i == 0)
        g_assert_cmpuint (runs[i].first, ==, 0);
      else
        {
          g_assert_cmpuint (runs[i].first, >, runs[i - 1].first);
          g_assert_cmpuint (runs[i].state, !=, runs[i - 1].state);
        }
    }
  for (guint page = 0; page < pair->naive->len; page++)
    {
      guint run = atlas_pages_find_run (pair->pages, page);

      g_assert_cmpuint (runs[run].first, <=, page);
      g_assert_true (run + 1 == n_runs || runs[run + 1].first > page);
      g_assert_cmpuint (atlas_pages_get_state (pair->pages, page), ==,
                        g_array_index (pair->naive, AtlasPageState, page));
    }
}

static void
test_random (void)
{
  g_test_summary ("Runs tell what an array with one entry per page tells");

  for (guint round = 0; round < 60; round++)
    {
      guint n_appends = (guint) g_test_rand_int_range (0, round % 4 == 0 ? 900 : 70);
      Pair pair;
      AtlasPageCounts all, expected;

      pair_init (&pair, n_appends, round % 3 == 0 ? 1 : 40);
      check_runs (&pair);
      for (guint i = 0; i < 200 && pair.naive->len > 0; i++)
        check_range (&pair, (guint64) g_test_rand_int_range (0, (gint) pair.naive->len + 3),
                     (guint64) g_test_rand_int_range (0, (gint) pair.naive->len + 3));
      check_range (&pair, 0, G_MAXUINT64);
      count_naive (pair.naive, 0, G_MAXUINT64, &expected);
      atlas_pages_count_all (pair.pages, &all);
      g_assert_cmpmem (&all, sizeof all, &expected, sizeof expected);
      pair_clear (&pair);
    }
}

static void
test_uniform (void)
{
  const guint64 terabytes = (G_GUINT64_CONSTANT (2) << 40) / PAGE;
  g_autoptr (AtlasPages) pages = atlas_pages_new_uniform (terabytes, ATLAS_PAGE_ABSENT);
  AtlasPageCounts counts;

  g_test_summary ("A region in one state costs tens of bytes, whatever its size");

  g_assert_cmpuint (atlas_pages_get_memory (pages), <, 64);
  atlas_pages_count (pages, terabytes - 1, 10, &counts);
  g_assert_cmpuint (counts.pages, ==, 1);
  atlas_pages_count (pages, terabytes, 10, &counts);
  g_assert_cmpuint (counts.pages, ==, 0);
}

static void
test_memory (void)
{
  g_auto (AtlasPagesBuilder) builder;
  g_autoptr (AtlasPages) pages = NULL;
  const guint n_runs = 100000;

  g_test_summary ("At most 16 bytes for a run");

  atlas_pages_builder_init (&builder);
  for (guint i = 0; i < n_runs; i++)
    atlas_pages_builder_append (&builder, 1, i % 2 == 0 ? ATLAS_PAGE_RESIDENT : ATLAS_PAGE_ABSENT);
  pages = atlas_pages_builder_end (&builder);
  g_assert_cmpuint (atlas_pages_get_memory (pages), <=, (gsize) 16 * n_runs);
  g_assert_cmpuint (atlas_pages_get_memory (pages), >=, (gsize) 8 * n_runs);
}

static void
test_equal (void)
{
  g_autoptr (AtlasPages) one = atlas_pages_new_uniform (7, ATLAS_PAGE_RESIDENT);
  g_autoptr (AtlasPages) same = atlas_pages_new_uniform (7, ATLAS_PAGE_RESIDENT);
  g_autoptr (AtlasPages) longer = atlas_pages_new_uniform (8, ATLAS_PAGE_RESIDENT);
  g_autoptr (AtlasPages) other = atlas_pages_new_uniform (7, ATLAS_PAGE_ZERO);

  g_assert_true (atlas_pages_equal (one, one));
  g_assert_true (atlas_pages_equal (one, same));
  g_assert_false (atlas_pages_equal (one, longer));
  g_assert_false (atlas_pages_equal (one, other));
}

static void
test_builder_reuse (void)
{
  g_auto (AtlasPagesBuilder) builder;
  g_autoptr (AtlasPages) first = NULL;
  g_autoptr (AtlasPages) second = NULL;
  guint n_runs;

  g_test_summary ("Equal neighbours merge, and a builder can be used again");

  atlas_pages_builder_init (&builder);
  atlas_pages_builder_append (&builder, 3, ATLAS_PAGE_ZERO);
  atlas_pages_builder_append (&builder, 0, ATLAS_PAGE_RESIDENT);
  atlas_pages_builder_append (&builder, 4, ATLAS_PAGE_ZERO);
  first = atlas_pages_builder_end (&builder);
  atlas_pages_builder_append (&builder, 2, ATLAS_PAGE_SWAPPED);
  second = atlas_pages_builder_end (&builder);
  atlas_pages_get_runs (first, &n_runs);
  g_assert_cmpuint (n_runs, ==, 1);
  g_assert_cmpuint (atlas_pages_get_n_pages (first), ==, 7);
  g_assert_cmpuint (atlas_pages_get_n_pages (second), ==, 2);
  g_assert_cmpuint (atlas_pages_get_state (second, 0), ==, ATLAS_PAGE_SWAPPED);
}

static AtlasRegion *
make_region (guint64 first, guint64 n_pages, AtlasPermissions permissions, const char *name)
{
  AtlasMapsRecord record = {
    .start = first * PAGE,
    .end = (first + n_pages) * PAGE,
    .inode = name[0] == '/' ? 1 : 0,
    .permissions = permissions,
    .name = name,
    .name_length = strlen (name),
  };

  return atlas_region_new (&record);
}

static void
check_states (const AtlasPages *pages, const char *expected)
{
  static const char letters[] = "-RsZ";

  g_assert_cmpuint (atlas_pages_get_n_pages (pages), ==, strlen (expected));
  for (guint i = 0; expected[i] != '\0'; i++)
    {
      AtlasPageState state = atlas_pages_get_state (pages, i);
      guint letter = state & ATLAS_PAGE_RESIDENT ? 1 : state & ATLAS_PAGE_ZERO ? 3 : 0;

      if (state & ATLAS_PAGE_SWAPPED)
        letter = 2;
      g_assert_cmpint (letters[letter], ==, expected[i]);
    }
}

static void
test_filler (void)
{
  AtlasRegion *regions[] = {
    make_region (10, 4, ATLAS_PERM_READ, ""),
    make_region (14, 2, ATLAS_PERM_READ, ""),
    make_region (20, 5, ATLAS_PERM_READ, ""),
    make_region (G_GUINT64_CONSTANT (1) << 51, 1, ATLAS_PERM_EXEC, "[vsyscall]"),
  };
  AtlasPages *pages[G_N_ELEMENTS (regions)];
  g_auto (AtlasPageFiller) filler;

  g_test_summary ("Runs are cut at regions; gaps are absent; what is outside is passed over");

  atlas_page_filler_init (&filler, regions, G_N_ELEMENTS (regions), PAGE, NULL, pages);
  atlas_page_filler_add (&filler, 8 * PAGE, 11 * PAGE, ATLAS_PAGE_RESIDENT);
  atlas_page_filler_add (&filler, 13 * PAGE, 15 * PAGE, ATLAS_PAGE_SWAPPED);
  atlas_page_filler_add (&filler, 17 * PAGE, 18 * PAGE, ATLAS_PAGE_RESIDENT);
  atlas_page_filler_add (&filler, 22 * PAGE, 40 * PAGE, ATLAS_PAGE_ZERO);
  atlas_page_filler_finish (&filler);
  check_states (pages[0], "R--s");
  check_states (pages[1], "s-");
  check_states (pages[2], "--ZZZ");
  g_assert_cmpuint (atlas_pages_get_state (pages[3], 0), ==, ATLAS_PAGE_UNKNOWN);
  for (guint i = 0; i < G_N_ELEMENTS (regions); i++)
    {
      atlas_pages_unref (pages[i]);
      atlas_region_unref (regions[i]);
    }
}

static void
test_filler_source (void)
{
  const AtlasPageState file = ATLAS_PAGE_RESIDENT | ATLAS_PAGE_FILE;
  AtlasRegion *regions[] = {
    make_region (0, 1, ATLAS_PERM_READ | ATLAS_PERM_SHARED, "/dev/zero (deleted)"),
    make_region (1, 1, ATLAS_PERM_READ, "/usr/bin/true"),
    make_region (2, 1, ATLAS_PERM_READ, "/usr/bin/true"),
    make_region (3, 1, ATLAS_PERM_READ, "[heap]"),
    make_region (4, 1, ATLAS_PERM_READ, "[vdso]"),
  };
  const AtlasPageState told[] = { ATLAS_PAGE_RESIDENT, ATLAS_PAGE_RESIDENT, file, file, file };
  const AtlasPageState expected[] = { file, ATLAS_PAGE_RESIDENT, file,
                                      ATLAS_PAGE_ZERO | ATLAS_PAGE_HUGE, file };
  AtlasPages *pages[G_N_ELEMENTS (regions)];
  g_auto (AtlasPageFiller) filler;

  g_test_summary ("What follows from the mapping is filled in");

  atlas_page_filler_init (&filler, regions, G_N_ELEMENTS (regions), PAGE, NULL, pages);
  for (guint i = 0; i < G_N_ELEMENTS (regions); i++)
    atlas_page_filler_add (&filler, i * PAGE, (i + 1) * PAGE, told[i]);
  atlas_page_filler_finish (&filler);
  for (guint i = 0; i < G_N_ELEMENTS (regions); i++)
    {
      g_assert_cmpuint (atlas_pages_get_state (pages[i], 0), ==, expected[i]);
      atlas_pages_unref (pages[i]);
      atlas_region_unref (regions[i]);
    }
}

#define N_APART_REGIONS 5

/* Runs of pages [from, to) with categories: present, or a guard, which is nothing. */
typedef struct
{
  guint from, to;
  guint64 categories;
} Apart;

static void
fill_apart (AtlasRegion **regions,
            const Apart *aparts,
            guint n,
            gboolean together,
            AtlasPages **pages)
{
  g_auto (AtlasPageFiller) filler;
  g_autofree AtlasScanRun *runs = g_new (AtlasScanRun, n);

  for (guint i = 0; i < n; i++)
    runs[i] = (AtlasScanRun){ aparts[i].from * PAGE, aparts[i].to * PAGE, aparts[i].categories };
  atlas_page_filler_init (&filler, regions, N_APART_REGIONS, PAGE, NULL, pages);
  for (guint i = 0, taken; i < n; i += MAX (taken, 1))
    {
      AtlasPageState state =
          runs[i].categories & ATLAS_PAGE_IS_GUARD ? ATLAS_PAGE_ABSENT : ATLAS_PAGE_RESIDENT;

      taken = together ? atlas_page_filler_add_apart (&filler, &runs[i], n - i, state) : 0;
      if (taken == 0)
        atlas_page_filler_add (&filler, runs[i].start, runs[i].end, state);
    }
  atlas_page_filler_finish (&filler);
}

static void
test_filler_apart (void)
{
  enum
  {
    RAM = ATLAS_PAGE_IS_PRESENT,
    NEW = ATLAS_PAGE_IS_PRESENT | ATLAS_PAGE_IS_SWAPPED,
    BAR = ATLAS_PAGE_IS_GUARD
  };
  static const Apart all[] = {
    { 8, 9, RAM },                    /* before all of them */
    { 10, 11, RAM },                  /* where a region begins */
    { 12, 13, RAM }, { 13, 14, RAM }, /* one right behind the other */
    { 15, 16, NEW }, { 17, 18, RAM }, { 19, 20, BAR },   { 21, 22, RAM },
    { 23, 30, RAM },                                   /* to where it ends */
    { 31, 32, RAM }, { 39, 42, RAM },                  /* over two */
    { 43, 44, RAM }, { 45, 46, RAM }, { 55, 57, RAM }, /* between two */
    { 61, 62, BAR }, { 63, 64, RAM }, { 65, 66, RAM },   { 69, 75, RAM },
    { 79, 81, RAM }, { 90, 91, RAM }, { 200, 201, RAM }, /* behind all of them */
  };
  AtlasRegion *regions[N_APART_REGIONS] = {
    make_region (10, 20, ATLAS_PERM_READ, ""), make_region (30, 10, ATLAS_PERM_READ, ""),
    make_region (40, 10, ATLAS_PERM_READ, ""), make_region (60, 20, ATLAS_PERM_READ, ""),
    make_region (80, 20, ATLAS_PERM_READ, ""),
  };

  g_test_summary ("Runs that lie apart are laid out together as one after the other is");
  for (guint first = 0; first < G_N_ELEMENTS (all); first++)
    {
      AtlasPages *one[N_APART_REGIONS], *together[N_APART_REGIONS];

      fill_apart (regions, all + first, G_N_ELEMENTS (all) - first, FALSE, one);
      fill_apart (regions, all + first, G_N_ELEMENTS (all) - first, TRUE, together);
      for (guint i = 0; i < N_APART_REGIONS; i++)
        {
          g_assert_true (atlas_pages_equal (one[i], together[i]));
          atlas_pages_unref (one[i]);
          atlas_pages_unref (together[i]);
        }
    }
  for (guint i = 0; i < N_APART_REGIONS; i++)
    atlas_region_unref (regions[i]);
}

static void
test_filler_abandon (void)
{
  AtlasRegion *regions[] = { make_region (0, 2, 0, ""), make_region (2, 2, 0, "") };
  AtlasPages *pages[G_N_ELEMENTS (regions)];
  g_auto (AtlasPageFiller) filler;

  atlas_page_filler_init (&filler, regions, G_N_ELEMENTS (regions), PAGE, NULL, pages);
  atlas_page_filler_add (&filler, 0, 3 * PAGE, ATLAS_PAGE_RESIDENT);
  atlas_page_filler_abandon (&filler);
  for (guint i = 0; i < G_N_ELEMENTS (regions); i++)
    {
      g_assert_null (pages[i]);
      atlas_region_unref (regions[i]);
    }
}

static void
assert_is_naive (const AtlasPages *pages, const GArray *naive)
{
  const AtlasRun *runs;
  guint n_runs;

  g_assert_cmpuint (atlas_pages_get_n_pages (pages), ==, naive->len);
  for (guint i = 0; i < naive->len; i++)
    g_assert_cmpint (atlas_pages_get_state (pages, i), ==,
                     g_array_index (naive, AtlasPageState, i));
  runs = atlas_pages_get_runs (pages, &n_runs);
  for (guint i = 1; i < n_runs; i++)
    g_assert_cmpint (runs[i].state, !=, runs[i - 1].state);
}

static void
test_splice (void)
{
  g_test_summary ("A part put in its place, and the same object when it is the same");

  for (guint i = 0; i < 300; i++)
    {
      Pair whole, part;
      g_autoptr (AtlasPages) spliced = NULL;
      g_autoptr (AtlasPages) again = NULL;
      guint first;

      pair_init (&part, 8, 4);
      do
        pair_init (&whole, 60, 5);
      while (whole.naive->len < part.naive->len && (pair_clear (&whole), TRUE));
      first = (guint) g_test_rand_int_range (0, (gint) (whole.naive->len - part.naive->len) + 1);
      spliced = atlas_pages_splice (whole.pages, first, part.pages);
      for (guint j = 0; j < part.naive->len; j++)
        g_array_index (whole.naive, AtlasPageState, first + j) =
            g_array_index (part.naive, AtlasPageState, j);
      assert_is_naive (spliced, whole.naive);
      again = atlas_pages_splice (spliced, first, part.pages);
      g_assert_true (again == spliced);
      pair_clear (&whole);
      pair_clear (&part);
    }
}

static void
test_builder_like (void)
{
  g_auto (AtlasPagesBuilder) builder = { 0 };
  g_autoptr (AtlasPages) one = NULL;
  g_autoptr (AtlasPages) same = NULL;
  g_autoptr (AtlasPages) other = NULL;
  g_autoptr (AtlasPages) neighbour = NULL;

  atlas_pages_builder_append (&builder, 3, ATLAS_PAGE_ZERO);
  one = atlas_pages_builder_end (&builder);
  atlas_pages_builder_append (&builder, 2, ATLAS_PAGE_ZERO);
  atlas_pages_builder_append (&builder, 1, ATLAS_PAGE_ZERO);
  same = atlas_pages_builder_end_like (&builder, one, NULL);
  atlas_pages_builder_append (&builder, 4, ATLAS_PAGE_ZERO);
  other = atlas_pages_builder_end_like (&builder, one, NULL);
  atlas_pages_builder_append (&builder, 4, ATLAS_PAGE_ZERO);
  neighbour = atlas_pages_builder_end_like (&builder, one, other);
  g_assert_true (same == one);
  g_assert_true (neighbour == other);
  g_assert_cmpuint (atlas_pages_get_n_pages (other), ==, 4);
}

#define AGES_END 200

static void
assert_ages (const AtlasPageAges *ages, const gint64 *naive)
{
  for (guint64 start = 0; start < AGES_END; start++)
    {
      gint64 oldest = G_MAXINT64;

      for (guint64 end = start + 1; end <= AGES_END; end++)
        {
          oldest = MIN (oldest, naive[end - 1]);
          g_assert_cmpint (atlas_page_ages_get_oldest (ages, start, end), ==, oldest);
        }
    }
}

static void
test_ages (void)
{
  gint64 naive[AGES_END] = { 0 };
  g_auto (AtlasPageAges) ages = { NULL };

  g_test_summary ("When each part was read, against an array; coarser is never younger");

  atlas_page_ages_init (&ages, 0);
  for (gint64 time = 1; time < 60; time++)
    {
      guint64 start = (guint64) g_test_rand_int_range (0, AGES_END);
      guint64 end = (guint64) g_test_rand_int_range ((gint) start, AGES_END + 1);

      atlas_page_ages_set (&ages, start, end, time);
      for (guint64 i = start; i < end; i++)
        naive[i] = time;
      assert_ages (&ages, naive);
    }
  atlas_page_ages_coarsen (&ages, 3);
  g_assert_cmpuint (ages.parts->len, <=, 3);
  for (guint64 i = 0; i < AGES_END; i++)
    g_assert_cmpint (atlas_page_ages_get_oldest (&ages, i, i + 1), <=, naive[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/live/pages/random", test_random);
  g_test_add_func ("/live/pages/uniform", test_uniform);
  g_test_add_func ("/live/pages/memory", test_memory);
  g_test_add_func ("/live/pages/equal", test_equal);
  g_test_add_func ("/live/pages/builder-reuse", test_builder_reuse);
  g_test_add_func ("/live/pages/splice", test_splice);
  g_test_add_func ("/live/pages/builder-like", test_builder_like);
  g_test_add_func ("/live/ages/random", test_ages);
  g_test_add_func ("/live/filler/regions", test_filler);
  g_test_add_func ("/live/filler/source", test_filler_source);
  g_test_add_func ("/live/filler/apart", test_filler_apart);
  g_test_add_func ("/live/filler/abandon", test_filler_abandon);

  return g_test_run ();
}
