/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Parsing /proc/PID/smaps: blocks of a line as in maps and some thirty "Key:   N kB" below it. The
 * file of a large process is tens of megabytes, so reading for one region keeps no more than the
 * block at hand. */

#include "atlas-config.h"

#include "atlas-smaps.h"

#include "atlas-error.h"
#include "atlas-maps.h"
#include "atlas-number.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#define CHUNK 65536

static const struct
{
  const char *key;
  gsize offset;
} smaps_fields[] = {
#define FIELD(key, member)                                                                         \
  {                                                                                                \
    key, G_STRUCT_OFFSET (AtlasSmaps, member)                                                      \
  }
  FIELD ("Size", size),
  FIELD ("KernelPageSize", kernel_page_size),
  FIELD ("MMUPageSize", mmu_page_size),
  FIELD ("Rss", rss),
  FIELD ("Pss", pss),
  FIELD ("Pss_Dirty", pss_dirty),
  FIELD ("Shared_Clean", shared_clean),
  FIELD ("Shared_Dirty", shared_dirty),
  FIELD ("Private_Clean", private_clean),
  FIELD ("Private_Dirty", private_dirty),
  FIELD ("Referenced", referenced),
  FIELD ("Anonymous", anonymous),
  FIELD ("KSM", ksm),
  FIELD ("LazyFree", lazy_free),
  FIELD ("AnonHugePages", anon_huge_pages),
  FIELD ("ShmemPmdMapped", shmem_pmd_mapped),
  FIELD ("FilePmdMapped", file_pmd_mapped),
  FIELD ("Shared_Hugetlb", shared_hugetlb),
  FIELD ("Private_Hugetlb", private_hugetlb),
  FIELD ("Swap", swap),
  FIELD ("SwapPss", swap_pss),
  FIELD ("Locked", locked),
#undef FIELD
};
G_STATIC_ASSERT (G_N_ELEMENTS (smaps_fields) <= 32);

void
atlas_smaps_parser_init (AtlasSmapsParser *parser, const char *data, gsize length)
{
  g_return_if_fail (parser != NULL && (data != NULL || length == 0));

  *parser = (AtlasSmapsParser){ data, data + length };
}

/* Index in smaps_fields, or -1. */
static int
find_field (const char *key, gsize length)
{
  for (guint i = 0; i < G_N_ELEMENTS (smaps_fields); i++)
    if (strlen (smaps_fields[i].key) == length && memcmp (smaps_fields[i].key, key, length) == 0)
      return (int) i;
  return -1;
}

static gboolean
parse_number (const char *p, const char *end, guint64 *number)
{
  return atlas_number_take_padded (&p, end, number);
}

static void
store_flags (const char *p, const char *end, AtlasSmaps *smaps)
{
  while (p < end && *p == ' ')
    p++;
  while (end > p && end[-1] == ' ')
    end--;
  gsize length = MIN ((gsize) (end - p), sizeof smaps->flags - 1);
  memcpy (smaps->flags, p, length);
  smaps->flags[length] = '\0';
}

/* A "Key:  value" line; one that makes no sense is as good as not there. */
static void
store_line (const char *line, const char *end, AtlasSmaps *smaps)
{
  const char *colon = memchr (line, ':', (gsize) (end - line));

  if (colon == NULL)
    return;
  gsize key_length = (gsize) (colon - line);
  int field = find_field (line, key_length);
  guint64 number;
  if (field >= 0 && parse_number (colon + 1, end, &number))
    {
      memcpy ((char *) smaps + smaps_fields[field].offset, &number, sizeof number);
      smaps->present |= 1u << field;
    }
  else if (key_length == 7 && memcmp (line, "VmFlags", 7) == 0)
    store_flags (colon + 1, end, smaps);
  else if (key_length == 11 && memcmp (line, "THPeligible", 11) == 0)
    smaps->thp_eligible = parse_number (colon + 1, end, &number) && number == 1;
}

/* Lines of maps begin with a digit or a lower-case letter, keys with a capital one. */
static gboolean
parse_head (const char *line, const char *end, AtlasSmaps *smaps)
{
  AtlasMapsParser parser;
  AtlasMapsRecord record;

  if (line == end || g_ascii_isupper (*line))
    return FALSE;
  atlas_maps_parser_init (&parser, line, (gsize) (end - line));
  if (!atlas_maps_parser_next (&parser, &record))
    return FALSE;
  memset (smaps, 0, sizeof *smaps);
  smaps->start = record.start;
  smaps->end = record.end;
  return TRUE;
}

/* The next line, its newline included; NULL at the end. */
static const char *
next_line (const AtlasSmapsParser *parser, const char **line_end)
{
  const char *line = parser->next;

  if (line == parser->end)
    return NULL;
  const char *newline = memchr (line, '\n', (gsize) (parser->end - line));
  *line_end = newline != NULL ? newline + 1 : parser->end;
  return line;
}

