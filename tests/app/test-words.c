/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Words for letters and bits. */

#include "atlas-words.h"
#include "recording.h"

static void
assert_permissions (AtlasPermissions permissions, const char *expected)
{
  g_autofree char *words = atlas_words_permissions (permissions);

  g_assert_cmpstr (words, ==, expected);
}

static void
test_permissions (void)
{
  assert_permissions (0, "no access · private");
  assert_permissions (ATLAS_PERM_READ | ATLAS_PERM_WRITE, "read, write · private");
  assert_permissions (ATLAS_PERM_READ | ATLAS_PERM_EXEC, "read, execute · private");
  assert_permissions (ATLAS_PERM_READ | ATLAS_PERM_SHARED, "read · shared");
}

static void
assert_page (AtlasPageState state, const char *expected)
{
  g_autofree char *words = atlas_words_page_state (state);

  g_assert_cmpstr (words, ==, expected);
}

static void
test_pages (void)
{
  assert_page (ATLAS_PAGE_ABSENT, "not resident");
  assert_page (ATLAS_PAGE_UNKNOWN, "unknown");
  assert_page (ATLAS_PAGE_SWAPPED, "swapped out");
  assert_page (ATLAS_PAGE_ZERO, "the kernel’s page of zeros");
  assert_page (ATLAS_PAGE_RESIDENT, "resident · anonymous");
  assert_page (ATLAS_PAGE_RESIDENT | ATLAS_PAGE_EXCLUSIVE | ATLAS_PAGE_HUGE,
               "resident · anonymous · mapped here alone · part of a huge page");
  assert_page (ATLAS_PAGE_RESIDENT | ATLAS_PAGE_FILE | ATLAS_PAGE_SHARED,
               "resident · of a file or shared · mapped elsewhere as well");
  assert_page (ATLAS_PAGE_RESIDENT | ATLAS_PAGE_SHARED,
               "resident · anonymous · still shared with another process");
}

static void
test_counted_in (void)
{
  g_autoptr (Recording) recording = recording_new (TRUE);
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  g_autofree char *resident = NULL;
  g_autofree char *absent = NULL;
  AtlasRegion *heap;

  recording_add (recording, 0x555500000000, 8, "rw-p", 0, "[heap]", 4);
  snapshot = recording_take (recording);
  heap = atlas_snapshot_get_region (snapshot, 0);
  resident = atlas_words_counted_in (heap, ATLAS_PAGE_RESIDENT);
  absent = atlas_words_counted_in (heap, ATLAS_PAGE_ABSENT);

  /* proc.rst: VmData is private writable memory, touched or not. */
  g_assert_cmpstr (resident, ==, "VmSize, VmRSS, RssAnon, VmData");
  g_assert_cmpstr (absent, ==, "VmSize, VmData");
}

static void
test_backing (void)
{
  g_autoptr (Recording) recording = recording_new (TRUE);
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  g_autofree char *file = NULL;
  g_autofree char *anonymous = NULL;

  recording_add (recording, 0x10000000, 1, "rw-p", 0, "", 0);
  recording_add (recording, 0x20000000, 1, "r--p", 9, "/tmp/a\033b", 0);
  snapshot = recording_take (recording);
  anonymous = atlas_words_backing (atlas_snapshot_get_region (snapshot, 0));
  file = atlas_words_backing (atlas_snapshot_get_region (snapshot, 1));
  g_assert_cmpstr (anonymous, ==, "anonymous memory");
  g_assert_cmpstr (file, ==, "/tmp/a\\x1bb");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/words/permissions", test_permissions);
  g_test_add_func ("/app/words/pages", test_pages);
  g_test_add_func ("/app/words/counted-in", test_counted_in);
  g_test_add_func ("/app/words/backing", test_backing);
  return g_test_run ();
}
