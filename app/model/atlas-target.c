/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A process held by its directory in /proc. The descriptor is what ties every later read to this
 * very process; the start time proves it in a recorded tree, and to other programs. */

#include "atlas-config.h"

#include "atlas-target.h"

#include "atlas-error.h"
#include "atlas-stat.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>

#define STAT_LIMIT 8192

struct _AtlasTarget
{
  gatomicrefcount references;
  AtlasProcfs *procfs;
  gint pid;
  int directory;
  guint64 start_time;
};

/* Written out, since G_DEFINE_BOXED_TYPE is not ISO C. */
GType
atlas_target_get_type (void)
{
  static gsize type = 0;

  if (g_once_init_enter (&type))
    {
      GType id = g_boxed_type_register_static ("AtlasTarget", (GBoxedCopyFunc) atlas_target_ref,
                                               (GBoxedFreeFunc) atlas_target_unref);
      g_once_init_leave (&type, id);
    }
  return type;
}

static gboolean
read_stat (AtlasTarget *self, AtlasStat *stat, GError **error)
{
  g_autoptr (GString) text = g_string_sized_new (1024);

  if (!atlas_target_read (self, "stat", STAT_LIMIT, text, error))
    return FALSE;
  return atlas_stat_parse (text->str, text->len, stat, error);
}

AtlasTarget *
atlas_target_new (AtlasProcfs *procfs, gint pid, GError **error)
{
  g_return_val_if_fail (procfs != NULL, NULL);

  int directory = atlas_procfs_open_process (procfs, pid, error);
  if (directory < 0)
    return NULL;

  g_autoptr (AtlasTarget) self = g_new0 (AtlasTarget, 1);
  g_atomic_ref_count_init (&self->references);
  self->procfs = atlas_procfs_ref (procfs);
  self->pid = pid;
  self->directory = directory;

  AtlasStat stat;
  if (!read_stat (self, &stat, error))
    return NULL;
  self->start_time = stat.start_time;
  return g_steal_pointer (&self);
}

AtlasTarget *
atlas_target_ref (AtlasTarget *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
atlas_target_unref (AtlasTarget *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->references))
    return;
  close (self->directory);
  atlas_procfs_unref (self->procfs);
  g_free (self);
}

gint
atlas_target_get_pid (AtlasTarget *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->pid;
}

guint64
atlas_target_get_start_time (AtlasTarget *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->start_time;
}

AtlasProcfs *
atlas_target_get_procfs (AtlasTarget *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->procfs;
}

static void
set_file_error (AtlasTarget *self, const char *file, int error_number, GError **error)
{
  g_autofree char *what = g_strdup_printf (_ ("Could not read %s of process %d"), file, self->pid);

  atlas_proc_error_set (error, error_number, what);
}

gboolean
atlas_target_read (AtlasTarget *self, const char *file, gsize limit, GString *into, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (atlas_read_at (self->directory, file, limit, into, error))
    return TRUE;
  g_prefix_error (error, _ ("Process %d: "), self->pid);
  return FALSE;
}

int
atlas_target_open (AtlasTarget *self, const char *file, GError **error)
{
  g_return_val_if_fail (self != NULL && file != NULL, -1);

  int fd = TEMP_FAILURE_RETRY (openat (self->directory, file, O_RDONLY | O_CLOEXEC));
  if (fd < 0)
    set_file_error (self, file, errno, error);
  return fd;
}

char *
atlas_target_read_link (AtlasTarget *self, const char *file, GError **error)
{
  g_return_val_if_fail (self != NULL && file != NULL, NULL);

  /* The kernel writes a link of /proc into one page; a tree on disk has PATH_MAX. */
  for (gsize size = 4097;; size *= 2)
    {
      g_autofree char *text = g_malloc (size);
      gssize n = readlinkat (self->directory, file, text, size);
      if (n < 0)
        {
          set_file_error (self, file, errno, error);
          return NULL;
        }
      if ((gsize) n < size)
        {
          text[n] = '\0';
          return g_steal_pointer (&text);
        }
    }
}

gboolean
atlas_target_is_alive (AtlasTarget *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  AtlasStat stat;
  return read_stat (self, &stat, NULL) && stat.start_time == self->start_time;
}
