/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which pages each counter counts: rule by rule, many pages at once against one at a time, and on
 * this very process against the kernel. Counters of address space on recorded processes are in
 * test-fixtures. */

#include "fixture.h"

#include "atlas-counter.h"
#include "atlas-smaps.h"

#include <string.h>
#include <unistd.h>

#define R ATLAS_PAGE_RESIDENT
#define F ATLAS_PAGE_FILE
#define HEAP "1000-9000 rw-p 0 0:0 0 [heap]\n"
#define LIBRARY "1000-9000 r-xp 0 8:1 5 /lib/libx.so\n"
#define LIBRARY_DATA "1000-9000 rw-p 0 8:1 5 /lib/libx.so\n"
#define SHARED "1000-9000 rw-s 0 0:1 5 /dev/zero (deleted)\n"
#define PROGRAM "1000-9000 r-xp 0 8:1 5 /bin/demo\n"
#define VVAR "1000-9000 r--p 0 0:0 0 [vvar]\n"
#define VDSO "1000-9000 r-xp 0 0:0 0 [vdso]\n"
#define GATE "1000-9000 --xp 0 0:0 0 [vsyscall]\n"
#define STACK "1000-9000 rwxp 0 0:0 0 [stack]\n"
#define HUGETLB "200000-400000 rw-p 0 0:f 5 /anon_hugepage (deleted)\n"
#define JIT "1000-9000 rwxp 0 0:0 0\n"

static void
test_names (void)
{
  static const char *const names[ATLAS_N_COUNTERS] = {
    "VmPeak",   "VmSize", "VmLck", "VmPin", "VmHWM", "VmRSS", "RssAnon", "RssFile",
    "RssShmem", "VmData", "VmStk", "VmExe", "VmLib", "VmPTE", "VmSwap",  "HugetlbPages",
  };

  for (guint i = 0; i < ATLAS_N_COUNTERS; i++)
    {
      g_assert_cmpstr (atlas_counter_get_name (i), ==, names[i]);
      g_assert_cmpint (atlas_counter_from_name (names[i], strlen (names[i])), ==, i);
      g_assert_cmpint (atlas_counter_from_name (names[i], strlen (names[i]) - 1), ==,
                       ATLAS_COUNTER_NONE);
      g_assert_cmpuint (strlen (atlas_counter_get_title (i)), >, 0);
      g_assert_true (g_str_has_suffix (atlas_counter_get_explanation (i), "."));
    }
  g_assert_cmpint (atlas_counter_from_name ("VmSizes", 7), ==, ATLAS_COUNTER_NONE);
  g_assert_cmpint (atlas_counter_from_name ("VmSize\0x", 8), ==, ATLAS_COUNTER_NONE);
  g_assert_cmpint (atlas_counter_from_name ("", 0), ==, ATLAS_COUNTER_NONE);
}

static void
test_has_pages (void)
{
  for (guint i = 0; i < ATLAS_N_COUNTERS; i++)
    {
      const char *name = atlas_counter_get_name (i);
      gboolean without = strcmp (name, "VmPeak") == 0 || strcmp (name, "VmHWM") == 0
                         || strcmp (name, "VmPin") == 0 || strcmp (name, "VmPTE") == 0;
      g_assert_cmpint (atlas_counter_has_pages (i), ==, !without);
    }
  g_assert_false (atlas_counter_has_pages (ATLAS_COUNTER_NONE));
}

/* A region of 8 pages (512 for hugetlb), and the counters that count a page of it, in the kernel's
 * order. VmSize is left out: it counts all but the gate. */
typedef struct
{
  const char *line;
  AtlasPageState state;
  const char *counters;
} Rule;

static const Rule rules[] = {
  { HEAP, ATLAS_PAGE_ABSENT, "VmData" },
  { HEAP, R, "VmRSS RssAnon VmData" },
  { HEAP, R | ATLAS_PAGE_HUGE | ATLAS_PAGE_EXCLUSIVE, "VmRSS RssAnon VmData" },
  { HEAP, ATLAS_PAGE_ZERO, "VmData" },
  { HEAP, ATLAS_PAGE_SWAPPED, "VmData VmSwap" },
  { HEAP, ATLAS_PAGE_UNKNOWN, "VmData" },
  { LIBRARY, ATLAS_PAGE_ABSENT, "VmLib" },
  { LIBRARY, R | F | ATLAS_PAGE_SHARED, "VmRSS RssFile VmLib" },
  { LIBRARY, R, "VmRSS RssAnon VmLib" },
  { LIBRARY_DATA, R | F, "VmRSS RssFile VmData" },
  { LIBRARY_DATA, R, "VmRSS RssAnon VmData" },
  { PROGRAM, R | F, "VmRSS RssFile VmExe" },
  { SHARED, R | F, "VmRSS RssShmem" },
  { SHARED, ATLAS_PAGE_ABSENT, "" },
  { VVAR, R, "" },
  { VDSO, R | F, "VmRSS RssFile VmLib" },
  { GATE, ATLAS_PAGE_UNKNOWN, "" },
  { STACK, R, "VmRSS RssAnon VmStk" },
  { HUGETLB, R | ATLAS_PAGE_HUGE, "VmData HugetlbPages" },
  { HUGETLB, ATLAS_PAGE_ABSENT, "VmData" },
  { JIT, R, "VmRSS RssAnon VmData" },
};

