/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A row of the process list. It takes over what the reader found and says only what moved, so that
 * a list of thousands redraws the few rows that differ. */

#include "atlas-process.h"

#include <string.h>

#include "atlas-system.h"

struct _AtlasProcess
{
  GObject parent_instance;
  AtlasProcessInfo *info;
  char *haystack; /* what searches look into, casefolded; NULL until the first search */
};

enum
{
  PROP_NAME = 1,
  N_PROPS
};

enum
{
  CHANGED,
  N_SIGNALS
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AtlasProcess, atlas_process, G_TYPE_OBJECT)

static gboolean
same_numbers (const AtlasProcessInfo *a, const AtlasProcessInfo *b)
{
  return a->start_time == b->start_time && a->state == b->state
         && a->kernel_thread == b->kernel_thread && a->unreadable == b->unreadable
         && a->uid == b->uid && a->threads == b->threads && a->vm_size == b->vm_size
         && a->vm_rss == b->vm_rss && a->vm_swap == b->vm_swap && a->vm_lck == b->vm_lck;
}

/* Texts that did not change are the same reference, from the reader's cache. */
static gboolean
same_text (const char *a, const char *b)
{
  return a == b || strcmp (a, b) == 0;
}

/* Compatibility forms fold together, so that a search typed one way finds a name written another.
 */
static char *
fold (const char *text)
{
  g_autofree char *normal = g_utf8_normalize (text, -1, G_NORMALIZE_ALL);
  return g_utf8_casefold (normal != NULL ? normal : text, -1);
}

/* A newline parts the fields: no word holds one, so none is found across two of them. */
static const char *
get_haystack (AtlasProcess *self)
{
  if (self->haystack == NULL)
    {
      g_autofree char *text =
          g_strdup_printf ("%s\n%s\n%d\n%s", self->info->name, self->info->command, self->info->pid,
                           atlas_process_get_user (self));
      self->haystack = fold (text);
    }
  return self->haystack;
}

/* Cuts the next word off @cursor; NULL when there is none. */
static char *
take_word (char **cursor)
{
  char *start = *cursor;

  while (*start != '\0' && g_unichar_isspace (g_utf8_get_char (start)))
    start = g_utf8_next_char (start);
  if (*start == '\0')
    return NULL;

  char *end = start;
  while (*end != '\0' && !g_unichar_isspace (g_utf8_get_char (end)))
    end = g_utf8_next_char (end);
  *cursor = *end == '\0' ? end : g_utf8_next_char (end);
  *end = '\0';
  return start;
}

static void
atlas_process_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  AtlasProcess *self = ATLAS_PROCESS (object);

  switch (prop_id)
    {
    case PROP_NAME:
      g_value_set_string (value, atlas_process_get_name (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
atlas_process_finalize (GObject *object)
{
  AtlasProcess *self = ATLAS_PROCESS (object);

  g_clear_pointer (&self->info, atlas_process_info_free);
  g_clear_pointer (&self->haystack, g_free);
  G_OBJECT_CLASS (atlas_process_parent_class)->finalize (object);
}

static void
atlas_process_class_init (AtlasProcessClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = atlas_process_get_property;
  object_class->finalize = atlas_process_finalize;

  props[PROP_NAME] = g_param_spec_string (
      "name", NULL, NULL, "", G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  signals[CHANGED] = g_signal_new ("changed", ATLAS_TYPE_PROCESS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
atlas_process_init (AtlasProcess *self)
{
}

void
atlas_process_info_free (AtlasProcessInfo *info)
{
  if (info == NULL)
    return;
  g_clear_pointer (&info->name, g_ref_string_release);
  g_clear_pointer (&info->command, g_ref_string_release);
  g_free (info);
}

AtlasProcess *
atlas_process_new (AtlasProcessInfo *info)
{
  g_return_val_if_fail (info != NULL && info->name != NULL && info->command != NULL, NULL);

  AtlasProcess *self = g_object_new (ATLAS_TYPE_PROCESS, NULL);
  self->info = info;
  return self;
}

gint
atlas_process_get_pid (AtlasProcess *self)
{
  g_return_val_if_fail (ATLAS_IS_PROCESS (self), 0);

  return self->info->pid;
}

const char *
atlas_process_get_name (AtlasProcess *self)
{
  g_return_val_if_fail (ATLAS_IS_PROCESS (self), NULL);

  return self->info->name;
}

const char *
atlas_process_get_command (AtlasProcess *self)
{
  g_return_val_if_fail (ATLAS_IS_PROCESS (self), NULL);

  return self->info->command;
}

const char *
atlas_process_get_user (AtlasProcess *self)
{
  g_return_val_if_fail (ATLAS_IS_PROCESS (self), NULL);

  return self->info->uid != (guint) -1 ? atlas_user_name (self->info->uid) : "?";
}

const AtlasProcessInfo *
atlas_process_get_info (AtlasProcess *self)
{
  g_return_val_if_fail (ATLAS_IS_PROCESS (self), NULL);

  return self->info;
}

gboolean
atlas_process_update (AtlasProcess *self, AtlasProcessInfo *info)
{
  g_return_val_if_fail (ATLAS_IS_PROCESS (self) && info != NULL, FALSE);
  g_return_val_if_fail (info->pid == self->info->pid, FALSE);

  g_autoptr (AtlasProcessInfo) before = self->info;
  gboolean same_name = same_text (before->name, info->name);
  gboolean same_command = same_text (before->command, info->command);
  gboolean same_user = before->uid == info->uid;

  self->info = info;
  if (same_name && same_command && same_numbers (before, info))
    return FALSE;
  if (!same_name || !same_command || !same_user)
    g_clear_pointer (&self->haystack, g_free);
  if (!same_name)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NAME]);
  g_signal_emit (self, signals[CHANGED], 0);
  return TRUE;
}

gboolean
atlas_process_matches (AtlasProcess *self, const char *search)
{
  g_return_val_if_fail (ATLAS_IS_PROCESS (self), FALSE);
  g_return_val_if_fail (search != NULL && g_utf8_validate (search, -1, NULL), FALSE);

  g_autofree char *words = fold (search);
  char *cursor = words;
  for (char *word = take_word (&cursor); word != NULL; word = take_word (&cursor))
    if (strstr (get_haystack (self), word) == NULL)
      return FALSE;
  return TRUE;
}
