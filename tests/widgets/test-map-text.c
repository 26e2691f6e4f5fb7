/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What tooltips and screen readers say, of a recorded process whose every page is known. */

#include "atlas-block-text.h"
#include "atlas-counter-text.h"
#include "atlas-label-text.h"
#include "atlas-page-text.h"
#include "recording.h"

#define HEAP G_GUINT64_CONSTANT (0x55f01c2e0000) /* 400 pages, 328 resident */
#define LIBC_TEXT G_GUINT64_CONSTANT (0x7f2c1b026000)

static AtlasSnapshot *
take_shell (Recording *recording)
{
  recording_add_shell (recording);
  return recording_take (recording);
}

static guint
find (AtlasSnapshot *snapshot, guint64 address)
{
  guint index;

  g_assert_true (atlas_snapshot_find (snapshot, address, &index));
  return index;
}

static void
test_states (void)
{
  static const struct
  {
    AtlasPageState state;
    const char *words;
  } cases[] = {
    { ATLAS_PAGE_ABSENT, "not resident" },
    { ATLAS_PAGE_RESIDENT, "resident, anonymous" },
    { ATLAS_PAGE_RESIDENT | ATLAS_PAGE_EXCLUSIVE, "resident, anonymous, not shared" },
    { ATLAS_PAGE_RESIDENT | ATLAS_PAGE_FILE | ATLAS_PAGE_SHARED,
      "resident, page of the file, shared with other processes" },
    { ATLAS_PAGE_RESIDENT | ATLAS_PAGE_SHARED,
      "resident, anonymous, still shared with another process" },
    { ATLAS_PAGE_RESIDENT | ATLAS_PAGE_HUGE, "resident, anonymous, in a huge page" },
    { ATLAS_PAGE_SWAPPED, "swapped out" },
    { ATLAS_PAGE_UNKNOWN, "state unknown" },
  };
  AtlasRegion region = { .kind = ATLAS_KIND_ANONYMOUS };

  g_test_summary ("Each state of a page has its words");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *words = atlas_page_text_state (&region, cases[i].state);

      g_assert_cmpstr (words, ==, cases[i].words);
    }
}

static void
test_sharing (void)
{
  static const AtlasPageCounts forked = { .pages = 16, .resident = 16, .shared = 9 };
  static const AtlasPageCounts file = { .pages = 16, .resident = 16, .file = 16, .shared = 9 };
  g_autofree char *anonymous_words = atlas_page_text_counts (&forked);
  g_autofree char *file_words = atlas_page_text_counts (&file);

  g_test_summary ("Of a cell of many pages, how many are still shared since a fork");

  g_assert_cmpstr (anonymous_words, ==, "16 resident, 9 still shared with another process");
  g_assert_cmpstr (file_words, ==, "16 resident, 9 shared with other processes");
}

static AtlasLabels *
new_labels (guint n)
{
  AtlasLabelsBuilder *builder = atlas_labels_builder_new ();

  for (guint i = 0; i < n; i++)
    {
      const char short_name[] = { (char) ('a' + i), '\0' };
      g_autofree char *name = g_strdup_printf ("%s · malloc 24 B", short_name);

      atlas_labels_builder_add (builder, HEAP + 16 + i * 32, HEAP + 40 + i * 32, name, short_name);
    }
  return atlas_labels_builder_end (builder);
}

static void
test_allocations (void)
{
  g_autoptr (AtlasLabels) two = new_labels (2), seven = new_labels (7);
  g_auto (GStrv) lines = atlas_label_text_list (two, HEAP, HEAP + 4096);
  g_auto (GStrv) one = atlas_label_text_list (two, HEAP, HEAP + 17);
  g_auto (GStrv) many = atlas_label_text_list (seven, HEAP, HEAP + 4096);
  g_autofree char *text = atlas_label_text_describe (two, HEAP, HEAP + 4096);

  g_test_summary ("Which allocations touch a page, with their exact bytes");

  g_assert_cmpuint (g_strv_length (lines), ==, 2);
  g_assert_cmpstr (lines[0], ==, "a · malloc 24 B at 0x55f01c2e0010–0x55f01c2e0028");
  g_assert_cmpstr (lines[1], ==, "b · malloc 24 B at 0x55f01c2e0030–0x55f01c2e0048");
  g_assert_cmpuint (g_strv_length (one), ==, 1);
  g_assert_cmpuint (g_strv_length (many), ==, 5);
  g_assert_cmpstr (many[4], ==, "and 3 more allocations");
  g_assert_cmpstr (text, ==,
                   "a · malloc 24 B at 0x55f01c2e0010–0x55f01c2e0028, "
                   "b · malloc 24 B at 0x55f01c2e0030–0x55f01c2e0048");
  g_assert_null (atlas_label_text_list (two, HEAP + 4096, HEAP + 8192));
  g_assert_null (atlas_label_text_describe (NULL, 0, G_MAXUINT64));
}

