/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Opening and reading the files of a /proc. Every read goes through here, so bounds, interrupted
 * calls and the meaning of an errno are settled once. */

#include "atlas-config.h"

#include "atlas-procfs.h"

#include "atlas-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

/* The kernel hands out about a page at a time; a larger request costs nothing where it gives more.
 */
#define LEAST_ROOM 4096

struct _AtlasProcfs
{
  gatomicrefcount references;
  int fd;
  gboolean live;
};

/* Written out, since G_DEFINE_BOXED_TYPE is not ISO C. */
GType
atlas_procfs_get_type (void)
{
  static gsize type = 0;

  if (g_once_init_enter (&type))
    {
      GType id = g_boxed_type_register_static ("AtlasProcfs", (GBoxedCopyFunc) atlas_procfs_ref,
                                               (GBoxedFreeFunc) atlas_procfs_unref);
      g_once_init_leave (&type, id);
    }
  return type;
}

AtlasProcfs *
atlas_procfs_new (const char *root, GError **error)
{
  g_return_val_if_fail (root != NULL, NULL);

  int fd = TEMP_FAILURE_RETRY (open (root, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd < 0)
    {
      int saved = errno;
      g_autofree char *shown = g_filename_display_name (root);
      g_autofree char *what = g_strdup_printf (_ ("Could not open %s"), shown);
      atlas_proc_error_set (error, saved, what);
      return NULL;
    }

  struct statfs statistics;
  AtlasProcfs *self = g_new0 (AtlasProcfs, 1);
  g_atomic_ref_count_init (&self->references);
  self->fd = fd;
  self->live = fstatfs (fd, &statistics) == 0 && statistics.f_type == PROC_SUPER_MAGIC;
  return self;
}

AtlasProcfs *
atlas_procfs_ref (AtlasProcfs *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
atlas_procfs_unref (AtlasProcfs *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->references))
    return;
  close (self->fd);
  g_free (self);
}

gboolean
atlas_procfs_is_live (AtlasProcfs *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->live;
}

int
atlas_procfs_get_fd (AtlasProcfs *self)
{
  g_return_val_if_fail (self != NULL, -1);

  return self->fd;
}

int
atlas_procfs_open_process (AtlasProcfs *self, gint pid, GError **error)
{
  g_return_val_if_fail (self != NULL, -1);

  char name[16];
  g_snprintf (name, sizeof name, "%d", pid);
  int fd = TEMP_FAILURE_RETRY (openat (self->fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd < 0)
    {
      /* "No such file" is true of the directory; what a person asked for is a process. */
      int saved = errno == ENOENT || errno == ENOTDIR ? ESRCH : errno;
      g_autofree char *what = g_strdup_printf (_ ("Could not look at process %d"), pid);
      atlas_proc_error_set (error, saved, what);
    }
  return fd;
}

/* Makes room behind what is there and says how much; never more than @limit in all. */
static gsize
make_room (GString *into, gsize limit)
{
  if (into->allocated_len - into->len <= LEAST_ROOM)
    {
      gsize length = into->len;
      g_string_set_size (into, MAX (2 * length, length + LEAST_ROOM));
      into->len = length;
    }
  return MIN (into->allocated_len - 1 - into->len, limit - into->len);
}

/* Gives 0 or an errno. */
static int
read_all (int fd, gsize limit, GString *into)
{
  while (into->len < limit)
    {
      gsize room = make_room (into, limit);
      gssize n = TEMP_FAILURE_RETRY (read (fd, into->str + into->len, room));
      if (n < 0)
        return errno;
      if (n == 0)
        break;
      into->len += (gsize) n;
    }
  return 0;
}

gboolean
atlas_read_at (int directory, const char *file, gsize limit, GString *into, GError **error)
{
  g_return_val_if_fail (file != NULL && into != NULL, FALSE);

  into->len = 0;
  int fd = TEMP_FAILURE_RETRY (openat (directory, file, O_RDONLY | O_CLOEXEC));
  int failure = fd < 0 ? errno : read_all (fd, limit, into);
  if (fd >= 0)
    close (fd);
  if (failure != 0)
    into->len = 0;
  into->str[into->len] = '\0';
  if (failure != 0)
    {
      g_autofree char *what = g_strdup_printf (_ ("Could not read %s"), file);
      atlas_proc_error_set (error, failure, what);
    }
  return failure == 0;
}
