/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Finds the recorded processes and reads them the way the program does. */

#include "fixture.h"

#include <stdlib.h>
#include <string.h>

#define LIMIT (16 * 1024 * 1024)

static char *
get_folder (void)
{
  return g_test_build_filename (G_TEST_DIST, "fixtures", NULL);
}

static gint
find_pid (const char *root)
{
  g_autoptr (GDir) dir = g_dir_open (root, 0, NULL);
  const char *entry;

  while (dir != NULL && (entry = g_dir_read_name (dir)) != NULL)
    if (g_ascii_isdigit (entry[0]))
      return atoi (entry);
  return 0;
}

Fixture *
fixture_new (const char *name)
{
  g_autofree char *folder = get_folder ();
  Fixture *self = g_new0 (Fixture, 1);

  self->name = g_strdup (name);
  self->root = g_build_filename (folder, name, NULL);
  self->pid = find_pid (self->root);
  g_assert_cmpint (self->pid, >, 0);
  g_autofree char *note = g_build_filename (self->root, "WRITTEN", NULL);
  self->written = g_file_test (note, G_FILE_TEST_EXISTS);
  return self;
}

void
fixture_free (Fixture *self)
{
  g_free (self->name);
  g_free (self->root);
  g_free (self);
}

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  const Fixture *const *one = a, *const *other = b;

  return strcmp ((*one)->name, (*other)->name);
}

GPtrArray *
fixture_list (void)
{
  g_autofree char *folder = get_folder ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &error);
  GPtrArray *fixtures = g_ptr_array_new_with_free_func ((GDestroyNotify) fixture_free);
  const char *entry;

  g_assert_no_error (error);
  while ((entry = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, entry, NULL);
      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        g_ptr_array_add (fixtures, fixture_new (entry));
    }
  g_ptr_array_sort (fixtures, compare_names);
  g_assert_cmpuint (fixtures->len, >, 0);
  return fixtures;
}

char *
fixture_get_expected_path (const Fixture *self)
{
  return g_strconcat (self->root, ".expected", NULL);
}

AtlasTarget *
fixture_open (const Fixture *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AtlasProcfs) procfs = atlas_procfs_new (self->root, &error);
  g_assert_no_error (error);
  AtlasTarget *target = atlas_target_new (procfs, self->pid, &error);
  g_assert_no_error (error);
  return target;
}

GString *
fixture_read (const Fixture *self, const char *file)
{
  g_autoptr (AtlasTarget) target = fixture_open (self);
  GString *text = g_string_new (NULL);

  if (atlas_target_read (target, file, LIMIT, text, NULL))
    return text;
  g_string_free (text, TRUE);
  return NULL;
}

GPtrArray *
regions_parse (const char *maps, gsize length, const char *program, guint counts[2])
{
  GPtrArray *regions = g_ptr_array_new_with_free_func ((GDestroyNotify) atlas_region_unref);
  AtlasMapsParser parser;
  AtlasMapsRecord record;

  atlas_maps_parser_init (&parser, maps, length);
  while (atlas_maps_parser_next (&parser, &record))
    g_ptr_array_add (regions, atlas_region_new (&record));
  atlas_maps_tell_kinds ((AtlasRegion **) regions->pdata, regions->len, program, FALSE);
  if (counts != NULL)
    {
      counts[0] = parser.torn;
      counts[1] = parser.malformed;
    }
  return regions;
}

GPtrArray *
fixture_read_regions (const Fixture *self, guint torn_and_malformed[2])
{
  g_autoptr (AtlasTarget) target = fixture_open (self);
  g_autoptr (GString) maps = fixture_read (self, "maps");
  g_autofree char *program = atlas_target_read_link (target, "exe", NULL);

  if (maps == NULL)
    g_error ("%s has no maps", self->name);
  return regions_parse (maps->str, maps->len, program, torn_and_malformed);
}
