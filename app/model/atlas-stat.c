/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Parsing /proc/PID/stat. The name in it is not escaped and may hold ") R 1", so the fields are
 * counted from the last ")". */

#include "atlas-config.h"

#include "atlas-stat.h"

#include "atlas-error.h"
#include "atlas-number.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

/* Numbers of fields as proc(5) counts them. */
enum
{
  FIELD_STATE = 3,
  FIELD_FLAGS = 9,
  FIELD_MINOR_FAULTS = 10,
  FIELD_MAJOR_FAULTS = 12,
  FIELD_START_TIME = 22,
  FIELD_START_CODE = 26,
  FIELD_END_CODE = 27,
  FIELD_START_STACK = 28,
  FIELD_START_DATA = 45,
  FIELD_END_DATA = 46,
  FIELD_START_BRK = 47,
  N_FIELDS
};

/* Reads " [-]123", the sign dropped (no field that is kept has one). */
static gboolean
take_number (const char **cursor, const char *end, guint64 *number)
{
  const char *p = *cursor;

  if (p == end || *p++ != ' ')
    return FALSE;
  if (p < end && *p == '-')
    p++;
  if (!atlas_number_take (&p, end, number))
    return FALSE;
  *cursor = p;
  return TRUE;
}

static void
store_fields (AtlasStat *stat, const guint64 fields[N_FIELDS])
{
  /* "Not permitted" is written as 1 there, which is no address. */
  stat->flags = (guint) fields[FIELD_FLAGS];
  stat->minor_faults = fields[FIELD_MINOR_FAULTS];
  stat->major_faults = fields[FIELD_MAJOR_FAULTS];
  stat->start_time = fields[FIELD_START_TIME];
  stat->start_code = fields[FIELD_START_CODE] == 1 ? 0 : fields[FIELD_START_CODE];
  stat->end_code = fields[FIELD_END_CODE] == 1 ? 0 : fields[FIELD_END_CODE];
  stat->start_stack = fields[FIELD_START_STACK];
  stat->start_data = fields[FIELD_START_DATA];
  stat->end_data = fields[FIELD_END_DATA];
  stat->start_brk = fields[FIELD_START_BRK];
}

/* "12 (name) S 1 ..."; gives where the fields after the state begin, or NULL. */
static const char *
parse_head (const char *data, gsize length, AtlasStat *stat)
{
  const char *open = memchr (data, '(', length);
  const char *close = memrchr (data, ')', length);
  const char *end = data + length;
  guint64 pid = 0;

  if (open == NULL || close == NULL || close < open || end - close < 3 || close[1] != ' '
      || !g_ascii_isalpha (close[2]) || open - data < 2 || open[-1] != ' ')
    return NULL;
  for (const char *p = data; p < open - 1; p++)
    {
      if (!g_ascii_isdigit (*p) || pid > G_MAXINT / 10)
        return NULL;
      pid = 10 * pid + (guint64) (*p - '0');
    }
  if (pid > G_MAXINT)
    return NULL;
  stat->pid = (gint) pid;
  stat->state = close[2];
  gsize name_length = MIN ((gsize) (close - open - 1), sizeof stat->name - 1);
  memcpy (stat->name, open + 1, name_length);
  return close + 3;
}

static gboolean
parse (const char *data, gsize length, AtlasStat *stat)
{
  guint64 fields[N_FIELDS] = { 0 };
  const char *end = data + length;
  const char *cursor = parse_head (data, length, stat);

  if (cursor == NULL)
    return FALSE;
  for (guint i = FIELD_STATE + 1; i < N_FIELDS; i++)
    if (!take_number (&cursor, end, &fields[i]))
      {
        /* Old kernels end earlier; without a start time there is no identity. */
        if (i <= FIELD_START_TIME || (cursor < end && *cursor != '\n'))
          return FALSE;
        break;
      }
  store_fields (stat, fields);
  return TRUE;
}

gboolean
atlas_stat_parse (const char *data, gsize length, AtlasStat *stat, GError **error)
{
  g_return_val_if_fail (stat != NULL && (data != NULL || length == 0), FALSE);

  memset (stat, 0, sizeof *stat);
  if (length > 0 && parse (data, length, stat))
    return TRUE;
  memset (stat, 0, sizeof *stat);
  g_set_error_literal (error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_MALFORMED,
                       _ ("The stat file of the process makes no sense"));
  return FALSE;
}

/* Finds "btime 1700000000" at the beginning of a line. */
static gboolean
find_boot_time (const char *proc_stat, gsize length, guint64 *boot_time)
{
  const char *end = proc_stat + length;
  const char *line = proc_stat;

  while (line != NULL && line < end)
    {
      if (end - line > 5 && memcmp (line, "btime", 5) == 0)
        {
          const char *cursor = line + 5;
          return take_number (&cursor, end, boot_time);
        }
      line = memchr (line, '\n', (gsize) (end - line));
      if (line != NULL)
        line++;
    }
  return FALSE;
}

gdouble
atlas_stat_start_to_epoch (guint64 start_time, const char *proc_stat, gsize length)
{
  glong ticks = sysconf (_SC_CLK_TCK);
  guint64 boot_time;

  if (proc_stat == NULL || ticks <= 0 || !find_boot_time (proc_stat, length, &boot_time))
    return 0;
  return (gdouble) boot_time + (gdouble) start_time / (gdouble) ticks;
}
