/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "deep-file.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define N_FOLDERS 10
#define NAME_LENGTH 200

struct _DeepFile
{
  char *root; /* the first of the folders */
  char *path;
};

DeepFile *
deep_file_new (guint64 length)
{
  g_autofree char *name = g_strnfill (NAME_LENGTH, 'x');
  g_autoptr (GError) error = NULL;
  DeepFile *self = g_new (DeepFile, 1);
  g_autoptr (GString) path = NULL;
  int fd;

  self->root = g_dir_make_tmp ("atlas-deep-XXXXXX", &error);
  g_assert_no_error (error);
  path = g_string_new (self->root);
  for (guint i = 0; i < N_FOLDERS; i++)
    {
      g_string_append_printf (path, "/%s", name);
      g_assert_cmpint (g_mkdir (path->str, 0700), ==, 0);
    }
  g_string_append (path, "/file");
  self->path = g_strdup (path->str);
  fd = open (self->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (ftruncate (fd, (off_t) length), ==, 0);
  close (fd);
  return self;
}

void
deep_file_free (DeepFile *self)
{
  g_autofree char *path = g_strdup (self->path);

  g_unlink (path);
  for (guint i = 0; i <= N_FOLDERS; i++)
    {
      char *slash = strrchr (path, '/');

      *slash = '\0';
      g_rmdir (path);
    }
  g_free (self->root);
  g_free (self->path);
  g_free (self);
}

const char *
deep_file_get_path (DeepFile *self)
{
  return self->path;
}