gboolean
atlas_smaps_parser_next (AtlasSmapsParser *parser, AtlasSmaps *smaps)
{
  g_return_val_if_fail (parser != NULL && smaps != NULL, FALSE);

  const char *line, *end;
  gboolean found = FALSE;
  while (!found && (line = next_line (parser, &end)) != NULL)
    {
      found = parse_head (line, end, smaps);
      parser->next = end;
    }
  while (found && (line = next_line (parser, &end)) != NULL && g_ascii_isupper (*line))
    {
      store_line (line, end[-1] == '\n' ? end - 1 : end, smaps);
      parser->next = end;
    }
  return found;
}

gboolean
atlas_smaps_has (const AtlasSmaps *smaps, const char *key)
{
  g_return_val_if_fail (smaps != NULL && key != NULL, FALSE);

  int field = find_field (key, strlen (key));
  return field >= 0 && (smaps->present >> field & 1u);
}

gboolean
atlas_smaps_has_flag (const AtlasSmaps *smaps, const char *flag)
{
  g_return_val_if_fail (smaps != NULL && flag != NULL && strlen (flag) == 2, FALSE);

  for (const char *p = smaps->flags; p[0] != '\0' && p[1] != '\0'; p++)
    {
      gboolean begins = p == smaps->flags || p[-1] == ' ';
      if (begins && p[0] == flag[0] && p[1] == flag[1] && (p[2] == ' ' || p[2] == '\0'))
        return TRUE;
    }
  return FALSE;
}

/* Whether @pending holds the whole block that decides: that of @address or the first one above.
 * A block is whole when the next one has begun or the file has ended; whole ones are consumed. */
static gboolean
find_block (GString *pending, gboolean at_end, guint64 address, AtlasSmaps *smaps)
{
  AtlasSmapsParser parser;
  const char *consumed = pending->str;
  gboolean found = FALSE;

  atlas_smaps_parser_init (&parser, pending->str, pending->len);
  while (!found && atlas_smaps_parser_next (&parser, smaps))
    {
      if (!at_end && parser.next == parser.end)
        break;
      consumed = parser.next;
      found = smaps->end > address;
    }
  g_string_erase (pending, 0, consumed - pending->str);
  return found;
}

/* The end of what has been read may lie within a line; only whole lines may be parsed. */
static void
move_whole_lines (GString *from, GString *to)
{
  const char *newline = memrchr (from->str, '\n', from->len);

  if (newline == NULL)
    return;
  gssize length = newline + 1 - from->str;
  g_string_append_len (to, from->str, length);
  g_string_erase (from, 0, length);
}

/* Reads until the deciding block has gone by. Gives 0, ESRCH when there is none, or an errno. */
static int
read_block (int fd, guint64 address, AtlasSmaps *smaps)
{
  g_autoptr (GString) raw = g_string_sized_new (2 * CHUNK);
  g_autoptr (GString) lines = g_string_sized_new (2 * CHUNK);
  g_autofree char *chunk = g_malloc (CHUNK);
  gssize n;

  do
    {
      n = TEMP_FAILURE_RETRY (read (fd, chunk, CHUNK));
      if (n < 0)
        return errno;
      g_string_append_len (raw, chunk, n);
      move_whole_lines (raw, lines);
      if (find_block (lines, n == 0, address, smaps))
        return smaps->start <= address ? 0 : ESRCH;
    }
  while (n > 0);
  return ESRCH;
}

static void
set_region_gone (AtlasTarget *target, guint64 address, GError **error)
{
  g_set_error (error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_GONE,
               _ ("Process %d has nothing mapped at %" G_GINT64_MODIFIER "x any more"),
               atlas_target_get_pid (target), address);
}

gboolean
atlas_smaps_read_region (AtlasTarget *target, guint64 address, AtlasSmaps *smaps, GError **error)
{
  g_return_val_if_fail (target != NULL && smaps != NULL, FALSE);

  AtlasSmaps found = { 0 };
  int fd = atlas_target_open (target, "smaps", error);
  if (fd < 0)
    return FALSE;

  int failure = read_block (fd, address, &found);
  close (fd);
  if (failure == ESRCH)
    set_region_gone (target, address, error);
  else if (failure != 0)
    atlas_proc_error_set (error, failure, _ ("Could not read smaps of the process"));
  else if (found.present == 0)
    g_set_error_literal (error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_MALFORMED,
                         _ ("The smaps file of the process makes no sense"));
  if (failure != 0 || found.present == 0)
    return FALSE;
  *smaps = found;
  return TRUE;
}
