/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Order and numbers of the list of processes. */

#include "atlas-config.h"

#include "atlas-process-key.h"

#include <glib/gi18n-lib.h>

/* Hangs on a process: what it is sorted by. */
typedef struct
{
  guint64 kb;
  char *name; /* collation key; NULL unless sorted by name */
} Note;

static G_DEFINE_QUARK (atlas - process - note, note)

const char *
atlas_process_key_get_title (AtlasProcessKey key)
{
  switch (key)
    {
    case ATLAS_PROCESS_KEY_SIZE:
      return _ ("Size");
    case ATLAS_PROCESS_KEY_SWAP:
      return _ ("Swapped");
    case ATLAS_PROCESS_KEY_LOCKED:
      return _ ("Locked");
    case ATLAS_PROCESS_KEY_NAME:
      return _ ("Name");
    case ATLAS_PROCESS_KEY_RESIDENT:
    case ATLAS_N_PROCESS_KEYS:
    default:
      return _ ("Resident");
    }
}

guint64
atlas_process_key_get_kb (AtlasProcessKey key, const AtlasProcessInfo *info)
{
  switch (key)
    {
    case ATLAS_PROCESS_KEY_SIZE:
      return info->vm_size;
    case ATLAS_PROCESS_KEY_SWAP:
      return info->vm_swap;
    case ATLAS_PROCESS_KEY_LOCKED:
      return info->vm_lck;
    case ATLAS_PROCESS_KEY_RESIDENT:
    case ATLAS_PROCESS_KEY_NAME:
    case ATLAS_N_PROCESS_KEYS:
    default:
      return info->vm_rss;
    }
}

static void
note_free (gpointer data)
{
  Note *note = data;

  g_free (note->name);
  g_free (note);
}

void
atlas_process_key_note (AtlasProcessKey key, AtlasProcess *process)
{
  const AtlasProcessInfo *info = atlas_process_get_info (process);
  Note *note = g_new0 (Note, 1);

  note->kb = atlas_process_key_get_kb (key, info);
  if (key == ATLAS_PROCESS_KEY_NAME)
    note->name = g_utf8_collate_key (info->name, -1);
  g_object_set_qdata_full (G_OBJECT (process), note_quark (), note, note_free);
}

static const Note *
get_note (AtlasProcessKey key, AtlasProcess *process)
{
  if (!g_object_get_qdata (G_OBJECT (process), note_quark ()))
    atlas_process_key_note (key, process);
  return g_object_get_qdata (G_OBJECT (process), note_quark ());
}

int
atlas_process_key_compare (AtlasProcessKey key, AtlasProcess *a, AtlasProcess *b)
{
  const Note *left = get_note (key, a);
  const Note *right = get_note (key, b);
  gint left_pid = atlas_process_get_pid (a);
  gint right_pid = atlas_process_get_pid (b);
  int order;

  if (key == ATLAS_PROCESS_KEY_NAME)
    order = g_strcmp0 (left->name, right->name);
  else
    order = (left->kb < right->kb) - (left->kb > right->kb);
  /* Kernel threads have no memory: they come after programs that have none of it. */
  if (order == 0)
    order = atlas_process_get_info (a)->kernel_thread - atlas_process_get_info (b)->kernel_thread;
  return order != 0 ? order : (left_pid > right_pid) - (left_pid < right_pid);
}
