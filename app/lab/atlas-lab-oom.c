/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The counters of a cgroup and of those around it. The victim's own cgroup counts the kill, the one
 * whose limit was met counts that. */

#include "atlas-config.h"

#include "atlas-lab-oom.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "atlas-format.h"

#define MOST_FILE_BYTES (1024 * 1024)
/* What version 1 has for no limit, and more, is none. */
#define MOST_LIMIT (G_MAXINT64 / 2)

/* A cgroup, from the process's own up. */
typedef struct
{
  char *directory;
  gboolean counts; /* it has counters; the topmost one may have none */
  guint64 kills;   /* of processes in it, by the kernel for lack of memory */
  guint64 hits;    /* of its own limit */
} Level;

struct _AtlasLabOom
{
  AtlasProcfs *procfs;
  char *cgroup; /* as /proc/PID/cgroup had it */
  gboolean unified;
  GArray *levels; /* of Level */
  guint64 machine_kills;
};

static void
clear_level (gpointer data)
{
  g_free (((Level *) data)->directory);
}

AtlasLabOom *
atlas_lab_oom_new (AtlasProcfs *procfs)
{
  AtlasLabOom *self = g_new0 (AtlasLabOom, 1);

  self->procfs = atlas_procfs_ref (procfs);
  self->levels = g_array_new (FALSE, TRUE, sizeof (Level));
  g_array_set_clear_func (self->levels, clear_level);
  return self;
}

void
atlas_lab_oom_free (AtlasLabOom *self)
{
  atlas_procfs_unref (self->procfs);
  g_free (self->cgroup);
  g_array_unref (self->levels);
  g_free (self);
}

/* --- where the cgroup is --- */

/* The path in the line "ID:CONTROLLERS:PATH" that has @controller, "" for version 2. */
static char *
find_path (char **lines, const char *controller)
{
  for (; *lines != NULL; lines++)
    {
      g_auto (GStrv) fields = g_strsplit (*lines, ":", 3);
      g_auto (GStrv) controllers = NULL;

      if (g_strv_length (fields) < 3)
        continue;
      controllers = g_strsplit (fields[1], ",", -1);
      if (*controller == '\0' ? *fields[1] == '\0'
                              : g_strv_contains ((const char *const *) controllers, controller))
        return g_strdup (fields[2]);
    }
  return NULL;
}

/* The last fields of a line of mountinfo: type, source, options. */
static gboolean
is_mount_of (const char *line, gboolean unified)
{
  const char *tail = strstr (line, " - ");
  g_auto (GStrv) fields = tail != NULL ? g_strsplit (tail + 3, " ", 3) : NULL;
  g_auto (GStrv) options = NULL;

  if (fields == NULL || g_strv_length (fields) < 3)
    return FALSE;
  if (unified)
    return strcmp (fields[0], "cgroup2") == 0;
  options = g_strsplit (fields[2], ",", -1);
  return strcmp (fields[0], "cgroup") == 0
         && g_strv_contains ((const char *const *) options, "memory");
}

/* Root and place of the mount, as they are in a line of mountinfo; the kernel writes blanks in
 * octal, which is what g_strcompress reads. */
static gboolean
find_mount (char **lines, gboolean unified, char **root, char **place)
{
  for (; *lines != NULL; lines++)
    {
      g_auto (GStrv) fields = g_strsplit (*lines, " ", 6);

      if (g_strv_length (fields) < 6 || !is_mount_of (*lines, unified))
        continue;
      *root = g_strcompress (fields[3]);
      *place = g_strcompress (fields[4]);
      return TRUE;
    }
  return FALSE;
}

/* What of @path lies below @root; "" when it lies elsewhere: what is outside of what is mounted
 * can't be seen, and its top is the next best. */
static const char *
get_below (const char *path, const char *root)
{
  gsize length = strcmp (root, "/") != 0 ? strlen (root) : 0;

  return strncmp (path, root, length) == 0 && (path[length] == '/' || path[length] == '\0')
             ? path + length
             : "";
}

char *
atlas_lab_cgroup_find (const char *cgroup, const char *mounts, char **top, gboolean *unified)
{
  g_auto (GStrv) cgroup_lines = g_strsplit (cgroup, "\n", -1);
  g_auto (GStrv) mount_lines = g_strsplit (mounts, "\n", -1);
  g_autofree char *path = find_path (cgroup_lines, "memory");
  g_autofree char *root = NULL;
  g_autofree char *place = NULL;
  const char *below;

  *unified = path == NULL;
  if (path == NULL)
    path = find_path (cgroup_lines, "");
  if (path == NULL || strstr (path, "/..") != NULL
      || !find_mount (mount_lines, *unified, &root, &place))
    return NULL;
  below = get_below (path, root);
  *top = g_strdup (place);
  return below[strspn (below, "/")] != '\0' ? g_build_filename (place, below, NULL)
                                            : g_strdup (place);
}

/* --- counters --- */