static void
test_allocations_in_lines (void)
{
  static const char *const tip[] = { "title", "state", NULL };
  g_autoptr (AtlasLabels) labels = new_labels (1);
  g_auto (GStrv) without =
      atlas_label_text_insert (g_strdupv ((char **) tip), NULL, HEAP, HEAP + 9);
  g_auto (GStrv) with =
      atlas_label_text_insert (g_strdupv ((char **) tip), labels, HEAP, HEAP + 99);

  g_test_summary ("They are told behind the title");

  g_assert_true (g_strv_equal ((const char *const *) without, tip));
  g_assert_cmpuint (g_strv_length (with), ==, 3);
  g_assert_cmpstr (with[0], ==, "title");
  g_assert_true (g_str_has_prefix (with[1], "a · malloc"));
  g_assert_cmpstr (with[2], ==, "state");
}

static void
test_locked (void)
{
  AtlasRegion region = { .kind = ATLAS_KIND_SHARED, .locked = ATLAS_LOCKED_YES };
  g_autofree char *words = atlas_page_text_state (&region, ATLAS_PAGE_RESIDENT | ATLAS_PAGE_FILE);

  g_test_summary ("A lock is said, and shared memory is not called a file");

  g_assert_cmpstr (words, ==, "resident, shared memory, locked");
}

static void
test_one_page (void)
{
  g_autoptr (Recording) recording = recording_new (TRUE);
  g_autoptr (AtlasSnapshot) snapshot = take_shell (recording);
  guint64 address = HEAP + 11 * recording->page_size;
  g_auto (GStrv) lines = atlas_page_text_tooltip (snapshot, find (snapshot, HEAP), address, 1);

  g_test_summary ("A page: where it is, its state, which counters count it, its region");

  g_assert_cmpuint (g_strv_length (lines), ==, 4);
  g_assert_cmpstr (lines[0], ==, "0x55f01c2eb000, page 12 of 400");
  g_assert_true (g_str_has_prefix (lines[1], "resident, anonymous"));
  g_assert_cmpstr (lines[2], ==, "counted in VmSize, VmRSS, RssAnon, VmData");
  g_assert_true (g_str_has_prefix (lines[3], "[heap] · "));
  g_assert_nonnull (strstr (lines[3], " · rw-p · "));
}

static void
test_absent_page (void)
{
  g_autoptr (Recording) recording = recording_new (TRUE);
  g_autoptr (AtlasSnapshot) snapshot = take_shell (recording);
  guint64 address = HEAP + 399 * recording->page_size;
  g_auto (GStrv) lines = atlas_page_text_tooltip (snapshot, find (snapshot, HEAP), address, 1);

  g_test_summary ("A page that is not there is counted as address space alone");

  g_assert_true (g_str_has_suffix (lines[0], ", page 400 of 400"));
  g_assert_cmpstr (lines[1], ==, "not resident");
  g_assert_cmpstr (lines[2], ==, "counted in VmSize, VmData");
}

static void
test_several_pages (void)
{
  g_autoptr (Recording) recording = recording_new (TRUE);
  g_autoptr (AtlasSnapshot) snapshot = take_shell (recording);
  guint64 address = HEAP + 320 * recording->page_size;
  g_auto (GStrv) lines = atlas_page_text_tooltip (snapshot, find (snapshot, HEAP), address, 16);

  g_test_summary ("A cell of 16 pages, 8 of them resident: ranges and numbers");

  g_assert_cmpstr (lines[0], ==, "0x55f01c420000–0x55f01c430000, pages 321 to 336 of 400");
  g_assert_true (g_str_has_prefix (lines[1], "8 resident"));
  g_assert_true (g_str_has_suffix (lines[1], "8 not resident"));
  g_assert_cmpstr (lines[2], ==, "counted in VmSize 16, VmRSS 8, RssAnon 8, VmData 16");
}

static void
test_region (void)
{
  g_autoptr (Recording) recording = recording_new (TRUE);
  g_autoptr (AtlasSnapshot) snapshot = take_shell (recording);
  g_auto (GStrv) lines =
      atlas_page_text_tooltip (snapshot, find (snapshot, LIBC_TEXT), LIBC_TEXT, 0);

  g_test_summary ("A heading: the region as a whole, with its whole path");

  g_assert_true (g_str_has_prefix (lines[0], "libc.so.6 · "));
  g_assert_cmpstr (lines[1], ==, "7f2c1b026000–7f2c1b17b000");
  g_assert_true (g_str_has_prefix (lines[2], "200 resident"));
  g_assert_cmpstr (lines[g_strv_length (lines) - 1], ==, "/usr/lib/x86_64-linux-gnu/libc.so.6");
}