static AtlasRegion *
parse_region (const char *line)
{
  g_autoptr (GPtrArray) regions = regions_parse (line, strlen (line), "/bin/demo", NULL);

  g_assert_cmpuint (regions->len, ==, 1);
  return atlas_region_ref (g_ptr_array_index (regions, 0));
}

static void
set_pages (AtlasRegion *region, AtlasPages *pages)
{
  g_clear_pointer (&region->pages, atlas_pages_unref);
  region->pages = pages;
}

static void
test_rules (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      const Rule *rule = &rules[i];
      g_autoptr (AtlasRegion) region = parse_region (rule->line);
      g_autoptr (GString) counting = g_string_new (NULL);
      guint64 n_pages = (region->end - region->start) / 4096;
      set_pages (region, atlas_pages_new_uniform (n_pages, rule->state));
      for (guint counter = 0; counter < ATLAS_N_COUNTERS; counter++)
        {
          gboolean counts = atlas_counter_counts (counter, region, rule->state);
          g_assert_cmpuint (atlas_counter_count_pages (counter, region, 0, n_pages), ==,
                            counts ? n_pages : 0);
          if (counter == ATLAS_COUNTER_VM_SIZE)
            g_assert_cmpint (counts, ==, strcmp (rule->line, GATE) != 0);
          else if (counts)
            g_string_append_printf (counting, "%s%s", counting->len > 0 ? " " : "",
                                    atlas_counter_get_name (counter));
        }
      g_assert_cmpstr (counting->str, ==, rule->counters);
    }
}

static void
test_locked (void)
{
  g_autoptr (AtlasRegion) region = parse_region (HEAP);

  g_assert_false (atlas_counter_counts (ATLAS_COUNTER_VM_LCK, region, R));
  region->locked = ATLAS_LOCKED_UNKNOWN;
  g_assert_false (atlas_counter_counts (ATLAS_COUNTER_VM_LCK, region, R));
  region->locked = ATLAS_LOCKED_YES;
  g_assert_true (atlas_counter_counts (ATLAS_COUNTER_VM_LCK, region, ATLAS_PAGE_ABSENT));
}

static const AtlasPageState states[] = {
  ATLAS_PAGE_ABSENT,  R, R | F, R | ATLAS_PAGE_HUGE, ATLAS_PAGE_SWAPPED, ATLAS_PAGE_ZERO,
  ATLAS_PAGE_UNKNOWN,
};

/* The sum over any range is what its pages are one by one. */
static void
test_ranges (void)
{
  enum
  {
    N = 600
  };
  static const char *const lines[] = { "100000-358000 rw-p 0 0:0 0\n",
                                       "100000-358000 rw-s 0 0:1 5 /dev/shm/x\n",
                                       "100000-358000 r-xp 0 8:1 5 /lib/libx.so\n",
                                       "100000-358000 r--p 0 0:0 0 [vvar]\n" };
  AtlasPagesBuilder builder;

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (AtlasRegion) region = parse_region (lines[i]);
      atlas_pages_builder_init (&builder);
      for (guint page = 0; page < N; page++)
        atlas_pages_builder_append (&builder, 1,
                                    states[g_test_rand_int_range (0, G_N_ELEMENTS (states))]);
      set_pages (region, atlas_pages_builder_end (&builder));
      atlas_pages_builder_clear (&builder);
      for (guint round = 0; round < 50; round++)
        {
          guint64 first = (guint64) g_test_rand_int_range (0, N + 20);
          guint64 n_pages = (guint64) g_test_rand_int_range (0, N);
          AtlasCounter counter = (AtlasCounter) g_test_rand_int_range (0, ATLAS_N_COUNTERS);
          guint64 sum = 0;
          for (guint64 page = first; page < MIN (first + n_pages, N); page++)
            sum +=
                atlas_counter_counts (counter, region, atlas_pages_get_state (region->pages, page));
          g_assert_cmpuint (atlas_counter_count_pages (counter, region, first, n_pages), ==, sum);
        }
      g_assert_cmpuint (atlas_counter_count_pages (ATLAS_COUNTER_VM_SIZE, region, 10, G_MAXUINT64),
                        ==, N - 10);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/counter/names", test_names);
  g_test_add_func ("/model/counter/has-pages", test_has_pages);
  g_test_add_func ("/model/counter/rules", test_rules);
  g_test_add_func ("/model/counter/locked", test_locked);
  g_test_add_func ("/model/counter/ranges", test_ranges);
  return g_test_run ();
}