static gboolean
read_file (const char *directory, const char *name, GString *text)
{
  int fd = open (directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
  gboolean done;

  if (fd < 0)
    return FALSE;
  done = atlas_read_at (fd, name, MOST_FILE_BYTES, text, NULL);
  close (fd);
  return done;
}

/* The number behind "@key " at the beginning of a line; @key NULL: the file is the number. */
static guint64
find_number (const char *text, const char *key)
{
  gsize length = key != NULL ? strlen (key) : 0;

  for (const char *line = text; line != NULL && *line != '\0'; line = strchr (line, '\n'))
    {
      line += *line == '\n';
      if (key == NULL)
        return g_ascii_strtoull (line, NULL, 10);
      if (strncmp (line, key, length) == 0 && line[length] == ' ')
        return g_ascii_strtoull (line + length, NULL, 10);
    }
  return 0;
}

static guint64
read_number (const char *directory, const char *name, const char *key)
{
  g_autoptr (GString) text = g_string_new (NULL);

  return read_file (directory, name, text) ? find_number (text->str, key) : 0;
}

static void
read_level (const AtlasLabOom *self, Level *level)
{
  const char *file = self->unified ? "memory.events" : "memory.oom_control";
  g_autoptr (GString) text = g_string_new (NULL);

  level->counts = read_file (level->directory, file, text);
  level->kills = find_number (text->str, "oom_kill");
  level->hits = self->unified ? find_number (text->str, "oom")
                              : read_number (level->directory, "memory.failcnt", NULL);
}

/* For where no cgroup counts: the whole machine's. */
static guint64
read_machine_kills (const AtlasLabOom *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  return atlas_read_at (atlas_procfs_get_fd (self->procfs), "vmstat", MOST_FILE_BYTES, text, NULL)
             ? find_number (text->str, "oom_kill")
             : 0;
}

/* 0 when there is none. */
static guint64
read_limit (const AtlasLabOom *self, const Level *level)
{
  guint64 limit =
      read_number (level->directory, self->unified ? "memory.max" : "memory.limit_in_bytes", NULL);

  return limit < MOST_LIMIT ? limit : 0;
}

/* --- looking --- */

static void
find_levels (AtlasLabOom *self)
{
  g_autoptr (GString) mounts = g_string_new (NULL);
  g_autofree char *top = NULL;
  g_autofree char *directory = NULL;

  g_array_set_size (self->levels, 0);
  if (atlas_read_at (atlas_procfs_get_fd (self->procfs), "self/mountinfo", MOST_FILE_BYTES, mounts,
                     NULL))
    directory = atlas_lab_cgroup_find (self->cgroup, mounts->str, &top, &self->unified);
  while (directory != NULL && g_str_has_prefix (directory, top))
    {
      Level level = { .directory = g_steal_pointer (&directory) };

      if (strcmp (level.directory, top) != 0)
        directory = g_path_get_dirname (level.directory);
      g_array_append_val (self->levels, level);
    }
}

void
atlas_lab_oom_look (AtlasLabOom *self, AtlasTarget *target)
{
  g_autoptr (GString) cgroup = g_string_new (NULL);

  if (!atlas_target_read (target, "cgroup", MOST_FILE_BYTES, cgroup, NULL))
    return;
  if (g_strcmp0 (self->cgroup, cgroup->str) != 0)
    {
      g_free (self->cgroup);
      self->cgroup = g_strdup (cgroup->str);
      find_levels (self);
    }
  for (guint i = 0; i < self->levels->len; i++)
    read_level (self, &g_array_index (self->levels, Level, i));
  self->machine_kills = read_machine_kills (self);
}

/* The limit that was met: of the innermost cgroup that has one and says so. */
static guint64
find_limit (const AtlasLabOom *self)
{
  for (guint i = 0; i < self->levels->len; i++)
    {
      const Level *before = &g_array_index (self->levels, Level, i);
      Level now = *before;

      read_level (self, &now);
      if (now.hits > before->hits && read_limit (self, before) > 0)
        return read_limit (self, before);
    }
  return 0;
}

/* NULL when it has no counters. */
static const Level *
get_own (const AtlasLabOom *self)
{
  const Level *own = self->levels->len > 0 ? &g_array_index (self->levels, Level, 0) : NULL;

  return own != NULL && own->counts ? own : NULL;
}

static gboolean
counts_kill (const AtlasLabOom *self)
{
  const Level *own = get_own (self);
  Level now;

  if (own == NULL)
    return read_machine_kills (self) > self->machine_kills;
  now = *own;
  read_level (self, &now);
  return now.kills > own->kills;
}

char *
atlas_lab_oom_explain (AtlasLabOom *self)
{
  g_autofree char *limit_text = NULL;
  guint64 limit;

  if (!counts_kill (self))
    return NULL;
  limit = find_limit (self);
  if (limit > 0)
    {
      limit_text = atlas_format_bytes (limit);
      return g_strdup_printf (
          _ ("killed by the kernel: out of memory in its memory cgroup (limit %s)"), limit_text);
    }
  if (get_own (self) != NULL)
    return g_strdup (_ ("killed by the kernel: the machine is out of memory"));
  return g_strdup (_ ("killed by SIGKILL; at the same time the kernel killed a process for lack of "
                      "memory"));
}
