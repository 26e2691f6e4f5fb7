/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Sums over a trace. Bytes are those of whole pages, as the kernel maps them, and what is asked
 * for: a mapping that takes the place of another unmaps it, which no call says. */

#include "atlas-config.h"

#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "atlas-cli-table.h"
#include "atlas-cli-trace-summary.h"
#include "atlas-format.h"

typedef struct
{
  const char *name; /* interned */
  guint64 n_calls, n_errors, mapped, unmapped;
} Sum;

struct _AtlasTraceSummary
{
  GPtrArray *sums;    /* of Sum, in the order in which the calls were first made */
  GHashTable *breaks; /* PID: (guint64 *) the end of its heap */
  guint64 page_size;
};

AtlasTraceSummary *
atlas_trace_summary_new (void)
{
  AtlasTraceSummary *self = g_new0 (AtlasTraceSummary, 1);

  self->sums = g_ptr_array_new_with_free_func (g_free);
  self->breaks = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->page_size = (guint64) sysconf (_SC_PAGESIZE);
  return self;
}

void
atlas_trace_summary_free (AtlasTraceSummary *self)
{
  g_ptr_array_unref (self->sums);
  g_hash_table_unref (self->breaks);
  g_free (self);
}

/* --- lines --- */

static gpointer
get_process (JsonObject *line, const char *member)
{
  return GINT_TO_POINTER ((int) json_object_get_int_member_with_default (line, member, 0));
}

/* Numbers that JSON's readers cannot hold are strings, and so are addresses. */
static guint64
read_number (JsonObject *object, const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  if (node == NULL)
    return 0;
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return g_ascii_strtoull (json_node_get_string (node), NULL, 0);
  return (guint64) json_node_get_int (node);
}

static guint64
read_pages (AtlasTraceSummary *self, JsonObject *arguments, const char *member)
{
  guint64 bytes = read_number (arguments, member);

  return (bytes + self->page_size - 1) / self->page_size * self->page_size;
}

static Sum *
get_sum (AtlasTraceSummary *self, const char *call)
{
  const char *name = g_intern_string (call);
  Sum *sum;

  for (guint i = 0; i < self->sums->len; i++)
    {
      sum = g_ptr_array_index (self->sums, i);
      if (sum->name == name)
        return sum;
    }
  sum = g_new0 (Sum, 1);
  sum->name = name;
  g_ptr_array_add (self->sums, sum);
  return sum;
}

/* From one size to another. */
static void
add_change (Sum *sum, guint64 before, guint64 after)
{
  if (after > before)
    sum->mapped += after - before;
  else
    sum->unmapped += before - after;
}

/* --- the heap --- */

static void
set_break (AtlasTraceSummary *self, gpointer pid, guint64 end)
{
  g_hash_table_insert (self->breaks, pid, g_memdup2 (&end, sizeof end));
}

/* The first one only asks where it is. */
static void
add_break (AtlasTraceSummary *self, Sum *sum, JsonObject *line)
{
  gpointer pid = get_process (line, "pid");
  const guint64 *before = g_hash_table_lookup (self->breaks, pid);
  guint64 after = read_number (line, "result");

  if (before != NULL)
    add_change (sum, *before, after);
  set_break (self, pid, after);
}

/* A child has a copy of it, and a new program another. */
static void
add_event (AtlasTraceSummary *self, JsonObject *line, const char *event)
{
  const guint64 *end = g_hash_table_lookup (self->breaks, get_process (line, "pid"));

  if (g_str_equal (event, "fork") && end != NULL)
    set_break (self, get_process (line, "child"), *end);
  else if (g_str_equal (event, "exec") || g_str_equal (event, "exit")
           || g_str_equal (event, "killed"))
    g_hash_table_remove (self->breaks, get_process (line, "pid"));
}

/* --- adding --- */

static void
add_bytes (AtlasTraceSummary *self, Sum *sum, JsonObject *line)
{
  JsonObject *arguments = json_object_get_object_member (line, "args");

  if (g_str_equal (sum->name, "mmap"))
    sum->mapped += read_pages (self, arguments, "length");
  else if (g_str_equal (sum->name, "munmap"))
    sum->unmapped += read_pages (self, arguments, "length");
  else if (g_str_equal (sum->name, "mremap"))
    add_change (sum, read_pages (self, arguments, "old_size"),
                read_pages (self, arguments, "new_size"));
  else if (g_str_equal (sum->name, "brk"))
    add_break (self, sum, line);
}

void
atlas_trace_summary_add (AtlasTraceSummary *self, JsonObject *line)
{
  const char *call = json_object_get_string_member_with_default (line, "call", NULL);
  const char *event = json_object_get_string_member_with_default (line, "event", NULL);
  Sum *sum;

  if (call == NULL)
    {
      if (event != NULL)
        add_event (self, line, event);
      return;
    }
  sum = get_sum (self, call);
  sum->n_calls++;
  if (json_object_has_member (line, "error"))
    sum->n_errors++;
  else if (event == NULL)
    add_bytes (self, sum, line);
}

/* --- telling --- */

static void
add_row (AtlasTable *table, const Sum *sum)
{
  atlas_table_take (table, atlas_format_count (sum->n_calls));
  atlas_table_take (table, atlas_format_count (sum->n_errors));
  atlas_table_take (table, atlas_format_bytes (sum->mapped));
  atlas_table_take (table, atlas_format_bytes (sum->unmapped));
  atlas_table_add (table, sum->name);
}

char *
atlas_trace_summary_to_text (AtlasTraceSummary *self, guint width)
{
  const AtlasTableColumn columns[] = {
    { _ ("CALLS"), TRUE },    { _ ("ERRORS"), TRUE }, { _ ("MAPPED"), TRUE },
    { _ ("UNMAPPED"), TRUE }, { _ ("NAME"), FALSE },
  };
  g_autoptr (AtlasTable) table = atlas_table_new (columns, G_N_ELEMENTS (columns));
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->sums->len; i++)
    add_row (table, g_ptr_array_index (self->sums, i));
  atlas_table_print (table, 0, width, text);
  return g_string_free (text, FALSE);
}

char *
atlas_trace_summary_to_json (AtlasTraceSummary *self)
{
  GString *text = g_string_new ("{\"event\":\"summary\",\"calls\":[");

  for (guint i = 0; i < self->sums->len; i++)
    {
      const Sum *sum = g_ptr_array_index (self->sums, i);

      g_string_append_printf (
          text,
          "%s{\"call\":\"%s\",\"calls\":%" G_GUINT64_FORMAT ",\"errors\":%" G_GUINT64_FORMAT
          ",\"mapped\":%" G_GUINT64_FORMAT ",\"unmapped\":%" G_GUINT64_FORMAT "}",
          i > 0 ? "," : "", sum->name, sum->n_calls, sum->n_errors, sum->mapped, sum->unmapped);
    }
  g_string_append (text, "]}\n");
  return g_string_free (text, FALSE);
}
