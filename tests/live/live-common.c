/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "live-common.h"

#include <string.h>
#include <unistd.h>

#include "atlas-page-filler.h"

#define PATIENCE_SECONDS 60

AtlasProcfs *
live_get_procfs (void)
{
  static AtlasProcfs *procfs = NULL;
  g_autoptr (GError) error = NULL;

  if (procfs == NULL)
    procfs = atlas_procfs_new ("/proc", &error);
  g_assert_no_error (error);
  return procfs;
}

AtlasTarget *
live_open (gint pid)
{
  g_autoptr (GError) error = NULL;
  AtlasTarget *target = atlas_target_new (live_get_procfs (), pid, &error);

  g_assert_no_error (error);
  return target;
}

AtlasSnapshot *
live_take (AtlasTarget *target, AtlasSnapshot *previous, AtlasPageMethod method)
{
  AtlasSnapshotOptions options = { .method = method, .want_sharing = TRUE };
  g_autoptr (GError) error = NULL;
  AtlasSnapshot *snapshot = atlas_snapshot_take (target, previous, &options, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (snapshot);
  return snapshot;
}

AtlasSnapshot *
live_take_helper (Helper *helper)
{
  g_autoptr (AtlasTarget) target = live_open (helper_get_pid (helper));

  return live_take (target, NULL, ATLAS_PAGE_METHOD_AUTO);
}

struct _LiveTaking
{
  AtlasTarget *target;
  AtlasSnapshot *previous; /* nullable */
  AtlasSnapshotOptions options;
  GThread *thread;
  GMutex lock; /* of done */
  GCond finished;
  gboolean done;
  AtlasSnapshot *snapshot;
  GError *error;
};

static gpointer
take_thread (gpointer data)
{
  LiveTaking *self = data;

  self->snapshot =
      atlas_snapshot_take (self->target, self->previous, &self->options, NULL, &self->error);
  g_mutex_lock (&self->lock);
  self->done = TRUE;
  g_cond_signal (&self->finished);
  g_mutex_unlock (&self->lock);
  return NULL;
}

LiveTaking *
live_take_begin (AtlasTarget *target, AtlasSnapshot *previous, const AtlasSnapshotOptions *options)
{
  static const AtlasSnapshotOptions defaults = { .want_sharing = TRUE };
  LiveTaking *self = g_new0 (LiveTaking, 1);

  self->target = atlas_target_ref (target);
  self->previous = previous != NULL ? atlas_snapshot_ref (previous) : NULL;
  self->options = options != NULL ? *options : defaults;
  g_mutex_init (&self->lock);
  g_cond_init (&self->finished);
  self->thread = g_thread_new ("taker", take_thread, self);
  return self;
}

static void
wait_until_done (LiveTaking *self)
{
  gint64 end = g_get_monotonic_time () + G_USEC_PER_SEC * PATIENCE_SECONDS;

  g_mutex_lock (&self->lock);
  while (!self->done)
    if (!g_cond_wait_until (&self->finished, &self->lock, end))
      g_error ("A snapshot was not taken within a minute");
  g_mutex_unlock (&self->lock);
}

AtlasSnapshot *
live_take_end (LiveTaking *self, GError **error)
{
  AtlasSnapshot *snapshot;

  wait_until_done (self);
  g_thread_join (self->thread);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->finished);
  g_clear_pointer (&self->previous, atlas_snapshot_unref);
  atlas_target_unref (self->target);
  if (self->error != NULL)
    g_propagate_error (error, self->error);
  snapshot = self->snapshot;
  g_free (self);
  return snapshot;
}

AtlasRegion *
live_find (AtlasSnapshot *snapshot, guint64 address)
{
  guint index;

  g_assert_true (atlas_snapshot_find (snapshot, address, &index));
  return atlas_snapshot_get_region (snapshot, index);
}

