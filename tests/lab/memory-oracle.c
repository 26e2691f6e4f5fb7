/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading /proc for tests; the model's parsers are tested elsewhere. */

#include "memory-oracle.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "atlas-pagemap-uapi.h"

char *
oracle_read (gint pid, const char *file)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/%s", pid, file);
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

GArray *
oracle_get_regions (gint pid)
{
  g_autofree char *text = oracle_read (pid, "maps");
  GArray *regions = g_array_new (FALSE, TRUE, sizeof (OracleRegion));
  AtlasMapsParser parser;
  AtlasMapsRecord record;

  atlas_maps_parser_init (&parser, text, strlen (text));
  while (atlas_maps_parser_next (&parser, &record))
    {
      OracleRegion region = { .start = record.start,
                              .end = record.end,
                              .permissions = record.permissions,
                              .inode = record.inode };

      memcpy (region.name, record.name, MIN (record.name_length, sizeof region.name - 1));
      g_array_append_val (regions, region);
    }
  g_assert_cmpuint (parser.malformed + parser.torn, ==, 0);
  return regions;
}

const OracleRegion *
oracle_find (GArray *regions, guint64 address)
{
  for (guint i = 0; i < regions->len; i++)
    {
      const OracleRegion *region = &g_array_index (regions, OracleRegion, i);

      if (address >= region->start && address < region->end)
        return region;
    }
  return NULL;
}

gboolean
oracle_is_mapped (GArray *regions, guint64 start, guint64 end, const char *permissions)
{
  while (start < end)
    {
      const OracleRegion *region = oracle_find (regions, start);
      char text[5];

      if (region == NULL)
        return FALSE;
      atlas_permissions_to_text (region->permissions, text);
      if (permissions != NULL && !g_str_equal (text, permissions))
        return FALSE;
      start = region->end;
    }
  return TRUE;
}

guint64
oracle_count_flagged (gint pid, guint64 start, guint64 end, const char *flag)
{
  g_autofree char *text = oracle_read (pid, "smaps");
  AtlasSmapsParser parser;
  AtlasSmaps smaps;
  guint64 sum = 0;

  atlas_smaps_parser_init (&parser, text, strlen (text));
  while (atlas_smaps_parser_next (&parser, &smaps))
    if (smaps.start < end && smaps.end > start && atlas_smaps_has_flag (&smaps, flag))
      sum += MIN (smaps.end, end) - MAX (smaps.start, start);
  return sum;
}

GByteArray *
oracle_get_present (gint pid, guint64 start, guint64 n_pages)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/pagemap", pid);
  g_autofree guint64 *entries = g_new0 (guint64, MAX (n_pages, 1));
  guint64 page_size = (guint64) sysconf (_SC_PAGESIZE);
  GByteArray *present = g_byte_array_new ();
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  gssize length = (gssize) (n_pages * sizeof *entries);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (pread (fd, entries, (gsize) length, (off_t) (start / page_size * 8)), ==,
                   length);
  close (fd);
  for (guint64 i = 0; i < n_pages; i++)
    {
      guint8 byte = (entries[i] & ATLAS_ENTRY_PRESENT) != 0;

      g_byte_array_append (present, &byte, 1);
    }
  return present;
}

guint64
oracle_count_present (gint pid, guint64 start, guint64 n_pages)
{
  GByteArray *present = oracle_get_present (pid, start, n_pages);
  guint64 sum = 0;

  for (guint64 i = 0; i < n_pages; i++)
    sum += present->data[i];
  g_byte_array_unref (present);
  return sum;
}

gboolean
oracle_has_zero_page (void)
{
  const gsize page_size = (gsize) sysconf (_SC_PAGESIZE);
  const gsize length = 16 * page_size;
  volatile char *memory =
      mmap (NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  struct rusage before, after;

  madvise ((void *) memory, length, MADV_NOHUGEPAGE);
  for (gsize i = 0; i < length; i += page_size)
    (void) memory[i];
  getrusage (RUSAGE_SELF, &before);
  for (gsize i = 0; i < length; i += page_size)
    memory[i] = 1;
  getrusage (RUSAGE_SELF, &after);
  munmap ((void *) memory, length);
  return after.ru_minflt - before.ru_minflt >= 16;
}

guint64
oracle_get_status (gint pid, const char *name)
{
  g_autofree char *text = oracle_read (pid, "status");
  g_autofree char *key = g_strdup_printf ("\n%s:", name);
  const char *found = strstr (text, key);

  g_assert_nonnull (found);
  return g_ascii_strtoull (found + strlen (key), NULL, 10);
}
