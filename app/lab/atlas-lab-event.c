/* SPDX-License-Identifier: GPL-3.0-or-later */

/* An event is a bag of facts that were read; nothing is worked out here but differences. */

#include "atlas-lab-event.h"

#include "atlas-lab-event-private.h"

struct _AtlasLabEvent
{
  GObject parent_instance;
  AtlasLabEventParts parts;
  char *error_text;
};

G_DEFINE_FINAL_TYPE (AtlasLabEvent, atlas_lab_event, G_TYPE_OBJECT)

GType
atlas_lab_how_get_type (void)
{
  static const GEnumValue values[] = {
    { ATLAS_LAB_HOW_UNKNOWN, "ATLAS_LAB_HOW_UNKNOWN", "unknown" },
    { ATLAS_LAB_HOW_NONE, "ATLAS_LAB_HOW_NONE", "none" },
    { ATLAS_LAB_HOW_BRK, "ATLAS_LAB_HOW_BRK", "brk" },
    { ATLAS_LAB_HOW_MMAP, "ATLAS_LAB_HOW_MMAP", "mmap" },
    { ATLAS_LAB_HOW_ARENA, "ATLAS_LAB_HOW_ARENA", "arena" },
    { 0, NULL, NULL },
  };
  static gsize type = 0;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("AtlasLabHow", values));
  return type;
}

static void
clear_parts (AtlasLabEventParts *parts)
{
  g_free (parts->command);
  g_free (parts->code);
  g_free (parts->process);
  g_free (parts->thread);
  g_free (parts->text);
  g_free (parts->ending);
  g_free (parts->signal);
  g_clear_pointer (&parts->answer, atlas_lab_answer_free);
  g_clear_pointer (&parts->calls, g_ptr_array_unref);
  atlas_status_clear (&parts->before);
  atlas_status_clear (&parts->after);
  atlas_limits_clear (&parts->limits_before);
  atlas_limits_clear (&parts->limits_after);
}

static void
atlas_lab_event_finalize (GObject *object)
{
  AtlasLabEvent *self = ATLAS_LAB_EVENT (object);

  clear_parts (&self->parts);
  g_free (self->error_text);

  G_OBJECT_CLASS (atlas_lab_event_parent_class)->finalize (object);
}

static void
atlas_lab_event_class_init (AtlasLabEventClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = atlas_lab_event_finalize;
}

static void
atlas_lab_event_init (AtlasLabEvent *self)
{
}

AtlasLabEvent *
atlas_lab_event_new (AtlasLabEventParts *parts)
{
  AtlasLabEvent *self = g_object_new (ATLAS_TYPE_LAB_EVENT, NULL);
  const AtlasLabAnswer *answer = parts->answer;

  self->parts = *parts;
  *parts = (AtlasLabEventParts){ .pid = 0 };
  if (answer == NULL)
    self->error_text = g_strdup (self->parts.ending);
  else if (!answer->ok)
    self->error_text = g_strdup_printf ("%s: %s", answer->error_call, answer->error_text);
  return self;
}

const char *
atlas_lab_event_get_command (AtlasLabEvent *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB_EVENT (self), NULL);

  return self->parts.command;
}

const char *
atlas_lab_event_get_code (AtlasLabEvent *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB_EVENT (self), NULL);

  return self->parts.code;
}

const char *
atlas_lab_event_get_process (AtlasLabEvent *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB_EVENT (self), NULL);

  return self->parts.process;
}

gint
atlas_lab_event_get_pid (AtlasLabEvent *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB_EVENT (self), 0);

  return self->parts.pid;
}

const char *
atlas_lab_event_get_thread (AtlasLabEvent *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB_EVENT (self), NULL);

  return self->parts.thread;
}

gboolean
atlas_lab_event_get_ok (AtlasLabEvent *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB_EVENT (self), FALSE);

  return self->parts.answer != NULL && self->parts.answer->ok;
}

const char *
atlas_lab_event_get_error_name (AtlasLabEvent *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB_EVENT (self), NULL);

  if (self->parts.answer != NULL)
    return self->parts.answer->error_name;
  return self->parts.signal != NULL ? self->parts.signal : "EXIT";
}

const char *
atlas_lab_event_get_error_text (AtlasLabEvent *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB_EVENT (self), NULL);

  return self->error_text;
}