char
live_get_letter (AtlasPageState state)
{
  char letter;

  if (state & ATLAS_PAGE_UNKNOWN)
    return '?';
  if (state & ATLAS_PAGE_SWAPPED)
    return 's';
  if (state & ATLAS_PAGE_ZERO)
    return state & ATLAS_PAGE_HUGE ? 'Z' : 'z';
  if (!(state & ATLAS_PAGE_RESIDENT))
    return '.';
  if (state & ATLAS_PAGE_HUGE)
    letter = state & ATLAS_PAGE_FILE ? 'g' : 'h';
  else
    letter = state & ATLAS_PAGE_FILE ? 'f' : 'a';
  return state & ATLAS_PAGE_SHARED ? g_ascii_toupper (letter) : letter;
}

char *
live_describe (AtlasSnapshot *snapshot, guint64 address, guint64 n_pages)
{
  guint64 page_size = atlas_snapshot_get_page_size (snapshot);
  GString *text = g_string_sized_new (n_pages + 1);

  for (guint64 i = 0; i < n_pages; i++)
    {
      guint64 page = address + i * page_size;
      guint index;

      if (atlas_snapshot_find (snapshot, page, &index))
        {
          AtlasRegion *region = atlas_snapshot_get_region (snapshot, index);

          g_string_append_c (text, live_get_letter (atlas_pages_get_state (
                                       region->pages, (page - region->start) / page_size)));
        }
      else
        g_string_append_c (text, '!');
    }
  return g_string_free (text, FALSE);
}

char *
live_adapt (const char *pages)
{
  char *adapted = g_strdup (pages);

  if (strpbrk (pages, "zZ") == NULL || helper_has_zero_page ())
    return adapted;
  g_strdelimit (adapted, "z", 'a');
  g_strdelimit (adapted, "Z", 'h');
  return adapted;
}

/* Pages without a struct page of their own ([vvar], device memory) are mapped, and in no Rss. */
static gboolean
is_counted_by_smaps (const AtlasRegion *region, const AtlasSmaps *smaps)
{
  return !atlas_smaps_has_flag (smaps, "pf")
         && atlas_page_source_of (region) != ATLAS_PAGE_SOURCE_OUTSIDE;
}

gboolean
live_is_sharing_stable (const AtlasRegion *region)
{
  return atlas_page_source_of (region) != ATLAS_PAGE_SOURCE_FILE
         || strstr (region->name, "/" LIVE_FILE_PREFIX) != NULL;
}

static void
check_region (const AtlasRegion *region, const AtlasSmaps *smaps, guint64 page_kb)
{
  AtlasPageCounts counts;

  atlas_pages_count_all (region->pages, &counts);
  g_test_message ("%s at %" G_GINT64_MODIFIER "x", region->name, region->start);
  g_assert_cmpuint (counts.unknown, ==, 0);
  g_assert_cmpuint (counts.resident * page_kb, ==,
                    smaps->rss + smaps->shared_hugetlb + smaps->private_hugetlb);
  g_assert_cmpuint (counts.swapped * page_kb, ==, smaps->swap);
  if (atlas_page_source_of (region) == ATLAS_PAGE_SOURCE_ANONYMOUS && !region->hugetlb)
    g_assert_cmpuint ((counts.huge - MIN (counts.huge, counts.zero)) * page_kb, ==,
                      smaps->anon_huge_pages);
  g_assert_cmpuint (counts.shared + counts.exclusive, ==, counts.resident);
  if (!region->hugetlb)
    g_assert_cmpuint ((counts.resident - counts.file) * page_kb, ==, smaps->anonymous);
  if (!region->hugetlb && live_is_sharing_stable (region))
    g_assert_cmpuint (counts.shared * page_kb, ==, smaps->shared_clean + smaps->shared_dirty);
  g_assert_cmpint (region->locked == ATLAS_LOCKED_YES, ==, atlas_smaps_has_flag (smaps, "lo"));
}

