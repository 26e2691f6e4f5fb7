/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Parsing /proc/PID/maps, one line after the other, without allocating. Up to 60,000 lines are read
 * every second, so numbers are read by hand. Up to the inode nothing asks whether the line is at
 * its end: there is a newline, which is neither a digit nor anything else that is looked for. */

#include "atlas-maps.h"

#include "atlas-number.h"

#include <string.h>

/* No Linux has pages smaller than this. An address that is not a multiple of it is no address. */
#define LEAST_PAGE 4096

void
atlas_maps_parser_init (AtlasMapsParser *parser, const char *data, gsize length)
{
  g_return_if_fail (parser != NULL && (data != NULL || length == 0));

  *parser = (AtlasMapsParser){ .next = data, .end = data + length };
}

static inline gboolean
take_char (const char **cursor, char c)
{
  if (**cursor != c)
    return FALSE;
  (*cursor)++;
  return TRUE;
}

#define MOST_HEX_DIGITS 16

/* Of what the kernel writes, which is lower case: the value of a digit, and 1. */
static const guint8 hex_digits[256] = {
  ['0'] = 1, ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
  ['8'] = 9, ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
};

static inline gboolean
take_hex (const char **cursor, guint64 *number)
{
  const char *start = *cursor;
  const char *p = start;
  guint64 value = 0;
  guint digit;

  for (; (digit = hex_digits[(guchar) *p]) != 0; p++)
    value = value * 16 + digit - 1;
  *cursor = p;
  *number = value;
  return p > start && p - start <= MOST_HEX_DIGITS;
}

static inline gboolean
take_permission (const char **cursor, char no, char yes, guint bit, guint *permissions)
{
  if (**cursor != yes && **cursor != no)
    return FALSE;
  *permissions |= **cursor == yes ? bit : 0;
  (*cursor)++;
  return TRUE;
}

static gboolean
take_permissions (const char **cursor, AtlasPermissions *permissions)
{
  guint taken = 0;

  if (!take_permission (cursor, '-', 'r', ATLAS_PERM_READ, &taken)
      || !take_permission (cursor, '-', 'w', ATLAS_PERM_WRITE, &taken)
      || !take_permission (cursor, '-', 'x', ATLAS_PERM_EXEC, &taken)
      || !take_permission (cursor, 'p', 's', ATLAS_PERM_SHARED, &taken))
    return FALSE;
  *permissions = (AtlasPermissions) taken;
  return TRUE;
}

static gboolean
take_device (const char **cursor, AtlasMapsRecord *record)
{
  guint64 device_major, device_minor;

  if (!take_hex (cursor, &device_major) || !take_char (cursor, ':')
      || !take_hex (cursor, &device_minor) || device_major > G_MAXUINT32
      || device_minor > G_MAXUINT32)
    return FALSE;
  record->device_major = (guint32) device_major;
  record->device_minor = (guint32) device_minor;
  return TRUE;
}

static gboolean
take_range (const char **cursor, AtlasMapsRecord *record)
{
  return take_hex (cursor, &record->start) && take_char (cursor, '-')
         && take_hex (cursor, &record->end) && record->start < record->end
         && ((record->start | record->end) & (LEAST_PAGE - 1)) == 0;
}

/* What is left of the line is the name, after at least one blank and padding. */
static gboolean
take_name (const char *p, const char *end, AtlasMapsRecord *record)
{
  if (p < end && *p != ' ')
    return FALSE;
  while (p < end && *p == ' ')
    p++;
  record->name = p;
  record->name_length = (gsize) (end - p);
  return TRUE;
}

static gboolean
parse_rest (const char *line, const char *newline, AtlasMapsRecord *record)
{
  return take_char (&line, ' ') && take_hex (&line, &record->offset) && take_char (&line, ' ')
         && take_device (&line, record) && take_char (&line, ' ')
         && atlas_number_take (&line, newline, &record->inode) && take_name (line, newline, record);
}

/* What follows the permissions is the same for all memory without a file and a name, which in a
 * process of very many regions is mostly what they are. */
static gboolean
take_rest (AtlasMapsParser *parser, const char *rest, const char *newline, AtlasMapsRecord *record)
{
  gsize length = (gsize) (newline - rest);
  const AtlasMapsRecord *means = &parser->last_rest_means;

  if (parser->last_rest == NULL || length != parser->last_rest_length
      || memcmp (rest, parser->last_rest, length) != 0)
    {
      parser->last_rest = parse_rest (rest, newline, &parser->last_rest_means) ? rest : NULL;
      parser->last_rest_length = length;
    }
  if (parser->last_rest == NULL)
    return FALSE;
  record->offset = means->offset;
  record->inode = means->inode;
  record->device_major = means->device_major;
  record->device_minor = means->device_minor;
  record->name = newline - means->name_length;
  record->name_length = means->name_length;
  return TRUE;
}

/* @newline: where the line ends; there is one. */
static gboolean
parse_line (AtlasMapsParser *parser, const char *line, const char *newline, AtlasMapsRecord *record)
{
  return take_range (&line, record) && take_char (&line, ' ')
         && take_permissions (&line, &record->permissions)
         && take_rest (parser, line, newline, record);
}

/* Cuts off what the record before has covered already. FALSE if nothing is left. */
static gboolean
clamp (AtlasMapsParser *parser, AtlasMapsRecord *record)
{
  if (record->start >= parser->last_end)
    return TRUE;
  parser->torn++;
  if (record->end <= parser->last_end)
    return FALSE;
  if (record->inode != 0)
    record->offset += parser->last_end - record->start;
  record->start = parser->last_end;
  return TRUE;
}

gboolean
atlas_maps_parser_next (AtlasMapsParser *parser, AtlasMapsRecord *record)
{
  g_return_val_if_fail (parser != NULL && record != NULL, FALSE);

  while (parser->next < parser->end)
    {
      const char *line = parser->next;
      const char *newline = memchr (line, '\n', (gsize) (parser->end - line));
      parser->next = newline != NULL ? newline + 1 : parser->end;
      /* A line without its newline was cut off: its name may be, too. */
      if (newline == NULL || !parse_line (parser, line, newline, record))
        parser->malformed++;
      else if (clamp (parser, record))
        {
          parser->last_end = record->end;
          return TRUE;
        }
    }
  return FALSE;
}

void
atlas_permissions_to_text (AtlasPermissions permissions, char text[5])
{
  g_return_if_fail (text != NULL);

  text[0] = permissions & ATLAS_PERM_READ ? 'r' : '-';
  text[1] = permissions & ATLAS_PERM_WRITE ? 'w' : '-';
  text[2] = permissions & ATLAS_PERM_EXEC ? 'x' : '-';
  text[3] = permissions & ATLAS_PERM_SHARED ? 's' : 'p';
  text[4] = '\0';
}
