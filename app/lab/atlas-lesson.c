/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A lesson as an object, so that it can stand in a list. Where its file is found:
 * atlas-lesson-folder.c; how it is read: atlas-lesson-reader.c. */

#include "atlas-config.h"

#include "atlas-lesson.h"

#include <string.h>

#include "atlas-lesson-folder.h"
#include "atlas-lesson-reader.h"
#include "atlas-text.h"

struct _AtlasLesson
{
  GObject parent_instance;

  char *name, *path;
  AtlasLessonContent content;
};

enum
{
  PROP_NAME = 1,
  PROP_TITLE,
  PROP_SUMMARY,
  PROP_PATH,
  PROP_N_STEPS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (AtlasLesson, atlas_lesson, G_TYPE_OBJECT)

static void
atlas_lesson_finalize (GObject *object)
{
  AtlasLesson *self = ATLAS_LESSON (object);

  g_free (self->name);
  g_free (self->path);
  atlas_lesson_content_clear (&self->content);
  G_OBJECT_CLASS (atlas_lesson_parent_class)->finalize (object);
}

static void
atlas_lesson_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  AtlasLesson *self = ATLAS_LESSON (object);

  if (id == PROP_NAME)
    g_value_set_string (value, self->name);
  else if (id == PROP_TITLE)
    g_value_set_string (value, self->content.title);
  else if (id == PROP_SUMMARY)
    g_value_set_string (value, self->content.summary);
  else if (id == PROP_PATH)
    g_value_set_string (value, self->path);
  else if (id == PROP_N_STEPS)
    g_value_set_uint (value, self->content.steps->len);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
}

static void
atlas_lesson_class_init (AtlasLessonClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  G_OBJECT_CLASS (klass)->finalize = atlas_lesson_finalize;
  G_OBJECT_CLASS (klass)->get_property = atlas_lesson_get_property;

  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_SUMMARY] = g_param_spec_string ("summary", NULL, NULL, NULL, flags);
  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL, flags);
  properties[PROP_N_STEPS] = g_param_spec_uint ("n-steps", NULL, NULL, 0, G_MAXUINT, 0, flags);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, properties);
}

static void
atlas_lesson_init (AtlasLesson *self)
{
}

AtlasLesson *
atlas_lesson_new_from_data (const char *path, const char *data, gsize length, GError **error)
{
  g_autoptr (AtlasLesson) self = NULL;
  g_autofree char *base = NULL;
  g_autofree char *file = NULL;

  g_return_val_if_fail (path != NULL && (data != NULL || length == 0), NULL);

  self = g_object_new (ATLAS_TYPE_LESSON, NULL);
  base = g_path_get_basename (path);
  file = atlas_text_clean (base, -1);
  if (!atlas_lesson_read (file, length > 0 ? data : "", length, &self->content, error))
    return NULL;
  self->name = atlas_lesson_make_name (path);
  self->path = g_strdup (path);
  return g_steal_pointer (&self);
}

const char *
atlas_lesson_get_name (AtlasLesson *self)
{
  g_return_val_if_fail (ATLAS_IS_LESSON (self), NULL);

  return self->name;
}

const char *
atlas_lesson_get_title (AtlasLesson *self)
{
  g_return_val_if_fail (ATLAS_IS_LESSON (self), NULL);

  return self->content.title;
}

const char *
atlas_lesson_get_summary (AtlasLesson *self)
{
  g_return_val_if_fail (ATLAS_IS_LESSON (self), NULL);

  return self->content.summary;
}

const char *
atlas_lesson_get_path (AtlasLesson *self)
{
  g_return_val_if_fail (ATLAS_IS_LESSON (self), NULL);

  return self->path;
}

GPtrArray *
atlas_lesson_get_introduction (AtlasLesson *self)
{
  g_return_val_if_fail (ATLAS_IS_LESSON (self), NULL);

  return self->content.introduction;
}

guint
atlas_lesson_get_n_steps (AtlasLesson *self)
{
  g_return_val_if_fail (ATLAS_IS_LESSON (self), 0);

  return self->content.steps->len;
}

const AtlasLessonStep *
atlas_lesson_get_step (AtlasLesson *self, guint index)
{
  g_return_val_if_fail (ATLAS_IS_LESSON (self), NULL);
  g_return_val_if_fail (index < self->content.steps->len, NULL);

  return g_ptr_array_index (self->content.steps, index);
}