void
live_check_smaps (AtlasSnapshot *snapshot, gint pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/smaps", pid);
  guint64 page_kb = atlas_snapshot_get_page_size (snapshot) / 1024;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;
  guint i = 0;
  AtlasSmapsParser parser;
  AtlasSmaps smaps;

  g_file_get_contents (path, &text, &length, &error);
  g_assert_no_error (error);
  atlas_smaps_parser_init (&parser, text, length);
  for (; atlas_smaps_parser_next (&parser, &smaps); i++)
    {
      AtlasRegion *region = atlas_snapshot_get_region (snapshot, i);

      g_assert_cmpuint (region->start, ==, smaps.start);
      g_assert_cmpuint (region->end, ==, smaps.end);
      if (is_counted_by_smaps (region, &smaps))
        check_region (region, &smaps, page_kb);
    }
  g_assert_cmpuint (i, ==, atlas_snapshot_get_n_regions (snapshot));
}

/* What regions add up to, from anywhere to anywhere, one by one. */
static void
check_sums (AtlasSnapshot *snapshot)
{
  guint n_regions = atlas_snapshot_get_n_regions (snapshot);

  for (guint round = 0; round < 8; round++)
    {
      guint first = (guint) g_random_int_range (0, (gint32) n_regions + 1);
      guint n = round == 0 ? n_regions - first
                           : (guint) g_random_int_range (0, (gint32) (n_regions - first) + 1);
      AtlasRegionSum sum = atlas_snapshot_add_up (snapshot, first, n);

      for (guint i = first; i < first + n; i++)
        {
          AtlasPageCounts counts;

          atlas_pages_count_all (atlas_snapshot_get_region (snapshot, i)->pages, &counts);
          sum.pages -= counts.pages;
          sum.resident -= counts.resident;
          sum.unknown -= counts.unknown;
        }
      g_assert_cmpuint (sum.pages, ==, 0);
      g_assert_cmpuint (sum.resident, ==, 0);
      g_assert_cmpuint (sum.unknown, ==, 0);
    }
}

void
live_check_shape (AtlasSnapshot *snapshot)
{
  guint64 page_size = atlas_snapshot_get_page_size (snapshot);
  guint64 last_end = 0;

  for (guint i = 0; i < atlas_snapshot_get_n_regions (snapshot); i++)
    {
      const AtlasRegion *region = atlas_snapshot_get_region (snapshot, i);

      g_assert_cmpuint (region->start, >=, last_end);
      g_assert_cmpuint (region->end, >, region->start);
      g_assert_cmpuint (region->start % page_size, ==, 0);
      g_assert_cmpuint (region->end % page_size, ==, 0);
      g_assert_cmpuint (atlas_pages_get_n_pages (region->pages), ==,
                        (region->end - region->start) / page_size);
      last_end = region->end;
    }
  check_sums (snapshot);
}

static gboolean
give_up_cb (gpointer user_data)
{
  g_error ("A condition was not met within a minute");
  return G_SOURCE_REMOVE;
}

void
live_wait (LiveCondition done, gpointer user_data)
{
  guint guard = g_timeout_add_seconds (PATIENCE_SECONDS, give_up_cb, NULL);

  while (!done (user_data))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (guard);
}

gboolean
live_has_problem (AtlasSnapshot *snapshot, const char *text)
{
  const char *const *problems = atlas_snapshot_get_problems (snapshot);

  for (guint i = 0; problems[i] != NULL; i++)
    if (strstr (problems[i], text) != NULL)
      return TRUE;
  return FALSE;
}

gboolean
live_may_lack_regions (AtlasSnapshot *snapshot)
{
  return live_has_problem (snapshot, "may be missing");
}

guint
live_get_rounds (guint few, guint many)
{
  return g_getenv ("ATLAS_SOAK") != NULL ? many : few;
}

gboolean
live_can_scan (void)
{
  g_autoptr (AtlasTarget) target = live_open (getpid ());
  g_autoptr (AtlasPageReader) reader = atlas_page_reader_new (target, ATLAS_PAGE_METHOD_SCAN, NULL);

  return reader != NULL;
}

gboolean
live_has_swap (void)
{
  g_autofree char *text = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/swaps", &text, NULL, NULL))
    return FALSE;
  line = strchr (text, '\n');
  return line != NULL && line[1] != '\0';
}