static void
test_unknown (void)
{
  g_autoptr (Recording) recording = recording_new (FALSE);
  g_autoptr (AtlasSnapshot) snapshot = take_shell (recording);
  const char *const *problems = atlas_snapshot_get_problems (snapshot);
  g_auto (GStrv) lines = atlas_page_text_tooltip (snapshot, find (snapshot, HEAP), HEAP, 1);

  g_test_summary ("What is not known is said to be unknown, with the reason");

  g_assert_cmpstr (lines[1], ==, "state unknown");
  g_assert_nonnull (problems[0]);
  g_assert_true (g_strv_contains ((const char *const *) lines, problems[0]));
}

static void
test_old (void)
{
  g_autoptr (Recording) recording = recording_new (TRUE);
  g_autoptr (AtlasSnapshot) snapshot = take_shell (recording);
  guint64 page_size = recording->page_size;
  AtlasSpineBlock block = { .first_region = find (snapshot, HEAP), .n_regions = 1 };
  g_auto (GStrv) old = NULL, new = NULL, region = NULL, of_block = NULL;
  g_autofree char *description = NULL;

  g_test_summary ("Of pages that were not read lately it is said when they were");

  recording_set_age (snapshot, HEAP + 8 * page_size, HEAP + 16 * page_size, 12 * G_USEC_PER_SEC);
  old = atlas_page_text_tooltip (snapshot, find (snapshot, HEAP), HEAP + 11 * page_size, 1);
  new = atlas_page_text_tooltip (snapshot, find (snapshot, HEAP), HEAP + 16 * page_size, 1);
  region = atlas_page_text_tooltip (snapshot, find (snapshot, HEAP), HEAP, 0);
  of_block = atlas_block_text_tooltip (snapshot, &block);
  description = atlas_page_text_describe (snapshot, HEAP + 11 * page_size);
  g_assert_true (g_strv_contains ((const char *const *) old, "pages read 12 s ago"));
  g_assert_cmpuint (g_strv_length (new), ==, 4);
  g_assert_true (g_strv_contains ((const char *const *) region, "pages read 12 s ago"));
  g_assert_true (g_strv_contains ((const char *const *) of_block, "pages read 12 s ago"));
  g_assert_true (g_str_has_suffix (description, ", pages read 12 s ago"));
}

static void
test_hostile_name (void)
{
  g_autoptr (Recording) recording = recording_new (FALSE);
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  g_auto (GStrv) lines = NULL;
  g_autofree char *description = NULL;

  g_test_summary ("A name that looks like markup, or is no text at all, stays harmless");

  recording_add (recording, HEAP, 4, "rw-p", 7, "/tmp/<b>&amp;\x1b[31m\xff", 0);
  snapshot = recording_take (recording);
  lines = atlas_page_text_tooltip (snapshot, 0, HEAP, 0);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_assert_true (g_utf8_validate (lines[i], -1, NULL));
      g_assert_null (strchr (lines[i], '\x1b'));
    }
  g_assert_true (g_str_has_prefix (lines[0], "<b>&amp;\\x1b[31m\\xff · "));
  description = atlas_page_text_describe (snapshot, HEAP);
  g_assert_true (g_utf8_validate (description, -1, NULL));
}

static void
test_describe (void)
{
  g_autoptr (Recording) recording = recording_new (TRUE);
  g_autoptr (AtlasSnapshot) snapshot = take_shell (recording);
  g_autofree char *description =
      atlas_page_text_describe (snapshot, HEAP + 11 * recording->page_size + 7);

  g_test_summary ("The selection in one line; of an address that is not mapped, nothing");

  g_assert_true (g_str_has_prefix (
      description, "[heap], page 12 of 400 at 0x55f01c2eb000, resident, anonymous"));
  g_assert_null (atlas_page_text_describe (snapshot, 0x1000));
}