gboolean
atlas_lab_event_is_refused (AtlasLabEvent *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB_EVENT (self), FALSE);

  return self->parts.answer != NULL && atlas_lab_answer_is_refusal (self->parts.answer);
}

const char *
atlas_lab_event_get_field (AtlasLabEvent *self, const char *name)
{
  g_return_val_if_fail (ATLAS_IS_LAB_EVENT (self) && name != NULL, NULL);

  return self->parts.answer != NULL ? atlas_lab_answer_get (self->parts.answer, name) : NULL;
}

gboolean
atlas_lab_event_get_number (AtlasLabEvent *self, const char *name, guint64 *number)
{
  g_return_val_if_fail (ATLAS_IS_LAB_EVENT (self) && name != NULL && number != NULL, FALSE);

  return self->parts.answer != NULL
         && atlas_lab_answer_get_number (self->parts.answer, name, number);
}

char *
atlas_lab_event_dup_fields (AtlasLabEvent *self)
{
  GString *text;
  GArray *fields;

  g_return_val_if_fail (ATLAS_IS_LAB_EVENT (self), NULL);

  if (self->parts.answer == NULL || self->parts.answer->fields->len == 0)
    return NULL;
  fields = self->parts.answer->fields;
  text = g_string_new (NULL);
  for (guint i = 0; i < fields->len; i++)
    {
      const AtlasLabField *field = &g_array_index (fields, AtlasLabField, i);

      g_string_append_printf (text, "%s%s=%s", i > 0 ? " " : "", field->name, field->value);
    }
  return g_string_free (text, FALSE);
}

const char *
atlas_lab_event_get_text (AtlasLabEvent *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB_EVENT (self), NULL);

  return self->parts.text;
}

GPtrArray *
atlas_lab_event_get_calls (AtlasLabEvent *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB_EVENT (self), NULL);

  return self->parts.calls;
}

guint
atlas_lab_event_get_n_dropped_calls (AtlasLabEvent *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB_EVENT (self), 0);

  return self->parts.n_dropped_calls;
}

AtlasLabHow
atlas_lab_event_get_how (AtlasLabEvent *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB_EVENT (self), ATLAS_LAB_HOW_UNKNOWN);

  return self->parts.how;
}

guint64
atlas_lab_event_get_minor_faults (AtlasLabEvent *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB_EVENT (self), 0);

  return self->parts.answer != NULL ? self->parts.answer->minor_faults : 0;
}

guint64
atlas_lab_event_get_major_faults (AtlasLabEvent *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB_EVENT (self), 0);

  return self->parts.answer != NULL ? self->parts.answer->major_faults : 0;
}

const AtlasStatus *
atlas_lab_event_get_before (AtlasLabEvent *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB_EVENT (self), NULL);

  return self->parts.has_before ? &self->parts.before : NULL;
}

const AtlasStatus *
atlas_lab_event_get_after (AtlasLabEvent *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB_EVENT (self), NULL);

  return self->parts.has_after ? &self->parts.after : NULL;
}

gint64
atlas_lab_event_get_change (AtlasLabEvent *self, AtlasCounter counter)
{
  g_return_val_if_fail (ATLAS_IS_LAB_EVENT (self), 0);
  g_return_val_if_fail (counter < ATLAS_N_COUNTERS, 0);

  const AtlasStatus *before = atlas_lab_event_get_before (self);
  const AtlasStatus *after = atlas_lab_event_get_after (self);

  if (before == NULL || after == NULL || !atlas_status_has (before, counter)
      || !atlas_status_has (after, counter))
    return 0;
  return (gint64) after->kb[counter] - (gint64) before->kb[counter];
}

const AtlasLimits *
atlas_lab_event_get_limits_before (AtlasLabEvent *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB_EVENT (self), NULL);

  return self->parts.has_limits_before ? &self->parts.limits_before : NULL;
}

const AtlasLimits *
atlas_lab_event_get_limits_after (AtlasLabEvent *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB_EVENT (self), NULL);

  return self->parts.has_limits_after ? &self->parts.limits_after : NULL;
}

gint64
atlas_lab_event_get_started (AtlasLabEvent *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB_EVENT (self), 0);

  return self->parts.started;
}

gint64
atlas_lab_event_get_monotonic (AtlasLabEvent *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB_EVENT (self), 0);

  return self->parts.monotonic;
}

const char *
atlas_lab_event_get_ending (AtlasLabEvent *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB_EVENT (self), NULL);

  return self->parts.ending;
}
