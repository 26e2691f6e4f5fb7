/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Parsing /proc/PID/status, one pass over its lines. Read for every process of the list, so it
 * allocates for the name only, unless the kernel has counters that are not known here. */

#include "atlas-config.h"

#include "atlas-status.h"

#include "atlas-error.h"
#include "atlas-number.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* One line, "key:\tvalue"; both without NUL. */
typedef struct
{
  const char *key, *value;
  gsize key_length, value_length;
} Line;

/* What was seen, beside what is in AtlasStatus. */
typedef struct
{
  gboolean state, tgid, kthread;
  GArray *unknown; /* NULL until there is one */
} Seen;

static gboolean
key_is (const Line *line, const char *key)
{
  return line->key_length == strlen (key) && memcmp (line->key, key, line->key_length) == 0;
}

static gboolean
split_line (const char *text, gsize length, Line *line)
{
  const char *colon = memchr (text, ':', length);

  if (colon == NULL)
    return FALSE;
  line->key = text;
  line->key_length = (gsize) (colon - text);
  line->value = colon + 1;
  line->value_length = length - line->key_length - 1;
  if (line->value_length > 0 && line->value[0] == '\t')
    {
      line->value++;
      line->value_length--;
    }
  return TRUE;
}

/* Reads digits after blanks; gives what is behind them, or NULL. */
static const char *
take_number (const char *p, const char *end, guint64 *number)
{
  return atlas_number_take_padded (&p, end, number) ? p : NULL;
}

static gboolean
parse_kb (const Line *line, guint64 *kb)
{
  const char *end = line->value + line->value_length;
  const char *p = take_number (line->value, end, kb);

  return p != NULL && end - p == 3 && memcmp (p, " kB", 3) == 0;
}

static gboolean
parse_count (const Line *line, guint64 most, guint64 *count)
{
  return take_number (line->value, line->value + line->value_length, count) != NULL
         && *count <= most;
}

/* Undoes the two escapes the kernel makes in a name: newline and backslash. */
static char *
unescape_name (const char *text, gsize length)
{
  char *name = g_malloc (length + 1);
  gsize n = 0;

  for (gsize i = 0; i < length; i++)
    {
      gboolean escape = text[i] == '\\' && i + 1 < length;
      if (escape && text[i + 1] == 'n')
        {
          name[n++] = '\n';
          i++;
        }
      else
        {
          name[n++] = text[i];
          if (escape && text[i + 1] == '\\')
            i++;
        }
    }
  name[n] = '\0';
  return name;
}

static gboolean
store_identity_line (const Line *line, AtlasStatus *status, Seen *seen)
{
  guint64 number = 0;

  if (key_is (line, "Name"))
    {
      g_free (status->name);
      status->name = unescape_name (line->value, line->value_length);
    }
  else if (key_is (line, "State"))
    {
      seen->state = line->value_length > 0 && g_ascii_isalpha (line->value[0]);
      status->state = seen->state ? line->value[0] : '\0';
      return seen->state;
    }
  else if (key_is (line, "Tgid"))
    {
      seen->tgid = parse_count (line, G_MAXINT, &number);
      status->pid = (gint) number;
      return seen->tgid;
    }
  return TRUE;
}

static gboolean
store_count_line (const Line *line, AtlasStatus *status, Seen *seen)
{
  guint64 number = 0;

  if (key_is (line, "PPid"))
    {
      if (!parse_count (line, G_MAXINT, &number))
        return FALSE;
      status->parent = (gint) number;
    }
  else if (key_is (line, "Uid"))
    {
      if (!parse_count (line, G_MAXUINT32, &number))
        return FALSE;
      status->uid = (guint) number;
    }
  else if (key_is (line, "Threads"))
    {
      if (!parse_count (line, G_MAXINT, &number))
        return FALSE;
      status->threads = (guint) number;
    }
  else if (key_is (line, "TracerPid"))
    {
      if (!parse_count (line, G_MAXINT, &number))
        return FALSE;
      status->tracer = (gint) number;
    }
  else if (key_is (line, "Kthread"))
    {
      seen->kthread = TRUE;
      status->kernel_thread = parse_count (line, 1, &number) && number == 1;
    }
  return TRUE;
}

