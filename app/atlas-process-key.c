/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Order and numbers of the list of processes. */

#include "atlas-config.h"

#include "atlas-process-key.h"

#include <glib/gi18n-lib.h>

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

int
atlas_process_key_compare (AtlasProcessKey key, AtlasProcess *a, AtlasProcess *b)
{
  const AtlasProcessInfo *left = atlas_process_get_info (a);
  const AtlasProcessInfo *right = atlas_process_get_info (b);
  int order = 0;

  if (key == ATLAS_PROCESS_KEY_NAME)
    order = g_utf8_collate (left->name, right->name);
  else
    {
      guint64 left_kb = atlas_process_key_get_kb (key, left);
      guint64 right_kb = atlas_process_key_get_kb (key, right);

      order = (left_kb < right_kb) - (left_kb > right_kb);
      /* Kernel threads and zombies have no memory: they come after programs with none. */
      if (order == 0)
        order = left->kernel_thread - right->kernel_thread;
    }
  return order != 0 ? order : (left->pid > right->pid) - (left->pid < right->pid);
}
