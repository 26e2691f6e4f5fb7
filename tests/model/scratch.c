/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A folder below the temporary one, emptied and removed in the end. */

#include "scratch.h"

#include <glib/gstdio.h>

Scratch *
scratch_new (void)
{
  g_autoptr (GError) error = NULL;
  Scratch *self = g_new0 (Scratch, 1);

  self->root = g_dir_make_tmp ("atlas-scratch-XXXXXX", &error);
  g_assert_no_error (error);
  self->folder = g_build_filename (self->root, "7", NULL);
  g_assert_cmpint (g_mkdir (self->folder, 0700), ==, 0);
  scratch_write_stat (self, 5);
  return self;
}

void
scratch_free (Scratch *self)
{
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->folder, name, NULL);
      g_unlink (path);
    }
  g_rmdir (self->folder);
  g_rmdir (self->root);
  g_free (self->folder);
  g_free (self->root);
  g_free (self);
}

void
scratch_write (const Scratch *self, const char *file, const char *text)
{
  g_autofree char *path = g_build_filename (self->folder, file, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

void
scratch_write_stat (const Scratch *self, guint64 start_time)
{
  g_autofree char *text = g_strdup_printf (
      "7 (scratch) S 1 2 3 0 -1 0 1 0 0 0 1 2 3 4 20 0 1 0 %" G_GUINT64_FORMAT "\n", start_time);

  scratch_write (self, "stat", text);
}

AtlasTarget *
scratch_open (const Scratch *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AtlasProcfs) procfs = atlas_procfs_new (self->root, &error);
  g_assert_no_error (error);
  AtlasTarget *target = atlas_target_new (procfs, 7, &error);
  g_assert_no_error (error);
  return target;
}
