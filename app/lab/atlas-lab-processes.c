/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which processes there are: the one it began with and its forks, and which is chosen. */

#include "atlas-lab-private.h"

#include <string.h>

AtlasLabProcess *
atlas_lab_find_process (AtlasLab *self, const char *name)
{
  GListModel *model = G_LIST_MODEL (self->processes);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (AtlasLabProcess) process = g_list_model_get_item (model, i);

      /* the model holds it */
      if (strcmp (atlas_lab_process_get_name (process), name) == 0)
        return process;
    }
  return NULL;
}

AtlasLabProcess *
atlas_lab_find_pid (AtlasLab *self, gint pid)
{
  GListModel *model = G_LIST_MODEL (self->processes);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (AtlasLabProcess) process = g_list_model_get_item (model, i);

      if (atlas_lab_process_get_pid (process) == pid)
        return process;
    }
  return NULL;
}

void
atlas_lab_add_process (AtlasLab *self, AtlasLabProcess *process)
{
  gboolean is_first = self->first == NULL;

  if (is_first)
    self->first = g_object_ref (process);
  g_list_store_append (self->processes, process);
  if (is_first)
    atlas_lab_choose (self, process);
}

/* Whether @name is that of @process or of a fork of it. */
static gboolean
is_of_family (AtlasLabProcess *process, const char *name)
{
  const char *family = atlas_lab_process_get_name (process);
  gsize length = strlen (family);

  return strncmp (name, family, length) == 0 && (name[length] == '\0' || name[length] == '/');
}

void
atlas_lab_remove_process (AtlasLab *self, AtlasLabProcess *process)
{
  g_autoptr (AtlasLabProcess) held = g_object_ref (process);
  GListModel *model = G_LIST_MODEL (self->processes);

  if (process == self->first)
    return;
  if (self->chosen != NULL && is_of_family (held, atlas_lab_process_get_name (self->chosen)))
    atlas_lab_choose (self, self->first);
  for (guint i = g_list_model_get_n_items (model); i > 0; i--)
    {
      g_autoptr (AtlasLabProcess) other = g_list_model_get_item (model, i - 1);

      if (other != NULL && is_of_family (held, atlas_lab_process_get_name (other)))
        g_list_store_remove (self->processes, i - 1);
    }
}

void
atlas_lab_clear_processes (AtlasLab *self)
{
  atlas_lab_choose (self, NULL);
  g_clear_object (&self->first);
  g_list_store_remove_all (self->processes);
}

/* --- what a process says of its forks --- */

static gboolean
is_listed (AtlasLabProcess *process, const GPtrArray *children)
{
  const char *name = atlas_lab_process_get_name (process);
  const char *slash = strrchr (name, '/');

  for (guint i = 0; i < children->len; i++)
    {
      const AtlasLabAnswer *child = g_ptr_array_index (children, i);
      guint64 pid = 0;

      atlas_lab_answer_get_number (child, "pid", &pid);
      if (strcmp (atlas_lab_answer_get (child, "name"), slash != NULL ? slash + 1 : name) == 0
          && pid == (guint64) atlas_lab_process_get_pid (process))
        return TRUE;
    }
  return FALSE;
}

static void
remove_unlisted (AtlasLab *self, AtlasLabProcess *parent, const GPtrArray *children)
{
  GListModel *model = G_LIST_MODEL (self->processes);

  for (guint i = g_list_model_get_n_items (model); i > 0; i--)
    {
      g_autoptr (AtlasLabProcess) process = g_list_model_get_item (model, i - 1);
      g_autofree char *name = process != NULL ? atlas_lab_process_dup_parent (process) : NULL;

      if (name != NULL && strcmp (name, atlas_lab_process_get_name (parent)) == 0
          && !is_listed (process, children))
        atlas_lab_remove_process (self, process);
    }
}

static void
add_child (AtlasLab *self, AtlasLabProcess *parent, const AtlasLabAnswer *child)
{
  const char *name = atlas_lab_answer_get (child, "name");
  guint64 pid = 0;
  g_autoptr (AtlasLabProcess) process = NULL;

  if (!atlas_lab_answer_get_number (child, "pid", &pid) || pid == 0 || pid > G_MAXINT)
    return;
  process = atlas_lab_process_new (self->procfs, (gint) pid, parent, name);
  if (atlas_lab_find_process (self, atlas_lab_process_get_name (process)) == NULL)
    atlas_lab_add_process (self, process);
}

void
atlas_lab_take_children (AtlasLab *self, AtlasLabProcess *process, const GPtrArray *children)
{
  g_autoptr (AtlasLabProcess) parent = g_object_ref (process);

  remove_unlisted (self, parent, children);
  for (guint i = 0; i < children->len; i++)
    add_child (self, parent, g_ptr_array_index (children, i));
}
