/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Changes are told from before the first command to after the last. */

#include "atlas-config.h"

#include "atlas-lab-action.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _AtlasLabAction
{
  GObject parent_instance;

  GPtrArray *events;
  gboolean has_guess;
  AtlasGuess guess;
};

static guint changed_signal;

G_DEFINE_FINAL_TYPE (AtlasLabAction, atlas_lab_action, G_TYPE_OBJECT)

static void
atlas_lab_action_finalize (GObject *object)
{
  g_ptr_array_unref (ATLAS_LAB_ACTION (object)->events);
  G_OBJECT_CLASS (atlas_lab_action_parent_class)->finalize (object);
}

static void
atlas_lab_action_class_init (AtlasLabActionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = atlas_lab_action_finalize;
  changed_signal = g_signal_new ("changed", ATLAS_TYPE_LAB_ACTION, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
atlas_lab_action_init (AtlasLabAction *self)
{
  self->events = g_ptr_array_new_with_free_func (g_object_unref);
}

AtlasLabAction *
atlas_lab_action_new (const AtlasGuess *guess)
{
  AtlasLabAction *self = g_object_new (ATLAS_TYPE_LAB_ACTION, NULL);

  self->has_guess = guess != NULL;
  if (guess != NULL)
    self->guess = *guess;
  return self;
}

void
atlas_lab_action_add (AtlasLabAction *self, AtlasLabEvent *event)
{
  g_return_if_fail (ATLAS_IS_LAB_ACTION (self) && ATLAS_IS_LAB_EVENT (event));

  g_ptr_array_add (self->events, g_object_ref (event));
  g_signal_emit (self, changed_signal, 0);
}

GPtrArray *
atlas_lab_action_get_events (AtlasLabAction *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB_ACTION (self), NULL);

  return self->events;
}

const AtlasGuess *
atlas_lab_action_get_guess (AtlasLabAction *self)
{
  g_return_val_if_fail (ATLAS_IS_LAB_ACTION (self), NULL);

  return self->has_guess ? &self->guess : NULL;
}

gint64
atlas_lab_action_get_change (AtlasLabAction *self, AtlasCounter counter)
{
  gint64 change = 0;

  g_return_val_if_fail (ATLAS_IS_LAB_ACTION (self), 0);

  /* the process is at rest between commands, so the sum is the whole */
  for (guint i = 0; i < self->events->len; i++)
    change += atlas_lab_event_get_change (self->events->pdata[i], counter);
  return change;
}

/* How malloc came by it. */
static AtlasGuessHow
get_how_of_malloc (AtlasLabAction *self)
{
  for (guint i = 0; i < self->events->len; i++)
    switch (atlas_lab_event_get_how (self->events->pdata[i]))
      {
      case ATLAS_LAB_HOW_BRK:
        return ATLAS_GUESS_BRK;
      case ATLAS_LAB_HOW_MMAP:
        return ATLAS_GUESS_MMAP;
      case ATLAS_LAB_HOW_ARENA:
      case ATLAS_LAB_HOW_NONE:
        return ATLAS_GUESS_NEITHER;
      case ATLAS_LAB_HOW_UNKNOWN:
      default:
        break;
      }
  return ATLAS_GUESS_OPEN;
}

/* Which of the two @event was itself: mmap () and sbrk () are no choice of malloc's. */
static AtlasGuessHow
get_how_of_calls (AtlasLabEvent *event)
{
  GPtrArray *calls = atlas_lab_event_get_calls (event);

  if (!atlas_lab_event_get_ok (event) || !atlas_lab_event_get_field (event, "address"))
    return ATLAS_GUESS_OPEN;
  for (guint i = 0; i < calls->len; i++)
    {
      const AtlasLabCall *call = calls->pdata[i];

      if (call->kind != ATLAS_LAB_CALL_SYSTEM || call->failed)
        continue;
      if (g_str_equal (call->name, "mmap"))
        return ATLAS_GUESS_MMAP;
      if (g_str_equal (call->name, "brk"))
        return ATLAS_GUESS_BRK;
    }
  return ATLAS_GUESS_OPEN;
}

AtlasGuessHow
atlas_lab_action_get_how (AtlasLabAction *self)
{
  AtlasGuessHow how;

  g_return_val_if_fail (ATLAS_IS_LAB_ACTION (self), ATLAS_GUESS_OPEN);

  how = get_how_of_malloc (self);
  for (guint i = 0; i < self->events->len && how == ATLAS_GUESS_OPEN; i++)
    how = get_how_of_calls (self->events->pdata[i]);
  return how;
}

static const char *
get_how_text (AtlasGuessHow how)
{
  switch (how)
    {
    case ATLAS_GUESS_BRK:
      return " → brk";
    case ATLAS_GUESS_MMAP:
      return " → mmap";
    case ATLAS_GUESS_NEITHER:
    case ATLAS_GUESS_OPEN:
    default:
      return "";
    }
}

/* "malloc a 256K" without the name: "malloc 256K". */
static char *
dup_short_command (const char *command)
{
  g_auto (GStrv) words = g_strsplit (command, " ", 4);

  if (words[0] == NULL || words[1] == NULL)
    return g_strdup (command);
  if (words[2] == NULL)
    return g_strjoin (" ", words[0], words[1], NULL);
  return g_strjoin (" ", words[0], words[2], NULL);
}

char *
atlas_lab_action_dup_title (AtlasLabAction *self)
{
  g_autofree char *command = NULL;

  g_return_val_if_fail (ATLAS_IS_LAB_ACTION (self), NULL);

  if (self->events->len == 0)
    return g_strdup ("");
  command = dup_short_command (atlas_lab_event_get_command (self->events->pdata[0]));
  return g_strconcat (command, get_how_text (get_how_of_malloc (self)), NULL);
}