static void
test_blocks (void)
{
  g_autoptr (Recording) recording = recording_new (TRUE);
  g_autoptr (AtlasSnapshot) snapshot = take_shell (recording);
  AtlasSpineBlock heap = { .start = HEAP,
                           .end = HEAP + 400 * recording->page_size,
                           .first_region = find (snapshot, HEAP),
                           .n_regions = 1 };
  AtlasSpineBlock library = { .start = LIBC_TEXT,
                              .end = 0x7f2c1b1dd000,
                              .first_region = find (snapshot, LIBC_TEXT) - 1,
                              .n_regions = 6 };
  AtlasSpineBlock gap = { .gap = TRUE, .start = 0x100000000000, .end = 0x300000000000 };
  g_auto (GStrv) of_heap = atlas_block_text_tooltip (snapshot, &heap);
  g_auto (GStrv) of_library = atlas_block_text_tooltip (snapshot, &library);
  g_auto (GStrv) of_gap = atlas_block_text_tooltip (snapshot, &gap);
  g_autofree char *described = atlas_block_text_describe (snapshot, &heap);

  g_test_summary ("A block of the spine: one region, merged neighbours, a gap");

  g_assert_true (g_str_has_prefix (of_heap[0], "[heap] · "));
  g_assert_cmpstr (of_heap[1], ==, "55f01c2e0000–55f01c470000");
  g_assert_cmpstr (of_heap[2], ==, "1.6 MiB, 82 % resident");
  g_assert_true (g_str_has_suffix (described, ", 1.6 MiB, 82 % resident"));

  g_assert_cmpstr (of_library[0], ==, "6 regions");
  /* Its .bss and its writable part are named apart from the rest. */
  g_assert_cmpstr (of_library[3], ==, "libc.so.6 ×4");

  g_assert_cmpstr (of_gap[0], ==, "32 TiB unmapped");
  g_assert_cmpstr (of_gap[1], ==, "100000000000–300000000000");
  g_assert_null (of_gap[2]);
}

static void
test_many_names (void)
{
  g_autoptr (Recording) recording = recording_new (FALSE);
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  AtlasSpineBlock all = { .first_region = 0, .n_regions = 12 };
  g_auto (GStrv) lines = NULL;

  g_test_summary ("Of twelve names eight are listed and the rest is counted");

  for (guint i = 0; i < 12; i++)
    {
      g_autofree char *name = g_strdup_printf ("/tmp/file-%u", i);

      recording_add (recording, HEAP + i * 0x10000, 1, "r--p", 20 + i, name, 0);
    }
  snapshot = recording_take (recording);
  lines = atlas_block_text_tooltip (snapshot, &all);
  g_assert_cmpstr (lines[0], ==, "12 regions");
  g_assert_cmpstr (lines[1], ==, "file-11");
  g_assert_cmpstr (lines[8], ==, "file-4");
  g_assert_cmpstr (lines[9], ==, "and 4 more");
}

static void
test_counters (void)
{
  g_autoptr (Recording) recording = recording_new (TRUE);
  g_autoptr (AtlasSnapshot) snapshot = take_shell (recording);
  g_auto (GStrv) size = atlas_counter_text_tooltip (snapshot, NULL, ATLAS_COUNTER_VM_SIZE);
  g_auto (GStrv) peak = atlas_counter_text_tooltip (snapshot, NULL, ATLAS_COUNTER_VM_PEAK);
  g_autofree char *value = atlas_counter_text_value (snapshot, ATLAS_COUNTER_VM_RSS);
  g_autofree char *nothing = atlas_counter_text_value (NULL, ATLAS_COUNTER_VM_RSS);
  guint64 pages = atlas_snapshot_get_counts (snapshot)->pages;

  g_test_summary ("A counter: every digit of status, and beside it what the map adds up to");

  g_assert_cmpstr (value, ==, "5.1 MiB");
  g_assert_cmpstr (nothing, ==, "–");
  g_assert_true (g_str_has_prefix (size[0], "VmSize · "));
  g_assert_cmpstr (size[1], ==, atlas_counter_get_explanation (ATLAS_COUNTER_VM_SIZE));
  g_assert_cmpstr (size[2], ==, "7,680 kB");
  /* The recorded status is not of these regions, so there is a difference, and it is told. */
  g_assert_cmpuint (pages * 4, !=, 7680);
  g_assert_nonnull (strstr (size[3], "than the kernel counts"));
  g_assert_cmpstr (peak[2], ==, "8,000 kB");
  g_assert_nonnull (strstr (peak[3], "cannot be told"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/widgets/map-text/states", test_states);
  g_test_add_func ("/widgets/map-text/sharing", test_sharing);
  g_test_add_func ("/widgets/map-text/allocations", test_allocations);
  g_test_add_func ("/widgets/map-text/allocations-in-lines", test_allocations_in_lines);
  g_test_add_func ("/widgets/map-text/locked", test_locked);
  g_test_add_func ("/widgets/map-text/one-page", test_one_page);
  g_test_add_func ("/widgets/map-text/absent-page", test_absent_page);
  g_test_add_func ("/widgets/map-text/several-pages", test_several_pages);
  g_test_add_func ("/widgets/map-text/region", test_region);
  g_test_add_func ("/widgets/map-text/unknown", test_unknown);
  g_test_add_func ("/widgets/map-text/old", test_old);
  g_test_add_func ("/widgets/map-text/hostile-name", test_hostile_name);
  g_test_add_func ("/widgets/map-text/describe", test_describe);
  g_test_add_func ("/widgets/map-text/blocks", test_blocks);
  g_test_add_func ("/widgets/map-text/many-names", test_many_names);
  g_test_add_func ("/widgets/map-text/counters", test_counters);

  return g_test_run ();
}