static void
keep_unknown (const Line *line, guint64 kb, Seen *seen)
{
  AtlasUnknownCounter unknown = { g_strndup (line->key, line->key_length), kb };

  if (seen->unknown == NULL)
    seen->unknown = g_array_new (FALSE, FALSE, sizeof (AtlasUnknownCounter));
  g_array_append_val (seen->unknown, unknown);
}

static gboolean
store_memory_line (const Line *line, AtlasStatus *status, Seen *seen)
{
  AtlasCounter counter = atlas_counter_from_name (line->key, line->key_length);
  guint64 kb;
  gboolean is_kb = parse_kb (line, &kb);

  if (counter != ATLAS_COUNTER_NONE)
    {
      if (!is_kb)
        return FALSE;
      status->kb[counter] = kb;
      status->present |= 1u << counter;
    }
  else if (is_kb)
    keep_unknown (line, kb, seen);
  return TRUE;
}

static gboolean
ends_in_kb (const char *text, gsize length)
{
  return length > 3 && memcmp (text + length - 3, " kB", 3) == 0;
}

static gboolean
store_line (const char *text, gsize length, AtlasStatus *status, Seen *seen)
{
  Line line;

  if (!split_line (text, length, &line))
    return length == 0;
  if (line.key_length == 4 && memcmp (line.key, "Name", 4) == 0)
    return store_identity_line (&line, status, seen);
  if (ends_in_kb (text, length) || (length > 2 && memcmp (text, "Vm", 2) == 0))
    return store_memory_line (&line, status, seen);
  switch (text[0])
    {
    case 'S':
      return store_identity_line (&line, status, seen);
    case 'T':
      return store_identity_line (&line, status, seen) && store_count_line (&line, status, seen);
    case 'P':
    case 'U':
    case 'K':
      return store_count_line (&line, status, seen);
    default:
      return TRUE;
    }
}

static gboolean
store_lines (const char *data, gsize length, AtlasStatus *status, Seen *seen)
{
  const char *end = data + length;

  while (data < end)
    {
      const char *newline = memchr (data, '\n', (gsize) (end - data));
      const char *line_end = newline != NULL ? newline : end;
      if (!store_line (data, (gsize) (line_end - data), status, seen))
        return FALSE;
      data = newline != NULL ? newline + 1 : end;
    }
  return TRUE;
}

/* Moves what was collected into @status and draws the conclusions from it. */
static void
finish (AtlasStatus *status, Seen *seen)
{
  gboolean ended = status->state == 'Z' || status->state == 'X';

  if (seen->unknown != NULL)
    {
      status->n_unknown = seen->unknown->len;
      status->unknown = (AtlasUnknownCounter *) (gpointer) g_array_free (seen->unknown, FALSE);
    }
  status->has_memory = atlas_status_has (status, ATLAS_COUNTER_VM_SIZE);
  if (!seen->kthread)
    status->kernel_thread = !status->has_memory && !ended;
}

gboolean
atlas_status_parse (const char *data, gsize length, AtlasStatus *status, GError **error)
{
  g_return_val_if_fail (status != NULL && (data != NULL || length == 0), FALSE);

  Seen seen = { 0 };
  memset (status, 0, sizeof *status);
  gboolean sane = store_lines (data, length, status, &seen);
  finish (status, &seen);
  if (sane && status->name != NULL && seen.state && seen.tgid)
    return TRUE;

  atlas_status_clear (status);
  g_set_error_literal (error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_MALFORMED,
                       _ ("The status file of the process makes no sense"));
  return FALSE;
}

void
atlas_status_copy (const AtlasStatus *from, AtlasStatus *to)
{
  g_return_if_fail (from != NULL && to != NULL);

  *to = *from;
  to->name = g_strdup (from->name);
  to->unknown = g_memdup2 (from->unknown, from->n_unknown * sizeof *from->unknown);
  for (guint i = 0; i < to->n_unknown; i++)
    to->unknown[i].name = g_strdup (from->unknown[i].name);
}

void
atlas_status_clear (AtlasStatus *status)
{
  g_return_if_fail (status != NULL);

  for (guint i = 0; i < status->n_unknown; i++)
    g_free (status->unknown[i].name);
  g_free (status->unknown);
  g_free (status->name);
  memset (status, 0, sizeof *status);
}
