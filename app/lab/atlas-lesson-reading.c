/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "atlas-config.h"

#include "atlas-lesson-reading.h"

#define KIB 1024
#define LONGEST_ROLLUP 65536

/* smaps_rollup sums up what smaps says, and so counts pages; the zero page is in neither number. */
static gboolean
read_rollup (AtlasTarget *target, AtlasSmaps *rollup)
{
  g_autoptr (GString) text = g_string_new (NULL);
  AtlasSmapsParser parser;

  if (!atlas_target_read (target, "smaps_rollup", LONGEST_ROLLUP, text, NULL))
    return FALSE;
  atlas_smaps_parser_init (&parser, text->str, text->len);
  return atlas_smaps_parser_next (&parser, rollup) && atlas_smaps_has (rollup, "Rss")
         && atlas_smaps_has (rollup, "Anonymous");
}

/* Files and shared memory are summed up together there; the map tells one from the other. */
static void
count_exactly (AtlasLessonReading *self, const AtlasSmaps *rollup)
{
  guint64 page_size = atlas_snapshot_get_page_size (self->snapshot);
  guint64 shmem = atlas_snapshot_count (self->snapshot, ATLAS_COUNTER_RSS_SHMEM) * page_size;
  guint64 rss = rollup->rss * KIB;
  guint64 anonymous = rollup->anonymous * KIB;

  if (rss < anonymous + shmem)
    return;
  self->has_exact = TRUE;
  self->exact[ATLAS_COUNTER_VM_RSS] = rss;
  self->exact[ATLAS_COUNTER_RSS_ANON] = anonymous;
  self->exact[ATLAS_COUNTER_RSS_SHMEM] = shmem;
  self->exact[ATLAS_COUNTER_RSS_FILE] = rss - anonymous - shmem;
}

AtlasLessonReading *
atlas_lesson_reading_take (AtlasTarget *target, GCancellable *cancellable, GError **error)
{
  const AtlasSnapshotOptions options = { .want_sharing = TRUE };
  AtlasSnapshot *snapshot = atlas_snapshot_take (target, NULL, &options, cancellable, error);
  AtlasLessonReading *self;
  AtlasSmaps rollup;

  if (snapshot == NULL)
    return NULL;
  self = g_new0 (AtlasLessonReading, 1);
  g_atomic_ref_count_init (&self->references);
  self->snapshot = snapshot;
  if (atlas_snapshot_is_complete (snapshot) && read_rollup (target, &rollup))
    count_exactly (self, &rollup);
  return self;
}

AtlasLessonReading *
atlas_lesson_reading_ref (AtlasLessonReading *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
atlas_lesson_reading_unref (AtlasLessonReading *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  atlas_snapshot_unref (self->snapshot);
  g_free (self);
}
