/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "atlas-config.h"

#include "atlas-lesson-outcome-private.h"

#include "atlas-lesson-result.h"

struct _AtlasLessonOutcome
{
  GObject parent_instance;

  char *skipped;
  GPtrArray *events, *results;
  AtlasSnapshot *snapshot;
};

G_DEFINE_FINAL_TYPE (AtlasLessonOutcome, atlas_lesson_outcome, G_TYPE_OBJECT)

static void
atlas_lesson_outcome_finalize (GObject *object)
{
  AtlasLessonOutcome *self = ATLAS_LESSON_OUTCOME (object);

  g_free (self->skipped);
  g_ptr_array_unref (self->events);
  g_ptr_array_unref (self->results);
  g_clear_pointer (&self->snapshot, atlas_snapshot_unref);
  G_OBJECT_CLASS (atlas_lesson_outcome_parent_class)->finalize (object);
}

static void
atlas_lesson_outcome_class_init (AtlasLessonOutcomeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = atlas_lesson_outcome_finalize;
}

static void
atlas_lesson_outcome_init (AtlasLessonOutcome *self)
{
}

AtlasLessonOutcome *
atlas_lesson_outcome_new (GPtrArray *events, GPtrArray *results, AtlasSnapshot *snapshot)
{
  AtlasLessonOutcome *self = g_object_new (ATLAS_TYPE_LESSON_OUTCOME, NULL);

  self->events = events;
  self->results = results;
  self->snapshot = snapshot != NULL ? atlas_snapshot_ref (snapshot) : NULL;
  return self;
}

AtlasLessonOutcome *
atlas_lesson_outcome_new_skipped (const char *reason)
{
  AtlasLessonOutcome *self =
      atlas_lesson_outcome_new (g_ptr_array_new (), g_ptr_array_new (), NULL);

  self->skipped = g_strdup (reason);
  return self;
}

const char *
atlas_lesson_outcome_get_skipped (AtlasLessonOutcome *self)
{
  g_return_val_if_fail (ATLAS_IS_LESSON_OUTCOME (self), NULL);

  return self->skipped;
}

GPtrArray *
atlas_lesson_outcome_get_events (AtlasLessonOutcome *self)
{
  g_return_val_if_fail (ATLAS_IS_LESSON_OUTCOME (self), NULL);

  return self->events;
}

GPtrArray *
atlas_lesson_outcome_get_results (AtlasLessonOutcome *self)
{
  g_return_val_if_fail (ATLAS_IS_LESSON_OUTCOME (self), NULL);

  return self->results;
}

AtlasSnapshot *
atlas_lesson_outcome_get_snapshot (AtlasLessonOutcome *self)
{
  g_return_val_if_fail (ATLAS_IS_LESSON_OUTCOME (self), NULL);

  return self->snapshot;
}

gboolean
atlas_lesson_outcome_is_expected (AtlasLessonOutcome *self)
{
  g_return_val_if_fail (ATLAS_IS_LESSON_OUTCOME (self), FALSE);

  for (guint i = 0; i < self->results->len; i++)
    {
      const AtlasLessonResult *result = g_ptr_array_index (self->results, i);

      if (result->verdict == ATLAS_VERDICT_FAILED)
        return FALSE;
    }
  return TRUE;
}

/* Written out, since G_DEFINE_ENUM_TYPE is newer than the GLib this is built for. */
GType
atlas_verdict_get_type (void)
{
  static const GEnumValue values[] = {
    { ATLAS_VERDICT_PASSED, "ATLAS_VERDICT_PASSED", "passed" },
    { ATLAS_VERDICT_FAILED, "ATLAS_VERDICT_FAILED", "failed" },
    { ATLAS_VERDICT_UNKNOWN, "ATLAS_VERDICT_UNKNOWN", "unknown" },
    { 0, NULL, NULL },
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("AtlasVerdict", values));
  return type;
}

GType
atlas_prediction_get_type (void)
{
  static const GEnumValue values[] = {
    { ATLAS_PREDICTION_NONE, "ATLAS_PREDICTION_NONE", "none" },
    { ATLAS_PREDICTION_RIGHT, "ATLAS_PREDICTION_RIGHT", "right" },
    { ATLAS_PREDICTION_WRONG, "ATLAS_PREDICTION_WRONG", "wrong" },
    { ATLAS_PREDICTION_OPEN, "ATLAS_PREDICTION_OPEN", "open" },
    { ATLAS_PREDICTION_UNCLEAR, "ATLAS_PREDICTION_UNCLEAR", "unclear" },
    { 0, NULL, NULL },
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("AtlasPrediction", values));
  return type;
}
