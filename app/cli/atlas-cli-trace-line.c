/* SPDX-License-Identifier: GPL-3.0-or-later */

/* "   12.3 ms    9120 ls               mmap (NULL, 8192, …) = 0x7f2c1b0ff000". Names of threads and
 * files can hold anything and are made safe here. */

#include "atlas-config.h"

#include <glib/gi18n-lib.h>

#include "atlas-cli-table.h"
#include "atlas-cli-trace-line.h"
#include "atlas-format.h"
#include "atlas-text.h"

/* Lines are written as they come, so widths are not known before: enough for most. */
#define TIME_WIDTH 11
#define TID_WIDTH 7
#define NAME_WIDTH 15

static const char *
get_string (JsonObject *line, const char *name)
{
  return json_object_get_string_member_with_default (line, name, "");
}

static gint64
get_number (JsonObject *line, const char *name)
{
  return json_object_get_int_member_with_default (line, name, 0);
}

static char *
get_clean (JsonObject *line, const char *name)
{
  return atlas_text_clean (get_string (line, name), -1);
}

static void
append_padding (GString *text, const char *cell, guint width)
{
  guint taken = atlas_table_measure_text (cell);

  if (taken < width)
    g_string_append_printf (text, "%*s", (int) (width - taken), "");
}

static void
append_time (GString *text, JsonObject *line, double begun)
{
  double time = json_object_get_double_member_with_default (line, "time", begun);
  g_autofree char *since =
      atlas_format_milliseconds ((gint64) ((time - begun) * G_USEC_PER_SEC + 0.5));

  append_padding (text, since, TIME_WIDTH);
  g_string_append (text, since);
}

static void
append_thread (GString *text, JsonObject *line)
{
  g_autofree char *name = get_clean (line, "thread");

  g_string_append_printf (text, " %*" G_GINT64_FORMAT " %s", TID_WIDTH, get_number (line, "tid"),
                          name);
  append_padding (text, name, NAME_WIDTH);
  g_string_append_c (text, ' ');
}

/* --- calls --- */

static void
append_result (GString *text, JsonObject *line)
{
  JsonNode *result = json_object_get_member (line, "result");

  if (result == NULL)
    g_string_append (text, _ ("? (the thread ended meanwhile)"));
  else if (json_node_get_value_type (result) == G_TYPE_STRING)
    g_string_append (text, json_node_get_string (result));
  else
    g_string_append_printf (text, "%" G_GINT64_FORMAT, json_node_get_int (result));
  if (json_object_has_member (line, "error"))
    g_string_append_printf (text, " %s (%s)", get_string (line, "error"),
                            get_string (line, "message"));
}

static void
append_call (GString *text, JsonObject *line)
{
  g_autofree char *call = get_clean (line, "text");
  g_autofree char *file = get_clean (line, "file");

  g_string_append_printf (text, "%s = ", call);
  append_result (text, line);
  if (*file != '\0')
    g_string_append_printf (text, "  %s", file);
}

/* --- events --- */

static void
append_signal (GString *text, JsonObject *line)
{
  JsonNode *code = json_object_get_member (line, "code");

  g_string_append (text, get_string (line, "signal"));
  if (code != NULL && json_node_get_value_type (code) == G_TYPE_STRING)
    g_string_append_printf (text, " (%s)", json_node_get_string (code));
  if (json_object_has_member (line, "address"))
    g_string_append_printf (text, _ (" at %s"), get_string (line, "address"));
}

static void
append_event (GString *text, JsonObject *line, const char *event)
{
  g_autofree char *program = get_clean (line, "program");

  if (g_str_equal (event, "start"))
    g_string_append_printf (text, _ ("started: %s"), program);
  else if (g_str_equal (event, "exec"))
    g_string_append_printf (text, _ ("is now %s"), program);
  else if (g_str_equal (event, "fork"))
    g_string_append_printf (text, _ ("new process: %d"), (int) get_number (line, "child"));
  else if (g_str_equal (event, "thread"))
    g_string_append_printf (text, _ ("new thread: %d"), (int) get_number (line, "child"));
  else if (g_str_equal (event, "exit"))
    g_string_append_printf (text, _ ("ended with status %d"), (int) get_number (line, "status"));
  else if (g_str_equal (event, "killed"))
    g_string_append_printf (text, _ ("killed by %s"), get_string (line, "signal"));
  else if (g_str_equal (event, "signal"))
    append_signal (text, line);
}

void
atlas_cli_trace_line_append (GString *text, JsonObject *line, double begun)
{
  append_time (text, line, begun);
  append_thread (text, line);
  if (json_object_has_member (line, "call"))
    append_call (text, line);
  else
    {
      g_string_append (text, "* ");
      append_event (text, line, get_string (line, "event"));
    }
  g_string_append_c (text, '\n');
}
